"""HTML report of a golden-set run: one self-contained file without network requests."""

import base64
from collections.abc import Mapping, Sequence
from html import escape

from stillroom.domain.golden_votes import GoldenVote
from stillroom.evaluation import measurement
from stillroom.evaluation.comparison import Comparison
from stillroom.evaluation.plots import history_plot, strip_plot
from stillroom.evaluation.runs import (
    CaseResult,
    GateVerdict,
    Run,
    RunHeader,
    adoption_of,
    gate,
    summary_of,
    worst_first,
)
from stillroom.evaluation.tables import FIGURES, adoption_text, gate_text, summary_lines

_SHOWN_SIDE = 360  # pixels
_WORST = 6
_SIGNS = {
    GateVerdict.PASS: ("ok", "✓"),
    GateVerdict.FAIL: ("bad", "✗"),
    GateVerdict.UNMEASURED: ("open", "?"),
}

_STYLE = """
:root { color-scheme: light dark; --ink: #1c1c1c; --soft: #666; --line: #ddd; --ground: #fff; --mark: #2f6f5e;
  --bad: #b3261e; --open: #8a5a00; }
@media (prefers-color-scheme: dark) { :root { --ink: #eee; --soft: #aaa; --line: #444; --ground: #1b1b1b;
  --mark: #7fc4ae; --bad: #ff8a80; --open: #e0b060; } }
body { font: 14px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); margin: 32px auto;
  max-width: 1080px; padding: 0 24px; }
h1 { font-size: 22px; } h2 { font-size: 16px; margin: 40px 0 12px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 4px 12px 4px 0;
  border-bottom: 1px solid var(--line); }
th { font-weight: 400; color: var(--soft); }
td.n { text-align: right; }
.ok { color: var(--mark); } .bad { color: var(--bad); } .open { color: var(--open); }
.soft { color: var(--soft); }
.case { display: grid; grid-template-columns: repeat(3, 1fr) 220px; gap: 12px; margin-bottom: 24px; }
.case img { width: 100%; height: 240px; object-fit: contain; background: #808080; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(320px, 1fr)); gap: 20px 32px; }
figure { margin: 0; } figcaption { color: var(--soft); }
svg { width: 100%; height: auto; } svg text { fill: var(--soft); font: 11px system-ui, sans-serif; }
.scroll { overflow-x: auto; }
"""


def report_of(
    run: Run,
    comparison: Comparison | None,
    votes: Sequence[GoldenVote],
    history: Sequence[Run],
    pictures: Mapping[str, bytes],
) -> str:
    """Render the report.

    Args:
        run: Run to report.
        comparison: Comparison with an earlier run, if any.
        votes: Votes on this run.
        history: Runs of the same provider chain, newest first.
        pictures: WebP files by name, such as `mug_kitchen.source`.
    """
    parts = [
        _head(run.header),
        _gate(run, comparison),
        _figures(run, votes),
        _changes(comparison) if comparison else "",
        _distributions(run, history),
        _worst(run, pictures),
        _history(history),
        _all_cases(run),
        _conditions(run),
    ]
    title = f"Golden set {escape(run.header.id)}"
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style>'
        f"<body>{''.join(parts)}</body></html>\n"
    )


def _head(header: RunHeader) -> str:
    revision = f", revision {escape(header.revision)}" if header.revision else ""
    return (
        f"<h1>Golden set, run {escape(header.id)}</h1>"
        f"<p class=soft>Version {escape(header.version)}{revision}."
        f" {len(header.cases)} pictures, {header.repeats} times, asked in {header.language}."
        f" Chain: {escape(' → '.join(header.chain))}. {escape(header.note)}</p>"
    )


def _gate(run: Run, comparison: Comparison | None) -> str:
    rows = []
    for line in gate(summary_of(run)):
        style, sign = _SIGNS[line.verdict]
        name, value, limit = gate_text(line, run.header.faults)
        rows.append(f"<tr class={style}><td>{sign} {name}<td>{value}<td>gate {limit}")
    if comparison is not None:
        style, sign = _SIGNS[GateVerdict.FAIL if comparison.regressions else GateVerdict.PASS]
        rows.append(
            f"<tr class={style}><td>{sign} real regressions<td>{len(comparison.regressions)}"
            f"<td>against {escape(comparison.before)}"
        )
    return f"<h2>Release gate</h2><table>{''.join(rows)}</table>"


def _figures(run: Run, votes: Sequence[GoldenVote]) -> str:
    summary = summary_of(run)
    rows = [
        *summary_lines(summary, run.header.faults),
        ("top-1 adoption", adoption_text(adoption_of(run.header.id, votes))),
    ]
    for field, name, digits in FIGURES:
        value = summary.means[field]
        rows.append((f"{name}, mean", "not measured" if value is None else f"{value:.{digits}f}"))
    cells = "".join(f"<tr><td>{escape(name)}<td>{escape(text)}" for name, text in rows)
    return f"<h2>Figures</h2><table>{cells}</table>"


def _changes(comparison: Comparison) -> str:
    told = [change for change in comparison.changes if change.is_worse or change.is_better]
    differ = ", ".join(comparison.differences)
    lead = f"<p class=soft>The runs differ in {escape(differ)}.</p>" if differ else ""
    if not told:
        return (
            f"<h2>Compared with {escape(comparison.before)}</h2>{lead}"
            "<p>No measure has changed beyond chance by an amount that matters.</p>"
        )
    rows = "".join(
        f"<tr class={'bad' if change.is_worse else 'ok'}><td>{'worse' if change.is_worse else 'better'}"
        f"<td>{escape(change.measure)}<td>{escape(change.about or 'all cases')}"
        f"<td class=n>{change.before:.4g}<td class=n>{change.after:.4g}"
        f"<td class=n>{change.interval[0]:+.4g} to {change.interval[1]:+.4g}"
        for change in told
    )
    return (
        f"<h2>Compared with {escape(comparison.before)}</h2>{lead}<table><tr><th><th>measure<th>of<th>before"
        f"<th>now<th>change, 95 %</tr>{rows}</table>"
    )


def _distributions(run: Run, history: Sequence[Run]) -> str:
    earlier = next((other for other in history if other.header.id != run.header.id), None)
    plots = []
    for field, name, digits in (("first_image_ms", "first image, ms", 0), *FIGURES):
        now = _named(run.plain, field)
        if now:
            plots.append(strip_plot(name, now, _named(earlier.plain, field) if earlier else [], digits))
    note = f" Hollow: run {escape(earlier.header.id)}." if earlier else ""
    lead = f"<p class=soft>A dot per picture.{note}</p>"
    return f"<h2>Distributions</h2>{lead}<div class=plots>{''.join(plots)}</div>"


def _named(results: Sequence[CaseResult], field: str) -> list[tuple[str, float]]:
    return [(one.case, float(getattr(one, field))) for one in results if getattr(one, field) is not None]


def _worst(run: Run, pictures: Mapping[str, bytes]) -> str:
    shown = [one for one in worst_first(run.plain) if one.case in pictures and one.repeat == 1][:_WORST]
    blocks = []
    for one in shown:
        images = "".join(
            f'<img alt="{escape(one.case)}, {what}" src="{_data_url(pictures[name])}">'
            for name, what in (
                (f"{one.case}.source", "photo"),
                (f"{one.case}.mask", "true mask"),
                (one.case, "result"),
            )
            if name in pictures
        )
        style = "bad" if one.auto_notes else "ok"
        notes = ", ".join(one.auto_notes) or "nothing to complain of"
        prompt = run.header.prompts[one.case]
        asked = prompt.zh if run.header.language == "zh" else prompt.en
        facts = [f"<b>{escape(one.case)}</b>", escape(asked), f"<span class={style}>{escape(notes)}</span>"]
        if one.backdrop_note:
            facts.append(f"backdrop: {escape(one.backdrop_note)}")
        facts += [
            f"{name} {getattr(one, field):.{digits}f}"
            for field, name, digits in FIGURES
            if getattr(one, field) is not None
        ]
        blocks.append(f"<div class=case>{images}<div>{'<br>'.join(facts)}</div></div>")
    return f"<h2>Worst cases</h2>{''.join(blocks)}" if blocks else ""


def _history(history: Sequence[Run]) -> str:
    if len(history) < 2:
        return "<h2>History</h2><p class=soft>This is the only run of this chain here.</p>"
    runs = list(reversed(history))
    labels = [run.header.id for run in runs]
    summaries = [summary_of(run) for run in runs]
    plots = [history_plot("P95 first image, ms", labels, [one.first_image_p95_ms for one in summaries], 0)]
    for field, name, digits in FIGURES:
        values = [one.means[field] for one in summaries]
        if any(value is not None for value in values):
            plots.append(history_plot(f"{name}, mean", labels, values, digits))
    return f"<h2>History</h2><div class=plots>{''.join(plots)}</div>"


def _all_cases(run: Run) -> str:
    head = "".join(f"<th>{escape(name)}" for _, name, _ in FIGURES)
    rows = []
    for one in run.results:
        cells = "".join(
            f"<td class=n>{'' if getattr(one, field) is None else format(getattr(one, field), f'.{digits}f')}"
            for field, _, digits in FIGURES
        )
        outcome = "ok" if one.ok else escape(one.error or "failed")
        fallbacks = "; ".join(one.fallbacks)
        rows.append(
            f"<tr><td>{escape(one.case)}<td>{one.pass_} {one.repeat}<td>{escape(one.model or '')}"
            f"<td class={'ok' if one.ok else 'bad'}>{outcome}<td>{escape(fallbacks)}"
            f"<td class=n>{one.first_image_ms or ''}{cells}"
        )
    return (
        f"<h2>Every job</h2><div class=scroll><table><tr><th>case<th>pass<th>model<th>outcome<th>fallbacks"
        f"<th>first ms{head}</tr>{''.join(rows)}</table></div>"
    )


def _conditions(run: Run) -> str:
    header = run.header
    facts: list[tuple[str, str]] = [
        ("target", header.target),
        ("faults", header.faults or "none"),
        ("golden set, SHA-256", header.golden_sha256),
        *((f"machine: {name}", str(value)) for name, value in header.machine.items()),
        ("load average at the end", str(run.load_average)),
        *((f"model: {name}", digest) for name, digest in header.models.items()),
        *((f"package: {name}", version) for name, version in header.packages.items()),
        *header.settings.items(),
    ]
    rows = "".join(f"<tr><td>{escape(name)}<td>{escape(value)}" for name, value in facts)
    return f"<h2>Conditions</h2><div class=scroll><table>{rows}</table></div>"


def _data_url(webp: bytes) -> str:
    small = measurement.webp_of(measurement.decoded(webp), _SHOWN_SIDE)
    return f"data:image/webp;base64,{base64.b64encode(small).decode()}"
