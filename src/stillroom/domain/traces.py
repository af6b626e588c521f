"""W3C trace context: parses, creates and forwards the `traceparent` header."""

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_TRACEPARENT = re.compile(
    r"(?!ff)(?P<version>[0-9a-f]{2})-(?P<trace>(?!0{32})[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}"
    r"-(?P<flags>[0-9a-f]{2})(?P<later>-.*)?"
)
_KNOWN_FLAGS = 0x03
"""Flags `sampled` and `random-trace-id`; unknown flags are not forwarded."""

_SAMPLED_AND_RANDOM = 0x03


@dataclass(frozen=True, slots=True)
class RequestTrace:
    """The request that starts a job: its id, and the W3C `traceparent` to pass on; None without HTTP."""

    request_id: str | None = None
    traceparent: str | None = None


NO_TRACE = RequestTrace()


def traceparent_after(offered: Sequence[str], entropy: Callable[[int], bytes] = secrets.token_bytes) -> str:
    """Return the `traceparent` to forward: the caller's trace with a new span, or a new trace.

    Args:
        offered: All `traceparent` headers of the request; more than one counts as none.

    Returns:
        A `traceparent` of version 00.

    Source:
        W3C Recommendation "Trace Context", section 3.2; the flags as in its level 2.
    """
    span_id = _some_hex(8, entropy)
    caller = _TRACEPARENT.fullmatch(offered[0]) if len(offered) == 1 else None
    # Later versions may append fields after a dash; version 00 may not.
    if caller is None or (caller["version"] == "00" and caller["later"]):
        return f"00-{_some_hex(16, entropy)}-{span_id}-{_SAMPLED_AND_RANDOM:02x}"
    return f"00-{caller['trace']}-{span_id}-{int(caller['flags'], 16) & _KNOWN_FLAGS:02x}"


def trace_id_of(traceparent: str) -> str:
    """Return the trace id, 32 hexadecimal digits."""
    return traceparent.split("-")[1]


def _some_hex(size: int, entropy: Callable[[int], bytes]) -> str:
    """Return random hexadecimal digits, never all zero, which the standard defines as invalid."""
    while not any(some := entropy(size)):
        pass
    return some.hex()
