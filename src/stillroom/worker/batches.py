"""Batch loop: advances batches in every process that runs jobs or serves requests."""

import asyncio
import time
from dataclasses import dataclass

from stillroom.application.batches.runner import BatchRunner
from stillroom.domain.ports import Notifier
from stillroom.observability import Metrics
from stillroom.worker.iteration import run_iteration

POLL_SECONDS = 1.0
"""Polling interval in seconds; bounds the delay after a lost notification."""

MIN_SECONDS = 0.05
"""Least interval between two steps in seconds, because every change of the queue notifies."""


@dataclass(frozen=True)
class BatchLoop:
    """Background task; runs until it is cancelled."""

    _runner: BatchRunner
    _notifier: Notifier
    _metrics: Metrics

    async def run(self) -> None:
        """Advance batches whenever the queue changes, for ever."""
        async with self._notifier.queue() as subscription:
            while True:
                started = time.monotonic()
                stepped = await run_iteration(self._runner.step(), "batches_failed")
                if stepped is not None:
                    self._metrics.batches_advanced(stepped.settled, stepped.finished)
                if stepped is None or not stepped.has_more:
                    await subscription.wait(POLL_SECONDS)
                rest = started + MIN_SECONDS - time.monotonic()
                if rest > 0:
                    await asyncio.sleep(rest)
