"""Reading of a refinement by rules: what no picture would show is told back."""

from typing import Any

import pytest

from stillroom.application.instructions.reading import by_rules, shown
from stillroom.domain.plans.plan import Plan, changed
from stillroom.domain.providers.requests import Operation


@pytest.mark.parametrize(
    ("backdrop", "text", "reasons"),
    [
        ({"kind": "keep"}, "no shadow", ["not_possible"]),
        ({"kind": "keep"}, "影子淡一点", ["not_possible"]),
        ({"kind": "keep"}, "white background, no shadow", []),
        ({"kind": "white"}, "no shadow", []),
        ({"kind": "picture", "image_id": "ast_1"}, "use a darker background", ["not_possible"]),
        ({"kind": "color", "color": "#88aacc"}, "use a darker background", []),
    ],
)
def test_refinement_that_no_picture_would_show_is_told_back(
    backdrop: dict[str, Any], text: str, reasons: list[str]
) -> None:
    base = changed(Plan(), "backdrop", **backdrop)
    reading = by_rules(text, base, Operation.REFINE)
    assert [told.reason for told in reading.told_back] == reasons
    assert reading.is_carried_out is not bool(reasons)
    assert (reading.plan == base) is bool(reasons)


@pytest.mark.parametrize(
    ("operation", "text", "hidden"),
    [
        (Operation.REFINE, "no shadow, warmer light", "no shadow"),
        (Operation.REFINE, "暖一点，加重阴影", "加重阴影"),
        (Operation.OPTIMIZE, "warmer, keep the background, a hard shadow", "a hard shadow"),
    ],
)
def test_a_clause_that_the_photos_background_prevents_is_told_back_and_no_change_beside_the_others(
    operation: Operation, text: str, hidden: str
) -> None:
    base = Plan() if operation is Operation.OPTIMIZE else changed(Plan(), "backdrop", kind="keep")
    reading = by_rules(text, base, operation)
    assert [(told.text, told.reason, told.topic) for told in reading.told_back] == [
        (hidden, "not_possible", "kept")
    ]
    assert reading.is_carried_out
    assert "shadow" not in {change.part for change in shown(text, reading)}
    assert "tone" in {change.part for change in shown(text, reading)}


@pytest.mark.parametrize(
    ("text", "way_out"), [("no shadow", "“white background”"), ("影子淡一点", "“白色背景”")]
)
def test_a_change_that_the_photos_background_prevents_is_told_back_with_another_backdrop(
    text: str, way_out: str
) -> None:
    base = changed(Plan(), "backdrop", kind="keep")
    (told,) = by_rules(text, base, Operation.REFINE).told_back
    assert way_out in told.suggestion
