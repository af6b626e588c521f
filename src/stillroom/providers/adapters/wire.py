"""Helpers shared by all adapters: errors, retry delays, and validation of returned pictures."""

import asyncio
import base64
import binascii
import email.utils
import hashlib
import re
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any

import cv2
import numpy as np
import pyvips
import structlog

from stillroom.domain.errors import (
    ContentRefused,
    InputTooLarge,
    ProviderRateLimited,
    ProviderRejectedRequest,
    ProviderTimeout,
    ProviderUnavailable,
    StillroomError,
)
from stillroom.imaging.pixels import Picture

CONNECT_SECONDS = 5.0
MAX_WAIT_SECONDS = 600.0
MAX_PICTURE_BYTES = 40_000_000
MAX_PICTURE_PIXELS = 40_000_000
MIN_PICTURE_SIDE = 256
"""Pixels; a smaller picture is of no use for selling and does not match the request."""

_QUOTED = 400  # characters of a vendor's message that are logged
_STEP = r"(\d+(?:\.\d+)?) ?(ms|milliseconds?|h(?:ours?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)(?![a-z])"
_STEPS = re.compile(_STEP, re.IGNORECASE)
_RETRY_IN = re.compile(rf"(?:retry|try again) in ((?:{_STEP}[ ,]*)+)", re.IGNORECASE)
_UNIT_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0}
_SECONDS = re.compile(r"^(\d+(?:\.\d+)?)s$")
_DATA_URL = re.compile(r"\s*data:[^,]{0,100};base64,", re.IGNORECASE)
_KINDS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")

_QUOTED_LETTERS, _QUOTED_SIGNS = 8, 3
"""Shortest match that counts as a quotation, in characters: of ASCII text, and of Chinese text."""

BY_STATUS: dict[int, tuple[type[StillroomError], str]] = {
    400: (ProviderUnavailable, "bad_request"),
    401: (ProviderRejectedRequest, "key"),
    403: (ProviderRejectedRequest, "permission"),
    404: (ProviderUnavailable, "model_not_found"),
    405: (ProviderUnavailable, "endpoint_gone"),
    408: (ProviderTimeout, "upstream"),
    410: (ProviderUnavailable, "endpoint_gone"),
    413: (InputTooLarge, "request_size"),
    429: (ProviderRateLimited, "rate_limited"),
    451: (ContentRefused, "moderation"),
    501: (ProviderUnavailable, "endpoint_gone"),
    504: (ProviderTimeout, "upstream"),
}
"""Error classes and reasons of HTTP statuses, for answers without a known error code."""

customers_words: ContextVar[str] = ContextVar("customers_words", default="")
"""The prompt of the current call; it is redacted from logs."""

log = structlog.get_logger(__name__)


def failure(
    kind: type[StillroomError],
    reason: str,
    *,
    retry_after_seconds: float | None = None,
    cost_micro_usd: int = 0,
    provider_request_id: str | None = None,
    sent: bool = True,
) -> StillroomError:
    """Build an error for a vendor's failure; the vendor's own message is left out."""
    facts = {
        "reason": reason,
        "retry_after_seconds": retry_after_seconds,
        "cost_micro_usd": cost_micro_usd or None,
        "provider_request_id": provider_request_id,
        "sent": None if sent else False,
    }
    return kind("", **{name: value for name, value in facts.items() if value is not None})


def bad_reply(reason: str = "bad_reply", **facts: object) -> StillroomError:
    """Build the error for a response that is not a usable picture."""
    return failure(ProviderUnavailable, reason, **facts)  # type: ignore[arg-type]


def note_failure(provider: str, model: str, said: object, secrets: tuple[str, ...], **facts: object) -> None:
    """Log a vendor's message, truncated, with keys and the prompt redacted."""
    words = str(said)
    for secret in secrets:
        words = words.replace(secret, "********") if secret else words
    words = _without(words[: 4 * _QUOTED], customers_words.get())
    log.warning("provider_said", model_name=f"{provider}/{model}", said=words[:_QUOTED], **facts)


def _without(said: str, private: str) -> str:
    """Redact every stretch that also occurs in the private text, because vendors quote the prompt."""
    quoted = {
        private[at : at + length]
        for length in (_QUOTED_LETTERS, _QUOTED_SIGNS)
        for at in range(len(private) - length + 1)
        if length == _QUOTED_LETTERS or not private[at : at + length].isascii()
    }
    blots = {
        at + offset
        for length in (_QUOTED_LETTERS, _QUOTED_SIGNS)
        for at in range(len(said) - length + 1)
        if said[at : at + length] in quoted
        for offset in range(length)
    }
    return "".join("*" if at in blots else sign for at, sign in enumerate(said))


def fingerprint(*parts: str | None) -> str:
    """Return a short hash of key and address, which reveals neither."""
    return hashlib.sha256("\0".join(part or "" for part in parts).encode()).hexdigest()[:16]


@asynccontextmanager
async def within(seconds: float) -> AsyncIterator[None]:
    """Enforce a deadline on the whole call.

    SDK timeouts apply to each read, so a slow stream of bytes would never exceed them.

    Raises:
        ProviderTimeout: The deadline has passed.
    """
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise failure(ProviderTimeout, "ceiling") from error


def stated_wait(headers: Mapping[str, str], retry_delay: object, message: object) -> float | None:
    """Return the retry delay that the vendor states, in seconds; None if there is no usable one."""
    candidates = (
        _number(headers.get("retry-after-ms"), 0.001),
        _retry_after(headers.get("retry-after")),
        _duration(retry_delay),
        _told(message),
    )
    wait = next((seconds for seconds in candidates if seconds is not None and seconds >= 0), None)
    return None if wait is None else min(wait, MAX_WAIT_SECONDS)


def _number(text: str | None, unit: float) -> float | None:
    try:
        return float(text) * unit if text is not None else None
    except ValueError:
        return None


def _retry_after(text: str | None) -> float | None:
    seconds = _number(text, 1.0)
    if seconds is not None or text is None:
        return seconds
    try:
        return email.utils.parsedate_to_datetime(text).timestamp() - time.time()
    except ValueError:
        return None


def _duration(text: object) -> float | None:
    found = _SECONDS.match(text) if isinstance(text, str) else None
    return float(found[1]) if found else None


def _told(text: object) -> float | None:
    found = _RETRY_IN.search(text) if isinstance(text, str) else None
    if found is None:
        return None
    return sum(float(step[1]) * _unit_seconds(step[2].lower()) for step in _STEPS.finditer(found[1]))


def _unit_seconds(unit: str) -> float:
    return 0.001 if unit.startswith(("ms", "milli")) else _UNIT_SECONDS[unit[0]]


def listed_models(document: Mapping[str, Any]) -> dict[str, date | None]:
    """Return the model ids of a list in OpenAI's format, with the last days that the vendor has announced.

    A model that the list calls shut down is left out.

    Raises:
        ProviderUnavailable: The document is no such list.
    """
    data = document.get("data")
    if not isinstance(data, list):
        raise bad_reply()
    listed: dict[str, date | None] = {}
    for model in data:
        if not isinstance(model, dict) or not isinstance(model.get("id"), str):
            raise bad_reply()
        if str(model.get("status", "")).lower() != "shutdown":
            listed[model["id"]] = last_day(model.get("shutdown_date"))
    return listed


def last_day(stated: object) -> date | None:
    """Return a shutdown date that a vendor states as `YYYY-MM-DD`; None if there is no such date."""
    try:
        return date.fromisoformat(stated) if isinstance(stated, str) else None
    except ValueError:
        return None


def decoded_base64(text: str) -> bytes:
    """Decode standard or URL-safe base64; accept data URLs, line breaks and missing padding.

    Raises:
        ProviderUnavailable: The text is not base64.
    """
    bare = "".join(_DATA_URL.sub("", text, count=1).split()).rstrip("=")
    bare += "=" * (-len(bare) % 4)
    try:
        return base64.b64decode(bare.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise bad_reply() from error


def checked(picture: bytes) -> bytes:
    """Return the file unchanged after verifying that it is a picture of usable size and decodes completely.

    Raises:
        ProviderUnavailable: It is not; the reason is `bad_reply` or `wrong_size`.
    """
    webp = picture[:4] == b"RIFF" and picture[8:12] == b"WEBP"
    if not (webp or picture.startswith(_KINDS)) or len(picture) > MAX_PICTURE_BYTES:
        raise bad_reply()
    try:
        # Check the size in the header first, so that a decompression bomb is never decoded.
        image = pyvips.Image.new_from_buffer(picture, "", fail_on="error")
        width, height = int(image.width), int(image.height)
        if width * height > MAX_PICTURE_PIXELS or min(width, height) < MIN_PICTURE_SIDE:
            raise bad_reply("wrong_size")
        image.avg()
    except pyvips.Error as error:
        raise bad_reply() from error
    return picture


def shaped_like(picture: bytes, width: int, height: int, tolerance: float) -> bool:
    """Whether a picture's aspect ratio is within a relative tolerance of width / height."""
    image = pyvips.Image.new_from_buffer(picture, "")
    ratio = (image.width / image.height) / (width / height)
    return bool(1 / (1 + tolerance) <= ratio <= 1 + tolerance)


def pixels_of(picture: bytes) -> Picture:
    """Decode a checked file to uint8 (H, W, 3), sRGB, with transparent areas flattened onto white."""
    found = cv2.imdecode(
        np.frombuffer(picture, np.uint8), cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION
    )
    if found is None:
        raise bad_reply()
    if found.dtype != np.uint8:
        found = (found.astype(np.float32) / 257).astype(np.uint8)
    if found.ndim == 2:
        return np.asarray(cv2.cvtColor(found, cv2.COLOR_GRAY2RGB))
    if found.shape[2] == 3:
        return np.asarray(cv2.cvtColor(found, cv2.COLOR_BGR2RGB))
    cover = found[..., 3:].astype(np.float32) / 255
    flat = found[..., 2::-1].astype(np.float32) * cover + 255 * (1 - cover)
    return np.rint(flat).astype(np.uint8)
