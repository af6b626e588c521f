"""Reading of what a thing is like, beside what shall be done with it."""

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import changed
from tests.unit.domain.language.sentences import WHITE, heard, on_marble

WITH_LIGHT = changed(WHITE, "light", azimuth_deg=-40.0)


@pytest.mark.parametrize(
    ("words", "plainly"),
    [
        ("soften that harsh shadow", "soften the shadow"),
        ("lighten the dark shadow", "lighten the shadow"),
        ("make the dark shadow lighter", "make the shadow lighter"),
        ("warm up the cold light", "warm up the light"),
        ("soften the hard light", "soften the light"),
        ("soften the side light", "soften the light"),
        ("make the hard light softer", "make the light softer"),
        ("把硬的影子弄柔", "把影子弄柔"),
    ],
)
def test_how_a_thing_is_now_is_no_wish_beside_a_verb(words: str, plainly: str) -> None:
    assert heard(words, WITH_LIGHT).plan == heard(plainly, WITH_LIGHT).plan


@pytest.mark.parametrize("words", ["lighten that dark background", "darken the bright background"])
def test_a_scene_stays_when_its_state_is_named(words: str) -> None:
    assert heard(words, on_marble()).plan.backdrop.scene == "marble_white"


@pytest.mark.parametrize(
    ("words", "plainly"),
    [
        ("a softer, darker shadow", "a softer darker shadow"),
        ("a softer and darker shadow", "a softer darker shadow"),
        ("can I get a lighter, cleaner background", "can I get a lighter cleaner background"),
    ],
)
def test_states_that_a_comma_joins_are_of_one_thing(words: str, plainly: str) -> None:
    assert heard(words).plan == heard(plainly).plan


@pytest.mark.parametrize(
    "words",
    [
        "swap the wood for something lighter",
        "replace the oak with something darker",
        "trade the linen for a lighter one",
        "replace the oak",
        "木纹换个亮点的",
        "把木桌换掉",
    ],
)
def test_a_scene_that_shall_go_is_not_set(words: str) -> None:
    understood = understand(words, on_marble())
    assert understood.not_understood == (words,)
    assert understood.asked == ()


@pytest.mark.parametrize(
    "words", ["replace the oak with linen", "swap oak for linen", "replace it with linen"]
)
def test_the_scene_that_replaces_another_is_set(words: str) -> None:
    assert heard(words, on_marble()).plan.backdrop.scene == "linen"


@pytest.mark.parametrize(
    ("words", "plainly"),
    [
        ("影子太黑了像个洞，虚一点", "影子太黑了，虚一点"),
        ("the shadow is too black like a hole, lighten it", "the shadow is too black, lighten it"),
    ],
)
def test_a_comparison_does_not_end_what_a_text_is_about(words: str, plainly: str) -> None:
    assert heard(words).plan == heard(plainly).plan


def test_a_colour_of_the_goods_is_no_colour_cast_of_the_photo() -> None:
    assert understand("实物偏红一点", WHITE).not_understood == ("实物偏红一点",)


@pytest.mark.parametrize(
    "words", ["drop the shadow down a notch", "drop the shadow a notch", "lose the shadow a bit"]
)
def test_a_removal_with_a_degree_is_a_reduction(words: str) -> None:
    shadow = heard(words).plan.shadow
    assert shadow.kind == "soft"
    assert shadow.strength < 1.0


@pytest.mark.parametrize(
    "words",
    [
        "四角太暗",
        "把四角提亮",
        "the corners are too dark",
        "make the middle brighter",
        "lower the camera",
        "raise the camera a bit",
        "镜头低一点",
    ],
)
def test_what_is_of_a_place_in_the_picture_or_of_the_camera_is_told_back(words: str) -> None:
    understood = understand(words, WHITE)
    assert understood.not_understood == (words,)
    assert understood.asked == ()


@pytest.mark.parametrize(
    "words", ["more light on the left, a touch less on the right", "左边光多一点，右边少一点"]
)
def test_less_light_on_the_other_side_turns_no_light(words: str) -> None:
    understood = understand(words, WHITE)
    assert understood.asked == ("light",)
    assert understood.plan.light.azimuth_deg == -60.0
    assert len(understood.not_understood) == 1


@pytest.mark.parametrize("words", ["颜色调回跟实物差不多", "颜色跟实物一样"])
def test_colours_like_the_goods_are_true_colours(words: str) -> None:
    assert heard(words, on_marble()).plan.tone.white_balance == 1.0


@pytest.mark.parametrize("words", ["too much shine", "too cinematic", "太日系了", "背景太白了跟产品糊在一起"])
def test_too_much_of_a_style_or_a_blur_is_no_wish_for_it(words: str) -> None:
    plan = understand(words, WHITE).plan
    assert plan.light == WHITE.light
    assert plan.detail == WHITE.detail


@pytest.mark.parametrize("words", ["影子保留但是颜色别那么黑", "影子颜色别那么黑"])
def test_the_colour_of_a_shadow_is_how_dark_it_is(words: str) -> None:
    assert heard(words).plan.shadow.strength < WHITE.shadow.strength


def test_two_ratios_for_one_picture_are_both_told_back() -> None:
    for one, other in (("要一张竖的", "一张方的"), ("a vertical one", "a square one")):
        assert understand(f"{one}，{other}", WHITE).not_understood == (one, other)


def test_the_other_side_of_a_shadow_is_no_place_of_the_product() -> None:
    understood = heard("影子不要在左边，放右边")
    assert understood.asked == ("shadow",)
    assert understood.plan.shadow.direction_deg == 90.0


@pytest.mark.parametrize("words", ["match the background to the brand colour #2a4b3c", "背景用品牌色#2a4b3c"])
def test_a_brand_colour_is_a_colour_and_no_lettering(words: str) -> None:
    assert heard(words).plan.backdrop.color == "#2a4b3c"


@pytest.mark.parametrize("words", ["暖光太黄了", "暖光太暖了，收一点", "the warm light is too yellow"])
def test_the_kind_of_light_that_there_is_too_much_of_is_no_wish_for_it(words: str) -> None:
    assert heard(words, on_marble()).plan.tone.mired <= 0


@pytest.mark.parametrize("words", ["产品占85-90%", "the product fills 85-90%"])
def test_a_range_stands_for_its_middle(words: str) -> None:
    assert heard(words).plan.framing.fill == pytest.approx(0.875)


@pytest.mark.parametrize("words", ["亮的地方太亮", "the bright parts are too bright"])
def test_bright_parts_alone_are_not_darkened_and_told_back(words: str) -> None:
    assert understand(words, WHITE).asked == ()


def test_to_seem_smaller_is_a_wish_and_to_seem_small_a_complaint() -> None:
    assert heard("让它显得小一些").plan.framing.fill < WHITE.framing.fill
    assert heard("显得小了").plan.framing.fill > WHITE.framing.fill


def test_sides_after_another_view_are_of_the_view() -> None:
    assert understand("换个角度，从上往下", WHITE).not_understood == ("换个角度", "从上往下")
