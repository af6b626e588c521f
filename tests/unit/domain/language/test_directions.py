"""A direction that a text says counts, whatever the sentence model makes of the word beside it."""

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import starting_plan


def _figure(text: str, path: str) -> tuple[float, float]:
    base = starting_plan("optimize")
    part, _, name = path.partition(".")
    before, after = (getattr(getattr(plan, part), name) for plan in (base, understand(text, base).plan))
    return before, after


@pytest.mark.parametrize(
    ("more", "less", "path"),
    [
        ("make the colours more pale", "make the colours less pale", "tone.saturation"),
        ("make the colours more washed", "the colours are too washed", "tone.saturation"),
        ("make it more desaturated", "it's too desaturated", "tone.saturation"),
        ("make it more gloomy", "it's too gloomy", "tone.exposure_ev"),
        ("make it more dreary", "make it less dreary", "tone.exposure_ev"),
        ("make the shadow more delicate", "the shadow should be less delicate", "shadow.strength"),
        ("make it more blurry", "make it less blurry", "detail.sharpen"),
    ],
)
def test_more_of_a_quality_lowers_the_figure_that_less_of_it_raises(more: str, less: str, path: str) -> None:
    before, after = _figure(more, path)
    assert after < before
    before, after = _figure(less, path)
    assert after > before


@pytest.mark.parametrize("said", ["make it gloomy", "make the whole photo gloomy", "make it murky"])
def test_gloom_that_is_asked_for_darkens(said: str) -> None:
    before, after = _figure(said, "tone.exposure_ev")
    assert after < before


@pytest.mark.parametrize("said", ["less underexposed", "it's too underexposed", "not so underexposed"])
def test_less_of_a_fault_is_its_remedy(said: str) -> None:
    before, after = _figure(said, "tone.exposure_ev")
    assert after > before


@pytest.mark.parametrize("said", ["it's too garish", "make it less garish", "别那么过饱和"])
def test_too_much_colour_is_taken_back(said: str) -> None:
    before, after = _figure(said, "tone.saturation")
    assert after < before


@pytest.mark.parametrize(("said", "is_raised"), [("饱和度低了", True), ("饱和度高了", False)])
def test_a_figure_that_is_said_to_be_off_is_put_right(said: str, is_raised: bool) -> None:
    before, after = _figure(said, "tone.saturation")
    assert (after > before) == is_raised
