"""The output folder of a command: complete files alone, and nothing of an earlier run is lost."""

from pathlib import Path

import pytest

from stillroom.cli.edit import OutFolder
from stillroom.domain.errors import Conflict, StorageUnavailable
from tests.unit.cli.disks import file_size_limit

pytestmark = pytest.mark.anyio

LONGEST_NAME = f"{'m' * 251}.png"
"""255 bytes, what file systems allow."""


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def test_a_result_that_cannot_be_written_leaves_the_earlier_one(tmp_path: Path) -> None:
    (tmp_path / "mug.png").write_bytes(b"earlier")
    with file_size_limit(100), pytest.raises(StorageUnavailable, match=r"mug\.png"):
        await OutFolder(tmp_path, []).write("mug.png", bytes(1000))
    assert _files(tmp_path) == {"mug.png": b"earlier"}


async def test_a_result_replaces_that_of_an_earlier_run_but_never_a_photo(tmp_path: Path) -> None:
    for name in ("mug.png", "photo.png"):
        (tmp_path / name).write_bytes(b"earlier")
    out = OutFolder(tmp_path, [tmp_path / "photo.png"])
    written = [await out.write(name, b"new") for name in ("mug.png", "photo.png", LONGEST_NAME)]
    assert [path.name for path in written] == ["mug.png", "photo_2.png", LONGEST_NAME]
    assert _files(tmp_path) == {"photo.png": b"earlier", **{path.name: b"new" for path in written}}


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("=SUM(1).png", "SUM(1).png"),
        ("-mug.png", "mug.png"),
        ("CON.png", "_CON.png"),
        ("=.png", "product.png"),
    ],
)
async def test_no_result_is_named_as_a_formula_or_as_a_device_of_windows(
    tmp_path: Path, name: str, written: str
) -> None:
    assert await OutFolder(tmp_path, []).write(name, b"new") == tmp_path / written


def test_results_need_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Conflict, match="is a file"):
        OutFolder(tmp_path / "file", [])
