"""Failures of tools: the problem object of the API, and what to do about it."""

from typing import Any

from pydantic import ValidationError

from stillroom.domain.errors import ErrorKind, StillroomError, ValidationFailed, field_error, stored_error
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
    return _ADVICE[error.kind]


def of_arguments(error: ValidationError) -> ValidationFailed:
    """Return the error for arguments that do not fit the schema of a tool."""
    fields = [
        field_error(".".join(map(str, one["loc"])) or "arguments", "body", one)
        for one in error.errors(include_url=False)
    ]
    detail = "; ".join(f"{field['field']}: {field['message']}" for field in fields[:5])
    return ValidationFailed(f"The arguments do not fit: {detail}.", fields=fields)
