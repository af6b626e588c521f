"""Reading of one wish in many frames: each changes the same figure in the same direction."""

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.changes import changes_between
from stillroom.domain.plans.plan import Plan, starting_plan

_PICTURE = starting_plan("refine")


def _changed(words: str, base: Plan = _PICTURE) -> dict[str, bool]:
    """Return the figures that changed, each with whether it grew."""
    understood = understand(words, base)
    assert understood.not_understood == ()
    return {f"{one.part}.{one.field}": one.new > one.old for one in changes_between(base, understood.plan)}


@pytest.mark.parametrize(
    "words",
    [
        *("the photo even brighter", "just a hair brighter", "make the picture just a touch brighter"),
        *("it is still too dim", "I don't like how dim the picture is", "the photo wasn't bright enough"),
        *("it ended up too dark", "it should be less dark", "would you mind making it brighter?"),
        *("while you're at it, bump the brightness up a bit", "one more: more brightness"),
    ],
)
def test_frames_around_brighter_only_raise_the_exposure(words: str) -> None:
    assert _changed(words) == {"tone.exposure_ev": True}


@pytest.mark.parametrize(
    "words",
    [
        *("dial the contrast back a bit", "knock the contrast back by 20%", "pull the contrast back a tad"),
        *("take some contrast out", "lose some of the contrast", "plus not as much contrast"),
    ],
)
def test_taking_some_of_a_figure_away_lowers_it(words: str) -> None:
    assert _changed(words) == {"tone.contrast": False}
