"""Sessions: open, look up, rename and delete products in progress."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import PurePath
from typing import Any, TypedDict

import anyio
import anyio.to_thread

from stillroom.application.jobs.lifecycle import Lifecycle
from stillroom.application.jobs.orders import check_platform, usable_prompt
from stillroom.application.jobs.views import JobView, with_variants
from stillroom.application.photos.eager import EagerCutouts
from stillroom.application.readers.inspections import PhotoInspections
from stillroom.domain.assets import Asset
from stillroom.domain.batches.batches import BatchEventType, progress_of
from stillroom.domain.errors import Conflict, NotFound, ValidationFailed
from stillroom.domain.field_errors import body_error
from stillroom.domain.ids import AssetId, IdFactory, OwnerId, SessionId, VariantId
from stillroom.domain.language.merging import held_to
from stillroom.domain.plans.plan import Context
from stillroom.domain.plans.wishes import (
    BY_HAND,
    MAX_WISHES,
    PRODUCT_STAYS,
    Wish,
    WishEdit,
    Wishes,
    in_order,
    revision,
)
from stillroom.domain.ports import (
    Blobs,
    Catalogue,
    Clock,
    CutoutCache,
    ErasingTransactions,
    Page,
    UnitOfWork,
)
from stillroom.domain.sessions import MAX_TITLE_CHARACTERS, Session
from stillroom.domain.variants import Variant, by_job


@dataclass(frozen=True, slots=True)
class SessionView:
    """Session with everything that belongs to it.

    Attributes:
        context: Context and wishes that apply to the newest picture with the lowest ordinal.
    """

    session: Session
    asset: Asset
    variants: tuple[Variant, ...]
    jobs: tuple[JobView, ...]
    context: Context


@dataclass(frozen=True, slots=True)
class WishList:
    """Edited list of standing wishes.

    Attributes:
        variant_id: Picture whose list is edited; None means the newest one.
        seen: Ids in the list when editing began, for conflict detection; None if unknown.
    """

    wishes: tuple[WishEdit, ...]
    variant_id: VariantId | None = None
    seen: frozenset[str] | None = None


class SessionChanges(TypedDict, total=False):
    """Changeable fields of a session; a platform of None removes the platform.

    `product` holds the changed fields of the product's facts alone.
    """

    title: str
    platform: str | None
    product: Mapping[str, Any]
    wishes: WishList


@dataclass(frozen=True)
class Sessions:
    """Opens, lists, changes and deletes sessions."""

    _unit_of_work: ErasingTransactions
    _blobs: Blobs
    _catalogue: Catalogue
    _lifecycle: Lifecycle
    _ids: IdFactory
    _clock: Clock
    _cutouts: CutoutCache
    _eager: EagerCutouts | None = None
    _inspections: PhotoInspections | None = None

    async def open(
        self, asset_id: AssetId, owner_id: OwnerId, platform: str | None, title: str | None
    ) -> SessionView:
        """Open a session on a photo. Raises NotFound, and ValidationFailed for an unknown platform."""
        check_platform(self._catalogue, platform)
        now = self._clock()
        async with self._unit_of_work() as tx:
            asset = await tx.assets.get(asset_id, owner_id)
            session = new_session(self._ids.session(), asset, platform, title, now)
            await tx.sessions.add(session)
        if self._eager is not None:
            self._eager.add(session.id, owner_id)
        if self._inspections is not None:
            self._inspections.add(session.id, owner_id)
        return SessionView(session, asset, (), (), session.context)

    async def view(self, session_id: SessionId, owner_id: OwnerId) -> SessionView:
        """Return one session. Raises NotFound."""
        async with self._unit_of_work(read_only=True) as tx:
            view = await _view_of(tx, await tx.sessions.get(session_id, owner_id))
        [view] = await _with_contexts([view])
        return view

    async def list(self, owner_id: OwnerId, cursor: str | None, limit: int) -> Page[SessionView]:
        """List sessions, latest change first."""
        async with self._unit_of_work(read_only=True) as tx:
            page = await tx.sessions.list(owner_id, cursor, limit)
            views = await _views_of(tx, page.items)
        return Page(await _with_contexts(views), page.next_cursor)

    async def change(self, session_id: SessionId, owner_id: OwnerId, changes: SessionChanges) -> SessionView:
        """Update the given fields of a session.

        Raises:
            NotFound: The session does not exist.
            ValidationFailed: The platform does not exist, or the list of wishes is invalid.
            PromptInvalid: The text of a wish is unusable.
            Conflict: The list of wishes has changed since its editing began.
        """
        check_platform(self._catalogue, changes.get("platform"))
        async with self._unit_of_work() as tx:
            session = await tx.sessions.lock(session_id, owner_id)
            changed = replace(
                session,
                title=changes.get("title", session.title),
                platform=changes.get("platform", session.platform),
                product=session.product.model_copy(update=changes.get("product", {})),
                updated_at=self._clock(),
            )
            if (edited := changes.get("wishes")) is not None:
                pictures = await tx.variants.of_sessions([session_id])
                changed = replace(changed, context=self._with_wishes(session.context, edited, pictures))
            await tx.sessions.save(changed)
            view = await _view_of(tx, changed)
        [view] = await _with_contexts([view])
        return view

    def _with_wishes(self, context: Context, edited: WishList, pictures: Sequence[Variant]) -> Context:
        """Return the context with an edited list; each edit applies to every path that has the wish."""
        before = _list_of(context, edited.variant_id, pictures)
        known = {wish.id for wish in before}
        given = {edit.id for edit in edited.wishes if edit.id is not None}
        is_stale = bool(given - known) if edited.seen is None else edited.seen != known
        if is_stale:
            raise Conflict(text="wishes_changed")
        _check_wishes(before, edited.wishes)
        edits = [replace(edit, text=usable_prompt(edit.text, required=True)) for edit in edited.wishes]
        change = revision(before, edits, self._ids.wish)

        def belongs_to(job_id: str, wish: Wish) -> bool:
            """Whether a wish was added by hand, or is restored and shown by a picture of the job."""
            said = [one.plan.said for one in pictures if one.job_id == job_id]
            return wish.turn == BY_HAND or any(wish.text in texts for texts in said)

        paths = {
            job_id: change.of(wishes, added=partial(belongs_to, job_id))
            for job_id, wishes in context.paths.items()
        }
        is_newest = in_order(context.wishes) == before
        newest = change.of(context.wishes, added=lambda wish: is_newest or wish.turn == BY_HAND)
        return context.model_copy(update={"wishes": newest, "paths": paths})

    async def delete(self, session_id: SessionId, owner_id: OwnerId) -> None:
        """Delete a session with everything that belongs to it, and its photo and own backdrops if unused.

        Raises NotFound.
        """
        async with self._unit_of_work(uses_reserve=True) as tx:
            session = await tx.sessions.get(session_id, owner_id)
            # Batches before all else, as in every transaction that writes items: items would otherwise be
            # locked after what they refer to, and the runner locks them before.
            batches = await tx.batches.lock_of_session(session_id)
            # Cancel first, so that workers store nothing after the rows and keys are read.
            await tx.jobs.lock_session(session_id)
            jobs = await tx.jobs.of_session(session_id)
            running = [job.id for job in jobs if not job.status.is_final]
            stopped = [await self._lifecycle.cancel(tx, job_id) for job_id in running]
            exports = await tx.exports.of_session(session_id)
            keys = _blob_keys(await tx.variants.of_sessions([session_id], with_replaced=True))
            keys += [export.blob_key for export in exports]
            keys += [matte.blob_key for matte in await tx.mattes.of_session(session_id)]
            results = [*(job.id for job in jobs), *(export.id for export in exports)]
            await tx.idempotency.forget_results(owner_id, results)
            named = {session.asset_id, *await tx.assets.backdrops_in(session_id)}
            await tx.sessions.remove(session_id)
            counts = await tx.batches.counts([batch.id for batch in batches])
            for batch in batches:
                left = progress_of(batch.status, counts[batch.id])
                await tx.batches.append(batch.id, BatchEventType.PROGRESS, left, self._clock())
            unused = [one for name in sorted(named) for one in await _removed_if_unused(tx, name, owner_id)]
        for job in stopped:
            self._lifecycle.announce(job)
        if self._eager is not None:
            self._eager.drop(session_id)
        # After the commit: a crash in between leaves blobs without a row, never a row without blobs.
        await anyio.to_thread.run_sync(self._cutouts.forget, [asset.sha256 for asset in unused])
        await self._unit_of_work.erase_traces()
        keys += [key for asset in unused for key in (asset.blob_key, asset.thumb_key)]
        await self._blobs.delete(keys)


def _list_of(context: Context, variant_id: VariantId | None, pictures: Sequence[Variant]) -> Wishes:
    """Return the standing wishes of a picture. Raises NotFound."""
    if variant_id is None:
        return in_order(context.wishes)
    picture = next((one for one in pictures if one.id == variant_id), None)
    if picture is None:
        raise NotFound(f"No variant {variant_id} in this session.")
    return in_order(context.paths.get(picture.job_id, ()))


def _check_wishes(before: Wishes, edited: Sequence[WishEdit]) -> None:
    """Check the edited list. Raises ValidationFailed."""
    locked = {wish.id: wish.text for wish in before if wish.locked}
    ids = [edit.id for edit in edited if edit.id is not None]
    reason: str | None = None
    # Turns add wishes without a limit, so a longer list must stay editable.
    if len(edited) > MAX_WISHES and any(edit.id is None for edit in edited):
        reason = "too_many"
    elif len(set(ids)) < len(ids):
        reason = "twice"
    elif {edit.id: edit.text for edit in edited if edit.id in locked} != locked:
        reason = "locked"
    if reason is not None:
        field = body_error("context.wishes", reason, limit=MAX_WISHES if reason == "too_many" else "")
        raise ValidationFailed("The list of wishes cannot be kept like that.", fields=[field])


def new_session(
    session_id: SessionId, asset: Asset, platform: str | None, title: str | None, now: datetime
) -> Session:
    """Return a session on a photo; without a title it gets the name of the file."""
    return Session(
        id=session_id,
        owner_id=asset.owner_id,
        asset_id=asset.id,
        title=title or title_from_file_name(asset.original_name),
        platform=platform,
        context=Context(wishes=(PRODUCT_STAYS,)),
        created_at=now,
        updated_at=now,
    )


def title_from_file_name(name: str) -> str:
    """Return a file's name without its extension, cut to the maximum length of a title."""
    return (PurePath(name).stem.strip() or name)[:MAX_TITLE_CHARACTERS]


async def _removed_if_unused(tx: UnitOfWork, asset_id: AssetId, owner_id: OwnerId) -> tuple[Asset, ...]:
    found = await tx.assets.several([asset_id])
    asset = found.get(asset_id)
    if asset is None or asset.owner_id != owner_id or not await tx.assets.remove_unused(asset_id):
        return ()
    return (asset,)


def _blob_keys(variants: Sequence[Variant]) -> list[str]:
    return [key for variant in variants for key in variant.blob_keys]


async def _view_of(tx: UnitOfWork, session: Session) -> SessionView:
    [view] = await _views_of(tx, [session])
    return view


async def _views_of(tx: UnitOfWork, sessions: Sequence[Session]) -> tuple[SessionView, ...]:
    """Load sessions with a constant number of queries."""
    ids = [session.id for session in sessions]
    assets = await tx.assets.several({session.asset_id for session in sessions})
    pictures = await tx.variants.of_sessions(ids)
    variants: defaultdict[SessionId, list[Variant]] = defaultdict(list)
    for variant in pictures:
        variants[variant.session_id].append(variant)
    jobs: defaultdict[SessionId, list[JobView]] = defaultdict(list)
    for view in await with_variants(tx, await tx.jobs.of_sessions(ids), by_job(pictures)):
        jobs[view.job.session_id].append(view)
    return tuple(
        SessionView(
            session,
            assets[session.asset_id],
            tuple(variants[session.id]),
            tuple(jobs[session.id]),
            session.context,
        )
        for session in sessions
    )


async def _with_contexts(views: Sequence[SessionView]) -> tuple[SessionView, ...]:
    """Add the contexts; runs in a thread, because wishes are parsed for it."""
    return await anyio.to_thread.run_sync(
        lambda: tuple(replace(view, context=_context_of(view)) for view in views)
    )


def _context_of(view: SessionView) -> Context:
    if not view.variants:
        return view.session.context
    newest = [variant for variant in view.variants if variant.job_id == view.variants[-1].job_id]
    plainest = min(newest, key=lambda variant: variant.ordinal)
    return held_to(view.session.context, plainest.plan)
