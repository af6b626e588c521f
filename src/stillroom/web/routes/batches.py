"""`/batch`: many photos processed by one recipe, on the server."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from stillroom.domain.batches.batches import ItemStatus
from stillroom.domain.ids import BatchId, BatchItemId
from stillroom.web.dependencies import (
    CallDep,
    IdempotencyKeyDep,
    PagingDep,
    PathId,
    counted,
)
from stillroom.web.middleware.audit import touch
from stillroom.web.responses import (
    LIMITED,
    PROMPT,
    STATE,
    WITH_ID,
    WITH_KEY,
    Download,
    a_file,
    attached,
    errors,
)
from stillroom.web.schemas.batches import (
    Batch,
    BatchEstimate,
    BatchItem,
    BatchItemPage,
    BatchPage,
    BatchRequest,
    ItemDecision,
    MoreItems,
    batch_answer,
    estimate_answer,
    item_answer,
)

router = APIRouter(prefix="/batch", tags=["batches"])

_CHANGE = errors(WITH_ID, STATE)


@router.post(
    "",
    status_code=202,
    response_model=Batch,
    responses={
        200: {"model": BatchEstimate, "description": "With `dry_run`: the estimate; nothing is stored."},
        **errors(WITH_ID, WITH_KEY, LIMITED, PROMPT, STATE, body=True),
    },
)
async def create_batch(
    call: CallDep, key: IdempotencyKeyDep, body: BatchRequest, response: Response
) -> Response | Batch:
    """Process photos by a recipe, whether a page stays open or not.

    Jobs of a batch have low priority: they never delay single jobs of anyone. A picture whose quality or
    confidence is below `approve_from` of the recipe waits for a person's decision.
    """
    new = body.new_batch
    if body.dry_run:
        # Reads every instruction, but starts no job that the rate of jobs would count.
        await call.studio.access.rates.consume("instructions", call.owner)
        estimate = await call.studio.batches.requests.estimate(new, call.owner)
        answer = estimate_answer(estimate, body.budget_usd, call.language)
        return JSONResponse(answer.model_dump(mode="json"))
    made = await call.studio.batches.requests.create(
        new, call.owner, key=key, request_id=call.trace.request_id
    )
    response.headers["Location"] = f"/batch/{made.view.batch.id}"
    if made.replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return batch_answer(made.view)


@router.get("", responses=errors())
async def list_batches(call: CallDep, paging: PagingDep) -> BatchPage:
    """List batches, newest first."""
    page = await call.studio.batches.requests.list(call.owner, *paging)
    return BatchPage.showing(page, batch_answer)


@router.get("/{batch_id}", responses=errors(WITH_ID))
async def get_batch(call: CallDep, batch_id: PathId[BatchId]) -> Batch:
    """Return one batch with its figures."""
    return batch_answer(await call.studio.batches.requests.view(batch_id, call.owner))


@router.get("/{batch_id}/item", responses=errors(WITH_ID))
async def list_batch_items(
    call: CallDep,
    batch_id: PathId[BatchId],
    paging: PagingDep,
    status: Annotated[ItemStatus | None, Query()] = None,
) -> BatchItemPage:
    """List the items of a batch, in their order."""
    page = await call.studio.batches.requests.items(batch_id, call.owner, status, *paging)
    return BatchItemPage.showing(page, partial(item_answer, language=call.language))


@router.post(
    "/{batch_id}/item", status_code=202, responses=errors(WITH_ID, WITH_KEY, STATE, LIMITED, body=True)
)
async def add_batch_items(
    call: CallDep, key: IdempotencyKeyDep, batch_id: PathId[BatchId], body: MoreItems, response: Response
) -> Batch:
    """Add photos to an open batch."""
    request_hash = f"{batch_id} {body.request_hash}"
    made = await call.studio.batches.requests.add(
        batch_id, call.owner, body.new_items, request_hash, key=key, request_id=call.trace.request_id
    )
    if made.replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return batch_answer(made.view)


@router.patch("/{batch_id}/item/{item_id}", responses=errors(WITH_ID, STATE, PROMPT, body=True))
async def decide_batch_item(
    call: CallDep, batch_id: PathId[BatchId], item_id: PathId[BatchItemId], body: ItemDecision
) -> BatchItem:
    """Approve or reject an item, or make it again with other words.

    The files of an approved item are made, and its picture is adopted. With `prompt` the item alone is made
    again; an ended batch is opened again for it.
    """
    control = call.studio.batches.control
    if body.status is None:
        item = await control.reword(batch_id, item_id, call.owner, body.prompt or "")
    else:
        status = ItemStatus(body.status)
        item = await control.decide(batch_id, item_id, call.owner, status, body.variant_id)
    return item_answer(item, call.language)


@router.post("/{batch_id}/pause", responses=_CHANGE)
async def pause_batch(call: CallDep, batch_id: PathId[BatchId]) -> Batch:
    """Start no more items; running ones are finished."""
    return batch_answer(await call.studio.batches.control.pause(batch_id, call.owner))


@router.post("/{batch_id}/resume", responses=_CHANGE)
async def resume_batch(call: CallDep, batch_id: PathId[BatchId]) -> Batch:
    """Go on with a paused batch."""
    return batch_answer(await call.studio.batches.control.resume(batch_id, call.owner))


@router.post("/{batch_id}/cancel", responses=_CHANGE)
async def cancel_batch(call: CallDep, batch_id: PathId[BatchId], request: Request) -> Batch:
    """Stop a batch; pictures it has made stay. A canceled one stays as it is."""
    view, stopped = await call.studio.batches.control.cancel(batch_id, call.owner)
    touch(request, *(job.id for job in stopped))
    return batch_answer(view)


@router.post(
    "/{batch_id}/retry",
    status_code=202,
    responses=errors(WITH_ID, STATE, LIMITED),
    dependencies=[counted("instructions")],
)
async def retry_batch(call: CallDep, batch_id: PathId[BatchId]) -> Batch:
    """Make the failed and canceled items again, and files that failed; an ended batch is opened again.

    Items whose own instruction cannot be read are left out; 409 if nothing else failed or was stopped.
    """
    return batch_answer(await call.studio.batches.control.retry(batch_id, call.owner))


@router.get(
    "/{batch_id}/manifest.csv",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "A row per file; the cost is in USD.",
            "content": {"text/csv": {"schema": {"type": "string"}}},
        },
        **errors(WITH_ID),
    },
)
async def batch_manifest(call: CallDep, batch_id: PathId[BatchId]) -> StreamingResponse:
    """Download the table of a batch, in UTF-8 with a byte order mark for spreadsheets."""
    table = await call.studio.batches.files.manifest(batch_id, call.owner)
    return StreamingResponse(table, media_type="text/csv; charset=utf-8", headers=attached(f"{batch_id}.csv"))


@router.get(
    "/{batch_id}/archive",
    response_class=Download,
    responses=a_file("The files in one zip.", "application/zip") | errors(WITH_ID, STATE),
)
async def batch_archive(call: CallDep, batch_id: PathId[BatchId]) -> Download:
    """Download the exports of all items that passed the rule or were approved.

    Expired files are made again. Waits at most ten seconds for files that are being made; then `E_CONFLICT`
    with `Retry-After`.
    """
    files = await call.studio.batches.files.archive(batch_id, call.owner)
    return Download(files, media_type="application/zip", headers=attached(f"{batch_id}.zip"))
