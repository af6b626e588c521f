"""Limits on what a client sends and how long it takes, and headers of every answer."""

import json
import socket
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.servers.studio_process import StudioProcess

HEADERS = {
    "content-security-policy",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "x-request-id",
}


def is_problem(answer: httpx.Response, status: int, code: str) -> bool:
    assert answer.status_code == status, answer.text[:300]
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == code
    return set(answer.headers) >= HEADERS


def raw(studio: StudioProcess, sent: bytes, *, then_wait: bool = True) -> str:
    """Answer of the server to these bytes, until it closes the connection."""
    said = b""
    with socket.create_connection(("127.0.0.1", studio.port), timeout=60) as connection:
        try:
            connection.sendall(sent)
            while then_wait and (piece := connection.recv(65536)):
                said += piece
        except (BrokenPipeError, ConnectionResetError):
            # The server closed before it had read everything, which is what bounds are for.
            pass
    return said.decode()


NEVER_ENDED = {
    "headers": b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
    "silent": b"",
    "body": (
        b"POST /session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        b'Content-Length: 100\r\n\r\n{"image_id"'
    ),
}


@pytest.fixture(scope="module", autouse=True)
def slow(studio: StudioProcess) -> Iterator[Mapping[str, Future[str]]]:
    """Answers to clients that begin a request and never end it; they wait while the other tests run."""
    with ThreadPoolExecutor(len(NEVER_ENDED)) as clients:
        yield {name: clients.submit(raw, studio, sent) for name, sent in NEVER_ENDED.items()}


def test_every_address_and_every_refusal_carries_the_security_headers(studio: StudioProcess) -> None:
    paths = studio.client.get("/openapi.json").json()["paths"]
    answers = [
        studio.client.request(method, path)
        for path in [
            *paths,
            "/",
            "/docs/",
            "/openapi.json",
            "/settings",
            "/nowhere",
            "/a/b/c",
            "/favicon.svg",
        ]
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
        if not (path.startswith("/stream") and method == "HEAD")
    ]
    assert len(answers) > 200
    for answer in answers:
        missing = HEADERS - set(answer.headers)
        assert not missing, f"{answer.request.method} {answer.request.url} {answer.status_code}: {missing}"
        assert answer.headers["x-content-type-options"] == "nosniff"
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.status_code < 500 or answer.request.url.path == "/health", answer.text


def test_an_unsupported_method_is_refused_with_the_supported_ones(studio: StudioProcess) -> None:
    for path, item in studio.client.get("/openapi.json").json()["paths"].items():
        answer = studio.client.request("OPTIONS", path.replace("{", "").replace("}", ""))
        assert is_problem(answer, 405, "E_CONFLICT")
        allowed = set(answer.headers["Allow"].split(", "))
        assert {method.upper() for method in item} <= allowed, path
    wrong = studio.client.get("/upload")
    assert is_problem(wrong, 405, "E_CONFLICT")
    assert wrong.json()["title"] == "GET is not allowed here; use POST."
    assert is_problem(studio.client.get("/nowhere"), 404, "E_NOT_FOUND")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 403),
        ({"Host": "evil.example:8000"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Host": "localhost"}, 404),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 404),
        ({}, 404),
    ],
)
def test_no_foreign_page_changes_anything_on_a_server_without_sign_in(
    studio: StudioProcess, headers: dict[str, str], status: int
) -> None:
    answer = studio.client.post("/session", json={"image_id": "ast_none"}, headers=headers)
    assert is_problem(answer, status, "E_UNAUTHORIZED" if status == 403 else "E_NOT_FOUND")
    if "Host" in headers and status == 403:
        assert is_problem(studio.client.get("/session", headers=headers), 403, "E_UNAUTHORIZED")


def test_an_address_that_is_too_long_is_refused(studio: StudioProcess) -> None:
    assert is_problem(studio.client.get("/session?cursor=" + "x" * 9000), 414, "E_VALIDATION")


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Much: " + b"x" * 70_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X-Many: y\r\n" * 8_000 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Endless: " + b"x" * 3_000_000,
        b"GET /" + b"x" * 40_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ],
)
def test_a_request_head_that_is_too_large_is_refused(studio: StudioProcess, head: bytes) -> None:
    said = raw(studio, head)
    # When the server closes with bytes unread, the system may drop its last words.
    assert said == "" or said.startswith("HTTP/1.1 431 "), said[:200]
    assert studio.client.get("/version").status_code == 200


def test_a_body_that_is_too_large_is_refused_with_and_without_a_declared_length(
    studio: StudioProcess,
) -> None:
    too_much = b'{"image_id": "' + b"x" * 300_000 + b'"}'

    def in_pieces() -> Iterator[bytes]:
        yield from (too_much[at : at + 10_000] for at in range(0, len(too_much), 10_000))

    json_type = {"Content-Type": "application/json"}
    declared = studio.client.post("/session", content=too_much, headers=json_type)
    assert is_problem(declared, 413, "E_INPUT_TOO_LARGE")
    chunked = studio.client.post("/session", content=in_pieces(), headers=json_type)
    assert is_problem(chunked, 413, "E_INPUT_TOO_LARGE")
    assert chunked.json()["title"] == "The request body is too large."
    assert "256 KB" in chunked.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b'{"image_id":' * 20_000,
        b'{"image_id": ' + b"9" * 100_000 + b"}",
        b'{"image_id": 1e999999}',
        b"\xff\xfe\x00",
        b"\xef\xbb\xbf{}",
        b'{"image_id": "\\ud800"}',
        b'{"image_id": NaN}',
        b"null",
        b"",
    ],
    ids=range(10),
)
def test_invalid_or_deeply_nested_json_is_refused(studio: StudioProcess, body: bytes) -> None:
    for address in ("/session", "/edit", "/export", "/golden/vote"):
        answer = studio.client.post(address, content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code in (400, 422), answer.text[:200]
        assert is_problem(answer, answer.status_code, "E_VALIDATION")


@pytest.mark.parametrize("nested", [b"[" * 700 + b"]" * 700, b'{"a":' * 700 + b"1" + b"}" * 700])
@pytest.mark.parametrize("path", ["/edit", "/refine", "/preview"])
def test_a_nested_value_of_a_plan_is_refused_with_its_field(
    studio: StudioProcess, path: str, nested: bytes
) -> None:
    body = b'{"session_id": "ses_1", "changes": {"backdrop": {"color": ' + nested + b"}}"
    more = {"/edit": b', "operation": "optimize"}', "/refine": b', "variant_id": "var_1"}', "/preview": b"}"}
    answer = studio.client.post(path, content=body + more[path], headers={"Content-Type": "application/json"})
    assert is_problem(answer, 422, "E_VALIDATION")
    assert answer.json()["params"]["fields"][0]["field"] == "changes.backdrop.color"


def test_a_prompt_that_is_too_long_is_refused(studio: StudioProcess, golden: Path) -> None:
    session = studio.open_session(golden / "mug_kitchen.jpg")
    most = studio.client.get("/config").json()["limits"]["max_prompt_characters"]
    body = {
        "session_id": session["id"],
        "operation": "bg_replace",
        "candidates": 1,
        "prompt": "光" * (most + 1),
    }
    assert is_problem(studio.client.post("/edit", json=body), 422, "E_PROMPT_INVALID")


def test_an_upload_has_few_parts(studio: StudioProcess) -> None:
    files = [("file", (f"{number}.jpg", b"x", "image/jpeg")) for number in range(1500)]
    assert is_problem(studio.client.post("/upload", files=files), 400, "E_VALIDATION")
    fields = {f"field{number}": "x" for number in range(1500)}
    answer = studio.client.post("/upload", data=fields, files=files[:1])
    assert is_problem(answer, 400, "E_VALIDATION")


def test_a_client_that_never_ends_its_headers_is_dropped(slow: Mapping[str, Future[str]]) -> None:
    head, _, body = slow["headers"].result().partition("\r\n\r\n")
    assert head.startswith("HTTP/1.1 408 ")
    assert json.loads(body)["status"] == 408
    assert slow["silent"].result() == "", "one that says nothing at all too, without a word"


def test_a_client_that_never_ends_its_body_is_dropped(slow: Mapping[str, Future[str]]) -> None:
    said = slow["body"].result()
    assert said.startswith("HTTP/1.1 408 ")
    assert "connection: close" in said.lower()


def test_invalid_http_is_refused(studio: StudioProcess) -> None:
    assert raw(studio, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20).startswith("HTTP/1.1 400 ")
    assert '"code":"E_VALIDATION"' in raw(studio, b"BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n")
