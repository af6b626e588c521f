"""`/session/{id}/matte`: the matte of the photo, and manual corrections of it."""

from typing import Any

from fastapi import APIRouter, BackgroundTasks, Response
from fastapi.responses import JSONResponse

from stillroom.application.photos.mattes import MatteView
from stillroom.domain.ids import SessionId, VariantId
from stillroom.domain.mattes import Correction, notices_on
from stillroom.web.dependencies import (
    Call,
    CallDep,
    IdempotencyKeyDep,
    PathId,
    QueryId,
    counted,
)
from stillroom.web.responses import LIMITED, STATE, WITH_ID, WITH_KEY, errors
from stillroom.web.routes.jobs import headers_of
from stillroom.web.schemas.jobs import Job, job_answer
from stillroom.web.schemas.mattes import Matte, matte_answer

router = APIRouter(prefix="/session/{session_id}/matte", tags=["mattes"])


@router.get("", responses=errors(WITH_ID, STATE))
async def get_matte(call: CallDep, session_id: PathId[SessionId], afterwards: BackgroundTasks) -> Matte:
    """Return the matte that later jobs use; it is computed now if no job has done so."""
    view = await call.studio.photos.mattes.current(session_id, call.owner)
    afterwards.add_task(call.studio.photos.mattes.expect_points, view)
    return matte_answer(view)


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
async def preview_matte(call: CallDep, session_id: PathId[SessionId], body: Correction) -> Response:
    """Preview a correction; nothing is stored."""
    cover = await call.studio.photos.mattes.preview(session_id, call.owner, body)
    headers = {"Cache-Control": "no-store"}
    if notices := notices_on(cover.edge_confidence):
        headers["Matte-Notices"] = ", ".join(notices)
    return Response(cover.file, media_type="image/png", headers=headers)


_REDONE: dict[int | str, dict[str, Any]] = {
    202: {"model": Job, "description": "With `redo=true`: the job that makes a picture again."}
}
_FAILURES = (WITH_ID, WITH_KEY, LIMITED, STATE)


@router.put(
    "",
    response_model=Matte,
    responses=_REDONE | errors(*_FAILURES, body=True),
    dependencies=[counted("cutouts")],
)
async def correct_matte(
    call: CallDep,
    key: IdempotencyKeyDep,
    session_id: PathId[SessionId],
    body: Correction,
    redo: bool = False,
    variant_id: QueryId[VariantId] = None,
) -> Response | Matte:
    """Correct the matte; later pictures use it, existing ones stay as they are.

    With `redo=true`, a job makes the newest picture, or the one named by `variant_id`, again. Without any
    picture, the response is the matte alone.
    """
    return await _change(call, key, session_id, body, variant_id, redo=redo)


@router.delete("", response_model=Matte, responses=_REDONE | errors(*_FAILURES))
async def undo_matte(
    call: CallDep,
    key: IdempotencyKeyDep,
    session_id: PathId[SessionId],
    redo: bool = False,
    variant_id: QueryId[VariantId] = None,
) -> Response | Matte:
    """Restore the detected matte; `redo` works as for a correction."""
    return await _change(call, key, session_id, None, variant_id, redo=redo)


async def _change(
    call: Call,
    key: str | None,
    session_id: SessionId,
    correction: Correction | None,
    variant_id: VariantId | None,
    *,
    redo: bool,
) -> Response | Matte:
    made = await call.studio.redo.correct(
        session_id, call.owner, correction, variant_id, redo=redo, key=key, trace=call.trace
    )
    if isinstance(made, MatteView):
        return matte_answer(made)
    job = job_answer(made.view, call.language)
    return JSONResponse(job.model_dump(mode="json"), status_code=202, headers=headers_of(made))
