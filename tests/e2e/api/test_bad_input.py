"""Bad input is refused with a reason and leaves nothing behind."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.containers import png_of
from tests.servers.studio_process import StudioProcess

BAD: dict[str, tuple[str, str, Callable[[bytes], bytes], str, int]] = {
    "text named .jpg": (
        "a.jpg",
        "image/jpeg",
        lambda _: b"hello, I am text\n" * 20,
        "E_INPUT_UNSUPPORTED",
        415,
    ),
    "executable": (
        "a.jpg",
        "image/jpeg",
        lambda _: b"\x7fELF\x02\x01\x01" + bytes(500),
        "E_INPUT_UNSUPPORTED",
        415,
    ),
    "truncated JPEG": ("a.jpg", "image/jpeg", lambda good: good[: len(good) // 2], "E_INPUT_CORRUPT", 422),
    "0 bytes": ("a.jpg", "image/jpeg", lambda _: b"", "E_INPUT_CORRUPT", 422),
    "40 MB": ("a.jpg", "image/jpeg", lambda good: good + bytes(40 << 20), "E_INPUT_TOO_LARGE", 413),
    "SVG as PNG": (
        "a.png",
        "image/png",
        lambda _: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        "E_INPUT_UNSUPPORTED",
        415,
    ),
    "60000x60000 header": (
        "a.png",
        "image/png",
        lambda _: png_of(60000, 60000, b""),
        "E_INPUT_TOO_LARGE",
        413,
    ),
    "JPEG named .png": ("a.png", "image/png", lambda good: good, "E_INPUT_UNSUPPORTED", 415),
}

HERE = "<here>"
"""Stands for what is wrong in a body."""


@pytest.fixture(scope="module")
def good(golden: Path) -> bytes:
    """A photo that is accepted."""
    return (golden / "mug_kitchen.jpg").read_bytes()


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_gets_the_right_error_and_leaves_nothing(
    studio: StudioProcess, good: bytes, case: str
) -> None:
    name, declared, make, code, status = BAD[case]
    before = sorted((studio.data_dir / "blobs").rglob("*"))
    answer = studio.client.post("/upload", files={"file": (name, make(good), declared)})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert sorted((studio.data_dir / "blobs").rglob("*")) == before
    assert studio.client.get("/health").json()["status"] == "ok"


def test_errors_use_the_clients_language(studio: StudioProcess) -> None:
    answer = studio.client.get("/session/ses_none", headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    assert (answer.status_code, answer.json()["title"]) == (404, "找不到该内容")


@pytest.mark.parametrize(
    "address",
    ["/session/ses_none", "/job/job_none", "/image/var_none", "/export/exp_none", "/stream/job_none"],
)
def test_unknown_ids_are_not_found(studio: StudioProcess, address: str) -> None:
    answer = studio.client.get(address)
    assert (answer.status_code, answer.json()["code"]) == (404, "E_NOT_FOUND")


@pytest.mark.parametrize(
    ("prompt", "reason"),
    [("", "empty"), ("   \n", "empty"), ("!!! ~~~", "no_words"), ("好" * 5000, "too_long")],
)
def test_a_refinement_needs_usable_words(
    studio: StudioProcess, golden: Path, prompt: str, reason: str
) -> None:
    session = studio.open_session(golden / "mug_kitchen.jpg")
    answer = studio.client.post(
        "/refine", json={"session_id": session["id"], "variant_id": "var_none", "prompt": prompt}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "E_PROMPT_INVALID")
    assert answer.json()["params"]["reason"] == reason


def test_wrong_states_are_conflicts(studio: StudioProcess, golden: Path) -> None:
    session = studio.open_session(golden / "mug_kitchen.jpg")
    job = studio.finished(
        studio.submit("/edit", session_id=session["id"], operation="optimize", candidates=1)["id"]
    )
    for action in ("cancel", "retry"):
        answer = studio.client.post(f"/job/{job['id']}/{action}")
        assert (answer.status_code, answer.json()["code"]) == (409, "E_CONFLICT")


def test_a_field_that_does_not_fit_is_named(studio: StudioProcess) -> None:
    answer = studio.client.post("/edit", json={"session_id": "x", "operation": "paint", "candidates": 9})
    assert (answer.status_code, answer.json()["code"]) == (422, "E_VALIDATION")
    fields = {field["field"] for field in answer.json()["params"]["fields"]}
    assert fields == {"operation", "candidates"}


@pytest.mark.parametrize(
    "wrong", ["", "SES_1", "ses_none\n", "../ses_none", "ses none", "好", "x" * 65, 7, ["x"]]
)
@pytest.mark.parametrize(
    ("method", "address", "body", "field"),
    [
        ("POST", "/session", {"image_id": HERE}, "image_id"),
        ("POST", "/edit", {"session_id": HERE, "operation": "optimize"}, "session_id"),
        ("POST", "/edit", {"session_id": "x", "operation": "optimize", "variant_id": HERE}, "variant_id"),
        ("POST", "/refine", {"session_id": HERE, "variant_id": "x", "prompt": "warmer"}, "session_id"),
        ("POST", "/refine", {"session_id": "x", "variant_id": HERE, "prompt": "warmer"}, "variant_id"),
        ("POST", "/export", {"variant_ids": ["x", HERE], "presets": ["web-1080"]}, "variant_ids.1"),
        ("PATCH", "/session/x", {"context": {"wishes": [], "variant_id": HERE}}, "context.variant_id"),
        ("PATCH", "/session/x", {"context": {"wishes": [], "seen": [HERE]}}, "context.seen.0"),
        ("PATCH", "/session/x", {"context": {"wishes": [{"id": HERE, "text": "a"}]}}, "context.wishes.0.id"),
    ],
)
def test_malformed_id_in_a_body_is_refused_by_field(
    studio: StudioProcess, method: str, address: str, body: Any, field: str, wrong: Any
) -> None:
    answer = studio.client.request(method, address, json=with_wrong(body, wrong))
    assert (answer.status_code, answer.json()["code"]) == (422, "E_VALIDATION")
    (named,) = answer.json()["params"]["fields"]
    assert (named["field"], named["in"]) == (field, "body")


@pytest.mark.parametrize("wrong", ["", "VAR_1", "var_none\n", "../var_none", "\0", "好", "x" * 65])
@pytest.mark.parametrize("address", ["/export", "/export/preview"])
def test_malformed_id_in_a_url_is_refused_by_field(studio: StudioProcess, address: str, wrong: str) -> None:
    answer = studio.client.get(address, params={"variant_id": wrong, "preset": "web-1080"})
    assert (answer.status_code, answer.json()["code"]) == (422, "E_VALIDATION")
    (named,) = answer.json()["params"]["fields"]
    assert (named["field"], named["in"]) == ("variant_id", "query")


def with_wrong(body: Any, wrong: Any) -> Any:
    """The body with what is wrong put where it belongs."""
    if isinstance(body, dict):
        return {name: with_wrong(value, wrong) for name, value in body.items()}
    if isinstance(body, list):
        return [with_wrong(value, wrong) for value in body]
    return wrong if body == HERE else body


@pytest.mark.parametrize("key", ["", "a b", "é", "x" * 256])
def test_a_malformed_key_is_a_bad_request(studio: StudioProcess, key: str) -> None:
    answer = studio.client.post(
        "/edit",
        json={"session_id": "x", "operation": "optimize"},
        headers=[(b"Idempotency-Key", key.encode())],
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "E_VALIDATION")


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}])
def test_requests_from_foreign_pages_are_refused(studio: StudioProcess, headers: dict[str, str]) -> None:
    answer = studio.client.post("/edit", json={}, headers=headers)
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
