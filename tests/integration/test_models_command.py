"""`stillroom models` with a network in the operator's own catalogue, from a server on this machine."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from stillroom.bootstrap.networks import network_inventory
from stillroom.cli.models import app
from stillroom.domain.errors import Conflict, NotFound, StillroomError, ValidationFailed
from stillroom.settings import load
from tests.servers.file_server import FileServer, Served
from tests.tiny_networks import BLIND, card_of, red_finder

NET = red_finder()
PATH = "/tiny/net/resolve/main/net.onnx"


class Desk:
    """A data folder with rows of the operator's own, and the command."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, name: str, content: bytes, url: str, **changes: Any) -> None:
        rows = self.folder / "config" / "networks"
        rows.mkdir(parents=True, exist_ok=True)
        row = card_of(name, content, url, **changes).model_dump_json(by_alias=True)
        (rows / f"{name}.json").write_text(row, encoding="utf-8")

    def run(self, *arguments: str | Path) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments])

    def answer(self, *arguments: str | Path) -> Any:
        done = self.run(*arguments, "--json")
        assert done.exit_code == 0, (done.stderr, done.exception)
        return json.loads(done.stdout)

    def error(self, *arguments: str | Path) -> BaseException | None:
        return self.run(*arguments).exception

    @property
    def in_use(self) -> str:
        return network_inventory(load()).in_use.in_use


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("STILLROOM_DATA_DIR", str(tmp_path / "data"))
    return Desk(tmp_path / "data")


def test_json_before_a_command_is_a_mistake_instead_of_a_table(desk: Desk) -> None:
    done = desk.run("--json", "list")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "stillroom models list --json" in done.stderr


def test_a_network_is_fetched_chosen_and_removed(desk: Desk, file_server: FileServer) -> None:
    desk.add("tiny", NET, file_server.serve(PATH, Served(NET)))
    fetched = desk.run("fetch", "tiny")
    assert fetched.exit_code == 0, fetched.output
    told = fetched.stdout.splitlines()
    assert told[0].startswith("Fetching tiny from 127.0.0.1")
    assert "licence MIT" in told[0]
    assert told[-1] == "tiny is installed. To cut out with it: stillroom models use tiny"
    assert desk.in_use == "grabcut"
    assert desk.answer("use", "tiny")["in_use"] == desk.in_use == "tiny"
    (row,) = [state for state in desk.answer("list") if state["id"] == "tiny"]
    assert (row["present"], row["in_use"], row["licence"]) == (True, True, "MIT")
    assert desk.answer("use", "auto")["in_use"] == desk.in_use == "grabcut"
    desk.answer("use", "tiny")
    assert desk.answer("remove", "tiny")[0]["present"] is False
    assert desk.in_use == "grabcut"
    assert desk.run("remove", "tiny").stdout == "tiny was not here.\n"


def test_a_mirror_of_hugging_face_is_asked_instead(
    desk: Desk, file_server: FileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = Served(NET)
    file_server.serve(PATH, served)
    desk.add("tiny", NET, f"https://huggingface.co{PATH}")
    monkeypatch.setenv("HF_ENDPOINT", file_server.url)
    told = desk.run("fetch", "tiny").stdout
    assert f"from {file_server.url.removeprefix('http://')}:" in told
    assert len(served.requests) == 1


def test_local_file_installs_a_network(desk: Desk, tmp_path: Path) -> None:
    desk.add("tiny", NET, "https://127.0.0.1:1/none")
    (tmp_path / "brought.onnx").write_bytes(NET)
    assert [
        state["present"] for state in desk.answer("fetch", "tiny", "--from", tmp_path / "brought.onnx")
    ] == [True]
    assert desk.run("fetch", "--from", tmp_path).exit_code == 2
    assert isinstance(desk.error("fetch", "tiny", "--from", tmp_path / "nothing"), NotFound)


def test_unavailable_network_is_reported_with_its_reason(desk: Desk, file_server: FileServer) -> None:
    desk.add("tiny", NET, file_server.serve("/gone", Served(status=404)))
    done = desk.run("fetch", "tiny")
    assert done.exit_code == 6
    assert "HTTP 404" in done.stderr


def test_a_network_that_fails_its_trial_does_not_replace_the_one_in_use(
    desk: Desk, file_server: FileServer
) -> None:
    blind = red_finder(BLIND)
    desk.add("tiny", NET, file_server.serve(PATH, Served(NET)))
    desk.add("blind", blind, file_server.serve("/blind", Served(blind)))
    desk.answer("fetch", "tiny")
    desk.answer("use", "tiny")
    assert desk.run("fetch", "blind").exit_code == 6
    (desk.folder / "weights" / "blind.onnx").write_bytes(blind)
    assert isinstance(desk.error("use", "blind"), Conflict)
    assert desk.in_use == "tiny"


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        (("fetch", "nothing"), NotFound, "There is no network nothing"),
        (("use", "nothing"), NotFound, "There is no network nothing"),
        (("remove", "nothing"), NotFound, "There is no network nothing"),
        (("use", "birefnet-lite-native"), NotFound, "stillroom models fetch birefnet-lite-native"),
        (("use", "edgetam"), ValidationFailed, "does not cut out"),
        (("use", "pp-ocrv4-det"), ValidationFailed, "does not cut out"),
        (("fetch", "rmbg-2.0"), Conflict, "CC BY-NC 4.0"),
        (("fetch", "birefnet-dynamic-cuda"), Conflict, "made for cuda"),
        (("fetch", "huge"), Conflict, "needs 1000000000 MB of memory"),
    ],
)
def test_impossible_command_is_reported(
    desk: Desk, arguments: tuple[str, str], error: type[StillroomError], said: str
) -> None:
    sizes = {"scaling": "birefnet", "sizes": [{"side": 128, "memory_mb": 10**9}]}
    desk.add("huge", NET, "https://127.0.0.1:1/none", input=sizes)
    found = desk.error(*arguments)
    assert isinstance(found, error)
    assert said in str(found)


def test_networks_without_commercial_use_are_not_offered(desk: Desk) -> None:
    assert not {state["id"] for state in desk.answer()} & {"rmbg-1.4", "rmbg-2.0"}
