"""Prefilter for patterns: literal substrings that every match of a pattern must contain."""

from collections.abc import Iterable

# The pattern as Python itself reads it; there is no public door to it.
from re import _constants as kinds  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

_MANY = 40  # letters of a class that is too wide to be a cue


def cues_of(pattern: str) -> tuple[str, ...]:
    """Stretches of which every match holds at least one; none where there are no such."""
    found = _of_sequence(_parser.parse(pattern))
    if not found:
        return ()
    return tuple(cue for cue in sorted(found) if not any(cue != other and other in cue for other in found))


def _of_sequence(nodes: Iterable[Any]) -> frozenset[str] | None:
    """The most telling of what a sequence cannot do without."""
    choices: list[frozenset[str]] = []
    run = ""
    for kind, value in (*nodes, (kinds.ANY, None)):
        if kind is kinds.LITERAL:
            run += chr(value)
            continue
        if run:
            choices.append(frozenset((run,)))
            run = ""
        found = _of_node(kind, value)
        if found:
            choices.append(found)
    return max(choices, key=_worth, default=None)


def _of_node(kind: Any, value: Any) -> frozenset[str] | None:
    if kind is kinds.SUBPATTERN:
        return _of_sequence(value[3])
    if kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT):
        return _of_sequence(value[2]) if value[0] else None
    if kind is kinds.BRANCH:
        branches = [_of_sequence(branch) for branch in value[1]]
        return None if None in branches else frozenset().union(*(b for b in branches if b))
    if kind is kinds.IN and len(value) < _MANY and all(part is kinds.LITERAL for part, _ in value):
        return frozenset(chr(letter) for _, letter in value)
    return None


def _worth(cues: frozenset[str]) -> tuple[bool, int, int]:
    """Han characters tell more than Latin letters, longer stretches more than short ones."""
    shortest = min(len(cue) if cue.isascii() else 3 * len(cue) for cue in cues)
    return not any(cue.isspace() for cue in cues), shortest, -len(cues)
