"""Reading of wishes for another shade of the current backdrop colour."""

from colorsys import rgb_to_hsv

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import Plan, changed
from tests.unit.domain.language.sentences import WHITE, heard

BLUE, PINK = "#5f93d4", "#e8a0b0"


def on(color: str) -> Plan:
    return changed(WHITE, "backdrop", kind="color", color=color, edge_color=color)


def hsv_after(words: str, color: str) -> tuple[float, float, float]:
    """The hue, saturation and value of the backdrop after words that change it alone."""
    understood = heard(words, on(color))
    assert understood.asked == ("backdrop",)
    after = understood.plan.backdrop.color
    return rgb_to_hsv(*(int(after[i : i + 2], 16) / 255 for i in (1, 3, 5)))


BLUE_HSV = rgb_to_hsv(0x5F / 255, 0x93 / 255, 0xD4 / 255)


@pytest.mark.parametrize(
    "words",
    [
        *(
            "desaturate the background",
            "mute the background colour",
        ),
        *("背景颜色太艳了", "底色饱和度低一点", "背景灰一点"),
    ],
)
def test_a_painted_backdrop_gets_less_vivid(words: str) -> None:
    assert hsv_after(words, BLUE)[1] < BLUE_HSV[1]


@pytest.mark.parametrize("words", ["蓝色再浅一点", "lighter blue", "the blue is too strong", "背景太蓝了"])
def test_shade_of_a_backdrop_named_by_its_colour_is_reported(words: str) -> None:
    for color in (BLUE, PINK):
        understood = understand(words, on(color))
        assert understood.plan.backdrop == on(color).backdrop
        assert understood.not_understood == (words,)


def test_a_plain_white_backdrop_turns_light_grey_but_leans_to_no_other_colour() -> None:
    assert heard("背景灰一点", WHITE).plan.backdrop.color == "#e8e9eb"
    assert understand("背景红一点", WHITE).plan.backdrop == WHITE.backdrop


@pytest.mark.parametrize(
    ("words", "color"),
    [
        ("moss green background", "#658b38"),
        ("青瓷色背景", "#8fb8a8"),
        ("fire engine red backdrop", "#fe0002"),
    ],
)
def test_backdrops_are_painted_in_colours_by_name(words: str, color: str) -> None:
    assert heard(words, WHITE).plan.backdrop.color == color
