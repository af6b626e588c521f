"""Trace context: a valid one continues with a new span, an invalid one is replaced."""

import pytest

from stillroom.domain.traces import trace_id_of, traceparent_after

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
OURS = "11" * 8


def ones(size: int) -> bytes:
    return b"\x11" * size


@pytest.mark.parametrize(
    ("offered", "passed_on"),
    [
        (f"00-{TRACE}-{SPAN}-01", f"00-{TRACE}-{OURS}-01"),
        (f"00-{TRACE}-{SPAN}-00", f"00-{TRACE}-{OURS}-00"),
        # Flags that this version does not know are not passed on.
        (f"00-{TRACE}-{SPAN}-ff", f"00-{TRACE}-{OURS}-03"),
        # Later versions are read as far as they are known.
        (f"01-{TRACE}-{SPAN}-01", f"00-{TRACE}-{OURS}-01"),
        (f"cc-{TRACE}-{SPAN}-01-what-comes-later", f"00-{TRACE}-{OURS}-01"),
    ],
)
def test_trace_of_the_caller_continues_with_a_new_span(offered: str, passed_on: str) -> None:
    assert traceparent_after([offered], ones) == passed_on
    assert trace_id_of(passed_on) == TRACE


@pytest.mark.parametrize(
    "offered",
    [
        [],
        [""],
        ["x"],
        [f"00-{'0' * 32}-{SPAN}-01"],
        [f"00-{TRACE}-{'0' * 16}-01"],
        [f"ff-{TRACE}-{SPAN}-01"],
        [f"00-{TRACE.upper()}-{SPAN}-01"],
        [f"00-{TRACE}-{SPAN}"],
        [f"00-{TRACE}-{SPAN}-01-more"],
        [f"cc-{TRACE}-{SPAN}-01.more"],
        [f"00-{TRACE}-{SPAN}-01\n"],
        [f"00-{TRACE}-{SPAN}-01", f"00-{TRACE}-{SPAN}-01"],
    ],
)
def test_invalid_trace_starts_a_new_one(offered: list[str]) -> None:
    assert traceparent_after(offered, ones) == f"00-{'11' * 16}-{OURS}-03"


def test_an_id_is_never_all_zero() -> None:
    drawn = iter([bytes(8), b"\x01" * 8, bytes(16), b"\x02" * 16])
    assert traceparent_after([], lambda _: next(drawn)) == f"00-{'02' * 16}-{'01' * 8}-03"
