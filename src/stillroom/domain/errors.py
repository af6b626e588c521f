"""Every error a user can meet, with its code, its kind and its words in both languages."""

from collections.abc import Mapping
from enum import Enum
from math import ceil
from typing import Any, ClassVar

from stillroom.domain.told_back import sentence
from stillroom.domain.words import Words

FULL, READ_ONLY = "full", "read_only"
"""Why storage takes nothing more, where that is known."""


class ErrorKind(Enum):
    """What sort of fault it is; each door maps a kind to its own vocabulary once."""

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
    """Base of the tree.

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
        """Keep the sentence and the facts; the sentence defaults to the title."""
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.params = params

    @classmethod
    def words(cls, params: Mapping[str, Any]) -> Words:
        """The title of an occurrence with these facts."""
        return Words(zh=cls.title_zh, en=cls.title)


class InternalError(StillroomError):
    """A fault of ours; nothing of it is shown but the request id."""

    retryable = True


class WorkerLost(StillroomError):
    """The process that did the work died as often as a job may be tried."""

    code = "E_WORKER_LOST"
    title = "The work was interrupted too often."
    title_zh = "任务多次中断"
    retryable = True


class ValidationFailed(StillroomError):
    """A field of the request cannot be used; `params["fields"]` says which and why."""

    code, kind = "E_VALIDATION", ErrorKind.INVALID
    title = "Something in the request needs to be changed."
    title_zh = "请求中有内容需要修改"


class PromptInvalid(StillroomError):
    """The instruction is empty, too long, holds no words, or none that is understood.

    `params["told_back"]` has what was not understood: `text`, `reason` and `suggestion` of each part.
    """

    code, kind = "E_PROMPT_INVALID", ErrorKind.INVALID
    title = "We could not use this instruction."
    title_zh = "描述无法使用，请修改后再试"

    @classmethod
    def words(cls, params: Mapping[str, Any]) -> Words:
        """With the words that were not understood, and what to do, where that is the reason."""
        told = params.get("told_back")
        return sentence(told) if told else super().words(params)


class IdempotencyMismatch(StillroomError):
    """The same idempotency key came with another request."""

    code, kind = "E_IDEMPOTENCY_MISMATCH", ErrorKind.INVALID
    title = "This key was already used for a different request."
    title_zh = "该幂等键已用于另一个请求"


class Unauthorized(StillroomError):
    """No token, or one that is not known."""

    code, kind = "E_UNAUTHORIZED", ErrorKind.UNAUTHORIZED
    title = "Sign in to continue."
    title_zh = "请先登录"


class NotFound(StillroomError):
    """It does not exist, has expired, or belongs to another owner."""

    code, kind = "E_NOT_FOUND", ErrorKind.NOT_FOUND
    title = "Not found."
    title_zh = "找不到该内容"


class Conflict(StillroomError):
    """Not possible in the present state."""

    code, kind = "E_CONFLICT", ErrorKind.CONFLICT
    title = "That is not possible in this state."
    title_zh = "当前状态下无法执行该操作"


class NotMadeYet(Conflict):
    """A file is still being made; `params["retry_after_seconds"]` says when to come again."""

    retryable = True


class RateLimited(StillroomError):
    """Too many requests of one owner; `params["retry_after_seconds"]` says when to come again."""

    code, kind = "E_RATE_LIMITED", ErrorKind.LIMITED
    title = "Too many requests; try again in a moment."
    title_zh = "请求过于频繁，请稍后再试"
    retryable = True

    @classmethod
    def words(cls, params: Mapping[str, Any]) -> Words:
        """With the seconds to wait, where they are known."""
        if "retry_after_seconds" not in params:
            return super().words(params)
        seconds = max(1, ceil(float(params["retry_after_seconds"])))
        return Words(
            zh=f"请求过于频繁，请 {seconds} 秒后再试", en=f"Too many requests; try again in {seconds} s."
        )


class InputTooLarge(StillroomError):
    """The picture is over the limit in bytes or pixels."""

    code, kind = "E_INPUT_TOO_LARGE", ErrorKind.TOO_LARGE
    title = "The picture is too large; compress it and try again."
    title_zh = "图片过大，请压缩后再试"


class InputUnsupported(StillroomError):
    """Not a picture, not one of the kinds we open, or not what its name says."""

    code, kind = "E_INPUT_UNSUPPORTED", ErrorKind.UNSUPPORTED
    title = "This is not a picture we can open."
    title_zh = "不支持的文件类型"


class InputCorrupt(StillroomError):
    """The picture's bytes are damaged or cut short."""

    code, kind = "E_INPUT_CORRUPT", ErrorKind.INVALID
    title = "The picture is damaged."
    title_zh = "图片已损坏"


class StorageUnavailable(StillroomError):
    """The database or the blob store did not answer, is full, or may only be read.

    `params["reason"]` says which of the last two it is: `full` or `read_only`.
    """

    code, kind = "E_STORAGE_IO", ErrorKind.UNAVAILABLE
    title = "Storage is not reachable; nothing was lost."
    title_zh = "存储暂不可用，数据未丢失"
    retryable = True

    @classmethod
    def words(cls, params: Mapping[str, Any]) -> Words:
        """With the cause, where it is known."""
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
    """A provider could not make the picture; the router decides what follows."""

    code, kind = "E_AI_MODEL_UNAVAILABLE", ErrorKind.UNAVAILABLE
    title = "No model could do this right now."
    title_zh = "暂时没有可用的模型，请稍后重试"
    retryable = True


class ProviderUnavailable(ProviderError):
    """The model is down, gone, or gave an unusable answer."""


class ProviderRateLimited(ProviderError):
    """The model asks to slow down; `params["retry_after_seconds"]` where it says for how long."""

    code, kind = "E_AI_RATE_LIMITED", ErrorKind.LIMITED
    title = "The model is rate-limited; we switched automatically."
    title_zh = "模型限流，已自动回退"


class ProviderTimeout(ProviderError):
    """The model did not answer within its ceiling."""

    code, kind = "E_AI_TIMEOUT", ErrorKind.UPSTREAM_TIMEOUT
    title = "The model took too long."
    title_zh = "模型响应超时"


class ProviderRejectedRequest(ProviderError):
    """The model does not accept our key."""

    code, kind = "E_AI_AUTH", ErrorKind.UPSTREAM_AUTH
    title = "The model's key was not accepted."
    title_zh = "模型密钥无效"
    retryable = False


class ContentRefused(ProviderError):
    """The model declines this picture or these words."""

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
"""One class per code, in the order in which the codes are documented."""

BY_CODE: dict[str, type[StillroomError]] = {error.code: error for error in CATALOGUE}


def fault_of(error: StillroomError, request_id: str | None) -> dict[str, Any]:
    """An error as it is stored on a job: code, sentence, facts; doors add status and words."""
    return {"code": error.code, "detail": error.detail, "params": error.params, "request_id": request_id}
