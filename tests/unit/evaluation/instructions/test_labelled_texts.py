"""The labelled texts to which the sentence model is fitted."""

import csv
from pathlib import Path

from stillroom.domain.language.doubts import LABELS
from stillroom.evaluation.instructions.sentences import sentences_of

GOLDEN = Path(__file__).parents[4] / "golden"
with (GOLDEN / "labelled.tsv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def letters_of(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


def test_texts_have_known_labels_and_none_twice() -> None:
    for row in ROWS:
        asks, may = row["asks"].split(), row["may"].split()
        assert set(asks + may) <= set(LABELS), row
        assert len(set(asks + may)) == len(asks + may), row
    texts = [letters_of(row["text"]) for row in ROWS]
    assert len(set(texts)) == len(texts)


def test_no_labelled_text_is_a_sentence_of_the_check_set() -> None:
    sentences = sentences_of((GOLDEN / "instructions.json").read_text("utf-8"), "instructions.json")
    measuring = {letters_of(one.text) for one in sentences if one.part == "check"}
    assert not measuring & {letters_of(row["text"]) for row in ROWS}
