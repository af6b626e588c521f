"""Schemas of sessions, and of the bodies that open and change one."""

from datetime import datetime
from typing import Annotated, Any, get_args

from pydantic import Field

from stillroom.application.sessions import SessionChanges, SessionView, WishList
from stillroom.domain.ids import AssetId, VariantId
from stillroom.domain.plans.plan import Context
from stillroom.domain.plans.wishes import BY_HAND, WishEdit
from stillroom.domain.products import (
    MAX_LABEL_CHARACTERS,
    MAX_NAME_CHARACTERS,
    Category,
    Material,
    ProductFacts,
    SizeCm,
)
from stillroom.domain.sessions import MAX_TITLE_CHARACTERS
from stillroom.domain.words import Words
from stillroom.web.schemas.base import Answer, Body, GivenId, Label, PageAnswer
from stillroom.web.schemas.images import Image, image_of
from stillroom.web.schemas.jobs import Job, Variant, job_answer, variant_answer

Title = Annotated[Label, Field(min_length=1, max_length=MAX_TITLE_CHARACTERS)]


class SessionRequest(Body):
    """Open a session on an uploaded picture."""

    image_id: GivenId[AssetId]
    platform: str | None = None
    title: Title | None = None


class WishLine(Body):
    """One line of an edited list of wishes, in the form in which it was read.

    A known id keeps or rewords that wish; a line without an id is a new wish, with the turn of the list.
    """

    id: GivenId[str] | None = None
    text: Annotated[str, Field(max_length=4000)]
    turn: Annotated[int, Field(ge=0, le=100_000)] = BY_HAND
    locked: bool = False
    words: Words | None = None


class WishesChange(Body):
    """The edited list of standing wishes; wishes missing from it are removed."""

    wishes: Annotated[list[WishLine], Field(max_length=1000)]
    variant_id: Annotated[
        GivenId[VariantId] | None,
        Field(description="The picture whose list it is; null is the newest one's."),
    ] = None
    seen: Annotated[
        list[GivenId[str]] | None,
        Field(
            max_length=1000,
            description="The ids in the list when its editing began; `E_CONFLICT` if others are there now.",
        ),
    ] = None


class ProductName(Body):
    """Name of a product in both languages."""

    zh: Annotated[Label, Field(min_length=1, max_length=MAX_NAME_CHARACTERS)]
    en: Annotated[Label, Field(min_length=1, max_length=MAX_NAME_CHARACTERS)]


class ProductChange(Body):
    """Facts about the product; omitted fields stay as they are, null makes a fact unknown."""

    size_cm: Annotated[
        SizeCm | None, Field(description="Longest side in centimetres; it chooses the scene.")
    ] = None
    name: ProductName | None = None
    category: Annotated[
        Category | None,
        Field(description="Its usual size chooses the scene of a new picture while `size_cm` is unknown."),
    ] = None
    materials: Annotated[list[Material], Field(max_length=len(get_args(Material)))] = Field(
        default_factory=list
    )
    label_text: Annotated[str | None, Field(max_length=MAX_LABEL_CHARACTERS)] = None

    @property
    def facts(self) -> dict[str, Any]:
        """Return the facts that were given."""
        facts = self.model_dump(exclude_unset=True)
        if self.name is not None:
            facts["name"] = Words(zh=self.name.zh, en=self.name.en)
        if "materials" in facts:
            facts["materials"] = tuple(facts["materials"])
        return facts


class SessionChange(Body):
    """A partial update: omitted fields stay as they are; a platform of null removes the platform."""

    title: Title | None = None
    platform: str | None = None
    product: ProductChange | None = None
    context: WishesChange | None = None

    @property
    def changes(self) -> SessionChanges:
        """Return the fields that were given; a title of null changes nothing."""
        changes: SessionChanges = {}
        if self.title is not None:
            changes["title"] = self.title
        if "platform" in self.model_fields_set:
            changes["platform"] = self.platform
        if self.product is not None:
            changes["product"] = self.product.facts
        if self.context is not None:
            changes["wishes"] = WishList(
                wishes=tuple(WishEdit(line.id, line.text, line.turn) for line in self.context.wishes),
                variant_id=self.context.variant_id,
                seen=None if self.context.seen is None else frozenset(self.context.seen),
            )
        return changes


class Session(Answer):
    """A session: the work on one product."""

    id: str
    title: str
    platform: str | None
    context: Context
    product: ProductFacts
    image: Image
    variants: list[Variant]
    jobs: list[Job]
    created_at: datetime
    updated_at: datetime


class SessionPage(PageAnswer[Session]):
    """A page of sessions."""


def session_answer(view: SessionView, language: str) -> Session:
    session = view.session
    return Session.of(
        session,
        context=view.context,
        image=image_of(view.asset),
        variants=[variant_answer(variant) for variant in view.variants],
        jobs=[job_answer(job, language) for job in view.jobs],
    )
