"""AVIF files: asked for in a moment, made by a worker, there after a crash."""

import time
from pathlib import Path
from typing import Any

from tests.servers.studio_process import StudioProcess

READY_SECONDS = 120


def test_deferred_exports_survive_a_killed_studio(tmp_path: Path, weights_folder: Path, golden: Path) -> None:
    with StudioProcess(tmp_path / "data", weights_folder) as studio:
        session = studio.open_session(golden / "mug_kitchen.jpg")
        job = studio.submit("/edit", session_id=session["id"], operation="optimize", candidates=2)
        variants = [variant["id"] for variant in studio.finished(job["id"])["variants"]]
        made = studio.client.post(
            "/export",
            json={
                "variant_ids": variants,
                "presets": ["web-avif", "web-1080"],
                "names": {"web-avif": "{sku}-{slot}.jpg"},
            },
        ).json()
        asked = {export["id"]: export for export in made["exports"]}
        studio.kill()
        assert [export["status"] for export in made["exports"] if export["format"] != "avif"] == ["ready"] * 4
        studio.start()
        ready = all_ready(studio, list(asked))
        assert set(ready) == set(asked)
        for export_id, export in ready.items():
            answer = studio.client.get(f"/export/{export_id}")
            assert answer.status_code == 200
            assert answer.headers["content-type"] == f"image/{export['format']}"
            assert len(answer.content) == export["bytes"]
            assert export["name"] == asked[export_id]["name"]
            assert export["name"] in answer.headers["content-disposition"]
        names = {export["name"] for export in ready.values() if export["format"] == "avif"}
        assert names == {f"mugkitchen-{slot:02}.avif" for slot in range(2)}
        # The kill may hit the one running attempt between its file and its row; that file is swept later.
        files = len(list((tmp_path / "data" / "blobs" / "exports").iterdir()))
        assert len(asked) <= files <= len(asked) + 1
        assert studio.client.get(made["archive_url"]).status_code == 200


def all_ready(studio: StudioProcess, ids: list[str]) -> dict[str, dict[str, Any]]:
    """The exports, once none of them is pending."""
    give_up = time.monotonic() + READY_SECONDS
    while time.monotonic() < give_up:
        listed = studio.client.get("/export", params={"limit": "100"}).json()["items"]
        found = {export["id"]: export for export in listed if export["id"] in ids}
        if all(export["status"] == "ready" for export in found.values()):
            return found
        time.sleep(0.2)
    raise AssertionError(f"still pending after {READY_SECONDS} s")
