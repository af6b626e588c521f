"""Words that no reader of a text shall see: marks of lists, empty openings and hesitations."""

import re

from pydantic import BaseModel, ConfigDict, Field

from stillroom.domain.language.words.lexicon import any_of, language_file, plain, with_said


class OpeningFile(BaseModel):
    """Content of `openings.json`.

    Attributes:
        requests: Words before a wish that only make it polite.
        conditions: Words that do so with a subject and a verb after them: "do you think you could".
        endings: Words that do so behind it, at the end of a clause.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_: str | None = Field(default=None, alias="$schema")
    requests: tuple[str, ...]
    conditions: tuple[str, ...]
    endings: tuple[str, ...]


_FILE = OpeningFile.model_validate_json(language_file("openings.json"))
_REQUEST = re.compile(
    rf"(?:\A|(?<=[.,;:!?\n，。；：！？]))\s*(?:{any_of(_FILE.requests)}"
    rf"|(?:{any_of(_FILE.conditions)})\s+(?:you|we|i)(?:\s+(?:could|can|would|might))?(?![a-z']))\s*[,:，：]?(?=\s*\w)"
    r"(?!\s*(?:not|never|\w+n't)\b)"
    rf"|(?<=\w)(?:{any_of(_FILE.endings)})(?=\s*(?:\Z|[.,;!?~\n，。；！？]))"
)
_OPENINGS = re.compile(
    r"""(?imx)
    ^[ \t]*[-*•]\s+(?=[^\W\d]|[\d.]{1,5}\s*%?\s+(?:\w+er|more|less)\b)  # "- warmer", "- 20% brighter"
    | \A\s*(?:(?:right|well|now),|(?:ok(?:ay)?[ ]now|now[ ]then)\b,?|那就)(?=.*\w)
    | \A\s*那么(?!.[了啊呢]?\s*(?:\Z|[，,。！!？?；;]))(?=.*\w)              # not "那么小"
    | (?:\A|(?<=[,，。;；!！\n]))\s*(?:对了|by[ ]the[ ]way|oh[ ]and)[,，]?(?=\s*\w)
    | (?:\A|(?<=[,.;!\n]))\s*(?:(?:and|then)\s+)?
      (?:first(?:ly|\sof\sall)?|second(?:ly)?|third(?:ly)?|finally|lastly)\b,?
      (?=\s+(?!(?:ones?|of|is|was|looks?|photos?|pictures?|images?|version|option|shot|try|time)\b)\w)
    """
)
_HESITATION = re.compile(
    r"""(?ix)
    (\b(?:for|to|with|into|in|on|a|an|the|some|more|and)\b)?     # the clause goes on after these
    \s{0,3}[,，]\s{0,3}(?:like|u[mh]{1,5}|er{1,5}m?|hm{1,5}|嗯{1,3}|呃{1,3})\s{0,3}
    (?(1)[,，]|(?=[,，]))
    """
)
_HEDGE = re.compile(
    r"(?i)(?<=\w)\s+(?:kinda|kind of|sorta|sort of)(?=\s*(?:\Z|[.,;!?\n]))"
    r"|\b(?:kinda|kind of|sorta|sort of)"
    r"(?=\s+(?:add|remove|make|put|move|turn|change|get|give|bring|set|use)\b)"
    r"|(?<=\w),\s*right(?=\s*\?)"
)
"""Hedges and tags of a wish; before a state they are said of that: "kinda dark"."""


def without_openings(text: str) -> str:
    """Return a text of the same length with spaces for them: "right, warmer", "a, um, warmer light"."""
    text = _OPENINGS.sub(lambda opening: " " * len(opening.group()), text)
    text = _without_requests(text)
    text = _HEDGE.sub(lambda hedge: " " * len(hedge.group()), text)
    return _HESITATION.sub(lambda found: (found[1] or "").ljust(len(found[0])), text)


def _without_requests(text: str) -> str:
    for found in _REQUEST.finditer(plain(text)):
        text = with_said(text, found)
    return text


def says_nothing(text: str) -> bool:
    """Whether a text has no words."""
    return not any(map(str.isalnum, text))
