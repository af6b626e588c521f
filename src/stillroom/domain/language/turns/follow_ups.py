"""Words of follow-ups: texts that only say how far the wish before them shall go, "a bit more" or "too much".

They are matched whole: a clause with any other word is no follow-up.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from stillroom.domain.language.words.amounts import AMOUNT, STOPS
from stillroom.domain.language.words.lexicon import language_file, plain

Way = Literal["more", "again", "less", "half", "other_way", "up", "down", "stronger", "weaker"]
"""Wish of a follow-up.

The first five are about the change: there shall be more of it, or part of it shall go. `up` and `down` are
about what it changed: "tone it down" after "less contrast" asks for more of the change. The last two may be
either.
"""
Degree = Literal["slight", "strong"]
_Frame = Literal["excess", "still", "wish"]
_Adjective = Literal["strong", "weak", "much", "little"]


class FollowUpFile(BaseModel):
    """Content of `follow_ups.json`.

    Attributes:
        ways: Words for what shall happen to the change before.
        frames: Frames that find fault with an adjective, do so once more, or wish for it.
        adjectives: Those of the frames.
        about: Words that say what the change was about, by the figures that it may have been.
        degrees: Words for how much of it; those for a usual step are blank.
        added: Words that make an amount more: "another 10%".
        blank: Words that add nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_: str | None = Field(default=None, alias="$schema")
    ways: Mapping[Way, tuple[str, ...]]
    frames: Mapping[_Frame, tuple[str, ...]]
    adjectives: Mapping[_Adjective, tuple[str, ...]]
    about: Mapping[str, tuple[str, ...]]
    degrees: Mapping[Degree, tuple[str, ...]]
    added: frozenset[str]
    blank: tuple[str, ...]

    def words(self) -> Iterator[tuple[str, Way]]:
        """Yield all words for a way, those of frames with each of their adjectives."""
        for way, words in self.ways.items():
            yield from ((word, way) for word in words)
        for (frame, adjective), way in _FRAMED.items():
            for pattern in self.frames[frame]:
                yield from ((pattern.format(word), way) for word in self.adjectives[adjective])


_FRAMED: Mapping[tuple[_Frame, _Adjective], Way] = {
    ("excess", "strong"): "weaker",
    ("excess", "weak"): "stronger",
    ("excess", "much"): "less",
    ("excess", "little"): "more",
    ("still", "strong"): "down",
    ("still", "weak"): "up",
    ("still", "much"): "down",
    ("still", "little"): "up",
    ("wish", "strong"): "stronger",
    ("wish", "weak"): "weaker",
    ("wish", "much"): "more",
    ("wish", "little"): "less",
}
_FILE = FollowUpFile.model_validate_json(language_file("follow_ups.json"))
_DEGREES: Mapping[str, Degree] = {word: degree for degree, words in _FILE.degrees.items() for word in words}
_ABOUT = {word: figures.split(" ") for figures, words in _FILE.about.items() for word in words}
_WAYS: Mapping[str, Way] = {word: way for word, way in _FILE.words() if word not in _DEGREES}
_ALIKE: tuple[tuple[Way, ...], ...] = (
    ("half", "less", "down", "weaker"),
    ("more", "up", "stronger", "again"),
)
"""Ways that a text may have together, "too much, half of that"; the first of them counts."""

_STOPS = ",，.。;；!！?？~、…—\n"
_CLAUSE = re.compile(rf"([^{_STOPS}]+)[{_STOPS}\s]*")
_AMOUNT = re.compile(rf"(?=\d){AMOUNT}|{STOPS}")
_WORD = re.compile(
    r"\s+|"
    + "|".join(
        rf"{re.escape(word)}(?![a-z'])" if word[-1].isascii() else re.escape(word)
        for word in sorted({*_WAYS, *_ABOUT, *_DEGREES, *_FILE.added, *_FILE.blank}, key=len, reverse=True)
    )
)


_MOST_CLAUSES, _MOST_REMARKS = 8, 2
"""Clauses that may be of a follow-up, and that may be remarks before it; they bound the time."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A follow-up at the start of a text.

    Attributes:
        degree: None is a usual one.
        amount: "10%"; empty if it names none.
        about: Figures that it may be about; empty if it does not say.
        words: What the text says up to its end.
        rest: What it says after it.
    """

    way: Way
    degree: Degree | None
    amount: str
    about: frozenset[str]
    words: str
    rest: str


def follow_up_in(text: str, is_remark: Callable[[str], bool]) -> FollowUp | None:
    """Return the follow-up that a text begins with; None without one.

    Args:
        is_remark: Whether a clause before it asks for nothing: "looks fake now, ease off".
    """
    beginning = islice(_CLAUSE.finditer(plain(text)), _MOST_CLAUSES)
    clauses = [(clause, _words_of(clause[1])) for clause in beginning]
    starts = [at for at, (_, words) in enumerate(clauses) if any(word in _WAYS for word in words or ())]
    remarks = [clause[1] for clause, words in clauses[: starts[0] if starts else 0] if words is None]
    if not starts or len(remarks) > _MOST_REMARKS or not all(map(is_remark, remarks)):
        return None
    said = [*takewhile(lambda clause: clause[1] is not None, clauses[starts[0] :])]
    found = [word for _, words in said for word in words or ()]
    end = said[-1][0].end()
    way = _only({_WAYS[word] for word in found if word in _WAYS})
    degrees = {_DEGREES[word] for word in found if word in _DEGREES}
    amounts = {word for word in found if _AMOUNT.fullmatch(word)}
    if way is None or len(degrees) > 1 or len(amounts) > (way in ("more", "less")):
        return None
    if way == "again" and text[end:]:
        return None  # "Again, the shadow is too dark" only says that it was said before
    about = frozenset(figure for word in found for figure in _ABOUT.get(word, ()))
    return FollowUp(way, next(iter(degrees), None), "".join(amounts), about, text[:end], text[end:])


def _only(ways: set[Way]) -> Way | None:
    """Return the only way of some, or the first of those that may be named together.

    "Tone it down more" is down.
    """
    ways = ways - {"more"} if ways & {"up", "down"} else ways
    alike = next((alike for alike in _ALIKE if ways <= set(alike)), ())
    return next((way for way in alike or ways if way in ways), None) if alike or len(ways) == 1 else None


def _words_of(clause: str) -> list[str] | None:
    """Return the words of a clause that has none but those of follow-ups; None of any other."""
    words, at = list[str](), 0
    while at < len(clause):
        found = _AMOUNT.match(clause, at) or _WORD.match(clause, at)
        if not found:
            return None
        words.append(found.group())
        at = found.end()
    is_added = any(map(_AMOUNT.fullmatch, words)) and not _FILE.added.isdisjoint(words)
    return [*words, "more"] if is_added else words
