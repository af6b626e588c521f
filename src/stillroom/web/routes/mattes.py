"""`/session/{id}/matte`: where the product is in the photo, and correcting that by hand."""

from fastapi import APIRouter, Response

from stillroom.domain.ids import SessionId
from stillroom.domain.mattes import Correction, notices_on
from stillroom.web.dependencies import AnId, TheOwner, TheStudio, counted
from stillroom.web.responses import LIMITED, STATE, WITH_ID, errors
from stillroom.web.schemas.mattes import Matte, matte_answer

router = APIRouter(prefix="/session/{session_id}/matte", tags=["mattes"])


@router.get("", responses=errors(WITH_ID, STATE))
async def get_matte(studio: TheStudio, owner: TheOwner, session_id: AnId) -> Matte:
    """The cut-out that later jobs use; if no job has found it yet, it is looked for now."""
    return matte_answer(await studio.mattes.current(SessionId(session_id), owner))


@router.post(
    "",
    response_class=Response,
    responses={
        200: {
            "description": "The matte as it would be.",
            "headers": {
                "Matte-Notices": {
                    "description": "As `notices` of a stored matte, separated by commas; absent without any.",
                    "schema": {"type": "string"},
                }
            },
            "content": {"image/png": {"schema": {"type": "string", "format": "binary"}}},
        },
        **errors(WITH_ID, STATE, LIMITED, body=True),
    },
    dependencies=[counted("cutouts")],
)
async def preview_matte(studio: TheStudio, owner: TheOwner, session_id: AnId, body: Correction) -> Response:
    """How a correction would turn out; nothing is stored."""
    cover = await studio.mattes.preview(SessionId(session_id), owner, body)
    headers = {"Cache-Control": "no-store"}
    if notices := notices_on(cover.edge_confidence):
        headers["Matte-Notices"] = ", ".join(notices)
    return Response(cover.file, media_type="image/png", headers=headers)


@router.put("", responses=errors(WITH_ID, STATE, LIMITED, body=True), dependencies=[counted("cutouts")])
async def correct_matte(studio: TheStudio, owner: TheOwner, session_id: AnId, body: Correction) -> Matte:
    """Correct the cut-out; what is made from now on uses it, what was made stays as it is."""
    return matte_answer(await studio.mattes.correct(SessionId(session_id), owner, body))


@router.delete("", responses=errors(WITH_ID, STATE))
async def undo_matte(studio: TheStudio, owner: TheOwner, session_id: AnId) -> Matte:
    """Go back to the cut-out that was found."""
    return matte_answer(await studio.mattes.undo(SessionId(session_id), owner))
