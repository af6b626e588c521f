"""From the photo to the marketplace's file, as the page does it."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.e2e.studio_process import StudioProcess

PRESETS = ["amazon-main", "web-1080", "web-1500"]


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory, weights_folder: Path) -> Iterator[StudioProcess]:
    """A studio as it is without any setting: with the best network."""
    folder = tmp_path_factory.mktemp("studio")
    with StudioProcess(folder, weights_folder, STILLROOM_MATTE_QUALITY="best") as running:
        yield running


def decoded(data: bytes) -> np.ndarray:
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert picture is not None, "it is a picture"
    return np.asarray(picture)


def test_a_photo_becomes_candidates_a_refinement_and_marketplace_files(
    studio: StudioProcess, golden: Path
) -> None:
    session = studio.open_session(golden / "mug_kitchen.jpg")
    assert session["title"] == "mug_kitchen"

    job = studio.submit(
        "/edit", session_id=session["id"], operation="bg_replace", prompt="白底软阴影", candidates=3
    )
    events = list(studio.events(job["id"]))
    assert [int(event["id"]) for event in events] == list(range(1, len(events) + 1))
    assert (events[0]["event"], events[-1]["event"]) == ("queued", "succeeded")

    job = studio.client.get(f"/job/{job['id']}").json()
    assert job["status"] == "succeeded"
    assert job["model_used"] == "local/isnet-1024"
    assert [variant["ordinal"] for variant in job["variants"]] == [1, 2, 3]
    pictures = [decoded(studio.client.get(variant["image"]["url"]).content) for variant in job["variants"]]
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert not np.array_equal(pictures[one], pictures[other]), "candidates differ"
    assert pictures[0][0, 0].tolist() == [255, 255, 255], "a white backdrop is exactly white"

    chosen = job["variants"][0]
    assert studio.client.post(f"/variant/{chosen['id']}/adopt").json()["adopted"] is True

    refined = studio.submit(
        "/refine", session_id=session["id"], variant_id=chosen["id"], prompt="warmer, a bit larger"
    )
    refined = studio.finished(refined["id"])
    (variant,) = refined["variants"]
    assert variant["parent_id"] == chosen["id"]
    assert set(variant["plan"]["asked"]) == {"tone", "framing"}
    assert variant["plan"]["framing"]["fill"] > chosen["plan"]["framing"]["fill"]

    made = studio.client.post("/export", json={"variant_ids": [variant["id"]], "presets": PRESETS})
    assert made.status_code == 201, made.text
    exports = made.json()["exports"]
    assert {(export["preset"], export["format"]) for export in exports} == {
        ("amazon-main", "jpeg"),
        ("web-1080", "webp"),
        ("web-1080", "jpeg"),
        ("web-1500", "webp"),
        ("web-1500", "jpeg"),
    }
    for export in exports:
        file = studio.client.get(export["url"])
        assert len(file.content) == export["bytes"]
        assert decoded(file.content).shape[:2] == (export["height"], export["width"])
        assert "attachment" in file.headers["content-disposition"]
    amazon = next(export for export in exports if export["preset"] == "amazon-main")
    assert not [check for check in amazon["checks"] if check["verdict"] == "fail"]

    archive = studio.client.get(made.json()["archive_url"])
    names = zipfile.ZipFile(io.BytesIO(archive.content)).namelist()
    assert len(names) == len(set(names)) == len(exports)

    whole = studio.client.get(f"/session/{session['id']}").json()
    assert len(whole["variants"]) == 4
    assert whole["context"]["lighting"]["azimuth_deg"] is not None


@pytest.mark.parametrize("photo", ["watch_desk.jpg", "wine_glass_window.jpg"])
def test_one_click_needs_no_words(studio: StudioProcess, golden: Path, photo: str) -> None:
    session = studio.open_session(golden / photo)
    job = studio.finished(
        studio.submit("/edit", session_id=session["id"], operation="optimize", candidates=2)["id"]
    )
    assert job["status"] == "succeeded"
    assert len(job["variants"]) == 2


def test_words_that_are_not_understood_are_told(studio: StudioProcess, golden: Path) -> None:
    session = studio.open_session(golden / "mug_kitchen.jpg")
    job = studio.submit(
        "/edit", session_id=session["id"], operation="bg_replace", prompt="白底，加一只独角兽", candidates=1
    )
    logs = [event["data"] for event in studio.events(job["id"]) if event["event"] == "log"]
    assert any("NOT_UNDERSTOOD" in log and "独角兽" in log for log in logs)


def test_a_transparent_picture_is_transparent(studio: StudioProcess, golden: Path) -> None:
    session = studio.open_session(golden / "headphones_desk.jpg")
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
    unknown = studio.client.patch(address, json={"platform": "nowhere"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "E_VALIDATION")


def test_a_deleted_product_takes_everything_with_it(studio: StudioProcess, golden: Path) -> None:
    session = studio.open_session(golden / "toycar_rug.jpg")
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
