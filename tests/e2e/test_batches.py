"""Batches and recipes over HTTP, with the local provider."""

import csv
import io
import json
import time
import zipfile
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.servers.studio_process import StudioProcess, parsed

PATIENCE_SECONDS = 120.0


def upload(studio: StudioProcess, photo: Path) -> str:
    with photo.open("rb") as file:
        answer = studio.client.post("/upload", files={"file": (photo.name, file, "image/jpeg")})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def ok(answer: httpx.Response, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def images(studio: StudioProcess, golden: Path) -> list[str]:
    return [upload(studio, golden / name) for name in ("mug_kitchen.jpg", "toycar_rug.jpg")]


def watched(studio: StudioProcess, batch: Any, last: str = "0") -> list[dict[str, Any]]:
    headers = {"Last-Event-ID": last}
    with studio.client.stream(
        "GET", batch["stream_url"], headers=headers, timeout=PATIENCE_SECONDS
    ) as stream:
        assert stream.status_code == 200
        return list(parsed(stream.iter_lines()))


def test_a_batch_runs_on_the_server_from_photos_to_files(studio: StudioProcess, images: list[str]) -> None:
    recipe = ok(
        studio.client.post(
            "/recipe",
            json={"name": "White", "operation": "optimize", "presets": ["ebay-main"], "approve_from": 0},
        ),
        201,
    )
    body = {
        "name": "Spring",
        "recipe_id": recipe["id"],
        "items": [{"image_id": image, "sku": f"A-{n}"} for n, image in enumerate(images, 1)],
    }
    estimate = ok(studio.client.post("/batch", json={**body, "dry_run": True}))
    assert (estimate["items"], estimate["estimate_usd"], estimate["provider"]) == (2, 0, "local")
    assert ok(studio.client.get("/batch"))["items"] == [], "nothing was stored"
    worded = [body["items"][0], {**body["items"][1], "prompt": "warmer, add a cat"}]
    dry = {**body, "items": worded, "dry_run": True}
    (left_out,) = ok(studio.client.post("/batch", json=dry))["not_carried_out"]
    assert (left_out["items"], left_out["fails"]) == ([1], False)
    assert [one["text"] for one in left_out["told_back"]] == ["add a cat"]

    made = studio.client.post("/batch", json=body, headers={"Idempotency-Key": "spring-1"})
    batch = ok(made, 202)
    again = studio.client.post("/batch", json=body, headers={"Idempotency-Key": "spring-1"})
    assert ok(again, 202)["id"] == batch["id"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert made.headers["Location"] == f"/batch/{batch['id']}"

    events = watched(studio, batch)
    assert [int(event["id"]) for event in events] == list(range(1, len(events) + 1))
    end = json.loads(events[-1]["data"])
    assert events[-1]["event"] == "finished"
    assert end["status"] == "finished"
    done = ok(studio.client.get(f"/batch/{batch['id']}"))
    assert done["counts"]["failed"] == 0
    assert sum(done["counts"].values()) == 2
    assert done["finished_at"] is not None
    assert (
        studio.client.get(batch["stream_url"], headers={"Last-Event-ID": events[-1]["id"]}).status_code == 204
    )

    items = ok(studio.client.get(f"/batch/{batch['id']}/item"))["items"]
    assert [item["sku"] for item in items] == ["A-1", "A-2"]
    for item in items:
        if item["status"] == "needs_review":
            ok(studio.client.patch(f"/batch/{batch['id']}/item/{item['id']}", json={"status": "approved"}))
    give_up = time.monotonic() + PATIENCE_SECONDS
    while (archive := studio.client.get(f"/batch/{batch['id']}/archive")).status_code == 409:
        assert archive.headers["Retry-After"]
        assert time.monotonic() < give_up
    assert sorted(zipfile.ZipFile(io.BytesIO(archive.content)).namelist()) == [
        "A-1_ebay-main.jpg",
        "A-2_ebay-main.jpg",
    ]
    table = studio.client.get(f"/batch/{batch['id']}/manifest.csv")
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert [row["file"] for row in rows] == ["A-1_ebay-main.jpg", "A-2_ebay-main.jpg"]
    assert all(row["verdicts"] and row["model"].startswith("local/") for row in rows)


def test_a_recipe_is_versioned_and_copied_from_a_picture(studio: StudioProcess, images: list[str]) -> None:
    session = ok(studio.client.post("/session", json={"image_id": images[0], "platform": "etsy"}), 201)
    wish = {"session_id": session["id"], "operation": "bg_replace", "prompt": "木纹背景", "candidates": 1}
    job = studio.finished(studio.submit("/edit", **wish)["id"])
    answer = studio.client.post("/recipe", json={"name": "Oak", "variant_id": job["variants"][0]["id"]})
    recipe = ok(answer, 201)
    assert (recipe["operation"], recipe["prompt"], recipe["platform"]) == ("bg_replace", "木纹背景", "etsy")
    assert recipe["changes"]["backdrop"]["kind"] == "scene"
    assert recipe["presets"] == ["etsy-main"]

    changed = studio.client.put(f"/recipe/{recipe['id']}", json={**recipe, "name": "Oak, 2"})
    assert ok(changed)["version"] == 2
    assert changed.headers["ETag"] == '"2"'
    assert ok(studio.client.put(f"/recipe/{recipe['id']}", json=recipe), 409)["code"] == "E_CONFLICT"
    stale = studio.client.delete(f"/recipe/{recipe['id']}", headers={"If-Match": '"1"'})
    assert stale.status_code == 409
    listed = ok(studio.client.get("/recipe", headers={"Accept-Language": "zh"}))["items"]
    assert {"亚马逊主图（纯白）", "Oak, 2"} <= {one["name"] for one in listed}
    built_in = next(one for one in listed if one["built_in"])
    body = {"name": "x", "recipe_id": built_in["id"], "items": [{"image_id": images[0]}]}
    batch = ok(studio.client.post("/batch", json=body), 202)
    assert batch["recipe"]["built_in"] is True
    ok(studio.client.post(f"/batch/{batch['id']}/cancel"))
    assert studio.client.put(f"/recipe/{built_in['id']}", json=built_in).status_code == 409
    assert studio.client.delete(f"/recipe/{recipe['id']}", headers={"If-Match": '"2"'}).status_code == 204
    assert studio.client.get(f"/recipe/{recipe['id']}").status_code == 404


def test_a_wrong_request_names_the_field(studio: StudioProcess, images: list[str]) -> None:
    items = [{"image_id": images[0]}]
    for body, field in [
        ({"name": "x", "items": items}, None),
        (
            {"name": "x", "recipe": {"operation": "optimize", "presets": ["none"]}, "items": items},
            "presets.0",
        ),
        (
            {
                "name": "x",
                "recipe": {"operation": "optimize", "changes": {"shadow": {"kind": "x"}}},
                "items": items,
            },
            None,
        ),
        ({"name": "x", "recipe": {"operation": "optimize"}, "items": []}, "items"),
    ]:
        problem = ok(studio.client.post("/batch", json=body), 422)
        assert problem["code"] == "E_VALIDATION"
        if field:
            assert field in str(problem["params"]["fields"])
    missing = {"name": "x", "recipe": {"operation": "optimize"}, "items": [{"image_id": "ast_none"}]}
    assert ok(studio.client.post("/batch", json=missing), 404)["code"] == "E_NOT_FOUND"
