"""Words that withdraw an earlier wish by its name: "undo the crop", "不要大理石了".

A clause is matched whole against the words for taking back and the names of changes; what is left of it must
name the backdrop, the style or the ratio that the wish asked for. The things of a picture are no such names:
"remove the shadow" is a wish for a picture without one.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from pydantic import BaseModel, ConfigDict, Field

from stillroom.domain.language.doubts import labels_between
from stillroom.domain.language.turns.carrying_on import Step
from stillroom.domain.language.wishes.keeping import FIELDS
from stillroom.domain.language.words.lexicon import any_of, language_file, lexicon, plain
from stillroom.domain.language.words.tokeniser import tokenise
from stillroom.domain.language.words.tokens import Token, kinds
from stillroom.domain.plans.changes import changes_between
from stillroom.domain.plans.plan import Plan


class WithdrawalFile(BaseModel):
    """Content of `withdrawals.json`.

    Attributes:
        withdraws: Words that take back a wish.
        restores: Words for the state before it; with the name of a backdrop they may ask for that.
        changes: Words for a change, after the name of what was changed: "the shadow change".
        names: Names of changes by the figures they change, of some with the direction.
        blank: Words that add nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_: str | None = Field(default=None, alias="$schema")
    withdraws: tuple[str, ...]
    restores: tuple[str, ...]
    changes: tuple[str, ...]
    names: Mapping[str, tuple[str, ...]]
    blank: tuple[str, ...]


_FILE = WithdrawalFile.model_validate_json(language_file("withdrawals.json"))
_NAMES = {word: frozenset(figures.split(" ")) for figures, words in _FILE.names.items() for word in words}
_WORD = re.compile(any_of({*_FILE.withdraws, *_FILE.restores, *_FILE.changes, *_NAMES, *_FILE.blank}))
_JOINT = re.compile(r"\b(?:and|but|then)\b|然后|并且|同时|而且|[,，。;；!！?？\n]|\.(?!\d)")
"""Words and marks between clauses."""
_AT_ENDS = re.compile(rf"(?i)^(?:\s|{_JOINT.pattern})+|(?:\s|\b(?:and|but|then)\b|[,，])+$")
_MOST_CLAUSES, _LONGEST = 12, 60
"""Clauses of a text, and characters of one, that are looked at; they bound the time."""
_GROUNDS, _STYLES = kinds("scene colour kind"), kinds("style ratio")
"""Kinds of words that name a state that a wish asked for."""
_FOLLOWING = frozenset(("framing", "shadow", "light"))
"""Parts that change along with the backdrop."""
_COMPANIONS = frozenset(("shadow.kind", "shadow.softness", "framing.y"))
"""Figures that change along with others."""
_TAKES_AWAY = kinds("neg none undo")


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A clause that names what it takes back.

    Attributes:
        start: Index of its first character in the text.
        end: Index after its last one.
        figures: Figures that the wish changed, of some with the direction; empty if a state is named.
        names: Words for the state that it asked for.
    """

    start: int
    end: int
    figures: frozenset[str]
    names: tuple[Token, ...]

    def matches(self, wish: str, step: Step) -> bool:
        """Whether a wish is the one that is named.

        Args:
            step: The wish as it changes a plan.
        """
        changed = {f"{one.part}.{one.field}" for one in changes_between(*step)}
        if self.figures:
            done = changed | {label for _, labels in labels_between(*step) for label in labels}
            paths = {figure.rstrip("+-") for figure in self.figures}
            return bool(done & self.figures) and changed <= paths | _COMPANIONS
        words = tokenise(wish, lexicon())
        is_named = all(any(_is_same(one, name) for one in words) for name in self.names)
        is_of_ground = any(name.of(_GROUNDS) for name in self.names)
        parts = {path.partition(".")[0] for path in changed}
        is_done = "backdrop" in parts and parts - _FOLLOWING == {"backdrop"} if is_of_ground else bool(parts)
        return is_named and is_done and not any(word.of(_TAKES_AWAY) for word in words)


def _is_same(word: Token, name: Token) -> bool:
    shared = (_GROUNDS | _STYLES) & word.senses.keys() & name.senses.keys()
    return any(word.get(kind) == name.get(kind) for kind in shared)


def withdrawals_in(text: str) -> list[Withdrawal]:
    """Return the clauses of a text that take back what they name."""
    said = plain(text)
    joints = list(islice(_JOINT.finditer(said), _MOST_CLAUSES))
    if len(joints) == _MOST_CLAUSES:
        return []
    starts, ends = [0, *(one.end() for one in joints)], [*(one.start() for one in joints), len(said)]
    spans = [span for span in zip(starts, ends, strict=True) if span[1] - span[0] <= _LONGEST]
    found = (_withdrawal(said[start:end], start) for start, end in spans)
    return [one for one in found if one is not None]


def without(text: str, withdrawals: Sequence[Withdrawal]) -> str:
    """Return a text without some of its clauses and the marks that they leave behind."""
    for one in reversed(withdrawals):
        text = f"{text[: one.start]}{text[one.end :]}"
    return _AT_ENDS.sub("", text)


def _withdrawal(clause: str, start: int) -> Withdrawal | None:
    words, left = _WORD.findall(clause), _WORD.sub(" ", clause).strip()
    end = start + len(clause)
    names = [_NAMES[word] for word in words if word in _NAMES]
    takes_back = [word for word in words if word in _FILE.withdraws]
    restores = [word for word in words if word in _FILE.restores]
    # Two such words may deny each other: "不要取消裁剪".
    if len(takes_back) + len(restores) != 1 or len(names) > 1 or bool(names) == bool(left):
        return None
    if names:
        return Withdrawal(start, end, names[0], ())
    tokens = [token for token in tokenise(left, lexicon()) if set(token.senses) != {"filler"}]
    if any(word in _FILE.changes for word in words):
        figures = _figures_of(tokens)
        return Withdrawal(start, end, figures, ()) if figures else None
    states = tuple(token for token in tokens if token.get("part") != "backdrop")  # "the navy background"
    if not takes_back or not states or not all(token.of(_GROUNDS | _STYLES) for token in states):
        return None
    return Withdrawal(start, end, frozenset(), states)


_KINDS = ("part", "property", "quality", "effect", "rotate")


def _figures_of(tokens: Sequence[Token]) -> frozenset[str]:
    """Return the figures that the name of a part or of a property stands for; none of any other words."""
    named = [name for token in tokens for kind in _KINDS if (name := token.get(kind).rstrip("+-"))]
    part, fields = FIELDS.get(named[0], (None, ())) if named and len(tokens) == 1 else (None, ())
    if part is None:
        return frozenset()
    return frozenset(f"{part}.{field}" for field in fields or type(getattr(Plan(), part)).model_fields)
