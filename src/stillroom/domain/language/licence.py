"""The patterns of words that a wish may be said in; what no pattern licenses is told back whole."""

from collections.abc import Mapping, Set

from stillroom.domain.language.acts import Act, impossible
from stillroom.domain.language.phrases import Phrase
from stillroom.domain.language.refusals import is_content
from stillroom.domain.language.tokens import Token
from stillroom.domain.plans.plan import Plan

_OPERATORS = frozenset(
    (
        *("to", "add", "more", "less", "too", "too_after", "very", "past", "neg", "none", "not_enough"),
        *("not_too", "keep", "undo", "original", "previous", "from", "is", "lean", "towards", "than", "fills"),
        *("except", "fine", "all", "enough", "instead_of", "made"),
    )
)
"""Kinds of words that say what is done with the words beside them."""
_ANY = frozenset(("to", "add", "very"))
_FIGURE = _ANY | {"more", "less", "not_too", "lean", "towards", "fills"}
_LICENSED: Mapping[str, Set[str]] = {
    "figure": _FIGURE | {"fine"},
    "removable": _FIGURE | {"neg", "none", "undo", "original", "previous"},
    "crooked": _FIGURE | {"is", "too", "past"},
    "size": _FIGURE | {"past", "keep", "original", "from", "all"},
    "ground": _ANY | {"neg", "none", "instead_of", "keep", "original", "undo", "all", "fills"},
    "gradient": _ANY | {"from", "neg", "none"},
    "place": _FIGURE | {"from", "past", "neg", "too", "none", "keep"},
    "light": _ANY | {"more", "from", "instead_of", "neg", "none", "undo", "original", "less"},
    "shadow": _ANY | {"neg", "none", "not_enough", "original", "undo", "previous", "all", "past", "more", "from"},
    "undone": _ANY | {"undo", "previous", "original", "neg", "none", "keep", "all", "past", "more", "less"},
    "complaint": _OPERATORS - {"except", "undo", "instead_of"},
    "refused": _ANY | {"is", "neg", "none", "past", "keep", "more", "less", "too", "all", "very", "not_enough"},
    "style": _ANY | {"more", "too"},
}
"""Operators that an act of a family may stand beside."""
_PARTS = frozenset(("backdrop", "shadow", "light", "reflection", "highlight", "dark_side"))
"""Parts of which one phrase may speak of one only."""
_FAMILIES = {
    "backdrop": "ground",
    "gradient": "gradient",
    "place": "place",
    "rotation": "crooked",
    "straighten": "crooked",
    "blur": "removable",
    "denoise": "removable",
    "white_balance": "removable",
    "light": "light",
    "rim": "light",
    "shadow": "shadow",
    "reflection": "shadow",
    "fill": "size",
}


def is_licensed(phrase: Phrase) -> bool:
    """Whether a pattern licenses every word of a phrase that asks for a change."""
    acts = [act for act in phrase.acts if act.do is not impossible and (act.part or act.key)]
    if not acts:
        return True
    return (
        all(_is_accounted_for(phrase, i, acts) for i in range(len(phrase.tokens)))
        and not _contradicts_itself(acts)
    )


def _family(act: Act) -> str:
    if act.mood != "wish":
        return act.mood
    if act.key.endswith("undo"):
        return "undone"
    head = act.key.partition(".")[0]
    if head == "fill" and act.part == "light":
        return "figure"
    return _FAMILIES.get(head, "figure")


def _is_accounted_for(phrase: Phrase, i: int, acts: list[Act]) -> bool:
    """Whether an operator belongs to one of the acts."""
    token = phrase.tokens[i]
    said = _OPERATORS.intersection(token.senses)
    if not said or is_content(token) or "filler" in token or token.text == "look":
        return True
    if "than" in said:
        return not any(_is_other(one) for one in phrase.tokens[i + 1 :])
    if "from" in said and (phrase.has("kind", "gradient") or phrase.has("to")):
        return True
    if not said.isdisjoint(("is", "too", "past")) and phrase.has("fault"):
        return True
    return any(not said.isdisjoint(_LICENSED[_family(act)]) for act in acts)


def _is_other(token: Token) -> bool:
    """Whether something is compared with another picture than the present one."""
    return is_content(token) or "original" in token or "previous" in token


def _contradicts_itself(acts: list[Act]) -> bool:
    """Whether two wishes of a phrase decide the same figure differently."""
    first: dict[tuple[str | None, str], Act] = {}
    for act in acts:
        if act.mood == "wish" and act.key:
            other = first.setdefault((act.part, act.key), act)
            if other.do is not act.do and other.do(_PLAN) != act.do(_PLAN):
                return True
    return False


_PLAN = Plan()
