"""`stillroom read`: show what an instruction would change, without a photo."""

import json
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal

import typer
from pydantic import BaseModel, ConfigDict, ValidationError
from rich.console import Console
from rich.markup import escape

from stillroom.application.instructions.reading import by_rules, shown
from stillroom.application.jobs.orders import usable_prompt
from stillroom.cli import problems
from stillroom.cli.console import AsJson, print_json
from stillroom.domain.errors import StillroomError, ValidationFailed
from stillroom.domain.plans.plan import CarriedOutPlan, Plan, starting_plan
from stillroom.domain.providers.requests import Operation
from stillroom.domain.told_back import sentence

_Operation = Literal["optimize", "bg_replace", "refine"]

_BYTE_ORDER_MARK = "\ufeff"
"""Start of a text file by some Windows editors."""


class _Request(BaseModel):
    """A line of standard input: an instruction with the plan that it changes.

    Attributes:
        base: Fields that are not given have the values of a white packshot; of `refine`, a picture's plan.
            Without a base, the operation's starting plan is changed.
    """

    model_config = ConfigDict(extra="forbid")

    text: str
    operation: _Operation | None = None
    base: Plan | None = None

    def start(self, operation: _Operation) -> Plan:
        if self.base is None:
            return starting_plan(operation)
        return CarriedOutPlan.of(self.base).as_start() if operation == "refine" else self.base


def read_command(
    text: Annotated[
        list[str] | None, typer.Argument(help="The instruction; without it, one per line of standard input.")
    ] = None,
    operation: Annotated[_Operation, typer.Option(help="What the instruction is for.")] = "bg_replace",
    as_json: AsJson = False,
) -> None:
    """Show what an instruction changes and what of it is not understood.

    Without TEXT, every line of standard input is an instruction, or a JSON object with `text`, `operation`
    and `base` (a plan, or the fields that differ from a white packshot). Every line, also a blank one, is
    answered by a line of JSON; the exit code is 1 if one could not be read.
    """
    if text is None:
        lines = typer.get_text_stream("stdin", encoding="utf-8", errors="replace")
        has_failed = False
        for answer in _answers(lines, operation):
            typer.echo(json.dumps(answer, ensure_ascii=False))
            has_failed = has_failed or "error" in answer
        raise typer.Exit(int(has_failed))
    read = _read(_Request(text=" ".join(text)), operation)
    if as_json:
        print_json(read)
    else:
        _print(read, " ".join(text))


def _answers(lines: Iterable[str], operation: _Operation) -> Iterator[dict[str, Any]]:
    """Yield one answer per line; a line that cannot be read is answered by its problem."""
    for number, line in enumerate(lines, 1):
        try:
            yield _read(_request_of(line.strip().removeprefix(_BYTE_ORDER_MARK)), operation)
        except StillroomError as error:
            yield {"line": number, "error": problems.as_json(error)}


def _request_of(line: str) -> _Request:
    # A sentence has no such brackets at its ends; half an object must not be read as one.
    if not line.startswith(("{", "[")) and not line.endswith(("}", "]")):
        return _Request(text=line)
    try:
        return _Request.model_validate_json(line)
    except ValidationError as error:
        fields = [
            {"field": ".".join(map(str, one["loc"])) or "line", "message": one["msg"]}
            for one in error.errors()
        ]
        raise ValidationFailed(f"{fields[0]['field']}: {fields[0]['message']}.", fields=fields) from error


def _read(request: _Request, operation: _Operation) -> dict[str, Any]:
    """Read an instruction; `text` of a change is the clause that asks for it, else the whole instruction."""
    text = usable_prompt(request.text, required=True)
    operation = request.operation or operation
    reading = by_rules(text, request.start(operation), Operation(operation))
    return {
        "reader": reading.reader,
        "plan": reading.plan.model_dump(mode="json"),
        "changes": [
            {
                "part": change.part,
                "field": change.field,
                "from": change.old,
                "to": change.new,
                "text": change.text,
                "label": change.label.like(text),
            }
            for change in shown(text, reading)
        ],
        "told_back": [told.params for told in reading.told_back],
    }


def _print(read: dict[str, Any], text: str) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for label in dict.fromkeys(change["label"] for change in read["changes"]):
        console.print(f"[green]✓[/] {escape(label)}")
    for told in read["told_back"]:
        console.print(f"[yellow]?[/] {escape(sentence([told]).like(text))}")
    if not read["changes"] and not read["told_back"]:
        console.print("Understood; the plan is like that already.")
