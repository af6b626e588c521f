"""Forms with files, read more leniently than the framework does."""

from collections.abc import Callable, Coroutine
from contextlib import aclosing
from email.message import Message
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic_core import PydanticCustomError
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser


def a_file(value: object) -> object:
    """Refuse a form field of text; the framework would name the class that it got."""
    if isinstance(value, UploadFile):
        return value
    raise PydanticCustomError("file_expected", "Send the picture as a file part, with a file name.")


class UploadRoute(APIRoute):
    """A route whose forms may name files as in RFC 5987."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Hand the route a request that reads forms so."""
        handle = super().get_route_handler()

        async def handle_upload(request: Request) -> Response:
            return await handle(_UploadRequest(request.scope, request.receive))

        return handle_upload


class _UploadRequest(Request):
    async def _get_form(self, **limits: Any) -> FormData:
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if self._form is None and kind == "multipart/form-data":
            try:
                async with aclosing(self.stream()) as stream:
                    self._form = await _Parts(self.headers, stream, **limits).parse()
            except MultiPartException as error:
                raise HTTPException(400, error.message) from error
        return await super()._get_form(**limits)


class _Parts(MultiPartParser):
    """Takes a part for a file also when it has `filename*` alone.

    RFC 7578, 4.2 forbids that and the library ignores it, but clients send names that are not ASCII so.
    """

    def on_headers_finished(self) -> None:
        """Begin a part."""
        name = _extended_name(self._current_part.content_disposition or b"")
        if name is not None and self._current_part.content_disposition is not None:
            self._current_part.content_disposition += b'; filename=""'
        super().on_headers_finished()
        if name is not None and self._current_part.file is not None:
            self._current_part.file.filename = name


def _extended_name(disposition: bytes) -> str | None:
    """The decoded `filename*` of a part that has no plain `filename`; empty when it cannot be decoded."""
    if b"filename*" not in disposition.lower() or b"filename" in parse_options_header(disposition)[1]:
        return None
    head = Message()
    try:
        head["Content-Disposition"] = disposition.decode("latin-1")
        return head.get_filename("")
    except ValueError:
        # A charset that does not decode these bytes, or a name that is none.
        return ""
