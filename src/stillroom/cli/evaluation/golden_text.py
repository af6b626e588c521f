"""Terminal output of golden set runs."""

import sys
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from stillroom.cli.console import plain_table
from stillroom.domain.golden_votes import GoldenVote
from stillroom.evaluation.golden.comparison import Change, Comparison
from stillroom.evaluation.golden.runs import (
    FIGURES,
    CaseResult,
    GateVerdict,
    Run,
    adoption_of,
    gate,
    summary_of,
    worst_first,
)
from stillroom.evaluation.golden.tables import adoption_text, gate_text, summary_lines

_WORST = 5
_FILE_WIDTH = 120
_SIGN = {
    GateVerdict.PASS: "[green]✓[/]",
    GateVerdict.FAIL: "[bold red]✗[/]",
    GateVerdict.UNMEASURED: "[yellow]?[/]",
}


def line_of(result: CaseResult) -> str:
    sign = "[green]✓[/]" if result.ok else "[red]✗[/]"
    parts = [
        f"{result.first_image_ms} ms" if result.first_image_ms is not None else "no picture",
        result.model or "",
        f"IoU {result.alpha_iou:.3f}" if result.alpha_iou is not None else "",
        f"ΔE {result.product_delta_e:.2f}" if result.product_delta_e is not None else "",
        result.error or "",
        f"fell back: {'; '.join(result.fallbacks)}" if result.fallbacks else "",
        f"[yellow]{', '.join(result.auto_notes)}[/]" if result.auto_notes else "",
    ]
    return f"{sign} {result.case}  " + "  ".join(part for part in parts if part)


def print_run(run: Run, comparison: Comparison | None, votes: Sequence[GoldenVote]) -> None:
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _FILE_WIDTH)
    summary = summary_of(run)
    console.print(_cases(run))
    figures = plain_table(show_header=False)
    for name, text in summary_lines(summary, run.header.faults):
        figures.add_row(name, escape(text))
    figures.add_row("top-1 adoption", adoption_text(adoption_of(run.header.id, votes)))
    for field, name, digits in FIGURES:
        value = summary.means[field]
        figures.add_row(name, "not measured" if value is None else f"{value:.{digits}f}")
    console.print(figures)
    _print_worst(console, run)
    if comparison is not None:
        _print_comparison(console, comparison)
    _print_gate(console, run, comparison)


def _cases(run: Run) -> Table:
    table = plain_table(title_justify="center", title=f"Run {run.header.id}, version {run.header.version}")
    for column in ("case", "by", "first ms", "IoU", "MAE", "bF", "ΔE", "SSIM", "label", "halo", "ring"):
        table.add_column(column, justify="left" if column in ("case", "by") else "right", no_wrap=True)
    table.add_column("backdrop")
    for one in run.plain:
        backdrop = {None: "", True: "ok", False: escape(one.backdrop_note or "no")}[one.backdrop_ok]
        table.add_row(
            one.case if run.header.repeats == 1 else f"{one.case} {one.repeat}",
            one.provider or escape(one.error or ""),
            _number(one.first_image_ms, 0),
            _number(one.alpha_iou, 3),
            _number(one.alpha_mae, 4),
            _number(one.boundary_f, 3),
            _number(one.product_delta_e, 2),
            _number(one.product_ssim, 3),
            _number(one.label_ssim, 3),
            _number(one.halo, 1),
            _number(one.ringing, 1),
            backdrop,
        )
    return table


def _print_worst(console: Console, run: Run) -> None:
    complaints = [one for one in worst_first(run.plain) if one.auto_notes or not one.ok][:_WORST]
    if complaints:
        console.print("\nWorst first:")
    for one in complaints:
        console.print(f"  {one.case}: {escape(', '.join(one.auto_notes) or one.error or '')}")


def _print_comparison(console: Console, comparison: Comparison) -> None:
    console.print(f"\nCompared with {comparison.before}:")
    if comparison.differences:
        console.print(f"  the runs differ in {', '.join(comparison.differences)}")
    shown = [change for change in comparison.changes if change.is_worse or change.is_better]
    for change in shown:
        console.print("  " + _change_text(change))
    if not shown:
        console.print("  no measure has changed beyond chance by an amount that matters")


def _change_text(change: Change) -> str:
    sign = "[bold red]worse[/]" if change.is_worse else "[green]better[/]"
    about = {"all": "all cases", "category": f"category {change.about}", "case": change.about}[change.scope]
    low, high = change.interval
    return (
        f"{sign}  {change.measure}, {about}: {change.before:.4g} → {change.after:.4g}"
        f" (change {low:+.4g} to {high:+.4g})"
    )


def _print_gate(console: Console, run: Run, comparison: Comparison | None) -> None:
    console.print("\nRelease gate:")
    lines = gate(summary_of(run))
    for line in lines:
        name, value, limit = gate_text(line, run.header.faults)
        console.print(f"  {_SIGN[line.verdict]} {name}: {value} (gate {limit})")
    regressions = comparison.regressions if comparison is not None else ()
    if comparison is not None:
        sign = _SIGN[GateVerdict.FAIL if regressions else GateVerdict.PASS]
        console.print(f"  {sign} real regressions: {len(regressions)}")
    if any(line.verdict is GateVerdict.FAIL for line in lines) or regressions:
        console.print("[bold red]This build may not be released.[/]")
    elif any(line.verdict is GateVerdict.UNMEASURED for line in lines):
        console.print("[yellow]Nothing speaks against a release, but not all was measured.[/]")
    else:
        console.print("[green]This build may be released.[/]")


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"
