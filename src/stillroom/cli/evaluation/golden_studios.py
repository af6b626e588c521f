"""Studio under evaluation: one in this process with temporary data."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import SecretStr

from stillroom.application.jobs.orders import Order
from stillroom.bootstrap import Studio, open_studio
from stillroom.cli.scratch import scratch_settings
from stillroom.cli.serve import working
from stillroom.domain.errors import NotFound
from stillroom.domain.faults import parse_faults
from stillroom.domain.ids import LOCAL_OWNER, SessionId, VariantId
from stillroom.domain.jobs.events import EventType
from stillroom.domain.providers.requests import Operation
from stillroom.domain.variants import VariantRole
from stillroom.evaluation.golden.runner import Ended, Opened, Pass
from stillroom.observability import Metrics
from stillroom.settings import CLOUD_SETTINGS, Settings

_WEB = "web-1080"
_NOBODY = "http://127.0.0.1:9"
"""Discard port: address for providers without a key that are to fail, so that no request leaves."""


class InProcess:
    """Studio in this process with temporary data."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    async def upload(self, name: str, photo: bytes) -> Opened:
        async def read() -> bytes:
            return photo

        taken = await self._studio.photos.intake.upload(
            read, file_name=name, declared_type="image/jpeg", owner_id=LOCAL_OWNER
        )
        session = (await self._studio.sessions.open(taken.asset.id, LOCAL_OWNER, None, None)).session
        return Opened(session.id, await self._studio.photos.selection.fetch(taken.asset.id, LOCAL_OWNER))

    async def edit(self, session_id: SessionId, operation: Operation, prompt: str, candidates: int) -> Ended:
        return await self._done(Order(session_id, operation, prompt, candidates))

    async def refine(self, session_id: SessionId, variant_id: VariantId, prompt: str) -> Ended:
        return await self._done(Order(session_id, Operation.REFINE, prompt, 1, variant_id=variant_id))

    async def picture(self, variant_id: VariantId) -> bytes:
        return await self._studio.photos.selection.fetch(variant_id, LOCAL_OWNER)

    async def matte(self, variant_id: VariantId) -> bytes | None:
        try:
            stored = await self._studio.photos.selection.find_matte(variant_id, LOCAL_OWNER)
        except NotFound:
            return None
        return await self._studio.photos.selection.read(stored)

    async def web_jpeg(self, variant_id: VariantId) -> bytes:
        made = await self._studio.exports.make([variant_id], [_WEB], LOCAL_OWNER)
        jpeg = next(export for export in made.exports if export.format == "jpeg")
        return (await self._studio.exports.file(jpeg.id, LOCAL_OWNER)).data

    async def _done(self, order: Order) -> Ended:
        job = (await self._studio.jobs.submit(order, LOCAL_OWNER)).view.job
        error = None
        async for event in self._studio.events.follow(job.id, 0):
            if event.type is EventType.FAILED:
                error = str(event.data["error"]["code"])
        view = await self._studio.jobs.view(job.id, LOCAL_OWNER)
        offered = tuple(variant for variant in view.variants if variant.role is VariantRole.CANDIDATE)
        return Ended(view.job, offered, error)


@asynccontextmanager
async def in_process(settings: Settings, faults: str | None, which: Pass) -> AsyncIterator[InProcess]:
    """Open a fresh, warmed-up studio; it uses the networks of the data folder."""
    with tempfile.TemporaryDirectory(prefix="stillroom-golden-") as scratch:
        data = Path(scratch)
        for shared in ("weights", "config"):
            if (settings.data_dir / shared).is_dir():
                (data / shared).symlink_to(settings.data_dir / shared)
        changes = {"faults": faults, **_placeholder_keys(settings, faults or "")} if which == "faults" else {}
        here = scratch_settings(settings, data, data_dir=data, **changes)
        async with open_studio(here, Metrics()) as studio, working(here, studio):
            await studio.warm_up()
            yield InProcess(studio)


def _placeholder_keys(settings: Settings, faults: str) -> dict[str, object]:
    """Return placeholder keys for providers without one that are to fail before any request is sent."""
    wanted: dict[str, object] = {}
    targets = {fault.target for fault in parse_faults(faults)}
    for name, (fields, _) in CLOUD_SETTINGS.items():
        if name in targets and getattr(settings, f"{fields}_api_key") is None:
            wanted |= {f"{fields}_api_key": SecretStr("drill"), f"{fields}_base_url": _NOBODY}
    if "sora_api_key" in wanted and settings.sora_model is None:
        wanted["sora_model"] = "drill"
    return wanted
