"""Presets and their rules."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from stillroom.domain.exports.presets import FIX_LABELS, ExportPreset, ExportsConfig, FixId, fix
from stillroom.domain.exports.rules import RULE_TITLES, Grade, SizeRule
from tests.unit.imaging.presets import rule


def preset(**changes: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "id": "shop-main",
        "platform": "shop",
        "name": {"zh": "主图", "en": "Main"},
        "canvas": {"width": 800, "height": 800},
        "fit": "pad",
        "ground": "white",
        "formats": ["jpeg"],
    }
    return {**plain, **changes}


def test_rule_has_a_source_and_a_confidence_grade() -> None:
    made = ExportPreset.model_validate(preset(rules=[rule("size", min_width=500, grade="C")]))
    [size] = made.rules
    assert isinstance(size, SizeRule)
    assert size.grade is Grade.C
    assert size.checked_on == date(2026, 11, 24)


@pytest.mark.parametrize(
    "changes",
    [
        {"canvas": {"width": 800}},
        {"canvas": {"width": 800, "long_side": 900}},
        {"canvas": {}},
        {"subject": {"share": 0.9, "min": 0.95, "max": 1.0}},
        {"quality": {"best": 80, "least": 90}},
        {"ground": "transparent"},
        {"formats": []},
        {"formats": ["bmp"]},
        {"id": "Shop Main"},
        {"colour": "white"},
        {"rules": [rule("size", width=0)]},
        {"rules": [{"rule": "ratio", "width": 1, "height": 1}]},
        {"rules": [rule("added_text")]},
        {"rules": [rule("made_up")]},
    ],
)
def test_invalid_preset_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ExportPreset.model_validate(preset(**changes))


def test_house_rules_fill_in_what_a_preset_omits() -> None:
    config = ExportsConfig.model_validate(
        {
            "house_rules": [rule("srgb", source="house"), rule("sharpness", source="house")],
            "presets": [preset(rules=[rule("srgb", source="shop")])],
        }
    )
    found = config.preset("shop-main")
    assert found is not None
    assert [(r.rule, r.source) for r in found.rules] == [("srgb", "shop"), ("sharpness", "house")]
    assert config.preset("nobody") is None


def test_preset_ids_are_unique() -> None:
    with pytest.raises(ValidationError, match="shop-main"):
        ExportsConfig.model_validate({"presets": [preset(), preset()]})


def test_an_overlay_replaces_and_adds_presets() -> None:
    ours = ExportsConfig.model_validate(
        {"house_rules": [rule("srgb")], "presets": [preset(), preset(id="other-main")]}
    )
    theirs = ExportsConfig.model_validate(
        {"presets": [preset(canvas={"width": 900, "height": 900}), preset(id="new-main")]}
    )
    both = ours.overlaid_by(theirs)
    assert [p.id for p in both.presets] == ["shop-main", "other-main", "new-main"]
    assert both.presets[0].canvas.width == 900
    assert both.house_rules == ours.house_rules


def test_fix_states_its_figure_in_both_languages() -> None:
    made = fix(FixId.ENLARGE_SUBJECT, share=85)
    assert (made.label.zh, made.label.en) == ("放大主体到 85%", "Enlarge the product to 85%")
    assert made.kind == "export"
    assert set(FIX_LABELS) == set(FixId)


def test_every_rule_there_is_has_a_name() -> None:
    spelled = ExportPreset.model_json_schema()["properties"]["rules"]["items"]["discriminator"]["mapping"]
    assert set(spelled) == set(RULE_TITLES)
