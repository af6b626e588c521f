"""Child process of the decoder pool: confines itself, then decodes one picture per request.

A request is a line of JSON and the bytes of a file; a reply is a line of JSON and the bytes of the result.
"""

import codecs
import json
import os
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from stillroom.domain.errors import InputCorrupt, InputTooLarge, InputUnsupported
from stillroom.imaging.io.decoding import Limits, Opened, open_picture, sanitise
from stillroom.imaging.io.decoding_cost import estimate
from stillroom.imaging.io.sandbox import confine

_LIBRARIES_BYTES = 512 << 20
"""Address space that libraries reserve in addition to the pixels, for stacks and tables of their threads."""


def load_libraries(*, for_films: bool = False) -> None:
    """Import modules that decoding loads lazily, because the sandbox forbids opening files later."""
    import pillow_heif  # noqa: F401

    if for_films:
        from stillroom.imaging.io import films  # noqa: F401

    # Encoding of the names of ICC profiles.
    codecs.lookup("utf-16-be")


def _bound_memory(memory_bytes: int) -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _grant_memory(statm: IO[bytes] | None, more_bytes: int, most_bytes: int) -> None:
    """Limit the growth of the address space for one picture; catches headers that understate its size."""
    if statm is not None and sys.platform != "win32":
        import resource

        now_bytes = int(os.pread(statm.fileno(), 64, 0).split()[0]) * resource.getpagesize()
        _, hard_bytes = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (min(now_bytes + more_bytes, most_bytes), hard_bytes))


def _serve(requests: IO[bytes], replies: IO[bytes], statm: IO[bytes] | None) -> None:
    """Answer requests until the pipe is closed; `statm` tells the size of this process, see proc(5)."""
    _write(replies, [b"ready\n"])
    while line := requests.readline():
        request = json.loads(line)
        data = requests.read(request["bytes"])
        operation = request["operation"]
        cost = estimate(data, at_full_size=operation == "open", is_film=operation == "film")
        _grant_memory(statm, _LIBRARIES_BYTES + cost, request["memory_bytes"])
        # No variable may keep the pixels while the next picture is decoded.
        _write(replies, _answer(request, data))


def _write(replies: IO[bytes], parts: Iterable[bytes | memoryview]) -> None:
    for part in parts:
        replies.write(part)
    replies.flush()


def _answer(request: dict[str, Any], data: bytes) -> tuple[bytes | memoryview, ...]:
    limits = Limits(**request["limits"])
    try:
        if request["operation"] == "open":
            return _spell_opened(open_picture(data, limits))
        if request["operation"] == "film":
            from stillroom.imaging.io.films import open_film

            return _spell_opened(open_film(data, limits))
        done = sanitise(
            data, declared_type=request["declared_type"], file_name=request["file_name"], limits=limits
        )
    except MemoryError:
        return (
            _spell({"error": "InputTooLarge", "detail": "", "params": {"text": "memory", "what": "memory"}}),
        )
    except (InputCorrupt, InputTooLarge, InputUnsupported) as error:
        return (_spell({"error": type(error).__name__, "detail": error.detail, "params": error.params}),)
    stored = {
        "format": done.format,
        "width": done.width,
        "height": done.height,
        "first_frame_only": done.first_frame_only,
        "lengths": (len(done.picture), len(done.thumbnail)),
    }
    return _spell(stored), done.picture, done.thumbnail


def _spell_opened(opened: Opened) -> tuple[bytes | memoryview, ...]:
    facts = opened.facts.model_dump(mode="json")
    return _spell({"shape": opened.pixels.shape, "facts": facts}), opened.pixels.data


def _spell(reply: dict[str, Any]) -> bytes:
    return json.dumps(reply).encode() + b"\n"


if __name__ == "__main__":
    for ignored in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ignored, signal.SIG_IGN)
    _bound_memory(int(sys.argv[1]))
    load_libraries(for_films="films" in sys.argv[2:])
    # Opened before the sandbox forbids opening files; only Linux has it.
    path = Path("/proc/self/statm")
    own_statm = path.open("rb", buffering=0) if path.exists() else None
    confine()
    _serve(sys.stdin.buffer, sys.stdout.buffer, own_statm)
