"""Time of `POST /preview` on a warm server: `python -m tests.bench.preview [WEIGHTS] [ROUNDS]`.

Each request differs from the one before it, as while a slider moves. CPU time is that of the server, in steps
of 10 ms.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from stillroom.imaging.io.encoding import pixels_of
from tests.bench.first_picture import PHOTOS, photo_of
from tests.servers.studio_process import StudioProcess

Changes = dict[str, dict[str, Any]]
ON_WHITE: Changes = {"backdrop": {"kind": "white"}}
ON_OAK: Changes = {"backdrop": {"kind": "scene", "scene": "wood_oak"}}


def sliders(step: int) -> Iterator[tuple[str, Changes]]:
    """One request for each control; every step has other values."""
    for name, backdrop in (("white", ON_WHITE), ("scene", ON_OAK)):
        yield f"framing, {name}", {**backdrop, "framing": {"x": 0.4 + 0.01 * step, "fill": 0.5 + 0.01 * step}}
        yield f"rotation, {name}", {**backdrop, "framing": {"rotation_deg": 2.0 + step}}
        yield (
            f"shadow, {name}",
            {**backdrop, "shadow": {"direction_deg": 10.0 * step - 90, "length": 0.1 * step}},
        )
        yield f"light, {name}", {**backdrop, "light": {"azimuth_deg": 5.0 * step - 50}}
        yield f"warmth, {name}", {**backdrop, "tone": {"mired": 2.0 * step - 20}}
    yield "backdrop color", {"backdrop": {"kind": "color", "color": f"#{0x404040 + 0x050301 * step:06x}"}}
    scenes = ("wood_oak", "marble_white", "linen", "room_oak")
    yield "another scene", {"backdrop": {"kind": "scene", "scene": scenes[step % len(scenes)]}}


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measured(studio: StudioProcess, session_id: str, changes: Changes) -> tuple[float, float]:
    """Milliseconds of one preview, on the clock and of the server's processor time."""
    before, started = cpu_seconds(studio.pid), time.perf_counter()
    answer = studio.client.post("/preview", json={"session_id": session_id, "changes": changes})
    took = time.perf_counter() - started
    assert answer.status_code == 200, answer.text
    assert max(pixels_of(answer.content).shape) in range(1000, 1025)
    return 1000 * took, 1000 * (cpu_seconds(studio.pid) - before)


def main() -> None:
    """Print one row for each control, and one for all of them."""
    weights = Path(sys.argv[1] if len(sys.argv) > 1 else "data/weights").absolute()
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 4
    times: dict[str, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as scratch, StudioProcess(Path(scratch) / "data", weights) as studio:
        for name in PHOTOS:
            photo = Path(scratch) / f"{name}.jpg"
            photo.write_bytes(photo_of(name))
            session = studio.open_session(photo)["id"]
            for _, changes in sliders(0):
                measured(studio, session, changes)
            for step in range(1, rounds + 1):
                for control, changes in sliders(step):
                    times.setdefault(control, []).append(measured(studio, session, changes))
    table = Table(
        "control", "p50", "p95", "CPU p50", "CPU mean", "n", title=f"ms, load {os.getloadavg()[0]:.1f}"
    )
    for control, pairs in (*times.items(), ("all", [pair for some in times.values() for pair in some])):
        clock, cpu = np.array(pairs).T
        row = np.percentile(clock, 50), np.percentile(clock, 95), np.percentile(cpu, 50), cpu.mean()
        table.add_row(control, *(f"{value:.0f}" for value in row), str(len(pairs)))
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
