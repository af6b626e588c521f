"""Manifest: no cell is a formula, and spreadsheets can read the table."""

import csv
import io

import pytest

from stillroom.application.exports.manifest import COLUMNS, ManifestRow, head, lines, plain_cell, safe_cell
from stillroom.domain.exports.file_names import FileName
from stillroom.domain.exports.rules import PictureFormat


@pytest.mark.parametrize("sku", ["=HYPERLINK(1)", "+1", "-1", "@SUM", "\tmug"])
def test_name_in_the_table_is_that_of_the_file(sku: str) -> None:
    name = FileName().fill_in(sku, "web-1080", 1, None, PictureFormat.JPEG)
    assert safe_cell(name) == name


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\r=1", "=HYPERLINK(1)"])
def test_no_cell_is_a_formula_and_each_is_read_back(text: str) -> None:
    assert safe_cell(text)[0] == "'"
    assert plain_cell(safe_cell(text)) == text


@pytest.mark.parametrize("text", ["", "马克杯", "a=b", "it's", "'quoted'"])
def test_harmless_cells_stay_as_they_are(text: str) -> None:
    assert safe_cell(text) == text
    assert plain_cell(text) == text


def test_the_table_is_read_by_spreadsheets() -> None:
    row = ManifestRow(sku="A,1", title='5" mug\nwhite', quality=0.9, cost_usd=0.039)
    data = head() + lines([row])
    assert data.startswith(b"\xef\xbb\xbf")
    names, cells = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert tuple(names) == COLUMNS
    assert cells == ["A,1", '5" mug\nwhite', "", "", "", "", "0.900", "", "0.039", ""]
