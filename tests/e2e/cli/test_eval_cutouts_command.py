"""`stillroom eval cutouts` as people and scripts call it, with the small network."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests import pictures
from tests.servers.forked import run


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "set"
    for part in ("images", "masks"):
        (folder / part).mkdir(parents=True)
    picture, cover = pictures.product()
    (folder / "images" / "mug.jpg").write_bytes(pictures.jpeg(picture))
    (folder / "masks" / "mug.png").write_bytes(pictures.png(cover))
    return folder


def cutouts(data_dir: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    own = {"STILLROOM_DATA_DIR": str(data_dir), "STILLROOM_MATTE_QUALITY": "fast", "COLUMNS": "160"}
    return run(["eval", "cutouts", *arguments], {**os.environ, **own}, data_dir)


def test_mattes_table_and_figures_are_written_and_compared(
    data_dir: Path, photos: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    done = cutouts(data_dir, str(photos), "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert "AUROC" in done.stdout
    assert (out / "alpha" / "mug.png").is_file()
    assert (out / "results.csv").read_text().splitlines()[1].startswith("mug,")
    again = cutouts(data_dir, str(photos), "--out", str(tmp_path / "again"), "--compare", str(out), "--json")
    assert again.returncode == 0, again.stderr
    told = json.loads(again.stdout)
    assert told["summary"]["all"]["count"] == 1
    assert [change["mean"] for change in told["compared"]["changes"]] == pytest.approx([0.0] * 5, abs=1e-6)


def test_points_add_their_columns(data_dir: Path, photos: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = cutouts(data_dir, str(photos), "--out", str(out), "--points", "1", "--json")
    assert done.returncode == 0, done.stderr
    header, row = (line.split(",") for line in (out / "results.csv").read_text().splitlines())
    cells = dict(zip(header, row, strict=True))
    assert 0 <= int(cells["noc90"]) <= int(cells["noc95"]) <= 1
    assert float(cells["iou_1"]) > 0.5
    assert json.loads(done.stdout)["summary"]["all"]["points"]["iou_1"] == pytest.approx(
        float(cells["iou_1"]), abs=1e-4
    )


def test_a_missing_folder_is_one_clear_line(data_dir: Path, tmp_path: Path) -> None:
    gone = cutouts(data_dir, str(tmp_path / "gone"), "--out", str(tmp_path / "out"))
    assert gone.returncode == 4
    assert "There is no folder" in gone.stderr
