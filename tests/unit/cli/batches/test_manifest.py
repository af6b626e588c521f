"""`manifest.csv` of `stillroom batch run`: what a resumed run finds in it."""

from pathlib import Path

import pytest

from stillroom.application.exports.manifest import ManifestRow
from stillroom.cli.batches.manifest import Manifest
from stillroom.domain.errors import StorageUnavailable
from tests.unit.cli.disks import file_size_limit

KINDS = (("jpg", 0.04), ("webp", None))
"""Files of one result; the first states its cost."""


def a_row(file: str, error: str = "") -> ManifestRow:
    return ManifestRow(sku=file.partition(".")[0], title="马克杯", photo="mug.jpg", file=file, error=error)


def test_a_resumed_run_skips_rows_whose_files_are_all_there(tmp_path: Path) -> None:
    manifest = Manifest(tmp_path, resume=False)
    manifest.add([a_row("done.png"), a_row("gone.png"), a_row("failed.png", error="E_INTERNAL")])
    for name in ("done.png", "failed.png"):
        (tmp_path / name).write_bytes(b"picture")
    resumed = Manifest(tmp_path, resume=True)
    assert resumed.done == {("done", "马克杯", "mug.jpg")}
    assert resumed.files == {"done.png"}


def test_rows_of_one_photo_are_done_only_with_a_result_for_each(tmp_path: Path) -> None:
    white = [ManifestRow(photo="mug.jpg", file=f"mug.{kind}", cost_usd=cost) for kind, cost in KINDS]
    oak = ManifestRow(photo="mug.jpg", file="mug_2.jpg", cost_usd=0.04)
    for name in ("mug.jpg", "mug.webp", "mug_2.jpg"):
        (tmp_path / name).write_bytes(b"picture")
    key = ("", "", "mug.jpg")
    Manifest(tmp_path, resume=False).add(white)
    interrupted = Manifest(tmp_path, resume=True, keys=[key, key])
    assert (interrupted.done, interrupted.files) == (set(), set())
    interrupted.add([*white, oak])
    assert Manifest(tmp_path, resume=True, keys=[key, key]).done == {key}


def test_a_table_that_a_spreadsheet_saved_in_its_code_page_is_read(tmp_path: Path) -> None:
    Manifest(tmp_path, resume=False).add([a_row("done.png")])
    (tmp_path / "done.png").write_bytes(b"picture")
    table = tmp_path / "manifest.csv"
    table.write_text(table.read_text("utf-8-sig"), "gb18030")
    assert Manifest(tmp_path, resume=True).done == {("done", "马克杯", "mug.jpg")}
    assert "马克杯" in table.read_text("utf-8-sig")


def test_a_full_disk_keeps_the_table_of_the_earlier_run(tmp_path: Path) -> None:
    manifest = Manifest(tmp_path, resume=False)
    manifest.add([a_row("done.png")])
    (tmp_path / "done.png").write_bytes(b"picture")
    before = (tmp_path / "manifest.csv").read_bytes()
    with file_size_limit(20), pytest.raises(StorageUnavailable, match=r"manifest\.csv"):
        Manifest(tmp_path, resume=True)
    assert (tmp_path / "manifest.csv").read_bytes() == before
