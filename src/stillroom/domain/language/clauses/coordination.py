"""Coordination: things that "and", "too" or "the same for" join share what is said of one of them."""

from collections.abc import Sequence

from stillroom.domain.language.clauses.phrases import is_content, is_filler, is_noun, is_thing
from stillroom.domain.language.words import amounts
from stillroom.domain.language.words.tokens import Token

_PREDICATES = frozenset(("adjective", "quality", "more", "less", "keep", "neg", "none"))
_VERBS = frozenset(("quality", "more", "less"))
_SHARED = frozenset(("soft+", "soft-", "strong+", "strong-"))
"""Adjectives before the first of two nouns that are said of both: "soft light and shadow"."""


def share(parts: list[list[Token]], joined: Sequence[bool]) -> None:
    """Give each thing of a list the verb before the first, or the predicate after the last."""
    for at in range(1, len(parts)):
        if joined[at] and parts[at] and not parts[at][0].isa("article"):
            parts[at] = [*_verb_for(*map(_words, parts[at - 1 : at + 1])), *parts[at]]
    for at in range(len(parts) - 2, -1, -1):
        if joined[at + 1]:
            parts[at] = [*parts[at], *_predicate_for(*map(_words, parts[at : at + 2]))]


def likewise(words: list[Token], fillers: Sequence[Token], before: Sequence[Token]) -> list[Token]:
    """Return the words of a phrase with what the phrase before says: "the light softer, the shadow too"."""
    name = named_likewise(words, fillers)
    if name is None or not any(one.of(_PREDICATES) for one in before):
        return words
    return [name if is_noun(token) else token for token in before]


def named_likewise(words: Sequence[Token], fillers: Sequence[Token]) -> Token | None:
    """Return the only thing that words name, if all they say is that something is of it too; else None."""
    names = [token for token in words if is_noun(token)]
    others = [token for token in words if not is_noun(token) and "likewise" not in token]
    said = (*others, *fillers)
    is_also = any(one.isa("also") for one in said) or {"also", "the"} <= {one.text for one in said}
    is_likewise = is_also or len(names) + len(others) < len(words)
    is_other = any(is_content(one) or one.any("more", "less", "keep", "none", "neg") for one in others)
    is_other |= any(one.isa("article") for one in said)
    return names[0] if len(names) == 1 and is_likewise and not is_other else None


def _words(part: Sequence[Token]) -> list[Token]:
    return [token for token in part if not is_filler(token)]


def _verb_for(before: Sequence[Token], words: Sequence[Token]) -> Sequence[Token]:
    """Return what governs a thing that the phrase before names another one after: "brighten A and B"."""
    first = next((i for i, token in enumerate(before) if is_noun(token)), 0)
    if not first or not (words and is_noun(words[0]) and all(map(_is_measure, words[1:]))):
        return ()
    head = [one for one in before[:first] if one.of(_VERBS) or one.get("adjective") in _SHARED]
    is_last = all(map(_is_measure, before[first + 1 :]))
    is_alike = ("part" in before[first]) == ("part" in words[0])
    return before[:first] if head and is_last and is_alike else ()


def _is_measure(token: Token) -> bool:
    return "degree" in token or token.text == "by" or amounts.share(token.text) is not None


def _predicate_for(words: Sequence[Token], after: Sequence[Token]) -> Sequence[Token]:
    """Return what is said of the next thing, for one that is only named: "背景和影子都淡一点"."""
    while words and "to" in words[0] and len(words) > 1:
        words = words[1:]
    says = any(one.of(_PREDICATES) for one in after[1:])
    is_bare = len(words) == 1 and is_thing(words[0]) and bool(after)
    sided = any("side" in one for one in after)
    return after[1:] if is_bare and is_thing(after[0]) and says and not sided else ()
