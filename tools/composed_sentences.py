"""Compose labelled sentences of `golden/phrases*.json` and of the frames in `golden/frames.json`."""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from stillroom.domain.language.doubts import TOLD

GOLDEN = Path(__file__).parents[1] / "golden"
PHRASES = ("phrases.json", "phrases-2.json", "phrases-3-en.json", "phrases-3-zh.json")
_SLOT = re.compile(r"\{(\w+)\}")
_OF_PHRASES, _OF_ASIDES = 0.3, 0.03
_LENGTHS = {1: 0.32, 2: 0.36, 3: 0.22, 4: 0.1}
_ALL = ("framing", "tone", "detail")
"""Parts that a phrase may be about without naming them: not after a phrase about another part."""
_MOST_CHARACTERS = 200

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text with the labels of what it asks for, and of what may be done besides."""

    text: str
    asks: frozenset[str]
    may: frozenset[str] = frozenset()
    about: str = ""

    @property
    def figures(self) -> frozenset[str]:
        """The figures that it decides."""
        return frozenset(label.rstrip("+-").partition("=")[0] for label in self.asks) - {TOLD}


class Composer:
    """Joins phrases and filled frames at random; the same seed gives the same sentences."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._frames: dict[str, Any] = json.loads((GOLDEN / "frames.json").read_text("utf-8"))
        self._families = self._frames["families"]
        self._phrases: dict[Language, list[Labelled]] = {"zh": [], "en": []}
        for phrase, language in self._said():
            self._phrases[language].append(phrase)

    def _said(self) -> Iterator[tuple[Labelled, Language]]:
        for name in PHRASES:
            for wish, one in json.loads((GOLDEN / name).read_text("utf-8")).items():
                labels = self._frames["wishes"].get(wish)
                told = frozenset() if wish in ("none.keep", "none.praise") else frozenset((TOLD,))
                asks = frozenset(labels["asks"]) if labels else told
                may = frozenset(labels["may"]) if labels else frozenset[str]()
                for language in ("zh", "en"):
                    about = wish.partition(".")[0]
                    for text in one.get(language, ()):
                        yield Labelled(text.lower(), asks, may, about), language

    def sentence(self) -> Labelled:
        """Compose a sentence of one to four wishes."""
        language: Language = self._random.choice(("zh", "en"))
        size = self._random.choices(tuple(_LENGTHS), tuple(_LENGTHS.values()))[0]
        whole = self.unit(language)
        for _ in range(3 * size):
            if size <= 1:
                break
            one = self.unit(language)
            if self._goes_after(whole, one):
                whole = self.joined(whole, one, language)
                size -= 1
        text = self._with_manners(whole.text, language)
        text = self.misspelt(text) if self._random.random() < 0.12 else text
        return Labelled(text[:_MOST_CHARACTERS], whole.asks, whole.may)

    def joined(self, first: Labelled, second: Labelled, language: Language) -> Labelled:
        """Join two texts to one."""
        joint = self._random.choice(self._frames["joints"][language])
        asks = first.asks | second.asks
        about = second.about or first.about
        return Labelled(first.text + joint + second.text, asks, (first.may | second.may) - asks, about)

    def varied(self, one: Labelled) -> Labelled:
        """Return a text misspelt, or with another wish before or after it."""
        if self._random.random() < 0.3:
            return Labelled(self.misspelt(one.text), one.asks, one.may)
        language: Language = "en" if one.text.isascii() else "zh"
        other = self.unit(language)
        if TOLD in other.asks or one.figures & other.figures:
            return one
        pair = (one, other) if self._random.random() < 0.7 else (other, one)
        return self.joined(*pair, language)

    def _goes_after(self, before: Labelled, one: Labelled) -> bool:
        if before.figures & one.figures:
            return False
        nouns = [noun for names in self._frames["nouns"].values() for noun in names]
        names_part = any(
            noun in one.text for noun in [*nouns, "product", "产品", "主体", "图", "画面", "photo"]
        )
        is_elsewhere = before.about in self._frames["nouns"] and one.about not in ("", before.about)
        return names_part or not is_elsewhere or one.about not in (*_ALL, "light", "shadow")

    def unit(self, language: Language) -> Labelled:
        """Return one phrase, one filled frame or a word beside the matter."""
        chosen = self._random.random()
        if chosen < _OF_ASIDES:
            return Labelled(self._random.choice(self._frames["asides"][language]), frozenset())
        if chosen < _OF_ASIDES + _OF_PHRASES:
            return self._random.choice(self._phrases[language])
        family = self._random.choices(self._families, [one["share"] for one in self._families])[0]
        fillers = family["fillers"]
        filler = self._random.choice(self._frames[fillers] if isinstance(fillers, str) else fillers)
        frame = self._random.choices(family["frames"], [one["share"] for one in family["frames"]])[0]
        words = self._frames["slots"][language] | filler[language]
        text = self._filled(self._random.choice(frame[language]), words)
        if not frame["asks"]:
            return Labelled(text, frozenset(), about=filler["about"])
        return Labelled(text, frozenset(filler["asks"]), frozenset(filler["may"]), filler["about"])

    def _filled(self, frame: str, words: dict[str, str | list[str]]) -> str:
        def word(slot: re.Match[str]) -> str:
            said = words[slot[1]]
            return self._filled(said if isinstance(said, str) else self._random.choice(said), words)

        return _SLOT.sub(word, frame)

    def _with_manners(self, text: str, language: Language) -> str:
        chosen = self._random.random()
        if chosen < 0.1:
            return str(self._random.choice(self._frames["openings"][language])) + text
        return text + str(self._random.choice(self._frames["endings"][language])) if chosen < 0.2 else text

    def misspelt(self, text: str) -> str:
        """Drop, double or swap a Latin letter or two."""
        for _ in range(self._random.choice((1, 1, 2))):
            at = self._random.randrange(max(1, len(text) - 1))
            letter = text[at : at + 1]
            if letter.isascii():
                after = self._random.choice(("", 2 * letter, text[at + 1 : at + 2] + letter))
                text = text[:at] + after + text[at + (2 if len(after) == 2 and after[0] != letter else 1) :]
        return text
