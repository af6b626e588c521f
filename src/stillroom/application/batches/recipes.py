"""Recipes: create, list, change and delete, and copy the choices of a picture."""

from dataclasses import dataclass, replace
from math import hypot
from typing import Any

from stillroom.application.batches.choices import ChoiceChecks
from stillroom.domain.batches.recipes import MAX_RECIPES, Choices, Recipe, RecipeCard
from stillroom.domain.errors import Conflict, LimitReached
from stillroom.domain.ids import IdFactory, OwnerId, RecipeId, VariantId
from stillroom.domain.jobs.job import MAX_PROMPT_CHARACTERS, Job
from stillroom.domain.plans.changes import PartialPlan, fields_between, without_records
from stillroom.domain.plans.effects import without_idle_fields
from stillroom.domain.plans.plan import Plan, changed, starting_plan
from stillroom.domain.ports import Catalogue, Clock, Page, UnitOfWork, UnitOfWorkFactory
from stillroom.domain.providers.requests import Operation
from stillroom.domain.sessions import Session
from stillroom.domain.variants import Variant
from stillroom.imaging.scene.framing import MAX_ENLARGEMENT


@dataclass(frozen=True)
class Recipes:
    """Recipes of owners, beside the built-in ones of the catalogue."""

    _unit_of_work: UnitOfWorkFactory
    _catalogue: Catalogue
    _checks: ChoiceChecks
    _ids: IdFactory
    _clock: Clock

    async def create(
        self, name: str, given: dict[str, Any], owner_id: OwnerId, variant_id: VariantId | None = None
    ) -> Recipe:
        """Create a recipe from choices, or from those of a picture, over which `given` takes precedence.

        Raises NotFound, ValidationFailed, PromptInvalid, and LimitReached at MAX_RECIPES.
        """
        copied: dict[str, Any] = {}
        if variant_id is not None:
            async with self._unit_of_work(read_only=True) as tx:
                variant = await tx.variants.get(variant_id, owner_id)
                job = await tx.jobs.get(variant.job_id, owner_id)
                session = await tx.sessions.get(variant.session_id, owner_id)
            copied = self._choices_of(variant, job, session)
        choices = Choices.model_validate({**copied, **given})
        await self._checks.check(choices, owner_id)
        now = self._clock()
        recipe = Recipe(
            id=self._ids.recipe(),
            owner_id=owner_id,
            name=name,
            version=1,
            choices=choices,
            created_at=now,
            updated_at=now,
        )
        async with self._unit_of_work() as tx:
            # Locked, so that concurrent requests cannot exceed the limit.
            await tx.owners.lock(owner_id)
            if await tx.recipes.count(owner_id) >= MAX_RECIPES:
                raise LimitReached("recipes", MAX_RECIPES)
            await tx.recipes.add(recipe)
        return recipe

    async def get(self, recipe_id: RecipeId, owner_id: OwnerId, language: str) -> Recipe:
        """Return a recipe of the owner or a built-in one. Raises NotFound."""
        async with self._unit_of_work(read_only=True) as tx:
            return await recipe_of(tx, self._catalogue, recipe_id, owner_id, language)

    async def list(self, owner_id: OwnerId, language: str, cursor: str | None, limit: int) -> Page[Recipe]:
        """List the built-in recipes, then the owner's, newest first."""
        built_in = [built_in_recipe(card, language) for card in self._catalogue.recipes()]
        ids: list[str] = [recipe.id for recipe in built_in]
        if cursor in ids:
            # The cursor of a page that ends with a built-in recipe is its id.
            built_in, cursor = built_in[ids.index(cursor) + 1 :], None
        elif cursor is not None:
            built_in = []
        shown = tuple(built_in[:limit])
        async with self._unit_of_work(read_only=True) as tx:
            if len(shown) < limit:
                page = await tx.recipes.list(owner_id, cursor, limit - len(shown))
                return Page((*shown, *page.items), page.next_cursor)
            has_more = len(built_in) > limit or await tx.recipes.count(owner_id) > 0
        return Page(shown, shown[-1].id if has_more else None)

    async def replace(
        self, recipe_id: RecipeId, owner_id: OwnerId, name: str, choices: Choices, seen: int | None
    ) -> Recipe:
        """Write a new version of a recipe over the one `seen` by the client; None overwrites any.

        Raises NotFound, ValidationFailed, PromptInvalid, and Conflict if it is built in or has another
        version by now.
        """
        await self._checks.check(choices, owner_id)
        async with self._unit_of_work() as tx:
            old = await self._changeable(tx, recipe_id, owner_id, seen)
            new = replace(old, name=name, choices=choices, version=old.version + 1, updated_at=self._clock())
            if not await tx.recipes.save(new, old.version):
                raise _changed_meanwhile(old.version)
        return new

    async def delete(self, recipe_id: RecipeId, owner_id: OwnerId, seen: int | None) -> None:
        """Delete a recipe; batches keep their copy of it. Raises NotFound and Conflict as `replace` does."""
        async with self._unit_of_work() as tx:
            old = await self._changeable(tx, recipe_id, owner_id, seen)
            if not await tx.recipes.remove(recipe_id, old.version):
                raise _changed_meanwhile(old.version)

    async def _changeable(
        self, tx: UnitOfWork, recipe_id: RecipeId, owner_id: OwnerId, seen: int | None
    ) -> Recipe:
        recipe = await recipe_of(tx, self._catalogue, recipe_id, owner_id)
        if recipe.owner_id is None:
            raise Conflict(text="built_in_recipe", reason="built_in")
        if seen is not None and seen != recipe.version:
            raise _changed_meanwhile(recipe.version)
        return recipe

    def _choices_of(self, variant: Variant, job: Job, session: Session) -> dict[str, Any]:
        """Return the choices that lead to a picture like this one from any photo."""
        operation = job.type
        prompt, template = job.prompt, job.template
        if operation is Operation.REFINE:
            keeps = variant.plan.backdrop.kind == "keep"
            operation = Operation.OPTIMIZE if keeps else Operation.BG_REPLACE
            prompt, template = "; ".join(variant.plan.said)[:MAX_PROMPT_CHARACTERS], None
        platform = self._catalogue.platform(session.platform)
        return {
            "operation": operation.value,
            "prompt": prompt or None,
            "template": template,
            "changes": _partial(variant.plan, operation) or None,
            "provider": job.provider,
            "platform": session.platform,
            "presets": (platform.default_preset,) if platform else (),
        }


def _partial(plan: Plan, operation: Operation) -> PartialPlan:
    """Return the fields in which a plan differs from the starting plan of an operation, and that it shows."""
    start = starting_plan(operation)
    if plan.framing.fill < start.framing.fill and _is_as_large_as_its_pixels(plan):
        # A photo with more pixels shows the product as large as usual.
        plan = changed(plan, "framing", fill=start.framing.fill)
    partial = fields_between(start, plan)
    settable = without_idle_fields(without_records(partial), plan)
    return {part: fields for part, fields in settable.items() if fields}


def _is_as_large_as_its_pixels(plan: Plan) -> bool:
    """Whether a product is enlarged as far as its photo allows, but for rounding to pixels."""
    if plan.product_transform is None:
        return False
    across, _, _, down, *_ = plan.product_transform
    return hypot(across, down) > 0.99 * MAX_ENLARGEMENT


def _changed_meanwhile(version: int) -> Conflict:
    return Conflict(text="recipe_changed", version=version)


def built_in_recipe(card: RecipeCard, language: str) -> Recipe:
    """Return a recipe of the catalogue, named in the client's language."""
    name = card.name.to(language)
    return Recipe(id=RecipeId(card.id), owner_id=None, name=name, version=card.version, choices=card.choices)


async def recipe_of(
    tx: UnitOfWork, catalogue: Catalogue, recipe_id: RecipeId, owner_id: OwnerId, language: str = "en"
) -> Recipe:
    """Return a recipe of the owner or a built-in one. Raises NotFound."""
    card = next((card for card in catalogue.recipes() if card.id == recipe_id), None)
    if card is not None:
        return built_in_recipe(card, language)
    return await tx.recipes.get(recipe_id, owner_id)
