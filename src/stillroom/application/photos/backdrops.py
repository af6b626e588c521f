"""Own backdrops: an owner's library of uploaded pictures to put products on."""

from dataclasses import dataclass

from stillroom.domain.assets import Asset
from stillroom.domain.errors import NotFound, ValidationFailed
from stillroom.domain.field_errors import body_error
from stillroom.domain.ids import AssetId, OwnerId, SessionId
from stillroom.domain.plans.plan import Plan
from stillroom.domain.ports import Blobs, ErasingTransactions, Page, UnitOfWork

_IMAGE_ID = "changes.backdrop.image_id"
"""Field of a request that names an own backdrop."""


@dataclass(frozen=True)
class Backdrops:
    """Lists and removes own backdrops."""

    _unit_of_work: ErasingTransactions
    _blobs: Blobs

    async def list(self, owner_id: OwnerId, cursor: str | None, limit: int) -> Page[Asset]:
        """Return a page of the library, newest first. Raises ValidationFailed for an invalid cursor."""
        async with self._unit_of_work(read_only=True) as tx:
            return await tx.assets.backdrops(owner_id, cursor, limit)

    async def remove(self, image_id: AssetId, owner_id: OwnerId) -> None:
        """Remove a backdrop from the library; delete its asset unless something stored still uses it.

        Pictures on it can be refined as before. The file goes with the last session, recipe or batch that
        uses it. Raises NotFound.
        """
        async with self._unit_of_work(uses_reserve=True) as tx:
            await tx.assets.drop_backdrop(image_id, owner_id)
            asset = await tx.assets.get(image_id, owner_id)
            is_removed = await tx.assets.remove_unused(image_id)
        if is_removed:
            # After the commit: a crash in between leaves blobs without a row, never a row without blobs.
            await self._unit_of_work.erase_traces()
            await self._blobs.delete([asset.blob_key, asset.thumb_key])


async def own_backdrop(tx: UnitOfWork, plan: Plan, owner_id: OwnerId) -> Asset | None:
    """Return the backdrop of an accepted plan; None if its backdrop is no picture. Raises NotFound."""
    if plan.backdrop.kind != "picture":
        return None
    try:
        return await tx.assets.get(AssetId(plan.backdrop.image_id or ""), owner_id)
    except NotFound as error:
        raise NotFound("The own backdrop of this picture was deleted; choose another one.") from error


async def usable_backdrop(
    tx: UnitOfWork, plan: Plan, owner_id: OwnerId, session_id: SessionId
) -> Asset | None:
    """Return the backdrop that a turn asks for, from the owner's library or used in the session already.

    Raises ValidationFailed if the plan names none, NotFound if there is no such one.
    """
    asset = await _named_backdrop(tx, plan, owner_id)
    # A photo is no backdrop, but pictures made before this rule may have one.
    if asset is None or asset.backdrop_at or asset.id in await tx.assets.backdrops_in(session_id):
        return asset
    raise _unknown_backdrop()


async def check_backdrop(tx: UnitOfWork, plan: Plan, owner_id: OwnerId) -> None:
    """Check the backdrop of choices for any photo: from the owner's library, or used by something stored.

    Raises what `usable_backdrop` raises.
    """
    asset = await _named_backdrop(tx, plan, owner_id)
    if asset is not None and not await tx.assets.is_backdrop(asset.id):
        raise _unknown_backdrop()


async def _named_backdrop(tx: UnitOfWork, plan: Plan, owner_id: OwnerId) -> Asset | None:
    """Return the picture that a plan names as its backdrop; None if its backdrop is no picture."""
    if plan.backdrop.kind != "picture":
        return None
    if plan.backdrop.image_id is None:
        raise ValidationFailed(f"{_IMAGE_ID} is missing.", fields=[body_error(_IMAGE_ID, "missing")])
    try:
        return await own_backdrop(tx, plan, owner_id)
    except NotFound as error:
        raise _unknown_backdrop() from error


def _unknown_backdrop() -> NotFound:
    field = body_error(_IMAGE_ID, "unknown", "names_no_backdrop_of")
    return NotFound(f"{_IMAGE_ID} {field['message']}.", fields=[field])
