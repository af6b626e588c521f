"""Corrections: what is said instead takes the place of the word of its kind in the wish before."""

from typing import Any

import pytest

from stillroom.domain.language.reader import understand, wish_corrected_by
from stillroom.domain.language.turns.corrections import CorrectionFile, corrected
from stillroom.domain.language.words.lexicon import language_file
from stillroom.domain.plans.changes import changes_between
from tests.unit.domain.language.sentences import WHITE, after, figures_of, told_texts


def corrected_to(text: str, *wishes: str, turn: int | None = None) -> dict[str, Any]:
    """Return the figures in which a picture differs from the first one after a correction of its wishes."""
    plan = after(*wishes, turn=turn)
    understood = understand(text, plan)
    assert not understood.told_back
    assert understood.is_carried_out
    changes = changes_between(plan, understood.plan)
    assert {one.part for one in changes} == set(understood.asked)
    return {f"{one.part}.{one.field}": one.new for one in changes_between(WHITE, understood.plan)}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("make it 10% bigger, sorry, 20%", "make it 20% bigger"),
        ("make it 10% bigger, no 20", "make it 20% bigger"),
        ("rotate it 3 degrees clockwise, I meant counterclockwise", "rotate it 3 degrees counterclockwise"),
        ("sage background, actually navy", "navy background"),
        ("put it on oak, oops, marble", "put it on marble"),
        ("crop it 4:5. typo, 16:9", "crop it 16:9"),
        ("move it left 5%, I meant right", "move it right 5%"),
        ("soft shadow, not soft, hard I mean", "hard shadow"),
        ("make it darker, the background I mean", "make the background darker"),
        ("remove the shadow, no wait, just soften it", "soften the shadow"),
        ("放大10%，说错了，20%", "放大20%"),
        ("放大10%，不对，20", "放大20%"),
        ("背景换成蓝色，打错了，绿色", "背景换成绿色"),
        ("顺时针转3度 打错 逆时针", "逆时针转3度"),
        ("光从左边来，哦不，右边", "光从右边来"),
        ("背景整做藍色啦，唔係，綠色先啱", "背景整做綠色啦"),
        ("调暗一点，我是说背景", "背景调暗一点"),
        ("对比度加10%，写岔了，饱和度", "饱和度加10%"),
        ("锐化20%，对比度加10%，居中。20改30", "锐化30%，对比度加10%，居中"),
    ],
)
def test_the_word_that_is_meant_takes_the_place_of_the_one_before(text: str, meant: str) -> None:
    assert figures_of(text, WHITE) == figures_of(meant, WHITE) != {}


@pytest.mark.parametrize(
    ("wish", "text", "meant"),
    [
        ("move it left", "sorry, I meant right", "move it right"),
        ("make it 10% bigger", "oops, 20", "make it 20% bigger"),
        ("half a stop brighter", "0.3 stops, my mistake", "0.3 stops brighter"),
        ("sage background", "not sage, navy", "navy background"),
        ("softer shadow", "typo, harder", "harder shadow"),
        ("warmer", "wait no I said that backwards. cooler", "cooler"),
        ("darker", "I was talking about the background", "darker background"),
        ("顺时针旋转5度", "应该逆时针", "逆时针旋转5度"),
        ("暖一点", "写反了亲，是冷", "冷一点"),
        ("左移一点", "不好意思，说错了，是右", "右移一点"),
        ("背景换成蓝色", "打错字了，是绿色", "背景换成绿色"),
        ("暗一点", "我说的是背景", "背景暗一点"),
        ("make it 10% bigger", "20%", "make it 20% bigger"),
        ("顺时针旋转30度", "3度", "顺时针旋转3度"),
    ],
)
def test_a_correction_is_of_the_wishes_of_the_last_turn(wish: str, text: str, meant: str) -> None:
    assert corrected_to(text, "contrast +10%", wish) == corrected_to(meant, "contrast +10%") != {}
    assert wish_corrected_by(text, after("contrast +10%", wish)) == wish


def test_of_two_wishes_of_a_turn_the_one_that_has_such_a_word_is_corrected() -> None:
    meant = corrected_to("move it right 5%", "warmer")
    assert corrected_to("I meant right", "move it left 5%", "warmer", turn=2) == meant


def test_a_side_keeps_the_verb_that_it_is_said_with() -> None:
    assert corrected("左移10%，不对，右") == "右移10%"


@pytest.mark.parametrize(
    ("wish", "text"), [("light from the left", "no, the other side"), ("移左啲", "錯咗邊呀")]
)
def test_a_side_that_is_not_named_takes_no_place(wish: str, text: str) -> None:
    assert wish_corrected_by(text, after(wish)) is None


def test_an_older_wish_is_not_corrected() -> None:
    assert wish_corrected_by("I meant right", after("move it left", "warmer", turn=1)) is None


def test_words_after_a_correction_are_read_as_well() -> None:
    assert corrected_to("sorry, right. and brighter", "move it left") == corrected_to(
        "brighter", "move it right"
    )


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("锐化20%，放大10%，锐化就不用了", "放大10%"),
        ("对比度加10%、亮度加10%，亮度那个算了", "对比度加10%"),
        ("brighter and warmer, actually skip the warmth", "brighter"),
        ("brighter, warmer. no warmth after all", "brighter"),
        ("blur the background, warmer, scratch the blur", "warmer"),
        ("soften the shadow and center it, forget the shadow", "center it"),
        ("saturation +10%, contrast +10%. Hmm the saturation one, kill it", "contrast +10%"),
        ("加阴影，放大10%，阴影不要了", "放大10%，不要阴影"),
    ],
)
def test_a_wish_that_is_named_and_left_out_is_not_carried_out(text: str, left: str) -> None:
    assert figures_of(text, WHITE) == figures_of(left, WHITE) != {}


@pytest.mark.parametrize(
    "text", ["make it warmer, never mind, leave it alone", "放大一点，还是不动了", "blur it. scrap that"]
)
def test_a_wish_that_is_taken_back_changes_nothing_and_is_told_back(text: str) -> None:
    understood = understand(text, WHITE)
    assert understood.plan == WHITE
    assert told_texts(understood) == (text,)


@pytest.mark.parametrize(
    "text",
    [
        "actually make it warmer too",
        "sorry to bother you, make it brighter",
        "背景清楚一点，不要模糊",
        "soft shadow, not a hard one",
        "不好意思，放大10%",
        "make it brighter, not darker",
        "主光弱一点，补光不要",
        "shadow on the left, actually light from the right too",
        "背景白色，别换成蓝色",
        "光都是左边来的，这张也改成左边吧",
        "rotate it 3 degrees, sorry, 20%",
        "不要倒影，放大，倒影算了",
    ],
)
def test_a_text_that_corrects_nothing_is_read_as_it_stands(text: str) -> None:
    assert corrected(text) == text


def test_a_wish_that_is_no_wish_is_not_corrected() -> None:
    assert (
        corrected("the shadow isn't on the left, sorry, right")
        == "the shadow isn't on the left, sorry, right"
    )
    assert wish_corrected_by("sorry, right", after("not too far left")) is None


@pytest.mark.parametrize("text", ["sorry", "打错了", "oops wrong listing"])
def test_a_correction_that_names_nothing_is_told_back(text: str) -> None:
    understood = understand(text, after("warmer"))
    assert understood.plan.tone.mired == 25.0
    assert told_texts(understood)


def test_a_long_text_is_read_without_corrections() -> None:
    padding = "the shop is open today. " * 14
    assert corrected(f"{padding}10% bigger, sorry, 20%").endswith("10% bigger, sorry, 20%")
    assert corrected("10% bigger, sorry, 20%") == "20% bigger"


def test_no_mark_is_listed_twice() -> None:
    file = CorrectionFile.model_validate_json(language_file("corrections.json"))
    for words in (file.marks, file.between, file.takes_back, file.refuses, file.leaves_out, file.blank):
        assert len(set(words)) == len(words)
        assert all(word == word.lower().strip() for word in words)


def test_an_amount_in_another_unit_corrects_nothing() -> None:
    assert figures_of("缩小到60%，5000K")["framing.fill"] == pytest.approx(0.6)
