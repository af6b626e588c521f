"""Shades of backdrop colours: as arithmetic, and as the reader finds them in sentences."""

from colorsys import rgb_to_hsv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.domain.language.reader import understand
from stillroom.domain.language.wishes.paint import (
    NEUTRALS,
    channels,
    deepened,
    is_dark,
    is_grey,
    is_of_hue,
    toned,
)
from stillroom.domain.plans.plan import changed
from tests.unit.domain.language.sentences import WHITE, heard, told_back, told_texts

PINK, MINT, SKY, YELLOW = "#f0bcc4", "#bfe3d2", "#a9d2f0", "#f0cd63"
BLUE, GREEN, PURPLE, RED = "#5f93d4", "#6fae7c", "#9277c4", "#c4413a"
NAVY, BURGUNDY, BROWN, FOREST = "#1f3154", "#7c2431", "#8a6244", "#2d5143"
PALE, FULL, DARK = (PINK, MINT, SKY, YELLOW), (BLUE, GREEN, PURPLE, RED), (NAVY, BURGUNDY, BROWN, FOREST)
COLOURS = (*PALE, *FULL, *DARK)
SHADES = ("light", "soft", "dark", "rich", "vivid", "pastel", "muted", "warm", "cool", "medium")


def saturation(color: str) -> float:
    return rgb_to_hsv(*(value / 255 for value in channels(color)))[1]


def value(color: str) -> float:
    return max(channels(color)) / 255


def luma(color: str) -> float:
    red, green, blue = channels(color)
    return 0.299 * red + 0.587 * green + 0.114 * blue


def painted(words: str) -> str:
    understood = heard(words)
    assert understood.asked == ("backdrop",)
    assert understood.plan.backdrop.kind == "color"
    return understood.plan.backdrop.color


@pytest.mark.parametrize("shade", SHADES)
@pytest.mark.parametrize("color", COLOURS)
def test_a_shade_has_the_hue_of_its_colour(color: str, shade: str) -> None:
    assert is_of_hue(toned(color, shade), color)


@pytest.mark.parametrize("shade", ["light", "soft", "dark", "rich", "vivid", "pastel", "muted"])
@pytest.mark.parametrize("grey", ["#b4b6ba", "#ffffff", "#121315", "#e8e9eb"])
def test_a_shade_of_grey_is_grey(grey: str, shade: str) -> None:
    assert is_grey(toned(grey, shade)) == is_grey(grey)


@pytest.mark.parametrize("color", COLOURS)
def test_a_dark_shade_is_darker_and_more_saturated(color: str) -> None:
    dark = toned(color, "dark")
    assert saturation(dark) > saturation(color)
    assert luma(dark) < 0.85 * luma(color)


@pytest.mark.parametrize("color", PALE)
def test_the_dark_shade_of_a_pale_colour_stays_far_from_black(color: str) -> None:
    assert value(toned(color, "dark")) > 0.65


@pytest.mark.parametrize("color", FULL)
def test_the_dark_shade_of_a_full_colour_is_dark(color: str) -> None:
    assert is_dark(toned(color, "dark"))


@pytest.mark.parametrize("color", DARK)
def test_the_light_shade_of_a_dark_colour_keeps_most_of_its_saturation(color: str) -> None:
    light = toned(color, "light")
    assert luma(light) > luma(color) + 30
    assert saturation(light) > 0.6 * saturation(color)


@pytest.mark.parametrize("color", [*PALE, *FULL])
def test_a_vivid_shade_is_strong_and_no_darker(color: str) -> None:
    vivid = toned(color, "vivid")
    assert saturation(vivid) > 0.4
    assert saturation(vivid) > 1.3 * saturation(color)
    assert value(vivid) >= value(color)


@pytest.mark.parametrize("color", COLOURS)
def test_a_rich_shade_is_denser_and_a_little_darker(color: str) -> None:
    rich = toned(color, "rich")
    assert saturation(rich) > saturation(color)
    assert luma(toned(color, "dark")) < luma(rich) < luma(color)


@pytest.mark.parametrize("color", FULL)
def test_a_pastel_shade_is_pale_and_no_grey(color: str) -> None:
    pastel = toned(color, "pastel")
    assert value(pastel) > 0.9
    assert 0.15 < saturation(pastel) < 0.4


def test_a_strong_colour_gets_warmer_a_grey_gets_a_tinge_and_a_pale_colour_stays() -> None:
    red, _, blue = channels(toned(PURPLE, "warm"))
    assert (red - channels(PURPLE)[0] > 10, blue - channels(PURPLE)[2] < -10) == (True, True)
    red, _, blue = channels(toned("#b4b6ba", "warm"))
    assert red > blue
    assert toned("#e9dcc6", "warm") == "#e9dcc6"


@given(st.tuples(*[st.integers(0, 255)] * 3), st.floats(0, 1.6), st.floats(0, 1.6))
def test_a_greater_share_of_the_dark_shade_is_never_lighter(
    rgb: tuple[int, int, int], one: float, other: float
) -> None:
    color = "#{:02x}{:02x}{:02x}".format(*rgb)
    less, more = sorted((one, other))
    assert luma(deepened(color, more)) <= luma(deepened(color, less)) + 1


@pytest.mark.parametrize("words", ["darker", "make the pink deeper", "背景深一点", "粉色再深一点"])
def test_a_darker_pink_backdrop_is_a_stronger_pink(words: str) -> None:
    base = changed(WHITE, "backdrop", kind="color", color=PINK, edge_color=PINK)
    after = heard("背景再深一点" if words == "darker" else words, base).plan.backdrop.color
    assert saturation(after) > saturation(PINK)
    assert luma(after) < luma(PINK)


@pytest.mark.parametrize(
    ("words", "shades"),
    [
        ("very dark green backdrop", ("dark", "dark")),
        ("very very dark green backdrop", ("dark", "dark")),
        ("rich dark green backdrop", ("dark", "rich")),
        ("vibrant green background", ("vivid",)),
        ("a true green, please", ("vivid",)),
        ("a warm green background", ("warm",)),
        ("medium green background", ()),
        ("背景要很深的绿色", ("dark", "dark")),
        ("浓郁的绿色背景", ("rich",)),
        ("马卡龙绿背景", ("pastel",)),
    ],
)
def test_words_before_a_colour_give_it_their_shades(words: str, shades: tuple[str, ...]) -> None:
    expected = GREEN
    for shade in shades:
        expected = toned(expected, shade)
    assert painted(words) == expected


@pytest.mark.parametrize(
    ("words", "colour"),
    [
        ("make the background cinnamon", "#a5643c"),
        ("background in moss please", "#6d7b45"),
        ("change the backdrop to mango", "#fbab34"),
        ("the background should be copper, please", "#b87048"),
        ("make the background rust", "#b4552f"),
        ("lime background", "#8cc63f"),
    ],
)
def test_the_name_of_a_thing_beside_the_backdrop_is_its_colour(words: str, colour: str) -> None:
    assert painted(words) == colour


@pytest.mark.parametrize(
    "words", ["put cinnamon in the background", "a lime on the background", "remove the rust", "copper"]
)
def test_the_name_of_a_thing_elsewhere_paints_nothing(words: str) -> None:
    told_back(words)


@pytest.mark.parametrize("words", ["medium background", "rich background", "neon background"])
def test_a_shade_without_a_colour_that_no_neutral_has_is_told_back(words: str) -> None:
    told_back(words)


@pytest.mark.parametrize("shade", NEUTRALS)
def test_a_shade_alone_is_a_neutral(shade: str) -> None:
    assert painted(f"{shade} background") == NEUTRALS[shade]


@pytest.mark.parametrize(
    ("words", "colour"),
    [
        ("lightblue bg", "#bfd4ee"),
        ("darkgreen background", "#1f5a2e"),
        ("offwhite backdrop", "#f7f3ea"),
        ("neon pink backdrop", "#fe2fa0"),
        ("亮粉色背景", "#fa6aa6"),
        ("玫粉色背景", "#e0558c"),
        ("砖红色背景", "#a0442f"),
        ("车厘子红背景", "#681628"),
    ],
)
def test_names_of_colours_have_colours_of_their_own(words: str, colour: str) -> None:
    assert painted(words) == colour


@pytest.mark.parametrize(
    "words",
    ["red", "Blue!", "coral please", "medium grey", "红色", "亮橙色", "something red", "very dark green"],
)
def test_a_text_that_is_only_a_colour_paints_the_backdrop(words: str) -> None:
    assert heard(words).asked == ("backdrop",)


@pytest.mark.parametrize(
    ("words", "is_bottom_darker"),
    [
        ("grey gradient, darker at the bottom", True),
        ("gradient, light on top dark below", True),
        ("fade to grey at the bottom", True),
        ("dark grey at the bottom fading into white", True),
        ("灰色渐变，下面深一点", True),
        ("上浅下深的灰渐变", True),
        ("底部渐变成灰色", True),
        ("grey gradient, brighter at the bottom", False),
        ("background fading to black at the top", False),
        ("blue gradient, dark at the top, light at the bottom", False),
        ("灰色渐变，上深下浅", False),
    ],
)
def test_gradient_is_darker_at_the_end_that_a_text_names(words: str, is_bottom_darker: bool) -> None:
    backdrop = heard(words).plan.backdrop
    assert (backdrop.kind, backdrop.shape) == ("gradient", "sweep")
    bottom, top = luma(backdrop.color), luma(backdrop.edge_color)
    assert (bottom < top) == is_bottom_darker


def test_painted_backdrop_fades_into_a_colour_from_its_own() -> None:
    blue = changed(WHITE, "backdrop", kind="color", color=BLUE, edge_color=BLUE)
    backdrop = heard("fade to white at the top", blue).plan.backdrop
    assert (backdrop.color, backdrop.edge_color) == (BLUE, "#ffffff")


def test_side_of_the_product_is_none_of_the_gradient_behind_it() -> None:
    assert told_texts(understand("渐变背景，产品下面亮一点", WHITE)) == ("产品下面亮一点",)
