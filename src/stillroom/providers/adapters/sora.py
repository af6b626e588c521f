"""Videos API adapter: creates a clip, polls it, downloads it and returns a late frame as the picture."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

import anyio.to_thread
import cv2
import numpy as np

from stillroom.domain.errors import StillroomError
from stillroom.domain.providers.capabilities import ModelCard
from stillroom.imaging.io.encoding import png_of
from stillroom.providers.adapters import vendor_messages, vendor_pictures, wire
from stillroom.providers.adapters.frames import Frame
from stillroom.providers.adapters.openai_wire import OpenAIModel, failure_of
from stillroom.providers.image_requests import ImageRequest, ImageResult, OpenFile

if TYPE_CHECKING:
    from httpx2 import Response
    from openai import AsyncOpenAI

_SECONDS = "4"
_SIZES = ((1280, 720), (720, 1280))
_CREATE_SECONDS, _RETRIEVE_SECONDS, _CONTENT_SECONDS, _DELETE_SECONDS = 60.0, 15.0, 120.0, 5.0
_DONE = frozenset({"completed", "succeeded"})
_ENDED_BADLY = frozenset({"failed", "error", "cancelled", "canceled"})
_HELD_STILL = (
    "The camera is locked and the product does not move. The first frame is the photo as it is;"
    " within the first second the scene changes as told below, then it holds still to the end.\n"
)


class SoraModel(OpenAIModel):
    """A model behind an endpoint of the Videos API; OpenAI's own endpoint ended on 2026-09-24.

    Attributes:
        poll_seconds: Interval in the first minute and after it.
        max_clip_bytes: A longer clip is not read to its end.
    """

    name = "sora"

    poll_seconds = (5.0, 10.0)
    max_clip_bytes = 200_000_000

    def __init__(
        self,
        key: str,
        model: str,
        base_url: str,
        proxy: str | None = None,
        body: Literal["multipart", "json"] = "multipart",
    ) -> None:
        """Store the connection settings; `body` is how create requests are encoded: some accept JSON only."""
        super().__init__(key, model, base_url, proxy)
        self._body = body

    async def make(self, image_request: ImageRequest, card: ModelCard) -> ImageResult:
        """Create a clip, wait for it and extract a still. Raises StillroomError, see PictureModel."""
        client = await self._connection.opened()
        frame = _frame_of(image_request)
        picture = await anyio.to_thread.run_sync(_first_picture, image_request, frame)
        clip_id: str | None = None
        cost = 0
        try:
            async with self._failures(image_request.prompt), wire.within(card.ceiling_seconds):
                clip_id, clip = await self._ordered(client, image_request, frame, picture)
                await self._finished(client, clip_id, clip, image_request.prompt)
                cost = card.cost_micro_usd or 0
                film = await self._fetched(client, clip_id, image_request.prompt)
            still = await self._still_of(film, frame, image_request.open_file)
        except StillroomError as error:
            # A finished clip is billed even if its download fails, so its id is recorded.
            if clip_id is not None:
                error.provider_request_id = clip_id
                # Even if a later request did not reach the vendor, a second order would be billed again.
                error.sent = True
            if cost:
                error.cost_micro_usd = cost
            raise
        finally:
            with anyio.CancelScope(shield=True):
                await self._delete(client, clip_id, image_request.prompt)
        return ImageResult((still,), cost, clip_id)

    async def _ordered(
        self, client: "AsyncOpenAI", image_request: ImageRequest, frame: Frame, picture: bytes
    ) -> tuple[str, Mapping[str, Any]]:
        body: dict[str, Any] = {
            "model": self.model,
            "prompt": _HELD_STILL + image_request.instruction,
            "seconds": _SECONDS,
            "size": f"{frame.full_width}x{frame.full_height}",
        }
        # The SDK's own video methods are deprecated and emit warnings, so the generic client is used.
        if self._body == "json":
            body["input_reference"] = vendor_pictures.data_url(picture)
            clip = await self._created(client, image_request.headers, body=body)
        else:
            headers = {**image_request.headers, "Content-Type": "multipart/form-data"}
            files = [("input_reference", ("first.jpg", picture, "image/jpeg"))]
            clip = await self._created(client, headers, body=body, files=files)
        found = clip.json()
        clip_id = wire.id_in(found.get("id")) if isinstance(found, dict) else None
        if clip_id is None:
            raise wire.failure("bad_reply")
        return clip_id, found

    async def _created(self, client: "AsyncOpenAI", headers: Mapping[str, str], **body: Any) -> "Response":
        from openai import BadRequestError, PermissionDeniedError

        try:
            return await self._sent(client, "post", "/videos", headers, _CREATE_SECONDS, **body)
        except (BadRequestError, PermissionDeniedError) as error:
            # OpenAI's retired endpoint and its gateways return this code where others return 404.
            if str(error.code or "").startswith("unsupported_"):
                raise wire.failure("endpoint_gone") from error
            raise

    async def _finished(
        self, client: "AsyncOpenAI", clip_id: str, clip: Mapping[str, Any], prompt: str
    ) -> None:
        """Poll until the clip is completed or failed; any unknown status counts as running."""
        waited, lost, asked_wait = 0.0, 0, None
        while (status := str(clip.get("status")).lower()) not in _DONE:
            if status in _ENDED_BADLY:
                raise self._clip_failure(clip, prompt)
            pause = self.poll_seconds[waited >= 60] if asked_wait is None else asked_wait
            await asyncio.sleep(pause)
            waited += pause
            try:
                async with self._failures(prompt):
                    clip, asked_wait = await self._polled(client, clip_id)
            except wire.PASSING as error:
                lost += 1
                if error.reason == "clip_lost" or lost >= wire.MAX_FAILED_POLLS:
                    raise wire.unwatched(error) from error
                asked_wait = error.retry_after_seconds
            else:
                lost = 0

    async def _polled(self, client: "AsyncOpenAI", clip_id: str) -> tuple[Mapping[str, Any], float | None]:
        with _a_lost_clip():
            answer = await self._sent(client, "get", _path_of(clip_id), {}, _RETRIEVE_SECONDS)
        clip = answer.json()
        if not isinstance(clip, dict):
            raise wire.failure("bad_reply")
        asked = answer.headers.get("openai-poll-after-ms")
        return clip, wire.stated_wait({"retry-after-ms": asked}, None, None) if asked else None

    async def _fetched(self, client: "AsyncOpenAI", clip_id: str, prompt: str) -> bytes:
        """Download a finished clip, with a few tries."""
        tries = 0
        while True:
            tries += 1
            try:
                async with self._failures(prompt):
                    return await self._received(client, clip_id)
            except wire.PASSING as error:
                if error.reason == "bad_reply" or tries >= wire.MAX_FAILED_POLLS:
                    raise wire.unwatched(error) from error
                await asyncio.sleep(error.retry_after_seconds or self.poll_seconds[0])

    async def _received(self, client: "AsyncOpenAI", clip_id: str) -> bytes:
        address = f"{_path_of(clip_id)}/content?variant=video"
        headers = {"Accept": "application/binary"}
        film = bytearray()
        with _a_lost_clip():
            answer = await self._sent(client, "get", address, headers, _CONTENT_SECONDS, stream=True)
        try:
            async for piece in answer.aiter_bytes():
                film += piece
                if len(film) > self.max_clip_bytes:
                    raise wire.failure("bad_reply")
        finally:
            await answer.aclose()
        return bytes(film)

    async def _still_of(self, film: bytes, frame: Frame, open_file: OpenFile) -> bytes:
        """Return a late frame as PNG, cropped to the picture. Raises StillroomError."""
        shown = await vendor_pictures.opened(film, open_file, is_film=True)
        return await anyio.to_thread.run_sync(lambda: png_of(frame.cut_from(shown)))

    async def _delete(self, client: "AsyncOpenAI", clip_id: str | None, prompt: str) -> None:
        """Delete the clip, best effort."""
        if clip_id is None:
            return
        with suppress(StillroomError, TimeoutError):
            async with asyncio.timeout(_DELETE_SECONDS), self._failures(prompt):
                await self._sent(client, "delete", _path_of(clip_id), {}, _DELETE_SECONDS)

    async def _sent(
        self,
        client: "AsyncOpenAI",
        method: Literal["get", "post", "delete"],
        address: str,
        headers: Mapping[str, str],
        seconds: float,
        **more: Any,
    ) -> "Response":
        import httpx2

        timeout = httpx2.Timeout(seconds, connect=wire.CONNECT_SECONDS)
        send = getattr(client, method)
        options = {"headers": dict(headers), "timeout": timeout}
        answer: Response = await send(address, cast_to=httpx2.Response, options=options, **more)
        return answer

    def _clip_failure(self, clip: Mapping[str, Any], prompt: str) -> StillroomError:
        error = clip.get("error")
        error = error if isinstance(error, dict) else {}
        said, keys = error.get("message", ""), self._connection.secrets
        vendor_messages.log_failure(self.name, self.model, said, keys, prompt)
        found = failure_of(0, error, {}, None)
        if found.reason == "stream":
            return wire.failure("clip_failed")
        return found


@contextmanager
def _a_lost_clip() -> Iterator[None]:
    """Map a 404 after creation to `clip_lost`: the endpoint exists, but this clip is gone."""
    from openai import NotFoundError

    try:
        yield
    except NotFoundError as error:
        raise wire.failure("clip_lost") from error


def _path_of(clip_id: str) -> str:
    """Return the path of a clip; its id comes from the vendor and must not lead to another path."""
    return f"/videos/{quote(clip_id, safe='')}"


def _frame_of(image_request: ImageRequest) -> Frame:
    """Return the place of the picture in the supported video size with the nearest aspect ratio."""
    ratio = image_request.width / image_request.height
    width, height = min(_SIZES, key=lambda size: abs(size[0] / size[1] - ratio))
    scale = min(width / image_request.width, height / image_request.height)
    wide, tall = round(image_request.width * scale), round(image_request.height * scale)
    return Frame((width - wide) // 2, (height - tall) // 2, wide, tall, width, height)


def _first_picture(image_request: ImageRequest, frame: Frame) -> bytes:
    """Return the first frame as JPEG: the picture, padded by replicating its edges."""
    picture = vendor_pictures.pixels_of(image_request.pictures[0])
    small = cv2.resize(picture, (frame.width, frame.height), interpolation=cv2.INTER_AREA)
    return vendor_pictures.jpeg_of(frame.padded_picture(np.asarray(small, np.uint8)))
