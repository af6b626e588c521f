"""Walk from the photo to the marketplace's file, as the page does it, and through a power cut."""

import io
import itertools
import zipfile
from pathlib import Path

import cv2
import numpy as np

from tests.servers.studio_process import StudioProcess

PRESETS = ["amazon-main", "web-1080", "web-1500"]


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
    assert job["model_used"] == "local/u2netp"
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


def test_a_killed_studio_finishes_its_job_and_the_stream_goes_on(
    tmp_path: Path, weights_folder: Path, golden: Path
) -> None:
    with StudioProcess(tmp_path / "data", weights_folder) as studio:
        studio.cutouts_of_run = None
        session = studio.open_session(golden / "mug_kitchen.jpg")
        job = studio.submit("/edit", session_id=session["id"], operation="optimize", candidates=2)
        stream = studio.events(job["id"])
        seen = list(itertools.islice(stream, 4))
        studio.kill()
        studio.start()
        seen += list(studio.events(job["id"], last_event_id=int(seen[-1]["id"])))

        assert [int(event["id"]) for event in seen] == list(range(1, len(seen) + 1))
        names = [event["event"] for event in seen]
        assert names[-1] == "succeeded"
        assert names.count("running") == 2
        assert any('"recovered"' in event["data"] for event in seen if event["event"] == "queued")
        finished = studio.client.get(f"/job/{job['id']}").json()
        assert [variant["ordinal"] for variant in finished["variants"]] == [1, 2]
