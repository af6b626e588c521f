"""SVG plots for the report: distributions of a measure, and its history over runs."""

from collections.abc import Sequence
from html import escape

from stillroom.evaluation.statistics import percentile

_WIDTH, _HEIGHT = 360, 84
_LEFT, _RIGHT = 12, 348
_ROWS = 5  # rows over which dots are spread, so that equal values stay apart


def strip_plot(
    name: str, now: Sequence[tuple[str, float]], before: Sequence[tuple[str, float]], digits: int
) -> str:
    """Draw one dot per case, hollow for an earlier run, and a line at the median.

    Args:
        name: Name of the measure.
        now: Case and value; at least one.
        before: Case and value of an earlier run; may be empty.
        digits: Number of decimals.
    """
    values = [value for _, value in (*now, *before)]
    low, high = min(values), max(values)
    middle = percentile([value for _, value in now], 0.5)
    assert middle is not None

    def x(value: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * ((value - low) / (high - low) if high > low else 0.5)

    dots = []
    for points, look in (
        (before, 'fill="none" stroke="var(--soft)"'),
        (now, 'fill="var(--mark)" fill-opacity=".8"'),
    ):
        for number, (case, value) in enumerate(sorted(points, key=lambda point: point[1])):
            y = 14 + 9 * (number % _ROWS)
            dots.append(
                f'<circle cx="{x(value):.1f}" cy="{y}" r="4" {look}>'
                f"<title>{escape(case)} {value:.{digits}f}</title></circle>"
            )
    line = f'<path d="M{x(middle):.1f} 6V60" stroke="var(--ink)"/>'
    ends = (
        f'<text x="{_LEFT}" y="76">{low:.{digits}f}</text>'
        f'<text x="{_RIGHT}" y="76" text-anchor="end">{high:.{digits}f}</text>'
    )
    return _figure(f"{escape(name)}, median {middle:.{digits}f}", line + "".join(dots) + ends)


def history_plot(name: str, labels: Sequence[str], values: Sequence[float | None], digits: int) -> str:
    """Draw a measure over the runs, oldest first; runs without a value have no dot."""
    known = [value for value in values if value is not None]
    if not known:
        return ""
    low, high = min(known), max(known)
    step = (_RIGHT - _LEFT) / max(1, len(values) - 1)
    places = [
        (_LEFT + step * number, 56 - 44 * ((value - low) / (high - low) if high > low else 0.5), label, value)
        for number, (label, value) in enumerate(zip(labels, values, strict=True))
        if value is not None
    ]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y, _, _ in places)
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="var(--mark)">'
        f"<title>{escape(label)} {value:.{digits}f}</title></circle>"
        for x, y, label, value in places
    )
    ends = f'<text x="{_LEFT}" y="76">{low:.{digits}f} to {high:.{digits}f}</text>'
    line = f'<path d="{path}" fill="none" stroke="var(--mark)"/>'
    return _figure(f"{escape(name)}, now {known[-1]:.{digits}f}", line + dots + ends)


def _figure(caption: str, drawing: str) -> str:
    return (
        f'<figure><figcaption>{caption}</figcaption><svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img"'
        f' aria-label="{caption}">{drawing}</svg></figure>'
    )
