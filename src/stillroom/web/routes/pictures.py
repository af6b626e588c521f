"""`/upload` and `/image`: upload photos, download pictures."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from stillroom.domain.errors import StillroomError
from stillroom.domain.mattes import SubjectId
from stillroom.web.dependencies import CallDep, PathId, counted
from stillroom.web.responses import UPLOAD, WITH_ID, a_file, errors, has_already, streamed
from stillroom.web.schemas.images import UploadedImage, image_of
from stillroom.web.uploading import BODY, uploaded

router = APIRouter(tags=["pictures"])

_A_YEAR = "private, max-age=31536000, immutable"


@router.post(
    "/upload",
    status_code=201,
    responses=errors(UPLOAD, body=True),
    openapi_extra=BODY,
    dependencies=[counted("photos")],
)
async def upload(
    call: CallDep,
    request: Request,
    response: Response,
    kind: Annotated[Literal["photo", "backdrop"], Query()] = "photo",
) -> UploadedImage:
    """Upload a photo: validate it, rotate it upright, convert it to sRGB, strip metadata and store it.

    With `kind=backdrop` it is an own backdrop, which is kept in the owner's library.
    """
    try:
        async with uploaded(request, call.studio.photos.uploads, call.owner) as file:
            stored = await call.studio.photos.intake.upload(
                file.read,
                file_name=file.name or "",
                declared_type=file.media_type,
                owner_id=call.owner,
                is_backdrop=kind == "backdrop",
            )
    except StillroomError as error:
        call.studio.metrics.upload_ended(error.code)
        raise
    call.studio.metrics.upload_ended("ok")
    response.headers["Location"] = f"/image/{stored.asset.id}"
    return UploadedImage(**image_of(stored.asset).model_dump(), first_frame_only=stored.first_frame_only)


@router.get(
    "/image/{image_id}",
    response_class=Response,
    responses={
        **a_file("The picture.", "image/jpeg", "image/png", "image/webp"),
        304: {"description": "The client has it already."},
        **errors(WITH_ID),
    },
)
async def image(
    call: CallDep,
    request: Request,
    image_id: PathId[str],
    size: Annotated[Literal["full", "thumb", "matte"], Query()] = "full",
    subject: Annotated[SubjectId | None, Query()] = None,
) -> Response:
    """Return the picture of an asset or variant, or a matte; it never changes and may be cached forever.

    With `size=matte`, `image_id` is the id of a variant or of a matte. With `subject`, it is the id of a
    matte, and the picture is the outline of that subject: 8-bit grey, on a small scale.
    """
    # Check the owner before the ETag: a 304 must not reveal that a foreign picture exists.
    headers = {"Cache-Control": _A_YEAR}
    if subject is not None:
        outline = await call.studio.photos.selection.outline(image_id, subject, call.owner)
        return Response(outline, media_type="image/png", headers=headers)
    if size == "matte":
        picture = await call.studio.photos.selection.find_matte(image_id, call.owner)
    else:
        picture = await call.studio.photos.selection.find(image_id, call.owner, thumbnail=size == "thumb")
    # Pictures are immutable, so id and size identify the content.
    etag = f'"{image_id}-{size}"'
    headers["ETag"] = etag
    if has_already(request, etag):
        return Response(status_code=304, headers=headers)
    blob = await call.studio.photos.selection.open(picture)
    return streamed(blob, picture.media_type, headers)
