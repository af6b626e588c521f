"""`/preview`: a small picture of what a turn would give."""

from fastapi import APIRouter, Response

from stillroom.application.previews import PreviewOrder
from stillroom.web.dependencies import CallDep
from stillroom.web.responses import LIMITED, PROMPT, STATE, WITH_ID, a_file, errors
from stillroom.web.schemas.jobs import PreviewRequest

router = APIRouter(tags=["jobs"])


@router.post(
    "/preview",
    response_class=Response,
    responses=a_file("The picture.", "image/webp") | errors(WITH_ID, LIMITED, PROMPT, STATE, body=True),
)
async def preview(call: CallDep, body: PreviewRequest) -> Response:
    """Return a WebP picture of what `/edit` or `/refine` would give; nothing is stored and no cloud is asked.

    The first preview of a photo may take seconds, because its cut-out is prepared. Of each session and size
    only the newest request is carried out; 409 answers one that was replaced while it waited.
    """
    order = PreviewOrder(
        session_id=body.session_id,
        variant_id=body.variant_id,
        operation=body.operation,
        prompt=body.prompt or "",
        changes=body.changes,
        side=body.size,
        with_product=body.with_product,
    )
    picture = await call.studio.previews.make(order, call.owner)
    return Response(picture, media_type="image/webp", headers={"Cache-Control": "no-store"})
