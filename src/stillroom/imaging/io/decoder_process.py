"""Decoder pool: decodes untrusted pictures in sandboxed child processes with bounded memory and time.

A child inherits no environment variables and replies with JSON and raw bytes of bounded length, which are
validated, so even a compromised child cannot make the parent execute code or choose names of files.
"""

import hashlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, PositiveInt, TypeAdapter, ValidationError

from stillroom.domain.errors import InputCorrupt, InputTooLarge, InputUnsupported, InternalError
from stillroom.imaging.io.decoding import Limits, Sanitised, sanitise
from stillroom.imaging.io.decoding_cost import estimate
from stillroom.imaging.io.sandbox import confine

_ERRORS = {error.__name__: error for error in (InputCorrupt, InputTooLarge, InputUnsupported)}

_LINE_BYTES = 1 << 16
"""Largest line of a reply."""

_HEADER_BYTES = 1 << 20
"""Allowance for what a file holds besides its pixels."""


class _Done(BaseModel):
    """Reply to a picture that was decoded; the bytes of picture and thumbnail follow it."""

    model_config = ConfigDict(strict=True, extra="forbid")

    format: Literal["jpeg", "png"]
    width: PositiveInt
    height: PositiveInt
    first_frame_only: bool
    lengths: tuple[PositiveInt, PositiveInt]


class _Refused(BaseModel):
    """Reply to a picture that was refused."""

    model_config = ConfigDict(strict=True, extra="forbid")

    error: Literal["InputCorrupt", "InputTooLarge", "InputUnsupported"]
    detail: str
    params: dict[Literal["what", "limit", "found", "extension", "declared"], Any]


_REPLY: TypeAdapter[_Done | _Refused] = TypeAdapter(_Done | _Refused)

DECODERS_BYTES = 3 << 29
"""Memory budget for all decoders of a process, by the estimates of `decoding_cost`: 1.5 GiB.

The largest accepted pictures, AVIF of 100 megapixels, take all of it, so they are decoded one at a time.
"""

_LIBRARIES_BYTES = 512 << 20
"""Address space that libraries reserve in addition to the pixels, for stacks and tables of their threads."""


_ENVIRONMENT = {"MALLOC_ARENA_MAX": "2", "OPENBLAS_NUM_THREADS": "1"}
"""Fewer arenas need less address space; a thread started before `confine` would escape the sandbox."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Resource limits for decoding one picture.

    Attributes:
        memory_bytes: Address space of a child. The most expensive accepted picture, an AVIF of 100 megapixels
            with transparency, needs 2.0 GiB of it; the libraries take 0.2 GiB.
        seconds: Wall time.
    """

    memory_bytes: int = 9 << 28
    seconds: float = 20.0


class DecodingPool:
    """Pool of warm child processes, each decoding one picture at a time.

    Attributes:
        children: Number of processes; more threads than that wait for each other.
    """

    def __init__(self, children: int = 2, bounds: Bounds | None = None) -> None:
        """Create empty slots; a child is started on first use."""
        self._bounds = bounds or Bounds()
        self._slots: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        self.children = children
        for _ in range(children):
            self._slots.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def sanitise(
        self, data: bytes, *, declared_type: str | None, file_name: str, limits: Limits
    ) -> Sanitised:
        """Run `decoding.sanitise` in a child; blocks, so call it from a thread.

        Raises:
            InputTooLarge: Also if decoding exceeds the memory or time limit.
            InputCorrupt: Also if the picture crashes the decoder.
            InputUnsupported: As for `decoding.sanitise`.
            InternalError: No child can be started.
        """
        child = self._slots.get()
        try:
            child = self._alive(child)
            return child.sanitise(data, declared_type, file_name, limits)
        finally:
            self._slots.put(child if child and child.is_alive else None)

    def close(self) -> None:
        """Wait for running decodes, then terminate all children."""
        for _ in range(self.children):
            child = self._slots.get()
            if child:
                child.end()

    def _alive(self, child: "_Child | None") -> "_Child":
        """The child if it is alive, otherwise a new one."""
        if child is not None and child.is_alive:
            return child
        if child is not None:
            child.end()
        return _Child(self._bounds)


class _Child:
    """A child process with a request pipe and a reply pipe."""

    def __init__(self, bounds: Bounds) -> None:
        """Start the process and wait for its ready message."""
        self._seconds = bounds.seconds
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", __name__, str(bounds.memory_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **_ENVIRONMENT},
            # Keep Ctrl-C at the terminal from the children; the server terminates them itself.
            start_new_session=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._requests: IO[bytes] = self._process.stdin
        self._replies: IO[bytes] = self._process.stdout
        if not self._replies.readline():
            self.end()
            raise InternalError("The decoder cannot be started.", exit_code=self._process.returncode)

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def sanitise(self, data: bytes, declared_type: str | None, file_name: str, limits: Limits) -> Sanitised:
        request = {
            "bytes": len(data),
            "declared_type": declared_type,
            "file_name": file_name,
            "limits": asdict(limits),
        }
        late = threading.Event()

        def kill() -> None:
            late.set()
            self._process.kill()

        alarm = threading.Timer(self._seconds, kill)
        alarm.daemon = True
        alarm.start()
        try:
            with suppress(BrokenPipeError):
                self._requests.write(json.dumps(request).encode() + b"\n" + data)
                self._requests.flush()
            return reply_in(self._replies, data, limits)
        except InvalidReply as reply:
            self.end()
            raise InternalError("The decoder gave an invalid reply.") from reply
        except Died as death:
            self.end()
            if late.is_set():
                raise InputTooLarge(
                    f"The picture took longer than {self._seconds:g} s to decode.",
                    what="seconds",
                    limit=self._seconds,
                ) from death
            if self._process.returncode == -signal.SIGKILL:
                raise InputTooLarge("The picture needs too much memory.", what="memory") from death
            if self._process.returncode > 0:
                # A positive exit code means an exception in our code, not a crash caused by the picture.
                raise InternalError("The decoder failed.", exit_code=self._process.returncode) from death
            raise InputCorrupt("The picture breaks its decoder.") from death
        finally:
            alarm.cancel()

    def end(self) -> None:
        """Close the pipes, which ends the child's loop; kill it if it has not exited after a second."""
        with suppress(BrokenPipeError):
            self._requests.close()
        self._replies.close()
        try:
            self._process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Died(Exception):
    """The child terminated before its reply was complete."""


class InvalidReply(Exception):
    """The reply is not one that a child gives."""


def reply_in(replies: IO[bytes], data: bytes, limits: Limits) -> Sanitised:
    """Read and validate the reply to a picture.

    Args:
        replies: Output of a child, which may be compromised.
        data: The file that it was asked about.

    Raises:
        InputCorrupt, InputTooLarge, InputUnsupported: The child refused the file.
        Died: The reply is incomplete.
        InvalidReply: The reply is malformed, or longer than a picture within the limits.
    """
    line = replies.readline(_LINE_BYTES)
    if not line:
        raise Died
    try:
        reply = _REPLY.validate_json(line)
    except ValidationError as error:
        raise InvalidReply from error
    if isinstance(reply, _Refused):
        raise _ERRORS[reply.error](reply.detail, **reply.params)
    if max(reply.lengths) > 4 * limits.max_side**2 + _HEADER_BYTES:
        raise InvalidReply
    picture, thumbnail = (replies.read(length) for length in reply.lengths)
    if len(thumbnail) < reply.lengths[1]:
        raise Died
    facts = reply.model_dump(exclude={"lengths"})
    return Sanitised(picture=picture, thumbnail=thumbnail, sha256=hashlib.sha256(data).hexdigest(), **facts)


def _bound_memory(memory_bytes: int) -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def load_libraries() -> None:
    """Import modules that decoding loads lazily, because the sandbox forbids opening files later."""
    import numpy as np  # noqa: F401
    import pillow_heif  # noqa: F401


def _grant_memory(statm: IO[bytes] | None, more_bytes: int) -> None:
    """Limit the growth of the address space for one picture; catches headers that understate its size."""
    if statm is not None and sys.platform != "win32":
        import resource

        now_bytes = int(os.pread(statm.fileno(), 64, 0).split()[0]) * resource.getpagesize()
        _, most_bytes = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (min(now_bytes + more_bytes, most_bytes), most_bytes))


def _serve(requests: IO[bytes], replies: IO[bytes], statm: IO[bytes] | None) -> None:
    """Answer requests until the pipe is closed; `statm` tells the size of this process, see proc(5)."""
    replies.write(b"ready\n")
    replies.flush()
    while line := requests.readline():
        request = json.loads(line)
        data = requests.read(request["bytes"])
        _grant_memory(statm, _LIBRARIES_BYTES + estimate(data))
        replies.write(_answer(request, data))
        replies.flush()


def _answer(request: dict[str, Any], data: bytes) -> bytes:
    try:
        done = sanitise(
            data,
            declared_type=request["declared_type"],
            file_name=request["file_name"],
            limits=Limits(**request["limits"]),
        )
    except MemoryError:
        return _spell({"error": "InputTooLarge", "detail": "", "params": {"what": "memory"}})
    except (InputCorrupt, InputTooLarge, InputUnsupported) as error:
        return _spell({"error": type(error).__name__, "detail": error.detail, "params": error.params})
    facts = {name: getattr(done, name) for name in _Done.model_fields if name != "lengths"}
    blobs = (done.picture, done.thumbnail)
    return _spell({**facts, "lengths": [len(blob) for blob in blobs]}) + b"".join(blobs)


def _spell(reply: dict[str, Any]) -> bytes:
    return json.dumps(reply).encode() + b"\n"


if __name__ == "__main__":
    for ignored in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ignored, signal.SIG_IGN)
    _bound_memory(int(sys.argv[1]))
    load_libraries()
    # Opened before the sandbox forbids opening files; only Linux has it.
    path = Path("/proc/self/statm")
    own_statm = path.open("rb", buffering=0) if path.exists() else None
    confine()
    _serve(sys.stdin.buffer, sys.stdout.buffer, own_statm)
