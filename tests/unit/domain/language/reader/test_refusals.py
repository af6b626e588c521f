"""Reading of negations: the negated change is never applied, and reported if nothing else is left."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.candidates import candidate_plans
from stillroom.domain.plans.changes import changes_between
from stillroom.domain.plans.plan import starting_plan
from tests.unit.domain.language.sentences import WHITE, heard, on_marble

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
        ("不要渐变背景", "backdrop"),
        ("没有渐变", "backdrop"),
        ("no gradient background", "backdrop"),
    ],
)
def test_refused_part_stays_unchanged_in_every_candidate(words: str, part: str) -> None:
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
def test_a_refusal_sets_the_figure_that_it_implies(words: str, part: str, name: str, value: object) -> None:
    understood = understand(words, WHITE)
    assert getattr(getattr(understood.plan, part), name) == value


@pytest.mark.parametrize(
    "words", ["不要虚化背景", "背景不要虚化", "别虚化", "don't blur the background", "no bokeh"]
)
def test_wish_for_a_sharp_backdrop_is_applied(words: str) -> None:
    assert heard(words).plan == WHITE
    blurred = understand("背景虚化", on_marble()).plan
    assert heard(words, blurred).plan.backdrop == on_marble().backdrop


@pytest.mark.parametrize(
    "words",
    [
        *("不要黑色背景", "no black background", "不要灰色背景", "背景不要黑色", "黑色背景不要", "不要白底"),
        *("not black", "不要把背景换成黑色", "背景别换成白色", "不要透明背景", "I don't want a wooden table"),
        *("不要大理石背景", "不要黄色背景", "不要冷色背景", "木纹背景去掉"),
        *("don't make the background white", "不要深色背景"),
    ],
)
def test_refused_backdrop_without_replacement_is_reported(words: str) -> None:
    understood = understand(words, WHITE)
    assert understood.plan == WHITE
    assert len(understood.told_back) == 1
    assert understood.told_back[0].text in words


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
def test_wish_wins_over_a_refusal(words: str, same: str) -> None:
    assert heard(words).plan == understand(same, WHITE).plan


@pytest.mark.parametrize(
    "words",
    [
        *("阴影不要", "阴影不要了", "不要有阴影", "不用加阴影", "把阴影去掉", "阴影去掉", "影子去掉"),
        *("不需要阴影", "无需阴影", "陰影不要", "没有阴影", "不想要阴影", "把产品的影子去掉", "别加阴影"),
        *("取消阴影", "阴影：无", "shadow: none", "remove the shadow", "don't add a shadow", "shadows off"),
        *("get rid of the shadow", "without any shadow", "I don't want shadows", "no drop shadow"),
    ],
)
def test_no_shadow_is_understood_in_any_order(words: str) -> None:
    for more in ("", "，白底", "，暖一点"):
        understood = heard(words + more)
        assert understood.plan.shadow.kind == "none"


@pytest.mark.parametrize("words", ["不怎么需要虚化", "不怎么需要锐化", "hardly any blur needed"])
def test_what_is_hardly_needed_is_not_done(words: str) -> None:
    assert understand(words, WHITE).plan.model_copy(update={"asked": ()}) == WHITE


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


NO = ("不要", "别", "不用", "无需", "请勿", "不需要", "別")
ENGLISH_NO = ("don't ", "do not ", "don’t make it ", "no ", "never ", "without ", "I don't want ")


@given(st.sampled_from([*product(NO, WISHES), *product(ENGLISH_NO, ENGLISH)]))
def test_a_refused_wish_is_never_carried_out(refusal: tuple[str, str]) -> None:
    no, wish = refusal
    for base in (WHITE, starting_plan("refine"), on_marble()):
        wanted, refused = understand(wish, base), understand(no + wish, base)
        assert refused.plan != wanted.plan or not wanted.asked
        assert refused.is_heard or refused.told_back


@pytest.mark.parametrize("after", ["不要", "不要了", "就不要了"])
@pytest.mark.parametrize("wish", ["黑色背景", "木纹背景", "硬阴影", "轮廓光", "透明背景", "渐变背景", "顶光"])
def test_negation_after_the_wish_counts(wish: str, after: str) -> None:
    refused = understand(wish + after, WHITE)
    assert refused.plan != understand(wish, WHITE).plan
    assert refused.plan.model_copy(update={"asked": ()}) == WHITE


def test_negation_ends_where_a_wish_begins() -> None:
    plan = heard("不要阴影，木纹背景，暖一点").plan
    assert (plan.shadow.kind, plan.backdrop.scene, plan.tone.mired) == ("none", "wood_oak", 25.0)
    assert heard("make it brighter but don't change the background").plan.tone.exposure_ev == 0.35
    assert understand("no text and white background, larger", WHITE).plan.framing.fill > WHITE.framing.fill
    understood = understand("不要模特 背景换成木纹", WHITE)
    assert understood.plan.backdrop.scene == "wood_oak"


def test_negation_extends_over_or() -> None:
    understood = understand("no shadow or gradient background", WHITE)
    assert (understood.plan.shadow.kind, understood.plan.backdrop) == ("none", WHITE.backdrop)
    assert not understood.told_back


@pytest.mark.parametrize(
    "wish", ["soften the shadow", "add a reflection", "move it left", "make it brighter"]
)
@pytest.mark.parametrize(
    "refusal",
    ["you don't need to", "let's not", "I don't think you need to", "there's no reason to", "I'd rather not"],
)
def test_a_wish_that_is_not_needed_is_not_carried_out(refusal: str, wish: str) -> None:
    assert not changes_between(WHITE, understand(f"{refusal} {wish}", WHITE).plan)


@pytest.mark.parametrize(
    "words", ["不建议虚化背景", "可以不虚化背景吗", "能不能别柔化影子", "最好不要往左移"]
)
def test_a_chinese_wish_that_is_advised_against_is_not_carried_out(words: str) -> None:
    assert not changes_between(WHITE, understand(words, WHITE).plan)


@pytest.mark.parametrize(
    ("words", "plainly"),
    [
        ("I prefer navy background to grey", "navy background"),
        ("grey background would be better than navy", "grey background"),
        ("rather navy than grey behind the pearls", "navy background"),
        ("hard shadow would be better than soft", "hard shadow"),
        ("place it in the bottom right corner instead of top left", "place it in the bottom right corner"),
        ("藏青色背景比灰色好", "藏青色背景"),
        ("光从右边来比左边好", "光从右边来"),
        ("放在右下角而不是左上角", "放在右下角"),
    ],
)
def test_only_what_is_preferred_is_carried_out(words: str, plainly: str) -> None:
    assert understand(words, WHITE).plan == understand(plainly, WHITE).plan != WHITE


@pytest.mark.parametrize("words", ["保留淡淡的阴影", "影子留淡淡的就好", "keep a faint shadow"])
def test_shadow_that_shall_stay_faintly_is_made_lighter(words: str) -> None:
    assert heard(words, WHITE).plan.shadow.strength < WHITE.shadow.strength


@pytest.mark.parametrize("words", ["保留现在的淡影子", "保留这个淡影子", "keep the faint shadow"])
def test_faint_shadow_that_is_there_stays_as_it_is(words: str) -> None:
    assert heard(words, WHITE).plan.shadow == WHITE.shadow
