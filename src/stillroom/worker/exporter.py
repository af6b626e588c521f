"""Makes the exports that no request has time for, one at a time, beside the jobs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from stillroom.application.late_exports import LateExports
from stillroom.domain.errors import InternalError, StillroomError
from stillroom.domain.exports.presets import LateExport
from stillroom.domain.ports import Signals
from stillroom.observability import log
from stillroom.worker.turns import survived

LOOK_AGAIN_SECONDS = 1.0
"""A hint that was lost costs no more than this."""

BEATS_PER_LEASE = 3


class Exporter:
    """Runs in every process that has a worker, until it is canceled."""

    def __init__(self, name: str, exports: LateExports, signals: Signals, lease_seconds: float) -> None:
        """Take what it needs; `name` is the worker's, which no other living process has."""
        self._name = name
        self._exports = exports
        self._signals = signals
        self._beat_seconds = lease_seconds / BEATS_PER_LEASE

    async def run(self) -> None:
        """Take on what waits, for ever; whatever an earlier life of this worker left comes first."""
        # What is not given back here is free when its lease has run out.
        await survived(self._exports.recover(self._name), "exporting_failed")
        async with self._signals.queue() as hint:
            while True:
                if await survived(self._make_what_is_due(), "exporting_failed"):
                    await hint.wait(LOOK_AGAIN_SECONDS)
                else:
                    await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def _make_what_is_due(self) -> None:
        while late := await self._exports.claim(self._name):
            await self._make(late)

    async def _make(self, late: LateExport) -> None:
        try:
            async with self._kept(late):
                stored = await self._exports.make(late)
        except asyncio.CancelledError:
            await asyncio.shield(self._release(late))
            raise
        except StillroomError as error:
            await self._exports.fail(late, error)
            log.warning("export_failed", export_id=late.export.id, attempt=late.attempts, code=error.code)
        except Exception as error:  # noqa: BLE001 - the edge: a fault of ours must not end the worker
            await self._exports.fail(late, InternalError())
            log.error("export_broke", export_id=late.export.id, exc_info=error)
        else:
            log.info("export_made", export_id=late.export.id, attempt=late.attempts, stored=stored)

    async def _release(self, late: LateExport) -> None:
        with suppress(StillroomError):
            await self._exports.release(late)

    @asynccontextmanager
    async def _kept(self, late: LateExport) -> AsyncIterator[None]:
        """Renew the lease as long as the context is open."""
        beating = asyncio.create_task(self._beat(late))
        try:
            yield
        finally:
            beating.cancel()

    async def _beat(self, late: LateExport) -> None:
        while True:
            await asyncio.sleep(self._beat_seconds)
            # Lost or not, what is made is stored only while it is held.
            await survived(self._exports.keep(late), "exporting_failed")
