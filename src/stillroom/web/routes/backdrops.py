"""`/backdrop`: the owner's library of own backdrops."""

from fastapi import APIRouter

from stillroom.domain.ids import AssetId
from stillroom.web.dependencies import CallDep, PagingDep, PathId
from stillroom.web.responses import WITH_ID, errors
from stillroom.web.schemas.images import ImagePage, image_of

router = APIRouter(prefix="/backdrop", tags=["backdrops"])


@router.get("", responses=errors())
async def list_backdrops(call: CallDep, paging: PagingDep) -> ImagePage:
    """List the own backdrops, newest first."""
    page = await call.studio.photos.backdrops.list(call.owner, *paging)
    return ImagePage.showing(page, image_of)


@router.delete("/{image_id}", status_code=204, responses=errors(WITH_ID))
async def delete_backdrop(call: CallDep, image_id: PathId[AssetId]) -> None:
    """Remove a backdrop from the library; its file stays until no picture, job or recipe uses it."""
    await call.studio.photos.backdrops.remove(image_id, call.owner)
