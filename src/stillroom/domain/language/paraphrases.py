"""Paraphrases of the same length, for words that the grammar or the sentence model would take for others.

"Darken it by around 20 percent" names no place, and "画面感觉暗" is a complaint as "画面有点暗" is.
"""

import re
from collections.abc import Mapping
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from stillroom.domain.language.words.lexicon import any_of, language_file, plain, with_said


class ParaphraseFile(BaseModel):
    """Content of `paraphrases.json`.

    Attributes:
        anywhere: Words with usual ones that are no longer.
        before_states: Those before a state, which only say that it is so.
        states: States that are complained of so, at the end of a clause.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_: str | None = Field(default=None, alias="$schema")
    anywhere: Mapping[str, str]
    before_states: Mapping[str, str]
    states: tuple[str, ...]

    @model_validator(mode="after")
    def _keep_positions(self) -> Self:
        pairs = (*self.anywhere.items(), *self.before_states.items())
        if any(len(said) < len(usual) for said, usual in pairs):
            raise ValueError("a paraphrase is longer than what it replaces")
        return self


_FILE = ParaphraseFile.model_validate_json(language_file("paraphrases.json"))
_ANYWHERE = re.compile(any_of(_FILE.anywhere))
_BEFORE_STATE = re.compile(
    rf"(?:{any_of(_FILE.before_states)})"
    rf"(?=(?:{any_of(_FILE.states)})(?:[的啊呀哦诶]|多?了)?\s*(?:\Z|[.,;!?~\n，。；！？]))"
)
_WISHED = re.compile(
    r"[让讓请請使要想把调調改弄变變](?!求的)[^，。！？；,.!?;\n]*\Z|希望[^，。！？；,.!?;\n]*\Z"
)
"""The beginning of a clause that wishes for a state: "让画面略偏暖"."""
_STATED_RIGHT = re.compile(
    r"""(?ix)
    (\b(?:is|are|isn't|aren't|looks?|seems?|feels?|just)\s | '(?:s|re)\s)right
    (?=\s*(?:\Z|[,.;!?\n]|(?:but|now|already|as)\b))
    """
)
"""The word "right" that is no side: "the light is right"."""
_ROUGHLY = re.compile(
    r"(?i)\baround(?=\s+(?:\d|half|an?\s+(?:half|third|quarter|fifth|tenth)|(?:ten|twenty|thirty|forty|fifty)\b))"
)
"""The word "around" that is no place: "around 20 percent"."""
_NOT_ENOUGH = re.compile(
    r"(?i)\b(?:(?P<not>is|are|was|were)\s+(?:not|nowhere near)(?=\s+(?:as\s|[\w-]+\s+enough\b))"
    r"|as (?P<state>[\w-]+) as (?:i|we)(?:'d| had| would)? ?"
    r"(?:wanted|hoped|like|liked|expected|wished|needed|imagined)\b)"
)
"""Pattern of a lack: "is not as warm as I wanted" is "isn't warm enough"."""
_THAN_BEFORE = re.compile(
    r"(?i)\b((?:is|are|was|looks?|seems?|feels?|got|gotten|came out|turned out)\s+"
    r"(?:(?:much|way|far|a lot|even|a bit|now|still)\s+){0,2}(?:\w+er|(?:more|less)\s+\w+)\s+)"
    r"(than (?:it was )?before|than it was)\b"
)
"""A report of what the turn before has changed too far: "it looks brighter than before"."""


def paraphrased(text: str) -> str:
    """Return a text of the same length in plainer words."""
    for pattern, usual in ((_ANYWHERE, _FILE.anywhere), (_BEFORE_STATE, _FILE.before_states)):
        for found in pattern.finditer(plain(text)):
            if pattern is _ANYWHERE or not _WISHED.search(text[: found.start()]):
                text = with_said(text, found, usual[found.group()])
    text = _NOT_ENOUGH.sub(_plainly_lacking, text)
    text = _THAN_BEFORE.sub(lambda found: found[1] + "than i like".ljust(len(found[2])), text)
    text = _ROUGHLY.sub("about ", text)
    return _STATED_RIGHT.sub(r"\1fine ", text)


def _plainly_lacking(found: re.Match[str]) -> str:
    said = f"{found['not']}n't" if found["not"] else f"{found['state']} enough"
    return said.ljust(len(found.group()))
