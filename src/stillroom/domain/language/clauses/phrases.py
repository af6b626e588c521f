"""Phrases: the parts of a clause, with the scope of negation and what was read from them."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from stillroom.domain.language.acts import Act, Do, Mood, stays
from stillroom.domain.language.words import amounts
from stillroom.domain.language.words.tokens import NO_TOKEN, NUMBER, UNKNOWN, Token, kinds
from stillroom.domain.plans.plan import PlanPart
from stillroom.domain.told_back import Stretch, Why

Status = Literal["", "neg", "none", "keep", "old"]
"""`neg`: not wanted. `none`: to be removed. `keep`: to stay. `old`: replaced by what follows."""

CONTENT = kinds(
    "part property adjective quality scene near_scene painted kind colour shade prop impossible effect "
    "style side product_part else ratio rotate number unread"
)
"""Kinds of words that can be wished for."""
GROUND = frozenset(["scene", "near_scene", "painted", "kind", "colour"])
"""Kinds of words that a backdrop can be named by."""


def is_content(token: Token) -> bool:
    """Whether a token can be wished for."""
    return UNKNOWN in token or token.of(CONTENT)


def is_thing(token: Token) -> bool:
    """Whether a token names a part or a property."""
    return "part" in token or "property" in token


def is_noun(token: Token) -> bool:
    """Whether a token names a thing, and is no quality: "lighter" is an article too."""
    return is_thing(token) and "quality" not in token


def is_filler(token: Token) -> bool:
    says_nothing = {"filler", "opaque", "link", "but"} | (
        {"mood"} if token.get("mood") == "retract" else set()
    )
    return set(token.senses) <= says_nothing and bool(token.senses)


def scopes(tokens: Sequence[Token], carried: Status = "") -> list[Status]:
    """Return the status of each token; `carried` is that which an "or" carries over from the phrase before.

    A refusal reaches to the end of the phrase or to a word that turns to what is wanted. A refusal that
    nothing follows is about the words before it.
    """
    mode, since, grounds = carried, 0, 0
    found: list[Status] = []
    for i, token in enumerate(tokens):
        status = _operator(tokens, i)
        if status:
            mode, since, grounds = _twice(mode, status) if not since else status, 0, 0
            found.append("")
            continue
        # Words such as "change to" and "want" turn from what is refused to what is wanted.
        turns = "to" in token and mode != "keep" and (grounds > 0 or token.isa("want"))
        if mode and since and turns:
            mode = ""
        found.append(mode)
        since += is_content(token)
        grounds += _is_ground(token)
    _look_back(tokens, found)
    _mark_replaced(tokens, found)
    return found


_TWICE: dict[tuple[Status, Status], Status] = {("neg", "none"): "keep", ("neg", "keep"): "neg"}


def _twice(mode: Status, status: Status) -> Status:
    """Return what a refusal of a refusal comes to: "do not remove" keeps."""
    return _TWICE.get((mode, status), status)


def _operator(tokens: Sequence[Token], i: int) -> Status:
    token = tokens[i]
    if "instead_of" in token or ("neg" in token and not is_lack(tokens, i)):
        return "neg"
    if "none" in token:
        return "none" if _removes(tokens, i) else ""
    if token.text == "一样" and any(UNKNOWN in one for one in tokens[:i]):
        return ""  # "跟墨汁泼的一样"
    return "keep" if "keep" in token else ""


_AT_END = re.compile(r"^off$|\bgo(?:es)?$")
_REMOVED = frozenset(("part", "property", "prop", "impossible", "effect", "product_part"))


def _removes(tokens: Sequence[Token], i: int) -> bool:
    """Whether "去" or "off" removes something, and is not a direction: "移到左边去", "a bit off"."""
    if tokens[i].text == "去":
        if any("side" in one for one in tokens[i + 1 : i + 2]):
            return False
        beside = (tokens[j] for j in (i - 1, i + 1) if 0 <= j < len(tokens))
        return any(one.of(_REMOVED) for one in beside)
    return not _AT_END.search(tokens[i].text) or 0 < i == len(tokens) - 1


def is_lack(tokens: Sequence[Token], i: int) -> bool:
    """Whether a word says that there is too little of what follows: "not enough", or "not" and a quality."""
    token = tokens[i]
    if token.any("neg", "not_too") and any("enough" in one for one in tokens[i + 1 :]):
        return True  # "not as bright as I hoped"
    if token.text == "not" and i and "is" in tokens[i - 1]:  # "it's not sharp", "that's not sharper"
        return any(_is_missed(one) for one in tokens[i + 1 : i + 2])
    if "not_enough" not in token:
        return False
    after = next((one for one in tokens[i + 1 :] if not one.any("previous", "original")), NO_TOKEN)
    return "neg" not in token or _is_missed(after) or after.get("property") in ("texture", "contrast")


def _is_missed(quality: Token) -> bool:
    """Whether nobody states that a quality is not there unless it should be: "sharp", "darker", "变小"."""
    return (is_comparative(quality) or quality.get("adjective").endswith("+")) and "part" not in quality


def is_comparative(token: Token) -> bool:
    """Whether a quality compares with what was before: "sharper", "less warm", "变大"."""
    return "quality" in token and bool(_COMPARATIVE.search(token.text))


_COMPARATIVE = re.compile(r"^(?:more|less|变)|er$")


def _look_back(tokens: Sequence[Token], found: list[Status]) -> None:
    operators = [i for i in range(len(tokens)) if _operator(tokens, i)]
    first = 0
    mode: Status = ""
    for i, after in pairwise((*operators, len(tokens))):
        status = _operator(tokens, i)
        mode = _twice(mode, status) if i - 1 in operators else status
        if tokens[i].isa("not") or (after == i + 1 < len(tokens)):
            continue  # "影子别去掉" is one operator
        if not any(is_content(tokens[j]) for j in range(i + 1, after)):
            for j in range(first, i):
                if is_content(tokens[j]) and found[j] == "":
                    found[j] = mode
            if status == "none" and not any("past" in token for token in tokens[:i]):
                _keep_refused(tokens, found, i)
        first = i + 1


def _keep_refused(tokens: Sequence[Token], found: list[Status], end: int) -> None:
    """Keep what shall not be removed, where the verb stands after it: "别把影子去掉"."""
    for j in range(end):
        if found[j] == "neg" and tokens[j].of(_REMOVED):
            found[j] = "keep"


def _mark_replaced(tokens: Sequence[Token], found: list[Status]) -> None:
    """Mark what stands before "changed to" as replaced, where something else stands after it."""
    for i, token in enumerate(tokens):
        if "to" not in token or not i:
            continue
        is_within = token.isa("until") or "side" in token or token.text in ("on", "at")
        if is_within and any(one.get("kind") == "gradient" for one in tokens):
            continue
        before = [j for j in range(i) if _is_ground(tokens[j]) and found[j] == ""]
        after = [j for j in range(i + 1, len(tokens)) if _is_ground(tokens[j]) and found[j] == ""]
        if before and after and not any(NUMBER in tokens[j] for j in before):
            for j in before:
                found[j] = "old"


def _is_ground(token: Token) -> bool:
    return token.of(GROUND) and "property" not in token


@dataclass(frozen=True, slots=True)
class Antecedent:
    """Subject of the phrase before, which a phrase without one may go on about.

    Attributes:
        part: The part or property that it was about, `place` after a move; empty for none.
        is_fault: Whether it complained of that part.
        lacks_remedy: Whether nothing is known that would answer the complaint.
        is_unread: Whether it was not understood.
        is_unknown: Whether it was not understood and named more than the product or the picture.
    """

    part: str = ""
    is_fault: bool = False
    lacks_remedy: bool = False
    is_unread: bool = False
    is_unknown: bool = False


NO_ANTECEDENT = Antecedent()


@dataclass(slots=True)
class Phrase:
    """A part of a clause.

    Attributes:
        tokens: Its tokens without fillers.
        status: Scope of negation, by token.
        span: Where it stands in the text.
        antecedent: The part that an unnamed quality may be of.
        acts: What was read so far.
        told: What is told back.
        used: Indices of tokens whose meaning was found.
        is_heard: Whether anything was understood, if only that something stays.
        previous: The phrase before; None for the first.
        given: The scene or colour that the phrase speaks of without asking for it.
        fault: 1 if the phrase before complains of too much, -1 of too little, 0 of nothing.
        is_joined: Whether "and" joins it to the phrase before: they have the same subject.
        is_limit: Whether "but" joins it to the phrase before.
        is_other: Whether "or" joins it to the phrase before.
        is_next: Whether a word such as "then" puts it after the phrase before.
        fillers: Its fillers, such as articles.
        aside: `reason` or `concession` if it explains a wish and is none itself.
    """

    tokens: list[Token]
    status: list[Status]
    span: tuple[int, int]
    antecedent: Antecedent = NO_ANTECEDENT
    previous: "Phrase | None" = None
    given: str = ""
    acts: list[Act] = field(default_factory=list)
    told: list[Stretch] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    is_heard: bool = False
    aside: str = ""
    fault: int = 0
    is_joined: bool = False
    is_limit: bool = False
    is_other: bool = False
    is_next: bool = False
    fillers: tuple[Token, ...] = ()

    @property
    def before(self) -> "Phrase":
        """The phrase before; one without words before the first."""
        return self.previous or Phrase([], [], (0, 0))

    def all(self, kind: str, meaning: str = "") -> list[int]:
        """Return the indices of unused tokens of a kind, and of a meaning if one is given."""
        return [
            i
            for i, token in enumerate(self.tokens)
            if kind in token.senses and i not in self.used and (not meaning or token.senses[kind] == meaning)
        ]

    def qualities(self, *axes: str) -> list[int]:
        """Return the indices of unused qualities, of some axes if they are given."""
        found = (i for i, one in enumerate(self.tokens) if one.axis and i not in self.used)
        return [i for i in found if not axes or self.tokens[i].axis in axes]

    @property
    def angles(self) -> list[int]:
        """The indices of unused amounts that are angles."""
        return [i for i in self.all(NUMBER) if amounts.degrees(self.tokens[i].text) is not None]

    def has(self, kind: str, meaning: str = "") -> bool:
        """Whether a token is of a kind, used or not."""
        # A loop, because a generator takes three times as long, and a phrase is asked sixty times.
        for one in self.tokens:  # noqa: SIM110
            if kind in one.senses and (not meaning or one.senses[kind] == meaning):
                return True
        return False

    def any(self, *kinds: str) -> bool:
        """Whether a token is of one of some kinds, used or not."""
        return any(map(self.has, kinds))

    def isa(self, *classes: str) -> bool:
        """Whether a token is of one of some classes of function words."""
        return any(token.isa(*classes) for token in self.tokens)

    @property
    def parts(self) -> Set[str]:
        """The parts that are named."""
        return {token.get("part") for token in self.tokens if "part" in token}

    @property
    def lacks(self) -> bool:
        """Whether there is too little of something."""
        return any(is_lack(self.tokens, i) for i in range(len(self.tokens)))

    @property
    def complains(self) -> bool:
        """Whether the phrase was read as nothing but complaints."""
        return bool(self.acts) and all(act.mood == "complaint" for act in self.acts)

    def left(self, i: int) -> Token:
        """Return the token before one."""
        return self.tokens[i - 1] if i else NO_TOKEN

    def right(self, i: int) -> Token:
        """Return the token after one."""
        return self.tokens[i + 1] if i + 1 < len(self.tokens) else NO_TOKEN

    @property
    def dropped(self) -> Set[str]:
        """The texts of its fillers."""
        return {token.text for token in self.fillers}

    def drops(self, name: str) -> bool:
        """Whether a filler is of a class of function words."""
        return any(token.isa(name) for token in self.fillers)

    def texts(self, kind: str) -> str:
        """Return the texts of the tokens of a kind, joined."""
        return " ".join(token.text for token in self.tokens if kind in token)

    def act(
        self, part: PlanPart | None, key: str, do: Do = stays, mood: Mood = "wish", why: Why = "not_possible"
    ) -> None:
        """Add an act."""
        self.acts.append(Act(part, key, do, self.span, mood, why))
        self.is_heard = True

    def tell(self, why: Why, topic: str = "") -> None:
        """Tell the whole phrase back."""
        self.told.append(Stretch(*self.span, why, topic))

    def say(self, tokens: list[Token]) -> None:
        """Replace the tokens by others, with their own scopes."""
        if tokens != self.tokens:
            self.tokens, self.status = tokens, scopes(tokens)

    def use(self, *indices: int) -> None:
        """Mark tokens as understood."""
        self.used.update(indices)

    def use_all(self, *kinds: str) -> None:
        """Mark all tokens of some kinds as understood."""
        self.use(*(i for i, token in enumerate(self.tokens) if token.of(kinds)))

    def use_known(self) -> None:
        """Mark all tokens as understood but unknown words."""
        self.use(*(i for i, token in enumerate(self.tokens) if not token.any(UNKNOWN, "unread")))

    def part_of(self, indices: Sequence[int]) -> str:
        """Return the part that the last of some tokens names, or an empty string."""
        return self.tokens[indices[-1]].get("part") if indices else ""

    @property
    def rest(self) -> list[Token]:
        """The tokens with content that were not understood."""
        return [one for i, one in enumerate(self.tokens) if i not in self.used and is_content(one)]
