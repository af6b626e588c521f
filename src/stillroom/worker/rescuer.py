"""Rescuer: rescues jobs of dead workers and runs the periodic housekeeping."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from stillroom.application.housekeeping import Housekeeping
from stillroom.application.jobs.lifecycle import Lifecycle
from stillroom.observability import log
from stillroom.worker.iteration import run_iteration

SWEEP_EVERY_SECONDS = 60.0

ORPHANS_EVERY_SECONDS = 6 * 3600.0
"""Interval in seconds; long, because the sweep lists every blob."""

ORPHAN_EXPORTS_EVERY_SECONDS = 600.0
"""Interval in seconds; the sweep lists the export files only."""


@dataclass
class _Task:
    """Periodic task; due when `waited_seconds` reaches its interval."""

    run: Callable[[], Awaitable[None]]
    failure_event: str
    every_seconds: float
    waited_seconds: float


class Rescuer:
    """Background task of every process; runs until it is cancelled."""

    def __init__(
        self,
        lifecycle: Lifecycle,
        housekeeping: Housekeeping,
        lease_seconds: float,
        sweep_every_seconds: float = SWEEP_EVERY_SECONDS,
    ) -> None:
        """Look for expired leases twice per lease period."""
        self._lifecycle = lifecycle
        self._housekeeping = housekeeping
        self._every_seconds = min(lease_seconds / 2, sweep_every_seconds)
        orphans, exports = ORPHANS_EVERY_SECONDS, ORPHAN_EXPORTS_EVERY_SECONDS
        self._tasks = (
            _Task(self._rescue, "rescue_failed", 0.0, 0.0),
            _Task(self._sweep, "sweep_failed", sweep_every_seconds, sweep_every_seconds),
            # Random start, so that the processes of a restarted installation do not sweep at once.
            _Task(self._sweep_orphans, "sweep_failed", orphans, random.uniform(0, orphans)),  # noqa: S311
            _Task(self._sweep_orphan_exports, "sweep_failed", exports, random.uniform(0, exports)),  # noqa: S311
        )

    async def run(self) -> None:
        """Run all periodic tasks for ever."""
        while True:
            for task in self._tasks:
                if task.waited_seconds >= task.every_seconds:
                    task.waited_seconds = 0.0
                    await run_iteration(task.run(), task.failure_event)
            await asyncio.sleep(self._every_seconds)
            for task in self._tasks:
                task.waited_seconds += self._every_seconds

    async def _rescue(self) -> None:
        rescued = await self._lifecycle.rescue()
        if rescued:
            log.warning("jobs_rescued", count=len(rescued))

    async def _sweep(self) -> None:
        swept = await self._housekeeping.sweep()
        if swept.exports or swept.keys:
            log.info("swept", exports=swept.exports, keys=swept.keys)
        if photos := await self._housekeeping.sweep_traces():
            log.info("cutouts_swept", photos=photos)

    async def _sweep_orphans(self) -> None:
        photos = await self._housekeeping.sweep_photos()
        if photos:
            log.info("photos_swept", count=photos)
        orphans = await self._housekeeping.sweep_orphans()
        if orphans:
            log.info("orphans_swept", count=orphans)

    async def _sweep_orphan_exports(self) -> None:
        orphans = await self._housekeeping.sweep_orphan_exports()
        if orphans:
            log.info("orphan_exports_swept", count=orphans)
