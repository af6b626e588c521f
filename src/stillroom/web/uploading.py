"""Read a multipart upload into a file in the data folder, within the owner's upload limits."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import Message
from errno import EDQUOT, ENOSPC
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any

import anyio
from fastapi import Request
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from stillroom.application.limits.quotas import Uploads
from stillroom.domain.errors import FULL, StorageUnavailable, ValidationFailed
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


class _Parser(MultiPartParser):
    """Multipart parser that spools files above 1 MB to a given folder and accepts `filename*` alone.

    RFC 7578, 4.2 forbids `filename*` and the library ignores it, but some clients send non-ASCII names this
    way.
    """

    folder: Path

    def on_headers_finished(self) -> None:
        """Begin a part; the library's spool file is replaced by one in our folder."""
        name = _extended_name(self._current_part.content_disposition or b"")
        if name is not None and self._current_part.content_disposition is not None:
            self._current_part.content_disposition += b'; filename=""'
        super().on_headers_finished()
        if self._current_part.file is not None:
            if name is not None:
                self._current_part.file.filename = name
            file = SpooledTemporaryFile(max_size=self.spool_max_size, dir=str(self.folder))  # noqa: SIM115
            self._files_to_close_on_error.append(file)
            self._current_part.file.file.close()
            self._current_part.file.file = file  # type: ignore[assignment]


def _extended_name(disposition: bytes) -> str | None:
    """Decode the `filename*` of a part without a plain `filename`; empty if it cannot be decoded."""
    if b"filename*" not in disposition.lower() or b"filename" in parse_options_header(disposition)[1]:
        return None
    head = Message()
    try:
        head["Content-Disposition"] = disposition.decode("latin-1")
        return head.get_filename("")
    except ValueError:
        # Unknown charset, undecodable bytes or a malformed value.
        return ""


@asynccontextmanager
async def uploaded(request: Request, uploads: Uploads, owner_id: OwnerId) -> AsyncIterator[UploadFile]:
    """Yield the complete file of the field `file`; it is deleted when the context ends.

    Raises:
        RateLimited: The owner, or all owners together, have reached the limit of concurrent uploads.
        StorageUnavailable: The file could not be written.
        ValidationFailed: The field is missing.
        Malformed: The body is not a valid multipart form, or ended too early.
    """
    declared = request.headers.get("content-length", "")
    with uploads.reserve(owner_id, int(declared) if declared.isdigit() else None):
        form = await _read(request, uploads.folder)
        try:
            file = form.get("file")
            if file is None:
                raise _missing()
            if not isinstance(file, UploadFile):
                raise _refused("file_expected", "Send the picture as a file part, with a file name.")
            yield file
        finally:
            await form.close()


async def _read(request: Request, folder: Path) -> FormData:
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise _missing()
    parser = _Parser(request.headers, request.stream())
    parser.folder = folder
    try:
        await anyio.Path(folder).mkdir(exist_ok=True)
        return await parser.parse()
    except (MultiPartException, ClientDisconnect) as error:
        raise Malformed("The request is malformed.") from error
    except OSError as error:
        log.error("upload_not_kept", folder=str(folder), cause=error.strerror)
        is_full = error.errno in (ENOSPC, EDQUOT)
        facts = {"reason": FULL} if is_full else {}
        raise StorageUnavailable("The server could not keep the upload.", **facts) from error


def _missing() -> ValidationFailed:
    return _refused("missing", "Field required")


def _refused(reason: str, message: str) -> ValidationFailed:
    field = {"field": "file", "in": "body", "reason": reason, "message": message}
    return ValidationFailed("Check: file.", fields=[field])
