"""Typed ids: a prefix that says what they name, then a ULID, so that they sort by age."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NewType

AssetId = NewType("AssetId", str)
SessionId = NewType("SessionId", str)
JobId = NewType("JobId", str)
VariantId = NewType("VariantId", str)
ExportId = NewType("ExportId", str)
MatteId = NewType("MatteId", str)
OwnerId = NewType("OwnerId", str)

LOCAL_OWNER = OwnerId("own_local")
"""The one owner there is when nobody has to sign in."""

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_TIME_BITS, _RANDOM_BYTES = 48, 10


def ulid(at: datetime, random: bytes) -> str:
    """Spell a moment and ten random bytes as 26 characters that sort by time.

    Args:
        at: Aware time; milliseconds since 1970 are kept.
        random: Ten bytes.

    Source:
        ULID specification, in lower case.
    """
    milliseconds = int(at.timestamp() * 1000) & ((1 << _TIME_BITS) - 1)
    number = (milliseconds << (8 * _RANDOM_BYTES)) | int.from_bytes(random)
    return "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(125, -1, -5))


class IdFactory:
    """Makes ids from a clock and a source of random bytes."""

    def __init__(
        self,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        entropy: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        """Take time and randomness from outside, so that tests can hold them still."""
        self._now = now
        self._entropy = entropy

    def asset(self) -> AssetId:
        """A new asset's id."""
        return AssetId(self._new("ast"))

    def session(self) -> SessionId:
        """A new session's id."""
        return SessionId(self._new("ses"))

    def job(self) -> JobId:
        """A new job's id."""
        return JobId(self._new("job"))

    def variant(self) -> VariantId:
        """A new variant's id."""
        return VariantId(self._new("var"))

    def export(self) -> ExportId:
        """A new export's id."""
        return ExportId(self._new("exp"))

    def matte(self) -> MatteId:
        """A new matte's id."""
        return MatteId(self._new("mat"))

    def owner(self) -> OwnerId:
        """A new owner's id."""
        return OwnerId(self._new("own"))

    def wish(self) -> str:
        """The id of a wish that was written into the list by hand."""
        return self._new("wsh")

    def lease_token(self) -> str:
        """What a worker names in every write of one claim."""
        return self._new("lease")

    def provider_call(self) -> str:
        """A new provider call's id."""
        return self._new("call")

    def request(self) -> str:
        """An `x-request-id` for a request that brought none."""
        return self._new("req")

    def _new(self, prefix: str) -> str:
        return f"{prefix}_{ulid(self._now(), self._entropy(_RANDOM_BYTES))}"
