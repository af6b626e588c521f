"""Fuzzed requests, whose answers must match the API's document, whether it allows the request or not.

Schemathesis makes the requests: from every shape of a parameter or body, on its edges and beyond, with
methods, types and headers that the document does not name. Half of the ids it sends are those of a real walk.
Edges are tried without sign-in alone: with it the same code reads them, after it has asked who sends them.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import pictures
from tests.e2e.accounts import Accounts
from tests.servers.studio_process import StudioProcess

EXAMPLES = os.environ.get("API_EXAMPLES", "3")
"""Random requests per operation, beside those at the edges; a night's run may ask for hundreds.

One is enough with sign-in, because the same code reads them.
"""

NOWHERE = "192.0.2.0/24"  # reserved for documentation
PATIENCE = {"STILLROOM_USER_QUEUED": "10000", "STILLROOM_USER_PER_MINUTE": "100000"}
"""No limit of an owner stands in the way of so many requests."""

SHAPE_ALLOWS_BUT_NOT_THE_CATALOGUE = ["2xx", "3xx", "403", "404", "409", "413", "415", "422", "429"]
"""For what fits the document. The catalogue can be changed without a release, so the document cannot list the
presets and platforms; that a cursor was never given out, or a file is no picture, no shape can tell."""


class Walk:
    """The ids of a real walk, by the names of parameters."""

    def __init__(self, studio: StudioProcess, photo: Path) -> None:
        self.session = studio.open_session(photo)
        wish = {"session_id": self.session["id"], "operation": "optimize", "candidates": 1}
        self.job = studio.finished(studio.submit("/edit", **wish)["id"])
        assert self.job["status"] == "succeeded"
        self.variant = self.job["variants"][0]
        body = {"variant_ids": [self.variant["id"]], "presets": ["web-1080"]}
        self.export = studio.client.post("/export", json=body).json()["exports"][0]
        recipe = {"name": "White", "operation": "optimize"}
        self.recipe = studio.client.post("/recipe", json=recipe).json()
        items = [{"image_id": self.session["image"]["id"]}]
        batch = {"name": "Spring", "recipe_id": self.recipe["id"], "items": items}
        self.batch = studio.client.post("/batch", json=batch).json()
        webhook = {"url": "https://192.0.2.1/", "events": ["job.failed"]}
        self.webhook = studio.client.post("/webhook", json=webhook).json()
        self.item = studio.client.get(f"/batch/{self.batch['id']}/item").json()["items"][0]

    def ids(self) -> dict[str, str]:
        return {
            "session_id": self.session["id"],
            "image_id": self.session["image"]["id"],
            "job_id": self.job["id"],
            "variant_id": self.variant["id"],
            "export_id": self.export["id"],
            "ids": self.export["id"],
            "recipe_id": self.recipe["id"],
            "batch_id": self.batch["id"],
            "item_id": self.item["id"],
            "webhook_id": self.webhook["id"],
        }


@pytest.fixture(params=["local", "token"])
def open_studio(
    request: pytest.FixtureRequest, tmp_path: Path, weights_folder: Path
) -> Iterator[tuple[StudioProcess, dict[str, str]]]:
    """A studio of each kind, and the headers that its owner sends."""
    settings = {**PATIENCE, "STILLROOM_AUTH": request.param, "STILLROOM_WEBHOOK_ALLOW": NOWHERE}
    with StudioProcess(tmp_path / "studio", weights_folder, **settings) as studio:
        headers = {}
        if request.param == "token":
            with Accounts(studio) as accounts:
                headers = {"Authorization": f"Bearer {accounts.create('anna')}"}
            studio.client.headers.update(headers)
        yield studio, headers


def config(walk: Walk, *, signed_in: bool) -> str:
    """Schemathesis' own settings, in TOML."""
    ids = walk.ids()
    lists = "\n".join(f'[dictionaries.{name}]\nvalues = ["{value}"]' for name, value in ids.items())
    bound = "\n".join(
        f'"{where}.{name}" = {{ dictionary = "{name}", probability = 0.5 }}'
        for name in ids
        for where in ("path", "query", "body")
    )
    return f"""
{lists}

[parameters]
{bound}

[checks.positive_data_acceptance]
expected-statuses = {json.dumps(SHAPE_ALLOWS_BUT_NOT_THE_CATALOGUE)}

[checks.ignored_auth]
enabled = {json.dumps(signed_in)}

[phases.examples]
enabled = false

[phases.coverage]
enabled = {json.dumps(not signed_in)}

[phases.stateful]
enabled = false

[generation]
deterministic = true
database = "none"
max-examples = {1 if signed_in else EXAMPLES}

# It would take the walk away from all that are asked later.
[[operations]]
include-path = "/session/{{session_id}}"
include-method = "DELETE"
parameters = {{ "path.session_id" = "ses_none" }}

# A token has no shape that tells whether it was ever given out.
[[operations]]
include-path = "/login"
checks = {{ positive_data_acceptance = {{ expected-statuses = ["2xx", "401", "409", "422", "429"] }} }}

# OpenAPI 3.0 has no words for the events of a stream. JobEvents and BatchEvents have; other tests check them.
# The stream of a batch that another request has paused does not end: it is read for some seconds.
[[operations]]
include-path = "/stream/{{job_id}}"
request-timeout = 3
checks = {{ response_schema_conformance = {{ enabled = false }} }}

[[operations]]
include-path = "/stream/batch/{{batch_id}}"
request-timeout = 3
checks = {{ response_schema_conformance = {{ enabled = false }} }}
"""


def test_every_response_matches_the_openapi_document(
    open_studio: tuple[StudioProcess, dict[str, str]], tmp_path: Path
) -> None:
    studio, headers = open_studio
    settings = tmp_path / "schemathesis.toml"
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(pictures.jpeg(pictures.scene(400, 300)))
    walk = Walk(studio, photo)
    settings.write_text(config(walk, signed_in=bool(headers)), "utf-8")
    shown = [part for name, value in headers.items() for part in ("--header", f"{name}: {value}")]
    program = str(Path(sys.executable).parent / "schemathesis")
    command = [program, "--config-file", str(settings), "run"]
    run = subprocess.run(
        [*command, f"{studio.url}/openapi.json", "--no-color", "--request-timeout", "180", *shown],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr
    log = studio.log_file.read_text("utf-8")
    assert "request_failed" not in log
