"""Recipes: named, versioned sets of choices that can be applied to any photo."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from stillroom.domain.exports.file_names import usable_name
from stillroom.domain.frozen import Frozen
from stillroom.domain.ids import OwnerId, RecipeId
from stillroom.domain.jobs.job import MAX_CANDIDATES, MAX_PROMPT_CHARACTERS
from stillroom.domain.plans.changes import with_changes, without_records
from stillroom.domain.plans.plan import starting_plan
from stillroom.domain.providers.requests import Operation
from stillroom.domain.words import Words

MAX_NAME_CHARACTERS = 80
MAX_PRESETS = 20

APPROVE_FROM = 0.9
"""Default of `approve_from`: quality and confidence from which a picture needs no review."""

MAX_RECIPES = 500
"""Recipes of one owner."""


def _usable_changes(changes: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    with_changes(starting_plan(Operation.OPTIMIZE), changes)
    # Recipes of earlier releases hold the canvas of the picture that they were copied from.
    return {part: dict(fields) for part, fields in without_records(changes).items()}


class Choices(Frozen):
    """Choices of a recipe: operation, words, plan changes, presets and review rule.

    Attributes:
        operation: Operation of the jobs.
        prompt: Instruction; a batch item may have its own instead.
        template: Id of a prompt template of the operation.
        changes: Fields of the plan that are set directly; they take precedence over words.
        candidates: Pictures per photo.
        provider: The only cloud to ask, `local` for none; None leaves the choice to the router.
        platform: Marketplace of the products.
        presets: Export presets of the files.
        file_name: Pattern of the files' names; None uses the presets' patterns.
        approve_from: Quality and confidence, 0..1, from which a picture needs no review.
    """

    operation: Literal["optimize", "bg_replace"]
    prompt: Annotated[str | None, Field(max_length=4 * MAX_PROMPT_CHARACTERS)] = None
    template: Annotated[str | None, Field(max_length=80)] = None
    changes: Annotated[
        dict[str, dict[str, Any]] | None,
        Field(max_length=10),
        AfterValidator(lambda c: c and _usable_changes(c)),
    ] = None
    candidates: Annotated[int, Field(ge=1, le=MAX_CANDIDATES)] = 1
    provider: Annotated[str | None, Field(max_length=40)] = None
    platform: Annotated[str | None, Field(max_length=40)] = None
    presets: Annotated[
        tuple[Annotated[str, Field(max_length=40)], ...],
        # Bodies are strict, and JSON has lists instead of tuples.
        Field(max_length=MAX_PRESETS, strict=False),
    ] = ()
    file_name: Annotated[
        str | None,
        Field(max_length=200),
        AfterValidator(lambda name: None if name is None else usable_name(name)),
    ] = None
    approve_from: Annotated[float, Field(ge=0.0, le=1.0)] = APPROVE_FROM

    @property
    def choices(self) -> "Choices":
        """The choices alone, without the fields that a subclass adds."""
        return Choices.model_validate({name: getattr(self, name) for name in Choices.model_fields})


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A recipe of an owner, or a built-in one without owner; each change increases the version from 1."""

    id: RecipeId
    owner_id: OwnerId | None
    name: str
    version: int
    choices: Choices
    created_at: datetime | None = None
    updated_at: datetime | None = None


class RecipeCard(Choices):
    """Content of a file in `catalog/recipes/`: a recipe that every owner can use.

    Attributes:
        id: Also the name of its file.
        order: Position in lists.
    """

    schema_: str | None = Field(default=None, alias="$schema")
    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$", max_length=60)]
    version: Annotated[int, Field(ge=1)]
    name: Words
    order: Annotated[int, Field(ge=0)] = 100
