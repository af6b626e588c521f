"""Command line: results and errors, as text and as JSON."""

import asyncio
import json
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest

from stillroom.storage.migrations import migrate
from stillroom.web.problems import Problem
from tests import pictures
from tests.servers.forked import run
from tests.tiny_networks import red_finder

DEAD_DATABASE = "postgresql://u:canary@127.0.0.1:1/x"


@pytest.fixture
def home(tmp_path: Path, weights_folder: Path) -> Path:
    """A folder to call from, with networks and one of a user's own."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "weights").symlink_to(weights_folder)
    (tmp_path / "data" / "red.onnx").write_bytes(red_finder())
    return tmp_path


def environment(home: Path) -> dict[str, str]:
    """Environment of commands, in which a tiny network segments the red block of `photo`."""
    return {
        **os.environ,
        "STILLROOM_DATA_DIR": str(home / "data"),
        "STILLROOM_MATTE_MODEL": str(home / "data" / "red.onnx"),
        "STILLROOM_MATTE_QUALITY": "fast",
        "COLUMNS": "160",
    }


def stillroom(home: Path, *arguments: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command in the data folder."""
    return run([*map(str, arguments)], {**environment(home), **settings}, home)


def photo(path: Path, turns: int = 0) -> Path:
    """A small photo; `turns` rotates it by quarters, so that its bytes differ."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scene = np.ascontiguousarray(np.rot90(pictures.scene(400, 300), turns))
    path.write_bytes(pictures.jpeg(scene) if path.suffix == ".jpg" else pictures.png(scene))
    return path


def files_of(done: subprocess.CompletedProcess[str]) -> list[list[str]]:
    """Outcome of each photo."""
    assert done.returncode == 0, done.stdout + done.stderr
    return [result["files"] for result in json.loads(done.stdout)]


def test_log_lines_never_reach_the_output_for_machines(home: Path) -> None:
    rows = home / "data" / "config" / "networks"
    rows.mkdir(parents=True)
    (rows / "mine.json").write_text('{"id":', "utf-8")
    listed = stillroom(home, "models", "list", "--json")
    assert all("id" in state for state in json.loads(listed.stdout))
    assert "catalog_file_refused" in listed.stderr


@pytest.mark.parametrize(
    ("arguments", "settings", "code", "exit_code"),
    [
        (("edit", "nope.jpg", "-o", "out"), {}, "E_NOT_FOUND", 4),
        (("edit", "afile", "-o", "afile"), {}, "E_CONFLICT", 4),
        (("edit", "afile", "-o", "afile/out"), {}, "E_STORAGE_IO", 6),
        (("edit", "afile", "-o", "out", "--preset", "x"), {}, "E_VALIDATION", 3),
        (("check", "nope.jpg", "--preset", "amazon-main"), {}, "E_NOT_FOUND", 4),
        (("migrate",), {"STILLROOM_DATABASE_URL": DEAD_DATABASE}, "E_STORAGE_IO", 6),
        (("migrate",), {"STILLROOM_DATA_DIR": "afile/data"}, "E_STORAGE_IO", 6),
        (("token", "list"), {"STILLROOM_DATABASE_URL": DEAD_DATABASE}, "E_STORAGE_IO", 6),
        (("token", "revoke", "nobody"), {}, "E_NOT_FOUND", 4),
        (("models", "fetch", "nothing"), {}, "E_NOT_FOUND", 4),
        (("eval", "golden", "--golden", "nope"), {}, "E_NOT_FOUND", 4),
        (("eval", "golden", "--providers", "gemnii"), {}, "E_VALIDATION", 3),
        (("migrate",), {"STILLROOM_DATABASE_URL": "mysql://u:canary@h/x"}, "E_VALIDATION", 2),
        (("config",), {"STILLROOM_PROT": "1"}, "E_VALIDATION", 2),
    ],
)
def test_error_is_one_line_of_text_or_a_problem_object_with_json(
    home: Path, arguments: Sequence[str], settings: dict[str, str], code: str, exit_code: int
) -> None:
    (home / "afile").write_bytes(b"")
    done = stillroom(home, *arguments, "--json", **settings)
    assert done.returncode == exit_code, done.stderr
    assert done.stderr.startswith("stillroom: ")
    assert done.stderr.count("\n") == 1
    assert "canary" not in done.stdout + done.stderr
    problem = Problem.model_validate_json(done.stdout)
    assert problem.code == code
    assert problem.detail in done.stderr


def test_unreadable_instruction_makes_no_file_and_is_reported(home: Path) -> None:
    photo(home / "cup.jpg")
    done = stillroom(home, "edit", "cup.jpg", "-o", "out", "--prompt", "独角兽")
    assert done.returncode == 1
    assert "cup.jpg: Not understood: “独角兽”. Say it in other words" in done.stderr
    assert not list((home / "out").iterdir())


def test_output_without_the_json_flag_is_text(home: Path) -> None:
    done = stillroom(home, "edit", "nope.jpg", "-o", "out")
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == "stillroom: There is no file nope.jpg. (E_NOT_FOUND)\n"


def test_unwritable_folder_is_reported_before_the_work(home: Path) -> None:
    photo(home / "mug.jpg")
    done = stillroom(home, "edit", "mug.jpg", "-o", "/proc")
    assert done.returncode == 6
    assert done.stderr.startswith("stillroom: /proc: ")


def test_settings_that_are_refused_are_fields_of_the_problem(home: Path) -> None:
    done = stillroom(home, "config", "--json", STILLROOM_PORT="many", STILLROOM_HOST="")
    problem = json.loads(done.stdout)
    assert [field["field"] for field in problem["params"]["fields"]] == ["STILLROOM_PORT"]


def test_a_wrong_command_line_is_a_problem_for_machines_too(home: Path) -> None:
    done = stillroom(home, "edit", "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["code"] == "E_VALIDATION"
    assert "Usage" in done.stderr
    assert stillroom(home, "edit", "--", "--json").stdout == ""
    helped = stillroom(home, "edit", "--help", "--json")
    assert (helped.returncode, "{" in helped.stdout.splitlines()) == (0, False)


@pytest.mark.parametrize(
    "settings",
    [{"STILLROOM_DATABASE_URL": DEAD_DATABASE}, {"STILLROOM_DATA_DIR": "afile/data"}],
)
def test_a_server_that_cannot_open_its_studio_says_so_in_one_line_as_other_commands_do(
    home: Path, settings: dict[str, str]
) -> None:
    (home / "afile").write_bytes(b"")
    migrated = stillroom(home, "migrate", **settings)
    served = stillroom(home, "serve", "--port", "0", **settings)
    assert served.returncode == migrated.returncode == 6
    told = [line for line in served.stderr.splitlines() if '"level":"info"' not in line]
    assert told == migrated.stderr.splitlines()


@pytest.mark.parametrize(
    ("command", "setting", "advice"),
    [
        ("serve", "STILLROOM_PORT", "stillroom serve --port"),
        ("worker", "STILLROOM_WORKER_PORT", "Set another"),
    ],
)
def test_a_port_that_is_taken_is_reported_in_one_line_before_any_job_is_claimed(
    home: Path, command: str, setting: str, advice: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = stillroom(home, command, **{setting: str(port)})
    assert refused.returncode == 4
    (line,) = refused.stderr.splitlines()
    assert line.startswith(f"stillroom: 127.0.0.1:{port}: Address already in use. ")
    assert advice in line


def test_json_output_lists_the_results(home: Path) -> None:
    def answer(*arguments: str) -> Any:
        done = stillroom(home, *arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    assert answer("migrate") == {"up_to_date": True}
    created = answer("token", "create", "小明")
    assert created["name"] == "小明"
    assert created["token"].startswith("st_")
    listed = {owner["name"]: owner["has_token"] for owner in answer("token", "list")}
    assert listed == {"local": False, "小明": True}
    assert answer("token", "revoke", "小明") == {"name": "小明", "has_token": False}
    assert [(state["name"], state["present"]) for state in answer("models", "fetch", "u2netp")] == [
        ("u2netp", True)
    ]
    own, *present = [state["name"] for state in answer("models", "list") if state["present"]]
    assert own.startswith("own-red-")
    assert present == ["isnet-1024", "u2netp", "pp-ocrv4-det", "sam2-tiny"]
    assert answer("models") == answer("models", "list")


def test_listing_tokens_creates_and_changes_no_tables(home: Path) -> None:
    listed = stillroom(home, "token", "list", "--json")
    assert (listed.returncode, listed.stdout.strip()) == (0, "[]")
    database = home / "data" / "stillroom.db"
    assert not database.exists()
    asyncio.run(migrate(f"sqlite:///{database}", "0001"))
    listed = stillroom(home, "token", "list")
    assert listed.returncode == 4
    assert "stillroom migrate" in listed.stderr
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
        assert connection.execute("SELECT id FROM owners").fetchall() == []


def test_restore_is_possible_until_the_first_owner_is_created(home: Path) -> None:
    elsewhere = {"STILLROOM_DATA_DIR": str(home / "elsewhere")}
    assert stillroom(home, "token", "create", "小明").returncode == 0
    assert stillroom(home, "backup", home / "kept").returncode == 0
    for command in (("migrate",), ("token", "revoke", "nobody"), ("doctor",)):
        stillroom(home, *command, **elsewhere)
    restored = stillroom(home, "restore", home / "kept", **elsewhere)
    assert restored.returncode == 0, restored.stderr
    listed = json.loads(stillroom(home, "token", "list", "--json", **elsewhere).stdout)
    assert {owner["name"] for owner in listed} == {"local", "小明"}
    again = stillroom(home, "restore", home / "kept", **elsewhere)
    assert again.returncode == 4
    assert f"move {home / 'elsewhere' / 'stillroom.db'} away" in again.stderr


def test_batch_of_a_folder_ignores_and_leaves_the_rate_limit_of_the_server(
    home: Path, valkey_url: str
) -> None:
    photos = [photo(home / "in" / f"{number}.jpg", number) for number in range(3)]
    limits = {"STILLROOM_USER_PER_MINUTE": "1", "STILLROOM_USER_QUEUED": "1"}
    done = stillroom(
        home, "edit", home / "in", "-o", "out", "--json", STILLROOM_VALKEY_URL=valkey_url, **limits
    )
    assert files_of(done) == [[f"out/{photo.stem}.png"] for photo in photos]
    # What is told of a photo names it.
    assert {line.partition(": ")[0] for line in done.stderr.splitlines()} == {photo.name for photo in photos}
    address = urlsplit(valkey_url)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=5) as connection:
        connection.sendall(b"DBSIZE\r\n")
        assert connection.recv(16) == b":0\r\n"


def test_results_of_one_run_never_take_each_others_name(home: Path) -> None:
    photo(home / "shoes" / "front.jpg")
    photo(home / "hat" / "front.jpg", 1)
    photo(home / "hat" / "FRONT.png", 2)
    run = ("edit", "shoes/front.jpg", "hat", "-o", "out", "--json")
    files = files_of(stillroom(home, *run))
    assert files == [["out/front.png"], ["out/FRONT_2.png"], ["out/front_3.png"]]
    kept = {path.name: path.read_bytes() for path in (home / "out").iterdir()}
    assert len(set(kept.values())) == 3
    assert files_of(stillroom(home, *run)) == files, "a later run writes the same names again"
    assert {path.name for path in (home / "out").iterdir()} == set(kept)


def test_products_that_a_shops_naming_takes_for_one_keep_a_file_each(home: Path) -> None:
    photo(home / "in" / "mug-1.jpg")
    photo(home / "in" / "mug1.jpg", 1)
    done = stillroom(home, "edit", "in", "-o", "out", "--preset", "amazon-main", "--json")
    assert files_of(done) == [["out/mug1.MAIN.jpg"], ["out/mug1.MAIN_2.jpg"]]


@pytest.mark.parametrize("preset", [(), ("--preset", "amazon-main", "--preset", "web-1080")])
def test_json_of_an_edit_states_confidence_quality_warnings_and_cost_of_every_file(
    home: Path, preset: tuple[str, ...]
) -> None:
    photo(home / "mug.jpg")
    run = ("edit", "mug.jpg", "-o", "out", "--json", "--prompt", "白底，加几片叶子", *preset)
    done = stillroom(home, *run, "--candidates", "2")
    assert done.returncode == 0, done.stdout
    [told] = json.loads(done.stdout)
    assert [one["file"] for one in told["results"]] == told["files"]
    for one in told["results"]:
        assert 0 <= one["confidence"] <= 1
        assert 0 <= one["quality"] <= 1
        assert one["cost_usd"] == 0.0
        assert "叶子" in next(warning["message"] for warning in one["warnings"])
    assert told["confidence"] == min(one["confidence"] for one in told["results"])
    assert all(f"mug.jpg: {warning['message']}" in done.stderr for warning in told["warnings"])


def test_a_result_never_takes_the_place_of_a_photo(home: Path) -> None:
    before = photo(home / "mug.png").read_bytes()
    assert files_of(stillroom(home, "edit", "mug.png", "-o", ".", "--json")) == [["mug_2.png"]]
    assert (home / "mug.png").read_bytes() == before


def test_unusable_photo_does_not_stop_the_others(home: Path) -> None:
    (home / "in" / "album.jpg").mkdir(parents=True)
    (home / "in" / "broken.jpg").write_bytes(b"\xff\xd8\xff")
    photo(home / "in" / "fine.jpg")
    (home / "in" / "gone.jpg").symlink_to(home / "nowhere")
    (home / "out" / "taken.png").mkdir(parents=True)
    photo(home / "in" / "taken.jpg")
    done = stillroom(home, "edit", "in", "-o", "out", "--json")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    broken, fine, gone, taken = json.loads(done.stdout)
    assert fine["files"] == ["out/fine.png"]
    assert Problem.model_validate(broken["error"]).code == "E_INPUT_CORRUPT"
    assert "There is no file" in Problem.model_validate(gone["error"]).detail
    assert Problem.model_validate(taken["error"]).detail == "out/taken.png: Is a directory."
    assert all((one["cost_usd"], one["warnings"]) == (0.0, []) for one in (broken, gone))
    assert taken["cost_usd"] == 0.0, "the cost of a picture that could not be written is stated too"
    assert not list((home / "out").glob(".*.part"))


def test_output_of_libraries_is_suppressed() -> None:
    command = (
        "import sys; from stillroom.cli import app; import os\n"
        "def loud(): os.write(1, b'The device supports: nothing'); print('ours')\n"
        "app.app = loud; app.main()"
    )
    told = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    assert told.stdout == "ours\n"
