"""Ordinary sentences of sellers, in their usual word order and with their usual numbers."""

import pytest

from stillroom.domain.colors import color_of
from stillroom.domain.instructions import Understanding, understand
from stillroom.domain.plans import Backdrop, Plan, candidate_plans, starting_plan
from stillroom.domain.vocabulary import RULES

WHITE = starting_plan("optimize")


def on_marble() -> Plan:
    """A picture that goes on from another: its product has its place."""
    plan = understand("大理石台面，光从左边来，暖一点", starting_plan("bg_replace")).plan
    return plan.model_copy(update={"asked": (), "product_transform": (1.0, 0.0, 5.0, 0.0, 1.0, 6.0)})


def heard(words: str, base: Plan = WHITE) -> Understanding:
    """Read words that leave nothing to tell back."""
    understood = understand(words, base)
    assert understood.not_understood == ()
    return understood


@pytest.mark.parametrize(
    ("words", "kind", "scene", "mired"),
    [
        ("白底，暖色调", "white", None, 25.0),
        ("白底 暖色调 左边打光", "white", None, 25.0),
        ("white background, warm tone", "white", None, 25.0),
        ("白色背景，冷色调", "white", None, -25.0),
        ("白色背景，冷色調", "white", None, -25.0),
        ("木桌，暖色调，左边打光", "scene", "wood_oak", 25.0),
        ("大理石台面，暖色", "scene", "marble_white", 25.0),
        ("冷色调的木纹背景", "scene", "wood_oak", -25.0),
        ("wooden table, warm", "scene", "wood_oak", 25.0),
        ("暖色调", "white", None, 25.0),
        ("整体暖色调", "white", None, 25.0),
        ("cool tones", "white", None, -25.0),
    ],
)
def test_a_tone_is_of_the_product_and_leaves_the_backdrop(
    words: str, kind: str, scene: str | None, mired: float
) -> None:
    plan = heard(words).plan
    assert (plan.backdrop.kind, plan.backdrop.scene, plan.tone.mired) == (kind, scene, mired)


@pytest.mark.parametrize("words", ["白底，红色", "木纹背景，红色", "marble, red"])
def test_a_colour_that_stands_alone_does_not_undo_a_backdrop(words: str) -> None:
    understood = understand(words, WHITE)
    assert understood.plan.backdrop.color == Backdrop().color
    assert understood.not_understood == (words[-3:].strip("，, "),)


KEEPING = [
    *("不要换背景", "别换背景", "不要更换背景", "背景不要换", "背景别换", "别动背景", "原背景保留"),
    *("不要換背景", "請勿更換背景", "不需要换背景", "不要把背景换掉", "背景千万别动", "背景保持不变"),
    *(
        "背景照旧",
        "保留原来的背景",
        "原图背景不变",
        "勿改背景",
        "不换背景",
        "别换场景",
        "不要抠图",
        "不要去背景",
    ),
    *("don't change the background", "don’t replace the background", "do not touch my background"),
    *("dont change the background", "without changing the background", "never change the background"),
    *("don't remove the background", "leave the background alone", "the background should stay"),
    *("keep the background as it is", "no background change", "do not cut it out"),
]


@pytest.mark.parametrize("words", KEEPING)
def test_a_background_that_shall_not_be_changed_is_kept_by_every_candidate(words: str) -> None:
    for operation in ("optimize", "bg_replace"):
        for more in ("", "，只提亮一点", ", brighter"):
            understood = heard(words + more, starting_plan(operation))
            assert (understood.plan.tone.exposure_ev > 0) == bool(more)
            for plan in candidate_plans(understood.plan, 4, operation):
                assert plan.backdrop.kind == "keep"


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("不要放大产品", "framing"),
        ("别放大", "framing"),
        ("別把產品放大", "framing"),
        ("不要缩小", "framing"),
        ("不要居中", "framing"),
        ("不要移动产品", "framing"),
        ("别往左移一点", "framing"),
        ("don't enlarge the product", "framing"),
        ("don't enlarge or shrink it", "framing"),
        ("不要放大，也不要缩小", "framing"),
        ("do not make it warmer", "tone"),
        ("不要再暖了", "tone"),
        ("不要加对比度", "tone"),
        ("不用提高亮度", "tone"),
        ("不要顶光", "light"),
        ("no rim light", "light"),
        ("不要硬阴影", "shadow"),
        ("硬阴影不要", "shadow"),
        ("no harsh shadows", "shadow"),
        ("不要去掉阴影", "shadow"),
        ("不要渐变背景", "backdrop"),
        ("没有渐变", "backdrop"),
        ("no gradient background", "backdrop"),
    ],
)
def test_what_is_refused_stays_as_it_is_and_does_not_vary(words: str, part: str) -> None:
    understood = heard(words)
    assert understood.asked == (part,)
    assert understood.plan == WHITE.model_copy(update={"asked": (part,)})


@pytest.mark.parametrize("words", ["不要放大", "don't enlarge it", "不要再暖了", "别变暗", "no top light"])
def test_a_later_turn_that_only_refuses_changes_and_varies_nothing(words: str) -> None:
    understood = understand(words, on_marble())
    quiet = understood.plan.model_copy(update={"tone": on_marble().tone, "asked": ()})
    assert quiet == on_marble()
    assert understood.plan.tone.exposure_ev == on_marble().tone.exposure_ev


@pytest.mark.parametrize(
    ("words", "part", "name", "value"),
    [
        ("白底，不要提亮", "tone", "auto_exposure", False),
        ("不要变暗", "tone", "auto_exposure", False),
        ("don't brighten, just make it warmer", "tone", "mired", 25.0),
        ("不要锐化", "detail", "sharpen", 0.0),
        ("don't sharpen it", "detail", "sharpen", 0.0),
        ("不要降噪", "detail", "denoise", 0.0),
        ("不要拉直", "detail", "straighten", False),
        ("不要左边打光", "light", "azimuth_deg", 60.0),
        ("光不要从右边来", "light", "azimuth_deg", -60.0),
        ("not too dark shadow", "shadow", "strength", 0.6),
        ("阴影不要太深", "shadow", "strength", 0.6),
        ("不要太重的阴影", "shadow", "strength", 0.6),
        ("阴影不要太硬", "shadow", "softness", 1.75),
        ("产品不要太大", "framing", "fill", 0.6429),
        ("别忘了提亮", "tone", "exposure_ev", 0.35),
        ("能不能提亮一点", "tone", "exposure_ev", 0.35),
        ("不够亮", "tone", "exposure_ev", 0.35),
        ("要不要放大一点", "framing", "fill", 0.8064),
    ],
)
def test_a_refusal_does_what_it_plainly_means(words: str, part: str, name: str, value: object) -> None:
    understood = understand(words, WHITE)
    assert getattr(getattr(understood.plan, part), name) == value


@pytest.mark.parametrize(
    "words", ["不要虚化背景", "背景不要虚化", "别虚化", "don't blur the background", "no bokeh"]
)
def test_a_backdrop_that_shall_be_sharp_is_sharp(words: str) -> None:
    assert heard(words).plan == WHITE
    blurred = understand("背景虚化", on_marble()).plan
    assert heard(words, blurred).plan.backdrop == on_marble().backdrop


@pytest.mark.parametrize(
    "words",
    [
        *(
            "不要黑色背景",
            "no black background",
            "不要灰色背景",
            "背景不要黑色",
            "黑色背景不要",
            "不要白底",
            "not black",
        ),
        *(
            "不要把背景换成黑色",
            "背景别换成白色",
            "不要透明背景",
            "I don't want a wooden table",
            "不要大理石背景",
        ),
        *("不要黄色背景", "不要冷色背景", "木纹背景去掉", "don't make the background white", "不要深色背景"),
    ],
)
def test_a_backdrop_that_is_only_refused_paints_nothing_and_is_told(words: str) -> None:
    understood = understand(words, WHITE)
    assert understood.plan == WHITE
    assert len(understood.not_understood) == 1
    assert understood.not_understood[0] in words


@pytest.mark.parametrize(
    ("words", "same"),
    [
        ("不要黑色背景，要白色", "白色背景"),
        ("不要白色背景，要米色", "米色背景"),
        ("不要黑色，要白色", "白色背景"),
        ("no black background, white please", "white background"),
        ("背景要白色，不要灰色", "白色背景"),
        ("白色背景而不是黑色", "白色背景"),
        ("不要蓝色的背景要绿色的背景", "绿色背景"),
        ("不要大理石背景，换成木纹", "木纹背景"),
        ("not marble but wood", "wood background"),
        ("instead of marble use wood", "wood background"),
    ],
)
def test_what_is_wanted_wins_over_what_is_refused(words: str, same: str) -> None:
    assert heard(words).plan == understand(same, WHITE).plan


@pytest.mark.parametrize(
    ("words", "new"),
    [
        ("把白色背景换成木纹", "木纹"),
        ("把白底换成大理石台面", "大理石台面"),
        ("白色背景换成黑色", "黑色"),
        ("把灰色背景换成白色", "白色"),
        ("把红色背景改成蓝色", "蓝色"),
        ("將紅色背景換成藍色", "蓝色"),
        ("把木纹换成大理石", "大理石"),
        ("背景由白色改成黑色", "黑色"),
        ("把渐变背景换成纯白", "纯白"),
        ("change the white background to marble", "marble"),
        ("replace the grey background with white", "white"),
        ("replace the wooden table with marble", "marble"),
        ("change the background from white to black", "black"),
        ("swap the marble surface for wood", "wood"),
    ],
)
@pytest.mark.parametrize("base", [WHITE, on_marble()], ids=["white", "marble"])
def test_replacing_one_backdrop_by_another_gives_the_other(words: str, new: str, base: Plan) -> None:
    assert heard(words, base).plan == understand(f"背景换成{new}", base).plan


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        ("色调偏暖一点", "mired", 25.0),
        ("整体色调偏暖", "mired", 25.0),
        ("偏暖色调", "mired", 25.0),
        ("木纹背景，整体偏暖", "mired", 25.0),
        ("画面偏冷一些", "mired", -25.0),
        ("稍微偏亮一点", "exposure_ev", 0.21),
        ("偏暗一些", "exposure_ev", -0.35),
        ("有点偏黄", "mired", -25.0),
        ("颜色偏黄了", "mired", -25.0),
        ("照片发黄", "mired", -25.0),
        ("有点暖", "mired", -25.0),
        ("偏冷了", "mired", 25.0),
        ("太暗了", "exposure_ev", 0.35),
        ("有點偏亮", "exposure_ev", -0.35),
    ],
)
def test_a_style_is_a_wish_and_a_complaint_asks_for_the_opposite(words: str, name: str, value: float) -> None:
    assert getattr(heard(words).plan.tone, name) == value


@pytest.mark.parametrize("words", ["偏暖", "画面偏暗", "颜色偏黄", "偏红"])
def test_what_may_be_a_complaint_or_a_wish_is_told_back(words: str) -> None:
    understood = understand(words, WHITE)
    assert (understood.plan, understood.not_understood) == (WHITE, (words,))


@pytest.mark.parametrize(
    "words",
    [
        *(
            "阴影不要",
            "阴影不要了",
            "不要有阴影",
            "不用加阴影",
            "把阴影去掉",
            "阴影去掉",
            "影子去掉",
            "不需要阴影",
        ),
        *(
            "无需阴影",
            "陰影不要",
            "没有阴影",
            "不想要阴影",
            "把产品的影子去掉",
            "别加阴影",
            "取消阴影",
            "阴影：无",
        ),
        *("shadow: none", "remove the shadow", "don't add a shadow", "shadows off", "get rid of the shadow"),
        *("without any shadow", "I don't want shadows", "no drop shadow"),
    ],
)
def test_no_shadow_is_understood_in_any_order(words: str) -> None:
    for more in ("", "，白底", "，暖一点"):
        understood = heard(words + more)
        assert understood.plan.shadow.kind == "none"


@pytest.mark.parametrize(
    ("words", "scene"),
    [("透明瓶子放在大理石上", "marble_white"), ("transparent bottle on marble", "marble_white")],
)
def test_a_transparent_product_is_no_transparent_backdrop(words: str, scene: str) -> None:
    assert understand(words, WHITE).plan.backdrop.scene == scene


@pytest.mark.parametrize(
    "words", ["透明", "透明底", "透明的PNG", "背景透明", "背景换成透明", "transparent", "transparent bg"]
)
def test_a_transparent_backdrop_has_many_names(words: str) -> None:
    assert heard(words).plan.backdrop.kind == "transparent"


@pytest.mark.parametrize(
    ("words", "part", "name", "value"),
    [
        ("放大1.2倍", "framing", "fill", 0.864),
        ("产品放大到1.2倍", "framing", "fill", 0.864),
        ("放大1.5倍", "framing", "fill", 0.95),
        ("scale up 1.2x", "framing", "fill", 0.864),
        ("缩小一半", "framing", "fill", 0.36),
        ("缩小到原来的80%", "framing", "fill", 0.576),
        ("half the size", "framing", "fill", 0.36),
        ("亮度+20", "tone", "exposure_ev", 0.263),
        ("亮度提高百分之二十", "tone", "exposure_ev", 0.263),
        ("亮度提高两成", "tone", "exposure_ev", 0.263),
        ("提亮２０％", "tone", "exposure_ev", 0.263),
        ("increase brightness by 30%", "tone", "exposure_ev", 0.3785),
        ("lower the brightness by 20%", "tone", "exposure_ev", -0.3219),
        ("make it 20 percent darker", "tone", "exposure_ev", -0.3219),
        ("亮度减少一半", "tone", "exposure_ev", -1.0),
        ("亮度降低一半", "tone", "exposure_ev", -1.0),
        ("亮度调到80%", "tone", "exposure_ev", -0.3219),
        ("亮度提高两档", "tone", "exposure_ev", 2.0),
        ("亮度提高三档", "tone", "exposure_ev", 2.0),
        ("增加一档曝光", "tone", "exposure_ev", 1.0),
        ("brighter by half a stop", "tone", "exposure_ev", 0.5),
        ("亮度提高一点点", "tone", "exposure_ev", 0.21),
        ("亮度+0", "tone", "exposure_ev", 0.0),
        ("对比度+20", "tone", "contrast", 0.2),
        ("饱和度降低百分之十", "tone", "saturation", 0.9),
        ("shadow lighter by 20%", "shadow", "strength", 0.8),
        ("make the shadow darker by 50%", "shadow", "strength", 1.5),
        ("阴影淡百分之三十", "shadow", "strength", 0.7),
        ("阴影减少一半", "shadow", "strength", 0.5),
        ("阴影透明度30%", "shadow", "strength", 0.7),
        ("阴影不透明度30%", "shadow", "strength", 0.3),
        ("shadow opacity 40%", "shadow", "strength", 0.4),
        ("向右移百分之五", "framing", "x", 0.55),
    ],
)
def test_a_number_means_what_it_says(words: str, part: str, name: str, value: float) -> None:
    understood = heard(words)
    assert understood.asked == (part,)
    assert getattr(getattr(understood.plan, part), name) == pytest.approx(value, abs=1e-4)


@pytest.mark.parametrize(
    "words", ["加一点倒影", "带倒影", "去掉倒影", "add a soft reflection", "亮度", "饱和度调到80%"]
)
def test_what_a_plan_has_no_place_for_is_told_back(words: str) -> None:
    understood = understand(words, WHITE)
    assert (understood.plan, understood.not_understood) == (WHITE, (words,))


def test_a_ground_that_is_too_dark_is_the_grounds_matter() -> None:
    for words, brighter in (("背景太暗", True), ("背景有点亮", False), ("background too dark", True)):
        plan = heard(words, on_marble()).plan
        assert (plan.backdrop.exposure_ev > 0) == brighter
        assert plan.tone == on_marble().tone
    assert heard("背景太暗").plan.tone == WHITE.tone


def test_a_degree_of_the_ground_is_seen_where_it_can_be() -> None:
    grey = understand("灰色背景", WHITE).plan
    cooler, warmer = heard("背景冷一点", grey).plan.backdrop, heard("背景暖一点", grey).plan.backdrop
    assert (cooler.color[1:3], cooler.color[5:]) < (grey.backdrop.color[1:3], cooler.color[5:])
    assert warmer.color[1:3] > grey.backdrop.color[1:3] > cooler.color[1:3]
    assert heard("灰色背景冷一点").plan.backdrop == cooler
    assert heard("背景白一点", grey).plan.backdrop.color > grey.backdrop.color
    assert heard("背景白一点").plan.backdrop == WHITE.backdrop


def test_white_ground_stays_white_when_it_shall_be_cooler() -> None:
    understood = understand("产品暖一点，背景冷一点", WHITE)
    assert (understood.plan.tone.mired, understood.plan.backdrop) == (25.0, WHITE.backdrop)
    assert understood.not_understood == ("背景冷一点",)


def test_a_photos_own_scene_is_not_replaced_by_grey_when_it_shall_be_darker() -> None:
    kept = starting_plan("refine")
    understood = understand("背景暗一点", kept)
    assert (understood.plan.backdrop, understood.not_understood) == (kept.backdrop, ("背景暗一点",))


@pytest.mark.parametrize(
    "words",
    ["无影灯", "特别亮", "白色无缝背景", "摄影棚背景", "不锈钢杯", "亮度", "velocity", "warm-up suit"],
)
def test_a_letter_within_another_word_is_not_a_wish(words: str) -> None:
    plan = understand(words, WHITE).plan
    assert plan.shadow == WHITE.shadow
    assert plan.tone.exposure_ev >= 0
    assert plan.backdrop.kind != "scene"


WISHES = [
    *(
        "白底",
        "黑色背景",
        "木纹背景",
        "大理石台面",
        "浅灰渐变背景",
        "透明背景",
        "保留背景",
        "背景虚化",
        "换成纯白背景",
    ),
    *(
        "背景换成黑色",
        "浅粉色背景纸",
        "背景暗一点",
        "聚光效果",
        "软阴影",
        "硬阴影",
        "阴影淡一点",
        "阴影再柔一点",
        "去掉阴影",
    ),
    *(
        "光从左边来",
        "光从右边来",
        "顶光",
        "轮廓光",
        "柔和自然光",
        "左边打光",
        "暖一点",
        "冷一点",
        "提亮",
        "压暗",
        "亮一点",
    ),
    *(
        "提高对比度",
        "降低饱和度",
        "颜色更鲜艳",
        "校正偏色",
        "色温5000K",
        "亮度提高20%",
        "放大",
        "缩小",
        "产品大一点",
    ),
    *(
        "居中",
        "往左移一点",
        "占画面80%",
        "降噪",
        "锐化",
        "突出质感",
        "拉直",
        "提亮暗部",
        "偏暖色调",
        "放大1.5倍",
    ),
]
ENGLISH = [
    *("a white background", "a black background", "a wooden table", "marble", "a gradient background"),
    *(
        "a transparent background",
        "a soft shadow",
        "hard shadows",
        "rim light",
        "light from the left",
        "top light",
    ),
    *(
        "more contrast",
        "less saturation",
        "warmer",
        "brighter",
        "larger",
        "sharpen it",
        "denoise",
        "center it",
    ),
    *(
        "blur the background",
        "darker background",
        "brighten it",
        "enlarge the product",
        "increase brightness by 30%",
    ),
]


@pytest.mark.parametrize("no", ["不要", "别", "不用", "无需", "请勿", "不需要", "別"])
@pytest.mark.parametrize("wish", WISHES)
def test_a_refused_wish_is_never_carried_out(wish: str, no: str) -> None:
    for base in (WHITE, starting_plan("refine"), on_marble()):
        wanted, refused = understand(wish, base), understand(no + wish, base)
        assert refused.plan != wanted.plan or not wanted.asked
        assert refused.is_heard or refused.not_understood


@pytest.mark.parametrize(
    "no", ["don't ", "do not ", "don’t make it ", "no ", "never ", "without ", "I don't want "]
)
@pytest.mark.parametrize("wish", ENGLISH)
def test_a_refused_wish_is_never_carried_out_in_english(wish: str, no: str) -> None:
    for base in (WHITE, starting_plan("refine"), on_marble()):
        wanted, refused = understand(wish, base), understand(no + wish, base)
        assert refused.plan != wanted.plan or not wanted.asked
        assert refused.is_heard or refused.not_understood


@pytest.mark.parametrize("after", ["不要", "不要了", "就不要了"])
@pytest.mark.parametrize("wish", ["黑色背景", "木纹背景", "硬阴影", "轮廓光", "透明背景", "渐变背景", "顶光"])
def test_a_no_that_comes_after_the_wish_counts_too(wish: str, after: str) -> None:
    refused = understand(wish + after, WHITE)
    assert refused.plan != understand(wish, WHITE).plan
    assert refused.plan.model_copy(update={"asked": ()}) == WHITE


def test_a_refusal_ends_where_a_wish_begins() -> None:
    plan = heard("不要阴影，木纹背景，暖一点").plan
    assert (plan.shadow.kind, plan.backdrop.scene, plan.tone.mired) == ("none", "wood_oak", 25.0)
    assert heard("make it brighter but don't change the background").plan.tone.exposure_ev == 0.35
    assert understand("no text and white background, larger", WHITE).plan.framing.fill > WHITE.framing.fill
    understood = understand("不要模特 背景换成木纹", WHITE)
    assert understood.plan.backdrop.scene == "wood_oak"


@pytest.mark.parametrize(
    ("words", "same"),
    [
        ("亮一点，但不要太亮", "亮一点"),
        ("暖一点但不要太暖", "暖一点"),
        ("产品不变，木纹背景", "木纹背景"),
        ("其他不变，背景换成大理石", "大理石"),
        ("不要动产品，只换背景为木纹", "木纹背景"),
        ("keep everything else, change background to wood", "wood background"),
        ("background 换成 marble，不要 shadow", "大理石，不要阴影"),
        ("bg 不要换，brighter", "保留背景，亮一点"),
        ("don't 换背景", "保留背景"),
        ("更暗的背景", "背景暗一点"),
        ("亮度 +20%", "亮度+20%"),
    ],
)
def test_the_same_in_other_words_is_the_same(words: str, same: str) -> None:
    assert heard(words).plan == heard(same).plan


def test_all_but_the_backdrop_is_not_the_backdrop() -> None:
    understood = understand("除了背景都不要动", WHITE)
    assert (understood.plan, understood.not_understood) == (WHITE, ("除了背景都不要动",))


def test_a_refusal_goes_on_over_or() -> None:
    understood = understand("no shadow or gradient background", WHITE)
    assert (understood.plan.shadow.kind, understood.plan.backdrop) == ("none", WHITE.backdrop)
    assert understood.not_understood == ("gradient background",)


def test_a_no_that_was_not_understood_is_told() -> None:
    for words in ("不要文字", "没有水印", "别太花", "no people"):
        assert understand(words, WHITE).not_understood == (words,)


def test_a_colour_named_with_its_ground_is_that_of_paint() -> None:
    assert heard("暖色背景").plan.backdrop.color == color_of("暖色")


def test_every_rule_knows_letters_it_cannot_do_without() -> None:
    # A rule without any is tried on every text, which takes most of the time.
    assert [rule.pattern.pattern for rule in RULES if not rule.cues] == []
