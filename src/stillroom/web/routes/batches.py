"""`/batch`: many photos processed by one recipe, on the server."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from stillroom.application.batches.requests import MoreItems as AddedItems
from stillroom.domain.batches.batches import ItemStatus
from stillroom.domain.ids import BatchId, BatchItemId, VariantId
from stillroom.web.dependencies import (
    Cursor,
    IdempotencyKeyDep,
    LanguageDep,
    Limit,
    OwnerDep,
    PathId,
    StudioDep,
    TraceDep,
)
from stillroom.web.middleware.audit import touch
from stillroom.web.responses import LIMITED, PROMPT, STATE, WITH_ID, WITH_KEY, a_file, errors
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
    studio: StudioDep,
    owner: OwnerDep,
    language: LanguageDep,
    trace: TraceDep,
    key: IdempotencyKeyDep,
    body: BatchRequest,
    response: Response,
) -> Response | Batch:
    """Process photos by a recipe, whether a page stays open or not.

    Jobs of a batch have low priority: they never delay single jobs of anyone. A picture whose quality or
    confidence is below `approve_from` of the recipe waits for a person's decision.
    """
    new = body.new_batch
    if body.dry_run:
        estimate = await studio.batches.requests.estimate(new, owner)
        answer = estimate_answer(estimate, body.budget_usd, language)
        return JSONResponse(answer.model_dump(mode="json"))
    made = await studio.batches.requests.create(new, owner, key=key, request_id=trace.request_id)
    response.headers["Location"] = f"/batch/{made.view.batch.id}"
    if made.replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return batch_answer(made.view)


@router.get("", responses=errors())
async def list_batches(
    studio: StudioDep, owner: OwnerDep, cursor: Cursor = None, limit: Limit = 24
) -> BatchPage:
    """List batches, newest first."""
    page = await studio.batches.requests.list(owner, cursor, limit)
    return BatchPage.showing(page, batch_answer)


@router.get("/{batch_id}", responses=errors(WITH_ID))
async def get_batch(studio: StudioDep, owner: OwnerDep, batch_id: PathId) -> Batch:
    """Return one batch with its figures."""
    return batch_answer(await studio.batches.requests.view(BatchId(batch_id), owner))


@router.get("/{batch_id}/item", responses=errors(WITH_ID))
async def list_batch_items(
    studio: StudioDep,
    owner: OwnerDep,
    language: LanguageDep,
    batch_id: PathId,
    status: Annotated[ItemStatus | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 24,
) -> BatchItemPage:
    """List the items of a batch, in their order."""
    page = await studio.batches.requests.items(BatchId(batch_id), owner, status, cursor, limit)
    return BatchItemPage.showing(page, partial(item_answer, language=language))


@router.post(
    "/{batch_id}/item", status_code=202, responses=errors(WITH_ID, WITH_KEY, STATE, LIMITED, body=True)
)
async def add_batch_items(
    studio: StudioDep,
    owner: OwnerDep,
    trace: TraceDep,
    key: IdempotencyKeyDep,
    batch_id: PathId,
    body: MoreItems,
    response: Response,
) -> Batch:
    """Add photos to an open batch."""
    more = AddedItems(body.new_items, f"{batch_id} {body.request_hash}")
    made = await studio.batches.requests.add(
        BatchId(batch_id), owner, more, key=key, request_id=trace.request_id
    )
    if made.replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return batch_answer(made.view)


@router.patch("/{batch_id}/item/{item_id}", responses=errors(WITH_ID, STATE, PROMPT, body=True))
async def decide_batch_item(
    studio: StudioDep,
    owner: OwnerDep,
    language: LanguageDep,
    batch_id: PathId,
    item_id: PathId,
    body: ItemDecision,
) -> BatchItem:
    """Approve or reject an item, or make it again with other words.

    The files of an approved item are made, and its picture is adopted. With `prompt` the item alone is made
    again; an ended batch is opened again for it.
    """
    batch, item_key = BatchId(batch_id), BatchItemId(item_id)
    if body.status is None:
        item = await studio.batches.control.reword(batch, item_key, owner, body.prompt or "")
    else:
        variant = VariantId(body.variant_id) if body.variant_id else None
        item = await studio.batches.control.decide(batch, item_key, owner, ItemStatus(body.status), variant)
    return item_answer(item, language)


@router.post("/{batch_id}/pause", responses=_CHANGE)
async def pause_batch(studio: StudioDep, owner: OwnerDep, batch_id: PathId) -> Batch:
    """Start no more items; running ones are finished."""
    return batch_answer(await studio.batches.control.pause(BatchId(batch_id), owner))


@router.post("/{batch_id}/resume", responses=_CHANGE)
async def resume_batch(studio: StudioDep, owner: OwnerDep, batch_id: PathId) -> Batch:
    """Go on with a paused batch."""
    return batch_answer(await studio.batches.control.resume(BatchId(batch_id), owner))


@router.post("/{batch_id}/cancel", responses=_CHANGE)
async def cancel_batch(studio: StudioDep, owner: OwnerDep, batch_id: PathId, request: Request) -> Batch:
    """Stop a batch; pictures it has made stay."""
    view, stopped = await studio.batches.control.cancel(BatchId(batch_id), owner)
    touch(request, *(job.id for job in stopped))
    return batch_answer(view)


@router.post("/{batch_id}/retry", status_code=202, responses=_CHANGE)
async def retry_batch(studio: StudioDep, owner: OwnerDep, batch_id: PathId) -> Batch:
    """Make the failed and canceled items again, and files that failed; an ended batch is opened again.

    Items whose own instruction cannot be read are left out; 409 if nothing else failed or was stopped.
    """
    return batch_answer(await studio.batches.control.retry(BatchId(batch_id), owner))


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
async def batch_manifest(studio: StudioDep, owner: OwnerDep, batch_id: PathId) -> StreamingResponse:
    """Download the table of a batch, in UTF-8 with a byte order mark for spreadsheets."""
    table = await studio.batches.files.manifest(BatchId(batch_id), owner)
    return StreamingResponse(table, media_type="text/csv; charset=utf-8", headers=_named(f"{batch_id}.csv"))


@router.get(
    "/{batch_id}/archive",
    response_class=StreamingResponse,
    responses=a_file("The files in one zip.", "application/zip") | errors(WITH_ID, STATE),
)
async def batch_archive(studio: StudioDep, owner: OwnerDep, batch_id: PathId) -> StreamingResponse:
    """Download the exports of all items that passed the rule or were approved.

    Expired files are made again. Waits at most ten seconds for files that are being made; then `E_CONFLICT`
    with `Retry-After`.
    """
    files = await studio.batches.files.archive(BatchId(batch_id), owner)
    return StreamingResponse(files, media_type="application/zip", headers=_named(f"{batch_id}.zip"))


def _named(name: str) -> dict[str, str]:
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
