"""`/session`: sessions, each the work on one product."""

from functools import partial

from fastapi import APIRouter, Response

from stillroom.domain.ids import AssetId, SessionId
from stillroom.web.dependencies import Cursor, LanguageDep, Limit, OwnerDep, PathId, StudioDep
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
async def open_session(
    studio: StudioDep, owner: OwnerDep, language: LanguageDep, body: SessionRequest, response: Response
) -> Session:
    """Open a session on an uploaded photo."""
    view = await studio.sessions.open(AssetId(body.image_id), owner, body.platform, body.title)
    response.headers["Location"] = f"/session/{view.session.id}"
    return session_answer(view, language)


@router.get("", responses=errors())
async def list_sessions(
    studio: StudioDep,
    owner: OwnerDep,
    language: LanguageDep,
    cursor: Cursor = None,
    limit: Limit = 24,
) -> SessionPage:
    """List sessions, latest change first."""
    page = await studio.sessions.list(owner, cursor, limit)
    return SessionPage.showing(page, partial(session_answer, language=language))


@router.get("/{session_id}", responses=errors(WITH_ID))
async def get_session(
    studio: StudioDep, owner: OwnerDep, language: LanguageDep, session_id: PathId
) -> Session:
    """Return one session with its pictures and jobs."""
    return session_answer(await studio.sessions.view(SessionId(session_id), owner), language)


@router.patch("/{session_id}", responses=errors(WITH_ID, STATE, PROMPT, body=True))
async def change_session(
    studio: StudioDep, owner: OwnerDep, language: LanguageDep, session_id: PathId, body: SessionChange
) -> Session:
    """Rename a session, set its platform, or edit its standing wishes, which apply from the next turn on."""
    view = await studio.sessions.change(SessionId(session_id), owner, body.changes)
    return session_answer(view, language)


@router.delete("/{session_id}", status_code=204, responses=errors(WITH_ID))
async def delete_session(studio: StudioDep, owner: OwnerDep, session_id: PathId) -> None:
    """Delete a session with its photo, pictures, jobs and exports."""
    await studio.sessions.delete(SessionId(session_id), owner)
