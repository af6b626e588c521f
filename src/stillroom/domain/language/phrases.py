"""Phrases: the parts of a clause, with the scope of negation and what was read from them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from stillroom.domain.language.acts import Act, Do, Mood, stays
from stillroom.domain.language.nouns import named
from stillroom.domain.language.refusals import Status, is_content, scopes
from stillroom.domain.language.tokens import GAP, NUMBER, UNKNOWN, Token
from stillroom.domain.plans.plan import PlanPart
from stillroom.domain.told_back import Stretch, Why

_REPLACING = frozenset(
    ("replace", "swap", "switch", "change", "exchange", "trade", "replacing", "swapping", "swap out")
)
_LONGEST = 30
"""Maximum number of tokens of a phrase; bounds the time to read one, which grows with their square."""
_JOINS = frozenset(("and", "和", "与", "&", "跟", "to"))


@dataclass(slots=True)
class Phrase:
    """A part of a clause.

    Attributes:
        tokens: Its tokens without fillers.
        status: Scope of negation, by token.
        span: Where it stands in the text.
        context: The part that an unnamed quality may be of, from the phrase before.
        acts: What was read so far.
        told: What is told back.
        used: Indices of tokens whose meaning was found.
        is_heard: Whether anything was understood, if only that something stays.
        fault: 1 if the phrase before complains of too much, -1 of too little, 0 of nothing.
        is_joined: Whether "and" joins it to the phrase before: they have the same subject.
        is_limit: Whether "but" joins it to the phrase before.
        is_other: Whether "or" joins it to the phrase before.
        is_shared: Whether "and" joins the next one to it.
        aside: `reason` or `concession` if it explains a wish and is none itself.
    """

    tokens: list[Token]
    status: list[Status]
    span: tuple[int, int]
    context: str = ""
    acts: list[Act] = field(default_factory=list)
    told: list[Stretch] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    is_heard: bool = False
    aside: str = ""
    fault: int = 0
    is_joined: bool = False
    is_limit: bool = False
    is_other: bool = False
    is_shared: bool = False

    def all(self, kind: str, meaning: str = "") -> list[int]:
        """Return the indices of unused tokens of a kind, and of a meaning if one is given."""
        return [
            i
            for i, token in enumerate(self.tokens)
            if i not in self.used and kind in token and (not meaning or token.get(kind) == meaning)
        ]

    def has(self, kind: str, meaning: str = "") -> bool:
        """Whether a token is of a kind, used or not."""
        return any(kind in one and (not meaning or one.get(kind) == meaning) for one in self.tokens)

    def texts(self, kind: str) -> str:
        """Return the texts of the tokens of a kind, joined."""
        return " ".join(token.text for token in self.tokens if kind in token)

    def act(
        self,
        part: PlanPart | None,
        key: str,
        do: Do = stays,
        mood: Mood = "wish",
        why: Why = "not_possible",
    ) -> None:
        """Add an act."""
        self.acts.append(Act(part, key, do, self.span, mood, why))
        self.is_heard = True

    def tell(self, why: Why, topic: str = "") -> None:
        """Tell the whole phrase back."""
        self.told.append(Stretch(*self.span, why, topic))

    def use(self, *indices: int) -> None:
        """Mark tokens as understood."""
        self.used.update(indices)

    def use_known(self) -> None:
        """Mark all tokens as understood but unknown words."""
        self.use(*(i for i, token in enumerate(self.tokens) if not {UNKNOWN, "unread"} & set(token.senses)))

    def part_of(self, indices: Sequence[int]) -> str:
        """Return the part that the last of some tokens names, or an empty string."""
        return self.tokens[indices[-1]].get("part") if indices else ""

    @property
    def rest(self) -> list[Token]:
        """The tokens with content that were not understood."""
        return [one for i, one in enumerate(self.tokens) if i not in self.used and is_content(one)]


def phrases(clause: Sequence[Token]) -> Iterator[Phrase]:
    """Split a clause at conjunctions and at spaces between Chinese words."""
    clause = named(clause)
    parts: list[list[Token]] = [[]]
    carries: list[Token | None] = [None]
    for at, token in enumerate(clause):
        before = clause[at - 1] if at else None
        if _parts(token, parts[-1], clause[at + 1 : at + _LONGEST]) or len(parts[-1]) == _LONGEST:
            parts.append([])
            carries.append(token)
            if (
                len(parts[-2]) == _LONGEST
                or "aside" in token
                or ("link" in token and ("prop" in token or "add" in token))
            ):
                parts[-1].append(token)
        elif GAP not in token and not (before and _repeats(before, token)):
            parts[-1].append(token)
    carried: Status = ""
    said: list[Token] = []
    aside = ""
    for at, (tokens, joint) in enumerate(zip(parts, carries, strict=True)):
        after = carries[at + 1] if at + 1 < len(carries) else None
        said_aside = next((token.get("aside") for token in tokens if "aside" in token), "")
        aside = said_aside or (aside if joint is not None and joint.text in _JOINS else "")
        words = [token for token in tokens if not _is_filler(token)]
        fault = [token for token in said if "too" in token or "is" in token][-1:]
        if fault and all("adjective" in token for token in words):
            words = [*fault, *words]
        said = words
        if not tokens:
            continue
        is_listed = joint is not None and ("or" in joint or (joint.text in _JOINS and _is_bare(words)))
        status = scopes(words, carried if is_listed else "")
        carried = next((one for one in reversed(status) if one), "")
        if carried == "neg" and any("to" in token for token in words):
            carried = "keep"  # "do not change the light and the shadow"
        phrase = Phrase(words, status, (tokens[0].start, tokens[-1].end), aside=aside)
        phrase.is_joined = joint is not None and joint.text in _JOINS
        phrase.is_limit = joint is not None and "but" in joint
        phrase.is_other = joint is not None and "or" in joint
        phrase.is_shared = after is not None and after.text in _JOINS
        yield phrase


def _is_bare(words: Sequence[Token]) -> bool:
    """Whether a phrase only names a part, whose verb is in the phrase before: "no shadow and reflection"."""
    return len(words) == 1 and words[0].get("part") in ("shadow", "reflection")


def _parts(token: Token, before: Sequence[Token], after: Sequence[Token]) -> bool:
    """Whether a token ends a phrase."""
    if not any(is_content(one) for one in after):
        return False
    if "aside" in token:
        return any(is_content(one) for one in before)
    if GAP in token or ("but" in token and "to" not in token):
        return any(is_content(one) for one in before)
    if "or" in token:
        return bool(before)
    if "link" not in token or not before:
        return False
    if token.text == "with" and any(one.text in _REPLACING for one in before):
        return False
    colours = "colour" in before[-1] and after and "colour" in after[0]
    return not (token.text in _JOINS and colours)


def _repeats(one: Token, other: Token) -> bool:
    return one.text == other.text and UNKNOWN not in one and one.end == other.start and NUMBER not in one


def _is_filler(token: Token) -> bool:
    return set(token.senses) <= {"filler", "opaque", "link", "but"} and bool(token.senses)
