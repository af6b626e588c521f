"""Read a multipart upload into a file in the data folder, within the owner's upload limits."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from email.message import Message
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import anyio
import anyio.to_thread
from fastapi import Request
from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.requests import ClientDisconnect

from stillroom.application.limits.quotas import Uploads
from stillroom.domain.errors import ERRNO_REASONS, StorageUnavailable, ValidationFailed
from stillroom.domain.field_errors import body_error
from stillroom.domain.ids import OwnerId
from stillroom.observability import log
from stillroom.web.problems import Malformed

BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "title": "Body",
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {
                            "type": "string",
                            "format": "binary",
                            "title": "File",
                            "description": "JPEG, PNG, WebP, AVIF, HEIC, TIFF or GIF.",
                        }
                    },
                }
            }
        },
    }
}
"""Request body schema for the OpenAPI document."""

MOST_PARTS = 100
"""Parts of a form; more are a flood, because each one costs time."""


class UploadedFile:
    """File of the form field `file`; other fields are skipped.

    Attributes:
        name: File name; None until the file is complete.
        media_type: Type that the client declares.
        is_text: Whether the field was sent without a file name.
    """

    def __init__(self, data: IO[bytes]) -> None:
        self.name: str | None = None
        self.media_type: str | None = None
        self.is_text = False
        self.is_repeated = False
        self._data = data
        self._headers: dict[bytes, bytes] = {}
        self._header, self._value = b"", b""
        self._part_name: str | None = None
        self._parts = 0

    async def read(self) -> bytes:
        """Return all bytes; can be called more than once."""
        return await anyio.to_thread.run_sync(self._read)

    def _read(self) -> bytes:
        self._data.seek(0)
        return self._data.read()

    def parser(self, boundary: bytes) -> MultipartParser:
        """Return a parser of the request body that writes to this file."""
        return MultipartParser(
            boundary,
            {
                "on_part_begin": self._count_part,
                "on_header_field": self._add_to_header,
                "on_header_value": self._add_to_value,
                "on_header_end": self._end_header,
                "on_headers_finished": self._begin_part,
                "on_part_data": self._write,
                "on_part_end": self._end_part,
            },
        )

    def _count_part(self) -> None:
        self._headers.clear()
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise FormParserError(f"A form has at most {MOST_PARTS} parts.")

    def _add_to_header(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _add_to_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        self._headers[self._header.lower()] = self._value
        self._header, self._value = b"", b""

    def _begin_part(self) -> None:
        disposition = self._headers.get(b"content-disposition", b"")
        options = parse_options_header(disposition)[1]
        if b"name" not in options:
            raise FormParserError("A part has no name.")
        if options[b"name"] != b"file":
            return
        self.is_repeated = self.is_repeated or self.name is not None
        self._part_name = _file_name(disposition, options)
        self.is_text = self._part_name is None
        self._data.seek(0)
        self._data.truncate()

    def _write(self, data: bytes, start: int, end: int) -> None:
        if self._part_name is not None:
            self._data.write(data[start:end])

    def _end_part(self) -> None:
        if self._part_name is not None:
            self.name, self._part_name = self._part_name, None
            media_type = self._headers.get(b"content-type")
            self.media_type = None if media_type is None else media_type.decode("latin-1")


def _file_name(disposition: bytes, options: dict[bytes, bytes]) -> str | None:
    """Return the file name of a part; None if it is no file, "" if the name cannot be decoded.

    RFC 7578, 4.2 forbids `filename*` and the library ignores it, but some clients send non-ASCII names only
    this way.
    """
    if (name := options.get(b"filename")) is not None:
        try:
            return name.decode()
        except UnicodeDecodeError:
            return name.decode("latin-1")
    if b"filename*" not in disposition.lower():
        return None
    head = Message()
    try:
        head["Content-Disposition"] = disposition.decode("latin-1")
        return head.get_filename("")
    except ValueError:
        # Unknown charset, undecodable bytes or a malformed value.
        return ""


@asynccontextmanager
async def uploaded(request: Request, uploads: Uploads, owner_id: OwnerId) -> AsyncIterator[UploadedFile]:
    """Yield the complete file of the field `file`; it is deleted when the context ends.

    Raises:
        RateLimited: The owner, or all owners together, have reached the limit of concurrent uploads.
        StorageUnavailable: The file could not be written.
        ValidationFailed: The field is missing, or there several times.
        Malformed: The body is not a valid multipart form, or ended too early.
    """
    declared = request.headers.get("content-length", "")
    with uploads.reserve(owner_id, int(declared) if declared.isdigit() else None):
        kind, options = parse_options_header(request.headers.get("content-type"))
        if kind != b"multipart/form-data":
            raise _refused("missing")
        if b"boundary" not in options:
            raise Malformed(text="malformed")
        with _errors(uploads.folder):
            await anyio.Path(uploads.folder).mkdir(exist_ok=True)
            data = await anyio.to_thread.run_sync(lambda: TemporaryFile(dir=uploads.folder))  # noqa: SIM115
        with data:
            file = UploadedFile(data)
            with _errors(uploads.folder):
                parser = file.parser(options[b"boundary"])
                async for chunk in request.stream():
                    await anyio.to_thread.run_sync(parser.write, chunk)
                await anyio.to_thread.run_sync(data.flush)
            if file.is_repeated:
                raise _refused("one_file")
            if file.is_text:
                raise _refused("file_expected")
            if file.name is None:
                raise _refused("missing")
            yield file


@contextmanager
def _errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except (FormParserError, ClientDisconnect) as error:
        raise Malformed(text="malformed") from error
    except OSError as error:
        log.error("upload_not_kept", folder=str(folder), cause=error.strerror)
        reason = ERRNO_REASONS.get(error.errno or 0, "")
        raise StorageUnavailable("The server could not keep the upload.", reason=reason) from error


def _refused(reason: str) -> ValidationFailed:
    return ValidationFailed("Check: file.", fields=[body_error("file", reason)])
