"""Deleting a product leaves nothing of it in the data folder: no word, no pixel, no id."""

import hashlib
import os
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import anyio
import cv2
import httpx
import numpy as np
import pytest
from fastapi import FastAPI

from stillroom.cli.serve import app_with_worker
from stillroom.settings import load

pytestmark = pytest.mark.anyio

GOLDEN = Path(__file__).parents[2] / "golden" / "images" / "mug_kitchen.jpg"

WORD = "xylograph"
"""In the title, the file's name, the instruction and the keys; nothing else has it."""

PIECE_BYTES = 48
"""Of a file, from its middle: enough to be in no other file."""


@pytest.fixture
async def app(tmp_path: Path, weights_folder: Path) -> AsyncIterator[FastAPI]:
    """A studio with its worker, on SQLite and a folder."""
    (tmp_path / "weights").symlink_to(weights_folder)
    app = app_with_worker(load(data_dir=tmp_path, matte_quality="fast"))
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", timeout=120) as client:
        yield client


def a_photo(seed: int) -> bytes:
    """A photo with new bytes."""
    golden = cv2.imread(str(GOLDEN))
    assert golden is not None
    photo = cv2.resize(golden, (640, 480), interpolation=cv2.INTER_AREA)
    noise = np.random.default_rng(seed).integers(0, 6, photo.shape)
    noisy = np.clip(photo + noise, 0, 255).astype(np.uint8)
    return bytes(cv2.imencode(".jpg", noisy)[1])


async def ok(answer: httpx.Response) -> dict[str, Any]:
    assert answer.is_success, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def worked_on(client: httpx.AsyncClient, photo: bytes) -> tuple[str, list[str]]:
    """A product through the whole walk; its session, and every id of it."""
    upload = await client.post("/upload", files={"file": (f"{WORD}.jpg", photo, "image/jpeg")})
    image = await ok(upload)
    session = await ok(await client.post("/session", json={"image_id": image["id"], "title": f"{WORD} mug"}))
    edit = {"session_id": session["id"], "operation": "optimize", "prompt": f"白底，{WORD}", "candidates": 1}
    job = await ok(await client.post("/edit", json=edit, headers={"Idempotency-Key": f"{WORD}-edit"}))
    # The stream ends with the job.
    assert "event: succeeded" in (await client.get(job["stream_url"])).text
    (variant,) = (await ok(await client.get(f"/job/{job['id']}")))["variants"]
    matte = {"strokes": [{"mode": "add", "radius": 0.05, "points": [[0.5, 0.5]]}]}
    await ok(await client.put(f"/session/{session['id']}/matte", json=matte))
    export = {"variant_ids": [variant["id"]], "presets": ["amazon-main"]}
    made = await ok(await client.post("/export", json=export, headers={"Idempotency-Key": f"{WORD}-export"}))
    ids = [image["id"], session["id"], job["id"], variant["id"], *(one["id"] for one in made["exports"])]
    return session["id"], ids


def files(data_dir: Path) -> Mapping[str, bytes]:
    """Everything in the folder, but for the networks."""
    found = {}
    for folder, _, names in os.walk(data_dir):
        for name in names:
            path = Path(folder, name)
            found[str(path.relative_to(data_dir))] = path.read_bytes()
    return found


def pieces(found: Mapping[str, bytes]) -> set[bytes]:
    """A piece of every picture and matte."""
    pictures = [data for name, data in found.items() if name.startswith(("blobs/", "cutouts/"))]
    return {data[len(data) // 2 : len(data) // 2 + PIECE_BYTES] for data in pictures}


async def test_nothing_of_a_deleted_product_is_left_in_the_data_folder(
    client: httpx.AsyncClient, tmp_path: Path
) -> None:
    photo = a_photo(1)
    session_id, ids = await worked_on(client, photo)
    before = files(tmp_path)
    traces = [WORD.encode(), hashlib.sha256(photo).hexdigest().encode(), *(one.encode() for one in ids)]
    everything = b"".join(before.values())
    assert all(trace in everything for trace in traces), "else the search would prove nothing"
    assert any(name.startswith("cutouts/") for name in before)

    assert (await client.delete(f"/session/{session_id}")).status_code == 204

    after = files(tmp_path)
    assert [name for name in after if name.startswith(("blobs/", "cutouts/"))] == []
    left = {
        (name, trace) for name, data in after.items() for trace in [*traces, *pieces(before)] if trace in data
    }
    assert left == set()


async def test_a_photo_stays_as_long_as_another_product_uses_it(
    client: httpx.AsyncClient, tmp_path: Path
) -> None:
    image = await ok(await client.post("/upload", files={"file": ("mug.jpg", a_photo(2), "image/jpeg")}))
    one, other = [await ok(await client.post("/session", json={"image_id": image["id"]})) for _ in range(2)]
    for session in (one, other):
        await ok(await client.get(f"/session/{session['id']}/matte"))
    await client.delete(f"/session/{one['id']}")
    assert (await client.get(f"/image/{image['id']}")).status_code == 200
    assert list((tmp_path / "cutouts").iterdir())
    await client.delete(f"/session/{other['id']}")
    assert (await client.get(f"/image/{image['id']}")).status_code == 404
    assert not list((tmp_path / "cutouts").iterdir())


async def test_open_reader_delays_the_log_checkpoint_without_blocking_writers(
    app: FastAPI, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    session_id, _ = await worked_on(client, a_photo(3))
    image = await ok(await client.post("/upload", files={"file": ("mug.jpg", a_photo(4), "image/jpeg")}))
    log = tmp_path / "stillroom.db-wal"
    # As a backup does, from another process.
    with closing(sqlite3.connect(tmp_path / "stillroom.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM jobs").fetchall()
        with anyio.fail_after(5):
            assert (await client.delete(f"/session/{session_id}")).status_code == 204
            await ok(await client.post("/session", json={"image_id": image["id"]}))
        assert WORD.encode() in log.read_bytes()
        reader.execute("COMMIT")
    await app.state.studio.work.housekeeping.sweep_traces()
    assert WORD.encode() not in log.read_bytes()
