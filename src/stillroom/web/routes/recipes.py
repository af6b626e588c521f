"""`/recipe`: named sets of choices."""

import re
from typing import Annotated

from fastapi import APIRouter, Header, Response

from stillroom.domain.errors import Conflict, ValidationFailed
from stillroom.domain.ids import RecipeId
from stillroom.web.dependencies import CallDep, PagingDep, PathId
from stillroom.web.responses import PROMPT, STATE, WITH_ID, errors
from stillroom.web.schemas.recipes import (
    NewRecipe,
    Recipe,
    RecipeChange,
    RecipePage,
    recipe_answer,
)

router = APIRouter(prefix="/recipe", tags=["recipes"])

_VERSION = re.compile(r'(?:W/)?"?(\d{1,9})"?')

_IfMatch = Annotated[
    str | None,
    Header(max_length=40, description="The `ETag` of the version that the client has read, or `*`."),
]


@router.post("", status_code=201, responses=errors(WITH_ID, STATE, PROMPT, body=True))
async def create_recipe(call: CallDep, body: NewRecipe, response: Response) -> Recipe:
    """Save a recipe from choices, or from those that led to a picture."""
    if body.variant_id is None and body.operation is None:
        raise ValidationFailed(
            text="no_operation",
            fields=[{"field": "operation", "reason": "missing"}],
        )
    recipe = await call.studio.batches.recipes.create(body.name, body.given, call.owner, body.variant_id)
    response.headers["Location"] = f"/recipe/{recipe.id}"
    response.headers["ETag"] = f'"{recipe.version}"'
    return recipe_answer(recipe)


@router.get("", responses=errors())
async def list_recipes(call: CallDep, paging: PagingDep) -> RecipePage:
    """List recipes: the built-in ones, then the owner's, newest first."""
    page = await call.studio.batches.recipes.list(call.owner, call.language, *paging)
    return RecipePage.showing(page, recipe_answer)


@router.get("/{recipe_id}", responses=errors(WITH_ID))
async def get_recipe(call: CallDep, recipe_id: PathId[RecipeId], response: Response) -> Recipe:
    """Return one recipe; its `ETag` is the version."""
    recipe = await call.studio.batches.recipes.get(recipe_id, call.owner, call.language)
    response.headers["ETag"] = f'"{recipe.version}"'
    return recipe_answer(recipe)


@router.put("/{recipe_id}", responses=errors(WITH_ID, STATE, PROMPT, body=True))
async def change_recipe(
    call: CallDep,
    recipe_id: PathId[RecipeId],
    body: RecipeChange,
    response: Response,
    if_match: _IfMatch = None,
) -> Recipe:
    """Write the next version of a recipe; open batches keep the one that they were created with."""
    if body.id is not None and body.id != recipe_id:
        raise Conflict(text="other_recipe", id=body.id)
    seen = _version(if_match) if if_match is not None else body.version
    recipe = await call.studio.batches.recipes.replace(recipe_id, call.owner, body.name, body.choices, seen)
    response.headers["ETag"] = f'"{recipe.version}"'
    return recipe_answer(recipe)


@router.delete("/{recipe_id}", status_code=204, responses=errors(WITH_ID, STATE))
async def delete_recipe(call: CallDep, recipe_id: PathId[RecipeId], if_match: _IfMatch = None) -> None:
    """Delete a recipe; batches keep their copy of it."""
    seen = _version(if_match) if if_match is not None else None
    await call.studio.batches.recipes.delete(recipe_id, call.owner, seen)


def _version(text: str) -> int | None:
    """Return the version that a client names; None for any, 0 for a text that names none."""
    if text.strip() == "*":
        return None
    match = _VERSION.fullmatch(text.strip())
    return int(match[1]) if match else 0
