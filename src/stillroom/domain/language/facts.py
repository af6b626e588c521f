"""Facts about the goods and the shot, which ask for nothing: "the lid is oak", "it weighs 2 kg".

A clause is left out if it says what is true of goods rather than of a picture, and the rest of the text asks
for something.
"""

import re
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field

from stillroom.domain.language.openings import says_nothing
from stillroom.domain.language.reading import wishes_in
from stillroom.domain.language.words.lexicon import any_of, language_file, lexicon, plain, with_said
from stillroom.domain.language.words.tokeniser import tokenise
from stillroom.domain.language.words.tokens import NUMBER, Token, kinds


class FactFile(BaseModel):
    """Content of `facts.json`.

    Attributes:
        subjects: Words for the goods that may stand for the picture, too.
        being: Words before what goods are.
        having: Verbs before a part of them.
        own_verbs: Verbs that goods have and pictures have not.
        origins: Words that only goods are: "made of".
        makes: Words behind a material or a maker.
        units: Units of what goods measure, weigh or contain.
        measures: Names of that.
        materials: What goods are made of; those that are scenes as well are in the other files.
        parts: Parts of goods whose names mean something else beside them.
        channels: Where a picture will be shown.
        qualities: Those of goods themselves, with parts of the names of such goods; without any, of all.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_: str | None = Field(default=None, alias="$schema")
    subjects: tuple[str, ...]
    being: tuple[str, ...]
    having: tuple[str, ...]
    own_verbs: tuple[str, ...]
    origins: tuple[str, ...]
    makes: tuple[str, ...]
    units: tuple[str, ...]
    measures: tuple[str, ...]
    materials: tuple[str, ...]
    parts: tuple[str, ...]
    channels: tuple[str, ...]
    qualities: Mapping[str, tuple[str, ...]]


_FILE = FactFile.model_validate_json(language_file("facts.json"))
_CLAUSE = re.compile(r"(?:[^,.;:!?\n，。；：！？]|(?<=\d)[.,:](?=\d)|[:：](?=\s?[a-z]{0,3}-?\d)){2,80}")
_VERB = re.compile(
    rf"(?P<own>{any_of(_FILE.own_verbs)})|(?P<having>{any_of(_FILE.having)})"
    rf"|(?:{any_of(_FILE.being)}|(?<=[a-z])'(?:s|re)(?![a-z]))"
)
_UNIT = rf"(?:{any_of(_FILE.units)})"
_ABOUT = r"(?:(?:about|around|roughly|约|大概|大约|差不多)\s?)?"
_MEASURE = re.compile(
    rf"(?P<name>{any_of(_FILE.measures)})?\s*[:：]?\s*{_ABOUT}"
    rf"\d[\d.,]*(?:\s*[x×*]\s*\d[\d.]*)*\s*{_UNIT}"
    r"(?:\s*(?:tall|high|long|wide|deep|thick|each|in diameter|的|左右|高|长|宽))?"
)
_MORE = re.compile(rf"{_ABOUT}\d[\d.]*\s?(?:k|{_UNIT})[\w\s]{{0,12}}")
"""A measure after another fact: "the bowl is stoneware, about 6 inches across"."""
_MATERIAL = re.compile(any_of(_FILE.materials))
_ORIGIN = re.compile(rf"(?:{any_of(_FILE.origins)})")
_ALONE = re.compile(
    rf"""(?x)
    # Where the picture will be shown
    (?:(?:(?:it|this)(?:'s|\sis|\sgoes)|meant|intended|needed)\s)?(?:for|on)\s(?:\w+\s){{0,3}}
    (?:{any_of(_FILE.channels)})(?:\s\w+){{0,3}}
    | (?:这[张个]?|要|我)?[发放挂投上做印]?(?:{any_of(_FILE.channels)}){{1,2}}(?:要用|用|的|用的|里)?
    # Makers, materials, age
    | [^要想换放改用把]*(?:{any_of(_FILE.makes)})
    | .{{0,2}}\d{{2,4}}年代?的
    # Numbers and prices
    | (?:sku|item|article|model|ref|货号|款号|型号|编号)[ ]?(?:no\.?|number)?[:：\#]?[ ]?
      [a-z]{{0,3}}-?\d[\w-]{{0,12}}
    | (?:sale |the )?price(?:\sis|[:：])?\s?[$€£]?\d[\d.,]*
    | 售价[:：]?\d[\d.]*
    | \d{{1,2}}%\soff(?:\s(?:this|today|until|everything)\b.*)?
    | limited\sedition.*
    | 限量.{{0,4}}[个套件份]
    | 这?周?.{{0,3}}打.折
    # Variants
    | (?:一共|总共|另外|一套)?[还也]?有?(?:\d{{1,3}}|[一二两三四五六七八九十]{{1,2}})[个种款套件]
      (?:颜色|花色|尺码|口味|款式|一套|装)
    | (?:另外|还|也)有.{{1,6}}[色款]的?
    | 一套.个
    | we\s(?:have|do|sell)\s.*\b(?:colou?rs?|too|as\swell|sizes?)
    """
)
_SHOT = re.compile(
    r"""(?ix)
    (?:\A|(?<=[.,;:!?\n，。；：！？]))\s*(?:
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
    )
    (?=\s*(?:\Z|[.,;:!?\n，。；：！？]|(?:so|but)\b))
    """
)
"""Pattern of the place of the shot."""
_LONGEST = 300
"""Characters of a text that is read without its facts, to see what it asks for; bounds the time."""
_OF_GOODS = kinds("unknown number colour filler from kind near_scene neg opaque prop scene very")
"""Kinds of words that say nothing of the picture where goods are spoken of."""
_OF_CAST = ("mired", "white_balance", "saturation")
"""Keys of acts that may be meant to give goods the colour that a fact names."""


def without_facts(text: str) -> str:
    """Return a text of the same length with spaces for its facts, if it asks for something beside them."""
    said = _SHOT.sub(lambda found: " " * len(found.group()), text)
    text = text if text.startswith("在") and says_nothing(said) else said  # "在户外拍的" alone is a wish
    rest, is_fact, has_colour = text, False, False
    for found in _CLAUSE.finditer(plain(text)):
        clause = found.group().strip()
        is_fact = _is_fact(clause) or (is_fact and bool(_MORE.fullmatch(clause)))
        if is_fact:
            rest = with_said(rest, found)
            has_colour |= any("colour" in word for word in tokenise(clause, lexicon()))
    return rest if rest == text or _asks(rest, has_colour=has_colour) else text


def _asks(text: str, *, has_colour: bool) -> bool:
    """Whether a text has a wish, and none about a cast that a colour beside it may be said for."""
    if len(text.rstrip()) > _LONGEST:
        return True
    wishes = wishes_in(text)
    return bool(wishes) and not (has_colour and any(act.key in _OF_CAST for act in wishes))


def _is_fact(clause: str) -> bool:
    if _ALONE.fullmatch(clause):
        return not any(_is_of_picture(word) for word in tokenise(clause, lexicon()))
    measure = _MEASURE.search(clause)
    if measure and measure.end() == len(clause):
        goods = clause[: measure.start()].strip()
        if _names_goods(goods) or (measure["name"] and not goods):
            return True
    verb = _VERB.search(clause)
    if verb is None:
        return False
    subject, said = clause[: verb.start()].strip(), clause[verb.end() :].strip()
    names = _names_goods(subject)
    if not said or not (names or subject in _FILE.subjects):
        return False
    if verb["own"] or _MEASURE.fullmatch(said) or _ORIGIN.match(said):
        return True
    words = tokenise(said, lexicon())
    if not (names or verb["having"]):
        return said.startswith(("a ", "an ")) and words[-1].get("part") == "product"
    is_known = bool(_MATERIAL.search(said)) or any(map(_is_known, words))
    is_part = words[-1].text in _FILE.parts or "product_part" in words[-1]
    return is_known and all(_is_own(word, subject) for word in words) and (is_part or not verb["having"])


def _names_goods(words: str) -> bool:
    """Whether words name goods or a part of them, and nobody who says something: "the lid of the jar"."""
    names = tokenise(words, lexicon())
    return any(map(_is_name, names)) and all(_is_name(one) or one.isa("determiner", "for") for one in names)


def _is_name(token: Token) -> bool:
    return token.get("part") == "product" or "product_part" in token or token.text in _FILE.parts


def _is_own(word: Token, goods: str) -> bool:
    """Whether a word says nothing of the picture: "oak" of "the lid is oak"."""
    names = _FILE.qualities.get(word.text)
    if names is not None:
        return not names or any(name in goods for name in names)
    return _is_name(word) or (word.of(_OF_GOODS) and not word.axis.startswith(("warm", "cast")))


def _is_known(word: Token) -> bool:
    """Whether a word shows that goods are described: "a dirty collar" has none."""
    return word.any("colour", "scene", "near_scene", NUMBER) or word.text in _FILE.qualities


def _is_of_picture(word: Token) -> bool:
    is_change = word.any("adjective", "quality", "effect", "more", "less")
    return is_change or word.get("part") not in ("", "product")
