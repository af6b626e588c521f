"""Recipes on both databases."""

import asyncio
from dataclasses import replace

import pytest

from stillroom.domain.batches.recipes import Choices
from stillroom.domain.errors import Conflict, NotFound, ValidationFailed
from stillroom.domain.ids import RecipeId
from stillroom.domain.plans.plan import Backdrop, CarriedOutPlan, Framing
from stillroom.domain.providers.requests import Operation
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.application.batch_services import BatchServices
from tests.integration.application.conftest import HandMovedClock, WatchedBlobs
from tests.integration.storage.rows import ANNA, BORIS, a_job, a_variant, an_owner, stored_session

pytestmark = pytest.mark.anyio

OPTIMIZE = Choices(operation="optimize")


@pytest.fixture
async def services(
    transactions: SqlTransactions, blobs: WatchedBlobs, clock: HandMovedClock
) -> BatchServices:
    async with transactions() as tx:
        await tx.owners.add(an_owner(ANNA))
        await tx.owners.add(an_owner(BORIS))
    return BatchServices(transactions, blobs, clock)


async def test_a_recipe_belongs_to_its_owner_and_grows_in_versions(services: BatchServices) -> None:
    made = await services.recipes.create("White", {"operation": "optimize", "presets": ["ebay-main"]}, ANNA)
    assert (made.version, made.choices.approve_from) == (1, 0.9)
    changed = await services.recipes.replace(made.id, ANNA, "Whiter", OPTIMIZE, 1)
    assert await services.recipes.get(made.id, ANNA, "en") == changed
    assert (changed.version, changed.name) == (2, "Whiter")
    with pytest.raises(Conflict):
        await services.recipes.replace(made.id, ANNA, "Late", OPTIMIZE, 1)
    for call in (
        services.recipes.get(made.id, BORIS, "en"),
        services.recipes.replace(made.id, BORIS, "Mine", OPTIMIZE, None),
        services.recipes.delete(made.id, BORIS, None),
    ):
        with pytest.raises(NotFound):
            await call
    await services.recipes.delete(made.id, ANNA, 2)
    with pytest.raises(NotFound):
        await services.recipes.get(made.id, ANNA, "en")


async def test_concurrent_recipe_changes_conflict(services: BatchServices) -> None:
    made = await services.recipes.create("White", {"operation": "optimize"}, ANNA)
    results = await asyncio.gather(
        *(services.recipes.replace(made.id, ANNA, name, OPTIMIZE, 1) for name in ("a", "b")),
        return_exceptions=True,
    )
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Recipe"]


async def test_built_in_recipes_come_first_in_the_clients_language_and_work(services: BatchServices) -> None:
    await services.recipes.create("Mine", {"operation": "optimize"}, ANNA)
    listed = (await services.recipes.list(ANNA, "zh", None, 24)).items
    built_in = [recipe for recipe in listed if recipe.owner_id is None]
    assert built_in[0].name == "亚马逊主图（纯白）"
    assert listed[-1].name == "Mine"
    for recipe in built_in:
        with pytest.raises(Conflict):
            await services.recipes.replace(recipe.id, ANNA, "x", recipe.choices, None)
        await services.recipes.create(recipe.name, recipe.choices.model_dump(), ANNA)
    with pytest.raises(NotFound):
        await services.recipes.get(RecipeId("rcp_none"), ANNA, "en")


async def test_a_recipe_of_a_picture_repeats_its_plan(
    services: BatchServices, transactions: SqlTransactions
) -> None:
    session = await stored_session(transactions)
    backdrop = Backdrop(kind="color", color="#ffddaa")
    plan = CarriedOutPlan(backdrop=backdrop, framing=Framing(fill=0.8), said=("beige",))
    job = replace(a_job(session), type=Operation.REFINE, prompt="a bit larger", template=None)
    variant = replace(a_variant(job), plan=plan)
    async with transactions() as tx:
        await tx.jobs.add(job)
        await tx.variants.add(variant)
    made = await services.recipes.create("Beige", {"presets": ["web-1080"]}, ANNA, variant.id)
    assert made.choices.operation == "bg_replace"
    assert made.choices.changes == {
        "backdrop": {"kind": "color", "color": "#ffddaa"},
        "framing": {"fill": 0.8},
    }
    assert (made.choices.platform, made.choices.presets) == ("taobao", ("web-1080",))
    with pytest.raises(NotFound):
        await services.recipes.create("Theirs", {}, BORIS, variant.id)


@pytest.mark.parametrize("changes", [{"sky": {}}, {"shadow": {"size": 1}}, {"framing": {"fill": 7}}])
def test_a_change_that_no_plan_has_is_refused(changes: dict[str, dict[str, object]]) -> None:
    with pytest.raises(ValueError, match="changes"):
        Choices(operation="optimize", changes=changes)


async def test_an_unknown_choice_names_its_field(services: BatchServices) -> None:
    with pytest.raises(ValidationFailed) as refused:
        await services.recipes.create("x", {"operation": "optimize", "presets": ["web-1080", "none"]}, ANNA)
    assert refused.value.params["fields"] == [{"field": "presets.1", "reason": "unknown"}]
