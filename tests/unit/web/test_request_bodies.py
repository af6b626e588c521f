"""Request bodies: values of another JSON type are refused, and everything that JSON can say is read."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from stillroom.domain.exports.presets import FixId, LabelLanguage
from stillroom.domain.providers.requests import Mark
from stillroom.web.schemas.base import Body
from stillroom.web.schemas.batches import BatchRequest
from stillroom.web.schemas.exports import ExportRequest
from stillroom.web.schemas.instructions import InstructionRequest
from stillroom.web.schemas.jobs import EditRequest, PreviewRequest, RefineRequest
from stillroom.web.schemas.recipes import NewRecipe
from stillroom.web.schemas.sessions import SessionChange, SessionRequest

EDIT = {"session_id": "ses_1", "operation": "optimize"}
REFINE = {"session_id": "ses_1", "variant_id": "var_1"}
EXPORT = {"variant_ids": ["var_1"], "presets": ["web-1080"]}


@pytest.mark.parametrize(
    ("schema", "body", "field"),
    [
        (EditRequest, {**EDIT, "candidates": "3"}, ("candidates",)),
        (EditRequest, {**EDIT, "candidates": True}, ("candidates",)),
        (EditRequest, {**EDIT, "prompt": 3}, ("prompt",)),
        (RefineRequest, {**REFINE, "prompt": "warmer", "candidates": "1"}, ("candidates",)),
        (PreviewRequest, {"session_id": "ses_1", "with_product": "false"}, ("with_product",)),
        (PreviewRequest, {"session_id": "ses_1", "size": "512"}, ("size",)),
        (InstructionRequest, {"text": "white", "ask_reader": 1}, ("ask_reader",)),
        (ExportRequest, {**EXPORT, "dry_run": "true"}, ("dry_run",)),
        (SessionChange, {"product": {"size_cm": "90"}}, ("product", "size_cm")),
        (NewRecipe, {"name": "a", "operation": "optimize", "approve_from": "0.5"}, ("approve_from",)),
    ],
)
def test_value_of_another_type_is_refused(
    schema: type[Body], body: dict[str, Any], field: tuple[str, ...]
) -> None:
    with pytest.raises(ValidationError) as refused:
        schema.model_validate(body)
    assert [error["loc"] for error in refused.value.errors()] == [field]


def test_enumerations_lists_and_whole_numbers_are_read_from_json() -> None:
    asked = ExportRequest.model_validate({**EXPORT, "fixes": ["to_jpeg"], "label": "zh"})
    assert (asked.fixes, asked.label) == ([FixId.TO_JPEG], LabelLanguage.ZH)
    assert RefineRequest.model_validate({**REFINE, "restore": "tone"}).restore is Mark.TONE
    recipe = NewRecipe.model_validate(
        {"name": "a", "operation": "optimize", "presets": ["web-1080"], "approve_from": 1}
    )
    assert (recipe.presets, recipe.approve_from) == (("web-1080",), 1.0)


def test_a_budget_is_kept_to_the_millionth_of_a_dollar() -> None:
    asked = {"name": "a", "recipe_id": "rec_1", "items": [{"image_id": "ast_1"}], "budget_usd": 1.001}
    assert BatchRequest.model_validate(asked).new_batch.budget_micro_usd == 1_001_000


@pytest.mark.parametrize(("prompt", "own"), [("warmer", "warmer"), ("", None), (" \n", None), (None, None)])
def test_blank_words_of_an_item_mean_those_of_the_recipe(prompt: str | None, own: str | None) -> None:
    items = [{"image_id": "ast_1", "prompt": prompt}]
    [item] = BatchRequest.model_validate({"name": "a", "recipe_id": "rec_1", "items": items}).new_items
    assert item.prompt == own


@pytest.mark.parametrize("shape", [[], {}, None, 1, "round"])
def test_shape_of_another_type_is_refused_like_an_unknown_one(shape: object) -> None:
    recipe = {"name": "a", "operation": "optimize", "changes": {"framing": {"shape": shape}}}
    with pytest.raises(ValidationError, match="shape is square or photo"):
        NewRecipe.model_validate(recipe)


BATCH = {"name": "Spring", "recipe": {"operation": "optimize"}, "items": [{"image_id": "ast_1"}]}


@pytest.mark.parametrize(
    ("schema", "body"),
    [
        (SessionRequest, {"image_id": "ast_1", "title": "TEXT"}),
        (SessionChange, {"title": "TEXT"}),
        (SessionChange, {"product": {"name": {"zh": "TEXT", "en": "Mug"}}}),
        (NewRecipe, {"name": "TEXT", "operation": "optimize"}),
        (BatchRequest, {**BATCH, "name": "TEXT"}),
    ],
)
def test_name_is_kept_without_surrounding_spaces_and_refused_if_nothing_is_left(
    schema: type[Body], body: dict[str, Any]
) -> None:
    text = json.dumps(body)
    assert " Mug" not in repr(schema.model_validate_json(text.replace("TEXT", " Mug ")))
    with pytest.raises(ValidationError, match="at least 1 character"):
        schema.model_validate_json(text.replace("TEXT", " \u3000"))


def test_item_whose_sku_and_title_are_blank_has_none() -> None:
    item = {"image_id": "ast_1", "sku": "  ", "title": " "}
    [new] = BatchRequest.model_validate_json(json.dumps({**BATCH, "items": [item]})).new_items
    assert (new.sku, new.title) == (None, None)
