"""Schemas of recipes."""

from typing import Annotated, Any, Literal

from pydantic import Field

from stillroom.domain.batches.recipes import MAX_NAME_CHARACTERS, Choices
from stillroom.domain.batches.recipes import Recipe as RecipeEntity
from stillroom.domain.ids import RecipeId, VariantId
from stillroom.web.schemas.base import Answer, Body, GivenId, Label, PageAnswer

RecipeName = Annotated[Label, Field(min_length=1, max_length=MAX_NAME_CHARACTERS)]


class RecipeChoices(Body, Choices):
    """Choices of a recipe: operation, words, plan changes, presets and review rule."""


class UnsavedRecipe(RecipeChoices):
    """The choices of one batch, without a stored recipe."""

    name: Annotated[Label, Field(max_length=MAX_NAME_CHARACTERS)] = ""


class NewRecipe(RecipeChoices):
    """A recipe from choices, or from those of a picture.

    With `variant_id`, the choices that led to that picture are copied; those given here take precedence.
    Without it, `operation` is required.
    """

    name: RecipeName
    operation: Literal["optimize", "bg_replace"] | None = None  # type: ignore[assignment]
    variant_id: GivenId[VariantId] | None = None

    @property
    def given(self) -> dict[str, Any]:
        """The choices that the request holds."""
        given = self.model_dump(exclude_unset=True, exclude={"name", "variant_id"})
        return {name: value for name, value in given.items() if name != "operation" or value is not None}


class RecipeChange(RecipeChoices):
    """The new content of a recipe, in the form in which it was read.

    With `version`, the change is refused if the recipe has another version by now.
    """

    id: GivenId[RecipeId] | None = None
    name: RecipeName
    version: Annotated[int | None, Field(ge=1)] = None
    built_in: bool = False


class Recipe(Answer, Choices):
    """A named, versioned set of choices."""

    id: str
    name: str
    version: int
    built_in: Annotated[bool, Field(description="Built-in recipes can be used but not changed.")]


class RecipePage(PageAnswer[Recipe]):
    """A page of recipes."""


def recipe_answer(recipe: RecipeEntity) -> Recipe:
    return Recipe(
        id=recipe.id,
        name=recipe.name,
        version=recipe.version,
        built_in=recipe.owner_id is None,
        **recipe.choices.model_dump(),
    )
