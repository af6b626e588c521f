"""Readings of a reader model: a change that no picture shows is none."""

import pytest

from stillroom.domain.plans.plan import Plan, changed
from stillroom.domain.plans.read_as import FieldChange, read_as


@pytest.mark.parametrize(
    ("backdrop", "change"),
    [
        ("white", FieldChange("backdrop", "blur", 0.5)),
        ("white", FieldChange("backdrop", "shape", "spot")),
        ("white", FieldChange("light", "strength", 0.8)),
        ("keep", FieldChange("shadow", "strength", 1.6)),
    ],
)
def test_a_reading_that_the_picture_would_not_show_is_invalid(backdrop: str, change: FieldChange) -> None:
    plan = changed(Plan(), "backdrop", kind=backdrop)
    with pytest.raises(ValueError, match="no change that a picture shows"):
        read_as("dreamy", [change], plan, (), ())


def test_a_reading_is_valid_if_one_of_its_changes_makes_the_others_visible() -> None:
    both = [FieldChange("light", "azimuth_deg", -45), FieldChange("light", "strength", 0.8)]
    found = read_as("hard, from the left", both, Plan(), (), ())
    assert found.changes == {"light": {"azimuth_deg": -45.0, "strength": 0.8}}
