"""An instruction over HTTP: previewed, read by a model where the rules do not understand it, and made."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.accounts import Accounts
from tests.fakes.providers.readers import CANNOT, FakeChat, change, changes
from tests.fakes.providers.server import KEY, Fault
from tests.servers.studio_process import StudioProcess

UNKNOWN, IMPOSSIBLE = "独角兽", "让它跳舞"
tokens: dict[str, str] = {}
"""Of the two owners, by name."""

TABLE = {UNKNOWN: changes(change("tone", "mired", "20")), IMPOSSIBLE: CANNOT}


@pytest.fixture(scope="module")
def reader() -> Iterator[FakeChat]:
    """A model that reads one clause and declines another."""
    with FakeChat(TABLE) as fake:
        yield fake


@pytest.fixture(scope="module")
def studio(
    tmp_path_factory: pytest.TempPathFactory, weights_folder: Path, reader: FakeChat
) -> Iterator[StudioProcess]:
    """A studio with that reader."""
    with (
        StudioProcess(
            tmp_path_factory.mktemp("instruction"),
            weights_folder,
            STILLROOM_AUTH="token",
            READER="compatible",
            READER_API_KEY=KEY,
            READER_BASE_URL=reader.address,
            READER_MODEL="table-1",
        ) as studio,
        Accounts(studio) as accounts,
    ):
        for name in ("anna", "boris"):
            tokens[name] = accounts.create(name)
        studio.client.headers["Authorization"] = f"Bearer {tokens['anna']}"
        yield studio


def preview(studio: StudioProcess, text: str, language: str = "en", **more: Any) -> dict[str, Any]:
    answer = studio.client.post(
        "/instruction", json={"text": text, **more}, headers={"Accept-Language": language}
    )
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


def test_labels_are_in_the_language_of_the_request_or_else_of_the_text(studio: StudioProcess) -> None:
    def labels(text: str, language: str) -> set[str]:
        return {change["label"] for change in preview(studio, text, language)["changes"]}

    assert "背景：暖木桌面" in labels("oak table", "zh")
    assert "Backdrop: Warm oak table" in labels("木纹背景", "en")
    assert "背景：暖木桌面" in labels("木纹背景", "")


def test_reading_of_the_model_is_previewed_applied_and_billed(
    studio: StudioProcess, reader: FakeChat, golden: Path
) -> None:
    session = studio.open_session(golden / "mug_kitchen.jpg")["id"]
    # On a busy machine the eager cut-out takes the seconds in which the model must have answered.
    studio.client.get(f"/session/{session}/matte", timeout=60).raise_for_status()
    shown = preview(studio, UNKNOWN, session_id=session, operation="optimize")
    assert shown["reader"] == "model"
    assert [(one["part"], one["to"], one["text"]) for one in shown["changes"]] == [("tone", 20.0, UNKNOWN)]
    asked = reader.calls
    job = studio.submit("/edit", session_id=session, operation="optimize", prompt=UNKNOWN, candidates=1)
    done = studio.finished(job["id"])
    assert reader.calls == asked, "the preview's answer is used"
    assert done["variants"][0]["plan"]["tone"]["mired"] == 20.0
    logs = studio.client.get(f"/job/{job['id']}/report").text
    assert UNKNOWN not in logs
    lines = studio.client.get("/usage").json()["lines"]
    assert [line["model"] for line in lines if line["provider"] == "reader"] == ["table-1"]
    for clause, reason in ((IMPOSSIBLE, "not_possible"), ("嗯哼哈嘿", "not_understood")):
        for path, more in (
            ("/edit", {"operation": "bg_replace"}),
            ("/refine", {"variant_id": done["variants"][0]["id"]}),
        ):
            refused = studio.client.post(path, json={"session_id": session, "prompt": clause, **more})
            assert (refused.status_code, refused.json()["code"]) == (422, "E_PROMPT_INVALID")
            (told,) = refused.json()["params"]["told_back"]
            assert (told["text"], told["reason"]) == (clause, reason)


def test_a_reader_that_fails_leaves_the_rules_result(studio: StudioProcess, reader: FakeChat) -> None:
    reader.fail(Fault(500, {}))
    shown = preview(studio, "影子淡一点，另一只独角兽")
    assert shown["reader"] == "rules"
    assert {change["part"] for change in shown["changes"]} == {"shadow"}
    reader.heal()


def test_sessions_and_pictures_of_others_are_not_found_and_texts_are_bounded(
    studio: StudioProcess, golden: Path
) -> None:
    session = studio.open_session(golden / "mug_kitchen.jpg")["id"]
    theirs = {"Authorization": f"Bearer {tokens['boris']}"}
    for body, status in (
        ({"text": "暖一点", "session_id": session}, 404),
        ({"text": "暖一点", "session_id": session, "operation": "refine"}, 404),
        ({"text": "暖" * 501}, 422),
        ({"text": "暖" * 100_000}, 413),
        ({"text": "!!!"}, 422),
        ({"text": "暖一点", "more": 1}, 422),
    ):
        assert studio.client.post("/instruction", json=body, headers=theirs).status_code == status, body
    assert (
        studio.client.post("/instruction", json={"text": "x"}, headers={"Authorization": "no"}).status_code
        == 401
    )


def test_configuration_states_what_is_sent_to_the_reader(studio: StudioProcess, reader: FakeChat) -> None:
    config = studio.client.get("/config").json()
    assert config["reader"] == {
        "vendor": "compatible",
        "model": "table-1",
        "host": reader.address.removeprefix("http://"),
        "sees_photos": False,
        "description_usd": None,
    }
    assert KEY not in studio.client.get("/config").text
