"""Sessions, jobs and streams as the page uses them, beside the walk of `tests/smoke/test_walk.py`."""

from pathlib import Path

import pytest

from tests.servers.studio_process import StudioProcess
from tests.smoke.test_walk import decoded


@pytest.mark.parametrize("photo", ["watch_desk.jpg", "wine_glass_window.jpg"])
def test_one_click_needs_no_words(studio: StudioProcess, golden: Path, photo: str) -> None:
    session = studio.open_session(golden / photo)
    job = studio.finished(
        studio.submit("/edit", session_id=session["id"], operation="optimize", candidates=2)["id"]
    )
    assert job["status"] == "succeeded"
    assert len(job["variants"]) == 2


def test_unreadable_instruction_is_reported(studio: StudioProcess, golden: Path) -> None:
    session = studio.open_session(golden / "mug_kitchen.jpg")
    job = studio.submit(
        "/edit",
        session_id=session["id"],
        operation="bg_replace",
        prompt="白底，整得跟独角兽似的",
        candidates=1,
    )
    logs = [event["data"] for event in studio.events(job["id"]) if event["event"] == "log"]
    assert any("NOT_UNDERSTOOD" in log and "独角兽" in log for log in logs)


def test_a_transparent_picture_is_transparent(studio: StudioProcess, golden: Path) -> None:
    session = studio.open_session(golden / "mug_kitchen.jpg")
    job = studio.finished(
        studio.submit(
            "/edit", session_id=session["id"], operation="bg_replace", prompt="透明背景", candidates=1
        )["id"]
    )
    picture = decoded(studio.client.get(job["variants"][0]["image"]["url"]).content)
    assert picture.shape[2] == 4
    assert picture[0, 0, 3] == 0
    assert picture[..., 3].max() == 255


def test_a_stream_resumes_where_it_was_left_and_ends_with_204(studio: StudioProcess, golden: Path) -> None:
    session = studio.open_session(golden / "mug_kitchen.jpg")
    job = studio.submit("/edit", session_id=session["id"], operation="optimize", candidates=1)
    everything = list(studio.events(job["id"]))
    rest = list(studio.events(job["id"], last_event_id=2))
    assert rest == everything[2:]
    ended = studio.client.get(f"/stream/{job['id']}", headers={"Last-Event-ID": everything[-1]["id"]})
    assert ended.status_code == 204


def test_the_same_key_gives_the_same_job(studio: StudioProcess, golden: Path) -> None:
    session = studio.open_session(golden / "mug_kitchen.jpg")
    body = {"session_id": session["id"], "operation": "optimize", "candidates": 1}
    first = studio.client.post("/edit", json=body, headers={"Idempotency-Key": "one-press"})
    again = studio.client.post("/edit", json=body, headers={"Idempotency-Key": '"one-press"'})
    assert first.json()["id"] == again.json()["id"]
    assert again.headers["Idempotent-Replayed"] == "true"
    other = studio.client.post(
        "/edit", json={**body, "candidates": 2}, headers={"Idempotency-Key": "one-press"}
    )
    assert (other.status_code, other.json()["code"]) == (422, "E_IDEMPOTENCY_MISMATCH")
    studio.finished(first.json()["id"])


def test_a_product_is_renamed_and_its_platform_chosen_and_cleared(
    studio: StudioProcess, golden: Path
) -> None:
    session = studio.open_session(golden / "mug_kitchen.jpg")
    address = f"/session/{session['id']}"
    named = studio.client.patch(address, json={"title": "KOMA 马克杯", "platform": "taobao"}).json()
    assert (named["title"], named["platform"]) == ("KOMA 马克杯", "taobao")
    cleared = studio.client.patch(address, json={"platform": None}).json()
    assert (cleared["title"], cleared["platform"]) == ("KOMA 马克杯", None)
    assert cleared["product"]["size_cm"] is None
    sized = studio.client.patch(address, json={"product": {"size_cm": 90}}).json()
    assert sized["product"]["size_cm"] == 90
    assert studio.client.patch(address, json={"title": "KOMA"}).json()["product"] == sized["product"]
    assert studio.client.patch(address, json={"product": {"size_cm": 0}}).status_code == 422
    unknown = studio.client.patch(address, json={"platform": "nowhere"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "E_VALIDATION")


def test_a_deleted_product_takes_everything_with_it(studio: StudioProcess, golden: Path) -> None:
    session = studio.open_session(golden / "perfume_vanity.jpg")
    job = studio.finished(
        studio.submit("/edit", session_id=session["id"], operation="optimize", candidates=1)["id"]
    )
    picture = job["variants"][0]["image"]["url"]
    export = studio.client.post(
        "/export", json={"variant_ids": [job["variants"][0]["id"]], "presets": ["web-1080"]}
    ).json()["exports"][0]
    assert studio.client.delete(f"/session/{session['id']}").status_code == 204
    for address in (f"/session/{session['id']}", f"/job/{job['id']}", picture, export["url"]):
        assert studio.client.get(address).json()["code"] == "E_NOT_FOUND"
    assert studio.client.get(session["image"]["url"]).status_code == 404
