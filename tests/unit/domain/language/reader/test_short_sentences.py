"""Reading of short sentences: each is applied or reported, none is ignored."""

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import starting_plan
from tests.unit.domain.language.sentences import WHITE, heard, on_marble, told_back, told_texts


@pytest.mark.parametrize(
    "words",
    [
        *("add a drop shadow", "drop shadow", "Drop Shadow", "soft drop shadow", "  DROP   SHADOW "),
        *("drop shadow, white background", "with a subtle drop shadow", "drop shadows"),
        *("white bg + drop shadow", "加个投影", "Soft Drop Shadow,White BG"),
    ],
)
def test_drop_shadow_adds_a_shadow(words: str) -> None:
    bare = understand("不要阴影", WHITE).plan
    assert heard(words, bare).plan.shadow.kind == "soft"


@pytest.mark.parametrize(
    "words",
    [
        *("drop the shadow", "drop that shadow", "drop all shadows", "drop its shadow", "drop any shadow"),
        *("please drop the drop shadow", "no drop shadow", "remove the drop shadow", "唔要陰影", "冇陰影"),
        "唔好有影",
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


def test_kelvin_step_depends_on_the_current_tone() -> None:
    warm = heard("4000K").plan
    assert heard("warmer by 200k", warm).plan.tone.mired - warm.tone.mired == pytest.approx(13.158, abs=1e-3)


@pytest.mark.parametrize(
    "words",
    [
        # Complaints about the backdrop that name no other.
        *("木纹不好看", "木纹太花了", "不喜欢木纹", "讨厌木纹", "I hate the marble", "wood looks fake"),
        *("don't like the marble", "大理石太假了", "大理石看着很假", "木桌太抢眼", "唔鍾意木紋"),
        *("木紋唔好睇", "不喜欢这个木桌", "hate this background", "the background looks cheap"),
        "大理石太冷了",
        # Requests for another product, and for a backdrop without a name.
        *("产品换成红色", "make the product red", "make the mug blue", "换个背景", "change the background"),
        *("背景换一个", "背景", "flip it upside down"),
    ],
)
def test_a_complaint_about_the_backdrop_or_an_unknown_request_is_told_back_whole(words: str) -> None:
    for base in (WHITE, on_marble()):
        told_back(words, base)


def test_unknown_clause_is_reported_beside_a_valid_one() -> None:
    assert told_texts(understand("白底，更像外星人一点", WHITE)) == ("更像外星人一点",)
    assert not understand("换个背景，要木纹", WHITE).told_back
    assert told_texts(understand("瓶子改成绿色，背景白色", WHITE)) == ("瓶子改成绿色",)


@pytest.mark.parametrize(
    "words", ["你好，白底，谢谢", "hi there, white background please, thanks", "麻烦帮我修一下图，白底"]
)
def test_courtesy_is_not_reported(words: str) -> None:
    assert heard(words).asked == ("backdrop",)
