"""Joins a verb and its particle around what they are about: "dial the shadow down" is "dial down"."""

from collections.abc import Sequence
from dataclasses import replace

from stillroom.domain.language.words.lexicon import Lexicon
from stillroom.domain.language.words.tokens import Token, kinds

_PARTICLES = frozenset(("up", "down", "back", "off", "in"))
_MOST_BETWEEN = 5
_NAMES = kinds("part property effect")
_BETWEEN = _NAMES | kinds("filler adjective shade link degree")
_WAYS = frozenset(("bring", "take", "pull", "push", "lift", "raise"))
"""Verbs that move a lamp: "bring the light down"."""


def with_phrasal_verbs(tokens: Sequence[Token], words: Lexicon) -> list[Token]:
    """Return tokens in which a verb of more or less has the senses that it has with its particle.

    The particle is a filler then. Between the two only the names of what shall be more or less may stand.
    """
    found = list(tokens)
    for i, verb in enumerate(tokens):
        at = _particle_of(tokens, i)
        joined = f"{verb.text} {tokens[at].text}" if at else ""
        senses = words.words.get(joined, {})
        if at and ("more" in senses or "less" in senses):
            found[i] = replace(verb, text=joined, senses=senses)
            found[at] = tokens[at].meaning(filler="")
    return found


def _particle_of(tokens: Sequence[Token], i: int) -> int:
    """Return the index of the particle that may belong to a verb; zero without one."""
    for j in range(i + 1, min(i + 2 + _MOST_BETWEEN, len(tokens))):
        if tokens[j].text in _PARTICLES:
            between = tokens[i + 1 : j]
            named = [one for one in between if one.of(_NAMES)]
            is_lamp = any(one.get("part") == "light" for one in named) and tokens[i].text in _WAYS
            is_thing = any(one.get("part") in ("product", "picture", "backdrop") for one in named)
            return j if named and not (is_lamp or is_thing) else 0
        if not tokens[j].of(_BETWEEN):
            return 0
    return 0
