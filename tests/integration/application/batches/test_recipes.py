"""Recipes on both databases."""

import asyncio
import itertools
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from stillroom.domain.batches.recipes import Choices
from stillroom.domain.errors import Conflict, NotFound, ValidationFailed
from stillroom.domain.ids import RecipeId
from stillroom.domain.plans.plan import Backdrop, CarriedOutPlan, Framing
from stillroom.domain.providers.requests import Operation
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.application.batch_services import BatchServices
from tests.integration.application.conftest import HandMovedClock, WatchedBlobs
from tests.integration.storage.rows import (
    ANNA,
    BORIS,
    NOW,
    a_job,
    a_variant,
    an_asset,
    an_owner,
    stored_session,
)

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
    for limit in (1, 2, len(built_in)):
        page = await services.recipes.list(ANNA, "zh", None, limit)
        pages = [page.items]
        while page.next_cursor is not None:
            page = await services.recipes.list(ANNA, "zh", page.next_cursor, limit)
            pages.append(page.items)
        assert tuple(itertools.chain(*pages)) == listed
        assert {len(page) for page in pages[:-1]} == {limit}
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
    # An earlier turn had a backdrop of its own.
    left = backdrop.model_copy(update={"image_id": "ast_1", "horizon_y": 0.4})
    plan = CarriedOutPlan(backdrop=left, framing=Framing(fill=0.8, canvas=(1600, 1600)), said=("beige",))
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


@pytest.mark.parametrize(
    ("scale", "fill", "framing"),
    [
        (1.2995, 0.16, {"rotation_deg": 8}),
        (1.2995, 0.8, {"rotation_deg": 8, "fill": 0.8}),
        (1.1, 0.16, {"rotation_deg": 8, "fill": 0.16}),
    ],
)
async def test_a_recipe_does_not_repeat_that_a_photo_had_few_pixels(
    services: BatchServices,
    transactions: SqlTransactions,
    scale: float,
    fill: float,
    framing: dict[str, float],
) -> None:
    job = replace(a_job(await stored_session(transactions)), type=Operation.OPTIMIZE, template=None)
    place = (scale, 0.0, 30.0, 0.0, scale, 40.0)
    plan = CarriedOutPlan(framing=Framing(fill=fill, rotation_deg=8), product_transform=place)
    variant = replace(a_variant(job), plan=plan)
    async with transactions() as tx:
        await tx.jobs.add(job)
        await tx.variants.add(variant)
    made = await services.recipes.create("Small", {"presets": []}, ANNA, variant.id)
    assert (made.choices.changes or {})["framing"] == framing


def test_recipe_of_an_earlier_release_loses_the_canvas_and_keeps_its_shape() -> None:
    framing = {"canvas": [1600, 1600], "shape": "photo", "fill": 0.8}
    choices = Choices.model_validate({"operation": "optimize", "changes": {"framing": framing}})
    assert choices.changes == {"framing": {"fill": 0.8, "aspect": "photo"}}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sky": {}}, ("changes",)),
        ({"shadow": {"size": 1}}, ("changes", "shadow", "size")),
        ({"framing": {"fill": 7}}, ("changes", "framing", "fill")),
    ],
)
def test_a_change_that_no_plan_has_is_refused_with_its_path(
    changes: dict[str, dict[str, object]], field: tuple[str, ...]
) -> None:
    with pytest.raises(ValidationError) as refused:
        Choices(operation="optimize", changes=changes)
    assert [error["loc"] for error in refused.value.errors()] == [field]


@pytest.mark.parametrize(
    ("backdrop", "field"),
    [
        ({"kind": "picture", "image_id": "ast_none"}, "changes.backdrop.image_id"),
        ({"image_id": "ast_none"}, "changes.backdrop.image_id"),
        ({"kind": "picture"}, "changes.backdrop.image_id"),
        ({"kind": "scene", "scene": "the_moon"}, "changes.backdrop.scene"),
        ({"kind": "white", "image_id": "ast_none"}, "changes.backdrop.image_id"),
        ({"kind": "color", "color": "#aabbcc", "fit": "contain"}, "changes.backdrop.fit"),
    ],
)
async def test_recipe_with_a_backdrop_that_cannot_be_made_is_refused_when_it_is_saved(
    services: BatchServices, backdrop: dict[str, object], field: str
) -> None:
    made = await services.recipes.create("White", {"operation": "optimize"}, ANNA)
    choices = Choices(operation="bg_replace", changes={"backdrop": backdrop})
    photos = await services.photos(1)
    for request in (
        services.recipes.create("Mine", choices.model_dump(), ANNA),
        services.recipes.replace(made.id, ANNA, "Mine", choices, None),
        services.create(photos, **choices.model_dump()),
    ):
        with pytest.raises((NotFound, ValidationFailed)) as refused:
            await request
        assert [fault["field"] for fault in refused.value.params["fields"]] == [field]


async def test_recipe_keeps_a_backdrop_that_its_owner_has_deleted_and_nobody_else_can_use_it(
    services: BatchServices, transactions: SqlTransactions
) -> None:
    meadow = replace(an_asset(ANNA, "6a" * 32), backdrop_at=NOW)
    async with transactions() as tx:
        await tx.assets.add(meadow)
    on_it: dict[str, Any] = {
        "operation": "bg_replace",
        "changes": {"backdrop": {"kind": "picture", "image_id": meadow.id}},
    }
    made = await services.recipes.create("Meadow", on_it, ANNA)
    async with transactions() as tx:
        await tx.assets.drop_backdrop(meadow.id, ANNA)
    await services.recipes.replace(made.id, ANNA, "Green", Choices.model_validate(on_it), None)
    await services.create(await services.photos(1), **on_it)
    with pytest.raises(NotFound):
        await services.recipes.create("Theirs", on_it, BORIS)


async def test_an_unknown_choice_names_its_field(services: BatchServices) -> None:
    with pytest.raises(ValidationFailed) as refused:
        await services.recipes.create("x", {"operation": "optimize", "presets": ["web-1080", "none"]}, ANNA)
    assert refused.value.params["fields"] == [{"field": "presets.1", "reason": "unknown"}]
