"""English typos: one letter too many, too few or wrong, or two swapped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.domain.language.reader import understand
from stillroom.domain.language.words.lexicon import lexicon
from stillroom.domain.language.words.spelling import Spelling
from stillroom.domain.language.words.tokeniser import tokenise
from tests.unit.domain.language.sentences import WHITE, figures_of, told_texts

WORDS = Spelling(
    {
        "marble": {"scene": ""},
        "brighter": {"quality": ""},
        "left side": {"side": ""},
        "grey": {"colour": ""},
        "greedy": {"filler": ""},
        "blue": {"colour": ""},
        "blur": {"effect": ""},
        "creamy": {"adjective": ""},
        "软": {"adjective": ""},
    }
)


@pytest.mark.parametrize(
    ("word", "known"),
    [
        *(("marbel", "marble"), ("brigter", "brighter"), ("brightter", "brighter"), ("lft", "left")),
        *(("lefft", "left"), ("sdie", "side"), ("greey", "grey"), ("marvle", "marble")),
        *(("narble", "marble"), ("amrble", "marble"), ("elft", "left"), ("blut", "blur")),
    ],
)
def test_the_known_word_that_is_one_letter_off_is_meant(word: str, known: str) -> None:
    assert WORDS.corrected(word) == known


@pytest.mark.parametrize("word", ["carble", "planter", "natal", "cats", "creamier", "lf", "xqzw"])
def test_english_words_their_forms_and_another_first_letter_are_no_typos(word: str) -> None:
    assert WORDS.corrected(word) == word


@pytest.mark.parametrize("text", ["#marbel", "marbel.com", "marbel42", "@marbel", "it's marbel's"])
def test_names_and_codes_are_no_typos(text: str) -> None:
    assert WORDS.correct(text)[0] == text


@given(st.lists(st.sampled_from(["marbel", "left", "brightter", "lft", " ", ",", "软", "10%"]), max_size=12))
def test_each_place_of_a_corrected_text_is_one_of_the_text(words: list[str]) -> None:
    text = " ".join(words)
    right, places = WORDS.correct(text)
    assert len(places) == len(right) + 1
    assert (places[0], places[-1]) == (0, len(text))
    assert list(places) == sorted(places)
    assert all(text[at] == sign for at, sign in zip(places, right, strict=False) if not sign.isalpha())


def test_a_token_stands_where_its_typo_stands() -> None:
    text = "a litle brigter, marbel tabel"
    found = [(token.text, text[token.start : token.end]) for token in tokenise(text, lexicon())]
    assert found == [
        *(("a little", "a litle"), ("brighter", "brigter"), (",", ",")),
        ("marble table", "marbel tabel"),
    ]


@pytest.mark.parametrize(
    ("typo", "right"),
    [
        ("mustard yelow background", "mustard yellow background"),
        ("datk red backdrop", "dark red backdrop"),
        ("whtie backgroud plz", "white background please"),
        ("light from upper lft", "light from upper left"),
        ("dusty  rose   background", "dusty rose background"),
        ("haalf a stop brighter", "half a stop brighter"),
        ("sfot shdow, tigher crop", "soft shadow, tighter crop"),
        ("make teh prodcut smalller", "make the product smaller"),
    ],
)
def test_a_text_with_typos_is_read_like_the_same_without(typo: str, right: str) -> None:
    assert figures_of(typo) == figures_of(right) != {}


def test_what_is_told_back_has_its_typo() -> None:
    assert told_texts(understand("add a gardn gnome", WHITE)) == ("add a gardn gnome",)
