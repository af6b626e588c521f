"""Words that no reader of a text shall see: marks of lists, empty openings, hesitations and statements."""

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
_STATEMENT = re.compile(
    r"""(?ix)
    (?:\A|(?<=[.,;:!?\n，。；：！？]))\s*(?:
        # Place of the shot
        (?:sorry,?[ ])?
        (?:
            (?:(?:i|we|my[ ]\w+)[ ](?:(?:just|only|always)[ ])?)?
            (?:took|snapped|(?<=i[ ])shot|(?<=we[ ])shot|photographed|shoot)[ ]
            (?:it|this|these|them|everything|(?:the|this|my|these|all[ ]the)[ ](?:photo|pic(?:ture)?|shot)s?)
          | (?:(?:the|this|my|all)[ ])?(?:it|this|they|(?:photo|pic(?:ture)?|image)s?)[ ]
            (?:was|were|is|are)[ ](?:(?:just|only|all)[ ])?(?:taken|shot|snapped|photographed)
          | (?:the[ ])?(?:photo|pic(?:ture)?|image)s?[ ](?:taken|shot)
          | (?:taken|shot|snapped|(?:it|this)(?:'s|[ ]is)(?:[ ]just)?)(?=[ ](?:in|at|on)[ ](?:my|our)\b)
        )
        (?:[ ](?:with|on)[ ]my[ ]\w+)?
        [ ](?:in|at|on|outside|by|near)[ ]
        (?!.{0,30}\b(?:light|dark|angle|flash|sun|shade))[^.,;:!?\n，。]{2,40}?
      | (?:(?:照片|图片?|原图|这张?|我们?|手机|就|都|是|随手|当时|昨天|今天)){0,3}
        在[^像似要想换改放做，。；！？,\s]{1,6}?(?:用手机|随手|随便)?(?:拍|照)(?:的|了一?张?)
      | (?:照片|图片?|原图|这张图?)(?:是|都是)?在?[^像似要想换改放做，。；！？,\s]{1,6}拍的?
        # Number and content of the goods
      | (?:sku|item|article|model|ref|货号|款号|型号|编号)[ ]?(?:no\.?|number)?[:：\#]?[ ]?
        [a-z]{0,3}-?\d[\w-]{0,12}
      | (?:(?:the|this|my|each)[ ]\w+|it)[ ](?:is|has|holds|weighs|contains)[ ]
        \d[\d.]*[ ]?(?:ml|cl|oz|g|kg|lbs?)
      | [^，。；！？,\s\d]{0,4}?(?:是|有|重|容量)?\d[\d.]*[ ]?(?:毫升|ml|克|公斤|千克|kg|斤)(?:的|装)?
    )
    (?=\s*(?:\Z|[.,;:!?\n，。；：！？]|(?:so|but)\b))
    """
)


def without_openings(text: str) -> str:
    """Return a text of the same length with spaces for them: "right, warmer", "a, um, warmer light"."""
    rest = _STATEMENT.sub(lambda said: " " * len(said.group()), text)
    text = text if text.startswith("在") and says_nothing(rest) else rest  # "在户外拍的" alone is a wish
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
