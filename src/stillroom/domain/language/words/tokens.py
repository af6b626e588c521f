"""Tokens of an instruction, with their senses."""

from collections.abc import Collection, Set
from dataclasses import dataclass, field, replace

from stillroom.domain.language.words import amounts
from stillroom.domain.language.words.lexicon import Senses

BREAK = "break"
"""Kind of punctuation that ends a clause."""
GAP = "gap"
"""Kind of a space between two Chinese words, which ends a part of a clause."""
UNKNOWN = "unknown"
NUMBER = "number"


def kinds(names: str) -> frozenset[str]:
    """Return a set of kinds of words from their names."""
    return frozenset(names.split())


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of the text.

    Attributes:
        start: Index of its first character.
        end: Index after its last character.
        text: The stretch in plain letters.
        senses: Its possible meanings by kind; empty if it is unknown.
        classes: Its classes of function words, such as `article`; see `Lexicon.classes_of`.
    """

    start: int
    end: int
    text: str
    senses: Senses = field(default_factory=dict)
    classes: Set[str] = frozenset()

    def __contains__(self, kind: object) -> bool:
        return kind in self.senses

    def get(self, kind: str) -> str:
        """Return the meaning of a kind, or an empty string."""
        return self.senses.get(kind, "")

    @property
    def axis(self) -> str:
        """The axis of a quality, without its direction: `bright` of "brighter"."""
        return (self.get("quality") or self.get("adjective")).rstrip("+-")

    @property
    def is_han(self) -> bool:
        """Whether it begins with a Chinese character."""
        return self.text[:1] > "\u3000"

    def any(self, *kinds: str) -> bool:
        """Whether the token is of one of some kinds."""
        return self.of(kinds)

    def of(self, kinds: Collection[str]) -> bool:
        """Whether the token is of one of some kinds."""
        for kind in self.senses:  # noqa: SIM110
            if kind in kinds:
                return True
        return False

    def isa(self, *classes: str) -> bool:
        """Whether the token is of one of some classes of function words."""
        return not self.classes.isdisjoint(classes)

    def meaning(self, **senses: str) -> "Token":
        """Return the token with other senses."""
        return replace(self, senses=senses)

    def until(self, end: int) -> "Token":
        """Return the token with what stands after it joined to it."""
        return replace(self, end=end)


NO_TOKEN = Token(0, 0, "")
"""The neighbour of the first and of the last token."""


def is_share(token: Token) -> bool:
    """Whether a token is an amount that is a share of something: "20%", "half"."""
    return NUMBER in token and amounts.share(token.text) is not None


def is_doubled(word: str) -> bool:
    """Whether a Chinese word is an adjective with a doubled ending: "冷冰冰"."""
    return len(word) == 3 and word[0] > "\u3000" and word[1] == word[2] != word[0]
