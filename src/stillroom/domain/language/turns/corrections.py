"""Words of corrections: texts that replace a word of the wish before them, "make it 10% bigger, sorry, 20%".

What is said instead takes the place of the word of its kind, so that the wish is read in full: "make it 20%
bigger".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

from pydantic import BaseModel, ConfigDict, Field

from stillroom.domain.language.turns.slots import SAYS_NOTHING, Slot, replaced, slots_of, topic_of
from stillroom.domain.language.words.lexicon import any_of, language_file, lexicon, plain
from stillroom.domain.language.words.tokeniser import tokenise
from stillroom.domain.language.words.tokens import BREAK, UNKNOWN, Token
from stillroom.domain.words import language_like


class CorrectionFile(BaseModel):
    """Content of `corrections.json`.

    Attributes:
        marks: Words that say that something else was meant.
        between: Those that may follow a wish without a pause.
        slips: Frames of such words for what went wrong, with its verbs: "{}错了".
        verbs: Verbs of the slips.
        blank: Words that add nothing beside them.
        takes_back: Words that take back the wish before and put nothing in its place.
        refuses: Words that do so at the end of a text.
        leaves_out: Words that take back what they name: "skip the blur".
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_: str | None = Field(default=None, alias="$schema")
    marks: tuple[str, ...]
    between: tuple[str, ...]
    slips: tuple[str, ...]
    verbs: tuple[str, ...]
    blank: tuple[str, ...]
    takes_back: tuple[str, ...]
    refuses: tuple[str, ...]
    leaves_out: tuple[str, ...]

    def all_marks(self) -> tuple[str, ...]:
        """Return the marks with those of the frames."""
        return (
            *self.marks,
            *self.between,
            *(frame.format(verb) for frame in self.slips for verb in self.verbs),
        )


_FILE = CorrectionFile.model_validate_json(language_file("corrections.json"))
_MARK = re.compile(
    rf"(?:{any_of(_FILE.all_marks())})"
    r"|(?<![\w*])\*(?=\w)|(?<=\w)\*(?![\w*])|(?<![a-z'])no(?=\s+\d)|不(?=\s*\d)|还是(?=[^，。！？；\s]{1,12}(?:吧|好))"
)
_TAKES_BACK = re.compile(any_of(_FILE.takes_back))
_REFUSES = re.compile(any_of((*_FILE.takes_back, *_FILE.refuses)))
_LEAVES_OUT = re.compile(any_of(_FILE.leaves_out))
_BLANK = re.compile(rf"(?:{any_of(_FILE.blank)})|[\s.,，。…!！~～、\-—:：]+")
_RETRACTION = {"zh": "算了", "en": "never mind"}
"""Words that the grammar knows to take back the wish before them."""


_MOST_CORRECTIONS, _MOST_SEGMENTS = 3, 6
"""Corrections of a text, and segments that one has or looks back at, which bounds the time."""
_LONGEST, _MOST_OF_TEXT = 300, 24
"""Characters and segments of a text with corrections, for the same reason."""


@dataclass(frozen=True, slots=True)
class _Segment:
    """Words between two marks of punctuation, or from a mark of a correction on."""

    start: int
    end: int
    tokens: tuple[Token, ...]
    has_mark: bool


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction of what is said before it.

    Attributes:
        slots: What shall be there instead, and what it replaces.
        said: What says what shall.
        start: Index of its first character in the text.
        end: Index after its last one.
    """

    slots: tuple[Slot, ...]
    said: str
    start: int
    end: int


def corrected(text: str) -> str:
    """Return a text with its corrections of itself carried out; what they leave open stays as it is."""
    for _ in range(_MOST_CORRECTIONS if len(text) <= _LONGEST else 0):
        after = _corrected_once(text)
        if after is None:
            break
        text = after
    return text


def _corrected_once(text: str) -> str | None:
    segments = _segments(text)
    for at in range(1, len(segments) if len(segments) <= _MOST_OF_TEXT else 0):
        before, first, said = segments[:at], segments[at], segments[at : at + _MOST_SEGMENTS]
        retracted = _retracted(text, said)
        retracted = _left_out(text, before, said) if retracted is None else retracted
        if retracted is not None:
            return retracted
        correction = _correction(text, said, text[: before[-1].end])
        if correction is None:
            continue
        rest = text[correction.end :]
        named = [one for one in before if _names_refused(text[one.start : one.end], correction)]
        wishes = [one for one in before if not _tells_of_goods(one)]
        for one in reversed((named or wishes)[-_MOST_SEGMENTS:]):
            meant = replaced(text[one.start : one.end], correction.slots, correction.said)
            if meant is not None:
                end = first.start if rest.strip(_STOPS) else before[-1].end
                return f"{text[: one.start]}{meant}{text[one.end : end].rstrip()}{rest}"
    return None


def _tells_of_goods(segment: _Segment) -> bool:
    """Whether a segment tells of the product, whose colour stays: "navy eats my black wallet"."""
    is_wish = any(
        one.any("add", "to", "is", "quality") or one.get("part") == "backdrop" for one in segment.tokens
    )
    names = any(one.get("part") == "product" for one in segment.tokens)
    return names and not is_wish and any(UNKNOWN in one for one in segment.tokens)


def _names_refused(wish: str, correction: Correction) -> bool:
    """Whether a wish has the very word that a correction says is not meant."""
    return any(slot.is_refused and plain(slot.text) in plain(wish) for slot in correction.slots)


def _retracted(text: str, segments: Sequence[_Segment]) -> str | None:
    """Return a text with plainer words for a retraction that a segment is; None if it is none."""
    first, plainly = segments[0], _RETRACTION[language_like(text)]
    for end, words in ((len(text), _REFUSES), (first.end, _TAKES_BACK)):
        said = plain(text[first.start : end])
        if _only_takes_back(said, words) and plainly not in said:
            return f"{text[: first.start]}{plainly}{text[end:]}"
    return None


def _left_out(text: str, before: Sequence[_Segment], segments: Sequence[_Segment]) -> str | None:
    """Return a text without the wish that some segments name and leave out; None without one.

    What they say stays where something shall go that was added: "add a shadow, no shadow after all".
    """
    named, end = segments[0], segments[0].end
    words = [found.span() for found in _LEAVES_OUT.finditer(plain(text), named.start, end)]
    others = [one for one in named.tokens if not any(a <= one.start and one.end <= b for a, b in words)]
    names = [token for token in others if topic_of(token)]
    if len(names) != 1 or not all(token.of(_BESIDE_NAME) for token in others if token not in names):
        return None
    if not words:
        takes = segments[1] if len(segments) > 1 else named  # "the blur, kill it"
        if not _only_takes_back(plain(text[takes.start : takes.end]), _LEAVES_OUT):
            return None
        end = takes.end
    pieces = (piece for one in reversed(before) for piece in reversed(_pieces(one)))
    wish = next((one for one in pieces if any(_is_named(token, names[0]) for token in one)), None)
    if wish is None or any(map(_refuses, wish)):
        return None
    is_gone = any("add" in token for token in wish) and any(map(_refuses, named.tokens))
    kept = text[named.start : end] if is_gone else ""
    return f"{text[: wish[0].start]}{text[wish[-1].end : named.start]}{kept}{text[end:]}"


def _is_named(token: Token, name: Token) -> bool:
    """Whether a word is about what another one names, and not its contrary: "bigger, forget it, smaller"."""
    directions = {one.get("quality")[-1:] for one in (token, name)} - {""}
    return topic_of(token) == topic_of(name) and len(directions) <= 1


def _refuses(token: Token) -> bool:
    return token.any("neg", "none")


_BESIDE_NAME = SAYS_NOTHING | {"neg", "none", UNKNOWN}
"""Kinds of words beside the name of what is left out."""


def _pieces(segment: _Segment) -> list[tuple[Token, ...]]:
    """Split a segment before its conjunctions."""
    tokens = segment.tokens
    starts = [0, *(at for at, token in enumerate(tokens) if at and "link" in token), len(tokens)]
    return [tokens[start:end] for start, end in pairwise(starts)]


def _only_takes_back(said: str, words: re.Pattern[str]) -> bool:
    """Whether a text has only such words, marks and blanks, and ends with one of the former."""
    at, takes_back = 0, False
    while at < len(said):
        found = words.match(said, at) or _BLANK.match(said, at) or _MARK.match(said, at)
        if found is None or found.end() == at:
            return False
        takes_back = found.re is words or (takes_back and found.re is _BLANK)
        at = found.end()
    return takes_back


_STOPS = " \t\n.,;!?，。；！？…~～、"


def correction_at_start(text: str, before: Sequence[str]) -> tuple[Correction, str] | None:
    """Return the correction of earlier wishes that a text begins with, and what it says after it."""
    segments = _segments(text)[:_MOST_SEGMENTS] if len(text) <= _LONGEST else []
    correction = _correction(text, segments, "\n".join(before)) if segments else None
    return (correction, text[correction.end :].lstrip(_STOPS)) if correction else None


def _segments(text: str) -> list[_Segment]:
    said = plain(text)
    tokens = tokenise(text, lexicon())
    marks = [found.span() for found in _MARK.finditer(said) if not _is_part_of_word(found.span(), tokens)]
    items: list[_Item] = [(start, end, None) for start, end in marks]
    items += [
        (one.start, one.end, one)
        for one in tokens
        if not any(start <= one.start and one.end <= end for start, end in marks)
    ]
    return list(_split(sorted(items, key=lambda item: item[:2]), said))


def _is_part_of_word(span: tuple[int, int], tokens: Sequence[Token]) -> bool:
    """Whether a mark is only a part of a longer word that says something."""
    return any(
        one.start < span[1]
        and span[0] < one.end
        and not (span[0] <= one.start and one.end <= span[1])
        and not set(one.senses) <= SAYS_NOTHING
        for one in tokens
    )


_Item = tuple[int, int, Token | None]
"""Start and end of a token, or of a mark, which is None."""


def _split(items: Sequence[_Item], said: str) -> Iterator[_Segment]:
    segment: list[_Item] = []
    for at, (start, end, token) in enumerate(items):
        is_break = token is not None and BREAK in token
        is_between = token is None and said[start:end] in _FILE.between and any(one[2] for one in segment)
        rest = takewhile(lambda one: one[2] is None or BREAK not in one[2], items[at:] if is_between else ())
        if segment and (is_break or any(one[2] for one in rest)):
            yield _segment(segment)
            segment = []
        if not is_break:
            segment.append((start, end, token))
    if segment:
        yield _segment(segment)


def _segment(items: Sequence[_Item]) -> _Segment:
    says = [token is not None and not token.of(SAYS_NOTHING) for _, _, token in items]
    first = says.index(True) if True in says else len(says)
    last = len(says) - says[::-1].index(True) if True in says else 0
    has_mark = any(token is None for _, _, token in (*items[:first], *items[last:]))
    tokens = tuple(token for _, _, token in items if token is not None)
    return _Segment(items[0][0], items[-1][1], tokens, has_mark)


def _correction(text: str, segments: Sequence[_Segment], before: str) -> Correction | None:
    """Return the correction that some segments begin with; None if they say anything else.

    Args:
        before: What was said before them.
    """
    slots, end, is_marked = list[Slot](), 0, False
    for at, one in enumerate(segments):
        found = slots_of(one.tokens, text)
        if found is None and one.has_mark and _is_remark(one):
            found = []
        if not (is_marked or one.has_mark) and any(slot.kind == "direction" for slot in found or ()):
            found = None  # a wish of its own
        wanted = {(slot.kind, plain(slot.text)) for slot in slots if not slot.is_refused}
        new = {(slot.kind, plain(slot.text)) for slot in found or () if not slot.is_refused}
        goes_on = at + 1 < len(segments) and bool(slots_of(segments[at + 1].tokens, text))
        if found is None or (wanted and (new - wanted or (not found and goes_on))):
            break
        denies = any("neg" in token and token.text != "无" for token in one.tokens)  # not "影子：无"
        is_marked |= one.has_mark or (not found and denies)
        slots += found if not (wanted and new) else []
        end = at + 1
    slots = [replace(one, is_refused=one.is_refused or _is_old(one, slots, before)) for one in slots]
    meant = [slot for slot in slots if not slot.is_refused]
    refused = [slot for slot in slots if slot.is_refused]
    is_said = any(plain(slot.text) in plain(before) for slot in refused)
    # A figure and nothing else that is understood.
    is_said |= all(slot.kind == "number" for slot in slots) and all(map(_is_remark, segments[end:]))
    is_other = any(slot.kind not in {one.kind for one in meant} for slot in refused)
    if not meant or (is_other and not _names_other_axis(meant, refused)) or not (is_marked or is_said):
        return None
    stop = next(one.end for one in segments if one.end >= meant[-1].end)
    return Correction(tuple(slots), text[meant[0].start : stop], segments[0].start, segments[end - 1].end)


def _names_other_axis(meant: Sequence[Slot], refused: Sequence[Slot]) -> bool:
    """Whether one quality is meant and not another one: "lighter, not softer"."""
    return len(meant) == 1 and all(slot.kind.startswith("axis") for slot in (*meant, *refused))


def _is_remark(segment: _Segment) -> bool:
    """Whether a segment has words that mean nothing here, and no others: "sorry, fat fingers"."""
    return all(token.of(SAYS_NOTHING | {UNKNOWN, "neg"}) for token in segment.tokens)


def _is_old(slot: Slot, slots: Sequence[Slot], before: str) -> bool:
    """Whether a slot only names what another one of its kind replaces: "0.7改0.3"."""
    later = [one for one in slots if one.start > slot.start and one.kind == slot.kind]
    return slot.kind in ("number", "ratio") and bool(later) and plain(slot.text) in plain(before)
