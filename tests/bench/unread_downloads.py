"""Memory of a server while many clients ask for a large picture and read nothing of it.

    .venv/bin/python -m tests.bench.unread_downloads [--clients 60]

Prints the server's resident memory before and while the downloads are unread. With 60 of 20.4 MB it was 399
and 1,704 MB when answers were sent in one piece; it is 384 and 403 MB.
"""

import argparse
import os
import socket
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import cv2
import numpy as np
from rich.console import Console

from tests.conftest import WEIGHTS
from tests.servers.studio_process import StudioProcess

SIDE = 2900
"""Noise of that side is 20 MB as a PNG, which no encoder makes smaller."""

SETTLING_SECONDS = 5.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=60)
    clients = parser.parse_args().clients
    with tempfile.TemporaryDirectory() as folder, StudioProcess(Path(folder), WEIGHTS) as studio:
        image_id = _upload_noise(studio)
        size = int(studio.client.head(f"/image/{image_id}").headers["Content-Length"])
        time.sleep(SETTLING_SECONDS)
        before = _resident_mb(studio.pid)
        with ExitStack() as connections:
            for _ in range(clients):
                client = connections.enter_context(socket.create_connection(("127.0.0.1", studio.port)))
                client.sendall(f"GET /image/{image_id} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            time.sleep(SETTLING_SECONDS)
            during = _resident_mb(studio.pid)
    figures = f"{before:.0f} MB before, {during:.0f} MB during"
    Console().print(f"{clients} unread downloads of {size / 1e6:.1f} MB: {figures}")


def _upload_noise(studio: StudioProcess) -> str:
    noise = np.frombuffer(os.urandom(SIDE * SIDE * 3), np.uint8).reshape(SIDE, SIDE, 3)
    file = cv2.imencode(".png", noise)[1].tobytes()
    answer = studio.client.post("/upload", files={"file": ("noise.png", file, "image/png")})
    image_id: str = answer.json()["id"]
    return image_id


def _resident_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


if __name__ == "__main__":
    main()
