"""Reading of wishes for another shade of the current backdrop colour."""

from colorsys import rgb_to_hsv

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.language.wishes.paint import is_dark
from stillroom.domain.plans.plan import PicturePlan, Plan, changed
from tests.unit.domain.language.sentences import WHITE, after, color_of, heard, told_back

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


@pytest.mark.parametrize("words", ["蓝色再浅一点", "lighter blue", "the blue is too strong", "背景太蓝了"])
def test_a_colour_that_the_backdrop_does_not_have_is_reported(words: str) -> None:
    told_back(words, on(PINK))


@pytest.mark.parametrize(
    "words",
    [
        *("make the blue lighter", "make the blue a shade lighter", "can the blue be paler"),
        *("a lighter blue", "the blue is too dark", "蓝色再淡一点", "这个蓝太深了", "蓝色浅一点"),
    ],
)
def test_a_backdrop_called_by_its_colour_gets_lighter(words: str) -> None:
    _, saturation, value = hsv_after(words, BLUE)
    assert saturation < BLUE_HSV[1]
    assert value > BLUE_HSV[2]


@pytest.mark.parametrize(
    "words",
    [
        *("make the blue deeper", "darker blue please", "蓝色再深一点", "这个蓝不够深"),
        *("keep the background, just darker", "same background but a touch darker", "same blue but darker"),
        *("same colour just a bit deeper", "背景不变，深一点就行", "同样的蓝，只要深一点"),
        *("can we go two shades darker on the blue", "keep the blue but darker", "背景的蓝再深一点"),
        "换成更深的蓝",
    ],
)
def test_a_deeper_or_darker_shade_of_the_backdrop_colour_is_darker(words: str) -> None:
    assert hsv_after(words, BLUE)[2] < BLUE_HSV[2]


@pytest.mark.parametrize(
    "words",
    [
        *("desaturate the background", "mute the background colour", "背景颜色太艳了", "底色饱和度低一点"),
        *("背景灰一点", "tone down the blue", "the blue is too strong", "the background is too blue"),
        *("less saturated blue", "背景太蓝了", "背景别那么蓝", "蓝色太艳了"),
    ],
)
def test_a_backdrop_that_is_too_vivid_loses_saturation(words: str) -> None:
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
def test_a_colour_word_in_a_complaint_leaves_the_backdrop(words: str) -> None:
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
        *(("moss green background", "#658b38"), ("青瓷色背景", "#8fb8a8")),
        *(("fire engine red backdrop", "#fe0002"), ("背景色 F2E9DD", "#f2e9dd"), ("bg F5F0E8", "#f5f0e8")),
        *(("背景 RGB 230 220 210", "#e6dcd2"), ("#C9D6C3 这个色号当背景", "#c9d6c3")),
        *(("color code ffeedd for the backdrop", "#ffeedd"), ("换成和品牌色一样的蓝 #1E3A8A", "#1e3a8a")),
        ("use our brand blue #1E3A8A", "#1e3a8a"),
        ("match the background to the brand colour #2a4b3c", "#2a4b3c"),
        *(("背景用品牌色#2a4b3c", "#2a4b3c"), ("背景 240,240,240", "#f0f0f0")),
        *(("background rgb(240, 240, 240)", "#f0f0f0"), ("240,240,240 background", "#f0f0f0")),
    ],
)
def test_a_backdrop_has_the_colour_that_a_name_or_figures_stand_for(words: str, color: str) -> None:
    assert heard(words, WHITE).plan.backdrop.color == color


def test_another_shade_of_a_colour_that_is_not_there_is_reported() -> None:
    understood = understand("same blue but darker", on(PINK))
    assert understood.plan == on(PINK)
    assert understood.told_back


def test_a_limited_wish_for_the_product_keeps_the_backdrop() -> None:
    understood = heard("keep the background but make the product brighter", on(BLUE))
    assert understood.asked == ("tone",)


def test_the_number_of_an_article_is_no_colour() -> None:
    assert understand("货号 B20F33，背景换成浅灰", WHITE).plan == heard("背景换成浅灰", WHITE).plan


def test_goods_before_the_noun_of_the_backdrop_name_its_colour() -> None:
    assert heard("copper background", WHITE).plan.backdrop.color == "#b87048"
    for words in ("copper mug", "put the honey jar on white"):
        assert understand(words, WHITE).plan.backdrop == WHITE.backdrop


@pytest.mark.parametrize("words", ["make the wall green", "change the colour of the table to white"])
def test_the_table_and_the_wall_of_a_scene_keep_their_colour(words: str) -> None:
    scene = heard("oak table", WHITE).plan
    assert understand(words, scene).plan.backdrop == scene.backdrop
    assert understand(words, scene).told_back
    assert heard(words, WHITE).plan.backdrop.scene is None


@pytest.mark.parametrize(
    ("words", "top", "bottom"),
    [
        ("上白下灰渐变", "#ffffff", "#b4b6ba"),
        ("gradient from pink at the top to peach at the bottom", "#f0bcc4", "#e6b39a"),
        ("white at the bottom fading to grey at the top", "#b4b6ba", "#ffffff"),
    ],
)
def test_a_gradient_has_the_colours_where_they_are_wished_for(words: str, top: str, bottom: str) -> None:
    backdrop = heard(words, WHITE).plan.backdrop
    assert (backdrop.kind, backdrop.edge_color, backdrop.color) == ("gradient", top, bottom)


def test_a_pool_of_light_is_a_gradient_that_is_brightest_in_the_middle() -> None:
    backdrop = heard("中间亮四周暗的深灰底", WHITE).plan.backdrop
    assert (backdrop.kind, backdrop.shape) == ("gradient", "spot")
    assert backdrop.color > backdrop.edge_color
    for words in ("中间暗四周亮的灰色背景", "背景中间亮"):
        assert understand(words, WHITE).plan == WHITE


def test_a_limit_on_the_colour_of_the_backdrop_changes_no_tone() -> None:
    understood = understand("could the backdrop be a dusty terracotta? not too orange", WHITE)
    assert understood.asked == ("backdrop",)


def test_a_style_changes_the_backdrop_beside_a_wish_for_the_shadow_but_not_beside_one_for_the_tone() -> None:
    plan = heard("北欧风格，影子淡一点", WHITE).plan
    assert plan.backdrop == heard("北欧风格", WHITE).plan.backdrop
    assert plan.shadow.strength < WHITE.shadow.strength
    assert heard("北欧风格，饱和度低一点", WHITE).plan.backdrop == WHITE.backdrop


def test_a_second_clause_continues_about_the_backdrop_colour() -> None:
    understood = heard("背景别这么蓝，偏灰一点", on(BLUE))
    assert understood.asked == ("backdrop",)
    assert heard("背景调冷一点", on(PINK)).asked == ("backdrop",)


def test_a_colour_is_replaced_by_its_common_name() -> None:
    sage = on("#a9b8a0")
    assert heard("change the green to blue", sage).plan.backdrop.color == BLUE
    assert understand("change the red to blue", sage).plan == sage


def test_a_gradient_is_changed_by_its_noun() -> None:
    there = heard("蓝色渐变", WHITE).plan
    assert heard("渐变淡一点", there).plan.backdrop.color > there.backdrop.color
    assert heard("渐变淡一点", WHITE).plan.backdrop.kind == "gradient"
    assert heard("soft radial gradient in beige", WHITE).plan.backdrop.kind == "gradient"
    assert understand("horizontal gradient from pink to blue", WHITE).told_back


@pytest.mark.parametrize("words", ["改成红色的", "改为红色"])
def test_a_colour_for_an_unnamed_thing_is_told_back(words: str) -> None:
    told_back(words)
    assert heard(f"背景{words}", WHITE).plan.backdrop.kind == "color"


def test_words_for_a_shade_before_a_colour_make_it_pale_or_vivid() -> None:
    vivid, plain, pale = (
        heard(f"{words} background", WHITE).plan.backdrop.color
        for words in ("neon green", "green", "pastel green")
    )
    spans = [
        max(one) - min(one)
        for one in ([int(color[at : at + 2], 16) for at in (1, 3, 5)] for color in (vivid, plain, pale))
    ]
    assert spans[0] > spans[1] > spans[2]


@pytest.mark.parametrize("words", ["背景黑一点", "darker background", "背景暗一点"])
def test_a_darker_backdrop_is_dark_at_the_start_and_a_shade_darker_on_a_picture(words: str) -> None:
    start, picture = (understand(words, base).plan.backdrop.color for base in (Plan(), PicturePlan()))
    assert is_dark(start)
    assert not is_dark(picture)
    assert picture != "#ffffff"


@pytest.mark.parametrize(
    ("words", "keeps_tone"), [("粉色背景 可爱点", True), ("grey background, vintage look", False)]
)
def test_a_style_with_a_backdrop_leaves_the_tone_to_a_named_one(words: str, *, keeps_tone: bool) -> None:
    understood = heard(words)
    assert understood.plan.backdrop.kind == "color"
    assert (understood.plan.tone == WHITE.tone) == keeps_tone


@pytest.mark.parametrize("words", ["plain light grey background", "plain light gray studio look"])
def test_a_shade_between_plain_and_a_colour_is_of_that_colour(words: str) -> None:
    assert heard(words).plan.backdrop.color == "#e8e9eb"


@pytest.mark.parametrize(
    ("words", "inner", "outer"),
    [
        ("渐变背景，上面浅下面深，蓝色系", "dark", "light"),
        ("渐变底，上深下浅的蓝", "light", "dark"),
        ("two-tone background: white on top, blue below", BLUE, "#ffffff"),
        ("背景上面白下面蓝", BLUE, "#ffffff"),
        ("gradient backdrop, blue to white", "#ffffff", BLUE),
        ("粉色#e8a0b0到白色渐变", "#ffffff", PINK),
    ],
)
def test_a_clause_after_a_gradient_says_which_colours_stand_where(words: str, inner: str, outer: str) -> None:
    """The outer colour is the one at the top."""
    backdrop = heard(words).plan.backdrop
    assert backdrop.kind == "gradient"
    if inner[0] == "#":
        assert (backdrop.color, backdrop.edge_color) == (inner, outer)
    else:
        lights = [
            sum(int(one[i : i + 2], 16) for i in (1, 3, 5)) for one in (backdrop.color, backdrop.edge_color)
        ]
        assert (lights[0] < lights[1]) == (inner == "dark")


def test_a_hex_code_is_surer_than_the_name_beside_it() -> None:
    backdrop = heard("background in our brand green, hex #1f6a43").plan.backdrop
    assert (backdrop.kind, backdrop.color) == ("color", "#1f6a43")


@pytest.mark.parametrize("words", ["a cooler grey", "make the grey cooler", "灰色再冷一点", "冷一点的灰"])
def test_a_colour_that_gets_cooler_is_the_backdrops_and_not_the_products(words: str) -> None:
    grey = on("#b4b6ba")
    understood = heard(words, grey)
    red, _, blue = bytes.fromhex(understood.plan.backdrop.color[1:])
    assert red < 0xB4 < blue
    assert understood.plan.tone == grey.tone


def test_a_warmer_colour_that_the_backdrop_does_not_have_is_reported() -> None:
    told_back("a warmer beige", on(BLUE))


def test_a_new_backdrop_is_as_dark_as_is_said() -> None:
    said = ("背景稍微暗一点点", "make the background a little darker", "much darker background")
    shown = [heard(words).plan.backdrop.color for words in said]
    assert sorted(shown, reverse=True) == shown
    assert [is_dark(color) for color in shown] == [False, True, True]
    assert shown[-1] > "#202020"


@pytest.mark.parametrize(("words", "color"), [("背景亮2253档", "#ffffff"), ("背景暗2253档", "#000000")])
def test_absurd_stops_end_at_white_and_black(words: str, color: str) -> None:
    assert heard(words, on("#b4b6ba")).plan.backdrop.color == color


def test_soft_is_between_a_colour_and_its_light_shade_and_light_keeps_the_hue_of_pale_colours() -> None:
    plain, soft, light = (
        sum(bytes.fromhex(color_of(f"{word}coral")[1:])) for word in ("", "soft ", "light ")
    )
    assert plain < soft < light
    beige = bytes.fromhex(color_of("浅米色")[1:])
    assert beige[0] - beige[2] >= 15  # still beige


@pytest.mark.parametrize("words", ["pinkish white", "a slightly pinkish white", "微微泛粉的白色"])
def test_a_tinge_of_a_colour_is_the_backdrops_and_no_cast_of_the_picture(words: str) -> None:
    understood = heard(words)
    assert understood.asked == ("backdrop",)
    assert understood.plan.backdrop.color == "#f9e4e7"


@pytest.mark.parametrize(
    ("words", "colour"),
    [
        ("darken the background to charcoal", "charcoal background"),
        ("take the backdrop down to a charcoal", "charcoal background"),
        ("bring the background down to black", "black background"),
        ("darken the background to near black", "black background"),
        ("tone the background down to beige", "beige background"),
        ("背景压暗到深灰", "深灰背景"),
    ],
)
def test_the_way_to_a_colour_does_not_shade_it(words: str, colour: str) -> None:
    assert heard(words).plan.backdrop == heard(colour).plan.backdrop


@pytest.mark.parametrize("words", ["lighten the backdrop to mid grey", "背景提亮到中灰"])
def test_a_dark_backdrop_is_lightened_to_a_colour(words: str) -> None:
    assert heard(words, after("black background")).plan.backdrop.color == "#b4b6ba"
