"""Views of jobs: with their pictures, queue positions and quota."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stillroom.application.limits.limits import QuotaStatus
from stillroom.domain.ids import JobId
from stillroom.domain.jobs.job import Job
from stillroom.domain.ports import UnitOfWork
from stillroom.domain.variants import Variant


@dataclass(frozen=True, slots=True)
class JobView:
    """Job with its variants and its queue position."""

    job: Job
    variants: tuple[Variant, ...]
    position: int | None


@dataclass(frozen=True, slots=True)
class Submission:
    """Job of a request; `replayed` is true when an earlier request with the same key made it."""

    view: JobView
    replayed: bool
    quota: QuotaStatus


async def view_of(tx: UnitOfWork, job: Job) -> JobView:
    """Return a job with its variants and its queue position."""
    return JobView(job, await tx.variants.of_job(job.id), await tx.jobs.position(job))


async def views_of(tx: UnitOfWork, jobs: Sequence[Job]) -> tuple[JobView, ...]:
    """Return several jobs with their variants and queue positions."""
    return await with_variants(tx, jobs, await tx.variants.of_jobs([job.id for job in jobs]))


async def with_variants(
    tx: UnitOfWork, jobs: Sequence[Job], variants: Mapping[JobId, tuple[Variant, ...]]
) -> tuple[JobView, ...]:
    """Return several jobs with these variants and their queue positions."""
    return tuple([JobView(job, variants.get(job.id, ()), await tx.jobs.position(job)) for job in jobs])
