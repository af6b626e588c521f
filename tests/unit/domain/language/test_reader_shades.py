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
def test_a_colour_that_the_backdrop_does_not_have_is_reported(words: str) -> None:
    understood = understand(words, on(PINK))
    assert understood.plan.backdrop == on(PINK).backdrop
    assert understood.not_understood == (words,)


@pytest.mark.parametrize(
    "words",
    [
        *("make the blue a shade lighter", "can the blue be paler", "a lighter blue", "the blue is too dark"),
        *("蓝色再淡一点", "这个蓝太深了", "蓝色浅一点"),
    ],
)
def test_a_backdrop_called_by_its_colour_gets_lighter(words: str) -> None:
    _, saturation, value = hsv_after(words, BLUE)
    assert saturation < BLUE_HSV[1]
    assert value > BLUE_HSV[2]


@pytest.mark.parametrize(
    "words", ["make the blue deeper", "darker blue please", "蓝色再深一点", "这个蓝不够深"]
)
def test_a_backdrop_called_by_its_colour_gets_darker(words: str) -> None:
    assert hsv_after(words, BLUE)[2] < BLUE_HSV[2]


@pytest.mark.parametrize(
    "words",
    [
        *(
            "tone down the blue",
            "the blue is too strong",
            "the background is too blue",
            "less saturated blue",
        ),
        *("背景太蓝了", "背景别那么蓝", "蓝色太艳了"),
    ],
)
def test_a_backdrop_with_too_much_of_its_colour_gets_less_vivid(words: str) -> None:
    assert hsv_after(words, BLUE)[1] < BLUE_HSV[1]


@pytest.mark.parametrize(
    "words", ["背景偏绿一点", "背景再绿一点", "the background needs to be a bit more green"]
)
def test_a_painted_backdrop_takes_on_another_hue(words: str) -> None:
    assert hsv_after(words, BLUE)[0] < BLUE_HSV[0]


def test_a_plain_white_backdrop_turns_light_grey_or_a_colour() -> None:
    assert heard("背景灰一点", WHITE).plan.backdrop.color == "#e8e9eb"
    assert heard("背景红一点", WHITE).plan.backdrop.color == heard("红色背景", WHITE).plan.backdrop.color
    assert understand("背景太红了", WHITE).plan.backdrop == WHITE.backdrop


@pytest.mark.parametrize("words", ["又暗又黄", "the photo is dark and yellow"])
def test_a_colour_among_complaints_is_no_name_of_the_backdrop(words: str) -> None:
    assert understand(words, on("#f0cd63")).plan.backdrop == on("#f0cd63").backdrop


@pytest.mark.parametrize(
    ("words", "one", "other"),
    [
        ("偏冷的灰做底", "#b4b6ba", "#dfe9f2"),
        ("黄绿色背景", "#6fae7c", "#f0cd63"),
        ("pinkish white backdrop", "#ffffff", "#f0bcc4"),
        ("带一点粉的白色背景", "#ffffff", "#f0bcc4"),
        ("background between beige and grey", "#e9dcc6", "#b4b6ba"),
    ],
)
def test_a_colour_with_a_tinge_lies_between_both(words: str, one: str, other: str) -> None:
    color = heard(words, WHITE).plan.backdrop.color
    assert color not in (one, other)
    for at in (1, 3, 5):
        ends = sorted((int(one[at : at + 2], 16), int(other[at : at + 2], 16)))
        assert ends[0] <= int(color[at : at + 2], 16) <= ends[1]


def test_a_shade_with_a_degree_is_that_of_the_colour_after_it() -> None:
    assert heard("背景深一点的蓝", WHITE).plan == heard("背景深蓝", WHITE).plan
    assert heard("浅黄绿色背景", WHITE).plan.backdrop.color > heard("黄绿色背景", WHITE).plan.backdrop.color


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
