"""Repository of recipes."""

import sqlalchemy as sa

from stillroom.domain.batches.recipes import Recipe
from stillroom.domain.ids import OwnerId, RecipeId
from stillroom.domain.ports import Page
from stillroom.storage.repositories.base import Repository, columns_of, reader_of
from stillroom.storage.tables.batches import recipes


class Recipes(Repository):
    """Recipes within one transaction."""

    async def add(self, recipe: Recipe) -> None:
        await self._write(sa.insert(recipes).values(**columns_of(recipe, recipes)))

    async def get(self, recipe_id: RecipeId, owner_id: OwnerId) -> Recipe:
        row = await self._one(
            sa.select(recipes).where(recipes.c.id == recipe_id, recipes.c.owner_id == owner_id),
            f"No recipe {recipe_id}.",
        )
        return _recipe(row)

    async def list(self, owner_id: OwnerId, cursor: str | None, limit: int) -> Page[Recipe]:
        query = sa.select(recipes).where(recipes.c.owner_id == owner_id)
        return await self._page(query, recipes.c.created_at, cursor, limit, _recipe)

    async def count(self, owner_id: OwnerId) -> int:
        return await self._count(recipes.c.owner_id == owner_id)

    async def save(self, recipe: Recipe, seen_version: int) -> bool:
        return await self._changes_one(
            sa.update(recipes)
            .where(recipes.c.id == recipe.id, recipes.c.version == seen_version)
            .values(**columns_of(recipe, recipes))
        )

    async def remove(self, recipe_id: RecipeId, seen_version: int) -> bool:
        return await self._changes_one(
            sa.delete(recipes).where(recipes.c.id == recipe_id, recipes.c.version == seen_version)
        )


_recipe = reader_of(Recipe, recipes)
