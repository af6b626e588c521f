"""Reading of what a thing is like, beside what shall be done with it."""

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import changed
from tests.unit.domain.language.sentences import WHITE, figures_of, heard, on_marble, told_back, told_texts

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
def test_an_adjective_for_the_present_state_is_no_wish_beside_a_verb(words: str, plainly: str) -> None:
    assert heard(words, WITH_LIGHT).plan == heard(plainly, WITH_LIGHT).plan


@pytest.mark.parametrize("words", ["lighten that dark background", "darken the bright background"])
def test_naming_the_brightness_of_the_scene_keeps_the_scene(words: str) -> None:
    assert heard(words, on_marble()).plan.backdrop.scene == "marble_white"


@pytest.mark.parametrize(
    "words",
    [
        *("swap the wood for something lighter", "replace the oak with something darker"),
        *("trade the linen for a lighter one", "replace the oak", "木纹换个亮点的", "把木桌换掉"),
    ],
)
def test_a_scene_to_replace_without_a_replacement_is_told_back(words: str) -> None:
    told_back(words, on_marble())


@pytest.mark.parametrize(
    "words", ["replace the oak with linen", "swap oak for linen", "replace it with linen"]
)
def test_the_scene_that_replaces_another_is_set(words: str) -> None:
    assert heard(words, on_marble()).plan.backdrop.scene == "linen"


@pytest.mark.parametrize(
    "words", ["drop the shadow down a notch", "drop the shadow a notch", "lose the shadow a bit"]
)
def test_a_removal_with_a_degree_is_a_reduction(words: str) -> None:
    shadow = heard(words).plan.shadow
    assert shadow.kind == "soft"
    assert shadow.strength < 1.0


@pytest.mark.parametrize(
    "words", ["more light on the left, a touch less on the right", "左边光多一点，右边少一点"]
)
def test_less_light_on_the_other_side_is_told_back_and_turns_no_light(words: str) -> None:
    understood = understand(words, WHITE)
    assert understood.asked == ("light",)
    assert understood.plan.light.azimuth_deg == -60.0
    assert len(understood.told_back) == 1


@pytest.mark.parametrize("words", ["颜色调回跟实物差不多", "颜色跟实物一样", "不要偏色", "颜色别偏"])
def test_colours_like_the_goods_are_true_colours(words: str) -> None:
    assert heard(words, on_marble()).plan.tone.white_balance == 1.0


@pytest.mark.parametrize("words", ["too much shine", "too cinematic", "太日系了", "背景太白了跟产品糊在一起"])
def test_a_complaint_that_a_style_is_too_strong_does_not_apply_the_style(words: str) -> None:
    plan = understand(words, WHITE).plan
    assert plan.light == WHITE.light
    assert plan.detail == WHITE.detail


def test_two_ratios_for_one_picture_are_both_told_back() -> None:
    for one, other in (("要一张竖的", "一张方的"), ("a vertical one", "a square one")):
        assert told_texts(understand(f"{one}，{other}", WHITE)) == (one, other)


def test_a_new_side_for_the_shadow_leaves_the_place_of_the_product() -> None:
    understood = heard("影子不要在左边，放右边")
    assert understood.asked == ("shadow",)
    assert understood.plan.shadow.direction_deg == 90.0


@pytest.mark.parametrize("words", ["暖光太黄了", "暖光太暖了，收一点", "the warm light is too yellow"])
def test_a_complaint_that_warm_light_is_too_warm_makes_nothing_warmer(words: str) -> None:
    assert heard(words, on_marble()).plan.tone.mired <= 0


@pytest.mark.parametrize("words", ["产品占85-90%", "the product fills 85-90%"])
def test_a_range_of_shares_sets_its_middle(words: str) -> None:
    assert heard(words).plan.framing.fill == pytest.approx(0.875)


@pytest.mark.parametrize("words", ["亮的地方太亮", "the bright parts are too bright"])
def test_bright_parts_alone_are_not_darkened_and_told_back(words: str) -> None:
    assert understand(words, WHITE).asked == ()


def test_seem_smaller_shrinks_the_product_and_seems_small_enlarges_it() -> None:
    assert heard("让它显得小一些").plan.framing.fill < WHITE.framing.fill
    assert heard("显得小了").plan.framing.fill > WHITE.framing.fill


def test_another_view_with_its_sides_is_told_back() -> None:
    assert told_texts(understand("换个角度，从上往下", WHITE)) == ("换个角度", "从上往下")


@pytest.mark.parametrize(
    "words", ["黑色的大理石", "pink marble background", "粉色的木桌", "black wood", "粉色大理石背景"]
)
def test_a_surface_in_a_colour_that_it_does_not_come_in_is_told_back(words: str) -> None:
    told_back(words, WHITE)


@pytest.mark.parametrize(
    ("words", "scene"), [("white marble, please", "marble_white"), ("灰色的石板", "slate_dark")]
)
def test_a_surface_in_its_own_colour_is_set(words: str, scene: str) -> None:
    assert heard(words).plan.backdrop.scene == scene


@pytest.mark.parametrize("words", ["铺一块格子布", "条纹布", "polka dot background", "striped background"])
def test_a_pattern_is_told_back_instead_of_the_plain_surface(words: str) -> None:
    told_back(words, WHITE)


@pytest.mark.parametrize("words", ["can you make the leather look less shiny", "less shine on the leather"])
def test_of_a_style_that_is_doubted_no_part_is_carried_out(words: str) -> None:
    told_back(words)


@pytest.mark.parametrize("words", ["make it 16:9.", "比例16：9。", "ratio 16x9. thanks"])
def test_a_ratio_may_end_a_sentence(words: str) -> None:
    assert figures_of(words, WHITE) == {"framing.aspect": "16:9"}
