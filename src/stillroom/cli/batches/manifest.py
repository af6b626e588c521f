"""`manifest.csv` of `stillroom batch run` and `watch`: what was made, and what a resumed run skips."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from stillroom.application.exports.manifest import (
    COLUMNS,
    MANIFEST,
    ManifestRow,
    csv_of,
    head,
    lines,
    plain_cell,
)
from stillroom.application.exports.result_files import write_complete
from stillroom.cli import problems
from stillroom.cli.batches.table import table_text

Key = tuple[str, str, str]
"""Item number, title and photo of a row."""


class Manifest:
    """`manifest.csv` in the output folder; every row is on disk before the next one is printed."""

    def __init__(self, folder: Path, *, resume: bool, keys: Iterable[Key] = ()) -> None:
        """Begin a new table, or with `resume` keep the complete rows of the earlier one.

        Args:
            keys: Of all rows to make. Rows may share one; they are done when there is a result for each.

        Raises:
            StorageUnavailable: The table cannot be read or written.
        """
        self._path = folder / MANIFEST
        self.done: set[Key] = set()
        self.files: set[str] = set()
        self._wanted = Counter(keys)
        kept = self._completed_lines(folder) if resume else []
        with problems.file_errors(self._path):
            # Replaced as a whole: a row that is lost would be paid for again.
            write_complete(self._path, head() + csv_of(kept))

    def _completed_lines(self, folder: Path) -> list[list[str]]:
        """Return the lines of rows that succeeded and whose files exist."""
        if not self._path.exists():
            return []
        text = table_text(self._path)
        found: dict[Key, list[list[str]]] = {}
        for cells in list(csv.reader(io.StringIO(text, newline="")))[1:]:
            if len(cells) == len(COLUMNS):
                sku, title, photo = map(plain_cell, cells[:3])
                found.setdefault((sku, title, photo), []).append(cells)
        kept = []
        for key, group in found.items():
            files = [plain_cell(cells[3]) for cells in group]
            has_files = all(file and (folder / file).is_file() for file in files)
            has_errors = any(cells[9] for cells in group)
            # Only the first line of a result states its cost.
            results = sum(bool(cells[8]) for cells in group)
            if has_files and not has_errors and results >= self._wanted[key]:
                self.done.add(key)
                self.files.update(files)
                kept += group
        return kept

    def add(self, rows: Sequence[ManifestRow]) -> None:
        """Append the lines of one result. Raises StorageUnavailable."""
        with problems.file_errors(self._path), self._path.open("ab") as file:
            file.write(lines(rows))
