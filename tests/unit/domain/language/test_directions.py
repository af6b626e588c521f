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


@pytest.mark.parametrize(
    ("said", "path", "is_raised"),
    [
        ("brighter than I wanted", "tone.exposure_ev", False),
        ("a lot darker than I'd hoped", "tone.exposure_ev", True),
        ("the colours are more vivid than in real life", "tone.saturation", False),
        ("colour's less saturated than the real thing", "tone.saturation", True),
        ("it came out less warm than I wanted", "tone.mired", True),
        ("product looks bigger than I'd like", "framing.fill", False),
        ("比我想的亮", "tone.exposure_ev", False),
        ("产品比我想的小", "framing.fill", True),
        ("颜色比实物鲜艳", "tone.saturation", False),
    ],
)
def test_more_than_was_expected_is_too_much(said: str, path: str, is_raised: bool) -> None:
    before, after = _figure(said, path)
    assert (after > before) == is_raised


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ("not as bright as I hoped", "tone.exposure_ev"),
        ("it's not as sharp as I'd like", "detail.sharpen"),
        ("not quite as warm as I wanted", "tone.mired"),
        ("不如我想的亮", "tone.exposure_ev"),
        ("没实物鲜艳", "tone.saturation"),
    ],
)
def test_less_than_was_expected_is_too_little(said: str, path: str) -> None:
    before, after = _figure(said, path)
    assert after > before


@pytest.mark.parametrize(
    ("said", "path", "is_raised"),
    [
        ("it isn't brighter", "tone.exposure_ev", True),
        ("it isn't smaller at all", "framing.fill", False),
        ("没变大啊", "framing.fill", True),
    ],
)
def test_a_change_that_has_not_come_is_wished_for(said: str, path: str, is_raised: bool) -> None:
    before, after = _figure(said, path)
    assert (after > before) == is_raised


@pytest.mark.parametrize("said", ["that's not brighter", "it's not any warmer", "still not brighter"])
def test_a_change_that_may_not_have_come_is_never_passed_over(said: str) -> None:
    assert understand(said, starting_plan("optimize")).told_back


@pytest.mark.parametrize(
    ("said", "path", "is_raised"),
    [
        ("it's gotten brighter", "tone.exposure_ev", False),
        ("it got smaller", "framing.fill", True),
        ("变大了", "framing.fill", False),
        ("越改越暖", "tone.mired", False),
        ("shouldn't be this bright", "tone.exposure_ev", False),
        ("don't want it this big", "framing.fill", False),
        ("I didn't want it vivid", "tone.saturation", False),
    ],
)
def test_a_change_that_is_only_reported_is_one_too_many(said: str, path: str, is_raised: bool) -> None:
    before, after = _figure(said, path)
    assert (after > before) == is_raised


def test_an_effect_named_after_a_complaint_is_no_part_of_it() -> None:
    assert understand("too much noise, rim light", starting_plan("optimize")).told_back
