"""Tools that make pictures: optimise_photo, replace_background and refine."""

from dataclasses import replace

import anyio

from stillroom.application.jobs.orders import Order
from stillroom.domain.ids import SessionId
from stillroom.domain.providers.requests import Operation
from stillroom.mcp.answers import Cost, Pictures
from stillroom.mcp.calls import Call, Result
from stillroom.mcp.costs import confirmed, cost_with_reading, is_confirmed
from stillroom.mcp.following import finished
from stillroom.mcp.inputs import MakePictures, OptimisePhoto, Refine, ReplaceBackground
from stillroom.mcp.photos import stored
from stillroom.mcp.showing import show


async def optimise_photo(call: Call, given: OptimisePhoto) -> Result:
    """Turn a product photo into a clean packshot on white, with better light, colour and sharpness.

    For the photo's own background, ask to keep it. Give one photo: a file, base64 or an id. Answers with
    pictures, their quality, and previews.
    """
    return await _from_photo(call, given, Operation.OPTIMIZE)


async def replace_background(call: Call, given: ReplaceBackground) -> Result:
    """Cut the product out of a photo and put it on another background, with matching light and shadow.

    Name it in words (`pure white, soft shadow`, `白底`) or by a look of list_looks. For a marketplace's main
    image ask for pure white without a shadow.
    """
    return await _from_photo(call, given, Operation.BG_REPLACE)


async def refine(call: Call, given: Refine) -> Result:
    """Change a picture that was made, by a short instruction; all else stays.

    Such as `warmer light`, `product larger`, `no shadow`. Makes a new picture; the old one is kept.
    """
    order = Order(
        session_id=given.session_id,
        operation=Operation.REFINE,
        prompt=given.prompt or "",
        changes=given.changes,
        candidates=1 if given.restore else given.candidates,
        variant_id=given.variant_id,
        provider="local" if given.restore else given.provider,
        restore=given.restore,
    )
    # An impossible call is refused before its cost is named.
    await call.studio.jobs.check(order, call.owner_id)
    cost = await cost_with_reading(call, order)
    if not is_confirmed(cost, given.max_cost_usd):
        return Result(_unconfirmed(cost, given.session_id))
    return await _pictures(call, order, cost)


async def _from_photo(call: Call, given: MakePictures, operation: Operation) -> Result:
    order = Order(
        session_id=SessionId(given.session_id or ""),
        operation=operation,
        prompt=given.prompt,
        changes=given.changes,
        candidates=given.candidates,
        template=given.look,
        provider=given.provider,
    )
    # An impossible call is refused before its cost is named; the session of a new photo does not exist yet.
    if given.session_id is None:
        call.studio.jobs.checked(order)
    else:
        await call.studio.jobs.check(order, call.owner_id)
    cost = await cost_with_reading(call, order)
    image_id = await stored(call, given) if given.session_id is None else None
    if not is_confirmed(cost, given.max_cost_usd):
        return Result(_unconfirmed(cost, given.session_id, image_id))
    if image_id is not None:
        opened = await call.studio.sessions.open(image_id, call.owner_id, None, given.title)
        order = replace(order, session_id=opened.session.id)
    return await _pictures(call, order, cost)


async def _pictures(call: Call, order: Order, cost: Cost) -> Result:
    # The named provider and no other, so that the named cost holds.
    order = replace(order, provider=order.provider or cost.provider)
    # A caller that gives up meanwhile must not leave a job behind; the wait below notices.
    with anyio.CancelScope(shield=True):
        submission = await call.studio.jobs.submit(order, call.owner_id, trace=call.trace)
    made = await finished(call, submission.view.job.id)
    session = await call.studio.sessions.view(order.session_id, call.owner_id)
    shown = await show(call, session.session, made.variants)
    answer = Pictures(
        status="done",
        cost=confirmed(cost),
        session_id=order.session_id,
        image_id=session.asset.id,
        job_id=made.job.id,
        pictures=tuple(shown.pictures),
        notices=tuple(made.notices),
        spent_usd=made.job.cost_micro_usd / 1e6,
    )
    return Result(answer, shown.previews, shown.links)


def _unconfirmed(cost: Cost, session_id: str | None, image_id: str | None = None) -> Pictures:
    return Pictures(status="needs_confirmation", cost=cost, session_id=session_id, image_id=image_id)
