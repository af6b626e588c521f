"""Step 5, validation: a phrase is carried out only if a pattern accounts for each of its words."""

import re
from collections.abc import Mapping, Sequence, Set
from itertools import pairwise

from stillroom.domain.language.acts import Act, impossible
from stillroom.domain.language.clauses.phrases import Phrase, is_content
from stillroom.domain.language.wishes.backdrop_changes import is_lit_by_sun
from stillroom.domain.language.wishes.keeping import KEPT_SIZE
from stillroom.domain.language.words.tokens import Token, kinds

_OPERATORS = kinds(
    "to add more less too too_after very past neg none not_enough not_too keep undo original previous "
    "from is lean towards than fills except fine all enough instead_of made"
)
"""Kinds of words that say what is done with the words beside them."""
_ANY = frozenset(("to", "add", "very", "all"))
_FIGURE = _ANY | {"more", "less", "not_too", "lean", "towards", "fills"}
_ALLOWED: Mapping[str, Set[str]] = {
    "figure": _FIGURE | {"fine"},
    "removable": _FIGURE | {"neg", "none", "undo", "original", "previous"},
    "crooked": _FIGURE | {"is", "too", "past", "neg", "none", "undo"},
    "warmth": _FIGURE | {"fine", "none"},
    "size": _FIGURE | {"past", "keep", "original", "from", "all"},
    "ratio": _FIGURE | {"undo", "original", "previous"},
    "ground": _ANY | {"neg", "none", "instead_of", "keep", "original", "undo", "all", "fills"},
    "gradient": _ANY | {"from", "neg", "none"},
    "place": _FIGURE - {"add"} | {"from", "past", "neg", "too", "none", "keep", "not_enough"},
    "light": _ANY | {"more", "towards", "from", "instead_of", "neg", "none", "undo", "original", "less"},
    "shadow": _ANY
    | {"neg", "none", "not_enough", "original", "undo", "all", "past", "more", "less", "from", "previous"}
    | {"towards"},
    "undone": _ANY | {"undo", "previous", "original", "neg", "none", "keep", "all", "past", "more", "less"},
    "complaint": _OPERATORS - {"except", "undo", "instead_of"},
    "refused": _ANY
    | {"is", "neg", "none", "past", "keep", "more", "less", "too", "all", "very", "not_enough", "not_too"},
    "style": _ANY | {"more", "too", "not_enough"},
}
"""Operators that an act of a family may stand beside."""
_FAMILIES = {
    "backdrop": "ground",
    "gradient": "gradient",
    "place": "place",
    **dict.fromkeys(("rotation", "straighten"), "crooked"),
    **dict.fromkeys(
        ("blur", "denoise", "white_balance", "softness", "auto_exposure", "sharpen"), "removable"
    ),
    "mired": "warmth",
    **dict.fromkeys(("light", "rim"), "light"),
    **dict.fromkeys(("shadow", "reflection"), "shadow"),
    "fill": "size",
    "aspect": "ratio",
}


def is_valid(phrase: Phrase) -> bool:
    """Whether a pattern accounts for every word of a phrase that asks for a change."""
    acts = [
        act
        for act in phrase.acts
        if act.do is not impossible and (act.part or act.key not in ("", KEPT_SIZE))
    ]
    if not acts:
        return True
    return (
        not _is_statement(phrase)
        and not _is_name(phrase)
        and all(_is_accounted_for(phrase, i, acts) for i in range(len(phrase.tokens)))
        and graded(phrase.tokens) <= len(acts)
        and _names_of(phrase) <= {act.part for act in phrase.acts}
    )


def graded(tokens: Sequence[Token]) -> int:
    """Return how many Chinese directions have a degree after them: each of "压低一点暖一点" needs an act."""
    directions = ("adjective", "quality", "more", "less")
    return sum(
        "degree" in after and after.text[-1] in "点些" and one.any(*directions)
        for one, after in pairwise(tokens)
    )


_NAMES = {"backdrop": "backdrop", "shadow": "shadow", "reflection": "shadow", "light": "light"}


def _names_of(phrase: Phrase) -> Set[str]:
    """Return the parts that a phrase names, if it names several: each needs an act."""
    named = {_NAMES.get(token.get("part"), "") for token in phrase.tokens} - {""}
    if any("from" not in phrase.left(i) for i in phrase.all("scene")):
        named.add("backdrop")  # light from a window is of no backdrop
    return named if len(named) > 1 else set()


def _is_statement(phrase: Phrase) -> bool:
    """Whether a phrase states that something is of a colour, or that it has no fault: "it isn't blurry"."""
    tokens = phrase.tokens
    if phrase.has("mood", "why") and not phrase.any("too", "very", "not_too"):
        falls = phrase.has("side") and phrase.has("part", "shadow")
        return falls or any("colour" in token or "scene" in token for token in tokens)
    return not phrase.has("enough") and any(
        token.isa("is_not") and ("colour" in after or after.get("adjective").endswith("-"))
        for token, after in pairwise(tokens)
    )


def _is_name(phrase: Phrase) -> bool:
    """Whether a comparative or a fault is a part of a name: "cooler box", "floating shelf"."""
    if phrase.any("to", "is"):
        return False
    return any(
        token.isa("comparative") and after.get("part") == "product" and not after.isa("generic")
        for token, after in pairwise(phrase.tokens)
    )


def _family(act: Act) -> str:
    if act.mood != "wish":
        return act.mood
    if act.key.endswith("undo"):
        return "undone"
    head = act.key.partition(".")[0]
    return _FAMILIES.get(head, "figure")


def _is_accounted_for(phrase: Phrase, i: int, acts: list[Act]) -> bool:
    """Whether an operator belongs to one of the acts."""
    token = phrase.tokens[i]
    said = _OPERATORS.intersection(token.senses)
    if not said or is_content(token) or "filler" in token or token.text in ("look", "again"):
        return True
    if token.text == "是" and ("neg" in phrase.status[:i] or (not i and phrase.any("degree", "to"))):
        return True  # "不是背景，是影子要淡一点"
    if "than" in said or ("from" in said and (phrase.has("kind", "gradient") or phrase.has("to"))):
        return True
    if not said.isdisjoint(("is", "too", "past")) and phrase.has("fault"):
        return True
    return any(not said.isdisjoint(_ALLOWED[_family(act)]) for act in acts)


def settle_alternatives(parts: list[Phrase]) -> None:
    """Tell back wishes of which only one can be had: "white or grey", "marble and wood"."""
    for one, other in pairwise(parts):
        if not (other.is_other or other.is_joined):
            continue
        first, second = ({act.part for act in phrase.acts if act.mood == "wish"} for phrase in (one, other))
        scenes = "backdrop" in first & second and all(_is_named_ground(phrase) for phrase in (one, other))
        excludes = (first and second) if other.is_other else scenes
        if excludes and not any(one.status):
            for phrase in (one, other):
                phrase.acts.clear()
                phrase.tell("ambiguous")


_STEPS = frozenset(("sharpen", "denoise", "auto_exposure", "light.side"))
"""Figures that a refusal sets to their contrary: "don't sharpen", "not from the left"."""


def settle_figures(parts: Sequence[Phrase]) -> None:
    """Let an exact figure stand for a vague wish beside it, and "only X" for refusals of something else."""
    for phrase in parts:
        keys = {(act.part, act.key) for act in phrase.acts if act.mood == "wish" and act.part}
        if keys and _is_exact(phrase):
            for other in parts:
                is_vague = not _is_exact(other) and not other.has("degree") and bool(other.acts)
                if is_vague and {(act.part, act.key) for act in other.acts} <= keys:
                    other.acts.clear()
    is_limited = any(phrase.acts and phrase.drops("only") for phrase in parts)
    for phrase in parts:
        if "neg" in phrase.status and (is_limited or _leaves(phrase)):
            phrase.acts = [act for act in phrase.acts if act.key not in _STEPS]


def _leaves(phrase: Phrase) -> bool:
    """Whether a refusal leaves what is there, instead of undoing what is done to every photo."""
    return phrase.has("more") or any(
        "neg" in token and _NO_NEED.search(token.text) for token in phrase.tokens
    )


_NO_NEED = re.compile(r"不用|不必|没必要|不需要|用不着|无需|再|need|have to|no more|no further")


def _is_exact(phrase: Phrase) -> bool:
    return any("number" in one or ("ratio" in one and one.text[0].isdigit()) for one in phrase.tokens)


def _is_named_ground(phrase: Phrase) -> bool:
    stages = (
        act.key in ("backdrop", "backdrop.scene") and act.do is not is_lit_by_sun for act in phrase.acts
    )
    return any(stages) and phrase.has("scene")
