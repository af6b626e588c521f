"""Wait for a job: report its progress, collect its notices, and cancel it with the call."""

from contextlib import suppress
from dataclasses import dataclass

import anyio

from stillroom.domain.errors import Conflict, NotFound, ProviderTimeout, error_from
from stillroom.domain.ids import JobId
from stillroom.domain.jobs.events import EventType
from stillroom.domain.jobs.job import Job
from stillroom.domain.variants import Variant, VariantRole
from stillroom.mcp.answers import Notice
from stillroom.mcp.calls import Call

PICTURE_SECONDS = 900.0
"""Deadline of a job for its caller, in seconds; the slowest cloud takes about four minutes per picture."""


@dataclass(frozen=True, slots=True)
class Made:
    """A job that has succeeded, with its pictures."""

    job: Job
    variants: tuple[Variant, ...]
    notices: list[Notice]


async def finished(call: Call, job_id: JobId, seconds: float = PICTURE_SECONDS) -> Made:
    """Wait for the end of a job.

    Raises:
        StillroomError: The job failed.
        Conflict: The job was cancelled by another request.
        ProviderTimeout: It took too long and was cancelled.
    """
    try:
        with anyio.fail_after(seconds):
            notices = await _followed(call, job_id)
    except TimeoutError as error:
        await _cancel(call, job_id)
        raise ProviderTimeout(
            f"The pictures were not made within {seconds:g} s; nothing is under way."
        ) from error
    except anyio.get_cancelled_exc_class():
        with anyio.CancelScope(shield=True):
            await _cancel(call, job_id)
        raise
    view = await call.studio.jobs.view(job_id, call.owner_id)
    made = tuple(variant for variant in view.variants if variant.role is VariantRole.CANDIDATE)
    return Made(view.job, made, notices)


async def _followed(call: Call, job_id: JobId) -> list[Notice]:
    notices = []
    async for event in call.studio.events.follow(job_id, 0):
        match event.type:
            case EventType.QUEUED:
                await call.report(0, f"queued, position {event.data['position']}")
            case EventType.PROGRESS:
                await call.report(event.data["percent"], event.data["stage"])
            case EventType.LOG:
                notices.append(Notice(**{name: event.data[name] for name in ("code", "level", "message")}))
            case EventType.FAILED:
                raise error_from(event.data["error"])
            case EventType.CANCELED:
                raise Conflict("The job was canceled.")
            case _:
                pass
    return notices


async def _cancel(call: Call, job_id: JobId) -> None:
    with suppress(Conflict, NotFound):
        await call.studio.jobs.cancel(job_id, call.owner_id)
