"""Outcomes: what came instead of what was asked for, "I asked for white, it came out grey".

Beside the words for what was asked for, a clause about what has come is left out, so that this is "white". It
stays if it complains of a part that nothing is wished for: "I wanted oak, but the shadow came out too dark".
"""

import re
from collections.abc import Iterable
from itertools import islice

from pydantic import BaseModel, ConfigDict, Field

from stillroom.domain.language.reading import read_once, wishes_in
from stillroom.domain.language.words.lexicon import any_of, language_file, lexicon, plain, with_said
from stillroom.domain.language.words.tokeniser import tokenise
from stillroom.domain.plans.plan import PlanPart


class OutcomeFile(BaseModel):
    """Content of `outcomes.json`.

    Attributes:
        asked: Words before what was asked for, and has not come.
        wanted: Words that may be before it, too, and are before other wishes.
        results: Words before what has come instead.
        made: Verbs of what somebody made of it, which are before wishes, too: "弄成灰的了".
        states: Words that may be before what has come, and are before other complaints.
        before: Words that may stand before any of these three.
        instead: Words between what was asked for and what has come.
        wishing: Words of clauses that ask for something.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_: str | None = Field(default=None, alias="$schema")
    asked: tuple[str, ...]
    wanted: tuple[str, ...]
    results: tuple[str, ...]
    made: tuple[str, ...]
    states: tuple[str, ...]
    before: tuple[str, ...]
    instead: tuple[str, ...]
    wishing: tuple[str, ...]


_FILE = OutcomeFile.model_validate_json(language_file("outcomes.json"))
_START = r"(?:\A|(?<=[,.;:!?\n，。；：！？])|(?<![a-z])(?:but|and|yet)(?![a-z])|但是?|可是?|却)\s*"
_ASKED = re.compile(
    rf"{_START}(?:[^,.;:!?\n，。；：！？]{{2,60}}?\swhen\s)?(?:"
    r"(?:(?:didn't\s)?(?:i|we)(?:'[dm]|'ve)?\s(?:(?:had|have|was|were|did|do|thought\s(?:i|we)|just|\w+ly)\s){0,3})?"
    r"(?:我们?(?:都|就|刚才?|刚刚|之前|前面|一直|明明|已经|跟你|不是|是|想){0,3}|刚才|之前|前面|明明|不是|都){0,2}"
    rf"(?:(?P<wanted>{any_of(_FILE.wanted)})|(?:{any_of(_FILE.asked)})(?!\s*(?:to|that)\b)"
    r"|(?<=不是)[说要](?=[^,，。]{1,20}吗)))"
)
_RESULT = re.compile(
    rf"(?:{_START}(?:(?:{any_of(_FILE.before)})\s*){{0,4}}"
    rf"(?:{any_of(_FILE.results)}|(?P<state>{any_of(_FILE.states)})"
    rf"|(?:(?<=[你么咋却果被])|(?<=[你么咋却果被]给我)|(?=[^,，。]{{1,20}}了\s*(?:\Z|[,，。!！?？])))(?:{any_of(_FILE.made)}))"
    rf"|{any_of(_FILE.instead)})"
    r"(?P<said>(?:[^,，.。;；:：!！?？\n]|(?<=\d)[.:：](?=\d)){1,60})"
)
_CLAUSE = re.compile(
    r"(?:(?<![a-z])(?:but|yet|though|instead)(?![a-z])|但是?|可是?|反而|却)*"
    r"((?:(?!\s(?:but|yet|though)\s|但是?|可是?|反而|却)"
    r"(?:[^,，.。;；:：!！?？\n]|(?<=\d)[.:：](?=\d))){2,60})"
)
_WISH = re.compile(rf"(?<!你)(?:{any_of(_FILE.wishing)})")
_LONGEST, _MOST = 300, 6
"""Characters of a text that tells an outcome, and clauses of it that are looked at; they bound the time."""


def without_outcomes(text: str) -> str:
    """Return a text of the same length with spaces for what came instead of what it says was asked for."""
    if len(text.rstrip()) > _LONGEST or not _ASKED.search(plain(text)):
        return text
    said, starts, is_asked = text, set[int](), False
    for asked in _ASKED.finditer(plain(text)):
        said = with_said(said, asked, ",")
        starts.add(asked.start() + 1)
        is_asked |= not asked["wanted"]
    results = [
        one
        for one in islice(_RESULT.finditer(plain(said)), _MOST)
        if is_asked or not one["state"] or _names_ground(one["said"])
    ]
    if not (is_asked or results):
        return text
    rest = _without(results, said)
    clauses = [*islice(_CLAUSE.finditer(plain(rest)), _MOST)] if is_asked else []
    keys = {act.key for one in clauses if one.start() in starts for act in wishes_in(one[1])}
    rest = _without(
        [one for one in clauses if one.start() not in starts and _contradicts(one[1], keys)], rest
    )
    wished = {act.part for act in wishes_in(rest)}
    for result in results:
        if _complains(result["said"], wished):
            rest = with_said(rest, result, result.group())
    return rest if wished else text


def _without(clauses: Iterable[re.Match[str]], text: str) -> str:
    for clause in clauses:
        text = with_said(text, clause)
    return text


def _contradicts(said: str, keys: set[str]) -> bool:
    """Whether a clause that is no wish is about what was asked for: "it is beige"."""
    if _WISH.search(said):
        return False
    found = {act.key for act in read_once(said, lexicon()).acts if act.part}
    return bool(found) and found <= keys


def _names_ground(said: str) -> bool:
    return any(word.any("colour", "scene", "near_scene") for word in tokenise(said, lexicon()))


def _complains(said: str, wished: set[PlanPart | None]) -> bool:
    """Whether what has come is wrong in a part that nothing is wished for: "it is white, but too dark"."""
    reading = read_once(said, lexicon())
    is_named = any(word.any("part", "too", "not_enough") for word in reading.words)
    return is_named and any(act.part and act.part not in wished for act in reading.acts)
