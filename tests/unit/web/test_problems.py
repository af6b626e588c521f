"""Errors as clients see them."""

import asyncio
import json
import re
from typing import Any, get_args

import pytest
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.testclient import TestClient
from pydantic import BaseModel, Field, ValidationError
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from stillroom.domain.errors import (
    CATALOGUE,
    Conflict,
    ErrorKind,
    InputTooLarge,
    InputUnsupported,
    Kept,
    LimitReached,
    MethodNotAllowed,
    NotFound,
    NotMadeYet,
    RateLimited,
    StillroomError,
    ValidationFailed,
    stored_error,
)
from stillroom.domain.field_errors import body_error, field_error
from stillroom.domain.ids import JobId
from stillroom.domain.plans.changes import usable_changes
from stillroom.domain.told_back import ToldBack
from stillroom.web.dependencies import PathId
from stillroom.web.problems import (
    STATUS,
    UnexpectedErrors,
    language_of,
    on_invalid_request,
    problem_of_stored,
)
from stillroom.web.schemas.jobs import EditRequest, RefineRequest
from stillroom.web.schemas.recipes import NewRecipe


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


@pytest.mark.parametrize(
    ("error", "english", "chinese"),
    [
        (Conflict(text="batch_ended", status="finished"), "This batch has ended.", "该批次已结束"),
        (Conflict(text="job_state", status="failed"), "A failed job cannot", "任务当前状态下"),
        (
            InputTooLarge(text="megapixels", width=9000, height=8000, found=72.0, limit=50),
            "The picture is 9000 × 8000, 72 megapixels; at most 50 are accepted.",
            "图片尺寸为 9000 × 8000（72 MP），最多 50 MP",
        ),
        (NotFound("No variant var_1."), "No variant var_1.", "找不到该内容"),
    ],
)
def test_detail_is_in_the_language_of_the_client(error: StillroomError, english: str, chinese: str) -> None:
    stored = stored_error(error, None)
    assert problem_of_stored(stored, "en").detail.startswith(english)
    assert problem_of_stored(stored, "zh").detail.startswith(chinese)


@pytest.mark.parametrize("params", [{"text": "of_a_later_release"}, {"text": "megapixels", "pixels": 72}])
def test_chinese_detail_is_the_title_for_a_sentence_of_another_release(params: dict[str, Any]) -> None:
    problem = problem_of_stored({"code": "E_CONFLICT", "detail": "Something else.", "params": params}, "zh")
    assert problem.detail == problem.title


def test_unknown_code_is_an_internal_error() -> None:
    problem = problem_of_stored({"code": "E_OF_A_LATER_RELEASE", "detail": "x", "params": {}}, "en")
    assert (problem.code, problem.status) == ("E_INTERNAL", 500)


@pytest.mark.anyio
async def test_request_that_a_stopping_server_gives_up_may_be_sent_again() -> None:
    begun, sent = asyncio.Event(), list[Message]()

    async def endless(_scope: Scope, _receive: Receive, _send: Send) -> None:
        begun.set()
        await asyncio.Event().wait()

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "path": "/upload", "headers": []}
    request = asyncio.create_task(UnexpectedErrors(endless)(scope, receive, send))
    await begun.wait()
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    problem = json.loads(sent[1]["body"])
    assert (sent[0]["status"], problem["code"], problem["retryable"]) == (503, "E_STORAGE_IO", True)
    assert problem["title"] == "The server is being stopped; nothing was lost. Try again in a moment."


@pytest.mark.parametrize(
    ("language", "title"),
    [("zh", "请求过于频繁，请 7 秒后再试"), ("en", "Too many requests; try again in 7 s.")],
)
def test_rate_limit_error_states_the_wait(language: str, title: str) -> None:
    stored = stored_error(RateLimited(retry_after_seconds=6.2), None)
    assert problem_of_stored(stored, language).title == title


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("zh", "图片太小，每边至少需要 256 像素"),
        ("en", "The picture is too small; each side needs at least 256 pixels."),
    ],
)
def test_picture_that_is_too_small_is_called_so(language: str, title: str) -> None:
    stored = stored_error(InputUnsupported("48 × 32", what="side", limit=256, found=32), None)
    assert problem_of_stored(stored, language).title == title
    assert problem_of_stored(stored_error(InputUnsupported("x"), None), language).title != title


@pytest.mark.parametrize(
    ("language", "title"), [("zh", "长边最多为短边的 10 倍"), ("en", "10 times the shorter")]
)
def test_backdrop_that_is_too_long_is_called_so(language: str, title: str) -> None:
    stored = stored_error(InputUnsupported("11 times", what="side", ratio=10, found=11.0), None)
    assert title in problem_of_stored(stored, language).title


@pytest.mark.parametrize(
    ("language", "title"), [("zh", "文件还在制作中"), ("en", "The files are still being made")]
)
def test_file_that_is_not_made_yet_is_called_so(language: str, title: str) -> None:
    stored = stored_error(NotMadeYet(retry_after_seconds=2), None)
    assert problem_of_stored(stored, language, kind=NotMadeYet).title.startswith(title)


@pytest.mark.parametrize("what", get_args(Kept))
def test_limit_on_what_is_kept_is_named_with_a_way_out(what: Kept) -> None:
    error = LimitReached(what, 50)
    titles = [
        problem_of_stored(stored_error(error, None), one, kind=LimitReached).title for one in ("zh", "en")
    ]
    assert all("50" in title and title != Conflict.title().to("en") for title in titles)
    assert titles[1] == error.detail


class Several(BaseModel):
    """A body with lists and texts."""

    ids: list[str] = Field(min_length=1, max_length=3)
    title: str = Field(default="x", min_length=1, max_length=5)


def details_of(model: type[BaseModel], body: dict[str, Any]) -> tuple[str, str]:
    """Return the English and the Chinese detail of the answer to an invalid body."""
    with pytest.raises(ValidationError) as refused:
        model.model_validate(body)
    faults = [
        field_error(".".join(map(str, one["loc"])) or "body", "body", one) for one in refused.value.errors()
    ]
    stored = stored_error(ValidationFailed("Check.", fields=faults), None)
    return problem_of_stored(stored, "en").detail, problem_of_stored(stored, "zh").detail


ASKED: dict[str, Any] = {"session_id": "ses_1", "operation": "optimize"}
REFINED: dict[str, Any] = {"session_id": "ses_1", "variant_id": "var_1"}


@pytest.mark.parametrize(
    ("model", "body", "english", "chinese"),
    [
        (EditRequest, {"operation": "optimize"}, "session_id is missing.", "session_id 缺失，请补上。"),
        (EditRequest, ASKED | {"candidates": 9}, "candidates must be 4 or less.", "candidates 不能大于 4。"),
        (
            EditRequest,
            ASKED | {"candidates": "a"},
            "candidates must be a whole number.",
            "candidates 应为整数。",
        ),
        (EditRequest, ASKED | {"prompt": 4}, "prompt must be text.", "prompt 应为文字。"),
        (EditRequest, ASKED | {"prompt": float("nan")}, "prompt must be text.", "prompt 应为文字。"),
        (
            EditRequest,
            ASKED | {"size": 4},
            "size is not a known field; leave it out.",
            "size 不是已知字段，请去掉。",
        ),
        (
            EditRequest,
            ASKED | {"operation": "paint"},
            "operation must be optimize or bg_replace.",
            "operation 应为 optimize、bg_replace。",
        ),
        (
            RefineRequest,
            REFINED,
            "The body needs prompt, changes or both, or else restore.",
            "请填写 prompt、changes 或两者，或只填 restore。",
        ),
        (Several, {"ids": []}, "ids must not be empty.", "ids 不能为空。"),
        (Several, {"ids": list("abcd")}, "ids takes 3 entries or fewer.", "ids 最多 3 项。"),
        (
            Several,
            {"ids": ["a"], "title": "a title"},
            "title must have at most 5 characters.",
            "title 最多 5 个字符。",
        ),
    ],
)
def test_an_invalid_field_is_answered_with_what_to_do_about_it(
    model: type[BaseModel], body: dict[str, Any], english: str, chinese: str
) -> None:
    assert details_of(model, body) == (english, chinese)


def test_json_that_is_not_sent_as_json_is_told_which_header_it_needs() -> None:
    app = FastAPI(exception_handlers={RequestValidationError: on_invalid_request})

    @app.post("/edit")
    def edit(body: EditRequest) -> None:
        del body

    client = TestClient(app)
    for content_type, detail in (
        ("text/plain", "The body must be JSON with the header Content-Type: application/json."),
        ("application/json", "The body must be an object with named fields."),
    ):
        answer = client.post("/edit", content=b"[1]", headers={"Content-Type": content_type})
        assert (answer.status_code, answer.json()["detail"]) == (422, detail)


@pytest.mark.parametrize("job_id", ["does-not-exist", "01234567-89ab-7def-8123-456789abcdef", "Ä", "a" * 65])
def test_address_with_an_id_that_nothing_can_have_is_not_found(job_id: str) -> None:
    app = FastAPI(exception_handlers={RequestValidationError: on_invalid_request})

    @app.post("/job/{job_id}")
    def change(job_id: PathId[JobId], body: EditRequest) -> None:
        del job_id, body

    answer = TestClient(app).post(f"/job/{job_id}", json={})
    assert (answer.status_code, answer.json()["code"]) == (404, "E_NOT_FOUND")


@pytest.mark.parametrize("name", ["", "a/b", "x" * 81, "CON", "{title}"])
def test_unusable_file_name_is_told_in_one_sentence_in_both_languages(name: str) -> None:
    english, chinese = details_of(NewRecipe, {"name": "a", "operation": "optimize", "file_name": name})
    assert english.startswith(("file_name needs ", "file_name may ", "file_name is ", "file_name has "))
    assert not re.search("[a-z]", chinese.removeprefix("file_name").partition("可用的有")[0])


def test_invalid_changes_are_told_in_one_sentence_each() -> None:
    with pytest.raises(ValidationFailed) as refused:
        usable_changes({"framing": {"x": 2}, "backdrop": {"color": "red"}})
    stored = stored_error(refused.value, None)
    english, chinese = problem_of_stored(stored, "en"), problem_of_stored(stored, "zh")
    color = "changes.backdrop.color must be a colour such as #f4efe6."
    assert english.detail == f"changes.framing.x must be 0.9 or less. {color}"
    assert (
        chinese.detail == "changes.framing.x 不能大于 0.9。changes.backdrop.color 应为颜色值，例如 #f4efe6。"
    )
    assert english.params["fields"][1]["message"] == "must be a colour such as #f4efe6"


@pytest.mark.parametrize(
    ("language", "detail"),
    [("zh", "box 超出了照片范围。"), ("en", "box reaches beyond the photo.")],
)
def test_a_reworded_message_keeps_its_translation(language: str, detail: str) -> None:
    field = body_error("box", "value_error", "reaches_beyond_the_photo")
    told = ToldBack("back", "refused", "undo")
    stored = {
        "code": ValidationFailed.code,
        "detail": "",
        "params": {
            "fields": [{**field, "message": "lay outside the photo"}],
            "told_back": [{**told.params, "suggestion": "As it was worded then."}],
        },
    }
    problem = problem_of_stored(stored, language)
    assert problem.detail == detail
    assert problem.params["told_back"][0]["suggestion"] == told.words.to(language)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_error_of_an_earlier_release_stays_readable(language: str) -> None:
    field = {"field": "box", "reason": "value_error", "message": "Value error, lies outside"}
    told = {"text": "fly", "reason": "not_possible", "suggestion": "Say it otherwise.", "way_out": None}
    stored = {"code": "E_VALIDATION", "detail": "", "params": {"fields": [field], "told_back": [told]}}
    problem = problem_of_stored(stored, language)
    assert problem.detail.rstrip(".。") == "box lies outside"
    assert problem.params["told_back"] == [told]


def test_a_wrong_method_is_named_with_those_that_are_allowed() -> None:
    stored = stored_error(MethodNotAllowed(method="GET", allowed=["DELETE", "POST"]), None)
    told = [problem_of_stored(stored, language, kind=MethodNotAllowed).title for language in ("en", "zh")]
    assert told == [
        "GET is not allowed here; use DELETE or POST.",
        "此地址不支持 GET，可用的方法：DELETE、POST",
    ]


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
