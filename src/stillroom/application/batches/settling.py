"""Settle items of batches: status, picture and warnings of an item after its job has ended."""

from collections.abc import Sequence
from dataclasses import replace

from stillroom.domain.batches.batches import Batch, BatchItem, ItemStatus
from stillroom.domain.batches.review import (
    NOT_CARRIED_OUT,
    NOT_UNDERSTOOD,
    OVER_BUDGET,
    PART_MISSING,
    best_of,
    verdict_on,
    warnings_on,
)
from stillroom.domain.errors import InternalError, stored_error
from stillroom.domain.ids import JobId
from stillroom.domain.jobs.events import EventType
from stillroom.domain.jobs.job import Job, JobStatus
from stillroom.domain.ports import UnitOfWork
from stillroom.domain.variants import Variant, VariantRole

EVENTS_PER_JOB = 500


async def settled_item(tx: UnitOfWork, batch: Batch, item: BatchItem) -> BatchItem:
    """Return an item as it is after its job has ended."""
    if item.job_id is None:
        return replace(item, status=ItemStatus.FAILED, error=stored_error(InternalError(), batch.request_id))
    job = await tx.jobs.get(item.job_id, item.owner_id)
    candidates = await _candidates_of(tx, job.id)
    if job.status is JobStatus.CANCELED:
        return replace(item, status=ItemStatus.CANCELED)
    if not candidates:
        error = job.last_error or stored_error(InternalError(), batch.request_id)
        return replace(item, status=ItemStatus.FAILED, error=error)
    best = best_of(candidates)
    warnings = await warnings_of(tx, best, job, batch.choices.approve_from)
    return replace(
        item,
        status=verdict_on(warnings),
        variant_id=best.id,
        quality=best.measures.quality,
        warnings=warnings,
        error=None,
        exported_variant_id=item.exported_variant_id if batch.choices.presets else best.id,
    )


async def warnings_of(tx: UnitOfWork, variant: Variant, job: Job, approve_from: float) -> tuple[str, ...]:
    """Return the reasons for which a person should look at a picture that a job made."""
    warnings = [*warnings_on(variant.measures, approve_from)]
    if any(call.reason == OVER_BUDGET for call in job.usage):
        warnings.append(OVER_BUDGET)
    if await _is_told_back(tx, job):
        warnings.append(NOT_UNDERSTOOD)
    if len(await _candidates_of(tx, job.id)) < len(job.wanted_ordinals):
        warnings.append(PART_MISSING)
    return tuple(warnings)


async def _is_told_back(tx: UnitOfWork, job: Job) -> bool:
    """Return whether a part of what was asked for was told back instead of carried out."""
    events = await tx.events.after(job.id, 0, EVENTS_PER_JOB)
    return any(event.type is EventType.LOG and event.data.get("code") in NOT_CARRIED_OUT for event in events)


async def _candidates_of(tx: UnitOfWork, job_id: JobId) -> Sequence[Variant]:
    """Return the pictures of a job without its preview."""
    return [one for one in await tx.variants.of_job(job_id) if one.role is VariantRole.CANDIDATE]
