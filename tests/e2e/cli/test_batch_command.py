"""`stillroom batch run` and `stillroom watch` as sellers call them."""

import csv
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.e2e.cli.test_cli import environment, home, photo, stillroom

__all__ = ["home"]

PATIENCE_SECONDS = 90.0


def manifest(folder: Path) -> list[dict[str, str]]:
    with (folder / "manifest.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def shelf(home: Path) -> Path:
    """A table of fifteen rows; nine of them are broken, each in another way, and some have the same photo."""
    for turns in range(3):
        photo(home / f"p{turns}.jpg", turns)
    (home / "broken.jpg").write_text("no picture")
    whole = (home / "p0.jpg").read_bytes()
    (home / "half.jpg").write_bytes(whole[: len(whole) // 2])
    rows = [
        "file,sku,title,prompt,platform,presets",
        *(f"p{n % 3}.jpg,S-{n},Mug {n},,," for n in range(4)),
        "p0.jpg,S-4,Mug,,ebay,ebay-main;web-1080",
        ",,,,,",
        "p2.jpg,S-0,The same number,,,",
        "gone.jpg,S-5,,,,",
        "broken.jpg,S-6,,,,",
        "half.jpg,S-7,,,,",
        "p1.jpg,S-8,,,,no-such-preset",
        "p1.jpg,S-9,,,no-such-shop,",
        f"p1.jpg,S-10,,{'white ' * 400},,",
        "p1.jpg,S-11,,qqq zzz xxx,,",
        "p1.jpg,S-12,caf\udce9,,,",
        ",S-13,,,,",
    ]
    (home / "table.csv").write_text("\r\n".join(rows), "utf-8-sig", "surrogateescape")
    recipe = {"name": "Plain", "operation": "optimize", "presets": ["ebay-main"], "approve_from": 0.5}
    (home / "recipe.json").write_text(json.dumps(recipe))
    return home


def test_broken_rows_are_reported_and_the_others_are_processed(shelf: Path) -> None:
    arguments = ("batch", "run", "table.csv", "--recipe", "recipe.json", "-o", "out")
    plan = stillroom(shelf, *arguments, "--dry-run", "--json")
    planned = json.loads(plan.stdout)
    assert (planned["rows"], planned["pictures"], len(planned["errors"])) == (15, 8, 7)
    assert not (shelf / "out").exists()
    # Changes of the recipe do not stand for a row's own words.
    white = stillroom(
        shelf, *arguments[:3], "--recipe", "amazon_main_white", "-o", "out", "--dry-run", "--json"
    )
    refused = [
        row for row in json.loads(white.stdout)["errors"] if row["error"]["code"] == "E_PROMPT_INVALID"
    ]
    assert len(refused) == 1

    done = stillroom(shelf, *arguments, "--json")
    assert done.returncode == 1
    results = json.loads(done.stdout)
    assert [bool(result["files"]) for result in results] == [True] * 6 + [False] * 9
    assert [result["error"]["code"] for result in results[6:]] == [
        *("E_NOT_FOUND", "E_INPUT_UNSUPPORTED", "E_INPUT_CORRUPT", "E_VALIDATION", "E_VALIDATION"),
        *("E_VALIDATION", "E_PROMPT_INVALID", "E_VALIDATION", "E_VALIDATION"),
    ]
    assert {path.name for path in (shelf / "out").iterdir()} == {
        *(f"S-{n}_ebay-main.jpg" for n in range(5)),
        *("S-0_ebay-main_2.jpg", "S-4_web-1080.jpg", "S-4_web-1080.webp", "manifest.csv"),
    }
    assert sum(bool(row["error"]) for row in manifest(shelf / "out")) == 9

    first = shelf / "out" / "S-0_ebay-main.jpg"
    written = first.stat().st_mtime_ns
    (shelf / "out" / "S-1_ebay-main.jpg").unlink()
    photo(shelf / "gone.jpg")
    again = stillroom(shelf, *arguments, "--resume", "--json")
    assert [result["sku"] for result in json.loads(again.stdout)] == [
        *("S-1", "S-5", "S-6", "S-7", "S-8", "S-9", "S-10", "S-11", "S-12", "S-13")
    ]
    assert first.stat().st_mtime_ns == written, "what was done is left alone"
    assert (shelf / "out" / "S-1_ebay-main.jpg").exists()
    assert (shelf / "out" / "S-5_ebay-main.jpg").exists()
    assert sum(bool(row["error"]) for row in manifest(shelf / "out")) == 8
    assert len({row["sku"] for row in manifest(shelf / "out")}) == 14


@pytest.mark.parametrize(
    ("arguments", "code", "exit_code"),
    [
        (("batch", "run", "nope", "--recipe", "ebay_white", "-o", "out"), "E_NOT_FOUND", 4),
        (("batch", "run", "p0.jpg", "--recipe", "nobody", "-o", "out"), "E_NOT_FOUND", 4),
        (("batch", "run", "p0.jpg", "--recipe", "table.csv", "-o", "out"), "E_VALIDATION", 3),
        (("batch", "run", "recipe.json", "--recipe", "ebay_white", "-o", "out"), "E_VALIDATION", 3),
        (("batch", "run", "p0.jpg", "--recipe", "ebay_white", "-o", "table.csv"), "E_CONFLICT", 4),
        (("watch", "nope", "--recipe", "ebay_white", "-o", "out"), "E_NOT_FOUND", 4),
        (("watch", ".", "--recipe", "ebay_white", "-o", "."), "E_CONFLICT", 4),
    ],
)
def test_a_mistake_ends_with_one_line_and_its_code(
    shelf: Path, arguments: tuple[str, ...], code: str, exit_code: int
) -> None:
    done = stillroom(shelf, *arguments, "--json")
    assert done.returncode == exit_code
    assert json.loads(done.stdout)["code"] == code
    assert "Traceback" not in done.stderr


def test_dry_run_names_words_that_no_picture_carries_out(shelf: Path) -> None:
    (shelf / "words.csv").write_text('file,prompt\np0.jpg,"warmer, add a cat"\np1.jpg,warmer\n')
    arguments = ("batch", "run", "words.csv", "--recipe", "recipe.json", "-o", "out", "--dry-run")
    told = stillroom(shelf, *arguments)
    assert told.returncode == 0
    assert "Row 2, p0.jpg: made without some words. Not possible here: “add a cat”" in told.stderr
    (row,) = json.loads(stillroom(shelf, *arguments, "--json").stdout)["warnings"]
    assert (row["row"], [one["text"] for one in row["told_back"]]) == (2, ["add a cat"])


def test_a_watched_folder_gives_results_of_complete_photos_until_it_is_stopped(shelf: Path) -> None:
    folder = shelf / "incoming"
    folder.mkdir()
    photo(folder / "there.jpg")
    command = [
        sys.executable,
        "-m",
        "stillroom",
        "watch",
        str(folder),
        "--recipe",
        "recipe.json",
        "-o",
        "out",
    ]
    watching = subprocess.Popen(
        [*command, "--json"], cwd=shelf, env=environment(shelf), stdout=subprocess.PIPE, text=True
    )
    try:
        assert watching.stdout is not None
        first = json.loads(watching.stdout.readline())
        assert first["files"] == ["out/there_ebay-main.jpg"]
        whole = photo(shelf / "new.jpg", 1).read_bytes()
        with (folder / "new.jpg").open("wb") as slow:
            for start in range(0, len(whole), len(whole) // 4 + 1):
                slow.write(whole[start : start + len(whole) // 4 + 1])
                slow.flush()
                time.sleep(0.3)  # the speed of the writer itself; no test waits for an order of events by it
        second = json.loads(watching.stdout.readline())
        assert (second["photo"], second["status"] != "failed") == (str(folder / "new.jpg"), True)
    finally:
        watching.send_signal(signal.SIGTERM)
        assert watching.wait(PATIENCE_SECONDS) == 0
        if watching.stdout is not None:
            watching.stdout.close()
    assert [row["photo"] for row in manifest(shelf / "out")] == ["there.jpg", "new.jpg"]


def test_photo_whose_name_is_not_in_utf_8_is_processed_with_the_others(home: Path) -> None:
    folder = home / "incoming"
    for turns, name in enumerate(("caf\udce9.jpg", "mug.jpg")):
        photo(folder / name, turns)
    arguments = ("batch", "run", "incoming", "--recipe", "ebay_white", "-o", "out", "--json")
    results = json.loads(stillroom(home, *arguments).stdout)
    assert [result["photo"] for result in results] == ["incoming/caf\udce9.jpg", "incoming/mug.jpg"]
    assert all(len(result["files"]) == 1 for result in results)
    assert len([path for path in (home / "out").iterdir() if path.suffix == ".jpg"]) == 2
    assert {row["photo"] for row in manifest(home / "out")} == {"caf\ufffd.jpg", "mug.jpg"}
    again = stillroom(home, *arguments, "--resume")
    assert json.loads(again.stdout) == [], "both are done"
