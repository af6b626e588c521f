"""Errors as clients see them."""

import pytest
from starlette.requests import Request

from stillroom.domain.errors import CATALOGUE, ErrorKind, RateLimited, StillroomError, stored_error
from stillroom.web.problems import STATUS, language_of, problem_of_stored


def test_every_kind_has_a_status() -> None:
    assert set(STATUS) == set(ErrorKind)


def test_error_codes_are_unique() -> None:
    codes = [error.code for error in CATALOGUE]
    assert len(codes) == len(set(codes)) == 18


@pytest.mark.parametrize("error", CATALOGUE, ids=lambda error: str(error.code))
def test_every_error_has_both_languages(error: type[StillroomError]) -> None:
    fault = stored_error(error(), "req_1")
    chinese, english = problem_of_stored(fault, "zh"), problem_of_stored(fault, "en")
    assert any("\u4e00" <= c <= "\u9fff" for c in chinese.title)
    assert english.title.isascii()
    assert chinese.code == english.code == error.code
    assert chinese.request_id == "req_1"


def test_unknown_code_is_an_internal_error() -> None:
    problem = problem_of_stored({"code": "E_OF_A_LATER_RELEASE", "detail": "x", "params": {}}, "en")
    assert (problem.code, problem.status) == ("E_INTERNAL", 500)


@pytest.mark.parametrize(
    ("language", "title"),
    [("zh", "请求过于频繁，请 7 秒后再试"), ("en", "Too many requests; try again in 7 s.")],
)
def test_rate_limit_error_states_the_wait(language: str, title: str) -> None:
    stored = stored_error(RateLimited(retry_after_seconds=6.2), None)
    assert problem_of_stored(stored, language).title == title


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("zh-CN,zh;q=0.9", "zh"),
        ("en;q=0.1, zh-CN;q=0.9", "zh"),
        ("fr, zh;q=0.8", "zh"),
        ("zh;q=0.3,en-GB", "en"),
        ("zh;q=0", "en"),
        ("zh;q=2", "en"),
        ("fr", "en"),
        ("", "en"),
        (";;,=,q", "en"),
    ],
)
def test_language_follows_accept_language_weights(wanted: str, language: str) -> None:
    request = Request({"type": "http", "headers": [(b"accept-language", wanted.encode())]})
    assert language_of(request) == language
