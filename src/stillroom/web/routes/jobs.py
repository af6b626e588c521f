"""`/edit`, `/refine`, `/job` and `/variant`: create, follow up and control jobs, and adopt variants."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import PlainTextResponse

from stillroom.application.jobs.orders import Order
from stillroom.application.jobs.views import Submission
from stillroom.application.limits.limits import NEW_JOBS
from stillroom.domain.ids import JobId, SessionId, VariantId
from stillroom.domain.jobs.job import JobStatus
from stillroom.domain.providers.requests import Operation
from stillroom.web.dependencies import (
    CallDep,
    IdempotencyKeyDep,
    PagingDep,
    PathId,
    QueryId,
)
from stillroom.web.problems import Limit, limit_headers
from stillroom.web.responses import LIMITED, PROMPT, STATE, WITH_ID, WITH_KEY, attached, errors
from stillroom.web.schemas.jobs import (
    EditRequest,
    Job,
    JobPage,
    RefineRequest,
    Variant,
    job_answer,
    variant_answer,
)

router = APIRouter(tags=["jobs"])

_SUBMIT = errors(WITH_ID, WITH_KEY, LIMITED, PROMPT, STATE, body=True)


@router.post("/edit", status_code=202, responses=_SUBMIT)
async def edit(call: CallDep, key: IdempotencyKeyDep, body: EditRequest, response: Response) -> Job:
    """Optimise a photo, or replace its background.

    `changes` sets fields of the plan, with or without a prompt, and takes precedence over it. A prompt of
    which nothing is understood is refused; `params.told_back` holds the `text`, `reason` and `suggestion`
    of each part.
    """
    order = Order(
        session_id=body.session_id,
        operation=Operation(body.operation),
        prompt=body.prompt or "",
        candidates=body.candidates,
        template=body.template,
        variant_id=body.variant_id,
        provider=body.provider,
        changes=body.changes,
    )
    submission = await call.studio.jobs.submit(order, call.owner, key=key, trace=call.trace)
    return _accepted(submission, call.language, response)


@router.post("/refine", status_code=202, responses=_SUBMIT)
async def refine(call: CallDep, key: IdempotencyKeyDep, body: RefineRequest, response: Response) -> Job:
    """Change a picture by a short instruction or by `changes`, or restore one object; all else stays.

    A prompt of which nothing is understood is refused as by `/edit`, unless there are `changes` too.
    """
    order = Order(
        session_id=body.session_id,
        operation=Operation.REFINE,
        prompt=body.prompt or "",
        candidates=1 if body.restore else body.candidates,
        variant_id=body.variant_id,
        provider="local" if body.restore else body.provider,
        restore=body.restore,
        changes=body.changes,
    )
    submission = await call.studio.jobs.submit(order, call.owner, key=key, trace=call.trace)
    return _accepted(submission, call.language, response)


@router.get("/job", responses=errors())
async def list_jobs(
    call: CallDep,
    paging: PagingDep,
    session_id: QueryId[SessionId] = None,
    status: Annotated[JobStatus | None, Query()] = None,
) -> JobPage:
    """List jobs, newest first."""
    page = await call.studio.jobs.list(call.owner, session_id, status, *paging)
    return JobPage.showing(page, partial(job_answer, language=call.language))


@router.get("/job/{job_id}", responses=errors(WITH_ID))
async def get_job(call: CallDep, job_id: PathId[JobId]) -> Job:
    """Return one job with the pictures it has made so far."""
    return job_answer(await call.studio.jobs.view(job_id, call.owner), call.language)


@router.post("/job/{job_id}/cancel", responses=errors(WITH_ID, STATE))
async def cancel_job(call: CallDep, job_id: PathId[JobId]) -> Job:
    """Cancel a job; pictures it has made stay. A canceled one stays as it is."""
    return job_answer(await call.studio.jobs.cancel(job_id, call.owner), call.language)


@router.post("/job/{job_id}/retry", status_code=202, responses=errors(WITH_ID, STATE, WITH_KEY, LIMITED))
async def retry_job(call: CallDep, key: IdempotencyKeyDep, job_id: PathId[JobId], response: Response) -> Job:
    """Create a new job for what a failed or canceled one did not make.

    Without an idempotency key, only one such job can be active at a time.
    """
    submission = await call.studio.jobs.retry(job_id, call.owner, key=key, trace=call.trace)
    return _accepted(submission, call.language, response)


@router.get(
    "/job/{job_id}/report",
    response_class=PlainTextResponse,
    responses={
        200: {"description": "The report.", "content": {"text/markdown": {"schema": {"type": "string"}}}},
        **errors(WITH_ID),
    },
)
async def job_report(call: CallDep, job_id: PathId[JobId]) -> PlainTextResponse:
    """Return a support report of a job: the request, the provider calls and the outcome, without secrets."""
    report = await call.studio.reports.of_job(job_id, call.owner)
    return PlainTextResponse(report, media_type="text/markdown", headers=attached(f"{job_id}.md"))


@router.post("/variant/{variant_id}/adopt", responses=errors(WITH_ID))
async def adopt(call: CallDep, variant_id: PathId[VariantId]) -> Variant:
    """Mark a picture as the chosen one."""
    return variant_answer(await call.studio.photos.selection.adopt(variant_id, call.owner))


def _accepted(submission: Submission, language: str, response: Response) -> Job:
    response.headers.update(headers_of(submission))
    return job_answer(submission.view, language)


def headers_of(submission: Submission) -> dict[str, str]:
    """Return the headers of a response with a new job: `Location` and those of the rate limits."""
    quota = submission.quota
    waiting = Limit("waiting", quota.may_wait, None, quota.may_wait - quota.waiting, None)
    return {
        "Location": f"/job/{submission.view.job.id}",
        **({"Idempotent-Replayed": "true"} if submission.replayed else {}),
        **limit_headers(Limit.of(NEW_JOBS, quota.allowance), waiting),
    }
