"""Reading of a refinement by rules: what no picture would show is told back."""

from typing import Any

import pytest

from stillroom.application.instructions.reading import by_rules
from stillroom.domain.plans.plan import Plan, changed
from stillroom.domain.providers.requests import Operation


@pytest.mark.parametrize(
    ("backdrop", "text", "reasons"),
    [
        ({"kind": "keep"}, "no shadow", ["not_possible"]),
        ({"kind": "keep"}, "影子淡一点", ["not_possible"]),
        ({"kind": "keep"}, "no shadow, warmer light", []),
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
