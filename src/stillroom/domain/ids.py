"""Typed ids: a prefix for the type, then a ULID, which sorts by creation time."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NewType, TypeVar

ID_PATTERN = r"^[a-z0-9_]+$"
MAX_ID_CHARACTERS = 64

AssetId = NewType("AssetId", str)
SessionId = NewType("SessionId", str)
JobId = NewType("JobId", str)
VariantId = NewType("VariantId", str)
ExportId = NewType("ExportId", str)
MatteId = NewType("MatteId", str)
RecipeId = NewType("RecipeId", str)
BatchId = NewType("BatchId", str)
BatchItemId = NewType("BatchItemId", str)
OwnerId = NewType("OwnerId", str)
WebhookId = NewType("WebhookId", str)

OWN_RECIPE = "rcp"
"""Beginning of the ids of stored recipes; built-in ones have names."""

LOCAL_OWNER = OwnerId("own_local")
"""The only owner when sign-in is disabled."""

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_TIME_BITS, _RANDOM_BYTES = 48, 10
_Id = TypeVar("_Id")


def ulid(at: datetime, random: bytes) -> str:
    """Encode a time and ten random bytes as a ULID of 26 characters that sort by time.

    The time is aware, and used with millisecond precision.

    Source:
        ULID specification, in lower case.
    """
    # The package python-ulid would replace the last line alone, because time and random bytes are given.
    milliseconds = int(at.timestamp() * 1000) & ((1 << _TIME_BITS) - 1)
    number = (milliseconds << (8 * _RANDOM_BYTES)) | int.from_bytes(random)
    return "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(125, -1, -5))


def _maker(kind: Callable[[str], _Id], prefix: str) -> Callable[["IdFactory"], _Id]:
    def new(ids: "IdFactory") -> _Id:
        return kind(f"{prefix}_{ulid(ids.now(), ids.entropy(_RANDOM_BYTES))}")

    return new


@dataclass(frozen=True)
class IdFactory:
    """Generates ids from a clock and a source of random bytes, which tests replace."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    entropy: Callable[[int], bytes] = secrets.token_bytes

    asset = _maker(AssetId, "ast")
    session = _maker(SessionId, "ses")
    job = _maker(JobId, "job")
    variant = _maker(VariantId, "var")
    export = _maker(ExportId, "exp")
    matte = _maker(MatteId, "mat")
    recipe = _maker(RecipeId, OWN_RECIPE)
    batch = _maker(BatchId, "bat")
    batch_item = _maker(BatchItemId, "itm")
    webhook = _maker(WebhookId, "whk")
    owner = _maker(OwnerId, "own")
    provider_call = _maker(str, "call")
    message = _maker(str, "msg")
    """Makes the `webhook-id` of a new delivery."""
    wish = _maker(str, "wsh")
    """Makes the id of a standing wish that was added by hand."""
    lease_token = _maker(str, "lease")
    """Makes a new fencing token for one claim of a job."""
    request = _maker(str, "req")
    """Makes an `x-request-id` for a request that has none."""
