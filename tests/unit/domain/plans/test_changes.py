"""Differences between two plans, and fields that are set directly."""

from typing import Any

import pytest

from stillroom.domain.errors import ValidationFailed
from stillroom.domain.plans.changes import (
    Change,
    changes_between,
    usable_changes,
    with_changes,
)
from stillroom.domain.plans.plan import SCENE_FILL, Framing, Plan, changed

PLACED = Plan(
    framing=Framing(fill=0.6, canvas=(1600, 1600)), product_transform=(1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
)


def test_equal_plans_have_no_changes() -> None:
    assert changes_between(Plan(), Plan(asked=("tone",), said=("warmer",))) == ()


def test_each_field_that_differs_is_one_change_in_the_order_of_the_plan() -> None:
    plan = changed(changed(Plan(), "tone", mired=25.0), "backdrop", kind="scene", scene="wood_oak")
    assert changes_between(Plan(), plan) == (
        Change("backdrop", "kind", "white", "scene"),
        Change("backdrop", "scene", None, "wood_oak"),
        Change("tone", "mired", 0.0, 25.0),
    )


@pytest.mark.parametrize(
    ("changes", "field", "allowed"),
    [
        ({"framing": {"fill": 7}}, "changes.framing.fill", "less than or equal to 0.95"),
        ({"framing": {"fill": "0.8"}}, "changes.framing.fill", "number"),
        ({"framing": {"x": float("nan")}}, "changes.framing.x", "must be a finite number"),
        (
            {"framing": {"zoom": 2}},
            "changes.framing.zoom",
            "is no field of this part; there are fill, x, y, ",
        ),
        ({"framing": {"canvas": [90000, 90000]}}, "changes.framing.canvas", "there are fill"),
        ({"shadow": {"kind": "long"}}, "changes.shadow.kind", "'soft', 'hard' or 'none'"),
        ({"backdrop": {"color": "red"}}, "changes.backdrop.color", "^#[0-9a-fA-F]{6}$"),
        ({"sky": {"blue": 1}}, "changes.sky", "is no part of a plan; there are backdrop, shadow, "),
        ({"\ud800": {}}, "changes.?", "there are backdrop"),
    ],
)
def test_invalid_change_is_refused_with_its_path_and_the_allowed_values(
    changes: dict[str, Any], field: str, allowed: str
) -> None:
    with pytest.raises(ValidationFailed) as refused:
        usable_changes(changes)
    (fault,) = refused.value.params["fields"]
    assert fault["field"] == field
    assert allowed in fault["message"]


def test_a_colour_may_be_written_in_capitals_and_is_kept_in_lower_case() -> None:
    changes = usable_changes({"backdrop": {"kind": "color", "color": "#FF00Aa"}})
    assert changes == {"backdrop": {"kind": "color", "color": "#ff00aa"}}
    assert with_changes(Plan(), {"backdrop": {"color": "#FF00AA"}}).backdrop.color == "#ff00aa"


def test_all_invalid_changes_are_named_at_once_and_empty_parts_are_ignored() -> None:
    with pytest.raises(ValidationFailed) as refused:
        usable_changes({"framing": {"fill": 7, "zoom": 1}, "tone": {"mired": True}})
    assert len(refused.value.params["fields"]) == 3
    assert usable_changes({"framing": {"fill": 1 / 2}, "tone": {}}) == {"framing": {"fill": 0.5}}


def test_a_changed_framing_releases_the_place_and_a_changed_ratio_the_canvas_too() -> None:
    moved = with_changes(PLACED, {"framing": {"x": 0.4}})
    assert (moved.framing.x, moved.framing.canvas, moved.product_transform) == (0.4, (1600, 1600), None)
    assert moved.asked == ("framing",)
    larger = with_changes(PLACED, {"framing": {"fill": 0.8, "canvas": (9, 9)}})
    assert (larger.framing.fill, larger.framing.canvas, larger.product_transform) == (0.8, (1600, 1600), None)
    taller = with_changes(PLACED, {"framing": {"aspect": "3:4"}})
    assert (taller.framing.aspect, taller.framing.canvas) == ("3:4", None)
    darker = with_changes(PLACED, {"shadow": {"strength": 1.4}})
    assert darker.product_transform == PLACED.product_transform


def test_a_scene_or_colour_brings_the_fields_that_it_needs() -> None:
    oak = with_changes(Plan(), {"backdrop": {"scene": "wood_oak"}})
    assert (oak.backdrop.kind, oak.framing.fill) == ("scene", SCENE_FILL)
    placed = changed(oak, "backdrop", mirrored=True, view="above")
    assert with_changes(placed, {"backdrop": {"blur": 0.4}}).backdrop.view == "above"
    marble = with_changes(placed, {"backdrop": {"scene": "marble_white"}}).backdrop
    assert (marble.mirrored, marble.view) == (None, None)
    red = with_changes(placed, {"backdrop": {"color": "#d21f3c"}}).backdrop
    assert (red.kind, red.edge_color, red.scene) == ("color", "#d21f3c", None)
    gradient = with_changes(Plan(), {"backdrop": {"kind": "gradient", "color": "#f0f0f0"}}).backdrop
    assert gradient.edge_color < gradient.color


def test_an_own_picture_brings_its_kind() -> None:
    backdrop = with_changes(Plan(), {"backdrop": {"image_id": "ast_1"}}).backdrop
    assert (backdrop.kind, backdrop.image_id) == ("picture", "ast_1")
