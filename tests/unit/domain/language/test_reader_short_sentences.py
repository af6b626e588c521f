"""Reading of short sentences: each is applied or reported, none is ignored."""

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import starting_plan
from tests.unit.domain.language.sentences import WHITE, heard, heard_of, on_marble


@pytest.mark.parametrize(
    "words",
    [
        *("add a drop shadow", "drop shadow", "Drop Shadow", "soft drop shadow", "  DROP   SHADOW "),
        *(
            "drop shadow, white background",
            "with a subtle drop shadow",
            "drop shadows",
            "white bg + drop shadow",
        ),
        *("加个投影", "Soft Drop Shadow,White BG"),
    ],
)
def test_drop_shadow_adds_a_shadow(words: str) -> None:
    bare = understand("不要阴影", WHITE).plan
    assert heard(words, bare).plan.shadow.kind == "soft"


@pytest.mark.parametrize(
    "words",
    [
        *("drop the shadow", "drop that shadow", "drop all shadows", "drop its shadow", "drop any shadow"),
        *(
            "please drop the drop shadow",
            "no drop shadow",
            "remove the drop shadow",
            "唔要陰影",
            "冇陰影",
            "唔好有影",
        ),
    ],
)
def test_dropped_shadow_is_removed(words: str) -> None:
    assert heard(words).plan.shadow.kind == "none"


@pytest.mark.parametrize(
    ("words", "azimuth_deg"),
    [
        ("把光线从左边换到右边", 60.0),
        ("把光线从右边换到左边", -60.0),
        ("光从左边改到右边", 60.0),
        ("光从右边改到左边", -60.0),
        ("把左边的光换到右边", 60.0),
        ("打光從左邊改到右邊", 60.0),
        ("光线从左上方移到右上方", 50.0),
        ("move the light from left to right", 60.0),
        ("move the light from the right to the left", -60.0),
        ("switch the light to the left side", -60.0),
        ("from the left instead of the right", -60.0),
        ("light from the right rather than the left", 60.0),
        ("light coming from the left, should be from the right", 60.0),
        ("光从左往右", -60.0),
        ("从左到右打光", -60.0),
        ("光从右边打到左边", 60.0),
    ],
)
def test_light_takes_the_side_it_is_moved_to(words: str, azimuth_deg: float) -> None:
    assert heard(words).plan.light.azimuth_deg == azimuth_deg


@pytest.mark.parametrize(
    "words",
    [
        "只保留产品",
        "只要产品",
        "only the product",
        "keep only the product",
        "其他都不要",
        "除了产品都去掉",
        "幫我去背",
    ],
)
def test_product_alone_means_a_transparent_backdrop(words: str) -> None:
    assert heard(words).plan.backdrop.kind == "transparent"
    assert heard(f"{words}，白底").plan.backdrop.kind == "white" or "去背" in words


@pytest.mark.parametrize(
    "words",
    [
        *("背景再干净一点", "背景乾淨一點", "干净的背景", "clean background", "solid background", "纯色背景"),
        *("plain background", "背景太花了，换成纯色", "個背景好亂", "make the bg less busy"),
    ],
)
def test_clean_backdrop_becomes_plain_and_white_stays_white(words: str) -> None:
    assert heard(words).plan.backdrop == WHITE.backdrop
    assert heard(words, on_marble()).plan.backdrop.kind == "white"
    gradient = understand("浅灰渐变背景", WHITE).plan
    assert heard(words, gradient).plan.backdrop.kind == "color"
    assert heard(words, starting_plan("refine")).plan.backdrop.kind == "white"


@pytest.mark.parametrize(
    ("words", "same"),
    [
        ("黑色背景带渐变", "黑色渐变背景"),
        ("渐变灰背景", "灰色渐变背景"),
        ("灰色背景，带渐变", "灰色渐变背景"),
        ("gradient grey background", "grey gradient background"),
        ("black background with a gradient", "black gradient background"),
    ],
)
def test_gradient_is_read_at_any_position(words: str, same: str) -> None:
    backdrop = heard(words).plan.backdrop
    assert backdrop.kind == "gradient"
    assert backdrop == heard(same).plan.backdrop


@pytest.mark.parametrize(
    "words", ["背景 240,240,240", "background rgb(240, 240, 240)", "240,240,240 background"]
)
def test_colour_can_be_given_as_rgb(words: str) -> None:
    assert heard(words).plan.backdrop.color == "#f0f0f0"


@pytest.mark.parametrize(
    ("words", "part", "name", "value"),
    [
        ("白一点", "tone", "exposure_ev", 0.35),
        ("光啲", "tone", "exposure_ev", 0.35),
        ("可唔可以光啲", "tone", "exposure_ev", 0.35),
        ("細啲", "framing", "fill", 0.6429),
        ("柔和一点", "light", "fill", 0.25),
        ("方图", "framing", "aspect", "1:1"),
        ("warmer by 200k", "tone", "mired", 4.8778),
        ("cooler by 300K", "tone", "mired", -6.779),
        ("暖200K", "tone", "mired", 4.8778),
        ("warmer by 1000k", "tone", "mired", 27.9339),
        ("四周留白10%", "framing", "fill", 0.8),
        ("10% margin on each side", "framing", "fill", 0.8),
        ("上下左右各留白5%", "framing", "fill", 0.9),
        ("多留白10%", "framing", "fill", 0.648),
        ("产品占画面九成", "framing", "fill", 0.9),
        ("亮度提高一咪咪", "tone", "exposure_ev", 0.21),
        ("lower the light", "light", "elevation_deg", 25.0),
        ("softer contrast", "tone", "contrast", -0.25),
        ("drop the saturation", "tone", "saturation", 0.82),
        ("give it a warmer look", "tone", "mired", 25.0),
        ("exposure 往下拉", "tone", "exposure_ev", -0.35),
        ("图片模糊", "detail", "sharpen", 0.85),
        ("move right", "framing", "x", 0.56),
        ("move it higher", "framing", "y", 0.44),
        ("too far left", "framing", "x", 0.56),
        ("背景换成深色", "backdrop", "color", "#33353a"),
        ("Living room background", "backdrop", "scene", "room_oak"),
        ("放在客厅里", "backdrop", "scene", "room_oak"),
        ("厨房台面", "backdrop", "scene", "marble_white"),
    ],
)
def test_short_wish_is_read(words: str, part: str, name: str, value: object) -> None:
    assert heard_of(part, name, words) == value


def test_kelvin_step_depends_on_the_current_tone() -> None:
    warm = heard("4000K").plan
    assert heard("warmer by 200k", warm).plan.tone.mired - warm.tone.mired == pytest.approx(13.158, abs=1e-3)


@pytest.mark.parametrize(
    "words",
    [
        *(
            "产品换成红色",
            "make the product red",
            "make the mug blue",
            "换个背景",
        ),
        *("change the background", "背景换一个", "背景", "flip it upside down"),
    ],
)
def test_unknown_request_is_rejected_as_a_whole(words: str) -> None:
    for base in (WHITE, on_marble()):
        understood = understand(words, base)
        assert (understood.plan, understood.asked) == (base, ())
        assert understood.not_understood == (words,)


def test_unknown_clause_is_reported_beside_a_valid_one() -> None:
    assert understand("白底，更像外星人一点", WHITE).not_understood == ("更像外星人一点",)
    assert understand("换个背景，要木纹", WHITE).not_understood == ()
    assert understand("瓶子改成绿色，背景白色", WHITE).not_understood == ("瓶子改成绿色",)


@pytest.mark.parametrize(
    "words", ["你好，白底，谢谢", "hi there, white background please, thanks", "麻烦帮我修一下图，白底"]
)
def test_courtesy_is_not_reported(words: str) -> None:
    assert heard(words).asked == ("backdrop",)
