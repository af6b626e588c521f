"""Errors, deadlines, retry delays and model lists of vendors, for all adapters."""

import asyncio
import email.utils
import hashlib
import re
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from stillroom.domain.errors import (
    ProviderRateLimited,
    ProviderTimeout,
    ProviderUnavailable,
    StillroomError,
)
from stillroom.domain.providers.reasons import treatment_of

CONNECT_SECONDS = 5.0
MAX_WAIT_SECONDS = 600.0
MAX_FAILED_POLLS = 3  # in a row
PASSING = ProviderUnavailable, ProviderTimeout, ProviderRateLimited
"""Errors after which a look at an order, or a download of its result, is repeated, because both are free."""

_MAX_COUNT = 1_000_000_000  # far above what a call can use; its cost still fits into 64 bits
_MAX_ID_CHARACTERS = 200

_STEP = r"(\d+(?:\.\d+)?) ?(ms|milliseconds?|h(?:ours?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)(?![a-z])"
_STEPS = re.compile(_STEP, re.IGNORECASE)
_RETRY_IN = re.compile(rf"(?:retry|try again) in ((?:{_STEP}[ ,]*)+)", re.IGNORECASE)
_UNIT_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0}

_VERSION = re.compile(r"(-\d{3,}(-\d\d)*)?")

_BY_STATUS = {
    400: "bad_request",
    401: "key",
    403: "permission",
    404: "model_not_found",
    405: "endpoint_gone",
    408: "upstream",
    410: "endpoint_gone",
    413: "request_size",
    429: "rate_limited",
    451: "moderation",
    501: "endpoint_gone",
    504: "upstream",
}
"""Reasons by HTTP status, for answers that no rule of the vendor matches."""


class ErrorRule(NamedTuple):
    """Rule of a vendor's error table: the reason of an error, and the answers that it applies to.

    Attributes:
        code: Regular expression that the code starts with.
        about: Regular expression that occurs in the rest of the description.
        status: HTTP statuses; empty means any.
    """

    reason: str
    code: str = ""
    about: str = ""
    status: tuple[int, ...] = ()

    def matches(self, code: str, about: str, status: int) -> bool:
        return bool(
            re.match(self.code, code)
            and re.search(self.about, about)
            and (not self.status or status in self.status)
        )


def failure_of(
    rules: Sequence[ErrorRule],
    *codes: str,
    about: str,
    status: int,
    headers: Mapping[str, str],
    message: object,
    without_status: str = "vendor_failed",
    usual_wait: float | None = None,
    retry_delay: object = None,
    **facts: Any,
) -> StillroomError:
    """Map an error response to a StillroomError: by the first rule that matches, else by the status.

    Args:
        codes: The vendor's codes, the most telling first.
        about: What else it says of the cause.
        status: HTTP status; 0 if there is none.
        without_status: Reason if neither says anything.
        usual_wait: Seconds to wait after a rate limit if the vendor states none.
        facts: Cost and request id, where known.
    """
    matching = (rule.reason for code in codes for rule in rules if rule.matches(code, about, status))
    unknown = f"http_{status}" if status else without_status
    reason = next(matching, _BY_STATUS.get(status, unknown))
    if reason == "rate_limited":
        wait = stated_wait(headers, retry_delay, message)
        facts["retry_after_seconds"] = usual_wait if wait is None else wait
    return failure(reason, **facts)


def failure(
    reason: str,
    *,
    retry_after_seconds: float | None = None,
    cost_micro_usd: int = 0,
    provider_request_id: str | None = None,
    sent: bool = True,
) -> StillroomError:
    """Build an error for a vendor's failure; the vendor's own message is left out."""
    return treatment_of(reason).kind(
        reason=reason,
        retry_after_seconds=retry_after_seconds,
        cost_micro_usd=cost_micro_usd,
        provider_request_id=provider_request_id,
        sent=sent,
    )


@contextmanager
def transport_errors() -> Iterator[None]:
    """Map transport errors of HTTP. Raises ProviderTimeout, ProviderUnavailable."""
    import httpx2

    try:
        yield
    except (httpx2.TransportError, httpx2.DecodingError) as error:
        raise failure_of_transport(error) from error


def unwatched(error: StillroomError) -> StillroomError:
    """Return the error of an order that cannot be watched or fetched any more.

    It may be billed, so it is never an error after which the router places another order.
    """
    return error if treatment_of(error.reason).may_be_billed else failure("connection")


def failure_of_transport(error: BaseException | None) -> StillroomError:
    """Map a transport error; without a connection nothing was sent, so that nothing can be billed."""
    import httpx2

    match error:
        case httpx2.ConnectError() | httpx2.ConnectTimeout() | httpx2.PoolTimeout() | httpx2.ProxyError():
            return failure("unreachable", sent=False)
        case httpx2.TimeoutException():
            return failure("timeout")
        case _:
            return failure("connection")


def fingerprint(*parts: str | None) -> str:
    """Return a short hash of key and address, which reveals neither."""
    return hashlib.sha256("\0".join(part or "" for part in parts).encode()).hexdigest()[:16]


def host_of(url: str) -> str:
    """Return host and port of an address, without the user name and password that it may hold."""
    return urlsplit(url).netloc.rpartition("@")[2]


@asynccontextmanager
async def within(seconds: float) -> AsyncIterator[None]:
    """Enforce a deadline on the whole call. Raises ProviderTimeout.

    SDK timeouts apply to each read, so a slow stream of bytes would never exceed them.
    """
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise failure("ceiling") from error


def stated_wait(headers: Mapping[str, str], retry_delay: object, message: object) -> float | None:
    """Return the retry delay that the vendor states, in seconds; None if there is no usable one."""
    candidates = (
        _number(headers.get("retry-after-ms"), 0.001),
        _retry_after(headers.get("retry-after")),
        _stated_seconds(f"retry in {retry_delay}"),
        _stated_seconds(message),
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
    except (ValueError, OverflowError):
        return None


def _stated_seconds(text: object) -> float | None:
    found = _RETRY_IN.search(text) if isinstance(text, str) else None
    if found is None:
        return None
    return sum(float(step[1]) * _unit_seconds(step[2].lower()) for step in _STEPS.finditer(found[1]))


def _unit_seconds(unit: str) -> float:
    return 0.001 if unit.startswith(("ms", "milli")) else _UNIT_SECONDS[unit[0]]


def count_in(stated: object) -> int | None:
    """Return a number of pictures or tokens that a vendor states; None if it cannot be one."""
    if not isinstance(stated, int) or isinstance(stated, bool):
        return None
    return stated if 0 <= stated <= _MAX_COUNT else None


def id_in(stated: object) -> str | None:
    """Return an id that a vendor states, if it can be stored and logged; else None."""
    if not isinstance(stated, str) or not stated.isprintable():
        return None
    return stated if 0 < len(stated) <= _MAX_ID_CHARACTERS else None


def listed_models(document: Mapping[str, Any]) -> dict[str, date | None]:
    """Return the model ids of a list in OpenAI's format, with the last days that the vendor has announced.

    A model that the list calls shut down is left out. Raises ProviderUnavailable.
    """
    data = document.get("data")
    if not isinstance(data, list):
        raise failure("bad_reply")
    listed: dict[str, date | None] = {}
    for model in data:
        if not isinstance(model, dict) or not isinstance(model.get("id"), str):
            raise failure("bad_reply")
        if str(model.get("status", "")).lower() != "shutdown":
            listed[model["id"]] = last_day(model.get("shutdown_date"))
    return listed


def is_version_of(name: str, model: str) -> bool:
    """Whether a list names a model by its id, or by a dated one, such as `gpt-image-2-2026-04-21`.

    `gpt-image-2.6-flare` and `qwen-image-3.0-pro` are other models than `gpt-image-2` and `qwen-image-3.0`.
    """
    return name.startswith(model) and bool(_VERSION.fullmatch(name, len(model)))


def last_day(stated: object) -> date | None:
    """Return a shutdown date that a vendor states as `YYYY-MM-DD`; None if there is no such date."""
    try:
        return date.fromisoformat(stated) if isinstance(stated, str) else None
    except ValueError:
        return None
