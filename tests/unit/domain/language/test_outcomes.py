"""Outcomes: what came instead of what was asked for is no wish itself."""

import pytest

from stillroom.domain.language.outcomes import without_outcomes
from stillroom.domain.language.reader import understand
from tests.unit.domain.language.sentences import after, told_texts

ON_OAK = after("oak table")
LEFT = "the light from the left"


@pytest.mark.parametrize(
    "asked", ["I asked for {}", "we clearly said {}", "I'd specifically requested {}", "the brief was {}"]
)
@pytest.mark.parametrize(
    ("wish", "outcome"),
    [
        ("a white background", "it came out beige"),
        ("a marble table", "you gave me concrete"),
        ("a softer shadow", "got a harder one"),
        ("warmer light", "it's blue"),
        ("a 4:5 picture", "this is 1:1"),
        (LEFT, "why is it from the right?"),
    ],
)
def test_words_that_say_what_came_instead_change_nothing(asked: str, wish: str, outcome: str) -> None:
    said = asked.format(wish)
    for text in (said, f"{said}, {outcome}", f"{said} but {outcome}", f"{outcome}, {said}"):
        assert understand(text, ON_OAK) == understand(wish, ON_OAK)


@pytest.mark.parametrize("asked", ["我要的是{}", "明明说了{}", "我让你{}", "刚才不是说{}吗"])
@pytest.mark.parametrize(
    ("wish", "outcome"),
    [
        ("白底", "怎么出来是灰的"),
        ("大理石台面", "你给我弄成水泥的了"),
        ("影子柔一点", "结果更硬了"),
        ("暖色调", "现在是冷的"),
        ("3:4竖图", "这是方的"),
        ("产品放大", "怎么变小了"),
    ],
)
def test_chinese_words_that_say_what_came_instead_change_nothing(asked: str, wish: str, outcome: str) -> None:
    said = asked.format(wish)
    for text in (said, f"{said}，{outcome}", f"{outcome}，{said}"):
        assert understand(text, ON_OAK) == understand(wish, ON_OAK)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("I asked for marble but it came out too small", "marble, the product is too small"),
        ("我要的是大理石，但是产品太小了", "大理石，产品太小了"),
    ],
)
def test_complaint_of_another_part_is_read_beside_it(text: str, plain: str) -> None:
    assert understand(text, ON_OAK).plan == understand(plain, ON_OAK).plan


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("I asked for cooler tones, the app gave orange", "cooler tones"),
        ("这是木桌，我要大理石台面", "大理石台面"),
        ("我强调过亚麻布背景，你整的大理石", "亚麻布背景"),
    ],
)
def test_statement_of_the_contrary_changes_nothing(text: str, plain: str) -> None:
    assert understand(text, ON_OAK) == understand(plain, ON_OAK)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("I asked for linen. Let's try marble", "marble"),
        ("我要的是白底，现在换成浅灰", "浅灰背景"),
        ("I asked for it bigger, centred, on marble", "bigger, centred, on marble"),
    ],
)
def test_wish_after_it_is_carried_out(text: str, plain: str) -> None:
    assert understand(text, ON_OAK).plan == understand(plain, ON_OAK).plan


@pytest.mark.parametrize(
    "text",
    [
        "I want it warmer, it looks dull",
        "我要大理石，做成方图",
        "我要亮一点，给我来个左边的光",
        "I wanted something nice, it looks cheap",
        "it came out too dark, brighten it",
    ],
)
def test_text_that_may_ask_for_both_stays_as_it_is(text: str) -> None:
    assert without_outcomes(text) == text


def test_picture_that_is_not_what_was_asked_for_is_told_back() -> None:
    assert told_texts(understand("this is not what I asked for", ON_OAK)) == ("this is not what I asked for",)
