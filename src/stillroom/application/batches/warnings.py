"""Warnings on a picture of a batch: those of its measures, and those of the job that made it."""

from collections.abc import Sequence

from stillroom.domain.batches.review import (
    NOT_CARRIED_OUT,
    NOT_UNDERSTOOD,
    OVER_BUDGET,
    PART_MISSING,
    warnings_on,
)
from stillroom.domain.ids import JobId
from stillroom.domain.jobs.events import EventType
from stillroom.domain.jobs.job import Job
from stillroom.domain.ports import UnitOfWork
from stillroom.domain.variants import Variant, VariantRole

EVENTS_PER_JOB = 500


async def candidates_of(tx: UnitOfWork, job_id: JobId) -> Sequence[Variant]:
    """Return the pictures of a job without its preview."""
    return [one for one in await tx.variants.of_job(job_id) if one.role is VariantRole.CANDIDATE]


async def warnings_of(tx: UnitOfWork, variant: Variant, job: Job, approve_from: float) -> tuple[str, ...]:
    """Return the reasons for which a person should look at a picture that a job made."""
    warnings = [*warnings_on(variant.measures, approve_from)]
    if any(call.reason == OVER_BUDGET for call in job.usage):
        warnings.append(OVER_BUDGET)
    if await _is_told_back(tx, job):
        warnings.append(NOT_UNDERSTOOD)
    if len(await candidates_of(tx, job.id)) < len(job.wanted_ordinals):
        warnings.append(PART_MISSING)
    return tuple(warnings)


async def _is_told_back(tx: UnitOfWork, job: Job) -> bool:
    """Return whether a part of what was asked for was told back instead of carried out."""
    events = await tx.events.after(job.id, 0, EVENTS_PER_JOB)
    return any(event.type is EventType.LOG and event.data.get("code") in NOT_CARRIED_OUT for event in events)
