"""Two wishes in one text: each has the effect that it has alone."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.changes import changes_between
from stillroom.domain.plans.plan import Plan, starting_plan
from tests.unit.domain.language.sentences import WHITE, figures_of, heard, told_texts

ENGLISH = (
    "sage green background",
    "make the product bigger",
    "the mug looks yellow",
    "soften the shadow",
    "light from the left",
    "add a reflection",
    "more contrast",
    "turn it 5 degrees clockwise",
    "half a stop brighter",
    "landscape format",
    "leave more space at the top",
    "desaturate it slightly",
    "reduce the noise",
)
CHINESE = (
    "背景换成雾霾蓝",
    "产品放大一点",
    "色调冷一点",
    "影子柔一点",
    "光从左边来",
    "加点倒影",
    "对比强一点",
    "顺时针转5度",
    "亮半档",
    "横版",
    "上面多留点空",
    "噪点太多",
    "黑白",
)
OAK = heard("on an oak table", starting_plan("bg_replace")).plan.model_copy(update={"asked": ()})


PAIRS = [
    *((*pair, (". ", ", and ")) for pair in permutations(ENGLISH, 2)),
    *((*pair, ("。", "，")) for pair in permutations(CHINESE, 2)),
]


@given(st.sampled_from(PAIRS))
def test_wishes_that_are_joined_do_what_they_do_one_after_the_other(
    pair: tuple[str, str, tuple[str, ...]],
) -> None:
    one, other, joints = pair
    for base in (WHITE, OAK):
        in_turn = heard(other, heard(one, base).plan).plan
        for joint in joints:
            joined = understand(f"{one}{joint}{other}", base)
            assert (joint, told_texts(joined), changes_between(in_turn, joined.plan)) == (joint, (), ())


@pytest.mark.parametrize("base", [WHITE, OAK], ids=["white", "oak"])
@pytest.mark.parametrize("text", ["mint green background, not too loud", "a violet background please"])
def test_the_name_of_a_colour_changes_no_colour_of_the_picture(text: str, base: Plan) -> None:
    assert heard(text, base).plan.tone == base.tone


def test_an_amount_is_of_the_wish_that_it_stands_in() -> None:
    read = heard("white 底，加 soft shadow，占比 80%")
    assert (read.plan.framing.fill, read.plan.shadow.softness) == (0.8, 1.75)
    darker = heard("dark and moody, bigger, say a third bigger").plan.tone.exposure_ev
    assert darker == heard("dark and moody, bigger").plan.tone.exposure_ev


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("布纹要看得出来、像杂志里的那种", "像杂志里的那种"),
        (
            "The shadow one does not see it almost, it is necessary to reinforce it",
            "it is necessary to reinforce it",
        ),
    ],
)
def test_a_wish_that_is_not_carried_out_is_told_back(text: str, told: str) -> None:
    assert told in told_texts(understand(text, WHITE))


def test_a_wish_may_weaken_what_the_same_text_asks_for() -> None:
    reflection = heard("a reflection, but faint").plan.shadow.reflection
    assert 0 < reflection < heard("add a reflection").plan.shadow.reflection


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("the shadow is too hard, remove the shadow", {"shadow.kind": "none"}),
        ("影子太硬了，去掉影子", {"shadow.kind": "none"}),
        ("soften the shadow and make it brighter", {"shadow.softness": 1.75, "tone.exposure_ev": 0.35}),
        ("the colours look dull, half a stop brighter", {"tone.saturation": 1.18, "tone.exposure_ev": 0.5}),
        (
            "sharpen it and exposure +0.5",
            {"detail.sharpen": 0.85, "detail.clarity": 0.1, "tone.exposure_ev": 0.5},
        ),
        ("make it 10% smaller and exposure +0.5", {"framing.fill": 0.648, "tone.exposure_ev": 0.5}),
        (
            "sharpen it and exposure 0.5",
            {"detail.sharpen": 0.85, "detail.clarity": 0.1, "tone.exposure_ev": 0.5},
        ),
        ("more contrast and desaturate it slightly", {"tone.contrast": 0.25, "tone.saturation": 0.892}),
        (
            "add a rim light and it's blurry",
            {"light.rim": 0.7, "detail.sharpen": 0.85, "detail.clarity": 0.1},
        ),
        ("light from the left. keep the original background", {"light.azimuth_deg": -60.0}),
        ("光从左边打过来，影子怎么也在左边", {"light.azimuth_deg": -60.0, "shadow.direction_deg": 90.0}),
        ("sage green background. the colors look washed out", {"tone.saturation": 1.18}),
        ("sage green backdrop. the colours are shouting at me", {"tone.saturation": 0.82}),
        ("毛衣红得太假，收一收", {"tone.saturation": 0.82}),
        ("grey background, half a stop darker", {}),
        ("噪点太多。颜色太灰了", {"tone.saturation": 1.18, "detail.denoise": 0.8}),
        ("背景改成雾霾蓝。毛衣红得太假，收一收", {"tone.saturation": 0.82}),
    ],
)
def test_of_two_wishes_neither_is_taken_for_the_other(text: str, figures: dict[str, object]) -> None:
    found = figures_of(text, WHITE)
    assert {name: new for name, new in found.items() if not name.startswith("backdrop.")} == figures


def test_a_style_beside_a_wish_is_what_it_is_alone() -> None:
    moody = figures_of("moody look", WHITE)
    assert figures_of("moody look, square format", WHITE) == moody
    assert figures_of("moody look, remove the shadow", WHITE) == {**moody, "shadow.kind": "none"}


@pytest.mark.parametrize(
    ("words", "plainly"),
    [
        ("warm it up, and finally sharpen it", "warm it up. sharpen it"),
        (
            "first cooler tones, second stronger shadow, third move it left",
            "cooler. stronger shadow. move it left",
        ),
        ("make it brighter while you're at it more contrast", "make it brighter. more contrast"),
        ("make it smaller, also keep the shadow", "make it smaller"),
        ("make it brighter, also bring out the texture", "make it brighter. bring out the texture"),
        ("more contrast and make it brighter", "more contrast. make it brighter"),
        ("the contrast is too strong, softer please", "the contrast is too strong"),
        ("less contrast and darker", "less contrast. make it darker"),
        ("先锐化，再加倒影", "锐化。加倒影"),
        ("锐化，再灰色背景", "锐化。灰色背景"),
        ("锐化，麻烦再放在右下角", "锐化。放在右下角"),
        ("锐化，对了提亮暗部", "锐化。提亮暗部"),
        ("加倒影+提亮一点", "加倒影。提亮一点"),
        ("影子柔和一点+灰色背景+暖一点", "影子柔和一点。灰色背景。整体暖一点"),
        ("光线柔和一点+16:9", "光线柔和一点。16:9"),
        ("1.影子长一点 2.整体暖一点 3.4:5", "影子长一点。整体暖一点。4:5"),
        ("背景虚化、产品放大20%", "背景虚化。产品放大20%"),
        ("去掉色偏，居中", "校正白平衡。居中"),
    ],
)
def test_words_between_wishes_change_none_of_them(words: str, plainly: str) -> None:
    assert figures_of(words, WHITE) == pytest.approx(figures_of(plainly, WHITE)) != {}


@pytest.mark.parametrize("wish", ["make it brighter", "navy background", "minimalist style"])
@pytest.mark.parametrize(
    "remark",
    [
        "you know what I mean",
        "as far as you can",
        "I trust you",
        "same as always",
        "sorry to bother you again",
        "I'm in a hurry",
    ],
)
def test_a_remark_after_a_wish_changes_nothing(wish: str, remark: str) -> None:
    assert figures_of(f"{wish}, {remark}", WHITE) == figures_of(wish, WHITE) != {}


@pytest.mark.parametrize("wish", ["暗一点", "藏青色背景", "极简风"])
@pytest.mark.parametrize(
    "remark",
    [
        "不好意思又麻烦你",
        "抱歉，又是我",
        "你看着办",
        "就改这一处",
        "老样子",
        "赶时间",
        "自然一点就好",
        "淘宝主图用",
    ],
)
def test_a_chinese_remark_after_a_wish_changes_nothing(wish: str, remark: str) -> None:
    assert figures_of(f"{wish}，{remark}", WHITE) == figures_of(wish, WHITE) != {}


@pytest.mark.parametrize(
    "words", ["the light is right", "light is just right", "the light is right now", "it looks right now"]
)
def test_right_after_is_praises_and_is_no_side(words: str) -> None:
    assert figures_of(f"{words}, make it warmer", WHITE) == figures_of("make it warmer", WHITE)
    assert figures_of("the light is on the right", WHITE) == figures_of("light from the right", WHITE)


ENGLISH_AMOUNTS = (
    "20% brighter",
    "15% bigger",
    "contrast up 10%",
    "rotate it 5 degrees clockwise",
    "shadow 30% lighter",
    "saturation down 15%",
    "fill 80% of the frame",
)
CHINESE_AMOUNTS = ("亮20%", "放大15%", "对比加10%", "顺时针转5度", "影子淡30%", "饱和度降15%", "占画面80%")


@pytest.mark.parametrize(
    ("one", "other", "joint"),
    [
        *((*pair, joint) for pair in permutations(ENGLISH_AMOUNTS, 2) for joint in (" and ", "/")),
        *((*pair, joint) for pair in permutations(CHINESE_AMOUNTS, 2) for joint in ("", "/", "再")),
    ],
)
def test_each_of_two_amounts_is_of_its_own_wish(one: str, other: str, joint: str) -> None:
    understood = understand(f"{one}{joint}{other}", WHITE)
    alone = [understand(other, understand(one, WHITE).plan).plan]
    alone += [understand(one, understand(other, WHITE).plan).plan]
    plans = [plan.model_copy(update={"asked": understood.plan.asked}) for plan in alone]
    assert understood.told_back or understood.plan in plans


@pytest.mark.parametrize(
    ("text", "fill", "exposure_ev"),
    [
        ("放大15%亮半档", 1.15, 0.5),
        ("15% bigger half a stop brighter", 1.15, 0.5),
        ("half a stop darker and scale to 70%", None, -0.5),
        ("整体暗1/3档缩小10%", 0.9, -1 / 3),
    ],
)
def test_two_amounts_that_no_mark_parts_are_carried_out(
    text: str, fill: float | None, exposure_ev: float
) -> None:
    plan = heard(text, WHITE).plan
    assert plan.tone.exposure_ev == pytest.approx(exposure_ev, abs=1e-3)
    assert plan.framing.fill == pytest.approx(fill * WHITE.framing.fill if fill else 0.7, abs=1e-3)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Warm it up slightly. Also remove the shadow.", "warm it up slightly, remove the shadow"),
        ("tone down the colours, also no shadow", "tone down the colours, no shadow"),
        ("Hi! I'd like you to 20% brighter and crop to 4:5. Thanks!", "20% brighter, crop to 4:5"),
        ("- 20% brighter\n- crop to 4:5", "20% brighter, crop to 4:5"),
        ("杯子摆在藏青上", "杯子放在藏青上"),
    ],
)
def test_a_wish_is_done_once_and_by_its_own_amount(text: str, plain: str) -> None:
    assert heard(text, WHITE).plan == heard(plain, WHITE).plan
