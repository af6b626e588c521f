"""Rows of `stillroom batch run`: a folder of photos or a CSV table, and the recipe to use."""

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from stillroom.application.batches.manifest import plain_cell
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

_SEPARATORS = ",;\t"
_BETWEEN_PRESETS = re.compile(r"[;,\s]+")


@dataclass(frozen=True, slots=True)
class Row:
    """One photo to process.

    Attributes:
        number: Line of the table, or position in the folder, from 1.
        name: The file as written in the table; identifies the photo in the manifest.
        path: The file.
        choices: The recipe's choices with those of the row.
        error: Why the row cannot be used; None if it can.
    """

    number: int
    name: str
    path: Path
    choices: Choices
    sku: str = ""
    title: str = ""
    error: StillroomError | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """Key of the row in the manifest of an earlier run."""
        return self.sku, self.title, self.name


def rows_of(source: Path, choices: Choices) -> list[Row]:
    """Read a folder or a table; a row with an error is returned with it.

    Raises:
        NotFound: The source does not exist, or the folder contains no photos.
        ValidationFailed: The table has no column `file`, or cannot be read as a table at all.
    """
    if source.is_dir():
        photos = sorted(file for file in source.iterdir() if file.suffix.lower() in PHOTO_SUFFIXES)
        if not photos:
            raise NotFound(f"There is no photo in {source}.")
        return [row_of_photo(number, file, choices) for number, file in enumerate(photos, 1)]
    if not source.exists():
        raise NotFound(f"There is no folder or table {source}.")
    if source.suffix.lower() in PHOTO_SUFFIXES:
        return [row_of_photo(1, source, choices)]
    return _table(source, choices)


def row_of_photo(number: int, file: Path, choices: Choices) -> Row:
    """Return the row of a photo without a table."""
    return Row(number, file.name, file, choices)


def _table(source: Path, choices: Choices) -> list[Row]:
    text = _text_of(source)
    head = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        if "file" not in names:
            raise ValidationFailed(
                f"{source} has no column called file; the columns are {', '.join(COLUMNS)}.",
                fields=[{"field": "file", "reason": "missing"}],
            )
        lines = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise ValidationFailed(f"{source} is not a CSV table: {error} in line {reader.line_num}.") from error
    if not lines:
        raise NotFound(f"There is no row in {source}.")
    return [_row(number, dict(zip(names, cells, strict=False)), source, choices) for number, cells in lines]


def _text_of(source: Path) -> str:
    """Read a table in UTF-8, or in the code page that Chinese spreadsheets use."""
    try:
        if source.stat().st_size > MAX_TABLE_BYTES:
            raise ValidationFailed(f"{source} is larger than {MAX_TABLE_BYTES // 1_000_000} MB.")
        data = source.read_bytes()
    except OSError as error:
        raise problems.of_system(error, source) from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValidationFailed(f"{source} is neither in UTF-8 nor in GB 18030.")


def _row(number: int, cells: dict[str, str], source: Path, choices: Choices) -> Row:
    given = {name: plain_cell((cells.get(name) or "").strip()) for name in COLUMNS}
    path = source.parent / given["file"]
    row = Row(number, given["file"], path, choices, given["sku"], given["title"])
    error = _error_of(given, path)
    changes: dict[str, object] = {}
    if given["prompt"]:
        changes["prompt"] = given["prompt"]
    if given["platform"]:
        changes["platform"] = given["platform"]
    if given["presets"]:
        changes["presets"] = tuple(filter(None, _BETWEEN_PRESETS.split(given["presets"])))
    if error is None and changes:
        try:
            own = Choices.model_validate({**choices.model_dump(), **changes})
        except ValidationError as refused:
            error = ValidationFailed(_told(refused))
        else:
            return Row(number, row.name, path, own, row.sku, row.title)
    return Row(number, row.name, path, choices, row.sku, row.title, error)


def _error_of(given: dict[str, str], path: Path) -> StillroomError | None:
    if not given["file"]:
        return ValidationFailed("The row names no file.", fields=[{"field": "file", "reason": "missing"}])
    if len(given["sku"]) > MAX_SKU_CHARACTERS or len(given["title"]) > MAX_TITLE_CHARACTERS:
        return ValidationFailed("The item number or the title is too long.")
    if not path.is_file():
        return NotFound(f"There is no file {path}.")
    return None


def recipe_named(name: str, catalogue: Catalogue, stored: Sequence[Recipe] = ()) -> Choices:
    """Return the choices of a stored recipe, of one of the catalogue, or of a JSON file.

    Args:
        name: Id or name of a recipe, or the path of a file as `GET /recipe/{id}` answers it.
        catalogue: Packaged recipes, and the operator's in `config/recipes`.
        stored: Recipes that an owner has saved; they come first.

    Raises:
        NotFound: There is no such recipe.
        ValidationFailed: The file is not a recipe.
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
        raise ValidationFailed(f"{path} is not a recipe: {_told(error)}.") from error
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValidationFailed(f"{path} is not JSON: {error}.") from error
    except OSError as error:
        raise problems.of_system(error, path) from error


def _told(error: ValidationError) -> str:
    faults: Iterable[tuple[Sequence[int | str], str]] = (
        (fault["loc"], fault["msg"]) for fault in error.errors(include_url=False, include_input=False)
    )
    return "; ".join(f"{'.'.join(map(str, place))}: {message}" for place, message in list(faults)[:3])
