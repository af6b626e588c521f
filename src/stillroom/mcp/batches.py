"""Tools for many photos: run_batch and batch_status."""

from contextlib import suppress

import anyio.to_thread

from stillroom.application.batches.requests import NewBatch
from stillroom.application.photos.photo_files import name_of
from stillroom.application.sessions import title_from_file_name
from stillroom.domain.batches.batches import (
    EXPORTED,
    MAX_ITEMS,
    OPEN,
    UNFINISHED,
    BatchView,
    ItemStatus,
    NewItem,
)
from stillroom.domain.batches.batches import BatchItem as BatchItemEntity
from stillroom.domain.batches.review import EXPORT_FAILED
from stillroom.domain.errors import ValidationFailed
from stillroom.domain.exports.presets import ExportStatus
from stillroom.domain.ids import AssetId, BatchId
from stillroom.mcp.answers import BatchAnswer, BatchItem
from stillroom.mcp.calls import MAX_PREVIEW_BYTES, Call, Link, Result
from stillroom.mcp.costs import confirmed, cost, is_confirmed
from stillroom.mcp.inputs import BatchStatus, RunBatch
from stillroom.mcp.photos import photos_at, read_file, store
from stillroom.web.problems import problem_of_stored
from stillroom.web.schemas.base import micro_usd
from stillroom.web.schemas.batches import batch_answer

MAX_LISTED_ITEMS = 50
MAX_PREVIEWS = 4
ITEMS_PER_READ = 100
MAX_EXPORTS_OF_PICTURE = 50


async def run_batch(call: Call, given: RunBatch) -> Result:
    """Process many photos by a recipe of list_looks.

    Answers at once; follow it with batch_status. The batch stops asking clouds at `max_cost_usd`.
    """
    recipe = await call.studio.batches.recipes.get(given.recipe_id, call.owner_id, "en")
    words = (given.prompt or "").strip()
    own = {name: value for name, value in (("prompt", words), ("provider", given.provider)) if value}
    choices = recipe.choices.model_copy(update=own)
    await call.studio.batches.choices.check(choices, call.owner_id)
    paths = await anyio.to_thread.run_sync(photos_at, given.file_paths)
    photos = len(paths) + len(given.image_ids)
    if photos > MAX_ITEMS:
        raise ValidationFailed(f"A batch has at most {MAX_ITEMS} items; these are {photos} photos.")
    for image_id in given.image_ids:
        # Report an unknown photo before the cost.
        await call.studio.photos.selection.find(image_id, call.owner_id, thumbnail=True)
    estimate = call.studio.batches.requests.priced(choices, photos)
    is_priced = "price_unknown" not in estimate.warnings
    each = estimate.micro_usd // estimate.pictures if is_priced else None
    price = cost(estimate.provider, each, estimate.pictures)
    if not is_confirmed(price, given.max_cost_usd):
        return Result(BatchAnswer(status="needs_confirmation", cost=price))
    items = [NewItem(AssetId(image_id)) for image_id in given.image_ids]
    for number, path in enumerate(paths, 1):
        name = name_of(path)
        image_id = await store(call, await read_file(call, path), name)
        items.append(NewItem(image_id, title=title_from_file_name(name)))
        await call.report(100 * number / len(paths), name)
    new = NewBatch(
        name=given.name,
        items=tuple(items),
        recipe_id=None if own else recipe.id,
        recipe_name=recipe.name,
        choices=choices,
        budget_micro_usd=micro_usd(given.max_cost_usd),
    )
    made = await call.studio.batches.requests.create(new, call.owner_id, request_id=call.trace.request_id)
    return Result(BatchAnswer(status="done", cost=confirmed(price), batch=batch_answer(made.view)))


async def batch_status(call: Call, given: BatchStatus) -> Result:
    """Tell how far a batch is, what needs a look, and where its files are once it has ended."""
    batch_id = given.batch_id
    view = await call.studio.batches.requests.view(batch_id, call.owner_id)
    if given.wait_seconds and view.batch.status in OPEN:
        with suppress(TimeoutError), anyio.fail_after(given.wait_seconds):
            async for _ in call.studio.batches.events.follow(batch_id, view.batch.last_seq):
                await _report(call, await call.studio.batches.requests.view(batch_id, call.owner_id))
        view = await call.studio.batches.requests.view(batch_id, call.owner_id)
    await _report(call, view)
    items = await _items(call, batch_id)
    links = await _links(call, view, items, given.folder)
    answer = BatchAnswer(
        status="done",
        batch=batch_answer(view),
        to_look_at=tuple(_item_answer(one) for one in items if _needs_attention(one))[:MAX_LISTED_ITEMS],
        files=tuple(name for name, _ in links[:MAX_LISTED_ITEMS]),
        files_total=len(links),
    )
    return Result(answer, await _previews(call, items), [link for _, link in links[:MAX_LISTED_ITEMS]])


async def _report(call: Call, view: BatchView) -> None:
    total = sum(view.counts.values())
    ended = total - sum(view.counts[status] for status in UNFINISHED)
    await call.report(100 * ended / max(1, total), f"{ended} of {total}")


async def _items(call: Call, batch_id: BatchId) -> list[BatchItemEntity]:
    items, cursor = list[BatchItemEntity](), None
    while True:
        page = await call.studio.batches.requests.items(batch_id, call.owner_id, None, cursor, ITEMS_PER_READ)
        items += page.items
        cursor = page.next_cursor
        if cursor is None:
            return items


def _needs_attention(item: BatchItemEntity) -> bool:
    return item.status in (ItemStatus.FAILED, ItemStatus.NEEDS_REVIEW) or EXPORT_FAILED in item.warnings


async def _previews(call: Call, items: list[BatchItemEntity]) -> list[bytes]:
    """Return previews of the first pictures, those to look at before the others."""
    pictured = [one for one in items if one.variant_id is not None]
    pictured.sort(key=lambda one: one.status is not ItemStatus.NEEDS_REVIEW)
    fetch = call.studio.photos.selection.fetch
    previews = [
        await fetch(one.variant_id or "", call.owner_id, thumbnail=True) for one in pictured[:MAX_PREVIEWS]
    ]
    return [one for one in previews if len(one) <= MAX_PREVIEW_BYTES]


async def _links(
    call: Call, view: BatchView, items: list[BatchItemEntity], folder: str | None
) -> list[tuple[str, Link]]:
    """Return the addresses of archive and table, or write the files that are made."""
    if view.batch.status in OPEN:
        return []
    name = f"{view.batch.id}.csv"
    table = b""
    if call.delivery.writes_files:
        pieces = await call.studio.batches.files.manifest(view.batch.id, call.owner_id)
        table = b"".join([piece async for piece in pieces])
    where = await call.delivery.deliver(f"/batch/{view.batch.id}/manifest.csv", name, table, folder)
    links = [(where.file or where.url, Link(where.url, name, "text/csv"))]
    if not (view.batch.choices.presets and any(one.status in EXPORTED for one in items)):
        return links
    if call.delivery.writes_files:
        return links + await _written(call, items, folder)
    name = f"{view.batch.id}.zip"
    where = await call.delivery.deliver(f"/batch/{view.batch.id}/archive", name, b"")
    return [*links, (where.url, Link(where.url, name, "application/zip"))]


async def _written(call: Call, items: list[BatchItemEntity], folder: str | None) -> list[tuple[str, Link]]:
    written = []
    for item in items:
        if item.status not in EXPORTED or item.variant_id is None:
            continue
        page = await call.studio.exports.list(call.owner_id, item.variant_id, None, MAX_EXPORTS_OF_PICTURE)
        for export in page.items:
            if export.status is not ExportStatus.READY:
                continue
            file = await call.studio.exports.file(export.id, call.owner_id)
            where = await call.delivery.deliver(f"/export/{export.id}", file.name, file.data, folder)
            written.append((where.file or where.url, Link(where.url, file.name, f"image/{export.format}")))
    return written


def _item_answer(item: BatchItemEntity) -> BatchItem:
    problem = problem_of_stored(item.error, "en") if item.error else None
    return BatchItem.of(item, problem=problem)
