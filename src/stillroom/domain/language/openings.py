"""Words that no reader of a text shall see: marks of lists, and openings without a meaning of their own."""

import re

_OPENINGS = re.compile(
    r"""(?imx)
    ^[ \t]*[-*•]\s+(?=[^\W\d])                                      # "- warmer"
    | \A\s*(?:(?:right|well|now),|(?:ok(?:ay)?[ ]now|now[ ]then)\b,?|那就)(?=.*\w)
    | \A\s*那么(?!.[了啊呢]?\s*(?:\Z|[，,。！!？?；;]))(?=.*\w)              # not "那么小"
    | (?:\A|(?<=[,，。;；!！\n]))\s*(?:对了|by[ ]the[ ]way|oh[ ]and)[,，]?(?=\s*\w)
    | (?:\A|(?<=[,.;!\n]))\s*(?:(?:and|then)\s+)?
      (?:first(?:ly|\sof\sall)?|second(?:ly)?|third(?:ly)?|finally|lastly)\b,?
      (?=\s+(?!(?:ones?|of|is|was|looks?|photos?|pictures?|images?|version|option|shot|try|time)\b)\w)
    """
)
_STATED_RIGHT = re.compile(
    r"""(?ix)
    (\b(?:is|are|isn't|aren't|looks?|seems?|feels?|just)\s | '(?:s|re)\s)right
    (?=\s*(?:\Z|[,.;!?\n]|(?:but|now|already|as)\b))
    """
)
"""The word "right" that is no side: "the light is right"."""


def without_openings(text: str) -> str:
    """Return a text of the same length with spaces for them: "right, warmer", "…, and finally warmer"."""
    text = _OPENINGS.sub(lambda opening: " " * len(opening.group()), text)
    return _STATED_RIGHT.sub(r"\1fine ", text)
