"""The words that instructions are read with: plain letters, longest match, typos of one letter."""

import logging
import math
import re
import string
import time
from collections.abc import Iterable, Mapping, Set
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Annotated, Any, Literal

from opencc import OpenCC
from pydantic import BaseModel, ConfigDict, Field, field_validator

from stillroom.domain.language.words.homophones import Homophones
from stillroom.domain.language.words.spelling import Spelling, english
from stillroom.domain.plans.plan import Plan, PlanPart

Changes = Mapping[PlanPart, Mapping[str, Any]]
"""Fields by part of the plan: a value, `"+0.1"` to add, or `"*1.1"` to multiply."""

Words = tuple[Annotated[str, Field(min_length=1, max_length=60)], ...]


class LanguageFile(BaseModel):
    """Content of `zh.json` and `en.json`: words by kind (such as `part`) and meaning (such as `shadow`)."""

    model_config = ConfigDict(frozen=True, extra="allow")
    __pydantic_extra__: dict[str, dict[str, Words]]

    schema_: str | None = Field(default=None, alias="$schema")

    @property
    def kinds(self) -> dict[str, dict[str, Words]]:
        """The words by kind and meaning."""
        return self.__pydantic_extra__


class Style(BaseModel):
    """A named bundle of changes.

    Attributes:
        words: What users call it, in both languages.
        changes: Fields by part of the plan: a value, `"+0.1"` to add, or `"*1.1"` to multiply.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    words: Annotated[Words, Field(min_length=1)]
    changes: Annotated[dict[PlanPart, dict[str, Any]], Field(min_length=1)]

    @field_validator("changes")
    @classmethod
    def _fit_the_plan(cls, changes: dict[PlanPart, dict[str, Any]]) -> dict[PlanPart, dict[str, Any]]:
        """Refuse unknown fields and values here, because reading the style would fail on them."""
        for part, fields in changes.items():
            if part == "backdrop" and "kind" not in fields:
                raise ValueError("A style that changes the backdrop needs its kind.")
            part_before = getattr(Plan(), part)
            old = part_before.model_dump()
            steps = [name for name, value in fields.items() if part != "backdrop" and step_of(value)]
            if not all(isinstance(old.get(name), float) for name in steps):
                raise ValueError("Only a figure can be changed by a step.")
            type(part_before).model_validate({**fields, **{name: old[name] for name in steps}})
        return changes


def step_of(value: object) -> tuple[float, float] | None:
    """Return what a relative value of a style adds and multiplies by; None for an absolute value."""
    if not isinstance(value, str) or not value.startswith(("+", "-", "*")):
        return None
    return (0.0, float(value[1:])) if value[0] == "*" else (float(value), 1.0)


class StyleFile(BaseModel):
    """Content of `styles.json`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_: str | None = Field(default=None, alias="$schema")
    styles: tuple[Style, ...]


class Scene(BaseModel):
    """Properties of a scene that decide what words for it mean.

    Attributes:
        colours: Those that it has anyway; with another one it is only the nearest to what was named.
        shades: Those of its material, `dark` or `light`.
        room: The room of which it is the floor where a text names both: "a loft with concrete".
        is_matt: Whether its ground shows no reflection of the product; that of all others has a sheen.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    colours: tuple[Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")], ...] = ()
    shades: tuple[Literal["dark", "light"], ...] = ()
    room: str | None = None
    is_matt: bool = False


class Material(BaseModel):
    """Material whose colour decides which scene is meant.

    Attributes:
        words: Parts of the words for it, in both languages.
        scenes: The scenes of it. Without a colour its word has the scene that the lexicon says.
        similar: Scenes that are named as the nearest where none of its own has the colour.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: Annotated[Words, Field(min_length=1)]
    scenes: Annotated[tuple[str, ...], Field(min_length=1)]
    similar: tuple[str, ...] = ()


class SceneFile(BaseModel):
    """Content of `scenes.json`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_: str | None = Field(default=None, alias="$schema")
    scenes: tuple[Scene, ...]
    materials: tuple[Material, ...]


_HAN = "".join(map(chr, range(0x4E00, 0xA000)))
_SIMPLIFIED = {
    ord(c): s for c, s in zip(_HAN, OpenCC("t2s").convert(_HAN), strict=True) if c != s < "\U00010000"
}
_SPOKEN = "艶艳啲些嚟来嘅的咗了喇了喺在係是冇没睇看俾给畀给佢它咁太唔不枱台嗰那"
"""Characters of Cantonese, each followed by the one of the same meaning."""

_SIGNS = {"％": "%", "＋": "+", "－": "-", "−": "-", "’": "'", "‘": "'", "`": "'", "＃": "#", "　": " "}
_FULL_WIDTH = {chr(ord(c) + 0xFEE0): c.lower() for c in string.digits + string.ascii_letters}
_CONTROL = {chr(code): " " for code in range(32) if chr(code) != "\n"}
_PLAIN = _SIMPLIFIED | str.maketrans(
    dict(zip(_SPOKEN[::2], _SPOKEN[1::2], strict=True)) | _SIGNS | _FULL_WIDTH | _CONTROL
)


_CANTONESE = {"唔該": "麻烦", "唔该": "麻烦", "唔要": "不要", "唔使": "不用", "唔好": "不要", "不准": "不许"}
_SAID = re.compile("唔[該该要使]|(?<!好)唔好(?![看睇靓靚似])|(?<=色)不准(?=[改动变调换動變調換])")


def plain(text: str) -> str:
    """The text in lower case and simplified characters, letter for letter as long as it was."""
    text = _SAID.sub(lambda said: _CANTONESE[said.group()], text)
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text).translate(_PLAIN)


def any_of(words: Iterable[str]) -> str:
    """Return a regular expression for whole words of plain text, the longest first."""
    return "|".join(
        rf"(?<![a-z'])(?:{re.escape(word)})(?![a-z'])" if word[-1].isascii() else re.escape(word)
        for word in sorted(words, key=len, reverse=True)
    )


def with_said(text: str, found: re.Match[str], said: str = "") -> str:
    """Return a text of the same length with other words, or spaces, in place of a match in its plain form."""
    return f"{text[: found.start()]}{said.ljust(len(found.group()))}{text[found.end() :]}"


CLASS = "class"
"""Kind of the lists of function words, such as articles: a class is told of a word beside its senses."""

Senses = Mapping[str, str]
"""Senses of a word: meaning by kind, such as `{"part": "light", "adjective": "bright+"}`."""

Document = Mapping[str, Mapping[str, Iterable[str]]]
"""Content of a language file: words by kind and meaning."""

_FOLDER = resources.files("stillroom") / "catalog" / "language"
_FILES = ("zh.json", "en.json", "styles.json", "scenes.json")
_SHORTEST_STEM = 2
_CORRECTED = frozenset(
    (
        *("part", "property", "adjective", "quality", "effect", "kind", "scene", "side"),
        *("colour", "style", "degree"),
    )
)
"""Kinds of words of which Chinese typos are corrected."""

_log = logging.getLogger(__name__)


class Lexicon:
    """Words of all languages with their senses.

    Args:
        documents: Language files. The same word may have several kinds, and one meaning of each.
        styles: Changes of each style by its id.
        scenes: Properties of scenes.
        materials: Materials that several scenes, or one in its own colours only, are made of.
    """

    def __init__(
        self,
        documents: Iterable[Document],
        styles: Mapping[str, Changes] | None = None,
        scenes: Iterable[Scene] = (),
        materials: Iterable[Material] = (),
    ) -> None:
        self.styles = styles or {}
        self._scenes = {scene.id: scene for scene in scenes}
        self._materials = tuple(materials)
        self._senses: dict[str, dict[str, str]] = {}
        self._classes: dict[str, set[str]] = {}
        for document in documents:
            for kind, meanings in document.items():
                for meaning, words in meanings.items():
                    for word in words:
                        if kind == CLASS:
                            self._classes.setdefault(word, set()).add(meaning)
                        else:
                            self._senses.setdefault(spelt(word), {}).setdefault(kind, meaning)
        self._lengths = _lengths(self._senses)
        meant = (word for word, senses in self._senses.items() if _is_corrected(word, senses))
        self._homophones = Homophones(meant)
        self.spelling = Spelling(self._senses)

    @property
    def words(self) -> Mapping[str, Senses]:
        """All words with their senses."""
        return self._senses

    def scene(self, name: str | None) -> Scene:
        """Return the properties of a scene; the usual ones if it has none of its own."""
        return self._scenes.get(name or "", _USUAL_SCENE)

    def material(self, word: str, scene: str) -> Material | None:
        """Return the material that a word for a scene names; None where it names no material."""
        made_of = (one for one in self._materials if scene in (*one.scenes, *one.similar))
        return next((one for one in made_of if any(part in word for part in one.words)), None)

    def classes_of(self, text: str) -> Set[str]:
        """Return the classes of function words that a word belongs to.

        With `^` before it a class is that of the first of several words, with `$` after it that of the last:
        "make the" is `^order` and `determiner$`.
        """
        first, last = text.partition(" ")[0], text.rpartition(" ")[2]
        own, opening, closing = (self._classes.get(one, ()) for one in (text, first, last))
        if not (opening or closing or own):
            return frozenset()
        return {*own, *(f"^{name}" for name in opening), *(f"{name}$" for name in closing)}

    def longest(self, text: str, start: int) -> tuple[int, Senses] | None:
        """Return the end and the senses of the longest known word that begins at an index of a spelt text."""
        latin = text[start].isascii() and text[start].isalnum()
        for length in self._lengths.get(text[start], ()):
            end = start + length
            senses = self._senses.get(text[start:end]) if end <= len(text) else None
            if senses and not (latin and end < len(text) and _goes_on(text, end)):
                return end, senses
        return None

    def misheard(self, text: str, start: int) -> tuple[int, Senses] | None:
        """Return the end of Chinese characters that sound like a known word, and the senses of that word.

        The wrong one must be unknown, and no known word may begin with the second: "大一点" is no "大衣点".
        """
        found = self._homophones.of(text, start)
        if found is None:
            return None
        pairs = zip(text[start : found[0]], found[1], strict=True)
        if any(said != meant and said in self._senses for said, meant in pairs):
            return None
        if text[found[0] - 1 : found[0] + 1] in ("下来", "下去"):
            return None  # the complement of a verb: "传下来" is no "窗下"
        after = self.longest(text, start + 1)
        return None if after and after[0] > start + 2 else (found[0], self._senses[found[1]])

    def singular(self, word: str) -> str | None:
        """Return the known word that a word is the plural of; None of others.

        "Warmers" and "coolers" are goods, not more than one comparative.
        """
        one = word.removesuffix("s")
        is_goods = word.endswith("ers") and "quality" in self._senses.get(one, ())
        return one if one != word and one in self._senses and not is_goods else None


_USUAL_SCENE = Scene(id="usual")


def inflected(word: str) -> tuple[str, ...]:
    """Return the verbs that a word may be a participle of: "shrinking", "enlarged", "trimmed"."""
    for ending in ("ing", "ed"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > _SHORTEST_STEM:
            return (stem, f"{stem}e", *((stem[:-1],) if stem[-1] == stem[-2] else ()))
    return ()


def lexicon(folder: Traversable = _FOLDER) -> Lexicon:
    """Return the lexicon of a folder, read anew within .1 s after one of its files has changed."""
    looked_at, known, words = _loaded.get(str(folder), (-math.inf, (), None))
    now = time.monotonic()
    # A reading asks some fifteen times, and looking at the files took a tenth of its time.
    if words is not None and now < looked_at + _LOOK_AGAIN_S:
        return words
    versions = tuple(_version(folder / name) for name in _FILES)
    if words is None or known != versions:
        words = _read(folder, words)
    _loaded[str(folder)] = now, versions, words
    return words


_LOOK_AGAIN_S = 0.1
_loaded: dict[str, tuple[float, tuple[tuple[int, int], ...], Lexicon]] = {}
"""Cache of lexicons by folder: when its files were looked at, their versions, and what was read from them."""


def _version(file: Traversable) -> tuple[int, int]:
    """Return size and time of change of a file, zeros of one that is missing.

    A member of an archive never changes.
    """
    stat = getattr(file, "stat", None)
    try:
        status = stat() if stat else None
    except FileNotFoundError:
        status = None
    return (status.st_size, status.st_mtime_ns) if status else (0, 0)


def _read(folder: Traversable, old: Lexicon | None) -> Lexicon:
    """Read the files of a folder; if they are invalid or missing, the old words stay."""
    english()  # loaded here, so that reading the first typo takes no longer than others
    try:
        files = [LanguageFile.model_validate_json(language_file(name, folder)) for name in _FILES[:2]]
        styles = StyleFile.model_validate_json(language_file(_FILES[2], folder)).styles
        stages = SceneFile.model_validate_json(language_file(_FILES[3], folder))
    except (OSError, ValueError) as error:
        if old is None:
            raise
        _log.warning("The language files cannot be read, so the old words stay: %s", error)
        return old
    # "Ins风格" is the long form of "ins风".
    named = {
        style.id: [*style.words, *(f"{word}格" for word in style.words if word.endswith("风"))]
        for style in styles
    }
    changes = {style.id: style.changes for style in styles}
    return Lexicon(
        [*(file.kinds for file in files), {"style": named}], changes, stages.scenes, stages.materials
    )


def _is_corrected(word: str, senses: Mapping[str, str]) -> bool:
    """Whether typos of a word are corrected; goods and refusals are as likely other words."""
    is_usual = senses.get("part") != "product" and word[0] not in "不没别" and word[-1] != "儿"
    return is_usual and not _CORRECTED.isdisjoint(senses)


def language_file(name: str, folder: Traversable = _FOLDER) -> str:
    """Return the text of a file of the language catalogue."""
    return (folder / name).read_text(encoding="utf-8")


def language_data(name: str) -> bytes:
    """Return the bytes of a file of the language catalogue."""
    return (_FOLDER / name).read_bytes()


def spelt(text: str) -> str:
    """Normalise a text for look-ups, letter for letter: plain letters, hyphens between letters as spaces."""
    return re.sub(r"(?<=[a-z])-(?=[a-z])", " ", plain(text))


def _lengths(words: Iterable[str]) -> dict[str, tuple[int, ...]]:
    by_first: dict[str, set[int]] = {}
    for word in words:
        by_first.setdefault(word[0], set()).add(len(word))
    return {first: tuple(sorted(lengths, reverse=True)) for first, lengths in by_first.items()}


def _goes_on(text: str, end: int) -> bool:
    """Whether a Latin word continues at a position; a possessive and a share do not count: "shadow40%"."""
    if text[end] == "'":
        return not text.startswith("'s", end)
    return text[end].isascii() and text[end].isalnum() and not _SHARE.match(text, end)


_SHARE = re.compile("[0-9]{1,3}[%％]")
