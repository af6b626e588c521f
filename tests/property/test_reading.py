"""Properties of reading: linear time, no silent changes, and the same meaning on every plan."""

import gc
import time

import pytest
from hypothesis import Phase, assume, example, given, settings
from hypothesis import strategies as st

from stillroom.domain.jobs.job import MAX_PROMPT_CHARACTERS
from stillroom.domain.language.merging import clauses
from stillroom.domain.language.reader import read, understand
from stillroom.domain.language.reading import read_once
from stillroom.domain.language.words.lexicon import lexicon
from stillroom.domain.plans.changes import changes_between
from stillroom.domain.plans.plan import Backdrop, PicturePlan, Plan, starting_plan
from tests.unit.domain.language.sentences import WHITE, on_marble, told_texts

MAX_SECONDS = 0.03
"""The contract: 500 characters of anything."""

ON_GREY, ON_GRADIENT = (
    PicturePlan(backdrop=Backdrop(kind=kind, color="#e8e9eb", edge_color="#c4c6ca"))
    for kind in ("color", "gradient")
)
WORDS = lexicon()
TERMS = sorted(WORDS.words)
GLUE = ["", " ", "，", ", ", "不要", "没有", "no ", "and ", "make the ", "背景", "太", "too ", "的"]
said = st.lists(st.sampled_from(TERMS + GLUE) | st.text(max_size=3), min_size=1, max_size=12)

PROPS = sorted(word for word in WORDS.words if set(WORDS.words[word]) == {"prop"})
GOODS = sorted(
    word
    for word in WORDS.words
    if WORDS.words[word] == {"part": "product"}
    and "generic" not in WORDS.classes_of(word)
    and word != "补光灯"
)
"""Goods of all kinds; a fill light is light."""
ADDING_ONE = (
    ["add a {}", "put a {} next to it", "add a white {}"],
    ["加个{}", "旁边放一个{}", "加个红色{}"],
)
COLOURS = sorted(word for word in WORDS.words if set(WORDS.words[word]) == {"colour"})
EXCESS = (["too {}", "the background is too {}"], ["太{}了", "背景太{}"])
RECOLOURING = (["make it {}", "change the colour to {}"], ["变成{}", "颜色改成{}"])
ADDING = [
    "add {}",
    "put some {} next to it",
    "加点{}",
    "旁边放一些{}",
    "{} in the corner",
    "scatter {} around it",
]
OTHERS = ["暖一点", "softer shadow", "light from the left", "放大10%", "更清晰", "no shadow", "brighter"]
KEEPING = [
    "keep the background",
    "背景不变",
    "don't change the background",
    "保留背景",
    "别换背景",
    "背景不要动",
]
PARTS_OF = {
    "tone": ["暖一点", "brighter", "more contrast", "降低饱和度", "太黄了", "too dark"],
    "shadow": ["影子淡一点", "no shadow", "softer shadow", "阴影太重", "shadow opacity 40%"],
    "light": ["光从左边来", "rim light", "make the light softer", "光太硬了", "light from the upper right"],
    "framing": ["放大", "居中", "move it left", "产品占画面80%", "shrink it to half"],
    "detail": ["sharper", "降噪", "质感强一点", "too much noise"],
    "backdrop": [
        "木纹背景",
        "on marble",
        "灰色背景",
        "transparent background",
        "背景暗一点",
        "blur the background",
    ],
}


def seconds_to_read(text: str) -> float:
    """CPU time of this thread, so that other load does not count, nor garbage of the tests before."""
    read_once.cache_clear()
    gc.disable()
    try:
        started = time.thread_time()
        understand(text, Plan())
        return time.thread_time() - started
    finally:
        gc.enable()


# Without shrinking, which traces each line, so that any text would take too long.
@settings(deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(said, st.sampled_from(GLUE))
@example(["greenery"], "")
@example(["white balance"], "")
@example(["1"], " ")
@example(["1/"], "")
@example([" "], "")
@example(["。"], "a")
@example(["不要"], "")
@example(["abcdefgh"], " ")
@example(["黄黄"], " ")
@example(["黄昏"], "不要")
@example(["裙子", "橡木桌"], "，")
@example(["取掉", "婴儿蓝", "留着写字", "灰蓝色", "户外", "整掉"], ", ")
@example(["弄少加点蓝"], "")
@example(["透背景"], "")
@example(["dark"], "，")
@example(["黑色"], "太")
@example(["放", "平和"], "的")
@example(["y"], "太")
@example(["𩎔"], "的")
@example(["ï1"], "，")
@example(["放"], "太")
@example(["p上去的"], "")
@example(["墙上有叶影"], "太")
@example(
    ["", "", "a vignette", "a couple of degrees", "g", "呢个", ",", "a couple of degrees", "azure"], "没有"
)
@example(["20% brighter 15% bigger"], ", ")
@example(["，"], "不")
@example(["，"], "没有")
@example(["不然再，再is brighter than before再20%再都糊了再, 再fabric再than before再加再"], "")
@example(["亮20%放大10%"], "，")
@example(["because it is dark", "20% brighter"], " ")
def test_any_text_up_to_the_limit_is_read_within_the_time_limit(words: list[str], between: str) -> None:
    text = ((between.join(words) + between or "a") * MAX_PROMPT_CHARACTERS)[:MAX_PROMPT_CHARACTERS]
    # Slow code is slow all ten times, a busy machine is not.
    assert any(seconds_to_read(text) <= MAX_SECONDS for _ in range(10)), text[:60]


@settings(deadline=None)
@given(said, st.sampled_from([WHITE, on_marble(), starting_plan("refine")]))
def test_requested_part_changes_or_is_explained(words: list[str], base: Plan) -> None:
    understood = understand("".join(words), base)
    changed = {change.part for change in changes_between(base, understood.plan)}
    # A scene makes the product smaller: a consequence that nobody asked for.
    assert changed <= {*understood.asked, *(["framing"] if "backdrop" in changed else [])}
    same = set(understood.asked) - changed
    # Only a starting plan, which nobody has seen, may be as wished without a word.
    assert not same or (base.product_transform is None and understood.is_carried_out)


@settings(deadline=None)
@given(
    st.sampled_from(["背景", "影子", "光", "倒影", "饱和度", "对比度", "锐化", "虚化", "产品", ""]),
    st.sampled_from(["亮", "暗", "降", "加", "大", "小", "柔", "长"]),
    st.sampled_from(["{}%", "{}倍", "{}档", "{}", "到{}%", "百分之{}"]),
    st.integers(0, 9999),
    st.sampled_from([WHITE, on_marble(), ON_GREY, ON_GRADIENT]),
)
def test_an_amount_of_any_size_leaves_a_valid_plan(
    subject: str, way: str, form: str, amount: int, base: Plan
) -> None:
    plan = understand(f"{subject}{way}{form.format(amount)}", base).plan
    assert type(plan).model_validate(plan.model_dump()) == plan


@settings(deadline=None)
@given(st.sampled_from(PROPS), st.sampled_from(ADDING), st.sampled_from([WHITE, on_marble()]))
def test_prop_never_changes_the_picture_and_is_reported(prop: str, adding: str, base: Plan) -> None:
    understood = understand(adding.format(prop), base)
    assert changes_between(base, understood.plan) == ()
    assert understood.told_back


@settings(deadline=None)
@example(goods="piano", at=0, base=WHITE)
@given(st.sampled_from(GOODS), st.integers(0, 2), st.sampled_from([WHITE, on_marble()]))
def test_goods_to_add_never_change_the_picture_and_are_reported(goods: str, at: int, base: Plan) -> None:
    understood = understand(ADDING_ONE[not goods.isascii()][at].format(goods), base)
    assert changes_between(base, understood.plan) == ()
    assert understood.told_back


@settings(deadline=None)
@given(st.sampled_from(COLOURS), st.integers(0, 1), st.sampled_from([WHITE, on_marble()]))
def test_a_colour_for_the_product_never_paints_the_backdrop(colour: str, at: int, base: Plan) -> None:
    understood = understand(RECOLOURING[not colour.isascii()][at].format(colour), base)
    assert changes_between(base, understood.plan) == ()
    assert understood.told_back


@settings(deadline=None)
@given(st.sampled_from(COLOURS), st.integers(0, 1), st.sampled_from([WHITE, on_marble(), ON_GREY]))
@example("beige", 0, WHITE)
@example("beige", 1, WHITE)
def test_a_complaint_of_a_colour_never_paints_the_backdrop(colour: str, at: int, base: Plan) -> None:
    assume(not colour.startswith(("deep ", "太")))  # "too deep" is another complaint
    plan = understand(EXCESS[not colour.isascii()][at].format(colour), base).plan
    assert plan.backdrop == base.backdrop


@settings(deadline=None)
@given(st.sampled_from(sorted(PARTS_OF)), st.data(), st.sampled_from([WHITE, on_marble()]))
def test_a_wish_changes_only_the_part_that_it_speaks_of(part: str, data: st.DataObject, base: Plan) -> None:
    text = data.draw(st.sampled_from(PARTS_OF[part]))
    changed = {change.part for change in changes_between(base, understand(text, base).plan)}
    # A backdrop brings its own room around the product.
    assert changed <= {part, *(["framing"] if part == "backdrop" else [])}


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(sorted(PARTS_OF)), min_size=2, max_size=2, unique=True),
    st.data(),
    st.sampled_from([", then ", "，顺便", "，"]),
)
def test_wishes_about_different_parts_commute(parts: list[str], data: st.DataObject, joint: str) -> None:
    first, second = (data.draw(st.sampled_from(PARTS_OF[part])) for part in parts)
    assume(first not in ("阴影太重", "光太硬了"))  # what follows may be the remedy
    assume(second not in ("太黄了", "too dark"))  # may be said of what comes before
    understood = understand(f"{first}{joint}{second}", on_marble())
    apart = understand(second, understand(first, on_marble()).plan)
    assert understood.told_back or not changes_between(apart.plan, understood.plan)


@settings(deadline=None)
@given(
    st.sampled_from(sorted({wish for wishes in PARTS_OF.values() for wish in wishes})),
    st.sampled_from(["more", "too much", "half that", "way too much", "再来一点", "过了", "减半"]),
)
def test_a_follow_up_changes_only_what_the_wish_before_has_changed(wish: str, text: str) -> None:
    start = on_marble()
    before = understand(wish, start).plan.model_copy(update={"said": (wish,), "said_last": 1})
    understood = understand(text, before)
    changed = {(one.part, one.field) for one in changes_between(before, understood.plan)}
    assert changed <= {(one.part, one.field) for one in changes_between(start, before)}
    assert changed or told_texts(understood) == (text,)


@settings(deadline=None)
@given(
    st.sampled_from(sorted({wish for wishes in PARTS_OF.values() for wish in wishes})),
    st.sampled_from(["别的不动", "，其他都不要动", ", leave the rest", ", nothing else"]),
)
def test_keep_everything_else_does_not_change_the_wish_without_a_word(wish: str, rest: str) -> None:
    alone, read = understand(wish, on_marble()), understand(f"{wish}{rest}", on_marble())
    assert read.told_back or not changes_between(alone.plan, read.plan)


@settings(deadline=None)
@given(
    st.sampled_from(sorted({wish for wishes in PARTS_OF.values() for wish in wishes})),
    st.sampled_from(["zorbly", "qwixt frumble", "魍魉", "blue-ish zorbly", "饕餮纹"]),
    st.sampled_from(OTHERS),
)
def test_clause_with_an_unknown_word_is_reported_and_not_applied(wish: str, unknown: str, other: str) -> None:
    # A space ends a phrase of Chinese words.
    glue = " " if unknown.isascii() else ""
    understood = understand(f"{wish}{glue}{unknown}, {other}", on_marble())
    assert any(unknown in told for told in told_texts(understood))
    alone = understand(other, on_marble())
    assert understood.plan == alone.plan or any(other in told for told in told_texts(understood))


@settings(deadline=None)
@given(
    st.sampled_from(KEEPING),
    st.sampled_from(OTHERS),
    st.sampled_from([", ", "，", "，但", " but "]),
    st.sampled_from([on_marble(), PicturePlan()]),
)
def test_keeping_the_background_keeps_the_backdrop_of_the_picture(
    keep: str, other: str, glue: str, base: Plan
) -> None:
    for text in (keep, keep + glue + other, other + glue + keep):
        assert understand(text, base).plan.backdrop == base.backdrop


@settings(deadline=None)
@given(said)
def test_reading_a_text_again_gives_the_same(words: list[str]) -> None:
    text = "".join(words)
    first = understand(text, on_marble())
    understand(text, WHITE)
    read_once.cache_clear()
    assert understand(text, on_marble()) == first


@settings(deadline=None)
@given(said, st.sampled_from([WHITE, on_marble()]))
def test_standing_wishes_are_fully_readable(words: list[str], base: Plan) -> None:
    for clause in clauses("".join(words), base):
        assert understand(clause, base, is_doubted=False).is_carried_out


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from([*OTHERS, *(wish for wishes in PARTS_OF.values() for wish in wishes)]),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from([", ", "，", " and "]),
    st.sampled_from([WHITE, on_marble()]),
)
def test_standing_wishes_read_again_give_the_plan_of_the_whole_text(
    wishes: list[str], glue: str, base: Plan
) -> None:
    text = glue.join(wishes)
    understood = understand(text, base)
    standing = clauses(text, base)
    if standing and not understood.told_back:
        again = read(base, standing)
        assert again.model_copy(update={"said": base.said}) == understood.plan.model_copy(
            update={"asked": ()}
        )


@pytest.mark.parametrize("word", ["marbel", "brigter", "backgroud", "shadwo", "concrte", "wooden tabel"])
def test_a_typo_of_one_letter_is_read_as_the_word(word: str) -> None:
    assert understand(f"{word}, please", WHITE).is_heard
