"""Plain letters, amounts, cues and the reach of a no: the parts that word rules are made of."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.domain.language import amounts
from stillroom.domain.language.cues import cues_of
from stillroom.domain.language.letters import plain
from stillroom.domain.language.reader import understand
from stillroom.domain.language.refusals import refusal
from stillroom.domain.language.vocabulary import RULES
from stillroom.domain.plans.plan import Plan


@given(st.text(max_size=60))
def test_plain_letters_are_as_many_as_were_written(text: str) -> None:
    assert len(plain(text)) == len(text)
    assert plain(plain(text)) == plain(text)


def test_traditional_characters_and_wide_signs_read_as_the_plain_ones() -> None:
    assert plain("陰影淡一點，背景換成藍色") == "阴影淡一点，背景换成蓝色"
    assert plain("ＷＨＩＴＥ　２０％ don’t") == "white 20% don't"


@pytest.mark.parametrize(
    ("words", "share"),
    [
        ("20%", 0.2),
        ("20 percent", 0.2),
        ("百分之二十", 0.2),
        ("百分之35", 0.35),
        ("百分之十五", 0.15),
        ("三成", 0.3),
        ("一半", 0.5),
        ("by half", 0.5),
        ("三分之二", 2 / 3),
        ("0%", 0.0),
        ("很多", None),
    ],
)
def test_a_share_is_read_however_it_is_written(words: str, share: float | None) -> None:
    assert amounts.share(words) == (None if share is None else pytest.approx(share))


def test_stops_and_times_are_read_however_they_are_written() -> None:
    assert [
        amounts.stops(words) for words in ("两档", "半档", "1.5 stops", "half a stop", "+0.5 EV".lower())
    ] == [*(2.0, 0.5, 1.5, 0.5, 0.5)]
    assert [amounts.times(words) for words in ("1.5倍", "两倍", "一倍", "2x", "twice")] == [
        1.5,
        2.0,
        2.0,
        2.0,
        2.0,
    ]
    assert (amounts.stops("20%"), amounts.times("20%")) == (None, None)


_LETTERS = (
    "不要别把背景白黑灰暖冷色调换成木纹大理石阴影深淡亮度放缩小光左右边，。 nowhitebackdrpsl.%0123456789"
)


@given(st.text(alphabet=_LETTERS, max_size=40))
def test_no_pattern_matches_without_one_of_its_cues(text: str) -> None:
    for rule in RULES:
        if not any(cue in text for cue in rule.cues):
            assert rule.pattern.search(text) is None


@pytest.mark.parametrize(
    ("pattern", "cues"),
    [
        ("(?:更|再)?亮度", ("亮度",)),
        ("colou?r", ("colo",)),
        ("a|b", ("a", "b")),
        (r"\d*", ()),
        (r"(?:\d+|x)?", ()),
    ],
)
def test_a_cue_is_what_a_pattern_cannot_do_without(pattern: str, cues: tuple[str, ...]) -> None:
    assert cues_of(pattern) == cues
    re.compile(pattern)


@pytest.mark.parametrize(
    ("words", "wish", "is_refused"),
    [
        ("不要放大", "放大", True),
        ("别把它放大", "放大", True),
        ("不要文字，放大", "放大", False),
        ("不要文字 放大", "放大", False),
        ("不要黑色要放大", "放大", False),
        ("要不要放大", "放大", False),
        ("特别放大", "放大", False),
        ("别忘了放大", "放大", False),
        ("放大不要", "放大", True),
        ("not larger", "larger", True),
        ("not only larger", "larger", False),
        ("no text and larger", "larger", False),
        ("don't make it larger", "larger", True),
        ("not red but larger", "larger", False),
        ("why don't you make it larger", "larger", False),
        ("1.5 larger", "larger", False),
    ],
)
def test_a_no_reaches_as_far_as_its_clause(words: str, wish: str, is_refused: bool) -> None:
    start = words.index(wish)
    assert (refusal(words, start, start + len(wish)) is not None) == is_refused


_REPEATED = (
    *(
        "木纹太过",
        "背景真的",
        "背景太过太过",
        "背景有些",
        "木纹台面",
        "木桌的质感",
        "背景比现在要",
        "阴影太过",
        "锐化过了",
    ),
    *(
        "光从左边来",
        "渐变背景带",
        "四周多",
        "只要产品",
        "再干净的",
        "不好看",
        "the marble is so ",
        "background very ",
    ),
    *(
        "too too ",
        "clean plain solid ",
        "light from left ",
        "make it ",
        "240,",
        "1/1/",
        "not ",
        "唔",
        "drop the ",
    ),
)


@pytest.mark.parametrize("stretch", _REPEATED)
def test_a_stretch_repeated_however_often_is_read_in_one_go(stretch: str) -> None:
    # A pattern that can split it in several ways would take longer than anybody waits.
    for text in (stretch * 60, "背景" + stretch * 60, "the background " + stretch * 60 + "x"):
        assert understand(text, Plan()).plan is not None
