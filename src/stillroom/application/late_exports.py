"""Exports whose encoding takes longer than a request may: a worker takes them on, one at a time."""

import random
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import anyio

from stillroom.application.lifecycle import STORAGE_PAUSE_SECONDS
from stillroom.application.limits import Limits
from stillroom.domain.errors import InternalError, StillroomError, StorageUnavailable, WorkerLost
from stillroom.domain.exports.file_names import EXTENSIONS
from stillroom.domain.exports.presets import DigitalSource, Export, ExportStatus, LateExport
from stillroom.domain.exports.rules import PictureFormat
from stillroom.domain.jobs.retries import backoff_seconds
from stillroom.domain.ports import Blobs, Clock, UnitOfWorkFactory
from stillroom.domain.variants import Variant
from stillroom.imaging.export import render
from stillroom.imaging.io.content_credentials import Sign
from stillroom.imaging.quality.integrity import PAINTED

MADE_LATE = frozenset({PictureFormat.AVIF})
"""Formats that take so long, and longer the larger the picture."""

MAX_ATTEMPTS = 3
"""Workers that take one on before it is given up."""

UNREADABLE_SECONDS = 60
"""How long what a later release has ordered waits for its next worker: an update replaces them in turn."""


class LateExports:
    """What a worker does with exports that wait."""

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        blobs: Blobs,
        clock: Clock,
        limits: Limits,
        sign: Sign | None = None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """Take what the work needs; `jitter` is uniform in [0, 1)."""
        self._unit_of_work = unit_of_work
        self._blobs = blobs
        self._clock = clock
        self._limits = limits
        self._sign = sign
        self._jitter = jitter

    async def claim(self, worker: str) -> LateExport | None:
        """Take on the oldest that can be made here, if there is one; what broke every worker is given up."""
        while True:
            now = self._clock()
            async with self._unit_of_work(read_only=True) as tx:
                if not await tx.exports.any_due(now):
                    return None
            async with self._unit_of_work() as tx:
                late = await tx.exports.claim(f"{worker}{secrets.token_hex(8)}", now, self._lease_end())
            if late is None:
                return None
            if late.attempts > MAX_ATTEMPTS:
                await self.fail(late, WorkerLost())
            elif late.recipe is None:
                # A worker of the release that ordered it may come along.
                async with self._unit_of_work() as tx:
                    await tx.exports.put_off(late, now + timedelta(seconds=UNREADABLE_SECONDS))
            else:
                return late

    async def keep(self, late: LateExport) -> bool:
        """Renew the lease; False when someone else has it now, or its picture was deleted."""
        async with self._unit_of_work() as tx:
            return await tx.exports.put_off(late, self._lease_end())

    async def make(self, late: LateExport) -> bool:
        """Encode, measure and store; False when it was no longer ours to store.

        Raises:
            StillroomError: The attempt failed.
        """
        export, recipe = late.export, late.recipe
        assert recipe is not None, "one that cannot be read is not given out"
        async with self._unit_of_work(read_only=True) as tx:
            variant = await tx.variants.get(export.variant_id, export.owner_id)
        master = await self._blobs.get(variant.blob_key)
        matte = await self._blobs.get(variant.matte_key) if variant.matte_key else None
        files = await anyio.to_thread.run_sync(
            partial(
                render.export,
                master,
                matte,
                recipe.preset,
                source_of(variant),
                recipe.fixes,
                recipe.label,
                self._sign,
                is_cut=is_cut(variant),
                is_doubtful=is_doubtful(variant),
            ),
            abandon_on_cancel=True,
        )
        file = next((file for file in files if file.part == export.part), None)
        if file is None:
            raise InternalError(f"The preset gives no part {export.part} any more.")
        # A key of this attempt's own: a signed file of an earlier one has other bytes.
        key = f"exports/{export.id}.{secrets.token_hex(4)}.{EXTENSIONS[file.format]}"
        await self._blobs.put(key, file.data, f"image/{file.format}")
        made = replace(
            export, status=ExportStatus.READY, bytes=len(file.data), blob_key=key, checks=file.checks
        )
        if not await self._settle(late, made):
            await self._blobs.delete([key])
            return False
        return True

    async def fail(self, late: LateExport, error: StillroomError) -> None:
        """End an attempt that failed: again later if that can help, else for good."""
        if error.retryable and late.attempts < MAX_ATTEMPTS:
            wait = backoff_seconds(late.attempts, self._jitter())
            if isinstance(error, StorageUnavailable):
                wait += STORAGE_PAUSE_SECONDS
            async with self._unit_of_work() as tx:
                await tx.exports.put_off(late, self._clock() + timedelta(seconds=wait))
            return
        await self._settle(late, replace(late.export, status=ExportStatus.FAILED))

    async def release(self, late: LateExport) -> None:
        """Hand one back unfinished without spending its attempt."""
        async with self._unit_of_work() as tx:
            await tx.exports.put_off(late, self._clock(), spent=False)

    async def recover(self, worker: str) -> int:
        """Take back what earlier lives of a worker left; gives back how many."""
        async with self._unit_of_work() as tx:
            return await tx.exports.give_back(worker, self._clock())

    async def _settle(self, late: LateExport, made: Export) -> bool:
        async with self._unit_of_work() as tx:
            return await tx.exports.settle(late, made)

    def _lease_end(self) -> datetime:
        return self._clock() + timedelta(seconds=self._limits.lease_seconds)


def source_of(variant: Variant) -> DigitalSource:
    """What was really done: retouching, a made backdrop, a scene from a trained model, or all of it from one.

    A turn that goes on from a painted picture is made here, and its ground is a model's all the same.
    """
    measures = variant.measures
    if variant.provider != "local" or measures.get("scene") == PAINTED:
        own = measures.get("verified") is True
        return DigitalSource.COMPOSITE_WITH_TRAINED_MODEL if own else DigitalSource.TRAINED_MODEL
    if variant.plan.backdrop.kind == "keep":
        return DigitalSource.ALGORITHMICALLY_ENHANCED
    return DigitalSource.COMPOSITE_SYNTHETIC


def is_cut(variant: Variant) -> bool:
    """Whether the photo did not show all of the product; where that was not noted, nobody knows of it."""
    return bool(variant.measures.get("cut_sides"))


def is_doubtful(variant: Variant) -> bool:
    """Whether the product's cut-out may be wrong; where that was not noted, nobody knows of it."""
    return bool(variant.measures.get("matte_doubts"))
