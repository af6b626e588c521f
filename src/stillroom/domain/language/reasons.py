"""Reasons: what is said about a wish and is none itself, "because it looks dull".

A clause that opens with a word of reason is left out if the rest of the text has a wish and the clause only
complaints: of "because my customers like that, make it warmer" the end is read.
"""

import re
from itertools import islice

from pydantic import BaseModel, ConfigDict, Field

from stillroom.domain.language.reading import read_once, wishes_in
from stillroom.domain.language.words.lexicon import any_of, language_file, lexicon, plain, with_said


class ReasonFile(BaseModel):
    """Content of `reasons.json`.

    Attributes:
        reasons: Words before what is wrong now, or would be without the wish.
        ends: Words after which a clause speaks of something else.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_: str | None = Field(default=None, alias="$schema")
    reasons: tuple[str, ...]
    ends: tuple[str, ...]


_FILE = ReasonFile.model_validate_json(language_file("reasons.json"))
_REASON = re.compile(
    rf"(?:{any_of(_FILE.reasons)})"
    rf"((?:(?![,，.。;；:：!！?？\n]|{any_of(_FILE.ends)})(?:.|(?<=\d)\.(?=\d))){{1,80}})"
)
_LONGEST, _MOST = 300, 4
"""Characters of a text with reasons, and reasons that are looked at; they bound the time."""


def without_reasons(text: str) -> str:
    """Return a text of the same length with spaces for its reasons, if it asks for something without them."""
    rest = text
    if len(text.rstrip()) > _LONGEST:
        return text
    for found in islice(_REASON.finditer(plain(text)), _MOST):
        if all(act.mood == "complaint" for act in read_once(found[1], lexicon()).acts):
            rest = with_said(rest, found)
    return rest if rest == text or wishes_in(rest) else text
