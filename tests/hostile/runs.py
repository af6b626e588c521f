"""Sends the corpus to a running studio, and looks at what it left there."""

import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from PIL import Image

from tests.hostile.cases import Case
from tests.servers.studio_process import StudioProcess

CONTROL = {chr(code) for code in (*range(32), 127)}


@dataclass(frozen=True, slots=True)
class Sent:
    """Outcome of one case.

    Attributes:
        outcome: `stored`, or the error's code.
        seconds: Processor time of the server and its decoders, which others on the machine do not change.
        errors: What should not be; empty when all is well.
    """

    case: Case
    outcome: str
    seconds: float
    errors: tuple[str, ...]


def send(studio: StudioProcess, case: Case, owner: str | None = None) -> Sent:
    """Upload it and examine the answer, the stored files and the server."""
    data = case.make()
    before = blobs(studio)
    headers = {"Authorization": f"Bearer {owner}"} if owner else {}
    started = processor_seconds(studio)
    answer = studio.client.post(
        "/upload", files={"file": (case.file_name, data, case.declared)}, headers=headers
    )
    seconds = processor_seconds(studio) - started
    body = answer.json()
    outcome = "stored" if answer.status_code == 201 else str(body["code"])
    errors = [] if outcome in case.may_be else [f"{outcome} is none of {sorted(case.may_be)}"]
    if answer.status_code == 201:
        errors += _errors_of(studio, body)
        kept = 2
    else:
        kept = 0
        if answer.status_code not in (400, 413, 415, 422):
            errors.append(f"status {answer.status_code}")
    if len(blobs(studio) - before) not in {0, kept}:
        errors.append("blobs were left behind")
    return Sent(case, outcome, seconds, tuple(errors))


def blobs(studio: StudioProcess) -> set[Path]:
    """Every file of the store."""
    return {path for path in (studio.data_dir / "blobs").rglob("*") if path.is_file()}


def _errors_of(studio: StudioProcess, image: dict[str, Any]) -> list[str]:
    """Faults of a stored picture, as an independent reader sees them."""
    errors = []
    title = studio.client.post("/session", json={"image_id": image["id"]}).json()["title"]
    if CONTROL & set(title) or {"/", "\\", "\u202e"} & set(title):
        errors.append(f"its product is called {title!r}")
    for size, formats in (("full", {"JPEG", "PNG"}), ("thumb", {"WEBP"})):
        answer = studio.client.get(f"/image/{image['id']}", params={"size": size})
        if answer.headers["x-content-type-options"] != "nosniff":
            errors.append(f"{size} may be sniffed")
        path = studio.data_dir / "looked-at"
        path.write_bytes(answer.content)
        with Image.open(path) as picture:
            picture.load()
            if picture.format not in formats or picture.mode != "RGB" or getattr(picture, "n_frames", 1) != 1:
                errors.append(f"{size} is {picture.format} {picture.mode}")
            told = set(picture.info) - {
                "jfif",
                "jfif_version",
                "jfif_unit",
                "jfif_density",
                "dpi",
                "background",
            }
            told -= {"loop", "duration", "timestamp"}
            if told or picture.getexif():
                errors.append(f"{size} carries {sorted(told)} and {dict(picture.getexif())}")
        if _end_of(answer.content) != len(answer.content):
            errors.append(f"{size} has a tail")
    return errors


def _end_of(data: bytes) -> int:
    """Offset at which an encoded picture ends according to its own headers."""
    if data.startswith(b"\xff\xd8"):
        return data.rindex(b"\xff\xd9") + 2
    if data.startswith(b"\x89PNG"):
        return data.index(b"IEND") + 8
    return int.from_bytes(data[4:8], "little") + 8


def processor_seconds(studio: StudioProcess) -> float:
    """Processor time of the server and its decoders, those that have ended too."""
    server = psutil.Process(studio.pid)
    ended = server.cpu_times()
    seconds = float(ended.children_user + ended.children_system)
    for process in (*server.children(), server):
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            seconds += times.user + times.system
    return seconds


def peak_megabytes(studio: StudioProcess) -> dict[str, float]:
    """The most memory that the server and any of its living decoders have held."""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(studio.pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    decoders = [line.split()[0] for line in listed.stdout.splitlines() if "decoder_child" in line]
    return {
        "server": _peak(str(studio.pid)),
        "decoder": max((_peak(pid) for pid in decoders), default=0.0),
    }


def _peak(pid: str) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1000
