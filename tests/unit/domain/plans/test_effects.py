"""Fields that are set directly: those that no picture would show are refused."""

from typing import Any

import pytest

from stillroom.domain.errors import PromptInvalid, ValidationFailed
from stillroom.domain.plans.changes import PartialPlan, with_changes
from stillroom.domain.plans.effects import check_changed, check_effect, without_idle_fields
from stillroom.domain.plans.plan import Plan, changed


@pytest.mark.parametrize(
    ("changes", "idle"),
    [
        ({"backdrop": {"kind": "white", "image_id": "ast_1"}}, ["image_id"]),
        (
            {"backdrop": {"scene": "wood_oak", "image_id": "ast_1", "fit": "contain"}},
            ["image_id", "fit"],
        ),
        ({"backdrop": {"horizon_y": 0.4}}, ["horizon_y"]),
        ({"backdrop": {"kind": "color", "color": "#aabbcc", "scene": "wood_oak"}}, ["scene"]),
        ({"backdrop": {"kind": "white", "view": "above", "mirrored": True}}, ["view", "mirrored"]),
        ({"backdrop": {"blur": 0.5}}, ["blur"]),
        ({"backdrop": {"exposure_ev": 1}}, ["exposure_ev"]),
        ({"backdrop": {"kind": "white", "color": "#ff0000"}}, ["color"]),
        ({"backdrop": {"scene": "wood_oak", "kind": "scene", "color": "#ff0000"}}, ["color"]),
        (
            {"backdrop": {"kind": "color", "color": "#ff0000", "edge_color": "#000000", "shape": "spot"}},
            ["edge_color", "shape"],
        ),
        ({"shadow": {"kind": "none", "strength": 1.5}}, ["strength"]),
        ({"shadow": {"kind": "none", "direction_deg": 90, "reflection": 0.5}}, ["direction_deg"]),
        ({"light": {"elevation_deg": 70, "strength": 0.2, "fill": 0.4}}, ["elevation_deg", "strength"]),
    ],
)
def test_field_without_an_effect_is_refused(changes: PartialPlan, idle: list[str]) -> None:
    with pytest.raises(ValidationFailed) as refused:
        check_effect(changes, with_changes(Plan(), changes))
    [part] = changes
    named = [fault["field"] for fault in refused.value.params["fields"]]
    assert named == [f"changes.{part}.{name}" for name in idle]


def test_shadow_is_refused_where_the_photo_keeps_its_own_unless_words_may_choose_another_backdrop() -> None:
    changes: PartialPlan = {"shadow": {"kind": "none", "reflection": 0.5}, "backdrop": {"kind": "keep"}}
    plan = with_changes(Plan(), changes)
    with pytest.raises(ValidationFailed) as refused:
        check_effect(changes, plan)
    named = [(fault["field"], fault["reason"]) for fault in refused.value.params["fields"]]
    assert named == [("changes.shadow.kind", "no_effect"), ("changes.shadow.reflection", "no_effect")]
    check_effect(changes, plan, has_words=True)


@pytest.mark.parametrize(
    ("changes", "has_words"),
    [
        ({"backdrop": {"kind": "white", "scene": None, "image_id": None, "fit": "cover"}}, False),
        ({"backdrop": {"image_id": "ast_1", "horizon_y": 0.4, "fit": "contain"}}, False),
        ({"backdrop": {"scene": "wood_oak", "view": "above", "blur": 0.5, "exposure_ev": 1.0}}, False),
        ({"backdrop": {"color": "#ff0000"}}, False),
        ({"backdrop": {"kind": "color", "color": "#ff0000", "edge_color": "#ff0000"}}, False),
        ({"backdrop": {"kind": "gradient", "color": "#ff0000", "shape": "spot"}}, False),
        ({"backdrop": {"scene": "paper_tint", "kind": "scene", "color": "#ff0000"}}, False),
        ({"shadow": {"kind": "none", "strength": 1.0, "reflection": 0.4}}, False),
        ({"shadow": {"kind": "hard", "strength": 1.5}}, False),
        ({"light": {"azimuth_deg": 0, "elevation_deg": 70}}, False),
        ({"light": {"elevation_deg": 70}, "backdrop": {"image_id": "ast_1"}}, False),
        ({"light": {"elevation_deg": 40.0}}, False),
        ({"shadow": {"strength": 1.0}, "backdrop": {"kind": "keep"}}, False),
        ({"light": {"elevation_deg": 70}}, True),
        # The instruction may ask for a scene.
        ({"backdrop": {"view": "above"}}, True),
    ],
)
def test_field_with_an_effect_is_accepted(changes: PartialPlan, has_words: bool) -> None:
    check_effect(changes, with_changes(Plan(), changes), has_words=has_words)


def test_fields_that_another_kind_has_left_behind_are_left_out() -> None:
    plan = changed(changed(Plan(), "shadow", strength=1.5, kind="none"), "backdrop", shape="spot")
    changes: PartialPlan = {"shadow": {"kind": "none", "strength": 1.5}, "backdrop": {"shape": "spot"}}
    assert without_idle_fields(changes, plan) == {"shadow": {"kind": "none"}, "backdrop": {}}


@pytest.mark.parametrize(
    ("changes", "named", "suggestion"),
    [
        ({"framing": {"x": 0.5}}, "framing.x", "The product has that size and place already."),
        ({"shadow": {"length": 1}}, "shadow.length", "The shadow is like that already."),
        ({"backdrop": {"scene": "wood_oak"}}, "backdrop.scene", "The picture shows that scene already."),
    ],
)
def test_changes_that_a_picture_shows_already_are_told_back(
    changes: dict[str, Any], named: str, suggestion: str
) -> None:
    oak = with_changes(Plan(), {"backdrop": {"scene": "wood_oak"}})
    with pytest.raises(PromptInvalid) as refused:
        check_changed(changes, oak)
    (told,) = refused.value.params["told_back"]
    assert (told["text"], told["reason"], told["suggestion"]) == (named, "refused", suggestion)
    assert told["way_out"] is None
    check_changed({**changes, "tone": {"mired": 10.0}}, oak)
