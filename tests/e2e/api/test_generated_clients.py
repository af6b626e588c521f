"""Clients that public generators make from the OpenAPI document walk from a photo to a marketplace's file."""

import importlib
import json
import os
import shutil
import subprocess
import sysconfig
import time
from pathlib import Path
from typing import Any

import cv2
import pytest

from tests.servers.forked import run
from tests.servers.studio_process import StudioProcess

ROOT = Path(__file__).parents[3]
SCRIPTS = Path(sysconfig.get_path("scripts"))
NODE_MODULES = ROOT / "ui" / "node_modules"
DOCUMENT = ROOT / "openapi.yaml"
CLIENTS = Path(__file__).parents[1] / "clients"
PATIENCE_SECONDS = 60


def output_of(*command: str | Path, cwd: Path) -> str:
    """Run a command in a folder and return all it printed."""
    path = f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("form", ["3.0-yaml", "3.1-json"])
def test_openapi_python_client_walks_from_upload_to_file(
    studio: StudioProcess, golden: Path, tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Both forms are imported by one process.
    name = f"client_{form[:3].replace('.', '_')}"
    generator = SCRIPTS / "openapi-python-client"
    source = DOCUMENT
    if form == "3.1-json":
        source = tmp_path / "openapi.json"
        source.write_text(run(["openapi", "--format", form], os.environ, tmp_path).stdout)
    said = output_of(
        generator, "generate", "--path", source, "--meta", "none", "--output-path", name, cwd=tmp_path
    )
    assert "Unable to process schema" not in said
    assert "Could not find reference" not in said
    monkeypatch.syspath_prepend(tmp_path)
    with importlib.import_module(name).Client(base_url=studio.url) as client:
        exported = walk(name, client, golden / "mug_kitchen.jpg")
    target = tmp_path / "export.jpg"
    target.write_bytes(exported)
    assert is_picture(target)


def walk(package: str, client: Any, photo: Path) -> bytes:
    """Make a file of a photo with the generated functions alone."""

    def call(operation: str, *values: str, **named: Any) -> Any:
        return importlib.import_module(f"{package}.api.{operation}").sync(*values, client=client, **named)

    models: Any = importlib.import_module(f"{package}.models")
    file_class: Any = importlib.import_module(f"{package}.types").File
    with photo.open("rb") as payload:
        file = file_class(payload=payload, file_name="mug.jpg", mime_type="image/jpeg")
        image = call("pictures.upload", body=models.UploadBody(file=file))
    session = call("sessions.open_session", body=models.SessionRequest(image_id=image.id))
    assert session.context.logo_anchor is None
    order = {"session_id": session.id, "operation": "bg_replace", "candidates": 1}
    job = call("jobs.edit", body=models.EditRequest.from_dict(order))
    give_up = time.monotonic() + PATIENCE_SECONDS
    while job.status in ("queued", "running"):
        assert time.monotonic() < give_up, job
        time.sleep(0.1)
        job = call("jobs.get_job", job.id)
    assert job.status == "succeeded"
    assert call("jobs.list_jobs", session_id=session.id).items == [job]
    (variant,) = job.variants
    assert variant.plan.backdrop.kind == "white"
    made = models.ExportRequest(variant_ids=[variant.id], presets=["amazon-main"])
    (export,) = call("exports.make_exports", body=made).exports
    # Media types of pictures are not known to this generator; it hands their bytes on.
    get_export = importlib.import_module(f"{package}.api.exports.get_export")
    content: bytes = get_export.sync_detailed(export.id, client=client).content
    return content


def test_openapi_ts_walks_from_upload_to_file(studio: StudioProcess, golden: Path, tmp_path: Path) -> None:
    for file in CLIENTS.iterdir():
        shutil.copy(file, tmp_path)
    # Node's types, which the compiler looks for beside the sources.
    (tmp_path / "node_modules").symlink_to(NODE_MODULES)
    tools = NODE_MODULES / ".bin"
    output_of(tools / "openapi-ts", "-i", DOCUMENT, "-o", "client", cwd=tmp_path)
    output_of(tools / "tsc", "-p", ".", cwd=tmp_path)
    target = tmp_path / "export.jpg"
    said = output_of("node", "walk.js", studio.url, golden / "mug_kitchen.jpg", target, cwd=tmp_path)
    assert json.loads(said) == {"status": "succeeded", "backdrop": "white", "logo": None}
    assert is_picture(target)


def is_picture(file: Path) -> bool:
    """Whether a file decodes as a picture."""
    return cv2.imread(str(file)) is not None
