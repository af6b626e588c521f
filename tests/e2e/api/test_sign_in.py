"""Browsers signed in with a token: what the cookie opens, to whom, and for how long."""

import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.e2e.accounts import Accounts
from tests.servers.studio_process import StudioProcess, parsed


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory, weights_folder: Path) -> Iterator[StudioProcess]:
    """A studio that asks for tokens."""
    with StudioProcess(tmp_path_factory.mktemp("guarded"), weights_folder, STILLROOM_AUTH="token") as studio:
        yield studio


@pytest.fixture(scope="module")
def accounts(guarded: StudioProcess) -> Iterator[Accounts]:
    with Accounts(guarded) as accounts:
        yield accounts


@pytest.fixture(scope="module")
def token(accounts: Accounts) -> str:
    return accounts.create("anna")


def rows(studio: StudioProcess) -> str:
    """Everything the database holds, as text."""
    with sqlite3.connect(studio.data_dir / "stillroom.db") as database:
        return "\n".join(database.iterdump())


def is_problem(answer: httpx.Response, status: int, code: str) -> bool:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    return answer.headers["content-type"] == "application/problem+json"


def test_a_browser_exchanges_a_token_for_a_cookie_that_scripts_cannot_read(
    guarded: StudioProcess, accounts: Accounts, token: str
) -> None:
    browser = accounts.browser()
    assert is_problem(browser.get("/session"), 401, "E_UNAUTHORIZED")
    answer = browser.post("/login", json={"token": token})
    assert answer.status_code == 200
    assert answer.json()["name"] == "anna"
    kept = answer.headers["Set-Cookie"]
    attributes = {part.strip().lower() for part in kept.split(";")[1:]}
    assert attributes == {"httponly", "samesite=strict", "path=/", "max-age=2592000"}
    assert browser.get("/session").status_code == 200
    secret = browser.cookies["stillroom"]
    assert token not in kept
    stored = rows(guarded)
    assert secret not in stored
    assert token not in stored
    assert "sign_ins" in stored


def test_over_https_the_cookie_is_for_this_very_host_and_https_alone(
    guarded: StudioProcess, token: str
) -> None:
    # As a proxy on this machine says it, which the server believes.
    https = {"X-Forwarded-Proto": "https"}
    answer = httpx.post(f"{guarded.url}/login", json={"token": token}, headers=https)
    name, _, rest = answer.headers["Set-Cookie"].partition("=")
    assert name == "__Host-stillroom"
    assert "secure" in {part.strip().lower() for part in rest.split(";")}
    secret = rest.partition(";")[0]
    shown = {"Cookie": f"{name}={secret}", **https}
    assert httpx.get(f"{guarded.url}/session", headers=shown).status_code == 200


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "{url}"}, False),
        ({"Origin": "{url}"}, True),
        ({"Origin": "{url}0"}, False),
        ({"Origin": "http://127.0.0.1"}, False),
        ({"Origin": "null"}, False),
        ({}, False),
    ],
)
def test_cookie_authenticated_changes_require_the_same_origin(
    guarded: StudioProcess, accounts: Accounts, token: str, headers: dict[str, str], passes: bool
) -> None:
    secret = accounts.browser(token).cookies["stillroom"]
    shown = {name: value.format(url=guarded.url) for name, value in headers.items()}
    shown["Cookie"] = f"stillroom={secret}"
    changed = httpx.post(f"{guarded.url}/session", json={"image_id": "ast_none"}, headers=shown)
    read = httpx.get(f"{guarded.url}/session", headers=shown)
    assert read.status_code == 200, "a foreign page can make a browser ask, but not read the answer"
    assert read.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert is_problem(changed, *((404, "E_NOT_FOUND") if passes else (403, "E_UNAUTHORIZED")))


@pytest.mark.parametrize("address", ["/login", "/logout"])
def test_cross_origin_request_cannot_sign_in_or_out(accounts: Accounts, token: str, address: str) -> None:
    browser = accounts.browser(token)
    foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"}
    answer = browser.post(address, json={"token": token}, headers=foreign)
    assert is_problem(answer, 403, "E_UNAUTHORIZED")
    assert "Set-Cookie" not in answer.headers
    assert browser.get("/session").status_code == 200


def test_a_stream_a_picture_and_an_upload_work_with_the_cookie(
    accounts: Accounts, token: str, golden: Path
) -> None:
    browser = accounts.browser(token)
    photo = (golden / "mug_kitchen.jpg").read_bytes()
    image = browser.post("/upload", files={"file": ("mug.jpg", photo, "image/jpeg")}).json()
    assert browser.get(image["thumbnail_url"]).headers["content-type"] == "image/webp"
    session = browser.post("/session", json={"image_id": image["id"]}).json()
    job = browser.post(
        "/edit", json={"session_id": session["id"], "operation": "optimize", "candidates": 1}
    ).json()
    with browser.stream("GET", job["stream_url"], timeout=120) as stream:
        *_, last = parsed(stream.iter_lines())
    assert last["event"] == "succeeded"


def test_sign_out_ends_only_its_own_session(accounts: Accounts, token: str) -> None:
    browser, other = accounts.browser(token), accounts.browser(token)
    secret = browser.cookies["stillroom"]
    answer = browser.post("/logout")
    assert answer.status_code == 204
    assert "max-age=0" in answer.headers["Set-Cookie"].lower()
    assert not browser.cookies
    browser.cookies["stillroom"] = secret
    assert is_problem(browser.get("/session"), 401, "E_UNAUTHORIZED")
    assert other.get("/session").status_code == 200
    assert browser.post("/logout").status_code == 204, "to sign out twice is no mistake"


def test_a_revoked_token_takes_its_cookies_along_and_a_new_one_finds_the_pictures_again(
    accounts: Accounts, golden: Path
) -> None:
    token = accounts.create("boris")
    client, browser = accounts.client(token), accounts.browser(token)
    photo = (golden / "mug_kitchen.jpg").read_bytes()
    image = client.post("/upload", files={"file": ("mug.jpg", photo, "image/jpeg")}).json()
    assert browser.get(image["url"]).status_code == 200
    assert "There is an owner named boris." in accounts.run("create", "boris").stderr
    accounts.revoke("boris")
    assert is_problem(client.get(image["url"]), 401, "E_UNAUTHORIZED")
    assert is_problem(browser.get(image["url"]), 401, "E_UNAUTHORIZED")
    assert is_problem(browser.post("/login", json={"token": token}), 401, "E_UNAUTHORIZED")
    assert accounts.run("revoke", "boris").returncode != 0
    renewed = accounts.create("boris")
    assert renewed != token
    assert accounts.client(renewed).get(image["url"]).status_code == 200
    assert is_problem(browser.get(image["url"]), 401, "E_UNAUTHORIZED")


def test_sign_in_is_extended_by_use_and_expires_without(
    guarded: StudioProcess, accounts: Accounts, token: str
) -> None:
    browser = accounts.browser(token)

    def left(days: int) -> httpx.Response:
        with sqlite3.connect(guarded.data_dir / "stillroom.db", timeout=30) as database:
            database.execute(
                "UPDATE sign_ins SET expires_at = strftime('%Y-%m-%d %H:%M:%f000', 'now', ?)",
                (f"{days} days",),
            )
        return browser.get("/session")

    assert "Set-Cookie" not in browser.get("/session").headers, "not with every visit"
    visited = left(28)
    assert "Max-Age=2592000" in visited.headers["Set-Cookie"]
    assert "Set-Cookie" not in browser.get("/session").headers
    assert is_problem(left(-1), 401, "E_UNAUTHORIZED")


def test_failed_sign_ins_are_rate_limited(tmp_path: Path, weights_folder: Path) -> None:
    guarded = StudioProcess(tmp_path / "tried", weights_folder, STILLROOM_AUTH="token")
    with guarded as studio, Accounts(studio) as accounts:
        token = accounts.create("anna")
        signed_in = accounts.browser(token)
        browser = accounts.browser()
        answers = [browser.post("/login", json={"token": f"st_guess{n}"}) for n in range(20)]
        assert is_problem(answers[0], 401, "E_UNAUTHORIZED")
        refused = next(answer for answer in answers if answer.status_code == 429)
        assert is_problem(refused, 429, "E_RATE_LIMITED")
        full_after = int(refused.headers["RateLimit"].rpartition("t=")[2])
        assert int(refused.headers["Retry-After"]) == full_after - 54, "nine more come every six seconds"
        assert '"sign-ins"' in refused.headers["RateLimit-Policy"]
        assert signed_in.get("/session").status_code == 200
        assert accounts.client(token).get("/session").status_code == 200


@pytest.mark.parametrize("shown", ["", "Authorization: Bearer st_unknown\r\n", "Cookie: stillroom=none\r\n"])
def test_unauthenticated_request_is_refused_before_its_body_is_read(
    guarded: StudioProcess, shown: str
) -> None:
    head = f"POST /upload HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\n{shown}"
    with socket.create_connection(("127.0.0.1", guarded.port), timeout=30) as connection:
        # Only the head is sent, so an answer that comes was given without the body.
        connection.sendall(f"{head}Content-Length: 20000000\r\n\r\n".encode())
        answer = connection.recv(65536).decode()
    assert answer.startswith("HTTP/1.1 401 ")
    assert "connection: close" in answer.lower()


def test_single_owner_server_requires_no_sign_in(studio: StudioProcess) -> None:
    assert is_problem(studio.client.post("/login", json={"token": "st_any"}), 409, "E_CONFLICT")
    assert studio.client.post("/logout").status_code == 204
