"""Isolation of owners, asked of every operation of the API's document.

The requests are made from the document. An operation, a parameter or a body that is not known here fails the
test, so that whoever adds an endpoint says whose it is.
"""

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.accounts import Accounts
from tests.servers.studio_process import StudioProcess, parsed, until

BASELINE = Path(__file__).parents[2] / "golden" / "baseline.json"
RUN, CASE = "20260314-150926-0000", "mug_kitchen"

MINE = {"name": "mine", "operation": "optimize", "presets": ["web-1080"]}

RECEIVER = {"url": "http://127.0.0.1:9/", "events": ["job.failed"]}
"""Nothing listens there."""

AN_ID = re.compile(r"[a-z]{3}_[0-9a-z]{26}")

FOR_EVERYBODY = {"GET /health", "GET /version", "GET /metrics", "POST /login", "POST /logout"}
"""They know no owner."""

FOR_EVERY_OWNER = {
    "GET /config",
    "POST /config/check",
    "GET /recipe",
    "GET /golden",
    "POST /golden/vote",
    "GET /golden/{run_id}/compare/{before_id}",
    "GET /golden/{run_id}/results.csv",
    "GET /golden/{run_id}/picture/{name}",
}
"""They show what is the server's, such as the operator's runs and built-in recipes, and what is one's own."""

MAKES_SOMETHING_OF_ONES_OWN = {"POST /upload", "POST /webhook"}

LISTS = {
    *("GET /backdrop", "GET /session", "GET /job", "GET /export"),
    *("GET /usage", "GET /batch", "GET /webhook"),
}
"""They answer everybody, with what is theirs."""


@dataclass(frozen=True)
class OwnedResources:
    """Anna's ids, by the names that the document gives them."""

    ids: Mapping[str, str]
    owner_id: str

    @property
    def traces(self) -> set[str]:
        """Texts that must not appear in responses to other owners."""
        return {self.owner_id, *(value for value in self.ids.values() if AN_ID.match(value))}

    def body(self, operation: str) -> dict[str, Any]:
        """A body that would do something to what is Anna's; KeyError for an operation that is not known."""
        ids = self.ids
        correction = {"grow": 1.0}
        items = {"items": [{"image_id": ids["image_id"]}]}
        bodies: dict[str, dict[str, Any]] = {
            "POST /session": {"image_id": ids["image_id"]},
            "PATCH /session/{session_id}": {"title": "taken over"},
            "POST /session/{session_id}/matte": correction,
            "PUT /session/{session_id}/matte": correction,
            "POST /edit": {"session_id": ids["session_id"], "operation": "optimize", "candidates": 1},
            "POST /refine": {
                "session_id": ids["session_id"],
                "variant_id": ids["variant_id"],
                "prompt": "brighter",
            },
            "POST /preview": {"session_id": ids["session_id"], "changes": {"framing": {"fill": 0.5}}},
            "POST /export": {"variant_ids": [ids["variant_id"]], "presets": ["web-1080"]},
            "POST /config/check": {},
            "PUT /variant/{variant_id}/description": {"title": {"en": "taken over"}},
            "POST /instruction": {"session_id": ids["session_id"], "text": "brighter"},
            "POST /recipe": {"name": "taken over", "variant_id": ids["variant_id"]},
            "PUT /recipe/{recipe_id}": {"name": "taken over", "operation": "optimize"},
            "POST /batch": {"name": "taken over", "recipe_id": ids["recipe_id"], **items},
            "POST /batch/{batch_id}/item": items,
            "PATCH /batch/{batch_id}/item/{item_id}": {"status": "rejected"},
            "POST /webhook": RECEIVER,
            "POST /golden/vote": {"case": CASE, "run": RUN, "choice": RUN},
        }
        return bodies[operation]


def owner_id(studio: StudioProcess, name: str) -> str:
    with sqlite3.connect(studio.data_dir / "stillroom.db", timeout=30) as database:
        (found,) = database.execute("SELECT id FROM owners WHERE name = ?", (name,)).fetchone()
    return str(found)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, weights_folder: Path) -> Iterator[StudioProcess]:
    """A studio of several owners, with a run of the golden set."""
    folder = tmp_path_factory.mktemp("shared")
    pictures = folder / "golden" / RUN / "pictures"
    pictures.mkdir(parents=True)
    run = json.loads(BASELINE.read_text("utf-8"))
    run["header"]["id"] = RUN
    (pictures.parent / "run.json").write_text(json.dumps(run), "utf-8")
    settings = {"STILLROOM_AUTH": "token", "STILLROOM_WEBHOOK_ALLOW": "127.0.0.0/8"}
    with StudioProcess(folder, weights_folder, **settings) as studio:
        yield studio


@pytest.fixture(scope="module")
def accounts(shared: StudioProcess) -> Iterator[Accounts]:
    with Accounts(shared) as accounts:
        yield accounts


@pytest.fixture(scope="module")
def anna(accounts: Accounts) -> httpx.Client:
    return accounts.client(accounts.create("anna"))


@pytest.fixture(scope="module")
def boris(accounts: Accounts) -> httpx.Client:
    return accounts.client(accounts.create("boris"))


@pytest.fixture(scope="module")
def resources(shared: StudioProcess, anna: httpx.Client, golden: Path) -> OwnedResources:
    """Anna's whole walk."""
    photo = (golden / "mug_kitchen.jpg").read_bytes()
    picture = {"file": ("mug.jpg", photo, "image/jpeg")}
    image = anna.post("/upload", params={"kind": "backdrop"}, files=picture).json()
    session = anna.post("/session", json={"image_id": image["id"]}).json()
    wish = {"session_id": session["id"], "operation": "optimize", "candidates": 1}
    job = anna.post("/edit", json=wish).json()
    with anna.stream("GET", job["stream_url"], timeout=120) as stream:
        *_, last = parsed(stream.iter_lines())
    assert last["event"] == "succeeded"
    variant = anna.get(f"/job/{job['id']}").json()["variants"][0]
    made = anna.post("/export", json={"variant_ids": [variant["id"]], "presets": ["web-1080"]}).json()
    assert anna.post("/golden/vote", json={"case": CASE, "run": RUN, "choice": RUN}).status_code == 200
    recipe = anna.post("/recipe", json=MINE).json()
    batch_id, item_id = finished_batch(anna, recipe["id"], image["id"])
    return OwnedResources(
        {
            "recipe_id": recipe["id"],
            "batch_id": batch_id,
            "item_id": item_id,
            "webhook_id": a_webhook(anna),
            "n": "1",
            "image_id": image["id"],
            "session_id": session["id"],
            "job_id": job["id"],
            "variant_id": variant["id"],
            "export_id": made["exports"][0]["id"],
            "ids": ",".join(export["id"] for export in made["exports"]),
            "preset": "web-1080",
            "run_id": RUN,
            "before_id": RUN,
            "name": CASE,
        },
        owner_id(shared, "anna"),
    )


def finished_batch(anna: httpx.Client, recipe_id: str, image_id: str) -> tuple[str, str]:
    """Run a batch of one photo and approve its picture; return the ids of batch and item."""
    order = {"name": "mine", "recipe_id": recipe_id, "items": [{"image_id": image_id}]}
    batch_id = anna.post("/batch", json=order).json()["id"]
    with anna.stream("GET", f"/stream/batch/{batch_id}", timeout=120) as stream:
        *_, last = parsed(stream.iter_lines())
    assert last["event"] == "finished"
    (item,) = anna.get(f"/batch/{batch_id}/item").json()["items"]
    approved = anna.patch(f"/batch/{batch_id}/item/{item['id']}", json={"status": "approved"})
    assert approved.status_code == 200, approved.text
    return batch_id, item["id"]


def a_webhook(anna: httpx.Client) -> str:
    """Create a webhook with one delivery that has ended; return its id."""
    webhook_id = str(anna.post("/webhook", json=RECEIVER).json()["id"])
    assert anna.post(f"/webhook/{webhook_id}/test").status_code == 202
    until(lambda: anna.get(f"/webhook/{webhook_id}/delivery").json()["items"][0]["status"] != "pending")
    return webhook_id


def operations(client: httpx.Client) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every operation by method and path."""
    for path, item in client.get("/openapi.json").json()["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", operation


def request(client: httpx.Client, name: str, operation: Any, resources: OwnedResources) -> httpx.Response:
    """Ask for what is Anna's."""
    method, path = name.split(" ")
    query: dict[str, str] = {}
    for parameter in operation.get("parameters", []):
        where, called = parameter["in"], parameter["name"]
        if where == "path":
            assert called in resources.ids, f"{name}: whose is {called}? Teach this test."
            path = path.replace(f"{{{called}}}", resources.ids[called])
        elif where == "query" and (parameter.get("required") or called.endswith(("_id", "ids"))):
            if called == "last_event_id":
                continue
            assert called in resources.ids, f"{name}: whose is {called}? Teach this test."
            query[called] = resources.ids[called]
    if "multipart/form-data" in operation.get("requestBody", {}).get("content", {}):
        return client.request(method, path, params=query, files={"file": ("a.jpg", b"", "image/jpeg")})
    if "requestBody" in operation:
        try:
            body = resources.body(name)
        except KeyError:
            raise AssertionError(f"{name}: what would change something of Anna's? Teach this test.") from None
        return client.request(method, path, params=query, json=body)
    return client.request(method, path, params=query)


def test_every_list_of_this_test_names_operations_that_exist(boris: httpx.Client) -> None:
    named = FOR_EVERYBODY | FOR_EVERY_OWNER | MAKES_SOMETHING_OF_ONES_OWN | LISTS
    assert named <= {name for name, _ in operations(boris)}


def test_resources_of_anna_are_not_found_for_boris(
    anna: httpx.Client, boris: httpx.Client, resources: OwnedResources
) -> None:
    def everything() -> dict[str, Any]:
        answers = {
            name: request(anna, name, operation, resources)
            for name, operation in operations(anna)
            if name.startswith("GET ") and name not in unknown
        }
        assert {name for name, answer in answers.items() if answer.status_code != 200} == set()
        return {
            name: answer.json()
            for name, answer in answers.items()
            if answer.headers["content-type"] == "application/json"
        }

    unknown = FOR_EVERYBODY | FOR_EVERY_OWNER | MAKES_SOMETHING_OF_ONES_OWN | LISTS
    before = everything()
    asked = 0
    for name, operation in operations(boris):
        if name in unknown:
            continue
        answer = request(boris, name, operation, resources)
        assert answer.status_code == 404, f"{name}: {answer.status_code} {answer.text[:300]}"
        assert answer.json()["code"] == "E_NOT_FOUND"
        said = json.dumps({**answer.json(), "instance": "", "detail": ""})
        assert not [trace for trace in resources.traces if trace in said]
        asked += 1
    assert asked > 15
    assert everything() == before


def test_foreign_and_missing_resources_give_equal_responses(
    boris: httpx.Client, resources: OwnedResources
) -> None:
    missing = OwnedResources(
        {name: AN_ID.sub(lambda one: one[0][:-4] + "zzzz", value) for name, value in resources.ids.items()},
        resources.owner_id,
    )

    def told(name: str, operation: Any, whose: OwnedResources) -> dict[str, Any]:
        problem = request(boris, name, operation, whose).json()
        return dict(json.loads(AN_ID.sub("ID", json.dumps({**problem, "request_id": ""}))))

    unknown = FOR_EVERYBODY | FOR_EVERY_OWNER | MAKES_SOMETHING_OF_ONES_OWN | LISTS
    for name, operation in operations(boris):
        if name not in unknown:
            assert told(name, operation, resources) == told(name, operation, missing), name


def size(listed: dict[str, Any]) -> int:
    """Length of a list."""
    return int(listed["calls"]) if "calls" in listed else len(listed["items"])


def test_lists_contain_only_own_resources(
    anna: httpx.Client, boris: httpx.Client, resources: OwnedResources
) -> None:
    for name, operation in operations(boris):
        if name not in LISTS | FOR_EVERY_OWNER | FOR_EVERYBODY or not name.startswith("GET "):
            continue
        of_boris = request(boris, name, operation, resources)
        assert of_boris.status_code in (200, 404), f"{name}: {of_boris.status_code}"
        assert not [trace for trace in resources.traces if trace in of_boris.text], name
        if name in LISTS:
            of_anna = request(anna, name, operation, resources).json()
            assert size(of_anna) > 0, f"{name}: Anna has some"
            assert size(of_boris.json()) == 0, name


def test_vote_is_shown_only_to_its_voter(
    anna: httpx.Client, boris: httpx.Client, resources: OwnedResources
) -> None:
    def votes(client: httpx.Client) -> list[Any]:
        (run,) = client.get("/golden").json()["runs"]
        return [case["my_vote"] for case in run["cases"] if case["voted"]]

    assert resources.ids["run_id"] == RUN
    assert votes(anna)
    assert not votes(boris)


@pytest.mark.parametrize("size", ["full", "thumb", "matte"])
@pytest.mark.parametrize("whose", ["image_id", "variant_id"])
def test_no_picture_is_shown_to_others_whatever_its_size(
    anna: httpx.Client, boris: httpx.Client, resources: OwnedResources, whose: str, size: str
) -> None:
    address = f"/image/{resources.ids[whose]}?size={size}"
    for_anna = anna.get(address)
    tag = for_anna.headers.get("ETag", "none")
    for headers in ({}, {"If-None-Match": tag}, {"If-None-Match": "*"}):
        assert boris.get(address, headers=headers).status_code == 404, "a tag alone tells nothing either"


def test_every_operation_requires_a_token(shared: StudioProcess, resources: OwnedResources) -> None:
    with httpx.Client(base_url=shared.url, timeout=60) as stranger:
        for name, operation in operations(stranger):
            if name in FOR_EVERYBODY:
                continue
            answer = request(stranger, name, operation, resources)
            assert (answer.status_code, answer.json()["code"]) == (401, "E_UNAUTHORIZED"), name
            assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_the_photos_of_two_owners_are_two_photos(
    boris: httpx.Client, resources: OwnedResources, golden: Path
) -> None:
    photo = (golden / "mug_kitchen.jpg").read_bytes()
    image = boris.post("/upload", files={"file": ("mug.jpg", photo, "image/jpeg")}).json()
    assert image["id"] != resources.ids["image_id"]
    assert boris.get(image["url"]).status_code == 200
