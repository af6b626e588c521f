"""Tool fix_cutout: show the cut-out, correct it, and make the picture again with it."""

from typing import Any

from stillroom.application.jobs.orders import check_names
from stillroom.application.jobs.views import JobView
from stillroom.application.photos.mattes import MatteView
from stillroom.application.sessions import SessionView
from stillroom.domain.providers.capabilities import LOCAL
from stillroom.domain.providers.requests import Operation
from stillroom.mcp.answers import Cost, CutOut, Status, Subject
from stillroom.mcp.calls import MAX_PREVIEW_BYTES, Call, Result
from stillroom.mcp.costs import confirmed, cost, cost_of, is_confirmed
from stillroom.mcp.following import finished
from stillroom.mcp.inputs import FixCutout
from stillroom.mcp.showing import Shown, show

MAX_OUTLINES = 4
"""Objects that are shown when it is not clear which one is the product."""


async def fix_cutout(call: Call, given: FixCutout) -> Result:
    """Correct where the product ends: choose the object, or add and remove parts by points on the photo.

    Makes the newest picture again. Without a change it shows the cut-out, and the objects to choose among
    when `certain` is false.
    """
    session_id = given.session_id
    check_names(call.studio.catalogue, None, Operation.REFINE, given.provider)
    session = await call.studio.sessions.view(session_id, call.owner_id)
    changes = given.undo or given.correction is not None
    price = _price(call, session, given) if changes else cost("local", 0, 0)
    if not changes or not is_confirmed(price, given.max_cost_usd):
        status: Status = "needs_confirmation" if changes else "done"
        matte = await call.studio.photos.mattes.current(session_id, call.owner_id)
        if given.correction is not None:
            # Report an unknown subject before the cost.
            matte.matte.subjects.corrected(given.correction)
        return await _result(call, matte, _answer(matte, price, status=status))
    await call.count("cutouts")
    changed = await call.studio.redo.correct(
        session_id,
        call.owner_id,
        given.correction,
        given.variant_id,
        redo=given.redo,
        # The named provider and no other, so that the named cost holds.
        provider=price.provider,
        trace=call.trace,
    )
    price = confirmed(price)
    if isinstance(changed, MatteView):
        return await _result(call, changed, _answer(changed, price))
    made = await finished(call, changed.view.job.id)
    matte = await call.studio.photos.mattes.current(session_id, call.owner_id)
    shown = await show(call, session.session, made.variants)
    answer = _answer(
        matte,
        price,
        notices=tuple(made.notices),
        pictures=tuple(shown.pictures),
        job_id=made.job.id,
        spent_usd=made.job.cost_micro_usd / 1e6,
    )
    return await _result(call, matte, answer, shown)


def _price(call: Call, session: SessionView, given: FixCutout) -> Cost:
    """Return what making the picture again costs: the same job, for one picture."""
    job = _job_to_repeat(session, given.variant_id) if given.redo else None
    if job is None:
        return cost("local", 0, 0)
    provider = LOCAL if job.job.is_exact else given.provider or job.job.provider
    return cost_of(call, job.job.type, provider, 1)


def _job_to_repeat(session: SessionView, variant_id: str | None) -> JobView | None:
    for job in reversed(session.jobs):
        if variant_id is None and job.variants:
            return job
        if any(variant.id == variant_id for variant in job.variants):
            return job
    return None


async def _result(call: Call, matte: MatteView, answer: CutOut, shown: Shown | None = None) -> Result:
    """Add previews: the pictures, or else the matte with the objects to choose among."""
    if shown is not None and shown.previews:
        return Result(answer, shown.previews, shown.links)
    stored = await call.studio.photos.selection.find_matte(matte.matte.id, call.owner_id)
    previews = [await call.studio.photos.selection.small(await call.studio.photos.selection.read(stored))]
    if not answer.certain:
        previews += [subject.outline for subject in matte.matte.subjects.items[:MAX_OUTLINES]]
    return Result(answer, [one for one in previews if len(one) <= MAX_PREVIEW_BYTES])


def _answer(view: MatteView, price: Cost, *, status: Status = "done", **made: Any) -> CutOut:
    matte = view.matte
    return CutOut(
        status=status,
        cost=price,
        session_id=matte.session_id,
        matte_id=matte.id,
        is_corrected=matte.correction is not None,
        certain=matte.subjects.certain,
        confidence=matte.edge_confidence,
        subjects=[Subject.of(one) for one in matte.subjects.items],
        **made,
    )
