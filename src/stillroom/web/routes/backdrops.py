"""`/backdrop`: the owner's library of own backdrops."""

from fastapi import APIRouter

from stillroom.domain.ids import AssetId
from stillroom.web.dependencies import Cursor, Limit, OwnerDep, PathId, StudioDep
from stillroom.web.responses import WITH_ID, errors
from stillroom.web.schemas.images import ImagePage, image_of

router = APIRouter(prefix="/backdrop", tags=["backdrops"])


@router.get("", responses=errors())
async def list_backdrops(
    studio: StudioDep, owner: OwnerDep, cursor: Cursor = None, limit: Limit = 24
) -> ImagePage:
    """List the own backdrops, newest first."""
    page = await studio.photos.backdrops.list(owner, cursor, limit)
    return ImagePage.showing(page, image_of)


@router.delete("/{image_id}", status_code=204, responses=errors(WITH_ID))
async def delete_backdrop(studio: StudioDep, owner: OwnerDep, image_id: PathId) -> None:
    """Remove a backdrop from the library; its file stays until no picture, job or recipe uses it."""
    await studio.photos.backdrops.remove(AssetId(image_id), owner)
