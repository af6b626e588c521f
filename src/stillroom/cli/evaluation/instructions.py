"""`stillroom eval instructions`: how well sentences with known meaning are read."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from stillroom.cli.console import AsJson, print_json
from stillroom.domain.errors import NotFound, ValidationFailed
from stillroom.domain.language.reader import understand
from stillroom.domain.plans.changes import changes_between
from stillroom.evaluation.instructions.assessment import (
    Assessed,
    Tally,
    assess,
    paraphrases,
    tallies,
    tally,
)
from stillroom.evaluation.instructions.judging import ReadingClass, change_text
from stillroom.evaluation.instructions.sentences import Kind, Sentence, sentences_of

_FILE_WIDTH = 120


def eval_instructions_command(
    file: Annotated[
        Path, typer.Argument(help="Sentences, such as golden/instructions.json.", readable=False)
    ],
    only: Annotated[Kind | None, typer.Option(help="Kind of sentences; default: all.")] = None,
    part: Annotated[
        Literal["tune", "check"] | None, typer.Option("--set", help="Set of sentences; default: all.")
    ] = None,
    totals: Annotated[
        bool, typer.Option("--totals", help="Print no sentence: those of `check` shall stay unread.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read sentences whose meaning is known, and show how many are read right.

    The exit code says only whether the file could be read.
    """
    chosen = [
        sentence
        for sentence in _sentences(file)
        if only in (None, sentence.kind) and part in (None, sentence.part)
    ]
    if not chosen:
        raise ValidationFailed(f"{file.name} contains no such sentences.")
    assessed = assess(chosen, understand)
    if as_json:
        print_json(_as_json(assessed, totals=totals))
    else:
        _print(assessed, totals=totals)


def _sentences(file: Path) -> tuple[Sentence, ...]:
    try:
        text = file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise ValidationFailed(f"{file.name} is not UTF-8 (byte {error.start}).") from error
    except OSError as error:
        raise NotFound(f"There is no file {file} that can be read.") from error
    return sentences_of(text, file.name)


def _groups(assessed: Sequence[Assessed]) -> Mapping[str, Mapping[str, Tally]]:
    return {
        "language": tallies(assessed, lambda sentence: sentence.lang),
        "kind": tallies(assessed, lambda sentence: sentence.kind),
        "set": tallies(assessed, lambda sentence: sentence.part),
    }


def _as_json(assessed: Sequence[Assessed], *, totals: bool) -> dict[str, Any]:
    slowest = max(assessed, key=lambda one: one.ms)
    return {
        **tally(assessed).as_json(),
        **{
            f"by_{name}": {key: one.as_json() for key, one in group.items()}
            for name, group in _groups(assessed).items()
        },
        "paraphrases": paraphrases(assessed).as_json(),
        "slowest": {"id": slowest.sentence.id, "ms": round(slowest.ms, 2)},
        "results": [
            {
                "id": one.sentence.id,
                "text": one.sentence.text,
                "class": one.verdict.value,
                "differences": list(one.judgement.differences),
                "changes": _changes(one),
                "told_back": [told.params for told in one.understanding.told_back],
            }
            for one in assessed
            if not totals
        ],
    }


def _changes(one: Assessed) -> list[str]:
    return [change_text(change) for change in changes_between(one.sentence.start, one.understanding.plan)]


def _print(assessed: Sequence[Assessed], *, totals: bool) -> None:
    console = Console(highlight=False, width=None if Console().is_terminal else _FILE_WIDTH)
    for one in sorted(assessed, key=lambda one: list(ReadingClass).index(one.verdict), reverse=True):
        if not (totals or one.verdict.is_right):
            console.print(f"[bold]{one.verdict}[/] {one.sentence.id}: {escape(one.sentence.text)}")
            for difference in one.judgement.differences:
                console.print(f"    {escape(difference)}")
            if changes := ", ".join(_changes(one)):
                console.print(f"    changes: {escape(changes)}")
    console.print(_shares(assessed))
    groups = paraphrases(assessed)
    console.print(
        f"Paraphrases: {groups.sentences.right:.1%} of {groups.sentences.total} sentences right, "
        f"{groups.whole_groups} of {groups.groups} groups as a whole."
    )
    slowest = max(assessed, key=lambda one: one.ms)
    console.print(f"Slowest: {slowest.ms:.1f} ms ({slowest.sentence.id}).")


def _shares(assessed: Sequence[Assessed]) -> Table:
    table = Table("", "sentences", "right or told back", *(one.value for one in ReadingClass), box=None)
    _add_row(table, "all", tally(assessed))
    for group in _groups(assessed).values():
        table.add_section()
        for name, counted in group.items():
            _add_row(table, name, counted)
    return table


def _add_row(table: Table, name: str, counted: Tally) -> None:
    shares = (f"{counted.share(one):.1%}" for one in ReadingClass)
    table.add_row(name, str(counted.total), f"{counted.right:.1%}", *shares)
