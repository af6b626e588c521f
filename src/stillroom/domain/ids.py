"""Typed ids: a prefix for the type, then a ULID, which sorts by creation time."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NewType

AssetId = NewType("AssetId", str)
SessionId = NewType("SessionId", str)
JobId = NewType("JobId", str)
VariantId = NewType("VariantId", str)
ExportId = NewType("ExportId", str)
MatteId = NewType("MatteId", str)
RecipeId = NewType("RecipeId", str)
BatchId = NewType("BatchId", str)
BatchItemId = NewType("BatchItemId", str)
OWN_RECIPE = "rcp"
"""Beginning of the ids of stored recipes; built-in ones have names."""

OwnerId = NewType("OwnerId", str)
WebhookId = NewType("WebhookId", str)

LOCAL_OWNER = OwnerId("own_local")
"""The only owner when sign-in is disabled."""

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_TIME_BITS, _RANDOM_BYTES = 48, 10


def ulid(at: datetime, random: bytes) -> str:
    """Encode a time and ten random bytes as a ULID of 26 characters that sort by time.

    Args:
        at: Aware time, used with millisecond precision.
        random: Ten bytes.

    Source:
        ULID specification, in lower case.
    """
    milliseconds = int(at.timestamp() * 1000) & ((1 << _TIME_BITS) - 1)
    number = (milliseconds << (8 * _RANDOM_BYTES)) | int.from_bytes(random)
    return "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(125, -1, -5))


@dataclass(frozen=True)
class IdFactory:
    """Generates ids from a clock and a source of random bytes, which tests replace."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    entropy: Callable[[int], bytes] = secrets.token_bytes

    def asset(self) -> AssetId:
        return AssetId(self._new("ast"))

    def session(self) -> SessionId:
        return SessionId(self._new("ses"))

    def job(self) -> JobId:
        return JobId(self._new("job"))

    def variant(self) -> VariantId:
        return VariantId(self._new("var"))

    def export(self) -> ExportId:
        return ExportId(self._new("exp"))

    def matte(self) -> MatteId:
        return MatteId(self._new("mat"))

    def recipe(self) -> RecipeId:
        return RecipeId(self._new(OWN_RECIPE))

    def batch(self) -> BatchId:
        return BatchId(self._new("bat"))

    def batch_item(self) -> BatchItemId:
        return BatchItemId(self._new("itm"))

    def webhook(self) -> WebhookId:
        return WebhookId(self._new("whk"))

    def message(self) -> str:
        """Return the `webhook-id` of a new delivery."""
        return self._new("msg")

    def owner(self) -> OwnerId:
        return OwnerId(self._new("own"))

    def wish(self) -> str:
        """Return the id of a standing wish that was added by hand."""
        return self._new("wsh")

    def lease_token(self) -> str:
        """Return a new fencing token for one claim of a job."""
        return self._new("lease")

    def provider_call(self) -> str:
        return self._new("call")

    def request(self) -> str:
        """Return an `x-request-id` for a request that has none."""
        return self._new("req")

    def _new(self, prefix: str) -> str:
        return f"{prefix}_{ulid(self.now(), self.entropy(_RANDOM_BYTES))}"
