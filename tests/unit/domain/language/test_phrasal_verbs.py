"""A verb and its particle mean the same before what they are about and around it."""

import pytest

from stillroom.domain.language.reader import read, understand
from stillroom.domain.plans.plan import starting_plan
from tests.unit.domain.language.sentences import figures_of, told_back

PACKSHOT = starting_plan("bg_replace")
SCENE = read(PACKSHOT, ["put it on wood", "blur the background", "light from the left", "rim light"])

VERBS = (
    "dial up",
    "dial down",
    "crank up",
    "tone down",
    "back off",
    "rein in",
    "step up",
    "ease off",
)
FIGURES = ("contrast", "saturation", "warmth", "sharpness", "shadow")


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("verb", VERBS)
def test_a_particle_may_stand_behind_the_figure(verb: str, figure: str) -> None:
    stem, particle = verb.split()
    before, after = (
        understand(words, PACKSHOT) for words in (f"{verb} the {figure}", f"{stem} the {figure} {particle}")
    )
    assert before.plan != PACKSHOT
    assert after.plan == before.plan


@pytest.mark.parametrize(
    ("words", "figures"),
    [
        ("pump up the light", {"tone.exposure_ev": 0.35}),
        ("dial the lighting up", {"tone.exposure_ev": 0.35}),
        ("bring the lighting down", {"tone.exposure_ev": -0.35}),
        ("double the light", {"tone.exposure_ev": 1.0}),
        ("halve the light", {"tone.exposure_ev": -1.0}),
        ("光加倍", {"tone.exposure_ev": 1.0}),
    ],
)
def test_verbs_of_more_and_less_light_move_no_lamp(words: str, figures: dict[str, float]) -> None:
    assert figures_of(words, PACKSHOT) == figures


@pytest.mark.parametrize(
    ("words", "figure", "share"),
    [
        ("half the light", "light.strength", 0.3),
        ("light at 50%", "light.strength", 0.3),
        ("the light at half strength", "light.strength", 0.3),
        ("halve the rim light", "light.rim", 0.35),
        ("double the rim light", "light.rim", 1.0),
        ("lower the blur", "backdrop.blur", 0.3),
    ],
)
def test_a_share_of_what_there_is(words: str, figure: str, share: float) -> None:
    assert figures_of(words, SCENE) == {figure: pytest.approx(share)}


@pytest.mark.parametrize(
    "words", ["reduce the rim light", "turn down the fill light", "double the rim light"]
)
def test_of_light_that_is_not_there_none_can_be_taken_or_doubled(words: str) -> None:
    told_back(words, PACKSHOT)
