"""Tables and recipes of `stillroom batch run`."""

import json
from pathlib import Path

import pytest

from stillroom.cli.batches.table import recipe_named, rows_of
from stillroom.domain.batches.recipes import Choices, Recipe
from stillroom.domain.errors import NotFound, StorageUnavailable, ValidationFailed
from stillroom.domain.ids import LOCAL_OWNER, RecipeId
from stillroom.storage.catalog import FileCatalogue

CHOICES = Choices(operation="optimize", presets=("web-1080",))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.jpg").write_bytes(b"x")
    (tmp_path / "马克杯.jpg").write_bytes(b"x")
    (tmp_path / "notes.txt").write_bytes(b"x")
    (tmp_path / "._a.jpg").write_bytes(b"attributes that macOS adds to a.jpg")
    (tmp_path / "folder.jpg").mkdir()
    return tmp_path


def test_folder_yields_its_picture_files_in_order(folder: Path) -> None:
    assert [(row.number, row.name) for row in rows_of(folder, CHOICES)] == [(1, "a.jpg"), (2, "马克杯.jpg")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_tables_of_usual_spreadsheets_are_read(folder: Path, encoding: str, separator: str) -> None:
    lines = [["File", "SKU", "title"], ["马克杯.jpg", "A-1", "马克杯，白"], ["a.jpg", "A-2", ""]]
    table = folder / "t.csv"
    table.write_text("\r\n".join(separator.join(cells) for cells in lines), encoding)
    assert [(row.name, row.sku, row.title, row.error) for row in rows_of(table, CHOICES)] == [
        ("马克杯.jpg", "A-1", "马克杯，白", None),
        ("a.jpg", "A-2", "", None),
    ]


def test_a_row_overrides_the_recipe(folder: Path) -> None:
    table = folder / "t.csv"
    table.write_text('file,prompt,platform,presets\na.jpg,on oak,etsy,"etsy-main, web-1080"\n')
    [row] = rows_of(table, CHOICES)
    assert (row.choices.prompt, row.choices.platform) == ("on oak", "etsy")
    assert row.choices.presets == ("etsy-main", "web-1080")


def test_broken_row_keeps_its_error_without_affecting_others(folder: Path) -> None:
    table = folder / "t.csv"
    rows = [
        ",A,",
        "none.jpg,B,",
        f"a.jpg,{'x' * 200},",
        f"a.jpg,D,{'y' * 5000}",
        f"{'z' * 300},E,",
        "a.jpg,F",
    ]
    table.write_text("\n".join(["file,sku,prompt", *rows, ""]))
    errors = [type(row.error) for row in rows_of(table, CHOICES)]
    invalid = ValidationFailed
    assert errors == [invalid, NotFound, invalid, invalid, StorageUnavailable, type(None)]


@pytest.mark.parametrize(
    "broken", [b"a.jpg,\xe9t\xe9,", "a.jpg,杯子,".encode("gb18030"), b'a.jpg,"Mug,', b'a.jpg,"M"u,']
)
def test_a_row_of_another_encoding_or_with_an_open_quote_fails_alone(folder: Path, broken: bytes) -> None:
    table = folder / "t.csv"
    good = "马克杯.jpg,A,".encode()
    table.write_bytes(b"\n".join([b"file,sku,prompt", good, broken, good, b""]))
    rows = rows_of(table, CHOICES)
    assert [(row.number, row.error is None) for row in rows] == [(2, True), (3, False), (4, True)]
    assert rows[0].name == rows[2].name == "马克杯.jpg"


def test_a_message_names_the_file_of_a_row_if_it_has_one(folder: Path) -> None:
    table = folder / "t.csv"
    table.write_text("file,sku\n,A\na.jpg,B\n")
    assert [row.label for row in rows_of(table, CHOICES)] == ["Row 2", "Row 3, a.jpg"]


def test_a_table_without_files_or_rows_is_refused(folder: Path) -> None:
    table = folder / "t.csv"
    table.write_text("name,sku\na.jpg,1\n")
    with pytest.raises(ValidationFailed, match="column called file"):
        rows_of(table, CHOICES)
    table.write_text("file\n\n")
    with pytest.raises(NotFound):
        rows_of(table, CHOICES)


def test_a_recipe_is_found_by_id_by_name_and_in_a_file(folder: Path) -> None:
    catalogue = FileCatalogue()
    by_id = recipe_named("amazon_main_white", catalogue)
    assert (
        by_id
        == recipe_named("亚马逊主图（纯白）", catalogue)
        == recipe_named("Amazon main image, white", catalogue)
    )
    file = folder / "r.json"
    answer = {"id": "rcp_1", "name": "x", "version": 3, "built_in": False, **by_id.model_dump(mode="json")}
    file.write_text(json.dumps(answer))
    assert recipe_named(str(file), catalogue) == by_id
    own = Recipe(id=RecipeId("rcp_1"), owner_id=LOCAL_OWNER, name="eBay, white", version=1, choices=CHOICES)
    for name in ("rcp_1", "ebay, WHITE"):
        assert recipe_named(name, catalogue, [own]) is CHOICES
    with pytest.raises(NotFound, match="there are eBay, white, amazon_main_white"):
        recipe_named("nobody", catalogue, [own])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"operation": "refine"}', "operation"),
        ("[]", "not a JSON object"),
        ("{", "not JSON"),
        ("[" * 90_000, "not JSON"),
        ("7" * 5000, "not JSON"),
    ],
)
def test_a_file_that_is_no_recipe_is_refused(folder: Path, content: str, reason: str) -> None:
    file = folder / "r.json"
    file.write_text(content)
    with pytest.raises(ValidationFailed, match=reason):
        recipe_named(str(file), FileCatalogue())
