"""Errors of the command line: exit codes, and the same problem object as in HTTP."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from stillroom.domain.errors import (
    ErrorKind,
    StillroomError,
    StorageUnavailable,
    ValidationFailed,
    stored_error,
)

EXIT_CODES: Mapping[ErrorKind, int] = {
    ErrorKind.INVALID: 3,
    ErrorKind.TOO_LARGE: 3,
    ErrorKind.UNSUPPORTED: 3,
    ErrorKind.NOT_FOUND: 4,
    ErrorKind.CONFLICT: 4,
    ErrorKind.UNAUTHORIZED: 5,
    ErrorKind.UPSTREAM_AUTH: 5,
    ErrorKind.LIMITED: 6,
    ErrorKind.REFUSED: 6,
    ErrorKind.UPSTREAM_TIMEOUT: 6,
    ErrorKind.UNAVAILABLE: 6,
    ErrorKind.INTERNAL: 1,
}


def asks_for_json(arguments: Sequence[str]) -> bool:
    """Return whether the arguments contain `--json` before a `--` separator."""
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return "--json" in options


def as_json(error: StillroomError) -> dict[str, Any]:
    """Return the problem object of an error, as in HTTP."""
    from stillroom.web.problems import problem_of_stored

    return problem_of_stored(stored_error(error, None), "en", kind=type(error)).model_dump(mode="json")


def of_settings(lines: Sequence[str]) -> ValidationFailed:
    """Return invalid settings as an error with one field each."""
    parts = [line.partition(": ") for line in lines]
    fields = [{"field": name, "message": message} for name, _, message in parts if message]
    return ValidationFailed("; ".join(lines), fields=fields)


def of_usage(ended: SystemExit) -> ValidationFailed | None:
    """Return the parser's usage error if that caused the exit; its text has been printed already."""
    said = getattr(ended.__context__, "format_message", None)
    return ValidationFailed(str(said())) if said and ended.code else None


@contextmanager
def file_errors(path: Path) -> Iterator[None]:
    """Translate OS errors of work on a path. Raises StorageUnavailable."""
    try:
        yield
    except OSError as error:
        raise of_system(error, path) from error


def of_system(error: OSError, path: Path | None = None) -> StorageUnavailable:
    """Translate an OS error, with file and reason; `path` is used if the error names no file."""
    file = path or error.filename
    where = f"{file}: " if file is not None else ""
    return StorageUnavailable(f"{where}{error.strerror or error}.")
