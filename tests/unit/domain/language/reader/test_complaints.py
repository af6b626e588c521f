"""Reading of complaints: the criticised value is reduced, never raised, and only once."""

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import Plan, changed
from tests.unit.domain.language.sentences import WHITE, figures_of, heard, heard_of, on_marble, told_texts


@pytest.mark.parametrize(
    "words",
    [
        *("less sharp", "make it less sharp", "too sharp", "not so sharp", "oversharpened", "锐化过度"),
        *("清晰度降低", "tone down the sharpening", "锐化少一点", "质感弱一点", "降低质感", "不要太锐"),
        *("没那么锐", "降低锐度", "锐度低一点", "锐化有点过", "纹理太明显了", "質感不要那麼強"),
    ],
)
def test_less_sharp_reduces_sharpening(words: str) -> None:
    keen = understand("突出质感，锐化", WHITE).plan
    for base in (WHITE, keen):
        detail = heard(words, base).plan.detail
        assert detail.sharpen < base.detail.sharpen
        assert detail.clarity < base.detail.clarity or not base.detail.clarity


@pytest.mark.parametrize(
    "words", ["不够清晰", "不清晰", "有点糊", "太模糊了", "not sharp enough", "too blurry", "less blurry"]
)
def test_a_photo_that_is_not_sharp_enough_is_sharpened(words: str) -> None:
    assert heard(words).plan.detail.sharpen == 0.85


@pytest.mark.parametrize(
    ("words", "part", "name", "value"),
    [
        # A complaint and its remedy.
        ("太暗了，亮一点", "tone", "exposure_ev", 0.35),
        ("有点暗，调亮些", "tone", "exposure_ev", 0.35),
        ("too dark, make it brighter", "tone", "exposure_ev", 0.35),
        ("太暗了亮一点", "tone", "exposure_ev", 0.35),
        ("too dark!! brighter pls", "tone", "exposure_ev", 0.35),
        ("太暗了，提亮20%", "tone", "exposure_ev", 0.263),
        ("太亮了，暗一点", "tone", "exposure_ev", -0.35),
        ("太暗了，太暗了", "tone", "exposure_ev", 0.35),
        ("太黄了，冷一点", "tone", "mired", -25.0),
        ("有点冷，暖一点", "tone", "mired", 25.0),
        ("产品太小了，放大一点", "framing", "fill", 0.8064),
        ("too small, make it bigger", "framing", "fill", 0.8064),
        ("佢太細喇，放大啲", "framing", "fill", 0.8064),
        ("太大了，缩小点", "framing", "fill", 0.6429),
        ("太小了，占画面80%", "framing", "fill", 0.8),
        ("阴影太深了，淡一点", "shadow", "strength", 0.6),
        ("阴影太重，减弱阴影", "shadow", "strength", 0.6),
        ("阴影太深了，不要阴影", "shadow", "kind", "none"),
        ("the shadow is too dark, lighten it a bit", "shadow", "strength", 0.6),
        ("shadow's too hard, make it softer", "shadow", "softness", 1.75),
        # A complaint alone.
        ("左边太暗", "light", "fill", 0.4),
        ("产品正面有点暗", "light", "fill", 0.4),
        ("右半边黑乎乎", "light", "fill", 0.4),
        ("bottom half too dark", "light", "fill", 0.4),
        ("the front face is too dark", "light", "fill", 0.4),
        ("白色不够白", "tone", "white_balance", 1.0),
        ("whites aren't white", "tone", "white_balance", 1.0),
        ("黑的不黑", "tone", "contrast", 0.2),
        ("黑色发灰", "tone", "contrast", 0.2),
        ("blacks aren't black", "tone", "contrast", 0.2),
        ("the black looks grey", "tone", "contrast", 0.2),
        ("色差太大", "tone", "white_balance", 1.0),
        ("颜色失真", "tone", "white_balance", 1.0),
        ("colors look off", "tone", "white_balance", 1.0),
        ("光线不均匀", "light", "fill", 0.4),
        ("the lighting is uneven", "light", "fill", 0.4),
        ("噪点太多", "detail", "denoise", 0.8),
    ],
)
def test_a_complaint_sets_the_figure_of_its_remedy_once(
    words: str, part: str, name: str, value: object
) -> None:
    assert heard_of(part, name, words) == value


def test_steps_of_several_turns_and_of_one_turn_add_up() -> None:
    once = heard("太暗了").plan
    assert heard("亮一点", once).plan.tone.exposure_ev == 0.7
    assert heard("太暗了", once).plan.tone.exposure_ev == 0.7
    assert heard("亮一点，再亮一点").plan.tone.exposure_ev == 0.7


@pytest.mark.parametrize(
    ("words", "step"),
    [
        ("木桌太暗了", 0.56),
        ("大理石有点暗", 0.56),
        ("the table is too dark", 0.56),
        ("背景太暗了，亮一点", 0.56),
        ("background too dark, make it lighter", 0.56),
        ("背景比现在亮一点", 0.56),
        ("背景唔好咁暗", 0.56),
    ],
)
def test_a_complaint_about_the_brightness_of_the_backdrop_changes_it_alone(words: str, step: float) -> None:
    plan = heard(words, on_marble()).plan
    assert plan.backdrop.exposure_ev == step
    assert plan.tone == on_marble().tone
    assert understand(words, WHITE).plan.tone == WHITE.tone


def test_a_warmer_backdrop_leaves_the_tone_of_the_product() -> None:
    grey = understand("灰色背景", WHITE).plan
    warmer = heard("背景要比现在暖一点", grey).plan
    assert warmer.backdrop.color[1:3] > grey.backdrop.color[1:3]
    assert warmer.tone == grey.tone
    told = understand("背景要比现在暖一点", WHITE)
    assert (told.plan, told_texts(told)) == (WHITE, ("背景要比现在暖一点",))


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        ("too much shadow", "strength", 0.6),
        ("too strong shadow", "strength", 0.6),
        ("影太實喇，淡啲", "strength", 0.6),
        ("阴影再多一点", "strength", 1.5),
        ("too hard shadows", "softness", 1.75),
        ("阴影太硬了", "softness", 1.75),
        ("shadows too harsh", "softness", 1.75),
        ("shadow too soft", "softness", 0.57),
        ("阴影太软了", "softness", 0.57),
        ("投影太虚", "softness", 0.57),
    ],
)
def test_complaint_about_the_shadow_is_fixed(words: str, name: str, value: float) -> None:
    shadow = heard(words).plan.shadow
    assert getattr(shadow, name) == value
    assert shadow.kind == ("hard" if value == 0.57 else "soft")


@pytest.mark.parametrize(
    ("words", "part", "name", "sign"),
    [
        ("颜色太鲜艳了", "tone", "saturation", -1),
        ("too vivid colours", "tone", "saturation", -1),
        ("颜色太淡", "tone", "saturation", 1),
        ("对比度太高", "tone", "contrast", -1),
        ("too much contrast", "tone", "contrast", -1),
        ("光线太硬", "light", "fill", 1),
        ("too harsh light", "light", "fill", 1),
        ("光线太强了", "tone", "exposure_ev", -1),
        ("很暗", "tone", "exposure_ev", 1),
        ("暗了点", "tone", "exposure_ev", 1),
        ("亮了一点", "tone", "exposure_ev", -1),
    ],
)
def test_too_much_never_increases_the_value(words: str, part: str, name: str, sign: int) -> None:
    before, after = (getattr(getattr(plan, part), name) for plan in (WHITE, heard(words).plan))
    assert (after - before) * sign > 0


def test_complaint_inside_a_refusal_is_not_applied() -> None:
    assert understand("产品不要太小了", Plan()).plan.framing.fill >= Plan().framing.fill


@pytest.mark.parametrize("words", ["太刺眼了", "晃眼睛", "hurts my eyes", "too harsh on the eyes"])
def test_a_picture_that_dazzles_is_darkened(words: str) -> None:
    exposure = heard_of("tone", "exposure_ev", words)
    assert isinstance(exposure, float)
    assert exposure < 0


def test_a_product_that_gets_lost_is_enlarged() -> None:
    fill = heard_of("framing", "fill", "the product gets swallowed by the background")
    assert isinstance(fill, float)
    assert fill > WHITE.framing.fill


@pytest.mark.parametrize(
    "words",
    [
        *("it blends into the background", "blends in too much", "小家子气", "修过头了", "looks cheap"),
    ],
)
def test_a_feeling_without_a_remedy_is_told_back_with_examples_of_changes(words: str) -> None:
    understood = understand(words, WHITE)
    assert understood.plan == WHITE
    assert [told.topic for told in understood.told_back] == ["feeling"]


@pytest.mark.parametrize("words", ["不要冷冰冰的", "别弄得冷冰冰", "这色调也忒冷了"])
def test_a_refused_cold_look_makes_the_picture_warmer(words: str) -> None:
    mired = heard_of("tone", "mired", words)
    assert isinstance(mired, float)
    assert mired > 0


def test_the_phrase_on_reflection_adds_no_reflection() -> None:
    assert heard("On reflection, softer shadow").plan.shadow.reflection == 0


def test_punching_up_a_picture_does_not_move_the_product() -> None:
    assert heard("can you punch it up a bit").plan.framing == WHITE.framing


@pytest.mark.parametrize(
    ("words", "part", "name", "sign"),
    [
        ("亮得像医院走廊", "tone", "exposure_ev", -1),
        ("暗得像没开灯，亮一点", "tone", "exposure_ev", 1),
        ("反差大得像舞台剧", "tone", "contrast", -1),
        ("颜色淡得像兑了水", "tone", "saturation", 1),
        ("锐得像刀刻", "detail", "sharpen", -1),
        ("大得像广告牌", "framing", "fill", -1),
        ("影子浓得像墨汁", "shadow", "strength", -1),
        ("影子淡得像没有", "shadow", "strength", 1),
        ("it has no shadow", "shadow", "strength", 1),
        ("一个影子都没有", "shadow", "strength", 1),
        ("光柔得像棉花", "light", "fill", 1),
    ],
)
def test_a_simile_or_a_missing_shadow_changes_its_figure_in_the_right_direction(
    words: str, part: str, name: str, sign: int
) -> None:
    figures = (getattr(getattr(plan, part), name) for plan in (heard(words).plan, WHITE))
    after, before = figures
    assert (after > before) - (after < before) == sign


def test_an_adjective_joined_to_a_complaint_is_a_complaint_too() -> None:
    assert understand("looks cheap and dark", WHITE).plan.tone.exposure_ev > 0


@pytest.mark.parametrize(
    "words",
    [
        *("不要那么多影子", "别那么多影子", "影子不要那么多", "影子保留但是颜色别那么黑", "影子颜色别那么黑"),
        *("影子比刚才淡一点", "影子比上一张淡一点", "影子还是淡一点好", "影子太深了，其他很满意"),
        "影子没必要这么深，就这样",
    ],
)
def test_a_complaint_or_a_comparison_that_asks_for_less_shadow_reduces_its_strength(words: str) -> None:
    assert heard(words).plan.shadow.strength < WHITE.shadow.strength


def test_what_a_thing_shall_look_like_is_no_complaint() -> None:
    assert understand("make the bottle look tiny", WHITE).plan.framing.fill <= WHITE.framing.fill


def test_grain_that_is_there_again_is_removed() -> None:
    grainy = changed(WHITE, "detail", denoise=0.3)
    for words in ("noise in the dark parts again", "noise in the shadows again"):
        assert heard(words, grainy).plan.detail.denoise == 0.8


def test_too_much_blur_is_reduced_and_not_removed() -> None:
    assert heard("a bit much blur", changed(WHITE, "backdrop", blur=0.8)).plan.backdrop.blur == 0.4


@pytest.mark.parametrize(
    "words", ["jar upright, not crooked", "kitchen background, pouch upright not tilted", "别歪着"]
)
def test_an_upright_product_that_is_not_tilted_is_still_straightened(words: str) -> None:
    assert understand(words, WHITE).plan.detail.straighten


@pytest.mark.parametrize(("words", "sign"), [("shadow to dark", -1), ("change the shadow to dark", 1)])
def test_to_may_be_a_misspelt_too(words: str, sign: int) -> None:
    assert (heard(words).plan.shadow.strength - WHITE.shadow.strength) * sign > 0


def test_an_angle_is_the_whole_remedy_of_what_leans() -> None:
    words = "the vase is leaning, turn it 3° to the right"
    assert heard(words).plan.framing.rotation_deg == 3.0
    crooked = changed(WHITE, "detail", straighten=False)
    assert not understand(words, crooked).plan.detail.straighten


@pytest.mark.parametrize("words", ["还是偏黄", "颜色还是偏黄"])
def test_a_cast_that_is_still_there_is_a_complaint(words: str) -> None:
    assert heard(words).plan.tone.mired < 0


def test_back_to_normal_colours_is_the_remedy_of_a_cast() -> None:
    tone = heard("灯光太黄了，帮我调回正常颜色").plan.tone
    assert tone.mired < 0


@pytest.mark.parametrize(
    ("words", "figure", "value"),
    [
        ("it's still a little dim tbh, +0.5 stops", "tone.exposure_ev", 0.5),
        ("it's a bit dark, +20%", "tone.exposure_ev", 0.263),
        ("too bright, half a stop", "tone.exposure_ev", -0.5),
        ("too dark, half a stop", "tone.exposure_ev", 0.5),
        ("overexposed, half a stop", "tone.exposure_ev", -0.5),
        ("overexposed, bring it down half a stop", "tone.exposure_ev", -0.5),
        ("bit too big, 10%", "framing.fill", 0.648),
        ("too yellow, -300K", "tone.mired", -6.779),
        ("太亮了，半档", "tone.exposure_ev", -0.5),
        ("太暗了，20%", "tone.exposure_ev", 0.263),
        ("偏黄，降300K", "tone.mired", -6.779),
        ("偏蓝，200K", "tone.mired", 4.8778),
        ("影子太重了，30%", "shadow.strength", 0.7),
        ("影子太重啦，黑乎乎一坨，减30%", "shadow.strength", 0.7),
        ("oversharpened, I see halos. back off 30%", "detail.sharpen", 0.2),
        ("oversaturated, back off 30%", "tone.saturation", 0.7),
    ],
)
def test_an_amount_after_a_complaint_is_that_of_its_remedy(words: str, figure: str, value: float) -> None:
    assert figures_of(words, WHITE) == {figure: pytest.approx(value)}


def test_another_complaint_between_them_keeps_its_own_remedy() -> None:
    plan = heard("影子太重，产品太小，加30%").plan
    assert plan.shadow.strength < 1
    assert plan.framing.fill == pytest.approx(0.936)


def test_a_factor_after_a_complaint_is_a_wish_of_its_own() -> None:
    assert heard("shadow is too strong; halve it").plan.shadow.strength <= 0.6


@pytest.mark.parametrize(
    ("words", "figure"),
    [
        ("the photo does not look bright", "tone.exposure_ev"),
        ("the colours don't look vivid", "tone.saturation"),
        ("picture dosent look sharp at all", "detail.sharpen"),
        ("the photo isn't that bright", "tone.exposure_ev"),
        ("the colours aren't so vivid", "tone.saturation"),
        ("it's not really bright", "tone.exposure_ev"),
    ],
)
def test_what_is_not_or_does_not_look_some_way_lacks_it(words: str, figure: str) -> None:
    part, _, name = figure.partition(".")
    before, now = (getattr(getattr(plan, part), name) for plan in (WHITE, heard(words, WHITE).plan))
    assert now > before


@pytest.mark.parametrize(
    "words", ["not so bright please", "make it not as bright", "it shouldn't be that bright"]
)
def test_not_so_much_of_it_is_a_limit_where_it_is_asked(words: str) -> None:
    assert heard(words).plan.tone.exposure_ev < 0


def test_a_colour_that_something_became_is_not_painted() -> None:
    assert heard("裙子本来是大红，现在成了粉红，颜色重一点").plan.backdrop == WHITE.backdrop
