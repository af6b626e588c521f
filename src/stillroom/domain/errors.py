"""Errors that users can meet: code, kind, and texts in both languages."""

from collections.abc import Mapping, Sequence
from enum import Enum
from errno import EACCES, EDQUOT, ENOSPC, EPERM, EROFS
from math import ceil
from typing import Any, ClassVar, Literal, Self, TypedDict

from stillroom.domain.told_back import ToldBack, sentence
from stillroom.domain.words import Words, texts_in

FULL, READ_ONLY = "full", "read_only"
"""Reasons for which storage rejects writes, where known."""

ERRNO_REASONS = {**dict.fromkeys([ENOSPC, EDQUOT], FULL), **dict.fromkeys([EROFS, EACCES, EPERM], READ_ONLY)}
"""Reasons by the number of the system's error."""

STOPPING = "stopping"
"""Reason for which a server that is being stopped gives up a request."""


Kept = Literal["open_batches", "items", "recipes", "backdrops", "webhooks"]
"""Things of which an owner, or a batch, may have a limited number."""

_TEXTS = texts_in("errors")


def _occurrence(name: str, **facts: object) -> Words:
    return _filled(_TEXTS["occurrences"][name], facts)


def _detail(name: str, facts: Mapping[str, Any]) -> Words:
    return _filled(_TEXTS["details"][name], facts)


def _filled(text: Words, facts: Mapping[str, Any]) -> Words:
    return Words(zh=text.zh.format_map(facts), en=text.en.format_map(facts))


class ErrorKind(Enum):
    """Category of an error; web, CLI and worker each map it once."""

    INVALID = "invalid"
    UNAUTHORIZED = "unauthorized"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    TOO_LARGE = "too_large"
    UNSUPPORTED = "unsupported"
    LIMITED = "limited"
    REFUSED = "refused"
    UPSTREAM_AUTH = "upstream_auth"
    UPSTREAM_TIMEOUT = "upstream_timeout"
    UNAVAILABLE = "unavailable"
    INTERNAL = "internal"


class StillroomError(Exception):
    """Base class of all errors.

    Attributes:
        detail: One English sentence about this occurrence, safe to show; `sentence` has both languages.
        reason: Cause, such as `full` or a reason of a provider's failure; empty if there is none.
        retry_after_seconds: Time to wait, where known.
        text: Key of that sentence in the texts; empty if it exists in English alone.
        cost_micro_usd: Cost of a provider's failed call that the vendor states or that is certain.
        provider_request_id: The vendor's id of a failed call, where known.
        sent: Whether a failed call may have reached the vendor.
    """

    code: ClassVar[str] = "E_INTERNAL"
    kind: ClassVar[ErrorKind] = ErrorKind.INTERNAL
    retryable: ClassVar[bool] = False

    def __init__(
        self,
        detail: str = "",
        *,
        text: str = "",
        reason: str = "",
        retry_after_seconds: float | None = None,
        cost_micro_usd: int = 0,
        provider_request_id: str | None = None,
        sent: bool = True,
        **params: Any,
    ) -> None:
        """Store the sentence and the facts; the sentence defaults to that of `text`, then to the title."""
        self.detail = detail or (_detail(text, params) if text else self.title()).en
        super().__init__(self.detail)
        self.text = text
        self.reason = reason
        self.retry_after_seconds = retry_after_seconds
        self.cost_micro_usd = cost_micro_usd
        self.provider_request_id = provider_request_id
        self.sent = sent
        self._params = params

    @property
    def params(self) -> dict[str, Any]:
        """JSON-ready facts of this occurrence, safe to show; facts that are unknown or usual are left out."""
        facts = {
            "text": self.text or None,
            "reason": self.reason or None,
            "retry_after_seconds": self.retry_after_seconds,
            "cost_micro_usd": self.cost_micro_usd or None,
            "provider_request_id": self.provider_request_id,
            "sent": None if self.sent else False,
        }
        return {name: value for name, value in facts.items() if value is not None} | self._params

    @classmethod
    def title(cls) -> Words:
        """Return the title of the class, or of the nearest one above it that has one."""
        titles = _TEXTS["titles"]
        return next(titles[kind.__name__] for kind in cls.__mro__ if kind.__name__ in titles)

    @classmethod
    def words(cls, params: Mapping[str, Any]) -> Words:
        """Return the title of an occurrence with these facts."""
        return cls.title()

    @classmethod
    def sentence(cls, params: Mapping[str, Any]) -> Words:
        """Return the sentence about an occurrence, or its title if the sentence exists in English alone."""
        try:
            return _detail(str(params.get("text")), params)
        except KeyError:
            # Nor is it known for an error that another release stored, with a key or facts of its own.
            return cls.words(params)


class InternalError(StillroomError):
    """An internal error; only the request id is shown to the user."""

    retryable = True


class WorkerLost(StillroomError):
    """The worker died on every allowed attempt."""

    code = "E_WORKER_LOST"
    retryable = True


class ValidationFailed(StillroomError):
    """A field of the request is invalid; `params["fields"]` lists the fields and reasons."""

    code, kind = "E_VALIDATION", ErrorKind.INVALID


class PromptInvalid(StillroomError):
    """The instruction is empty, too long, has no words, or nothing in it is understood.

    `params["told_back"]` lists what was not understood: `text`, `reason` and `suggestion` of each part.
    """

    code, kind = "E_PROMPT_INVALID", ErrorKind.INVALID

    @classmethod
    def of(cls, told_back: Sequence[ToldBack]) -> Self:
        """Return the error for an instruction of which no part is carried out."""
        told = [one.params for one in told_back]
        return cls(sentence(told).en, reason=told_back[0].reason, told_back=told)

    @classmethod
    def words(cls, params: Mapping[str, Any]) -> Words:
        """Add the words that were not understood and a suggestion, where that is the reason."""
        told = params.get("told_back")
        return sentence(told) if told else super().words(params)


class IdempotencyMismatch(StillroomError):
    """The idempotency key was used before with a different request."""

    code, kind = "E_IDEMPOTENCY_MISMATCH", ErrorKind.INVALID


class Unauthorized(StillroomError):
    """The token is missing or unknown."""

    code, kind = "E_UNAUTHORIZED", ErrorKind.UNAUTHORIZED


class NotFound(StillroomError):
    """The resource does not exist, has expired, or belongs to another owner."""

    code, kind = "E_NOT_FOUND", ErrorKind.NOT_FOUND


class Conflict(StillroomError):
    """The request is not possible in the current state."""

    code, kind = "E_CONFLICT", ErrorKind.CONFLICT


class MethodNotAllowed(Conflict):
    """The address exists and takes other methods, which `params["allowed"]` lists."""

    @classmethod
    def words(cls, params: Mapping[str, Any]) -> Words:
        """Name the method and those that are allowed."""
        method, allowed = params["method"], params["allowed"]
        return _occurrence("method", method=method, zh="、".join(allowed), en=" or ".join(allowed))


class LimitReached(Conflict):
    """The owner has as many of something as may be kept: `params["limit"]` of `params["what"]`."""

    def __init__(self, what: Kept, most: int) -> None:
        super().__init__(_occurrence(f"most_{what}", limit=most).en, what=what, limit=most)

    @classmethod
    def words(cls, params: Mapping[str, Any]) -> Words:
        """Name the limit and the way out."""
        return _occurrence(f"most_{params['what']}", limit=params["limit"])


class NotMadeYet(Conflict):
    """A file is still being made; `retry_after_seconds` is the time to wait."""

    retryable = True


class RateLimited(StillroomError):
    """The owner sent too many requests; `retry_after_seconds` is the time to wait."""

    code, kind = "E_RATE_LIMITED", ErrorKind.LIMITED
    retryable = True

    @classmethod
    def words(cls, params: Mapping[str, Any]) -> Words:
        """Add the seconds to wait, where known."""
        if "retry_after_seconds" not in params:
            return super().words(params)
        seconds = max(1, ceil(float(params["retry_after_seconds"])))
        return _occurrence("wait", seconds=seconds)


class InputTooLarge(StillroomError):
    """The picture exceeds the limit in bytes or pixels."""

    code, kind = "E_INPUT_TOO_LARGE", ErrorKind.TOO_LARGE


class BodyTooLarge(InputTooLarge):
    """The request body exceeds its limit; `params["limit"]` is the limit in bytes."""


class InputUnsupported(StillroomError):
    """The file is not a picture, is too small, or has an unsupported format or another than declared."""

    code, kind = "E_INPUT_UNSUPPORTED", ErrorKind.UNSUPPORTED

    @classmethod
    def words(cls, params: Mapping[str, Any]) -> Words:
        """Name the smallest size, where the picture is smaller, or the largest ratio of its sides."""
        if params.get("what") != "side":
            return super().words(params)
        if "ratio" in params:
            return _occurrence("too_long", most=params["ratio"])
        return _occurrence("too_small", least=params["limit"])


class InputCorrupt(StillroomError):
    """The picture's data is damaged or truncated."""

    code, kind = "E_INPUT_CORRUPT", ErrorKind.INVALID


class StorageUnavailable(StillroomError):
    """The database or the blob store does not respond, is full or is read-only, or the server stops.

    `reason` is `full`, `read_only` or `stopping` in the last three cases.
    """

    code, kind = "E_STORAGE_IO", ErrorKind.UNAVAILABLE
    retryable = True

    @classmethod
    def words(cls, params: Mapping[str, Any]) -> Words:
        """Add the cause, where known."""
        return _TEXTS["occurrences"].get(str(params.get("reason"))) or cls.title()


class ProviderError(StillroomError):
    """A provider failed to make a picture; the router decides whether to retry or fall back."""

    code, kind = "E_AI_MODEL_UNAVAILABLE", ErrorKind.UNAVAILABLE
    retryable = True


class ProviderUnavailable(ProviderError):
    """The model is down, retired, or returned an unusable response."""


class ProviderRateLimited(ProviderError):
    """The model's rate limit is reached; `retry_after_seconds` is set if a delay is stated.

    `reason` is `quota` if the quota or the balance is used up, which no retry changes.
    """

    code, kind = "E_AI_RATE_LIMITED", ErrorKind.LIMITED

    @classmethod
    def words(cls, params: Mapping[str, Any]) -> Words:
        """Say what helps, where the quota is used up."""
        return _occurrence("quota") if params.get("reason") == "quota" else super().words(params)


class ProviderTimeout(ProviderError):
    """The model did not respond within its timeout."""

    code, kind = "E_AI_TIMEOUT", ErrorKind.UPSTREAM_TIMEOUT


class ProviderRejectedRequest(ProviderError):
    """The model rejects the API key."""

    code, kind = "E_AI_AUTH", ErrorKind.UPSTREAM_AUTH
    retryable = False


class ContentRefused(ProviderError):
    """The model refuses this picture or prompt."""

    code, kind = "E_AI_CONTENT_REFUSED", ErrorKind.REFUSED
    retryable = False


CATALOGUE: tuple[type[StillroomError], ...] = (
    ProviderUnavailable,
    ProviderRateLimited,
    ProviderTimeout,
    ContentRefused,
    ProviderRejectedRequest,
    PromptInvalid,
    InputTooLarge,
    InputUnsupported,
    InputCorrupt,
    StorageUnavailable,
    RateLimited,
    NotFound,
    Unauthorized,
    Conflict,
    IdempotencyMismatch,
    ValidationFailed,
    WorkerLost,
    InternalError,
)
"""One class per code, in the order of the documentation."""

BY_CODE: dict[str, type[StillroomError]] = {error.code: error for error in CATALOGUE}


class StoredError(TypedDict):
    """An error as stored on a job or an item; web and CLI add its status and texts."""

    code: str
    detail: str
    params: dict[str, Any]
    request_id: str | None


def stored_error(error: StillroomError, request_id: str | None) -> StoredError:
    """Return an error in the form in which it is stored."""
    return {"code": error.code, "detail": error.detail, "params": error.params, "request_id": request_id}


def error_from(stored: StoredError) -> StillroomError:
    """Return the error that was stored; a code that this release does not know is an internal error."""
    return BY_CODE.get(stored["code"], InternalError)(stored["detail"], **stored["params"])
