"""Injected faults: syntax of the setting and random triggering."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

PROVIDER_KINDS = MappingProxyType(
    {
        "400": "the request is rejected",
        "401": "the key is not accepted",
        "404": "the model is gone",
        "429": "rate limit; a value is the stated wait in seconds",
        "500": "internal error",
        "502": "bad gateway",
        "503": "overload",
        "504": "the provider reports a timeout",
        "quota": "quota or balance used up",
        "refused": "the content is declined",
        "empty": "an answer without a picture",
        "garbage": "an answer that is no picture",
        "drop": "the connection breaks during the answer",
        "connect": "no connection at all",
        "timeout": "no answer within the ceiling",
        "slow": "works, but a value in seconds later",
        "bug": "a bug in the adapter",
    }
)
"""Faults of cloud providers: `gemini`, `sora`, `chatgpt`, `seedream`, `qwen` and any other."""

STORAGE_KINDS = MappingProxyType(
    {"io": "storage does not answer", "slow": "works, but a value in seconds later"}
)
"""Faults of `storage.put`, `storage.get` and `storage.delete`."""

_STORAGE = ("storage.put", "storage.get", "storage.delete")
_SHAPE = re.compile(
    r"^(?P<target>[a-z][a-z0-9_.]*)=(?P<kind>[a-z0-9]+)(:(?P<value>\d+(\.\d+)?))?(@(?P<chance>\d*\.?\d+))?$"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One injected fault.

    Attributes:
        target: Name of a provider, or `storage.put`, `storage.get`, `storage.delete`.
        kind: A key of PROVIDER_KINDS or STORAGE_KINDS.
        value: Seconds, if the kind takes a value.
        chance: Probability, 0..1.
    """

    target: str
    kind: str
    value: float | None = None
    chance: float = 1.0

    def strikes(self, roll: Callable[[], float] = random.random) -> bool:
        """Decide at random whether the fault occurs; `roll` returns a number in [0, 1)."""
        return roll() < self.chance


def parse_faults(text: str) -> tuple[Fault, ...]:
    """Parse a list such as `gemini=429,chatgpt=slow:5@0.5,storage.put=io@0.1`.

    Raises:
        ValueError: A part is invalid; the message names it and the accepted values.
    """
    return tuple(_fault(part.strip()) for part in text.split(",") if part.strip())


def _fault(part: str) -> Fault:
    found = _SHAPE.match(part)
    if found is None:
        raise ValueError(f"{part!r} is not written as target=kind, target=kind:seconds or target=kind@chance")
    target, kind = found["target"], found["kind"]
    if "." in target and target not in _STORAGE:
        raise ValueError(f"{target!r} is none of {', '.join(_STORAGE)}")
    kinds = STORAGE_KINDS if target in _STORAGE else PROVIDER_KINDS
    if kind not in kinds:
        raise ValueError(f"{target} knows no fault {kind!r}, only {', '.join(kinds)}")
    chance = float(found["chance"] or 1)
    if not 0 < chance <= 1:
        raise ValueError(f"the chance in {part!r} is not above 0 and at most 1")
    if kind == "slow" and found["value"] is None:
        raise ValueError(f"{part!r} does not say how slow; write slow:5 for five seconds")
    return Fault(target, kind, float(found["value"]) if found["value"] else None, chance)
