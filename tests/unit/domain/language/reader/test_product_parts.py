"""The product is not altered: another colour, other lettering and retouching are not possible."""

import pytest

from stillroom.domain.language.reader import understand
from tests.unit.domain.language.sentences import WHITE, on_marble

RECOLOURED = [
    *("make it red", "recolor to green", "recolour it green", "make this blue", "change it to red"),
    *("turn it blue", "paint it red", "change the colour to green", "make them pink", "I want it in red"),
    *("变成红色", "染成绿色", "涂成红色", "颜色改成蓝色", "把颜色换成粉色", "把它变成红色"),
    *("I need it in blue", "it should be red", "弄成红色", "could you turn this into green"),
]


@pytest.mark.parametrize("words", RECOLOURED)
def test_a_colour_without_a_named_backdrop_is_told_back_as_recolouring(words: str) -> None:
    for base in (WHITE, on_marble()):
        understood = understand(words, base)
        assert understood.plan.backdrop == base.backdrop
        assert [(told.reason, told.topic) for told in understood.told_back] == [("not_possible", "recolour")]


@pytest.mark.parametrize(
    "words",
    [
        *("the background is too busy, make it red", "only the background, make it red", "put it on red"),
        *("make the background red", "背景太花了，换成红色", "背景变成红色"),
    ],
)
def test_a_colour_beside_a_named_backdrop_paints_the_backdrop(words: str) -> None:
    assert understand(words, WHITE).plan.backdrop.color == "#c4413a"


@pytest.mark.parametrize(
    ("words", "topic"),
    [
        *(
            (words, "text")
            for words in ("replace the label", "换个logo", "把标签换成我们的", "edit the logo")
        ),
        *((words, "text") for words in ("translate the label", "文字大一点", "改一下文字")),
        *(
            (words, "retouch")
            for words in ("去掉logo", "把文字去掉", "remove the logo", "字去掉", "磨皮", "美颜")
        ),
        *((words, "retouch") for words in ("smooth the skin", "remove the handle", "change the pattern")),
    ],
)
def test_a_part_of_the_product_is_told_back_with_a_way_out(words: str, topic: str) -> None:
    understood = understand(words, on_marble())
    assert understood.plan.model_copy(update={"asked": ()}) == on_marble()
    assert [(told.reason, told.topic) for told in understood.told_back] == [("not_possible", topic)]


@pytest.mark.parametrize(
    "words",
    [
        *("白瓷都成奶黄的了", "不锈钢发黄了，正常应该是冷银色", "盒子颜色不对，应该是大红"),
        "the mug appears blue in the photo, should be gold",
    ],
)
def test_the_true_colour_of_the_product_corrects_a_cast(words: str) -> None:
    plan = understand(words, WHITE).plan
    assert plan.backdrop == WHITE.backdrop
    assert plan.tone.white_balance == 1.0


@pytest.mark.parametrize(
    "words", ["杯子本来是大红，拍成了粉色", "实物大红，图里灰色", "客户说杯子是奶黄，其实大红"]
)
def test_a_reported_colour_of_the_product_never_paints_the_backdrop(words: str) -> None:
    assert understand(words, WHITE).plan.backdrop == WHITE.backdrop
