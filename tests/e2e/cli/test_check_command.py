"""`stillroom check` as people and scripts call it."""

import json
import os
import subprocess
from pathlib import Path

import numpy as np

from tests import pictures
from tests.servers.forked import run


def check(data_dir: Path, file: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    own = {"STILLROOM_DATA_DIR": str(data_dir), "STILLROOM_MATTE_QUALITY": "fast", "COLUMNS": "160"}
    return run(["check", str(file), *arguments], {**os.environ, **own}, data_dir)


def test_photo_in_a_scene_fails_as_main_picture_with_a_reason(data_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "scene.jpg"
    file.write_bytes(pictures.jpeg(pictures.scene(1200, 900)))
    done = check(data_dir, file, "--preset", "amazon-main")
    assert done.returncode == 1, done.stderr
    assert "White up to the edges" in done.stdout
    assert "not an approval" in done.stdout


def test_json_output_lists_every_preset_and_exits_0_without_failures(data_dir: Path, tmp_path: Path) -> None:
    picture, cover = pictures.product()
    file = tmp_path / "cutout.png"
    file.write_bytes(pictures.png(np.dstack([picture, cover])))
    presets = ("--preset", "png-transparent", "--preset", "web-1080", "--json")
    done = check(data_dir, file, *presets)
    assert done.returncode == 0, done.stdout
    results = json.loads(done.stdout)
    assert [result["preset"] for result in results] == ["png-transparent", "web-1080"]
    assert results[0]["product_found_by"] == "alpha"
    assert {check["verdict"] for check in results[0]["checks"]} <= {"pass", "warn", "manual"}


def test_uncheckable_file_is_reported_in_one_line(data_dir: Path, tmp_path: Path) -> None:
    for path in (tmp_path / "gone.jpg", Path("/dev/zero")):
        refused = check(data_dir, path, "--preset", "amazon-main")
        assert (refused.returncode, refused.stdout) == (4, "")
        assert refused.stderr == f"stillroom: There is no file {path}. (E_NOT_FOUND)\n"
    file = tmp_path / "a.jpg"
    file.write_bytes(b"%PDF-1.7")
    assert check(data_dir, file, "--preset", "amazon-main").returncode == 3
    file.write_bytes(pictures.jpeg(pictures.scene()))
    assert check(data_dir, file, "--preset", "nowhere").returncode == 3
