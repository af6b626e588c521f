"""`stillroom check`: check a picture against published rules; prints a table or JSON."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from stillroom.application.exports.checking import Measured
from stillroom.application.photos.photo_files import read_photo
from stillroom.bootstrap.checking import checking
from stillroom.cli.console import AsJson, print_json, quiet_command
from stillroom.domain.exports.presets import Check, Verdict
from stillroom.settings import load

_SIGNS = {
    Verdict.FAIL: "[red]✗ fail[/]",
    Verdict.WARN: "[yellow]! warn[/]",
    Verdict.MANUAL: "[cyan]? look[/]",
    Verdict.PASS: "[green]✓ pass[/]",
}
"""Ordered from worst to best; the rows are sorted by it."""


@quiet_command
async def check(
    file: Annotated[Path, typer.Argument(help="A picture, wherever it was made.", readable=False)],
    preset: Annotated[list[str], typer.Option(help="Whose rules; may be given several times.")],
    as_json: AsJson = False,
) -> int:
    """Check a picture against a marketplace's published rules."""
    settings = load()
    data = await asyncio.to_thread(read_photo, file, settings.limits.max_upload_bytes)
    with checking(settings) as service:
        results = [await service.check(data, one, file_name=file.name) for one in preset]
    if as_json:
        print_json([_as_json(file, result) for result in results])
    else:
        for result in results:
            _print(file, result)
    broken = any(one.verdict is Verdict.FAIL for result in results for one in result.checks)
    return 1 if broken else 0


def _as_json(file: Path, result: Measured) -> dict[str, object]:
    return {
        "file": str(file),
        "preset": result.preset.id,
        "product_found_by": result.product_found_by,
        "checks": [one.model_dump(mode="json") for one in result.checks],
    }


def _print(file: Path, result: Measured) -> None:
    order = list(_SIGNS)
    rows = sorted(result.checks, key=lambda one: order.index(one.verdict))
    table = Table("", "rule", "measured", "limit", "grade", "what to do", title_justify="left", expand=False)
    table.title = f"{file.name} against {result.preset.name.en}"
    for one in rows:
        limit, grade = one.limit or "", one.grade or ""
        table.add_row(_SIGNS[one.verdict], one.title.en, one.measured or "", limit, grade, _advice(one))
    console = Console(highlight=False)
    console.print(table)
    if result.product_found_by is None and any(_waits_for_the_product(one) for one in rows):
        console.print("Where the product is was not found out, so those rules are yours to judge.")
        console.print("`stillroom models fetch` fetches the networks that find it.")
    dates = sorted({one.checked_on for one in rows if one.grade})
    if dates:
        console.print(f"Measured against published rules as of {dates[0]}; this is not an approval.")


def _advice(one: Check) -> str:
    if one.fix is not None:
        return one.fix.label.en
    return one.note.en if one.note else ""


def _waits_for_the_product(one: Check) -> bool:
    return one.verdict is Verdict.MANUAL and one.note is None and one.rule.startswith(("subject_", "white_"))
