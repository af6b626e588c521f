"""The cut-out over HTTP: found, shown while a job runs, corrected, used from then on, and given back."""

import json
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np
import pytest

from tests.servers.studio_process import StudioProcess

PAINTED = [[0.06, 0.06], [0.14, 0.06]]
"""A corner of the photo, far from any product."""

ADDED = {"strokes": [{"mode": "add", "radius": 0.03, "points": PAINTED}]}


def plane(answer: httpx.Response) -> np.ndarray:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/png"
    picture = cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_UNCHANGED)
    assert picture is not None
    return np.asarray(picture)


@pytest.fixture(scope="module")
def session(studio: StudioProcess, golden: Path) -> dict[str, Any]:
    """A session that no job has run in."""
    return studio.open_session(golden / "mug_kitchen.jpg")


def width_of(studio: StudioProcess, variant: dict[str, Any]) -> int:
    """Columns that the product takes in a picture."""
    matte = plane(studio.client.get(f"/image/{variant['image']['id']}?size=matte"))
    columns = np.flatnonzero((matte > 127).any(0))
    return int(columns[-1] - columns[0])


def is_painted(matte: np.ndarray) -> bool:
    height, width = matte.shape
    return bool(matte[round(0.06 * height), round(0.1 * width)] == 255)


def test_configuration_states_that_cut_outs_can_be_corrected(studio: StudioProcess) -> None:
    assert studio.client.get("/config").json()["features"]["matte_correction"] is True


def test_a_cutout_is_there_before_any_job_and_the_same_afterwards(
    studio: StudioProcess, session: dict[str, Any]
) -> None:
    address = f"/session/{session['id']}/matte"
    first = studio.client.get(address).json()
    assert (first["width"], first["height"]) == (session["image"]["width"], session["image"]["height"])
    assert first["correction"] is None
    assert 0 < first["edge_confidence"] <= 1
    picture = studio.client.get(first["url"])
    matte = plane(picture)
    assert matte.shape == (first["height"], first["width"])
    assert 0.05 < (matte > 127).mean() < 0.9
    assert "immutable" in picture.headers["cache-control"]
    assert studio.client.get(address).json() == first


def test_a_job_tells_where_the_product_is_before_its_first_candidate(
    studio: StudioProcess, golden: Path
) -> None:
    session = studio.open_session(golden / "toycar_rug.jpg")
    job = studio.submit("/edit", session_id=session["id"], operation="optimize", candidates=1)
    told = [json.loads(event["data"]) for event in studio.events(job["id"]) if event["event"] == "progress"]
    found = next(event for event in told if event["matte_url"])
    assert found["stage"] == "matte"
    assert 0 < found["edge_confidence"] <= 1
    assert [event["percent"] for event in told] == sorted(event["percent"] for event in told)
    roles = [event["variant"]["role"] for event in told if event["variant"]]
    assert roles in (["candidate"], ["preview", "candidate"]), "a preview needs only a provisional matte"
    assert told.index(found) < next(
        place
        for place, event in enumerate(told)
        if event["variant"] and event["variant"]["role"] == "candidate"
    )
    assert plane(studio.client.get(found["matte_url"])).ndim == 2
    current = studio.client.get(f"/session/{session['id']}/matte").json()
    assert current["url"] == found["matte_url"]


def test_preview_equals_the_saved_matte_and_stores_nothing(
    studio: StudioProcess, session: dict[str, Any]
) -> None:
    address = f"/session/{session['id']}/matte"
    before = studio.client.get(address).json()
    previewed = plane(studio.client.post(address, json=ADDED))
    assert is_painted(previewed)
    assert studio.client.get(address).json() == before
    saved = studio.client.put(address, json=ADDED).json()
    assert saved["id"] != before["id"]
    assert (plane(studio.client.get(saved["url"])) == previewed).all()
    assert saved["correction"]["strokes"] == ADDED["strokes"]
    assert studio.client.delete(address).json() == before


def test_a_correction_is_used_by_the_next_job_and_no_more_once_it_is_undone(
    studio: StudioProcess, session: dict[str, Any]
) -> None:
    address = f"/session/{session['id']}/matte"
    body = {"session_id": session["id"], "operation": "optimize", "candidates": 1}

    def widths() -> tuple[int, list[Any]]:
        job = studio.submit("/edit", **body)
        urls = [json.loads(event["data"]).get("matte_url") for event in studio.events(job["id"])]
        (variant,) = studio.client.get(f"/job/{job['id']}").json()["variants"]
        return width_of(studio, variant), urls

    plain, _ = widths()
    corrected = studio.client.put(address, json=ADDED).json()
    wide, told = widths()
    assert corrected["url"] in told
    # The painted corner is product now, so the product reaches farther to the left.
    assert wide > 1.2 * plain
    studio.client.delete(address)
    again, _ = widths()
    assert again == plain


def test_a_correction_can_have_the_newest_picture_made_again_with_it(
    studio: StudioProcess, golden: Path
) -> None:
    session = studio.open_session(golden / "mug_kitchen.jpg")
    address = f"/session/{session['id']}/matte"

    def corrected() -> httpx.Response:
        return studio.client.put(
            address, json=ADDED, params={"redo": True}, headers={"Idempotency-Key": "repair"}
        )

    assert corrected().status_code == 200
    studio.client.delete(address)
    lighter = {"shadow": {"strength": 0.5}}
    first = studio.submit(
        "/edit", session_id=session["id"], operation="optimize", candidates=1, changes=lighter
    )
    plain = studio.finished(first["id"])["variants"][0]

    again = corrected()
    assert again.status_code == 202
    job = again.json()
    assert again.headers["Location"] == f"/job/{job['id']}"
    assert "RateLimit" in again.headers
    finished = studio.finished(job["id"])
    assert [job["changes"], job["changes"][0]["to"]] == [finished["changes"], 0.5]
    (repaired,) = finished["variants"]
    assert width_of(studio, repaired) > 1.2 * width_of(studio, plain)

    same = corrected()
    assert (same.json()["id"], same.headers["Idempotent-Replayed"]) == (job["id"], "true")
    back = studio.client.delete(address, params={"redo": True})
    assert (back.status_code, back.json()["type"]) == (202, "optimize")


def test_a_drawn_box_limits_the_search_for_the_product(
    studio: StudioProcess, session: dict[str, Any]
) -> None:
    address = f"/session/{session['id']}/matte"
    box = {"x": 0.2, "y": 0.1, "w": 0.6, "h": 0.8}
    matte = plane(studio.client.post(address, json={"box": box}))
    height, width = matte.shape
    inside = np.zeros(matte.shape, bool)
    inside[int(0.1 * height) : int(0.9 * height) + 1, int(0.2 * width) : int(0.8 * width) + 1] = True
    assert not matte[~inside].any()
    assert (matte > 127).mean() > 0.03


@pytest.mark.parametrize(
    "body",
    [
        {"grow": 7},
        {"grow": "NaN"},
        {"softness": -1},
        {"product": "ghost"},
        {"colour": "red"},
        {"box": {"x": 0.5, "y": 0.5, "w": 0.6, "h": 0.1}},
        {"strokes": [{"mode": "add", "radius": 0.02, "points": []}]},
        {"strokes": [{"mode": "add", "radius": 0.02, "points": [[0.5]]}]},
        {"strokes": [{"mode": "add", "radius": 0.02, "points": [[0.5, 9.0]]}]},
        {"strokes": [{"mode": "add", "radius": 0.5, "points": [[0.5, 0.5]]}]},
        {"strokes": [{"mode": "add", "radius": 0.02, "points": [[0.5, 0.5]] * 401}]},
        {"strokes": [{"mode": "add", "radius": 0.02, "points": [[0.5, 0.5]]}] * 65},
        {"strokes": [{"mode": "add", "radius": 0.02, "points": [[0.5, 0.5]] * 400}] * 16},
    ],
)
def test_a_correction_beyond_its_limits_is_refused_by_name(
    studio: StudioProcess, session: dict[str, Any], body: dict[str, Any]
) -> None:
    for method in ("PUT", "POST"):
        answer = studio.client.request(method, f"/session/{session['id']}/matte", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "E_VALIDATION")
        assert answer.json()["params"]["fields"]


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
def test_an_unknown_session_has_no_cutout(studio: StudioProcess, method: str) -> None:
    body: dict[str, Any] | None = None if method in ("GET", "DELETE") else {}
    answer = studio.client.request(method, "/session/ses_none/matte", json=body)
    assert (answer.status_code, answer.json()["code"]) == (404, "E_NOT_FOUND")


def test_deleting_a_product_deletes_its_cutouts(studio: StudioProcess, golden: Path) -> None:
    session = studio.open_session(golden / "toycar_rug.jpg")
    address = f"/session/{session['id']}/matte"
    mattes = [studio.client.get(address).json(), studio.client.put(address, json=ADDED).json()]
    assert studio.client.delete(f"/session/{session['id']}").status_code == 204
    for matte in mattes:
        assert studio.client.get(matte["url"]).status_code == 404
        assert not list((studio.data_dir / "blobs").rglob(f"{matte['id']}*"))
