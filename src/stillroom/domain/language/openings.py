"""Words that no reader of a text shall see: marks of lists, openings without a meaning, and hesitations."""

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
_HESITATION = re.compile(
    r"""(?ix)
    (\b(?:for|to|with|into|in|on|a|an|the|some|more|and)\b)?     # the clause goes on after these
    \s{0,3}[,，]\s{0,3}(?:like|u[mh]{1,5}|er{1,5}m?|hm{1,5}|嗯{1,3}|呃{1,3})\s{0,3}
    (?(1)[,，]|(?=[,，]))
    """
)


def without_openings(text: str) -> str:
    """Return a text of the same length with spaces for them: "right, warmer", "a, um, warmer light"."""
    text = _OPENINGS.sub(lambda opening: " " * len(opening.group()), text)
    text = _HESITATION.sub(lambda found: (found[1] or "").ljust(len(found[0])), text)
    return _STATED_RIGHT.sub(r"\1fine ", text)
