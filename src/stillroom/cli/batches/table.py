"""Rows of `stillroom batch run`: a folder of photos or a CSV table, and the recipe to use."""

import codecs
import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import ValidationError

from stillroom.application.exports.manifest import plain_cell
from stillroom.application.photos.photo_files import name_of, photos_in
from stillroom.cli import problems
from stillroom.domain.assets import PHOTO_SUFFIXES
from stillroom.domain.batches.batches import MAX_SKU_CHARACTERS
from stillroom.domain.batches.recipes import Choices, Recipe
from stillroom.domain.errors import NotFound, StillroomError, ValidationFailed
from stillroom.domain.ports import Catalogue
from stillroom.domain.sessions import MAX_TITLE_CHARACTERS

COLUMNS = ("file", "sku", "title", "prompt", "platform", "presets")

MAX_TABLE_BYTES = 20_000_000
MAX_RECIPE_BYTES = 100_000

_MAX_LINE_CHARACTERS = 100_000
"""Below the limit of the csv module for a cell."""

_SEPARATORS = ",;\t"
_BETWEEN_PRESETS = re.compile(r"[;,\s]+")


@dataclass(frozen=True, slots=True)
class Row:
    """One photo to process.

    Attributes:
        number: Line of the table, or position in the folder, from 1.
        name: The file as written in the table; identifies the photo in the manifest.
        choices: The recipe's choices with those of the row.
        prompt: The row's own instruction; empty if it is the recipe's.
        error: Why the row cannot be used; None if it can.
    """

    number: int
    name: str
    path: Path
    choices: Choices
    sku: str = ""
    title: str = ""
    prompt: str = ""
    error: StillroomError | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """Key of the row in the manifest of an earlier run."""
        return self.sku, self.title, self.name

    @property
    def label(self) -> str:
        """Number and file of the row for a message; a broken row may name no file."""
        return f"Row {self.number}, {self.name}" if self.name else f"Row {self.number}"


@dataclass(frozen=True, slots=True)
class _Line:
    """Cells of one row of a table; `error` if they cannot be told apart."""

    number: int
    cells: list[str]
    error: StillroomError | None = None


def rows_of(source: Path, choices: Choices) -> list[Row]:
    """Read a folder or a table; a row with an error is returned with it."""
    if source.is_dir():
        photos = photos_in(source)
        if not photos:
            raise NotFound(f"There is no photo in {source}.")
        return [row_of_photo(number, file, choices) for number, file in enumerate(photos, 1)]
    if not source.exists():
        raise NotFound(f"There is no folder or table {source}.")
    if source.suffix.lower() in PHOTO_SUFFIXES:
        return [row_of_photo(1, source, choices)]
    return _table(source, choices)


def row_of_photo(number: int, file: Path, choices: Choices) -> Row:
    return Row(number, name_of(file), file, choices)


def _table(source: Path, choices: Choices) -> list[Row]:
    text = table_text(source)
    head = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=head.count)
    lines = _lines(text, separator)
    names = [name.strip().lower() for name in lines[0].cells]
    if "file" not in names:
        raise ValidationFailed(
            f"{source} has no column called file; the columns are {', '.join(COLUMNS)}.",
            fields=[{"field": "file", "reason": "missing"}],
        )
    rows = [line for line in lines[1:] if any(cell.strip() for cell in line.cells)]
    if not rows:
        raise NotFound(f"There is no row in {source}.")
    return [_row(line, dict(zip(names, line.cells, strict=False)), source, choices) for line in rows]


def _lines(text: str, separator: str) -> list[_Line]:
    """Split a table into rows of cells.

    A quotation mark that nothing closes would swallow all later rows; such a table is split line by line.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return [_Line(reader.line_num, cells) for cells in reader] or [_Line(1, [])]
    except csv.Error:
        found = enumerate(text.splitlines(), 1)
    return [_line(number, line[:_MAX_LINE_CHARACTERS], separator) for number, line in found]


def _line(number: int, line: str, separator: str) -> _Line:
    try:
        return _Line(number, next(csv.reader([line], delimiter=separator, strict=True), []))
    except csv.Error as error:
        cells = next(csv.reader([line], delimiter=separator))
        return _Line(number, cells, ValidationFailed(f"The row cannot be read: {error}."))


def table_text(source: Path) -> str:
    """Read a table in UTF-8, in UTF-16 with its mark, or in the code page that Chinese spreadsheets use.

    Bytes of another encoding become U+FFFD, which makes their row fail alone.
    """
    with problems.file_errors(source):
        if source.stat().st_size > MAX_TABLE_BYTES:
            raise ValidationFailed(f"{source} is larger than {MAX_TABLE_BYTES // 1_000_000} MB.")
        data = source.read_bytes()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    others = [line for line in data.splitlines() if not line.isascii()]
    usual = sum(_is_in("utf-8", line) for line in others)
    # Text of the code page is hardly ever valid UTF-8, but UTF-8 often passes as text of the code page.
    is_usual = 2 * usual >= len(others) or not _is_in("gb18030", data)
    return data.decode("utf-8-sig" if is_usual else "gb18030", errors="replace")


def _is_in(encoding: str, data: bytes) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _row(line: _Line, cells: dict[str, str], source: Path, choices: Choices) -> Row:
    given = {name: plain_cell((cells.get(name) or "").strip()) for name in COLUMNS}
    path = source.parent / given["file"]
    row = Row(line.number, given["file"], path, choices, given["sku"], given["title"], given["prompt"])
    error = line.error or _error_of(given, path)
    changes: dict[str, object] = {name: given[name] for name in ("prompt", "platform") if given[name]}
    if given["presets"]:
        changes["presets"] = tuple(filter(None, _BETWEEN_PRESETS.split(given["presets"])))
    if error is None and changes:
        try:
            own = Choices.model_validate({**choices.model_dump(), **changes})
        except ValidationError as refused:
            error = ValidationFailed(_error_text(refused))
        else:
            return replace(row, choices=own)
    return replace(row, error=error)


def _error_of(given: dict[str, str], path: Path) -> StillroomError | None:
    if any("\ufffd" in text for text in given.values()):
        return ValidationFailed("The row is not in UTF-8, as the rest of the table is.")
    if not given["file"]:
        return ValidationFailed("The row names no file.", fields=[{"field": "file", "reason": "missing"}])
    if len(given["sku"]) > MAX_SKU_CHARACTERS or len(given["title"]) > MAX_TITLE_CHARACTERS:
        return ValidationFailed("The item number or the title is too long.")
    try:
        is_there = path.is_file()
    except OSError as error:
        # Such as a name that is too long.
        return problems.of_system(error, path)
    return None if is_there else NotFound(f"There is no file {path}.")


def recipe_named(name: str, catalogue: Catalogue, stored: Sequence[Recipe] = ()) -> Choices:
    """Return the choices of a stored recipe, of one of the catalogue, or of a JSON file.

    Args:
        name: Id or name of a recipe, or the path of a file as `GET /recipe/{id}` answers it.
        catalogue: Packaged recipes, and the operator's in `config/recipes`.
        stored: Recipes that an owner has saved; they come first.
    """
    for recipe in stored:
        if name == recipe.id or name.casefold() == recipe.name.casefold():
            return recipe.choices
    cards = catalogue.recipes()
    for card in cards:
        if name.casefold() in (card.id, card.name.zh.casefold(), card.name.en.casefold()):
            return card.choices
    path = Path(name)
    if not path.is_file():
        known = ", ".join([*(recipe.name for recipe in stored), *(card.id for card in cards)])
        raise NotFound(f"There is no recipe {name}, and no such file; there are {known}.")
    try:
        if path.stat().st_size > MAX_RECIPE_BYTES:
            raise ValidationFailed(f"{path} is too large to be a recipe.")
        content = json.loads(path.read_text("utf-8"))
        if not isinstance(content, dict):
            raise ValidationFailed(f"{path} is not a JSON object.")
        beside = {"$schema", "id", "name", "version", "built_in", "order"}
        return Choices.model_validate({key: value for key, value in content.items() if key not in beside})
    except ValidationError as error:
        raise ValidationFailed(f"{path} is not a recipe: {_error_text(error)}.") from error
    except (ValueError, RecursionError) as error:
        raise ValidationFailed(f"{path} is not JSON: {error}.") from error
    except OSError as error:
        raise problems.of_system(error, path) from error


def _error_text(error: ValidationError) -> str:
    errors = error.errors(include_url=False, include_input=False)[:3]
    return "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in errors)
