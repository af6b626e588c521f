"""What machines are told of an error on the command line: the same object that HTTP answers with."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from stillroom.domain.errors import StillroomError, StorageUnavailable, ValidationFailed, fault_of


def asks_for_json(arguments: Sequence[str]) -> bool:
    """Whether a command line has `--json` before a lone `--`, behind which all are names."""
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return "--json" in options


def spelled(error: StillroomError) -> dict[str, Any]:
    """The problem as HTTP answers it."""
    from stillroom.web.problems import problem_of_fault

    return problem_of_fault(fault_of(error, None), "en", kind=type(error)).model_dump(mode="json")


def tell_machines(error: StillroomError) -> None:
    """Print the problem to standard output."""
    typer.echo(json.dumps(spelled(error), ensure_ascii=False, indent=2))


def of_settings(faults: Sequence[str]) -> ValidationFailed:
    """Settings that cannot be used, each as a field."""
    parts = [fault.partition(": ") for fault in faults]
    fields = [{"field": name, "message": message} for name, _, message in parts if message]
    return ValidationFailed("; ".join(faults), fields=fields)


def of_usage(ended: SystemExit) -> ValidationFailed | None:
    """What the command line's parser has refused, if that is why it ends; it has told people already."""
    said = getattr(ended.__context__, "format_message", None)
    return ValidationFailed(str(said())) if said and ended.code else None


def of_system(error: OSError, path: Path | None = None) -> StorageUnavailable:
    """What the system refused: which file, and why. Some errors do not know the file."""
    file = path or error.filename
    where = f"{file}: " if file is not None else ""
    return StorageUnavailable(f"{where}{error.strerror or error}.")
