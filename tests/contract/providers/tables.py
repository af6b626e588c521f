"""Error tables: what a vendor does, what we make of it, and the rows that all of them share."""

from typing import NamedTuple

from stillroom.domain.errors import InputTooLarge, ProviderTimeout, ProviderUnavailable, StillroomError
from tests.fakes.providers.server import Fault


class Row(NamedTuple):
    """One line of a vendor's error table."""

    name: str
    fault: Fault
    kind: type[StillroomError]
    reason: str


BAD_REPLY = (ProviderUnavailable, "bad_reply")
WRONG_SIZE = (ProviderUnavailable, "wrong_size")

ANY_WIRE = [
    Row("slow first byte", Fault(act="slow", seconds=3), ProviderTimeout, "ceiling"),
    Row("trickle", Fault(act="trickle", seconds=6), ProviderTimeout, "ceiling"),
    Row("dropped before the body", Fault(act="drop"), ProviderUnavailable, "connection"),
    Row("cut in the body", Fault(act="cut"), ProviderUnavailable, "connection"),
    Row("broken JSON", Fault(200, '{"data": [{'), *BAD_REPLY),
    Row("JSON nested too deeply", Fault(200, "[" * 100_000), *BAD_REPLY),
    Row("bytes that are no text", Fault(200, b"\xff\xfe\x00{"), *BAD_REPLY),
    Row("plain text", Fault(200, "All good!", content_type="text/plain"), *BAD_REPLY),
    Row("502 HTML", Fault(502, "<html>", content_type="text/html"), ProviderUnavailable, "http_502"),
    Row("413 HTML", Fault(413, "<html>", content_type="text/html"), InputTooLarge, "request_size"),
    Row("418, which nobody expects", Fault(418, ""), ProviderUnavailable, "http_418"),
    *[
        Row(
            f"{status} to another address",
            Fault(status, "", headers={"location": "http://127.0.0.1:9/elsewhere"}),
            ProviderUnavailable,
            f"http_{status}",
        )
        for status in (302, 307, 308)
    ],
]
"""Faults of any wire; redirects are not followed, since key and photo would go along."""
