"""Errors that users can meet: code, kind, and texts in both languages."""

from collections.abc import Mapping, Sequence
from enum import Enum
from math import ceil, isfinite
from typing import Any, ClassVar, Self

from pydantic_core import ErrorDetails

from stillroom.domain.told_back import ToldBack, sentence
from stillroom.domain.words import Words

FULL, READ_ONLY = "full", "read_only"
"""Reasons for which storage rejects writes, where known."""


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
        detail: One English sentence about this occurrence, safe to show.
        params: JSON-ready facts of this occurrence, safe to show.
    """

    code: ClassVar[str] = "E_INTERNAL"
    kind: ClassVar[ErrorKind] = ErrorKind.INTERNAL
    title: ClassVar[str] = "Something broke on our side; the report has the id."
    title_zh: ClassVar[str] = "内部错误"
    retryable: ClassVar[bool] = False

    def __init__(self, detail: str = "", **params: Any) -> None:
        """Store the sentence and the facts; the sentence defaults to the title."""
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.params = params

    @classmethod
    def words(cls, params: Mapping[str, Any]) -> Words:
        """Return the title of an occurrence with these facts."""
        return Words(zh=cls.title_zh, en=cls.title)


class InternalError(StillroomError):
    """An internal error; only the request id is shown to the user."""

    retryable = True


class WorkerLost(StillroomError):
    """The worker died on every allowed attempt."""

    code = "E_WORKER_LOST"
    title = "The work was interrupted too often."
    title_zh = "任务多次中断"
    retryable = True


class ValidationFailed(StillroomError):
    """A field of the request is invalid; `params["fields"]` lists the fields and reasons."""

    code, kind = "E_VALIDATION", ErrorKind.INVALID
    title = "Something in the request needs to be changed."
    title_zh = "请求中有内容需要修改"


class PromptInvalid(StillroomError):
    """The instruction is empty, too long, has no words, or nothing in it is understood.

    `params["told_back"]` lists what was not understood: `text`, `reason` and `suggestion` of each part.
    """

    code, kind = "E_PROMPT_INVALID", ErrorKind.INVALID
    title = "We could not use this instruction."
    title_zh = "描述无法使用，请修改后再试"

    @classmethod
    def of(cls, told_back: Sequence[ToldBack]) -> Self:
        """Return the error for an instruction of which no part is carried out."""
        told = [one.params for one in told_back]
        return cls(sentence(told).en, reason=told[0]["reason"], told_back=told)

    @classmethod
    def words(cls, params: Mapping[str, Any]) -> Words:
        """Add the words that were not understood and a suggestion, where that is the reason."""
        told = params.get("told_back")
        return sentence(told) if told else super().words(params)


class IdempotencyMismatch(StillroomError):
    """The idempotency key was used before with a different request."""

    code, kind = "E_IDEMPOTENCY_MISMATCH", ErrorKind.INVALID
    title = "This key was already used for a different request."
    title_zh = "该幂等键已用于另一个请求"


class Unauthorized(StillroomError):
    """The token is missing or unknown."""

    code, kind = "E_UNAUTHORIZED", ErrorKind.UNAUTHORIZED
    title = "Sign in to continue."
    title_zh = "请先登录"


class NotFound(StillroomError):
    """The resource does not exist, has expired, or belongs to another owner."""

    code, kind = "E_NOT_FOUND", ErrorKind.NOT_FOUND
    title = "Not found."
    title_zh = "找不到该内容"


class Conflict(StillroomError):
    """The request is not possible in the current state."""

    code, kind = "E_CONFLICT", ErrorKind.CONFLICT
    title = "That is not possible in this state."
    title_zh = "当前状态下无法执行该操作"


class MethodNotAllowed(Conflict):
    """The address exists and takes other methods, which `params["allowed"]` lists."""

    title = "The method is not allowed here."
    title_zh = "此地址不支持该请求方法"

    @classmethod
    def words(cls, params: Mapping[str, Any]) -> Words:
        """Name the method and those that are allowed."""
        method, allowed = params["method"], params["allowed"]
        return Words(
            zh=f"此地址不支持 {method}，可用的方法：{'、'.join(allowed)}",
            en=f"{method} is not allowed here; use {' or '.join(allowed)}.",
        )


class NotMadeYet(Conflict):
    """A file is still being made; `params["retry_after_seconds"]` is the time to wait."""

    retryable = True


class RateLimited(StillroomError):
    """The owner sent too many requests; `params["retry_after_seconds"]` is the time to wait."""

    code, kind = "E_RATE_LIMITED", ErrorKind.LIMITED
    title = "Too many requests; try again in a moment."
    title_zh = "请求过于频繁，请稍后再试"
    retryable = True

    @classmethod
    def words(cls, params: Mapping[str, Any]) -> Words:
        """Add the seconds to wait, where known."""
        if "retry_after_seconds" not in params:
            return super().words(params)
        seconds = max(1, ceil(float(params["retry_after_seconds"])))
        return Words(
            zh=f"请求过于频繁，请 {seconds} 秒后再试", en=f"Too many requests; try again in {seconds} s."
        )


class InputTooLarge(StillroomError):
    """The picture exceeds the limit in bytes or pixels."""

    code, kind = "E_INPUT_TOO_LARGE", ErrorKind.TOO_LARGE
    title = "The picture is too large; compress it and try again."
    title_zh = "图片过大，请压缩后再试"


class BodyTooLarge(InputTooLarge):
    """The request body exceeds its limit; `params["limit"]` is the limit in bytes."""

    title = "The request body is too large."
    title_zh = "请求内容过大"


class InputUnsupported(StillroomError):
    """The file is not a picture, is too small, or has an unsupported format or another than declared."""

    code, kind = "E_INPUT_UNSUPPORTED", ErrorKind.UNSUPPORTED
    title = "This is not a picture we can open."
    title_zh = "不支持的文件类型"

    @classmethod
    def words(cls, params: Mapping[str, Any]) -> Words:
        """Name the smallest size, where the picture is smaller."""
        if params.get("what") != "side":
            return super().words(params)
        least = params["limit"]
        return Words(
            zh=f"图片太小，每边至少需要 {least} 像素",
            en=f"The picture is too small; each side needs at least {least} pixels.",
        )


class InputCorrupt(StillroomError):
    """The picture's data is damaged or truncated."""

    code, kind = "E_INPUT_CORRUPT", ErrorKind.INVALID
    title = "The picture is damaged."
    title_zh = "图片已损坏"


class StorageUnavailable(StillroomError):
    """The database or the blob store does not respond, is full, or is read-only.

    `params["reason"]` is `full` or `read_only` in the last two cases.
    """

    code, kind = "E_STORAGE_IO", ErrorKind.UNAVAILABLE
    title = "Storage is not reachable; nothing was lost."
    title_zh = "存储暂不可用，数据未丢失"
    retryable = True

    @classmethod
    def words(cls, params: Mapping[str, Any]) -> Words:
        """Add the cause, where known."""
        if params.get("reason") == FULL:
            return Words(
                zh="服务器磁盘已满，数据未丢失；请删除不需要的商品，或联系管理员清理磁盘",
                en="The server's disk is full; nothing was lost. Delete what you no longer need, or ask the "
                "operator to make room.",
            )
        if params.get("reason") == READ_ONLY:
            return Words(
                zh="服务器的数据目录不可写，数据未丢失；请联系管理员",
                en="The server's data folder is not writable; nothing was lost. Please tell the operator.",
            )
        return super().words(params)


class ProviderError(StillroomError):
    """A provider failed to make a picture; the router decides whether to retry or fall back."""

    code, kind = "E_AI_MODEL_UNAVAILABLE", ErrorKind.UNAVAILABLE
    title = "No model could do this right now."
    title_zh = "暂时没有可用的模型"
    retryable = True


class ProviderUnavailable(ProviderError):
    """The model is down, retired, or returned an unusable response."""


class ProviderRateLimited(ProviderError):
    """The model's rate limit is reached; `params["retry_after_seconds"]` is set if a delay is stated."""

    code, kind = "E_AI_RATE_LIMITED", ErrorKind.LIMITED
    title = "The model is rate-limited; we switched automatically."
    title_zh = "模型限流，已自动回退"


class ProviderTimeout(ProviderError):
    """The model did not respond within its ceiling."""

    code, kind = "E_AI_TIMEOUT", ErrorKind.UPSTREAM_TIMEOUT
    title = "The model took too long."
    title_zh = "模型响应超时"


class ProviderRejectedRequest(ProviderError):
    """The model rejects the API key."""

    code, kind = "E_AI_AUTH", ErrorKind.UPSTREAM_AUTH
    title = "The model's key was not accepted."
    title_zh = "模型密钥无效"
    retryable = False


class ContentRefused(ProviderError):
    """The model refuses this picture or prompt."""

    code, kind = "E_AI_CONTENT_REFUSED", ErrorKind.REFUSED
    title = "The model declined this request."
    title_zh = "模型拒绝了该请求，请调整描述"
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


def stored_error(error: StillroomError, request_id: str | None) -> dict[str, Any]:
    """Serialise an error for storage on a job: code, detail, params; web and CLI add status and texts."""
    return {"code": error.code, "detail": error.detail, "params": error.params, "request_id": request_id}


def error_from(stored: Mapping[str, Any]) -> StillroomError:
    """Return the error that was stored; a code that this release does not know is an internal error."""
    return BY_CODE.get(stored["code"], InternalError)(stored["detail"], **stored["params"])


_LIMITS = ("ge", "gt", "le", "lt", "min_length", "max_length", "pattern", "expected")
"""Keys of pydantic's error context that say what is allowed."""

_OF_NUMBERS = ("greater_than", "less_than", "multiple_of", "finite_number", "float_", "int_")
"""Beginnings of pydantic's error types of fields that hold numbers."""


def field_error(field: str, place: str, error: ErrorDetails) -> dict[str, Any]:
    """Return an invalid field, as `params["fields"]` of a `ValidationFailed` lists it.

    Args:
        field: Path of the field, such as `changes.framing.fill`.
        place: Part of the request that holds it: `body`, `query`, `path` or `header`.
        error: Pydantic's error.
    """
    value = error.get("input")
    is_of_number = error["type"].startswith(_OF_NUMBERS)
    if is_of_number and isinstance(value, float) and not isfinite(value):
        # A comparison with a limit fails as well, but says nothing about the cause.
        return {"field": field, "in": place, "reason": "finite_number", "message": "must be a finite number"}
    invalid = {"field": field, "in": place, "reason": error["type"], "message": error["msg"]}
    context: Mapping[str, Any] = error.get("ctx", {})
    limit = next((context[key] for key in _LIMITS if key in context), None)
    return invalid if limit is None else {**invalid, "limit": limit}
