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
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from types import TracebackType
from typing import IO, Any, Literal, Self, TypeVar

import numpy as np
from pydantic import BaseModel, ConfigDict, PositiveInt, TypeAdapter, ValidationError

from stillroom.domain.errors import InputCorrupt, InputTooLarge, InputUnsupported, InternalError
from stillroom.imaging.io import decoder_child
from stillroom.imaging.io.decoding import Limits, Opened, Sanitised
from stillroom.imaging.io.file_facts import FileFacts

_Result = TypeVar("_Result")

_ERRORS = {error.__name__: error for error in (InputCorrupt, InputTooLarge, InputUnsupported)}

_LINE_BYTES = 1 << 16
"""Largest line of a reply."""

_HEADER_BYTES = 1 << 20
"""Allowance for what a file holds besides its pixels."""


class _Reply(BaseModel):
    """Reply of a child."""

    model_config = ConfigDict(strict=True, extra="forbid")


class _Sanitised(_Reply):
    """Reply to a picture that was sanitised; the bytes of picture and thumbnail follow it."""

    format: Literal["jpeg", "png"]
    width: PositiveInt
    height: PositiveInt
    first_frame_only: bool
    lengths: tuple[PositiveInt, PositiveInt]


class _Opened(_Reply):
    """Reply to a picture that was opened; the bytes of its pixels follow it."""

    shape: tuple[PositiveInt, PositiveInt, Literal[3, 4]]
    facts: FileFacts


class _Refused(_Reply):
    """Reply to a picture that was refused."""

    error: Literal["InputCorrupt", "InputTooLarge", "InputUnsupported"]
    detail: str
    params: dict[
        Literal["text", "what", "limit", "found", "width", "height", "kind", "extension", "declared"], Any
    ]


_TO_SANITISE: TypeAdapter[_Sanitised | _Refused] = TypeAdapter(_Sanitised | _Refused)
_TO_OPEN: TypeAdapter[_Opened | _Refused] = TypeAdapter(_Opened | _Refused)

DECODERS_BYTES = 3 << 29
"""Memory budget for all decoders of a process, by the estimates of `decoding_cost`: 1.5 GiB.

The largest accepted pictures, AVIF of 100 megapixels, take all of it, so they are decoded one at a time.
"""

_ENVIRONMENT = {"MALLOC_ARENA_MAX": "2", "OPENBLAS_NUM_THREADS": "1", "VIPS_DISC_THRESHOLD": "1024g"}
"""Fewer arenas need less address space; a thread started before `confine` would escape the sandbox; libvips
must not decode large WebP pictures into a file."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Resource limits for decoding one picture.

    Attributes:
        memory_bytes: Address space of a child that sanitises. The most expensive accepted picture, an AVIF of
            100 megapixels with transparency, needs 2.0 GiB of it; the libraries take 0.2 GiB.
        full_size_bytes: Address space of a child that opens a picture at full size. A WebP, or an AVIF of 10
            bits, of 100 megapixels with transparency needs 2.6 GiB of it.
        seconds: Wall time.
    """

    memory_bytes: int = 9 << 28
    full_size_bytes: int = 11 << 28
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
        request = {
            "operation": "sanitise",
            "memory_bytes": self._bounds.memory_bytes,
            "declared_type": declared_type,
            "file_name": file_name,
            "limits": asdict(limits),
        }
        return self._ask(request, data, partial(sanitised_in, data=data, limits=limits))

    def open(self, data: bytes, *, limits: Limits) -> Opened:
        """Run `decoding.open_picture` in a child; blocks, and raises errors as `sanitise` does."""
        return self._ask(self._to_open("open", limits), data, partial(opened_in, limits=limits))

    def open_film(self, data: bytes, *, limits: Limits) -> Opened:
        """Run `films.open_film` in a process that ends with it; blocks, and raises errors as `sanitise` does.

        Films are rare. Their libraries take 170 MB of address space, which no other child shall hold.
        """
        child = _Child(self._bounds, for_films=True)
        try:
            return child.ask(self._to_open("film", limits), data, partial(opened_in, limits=limits))
        finally:
            child.end()

    def _to_open(self, operation: str, limits: Limits) -> dict[str, Any]:
        memory_bytes = self._bounds.full_size_bytes
        return {"operation": operation, "memory_bytes": memory_bytes, "limits": asdict(limits)}

    def close(self) -> None:
        """Wait for running decodes, then terminate all children."""
        for _ in range(self.children):
            child = self._slots.get()
            if child:
                child.end()

    def _ask(self, request: dict[str, Any], data: bytes, read: Callable[[IO[bytes]], _Result]) -> _Result:
        child = self._slots.get()
        try:
            child = self._alive(child)
            return child.ask(request, data, read)
        finally:
            self._slots.put(child if child and child.is_alive else None)

    def _alive(self, child: "_Child | None") -> "_Child":
        """The child if it is alive, otherwise a new one."""
        if child is not None and child.is_alive:
            return child
        if child is not None:
            child.end()
        return _Child(self._bounds)


class _Child:
    """A child process with a request pipe and a reply pipe."""

    def __init__(self, bounds: Bounds, *, for_films: bool = False) -> None:
        """Start the process and wait for its ready message."""
        self._seconds = bounds.seconds
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-P",
                "-m",
                decoder_child.__name__,
                str(max(bounds.memory_bytes, bounds.full_size_bytes)),
                *(["films"] if for_films else []),
            ],
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

    def ask(self, request: dict[str, Any], data: bytes, read: Callable[[IO[bytes]], _Result]) -> _Result:
        """Send a request with a picture, and read the reply within the time limit.

        Args:
            read: Reads the reply; raises Died, InvalidReply and the errors of a refusal.
        """
        late = threading.Event()

        def kill() -> None:
            late.set()
            self._process.kill()

        alarm = threading.Timer(self._seconds, kill)
        alarm.daemon = True
        alarm.start()
        try:
            with suppress(BrokenPipeError):
                self._requests.write(json.dumps({"bytes": len(data), **request}).encode() + b"\n" + data)
                self._requests.flush()
            return read(self._replies)
        except InvalidReply as reply:
            self.end()
            raise InternalError("The decoder gave an invalid reply.") from reply
        except Died as death:
            self.end()
            if late.is_set():
                raise InputTooLarge(
                    text="slow_decoding",
                    what="seconds",
                    limit=self._seconds,
                ) from death
            if self._process.returncode == -signal.SIGKILL:
                raise InputTooLarge(text="memory", what="memory") from death
            if self._process.returncode > 0:
                # A positive exit code means an exception in our code, not a crash caused by the picture.
                raise InternalError("The decoder failed.", exit_code=self._process.returncode) from death
            raise InputCorrupt(text="decoder_broken") from death
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


def sanitised_in(replies: IO[bytes], data: bytes, limits: Limits) -> Sanitised:
    """Read and validate the reply to a picture that is to be sanitised.

    Args:
        replies: Output of a child, which may be compromised.
        data: The file that it was asked about.

    Raises:
        InputCorrupt, InputTooLarge, InputUnsupported: The child refused the file.
        Died: The reply is incomplete.
        InvalidReply: The reply is malformed, or longer than a picture within the limits.
    """
    reply = _accepted(replies, _TO_SANITISE)
    if max(reply.lengths) > 4 * limits.max_side**2 + _HEADER_BYTES:
        raise InvalidReply
    picture, thumbnail = (_blob(replies, length) for length in reply.lengths)
    facts = reply.model_dump(exclude={"lengths"})
    return Sanitised(picture=picture, thumbnail=thumbnail, sha256=hashlib.sha256(data).hexdigest(), **facts)


def opened_in(replies: IO[bytes], limits: Limits) -> Opened:
    """Read and validate the reply to a picture that is to be opened; raises errors as `sanitised_in` does."""
    reply = _accepted(replies, _TO_OPEN)
    height, width, bands = reply.shape
    if width * height > limits.max_megapixels * 1e6:
        raise InvalidReply
    pixels = np.frombuffer(_blob(replies, height * width * bands), np.uint8)
    return Opened(pixels.reshape(reply.shape), reply.facts)


_Accepted = TypeVar("_Accepted", _Sanitised, _Opened)


def _accepted(replies: IO[bytes], expected: TypeAdapter[_Accepted | _Refused]) -> _Accepted:
    """Read the line of a reply; raise the error that it states."""
    line = replies.readline(_LINE_BYTES)
    if not line:
        raise Died
    try:
        reply = expected.validate_json(line)
    except ValidationError as error:
        raise InvalidReply from error
    if isinstance(reply, _Refused):
        raise _ERRORS[reply.error](reply.detail, **reply.params)
    return reply


def _blob(replies: IO[bytes], length: int) -> bytes:
    blob = replies.read(length)
    if len(blob) < length:
        raise Died
    return blob
