"""Matte of a job: the user's correction if there is one, else what the provider finds."""

import contextlib
from dataclasses import dataclass

from stillroom.application.jobs.lifecycle import Lifecycle
from stillroom.application.photos.mattes import Mattes
from stillroom.domain.errors import StorageUnavailable
from stillroom.domain.jobs.events import JobProgressed
from stillroom.domain.jobs.job import ClaimedJob
from stillroom.domain.mattes import CorrectedMatte, FoundMatte, StoredMatte
from stillroom.domain.providers.requests import Stage


@dataclass
class JobMatte:
    """Reports the matte of a job once, as soon as it is known."""

    _job: ClaimedJob
    _mattes: Mattes
    _lifecycle: Lifecycle
    _is_reported: bool = False

    async def corrected(self, percent: int) -> CorrectedMatte | None:
        """Return the user's correction, if any, and report it. Raises LeaseLost."""
        matte = await self._mattes.correction_of(self._job.session_id)
        if matte is None or matte.correction is None:
            return None
        cover = await self._mattes.file_of(matte)
        await self._report(matte, percent)
        return CorrectedMatte(matte.id, cover, matte.model, matte.edge_confidence, matte.correction.product)

    async def found(self, found: FoundMatte, percent: int) -> None:
        """Store and report the matte of the provider; unavailable storage does not fail the job.

        Raises LeaseLost, and Conflict if the session is deleted.
        """
        if self._is_reported:
            return
        with contextlib.suppress(StorageUnavailable):
            matte = await self._mattes.store_found(self._job.session_id, self._job.owner_id, found)
            await self._report(matte, percent)

    async def _report(self, matte: StoredMatte, percent: int) -> None:
        event = JobProgressed(
            stage=Stage.MATTE, percent=percent, matte_id=matte.id, edge_confidence=matte.edge_confidence
        )
        await self._lifecycle.append_event(self._job, event)
        self._is_reported = True
