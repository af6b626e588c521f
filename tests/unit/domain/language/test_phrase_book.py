"""The phrase book: common wishes in words that the grammar does not read."""

import json
from pathlib import Path

import pytest

from stillroom.domain.language.phrase_book import FittedPhrases, phrase_book
from stillroom.domain.language.reader import read_once, understand
from stillroom.domain.language.words.lexicon import language_file, lexicon
from stillroom.domain.plans.plan import Plan, Shadow, changed

PHRASES = json.loads((Path(__file__).parents[4] / "golden" / "phrases.json").read_text("utf-8"))
FITTED = FittedPhrases.model_validate_json(language_file("phrases.json"))


def test_the_catalogue_is_fitted_to_the_wishes_of_the_golden_phrases() -> None:
    assert FITTED.wishes == {wish: one["says"] for wish, one in PHRASES.items()}
    assert len(FITTED.biases) == len(FITTED.senses) == len(PHRASES)


@pytest.mark.parametrize("says", sorted({says for says in FITTED.wishes.values() if says}))
def test_the_grammar_reads_the_name_of_every_wish(says: str) -> None:
    reading = read_once(says, lexicon())
    assert reading.acts
    assert not reading.told


@pytest.mark.parametrize(
    ("text", "part", "field"),
    [
        ("整张图灰蒙蒙罩着层纱", "tone", "contrast"),
        ("轮廓描一圈亮边", "light", "rim"),
        ("shadow as soft as a cloud", "shadow", "softness"),
    ],
)
def test_a_phrase_that_the_grammar_does_not_read_is_carried_out_as_the_nearest_wish(
    text: str, part: str, field: str
) -> None:
    read = understand(text, Plan())
    assert not read.told_back
    assert read.asked == (part,)
    assert getattr(getattr(read.plan, part), field) > getattr(getattr(Plan(), part), field)


@pytest.mark.parametrize(
    "text",
    [
        "shadow as soft as 3 clouds",
        "the previous shadow as soft as a cloud",
        "shadow as soft as a white and a grey cloud",
        "cloudy",
        "wibbly wobbly fandango",
        "shadow as soft as a cloud " * 4,
    ],
)
def test_amounts_other_pictures_two_colours_single_words_and_long_texts_are_not_looked_up(text: str) -> None:
    assert phrase_book().wish_of(text, lexicon()) == ""


def test_a_wish_for_another_part_than_the_one_spoken_of_is_not_looked_up() -> None:
    assert phrase_book().wish_of("灰蒙蒙罩着层纱", lexicon(), "tone")
    assert phrase_book().wish_of("灰蒙蒙罩着层纱", lexicon(), "backdrop") == ""


def test_phrase_book_reading_is_reported_in_the_users_words() -> None:
    (told,) = understand("整张图灰蒙蒙罩着层纱", changed(Plan(), "tone", contrast=1.0)).told_back
    assert told.text == "整张图灰蒙蒙罩着层纱"


@pytest.mark.parametrize("text", ["shadow in the foreground", "put the lamp on the left"])
def test_a_noun_with_more_said_of_it_is_no_wish_for_the_noun_alone(text: str) -> None:
    read = understand(text, Plan(shadow=Shadow(kind="none")))
    assert read.plan.shadow != Shadow()
    assert read.plan.framing == Plan().framing


def test_only_a_scene_is_seen_from_above() -> None:
    assert understand("俯拍大理石台面", Plan()).plan.backdrop.view == "above"
    assert [told.reason for told in understand("overhead shot", Plan()).told_back] == ["not_possible"]
