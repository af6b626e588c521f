"""Session as clients see it, and the bodies that open and change one."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from stillroom.application.sessions import SessionChanges, SessionView
from stillroom.domain.plans import Context
from stillroom.domain.sessions import MAX_TITLE_CHARACTERS
from stillroom.web.schemas.base import Answer, Body
from stillroom.web.schemas.images import Image, image_of_asset
from stillroom.web.schemas.jobs import Job, Variant, job_answer, variant_answers

Title = Annotated[str, Field(min_length=1, max_length=MAX_TITLE_CHARACTERS)]


class SessionRequest(Body):
    """Open a session on an uploaded picture."""

    image_id: str
    platform: str | None = None
    title: Title | None = None


class SessionChange(Body):
    """Change what is given; what is left out stays, and a platform of null means none."""

    title: Title | None = None
    platform: str | None = None

    @property
    def changes(self) -> SessionChanges:
        """What was given; a product always keeps some title."""
        changes: SessionChanges = {}
        if self.title is not None:
            changes["title"] = self.title
        if "platform" in self.model_fields_set:
            changes["platform"] = self.platform
        return changes


class Session(Answer):
    """One product being worked on."""

    id: str
    title: str
    platform: str | None
    context: Context
    image: Image
    variants: list[Variant]
    jobs: list[Job]
    created_at: datetime
    updated_at: datetime


class SessionPage(Answer):
    """A stretch of the list of sessions."""

    items: list[Session]
    next_cursor: str | None


def session_answer(view: SessionView, language: str) -> Session:
    """A session as a client sees it."""
    session = view.session
    return Session(
        id=session.id,
        title=session.title,
        platform=session.platform,
        context=session.context,
        image=image_of_asset(view.asset),
        variants=variant_answers(view.variants),
        jobs=[job_answer(job, language) for job in view.jobs],
        created_at=session.created_at,
        updated_at=session.updated_at,
    )
