"""Manifest of exported files: a CSV table with one row per file, for spreadsheets."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stillroom.domain.descriptions import NOTHING, Description
from stillroom.domain.exports.file_names import FORMULA_STARTS
from stillroom.domain.exports.presets import Check, Verdict

COLUMNS = ("sku", "title", "photo", "file", "preset", "verdicts", "quality", "model", "cost", "error")

WORD_COLUMNS = ("listing_title_zh", "listing_title_en", "alt_text_zh", "alt_text_en")
"""Follow the others if a picture of the table is described."""

MANIFEST = "manifest.csv"

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""UTF-8 signature; without it Excel reads the table in the system's code page."""

_SHOWN_VERDICTS = (Verdict.FAIL, Verdict.WARN, Verdict.PASS)


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """One line of the table.

    Attributes:
        cost_usd: Cost of the item's provider calls; None on its further rows, so that the column adds up.
        quality: 0..1; None if unknown.
    """

    sku: str = ""
    title: str = ""
    photo: str = ""
    file: str = ""
    preset: str = ""
    verdicts: str = ""
    quality: float | None = None
    model: str = ""
    cost_usd: float | None = None
    error: str = ""
    description: Description = NOTHING


def head(*, described: bool = False) -> bytes:
    """Return the byte order mark and the line of column names."""
    return BYTE_ORDER_MARK + csv_of([(*COLUMNS, *WORD_COLUMNS) if described else COLUMNS])


def lines(rows: Iterable[ManifestRow], *, described: bool = False) -> bytes:
    """Return the lines of the table for some rows."""
    return csv_of(
        [
            *map(safe_cell, (row.sku, row.title, row.photo, row.file, row.preset, row.verdicts)),
            "" if row.quality is None else f"{row.quality:.3f}",
            safe_cell(row.model),
            "" if row.cost_usd is None else f"{row.cost_usd:.6f}".rstrip("0").rstrip("."),
            safe_cell(row.error),
            *(map(safe_cell, _words_of(row.description)) if described else ()),
        ]
        for row in rows
    )


def _words_of(description: Description) -> tuple[str, str, str, str]:
    title, alt_text = description.title, description.alt_text
    return title.zh, title.en, alt_text.zh, alt_text.en


def safe_cell(text: str) -> str:
    """Return a text that no spreadsheet evaluates as a formula.

    Source:
        OWASP, "CSV Injection": a leading apostrophe.
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def plain_cell(text: str) -> str:
    """Return the text that `safe_cell` has made safe."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


def verdicts_of(checks: Sequence[Check]) -> str:
    """Summarise checks: counts of failures and warnings with their rules, then of passes."""
    counts = Counter(check.verdict for check in checks)
    parts = []
    for verdict in _SHOWN_VERDICTS:
        if not counts[verdict]:
            continue
        rules = [check.rule for check in checks if check.verdict is verdict]
        named = "" if verdict is Verdict.PASS else f" ({' '.join(rules)})"
        parts.append(f"{verdict.value} {counts[verdict]}{named}")
    return "; ".join(parts)


def csv_of(rows: Iterable[Sequence[str]]) -> bytes:
    """Encode rows as CSV in UTF-8; parts of file names that are no text become question marks."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode("utf-8", "replace")
