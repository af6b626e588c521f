"""`/session`: sessions, each the work on one product."""

from functools import partial

from fastapi import APIRouter, Response

from stillroom.domain.ids import SessionId
from stillroom.web.dependencies import CallDep, PagingDep, PathId
from stillroom.web.responses import PROMPT, STATE, WITH_ID, errors
from stillroom.web.schemas.sessions import (
    Session,
    SessionChange,
    SessionPage,
    SessionRequest,
    session_answer,
)

router = APIRouter(prefix="/session", tags=["sessions"])


@router.post("", status_code=201, responses=errors(WITH_ID, STATE, body=True))
async def open_session(call: CallDep, body: SessionRequest, response: Response) -> Session:
    """Open a session on an uploaded photo."""
    view = await call.studio.sessions.open(body.image_id, call.owner, body.platform, body.title)
    response.headers["Location"] = f"/session/{view.session.id}"
    return session_answer(view, call.language)


@router.get("", responses=errors())
async def list_sessions(call: CallDep, paging: PagingDep) -> SessionPage:
    """List sessions, latest change first."""
    page = await call.studio.sessions.list(call.owner, *paging)
    return SessionPage.showing(page, partial(session_answer, language=call.language))


@router.get("/{session_id}", responses=errors(WITH_ID))
async def get_session(call: CallDep, session_id: PathId[SessionId]) -> Session:
    """Return one session with its pictures and jobs."""
    return session_answer(await call.studio.sessions.view(session_id, call.owner), call.language)


@router.patch("/{session_id}", responses=errors(WITH_ID, STATE, PROMPT, body=True))
async def change_session(call: CallDep, session_id: PathId[SessionId], body: SessionChange) -> Session:
    """Rename a session, set its platform, or edit its standing wishes, which apply from the next turn on."""
    view = await call.studio.sessions.change(session_id, call.owner, body.changes)
    return session_answer(view, call.language)


@router.delete("/{session_id}", status_code=204, responses=errors(WITH_ID))
async def delete_session(call: CallDep, session_id: PathId[SessionId]) -> None:
    """Delete a session with its photo, pictures, jobs and exports."""
    await call.studio.sessions.delete(session_id, call.owner)
