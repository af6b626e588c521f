"""Background adapter of Model Studio: uploads the cut-out product, and polls a task that paints behind it."""

import asyncio
import secrets
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import anyio
import anyio.to_thread
import numpy as np

from stillroom.domain.errors import StillroomError
from stillroom.domain.providers.capabilities import ModelCard
from stillroom.imaging.io.encoding import png_of
from stillroom.providers.adapters import vendor_pictures, wire
from stillroom.providers.adapters.http_wire import result_of
from stillroom.providers.adapters.qwen_wire import DashScopeModel
from stillroom.providers.image_requests import ImageRequest, ImageResult

BACKGROUND_MODELS = "wanx-background-generation"
"""Prefix of the models of this adapter."""

_CREATE = "/api/v1/services/aigc/background-generation/generation/"
_VERSION = "v3"
_CREATE_SECONDS, _LOOK_SECONDS, _UPLOAD_SECONDS, _CANCEL_SECONDS = 15.0, 10.0, 60.0, 5.0
_ENDED_BADLY = frozenset({"FAILED", "CANCELED", "UNKNOWN"})
_SHAPE_TOLERANCE = 0.02
_UNWANTED = "text, watermark, people, hands, second product"


class QwenBackgroundModel(DashScopeModel):
    """A model that paints only what is behind the product; only Beijing has it.

    Attributes:
        poll_seconds: Wait before the first look at a task, and between later ones.
    """

    poll_seconds = (3.0, 5.0)

    def __init__(self, key: str, model: str, base_url: str | None = None, proxy: str | None = None) -> None:
        super().__init__(key, model, base_url, proxy)
        # The vendor runs one task per account at a time.
        self._turn = asyncio.Lock()

    async def make(self, image_request: ImageRequest, card: ModelCard) -> ImageResult:
        """Create a task, wait for it and fetch its pictures. Raises StillroomError, see PictureModel."""
        cut_out = await anyio.to_thread.run_sync(_cut_out_of, image_request)
        task_id: str | None = None
        is_done = False
        try:
            async with wire.within(card.ceiling_seconds), self._turn:
                address = await self._uploaded(cut_out)
                task_id = await self._created(image_request, card, address)
                output = await self._finished(task_id, image_request.prompt)
                is_done = True
                return await self._returned(output, task_id, image_request, card)
        except StillroomError as error:
            if task_id is not None:
                error.provider_request_id = error.provider_request_id or task_id
                # Even if a later request did not reach the vendor, a second order would be billed again.
                error.sent = True
            raise
        finally:
            if task_id is not None and not is_done:
                with anyio.CancelScope(shield=True):
                    await self._cancel(task_id, image_request.prompt)

    async def _uploaded(self, cut_out: bytes) -> str:
        """Upload the cut-out to the vendor's temporary storage; return its address there."""
        answer = await self._sent(
            "GET", f"/api/v1/uploads?action=getPolicy&model={self.model}", seconds=_LOOK_SECONDS, prompt=""
        )
        policy = answer.document.get("data")
        names = {
            "OSSAccessKeyId": "oss_access_key_id",
            "policy": "policy",
            "Signature": "signature",
            "x-oss-object-acl": "x_oss_object_acl",
            "x-oss-forbid-overwrite": "x_oss_forbid_overwrite",
        }
        if not isinstance(policy, dict) or not all(
            isinstance(policy.get(name), str) for name in (*names.values(), "upload_host", "upload_dir")
        ):
            raise wire.failure("bad_reply")
        largest = policy.get("max_file_size_mb")
        if isinstance(largest, int | float) and len(cut_out) > largest * 1_000_000:
            raise wire.failure("picture_size")
        key = f"{policy['upload_dir']}/{secrets.token_hex(8)}.png"
        fields = {field: policy[name] for field, name in names.items()}
        fields |= {"key": key, "success_action_status": "200"}
        await self._connection.posted(
            policy["upload_host"], fields, ("product.png", cut_out, "image/png"), _UPLOAD_SECONDS
        )
        return f"oss://{key}"

    async def _created(self, image_request: ImageRequest, card: ModelCard, address: str) -> str:
        scene = (image_request.wish or image_request.instruction)[: card.limits.prompt_characters]
        answer = await self._sent(
            "POST",
            _CREATE,
            seconds=_CREATE_SECONDS,
            body={
                "model": self.model,
                "input": {"base_image_url": address, "ref_prompt": scene, "neg_ref_prompt": _UNWANTED},
                "parameters": {"n": image_request.count, "model_version": _VERSION},
            },
            headers={
                **image_request.headers,
                "X-DashScope-Async": "enable",
                "X-DashScope-OssResourceResolve": "enable",
            },
            prompt=image_request.prompt,
        )
        output = answer.document.get("output")
        task_id = output.get("task_id") if isinstance(output, dict) else None
        if not isinstance(task_id, str) or not task_id.replace("-", "").isalnum():
            raise wire.failure("bad_reply")
        return task_id

    async def _finished(self, task_id: str, prompt: str) -> Mapping[str, Any]:
        """Poll until the task has succeeded; any unknown status counts as running. Raises StillroomError."""
        pause, later = self.poll_seconds
        lost = 0
        while True:
            await asyncio.sleep(pause)
            pause = later
            try:
                answer = await self._sent(
                    "GET", f"/api/v1/tasks/{task_id}", seconds=_LOOK_SECONDS, prompt=prompt
                )
            except wire.PASSING as error:
                lost += 1
                if lost >= wire.MAX_FAILED_POLLS:
                    raise wire.unwatched(error) from error
                pause = error.retry_after_seconds or later
                continue
            lost = 0
            output = answer.document.get("output")
            output = output if isinstance(output, dict) else {}
            status = str(output.get("task_status")).upper()
            if status == "SUCCEEDED":
                return output
            if status == "FAILED":
                raise self._failed(output, 0, answer.headers, prompt, provider_request_id=task_id)
            if status in _ENDED_BADLY:
                raise wire.failure("task_lost")

    async def _returned(
        self, output: Mapping[str, Any], task_id: str, image_request: ImageRequest, card: ModelCard
    ) -> ImageResult:
        results = output.get("results")
        items = [item for item in results if isinstance(item, dict)] if isinstance(results, list) else []
        links = [item["url"] for item in items if isinstance(item.get("url"), str)]
        cost = (card.cost_micro_usd or 0) * len(links)
        failed = next((item for item in items if item.get("code")), None)
        if not links and failed is not None:
            raise self._failed(failed, 0, {}, image_request.prompt, provider_request_id=task_id)
        size = image_request.width, image_request.height
        return await result_of(
            self._connection, links, image_request.open_file, size, cost, task_id, tolerance=_SHAPE_TOLERANCE
        )

    async def _cancel(self, task_id: str, prompt: str) -> None:
        """Cancel the task, best effort; the vendor cancels only tasks that have not begun."""
        with suppress(StillroomError, TimeoutError):
            async with asyncio.timeout(_CANCEL_SECONDS):
                await self._sent(
                    "POST", f"/api/v1/tasks/{task_id}/cancel", seconds=_CANCEL_SECONDS, prompt=prompt
                )


def _cut_out_of(image_request: ImageRequest) -> bytes:
    """Return the product of the first picture as RGBA PNG; its alpha is the mask's protected area."""
    picture = vendor_pictures.pixels_of(image_request.pictures[0])
    cover = vendor_pictures.mask_of(image_request.mask)[..., 3]
    if not cover.any():
        raise wire.failure("bad_request")
    return png_of(np.ascontiguousarray(np.dstack([picture, cover])))
