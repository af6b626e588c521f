"""Orders: what a client asks for, checked before it becomes a job."""

import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from stillroom.application.instructions.phrases import scene_names
from stillroom.application.instructions.reading import base_in
from stillroom.application.limits.idempotency import hash_of_request
from stillroom.domain.errors import Conflict, PromptInvalid, ValidationFailed
from stillroom.domain.ids import OwnerId, SessionId, VariantId
from stillroom.domain.jobs.job import MAX_PROMPT_CHARACTERS
from stillroom.domain.plans.changes import PartialPlan, change_error, check_none, usable_changes
from stillroom.domain.ports import Catalogue, UnitOfWork
from stillroom.domain.prompts import PromptTemplate
from stillroom.domain.providers.requests import Mark, Operation
from stillroom.domain.variants import Variant


@dataclass(frozen=True, slots=True)
class Order:
    """A client's request for pictures.

    Attributes:
        variant_id: Picture to start from; None starts from the photo.
        provider: The only cloud to ask, or `local` for none; None leaves the choice to the router.
        restore: The only thing to restore in that picture, instead of a prompt.
        changes: Fields of the plan that are set directly; they take precedence over the prompt.
    """

    session_id: SessionId
    operation: Operation
    prompt: str
    candidates: int
    template: str | None = None
    variant_id: VariantId | None = None
    provider: str | None = None
    restore: Mark | None = None
    changes: PartialPlan | None = None

    @property
    def is_exact(self) -> bool:
        """Whether it only sets fields of the plan: no words, no template and no chosen cloud."""
        says_more = self.prompt.strip() or self.template or self.provider
        return bool(self.changes) and not says_more

    @property
    def request_hash(self) -> str:
        """Hash of the request, independent of the order of its fields."""
        fields = asdict(self)
        if not self.changes:
            # Keys that were used before changes existed keep their hash.
            del fields["changes"]
        return hash_of_request(fields)


def checked_changes(changes: Mapping[str, Mapping[str, Any]] | None) -> PartialPlan | None:
    """Return usable changes of a plan; None if there are none.

    Raises:
        ValidationFailed: A part, field or scene does not exist, or a value is not allowed.
    """
    usable = usable_changes(changes or {})
    scene = usable.get("backdrop", {}).get("scene")
    if scene is not None and scene not in scene_names():
        known = ", ".join(sorted(scene_names()))
        check_none([change_error("backdrop.scene", "unknown", "is_no_known_scene", known)])
    return usable or None


async def base_of(tx: UnitOfWork, order: Order, owner_id: OwnerId) -> Variant | None:
    """Return the picture to start from. Raises NotFound, and Conflict if it lacks what is to be restored."""
    variant = await base_in(tx, order.session_id, order.variant_id, owner_id, None)
    if (
        variant is not None
        and order.restore not in (None, Mark.PRODUCT)
        and variant.measures.verified is False
    ):
        raise Conflict(text="product_not_found")
    return variant


def template_among(
    catalogue: Catalogue, template_id: str | None, operation: Operation
) -> PromptTemplate | None:
    """Return a template of an operation; None if there is none of that id."""
    template = catalogue.template(template_id)
    return template if template is not None and template.operation is operation else None


def check_names(
    catalogue: Catalogue, template_id: str | None, operation: Operation, provider: str | None
) -> None:
    """Check a template and a provider, if they are named. Raises ValidationFailed."""
    if template_id is not None and template_among(catalogue, template_id, operation) is None:
        raise _unknown_name("template")
    if provider is not None and catalogue.provider(provider) is None:
        raise _unknown_name("provider")


def check_platform(catalogue: Catalogue, platform: str | None) -> None:
    """Check a platform, if it is named. Raises ValidationFailed."""
    if platform is not None and catalogue.platform(platform) is None:
        raise _unknown_name("platform")


def _unknown_name(field: Literal["template", "provider", "platform"]) -> ValidationFailed:
    return ValidationFailed(text=f"unknown_{field}", fields=[{"field": field, "reason": "unknown"}])


_NO_LETTERS = ("Cc", "Cs", "Zl", "Zp")
_TURNERS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Bidirectional control characters, which can make a text read differently from what it contains."""


def usable_prompt(text: str, *, required: bool) -> str:
    """Return a prompt without control characters and surrounding spaces.

    Raises:
        PromptInvalid: Longer than MAX_PROMPT_CHARACTERS, missing although required, or without a letter or
            digit; `reason` is `too_long`, `empty` or `no_words`.
    """
    plain = "".join(" " if unicodedata.category(c) in _NO_LETTERS or c in _TURNERS else c for c in text)
    plain = " ".join(plain.split())
    if len(plain) > MAX_PROMPT_CHARACTERS:
        raise PromptInvalid(
            text="long_prompt",
            reason="too_long",
            limit=MAX_PROMPT_CHARACTERS,
            found=len(plain),
        )
    if not plain and required:
        raise PromptInvalid(text="empty_prompt", reason="empty")
    if plain and not any(c.isalnum() for c in plain):
        raise PromptInvalid(text="no_words", reason="no_words")
    return plain
