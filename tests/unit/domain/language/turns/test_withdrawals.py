"""Withdrawals: an earlier wish no longer stands if a text names it and takes it back."""

import pytest

from stillroom.domain.language.reader import understand, wishes_withdrawn_by
from stillroom.domain.language.turns.withdrawals import WithdrawalFile, withdrawals_in
from stillroom.domain.language.words.lexicon import language_file
from stillroom.domain.plans.changes import changes_between, fields_between
from stillroom.domain.plans.plan import starting_plan
from tests.unit.domain.language.sentences import WHITE, after, told_texts

NEW_BACKDROP = starting_plan("bg_replace")


@pytest.mark.parametrize(
    ("wish", "text"),
    [
        ("4:5 crop", "undo the crop"),
        ("make it bigger", "revert the resize please"),
        ("put it on the left", "cancel the move"),
        ("rotate 5 degrees clockwise", "take the rotation off"),
        ("darker shadow", "remove the shadow change"),
        ("more contrast", "I don't want the contrast change"),
        ("vintage look", "lose the vintage look"),
        ("put it on marble", "forget the marble"),
        ("navy background", "no more navy background"),
        ("sharpen it", "drop the sharpening"),
        ("裁成4:5", "取消裁剪"),
        ("产品大一点", "放大撤销"),
        ("放左边", "把移动撤了"),
        ("影子深一点", "去掉影子的改动"),
        ("复古风", "不要复古风了"),
        ("放大理石上", "撤销大理石"),
        ("藏青背景", "藏青不要了"),
        ("亮一点", "我不想要提亮"),
        ("rotate 5 degrees clockwise", "no rotation please"),
        ("顺时针转3度", "还是不转了"),
    ],
)
def test_what_the_wish_changed_is_taken_back(wish: str, text: str) -> None:
    before, plan = after("warmer", base=NEW_BACKDROP), after("warmer", wish, "rim light", base=NEW_BACKDROP)
    understood = understand(text, plan)
    assert not understood.told_back
    assert understood.is_carried_out
    assert wishes_withdrawn_by(text, plan) == (wish,)
    left = changes_between(understand("rim light", before).plan, understood.plan)
    assert {one.part for one in left} <= {"framing"}  # a scene shows more around the product


def test_other_clauses_are_read_on_the_plan_without_it() -> None:
    plan = after("4:5 crop", "warmer")
    brighter = fields_between(after("warmer"), after("warmer", "brighter"))
    for text in (
        "undo the crop and make it brighter",
        "brighter, undo the crop",
        "brighter but drop the crop",
    ):
        assert fields_between(after("warmer"), understand(text, plan).plan) == brighter != {}


def test_several_wishes_are_withdrawn_at_once() -> None:
    plan = after("4:5 crop", "darker shadow", "warmer")
    text = "undo the crop, and forget the shadow change"
    assert wishes_withdrawn_by(text, plan) == ("4:5 crop", "darker shadow")
    assert not changes_between(after("warmer"), understand(text, plan).plan)


def test_a_wish_that_is_named_twice_is_withdrawn_once() -> None:
    text = "undo the resize, cancel the resize"
    assert wishes_withdrawn_by(text, after("warmer", "make it bigger")) == ("make it bigger",)
    twice = after("make it bigger", "warmer", "make it bigger")
    assert wishes_withdrawn_by(text, twice) == ("make it bigger", "make it bigger")
    assert understand(text, twice).plan.framing.fill == pytest.approx(after("warmer").framing.fill)


def test_the_last_of_several_such_wishes_is_meant() -> None:
    plan = after("put it on the left", "a bit brighter", "put it on the right")
    assert wishes_withdrawn_by("undo the move", plan) == ("put it on the right",)


def test_a_named_direction_is_that_of_the_wish() -> None:
    assert wishes_withdrawn_by("撤销提亮", after("亮一点", "暗一点")) == ("亮一点",)


@pytest.mark.parametrize("text", ["undo the crop", "取消裁剪", "undo the vintage look"])
def test_without_such_a_wish_nothing_is_withdrawn(text: str) -> None:
    plan = after("warmer", "put it on marble")
    assert wishes_withdrawn_by(text, plan) == ()
    assert understand(text, plan).plan.tone == plan.tone


@pytest.mark.parametrize(
    ("wish", "text"),
    [
        ("darker shadow", "remove the shadow"),
        ("影子深一点", "去掉影子"),
        ("get rid of the marble", "no more marble"),
        ("vintage look on marble", "undo the move"),
        ("put it on marble", "restore the marble"),
        ("4:5 crop", "undo the crop marks on my label"),
        ("裁成4:5", "不要取消裁剪"),
        ("4:5 crop", "don't undo the crop"),
    ],
)
def test_the_things_of_a_picture_and_other_words_name_no_wish(wish: str, text: str) -> None:
    assert wishes_withdrawn_by(text, after(wish, base=NEW_BACKDROP)) == ()


def test_a_wish_that_changed_more_than_what_is_named_stands() -> None:
    plan = after("vintage look")
    assert wishes_withdrawn_by("undo the contrast change", plan) == ()


def test_a_text_of_many_clauses_is_read_without_withdrawals() -> None:
    plan = after("4:5 crop")
    text = ", ".join(["undo the crop", *["warmer"] * 20])
    assert withdrawals_in(text) == []
    assert told_texts(understand(text, plan)) or understand(text, plan).plan.framing == plan.framing


def test_no_word_is_listed_twice() -> None:
    file = WithdrawalFile.model_validate_json(language_file("withdrawals.json"))
    names = [word for words in file.names.values() for word in words]
    words = [*file.withdraws, *file.restores, *file.changes, *names, *file.blank]
    assert len(set(words)) == len(words)
    assert all(word == word.lower().strip() for word in words)
    figures = {figure.rstrip("+-").partition(".") for key in file.names for figure in key.split(" ")}
    assert all(field in getattr(WHITE, part).model_dump() for part, _, field in figures)
