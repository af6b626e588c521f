"""Failures of tools: the problem object of the API, and what to do about it."""

from typing import Any

from pydantic import ValidationError

from stillroom.domain.errors import (
    ErrorKind,
    InputCorrupt,
    StillroomError,
    StorageUnavailable,
    ValidationFailed,
    stored_error,
)
from stillroom.domain.field_errors import field_error
from stillroom.domain.providers.capabilities import LOCAL
from stillroom.web.problems import Problem, problem_of_stored

_ADVICE = {
    ErrorKind.INVALID: "Change the arguments as `detail` and `params` say, and call again.",
    ErrorKind.UNAUTHORIZED: "Send a valid token in the header `Authorization: Bearer`.",
    ErrorKind.NOT_FOUND: "Check the id or the path; ids belong to one owner, and end when they are deleted.",
    ErrorKind.CONFLICT: "Look at the present state, and do what `detail` says.",
    ErrorKind.TOO_LARGE: "Use a smaller file, or upload it with `POST /upload` and pass `image_id`.",
    ErrorKind.UNSUPPORTED: "Use a JPEG, PNG, WebP, AVIF, HEIC, TIFF or GIF.",
    ErrorKind.LIMITED: "Wait, and call again.",
    ErrorKind.REFUSED: "Word the instruction differently, or use `provider=local`.",
    ErrorKind.UPSTREAM_AUTH: "Use `provider=local`, and tell the operator that the key is not accepted.",
    ErrorKind.UPSTREAM_TIMEOUT: "Call again, or use `provider=local`.",
    ErrorKind.UNAVAILABLE: "Call again in a minute, or use `provider=local`.",
    ErrorKind.INTERNAL: "Call again; if it stays, tell the operator the `request_id`.",
}

_BY_CODE = {
    InputCorrupt.code: "Use another file of the photo, or save it anew.",
    StorageUnavailable.code: "Call again in a minute; if it stays, tell the operator.",
}
_BY_REASON = {
    "full": "Ask the user to delete what is no longer needed, or the operator to make room on the disk.",
    "read_only": "Tell the operator that the data folder cannot be written; calling again does not help.",
}
_TOO_SMALL = "Use a larger photo; `detail` names the smallest size."
_TOO_MANY_PIXELS = "Use a smaller picture; `detail` names the limit."
_CLOUD_KINDS = frozenset(
    {
        ErrorKind.LIMITED,
        ErrorKind.REFUSED,
        ErrorKind.UPSTREAM_AUTH,
        ErrorKind.UPSTREAM_TIMEOUT,
        ErrorKind.UNAVAILABLE,
    }
)


class ToolProblem(Problem):
    """Error of a tool: the API's problem object, with advice for the agent."""

    what_to_do: str


def tool_problem(error: StillroomError, request_id: str | None) -> ToolProblem:
    problem = problem_of_stored(stored_error(error, request_id), "en", kind=type(error))
    return ToolProblem(**problem.model_dump(), what_to_do=_advice(error, problem.params))


def _advice(error: StillroomError, params: dict[str, Any]) -> str:
    suggested = [told["suggestion"] for told in params.get("told_back", ()) if told.get("suggestion")]
    if suggested:
        return " ".join(suggested)
    if "retry_after_seconds" in params:
        return f"Wait {max(1, round(float(params['retry_after_seconds'])))} s, and call again."
    if (known := _BY_REASON.get(error.reason) or _BY_CODE.get(error.code)) is not None:
        return known
    what = params.get("what", "bytes")
    if error.kind is ErrorKind.UNSUPPORTED and what == "side":
        return _TOO_SMALL
    if error.kind is ErrorKind.TOO_LARGE and what != "bytes":
        return _TOO_MANY_PIXELS
    # After all clouds the local provider was asked too, so that to name it cannot help.
    was_local = any(one["provider"] == LOCAL for one in params.get("attempts", ()))
    return _ADVICE[ErrorKind.INTERNAL if was_local and error.kind in _CLOUD_KINDS else error.kind]


def of_arguments(error: ValidationError) -> ValidationFailed:
    """Return the error for arguments that do not fit the schema of a tool."""
    fields = [
        field_error(".".join(map(str, one["loc"])) or "arguments", "body", one)
        for one in error.errors(include_url=False)
    ]
    detail = "; ".join(f"{field['field']}: {field['message']}" for field in fields[:5])
    return ValidationFailed(f"The arguments do not fit: {detail}.", fields=fields)
