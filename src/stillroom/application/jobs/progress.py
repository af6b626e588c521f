"""Progress of a job: never decreases, and is reported when it changes, as is the matte once it is known."""

from stillroom.application.jobs.lifecycle import Lifecycle
from stillroom.domain.jobs.events import JobProgressed
from stillroom.domain.jobs.job import ClaimedJob
from stillroom.domain.mattes import StoredMatte
from stillroom.domain.providers.requests import Stage

PREPARED_PERCENT = 5
"""Progress in percent when the brief is read and generation starts."""

STORED_PERCENT = 99
"""Progress in percent when all pictures are stored; the end of the job reports 100."""


class JobProgress:
    """Progress of one attempt; its reports raise LeaseLost."""

    def __init__(self, job: ClaimedJob, lifecycle: Lifecycle) -> None:
        self._job = job
        self._lifecycle = lifecycle
        self._reported: tuple[str, int] | None = None
        self.stage = Stage.PREPARE
        self.percent = 0
        self.has_matte = False

    async def reach(self, stage: Stage, share: float) -> None:
        """Report that a stage has begun; `share` of the generation is done, 0..1."""
        span = STORED_PERCENT - PREPARED_PERCENT
        percent = 0 if stage is Stage.PREPARE else round(PREPARED_PERCENT + span * min(1.0, share))
        self.stage, self.percent = stage, max(self.percent, percent)
        if self._reported != (stage, self.percent):
            self._reported = (stage, self.percent)
            await self._lifecycle.append_event(self._job, JobProgressed(stage=stage, percent=self.percent))

    async def report_matte(self, matte: StoredMatte) -> None:
        """Report the matte that the job uses."""
        event = JobProgressed(
            stage=Stage.MATTE,
            percent=self.percent,
            matte_id=matte.id,
            edge_confidence=matte.edge_confidence,
        )
        await self._lifecycle.append_event(self._job, event)
        self.has_matte = True
