"""Looking after what others left: silent workers' jobs, expired exports, old keys."""

import asyncio

from stillroom.application.housekeeping import Housekeeping
from stillroom.application.lifecycle import Lifecycle
from stillroom.domain.errors import StillroomError
from stillroom.observability import log

SWEEP_EVERY_SECONDS = 60.0


class Rescuer:
    """Runs beside the worker until it is canceled."""

    def __init__(self, lifecycle: Lifecycle, housekeeping: Housekeeping, lease_seconds: float) -> None:
        """Look for silent workers twice a lease."""
        self._lifecycle = lifecycle
        self._housekeeping = housekeeping
        self._every_seconds = min(lease_seconds / 2, SWEEP_EVERY_SECONDS)

    async def run(self) -> None:
        """Look around for ever."""
        since_sweep = SWEEP_EVERY_SECONDS
        while True:
            try:
                rescued = await self._lifecycle.rescue()
                if rescued:
                    log.warning("jobs_rescued", count=rescued)
                if since_sweep >= SWEEP_EVERY_SECONDS:
                    since_sweep = 0.0
                    swept = await self._housekeeping.sweep()
                    if swept:
                        log.info("exports_swept", count=swept)
            except StillroomError as error:
                log.warning("rescue_failed", code=error.code)
            await asyncio.sleep(self._every_seconds)
            since_sweep += self._every_seconds
