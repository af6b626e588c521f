"""Repository of recipes."""

import sqlalchemy as sa

from stillroom.domain.batches.recipes import Recipe
from stillroom.domain.ids import RecipeId
from stillroom.storage.repositories.base import OwnedRows, columns_of
from stillroom.storage.tables.batches import recipes


class SqlRecipes(OwnedRows[RecipeId, Recipe]):
    _table, _kind, _name = recipes, Recipe, "recipe"

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
