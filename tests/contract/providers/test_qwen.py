"""Model Studio: pictures in one call, tasks behind a cut-out, and every row of its error table."""

import asyncio
import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from stillroom.domain import errors
from stillroom.providers.adapters.http_wire import HttpConnection
from stillroom.providers.adapters.qwen import QwenModel
from stillroom.providers.adapters.qwen_background import QwenBackgroundModel
from tests.contract.providers.conftest import (
    BACKGROUND_CARD,
    QWEN_CARD,
    TRACEPARENT,
    Wired,
    card,
    image_request,
    sized,
)
from tests.contract.providers.tables import ANY_WIRE, BAD_REPLY, Row
from tests.fakes.providers.dashscope import (
    BACKGROUND_MICRO_USD,
    PICTURE_MICRO_USD,
    FakeDashScope,
    compatible,
    error,
)
from tests.fakes.providers.server import KEY, Fault
from tests.pictures import decoded, png

pytestmark = pytest.mark.anyio

CREATE = "/background-generation/"
TASKS = "/api/v1/tasks/"


def said(status: int, code: str, message: str = "said the vendor", **more: Any) -> Fault:
    """An error answer of the native interface."""
    return Fault(status, error(status, code, message).body, **more)


async def test_request_keeps_the_prompt_and_states_count_size_and_watermark(
    qwen: QwenModel, dashscope_server: FakeDashScope
) -> None:
    returned = await qwen.make(image_request(count=3, pictures=2), QWEN_CARD)
    (asked,) = dashscope_server.asked
    expected = {"n": 3, "size": "512*512", "prompt_extend": False, "watermark": False}
    assert asked.fields["parameters"] == expected
    assert len(asked.pictures) == 2
    assert (asked.headers["x-request-id"], asked.headers["traceparent"]) == ("req-42", TRACEPARENT)
    assert len(returned.pictures) == 3
    assert returned.cost_micro_usd == 3 * PICTURE_MICRO_USD
    assert returned.provider_request_id is not None


async def test_request_to_wan_or_a_model_without_sizes_states_only_accepted_fields(
    dashscope_server: FakeDashScope,
) -> None:
    dashscope_server.heal()
    for model_id, fields in (
        ("qwen-image-edit", {"n", "watermark", "prompt_extend"}),
        ("wan2.7-image", {"n", "watermark", "size"}),
    ):
        dashscope_server.asked.clear()
        model = QwenModel(KEY, model_id, dashscope_server.address)
        limits = sized(262_144, 2_250_000, 1)
        returned = await model.make(image_request(), card(model_id, limits=limits))
        await model.close()
        (asked,) = dashscope_server.asked
        assert asked.fields["parameters"].keys() == fields, model_id
        # Without `n`, Wan would make and bill four.
        assert (asked.count, len(returned.pictures)) == (1, 1)


async def test_watermark_follows_the_operators_setting(dashscope_server: FakeDashScope) -> None:
    dashscope_server.heal()
    dashscope_server.asked.clear()
    model = QwenModel(KEY, QWEN_CARD.id, dashscope_server.address, watermark=True)
    await model.make(image_request(), QWEN_CARD)
    await model.close()
    assert dashscope_server.asked[0].fields["parameters"]["watermark"] is True


@pytest.mark.parametrize("ending", ["", "/", "/api/v1", "/compatible-mode/v1", "/compatible-mode/v1/"])
async def test_address_may_include_the_path_from_the_vendors_documentation(
    dashscope_server: FakeDashScope, ending: str
) -> None:
    dashscope_server.heal()
    model = QwenModel(KEY, QWEN_CARD.id, dashscope_server.address + ending)
    assert len((await model.make(image_request(), QWEN_CARD)).pictures) == 1
    await model.close()


async def test_larger_picture_is_billed_by_the_vendors_price(
    qwen: QwenModel, dashscope_server: FakeDashScope
) -> None:
    usage = {"image_count": 1, "output_image_type": "qima_output_2k"}
    dashscope_server.fail(Fault(change=lambda good: {**good, "usage": usage}))
    assert (await qwen.make(image_request(), QWEN_CARD)).cost_micro_usd == 78_000


@pytest.mark.parametrize("count", [10**30, -1, True, "3", None])
async def test_number_of_pictures_that_cannot_be_is_not_billed(
    qwen: QwenModel, dashscope_server: FakeDashScope, count: object
) -> None:
    dashscope_server.fail(Fault(change=lambda good: {**good, "usage": {"image_count": count}}))
    returned = await qwen.make(image_request(count=2), QWEN_CARD)
    assert returned.cost_micro_usd == 2 * PICTURE_MICRO_USD


@pytest.mark.parametrize("stated", [{"id": 1}, 7, "a\0b", "", "x" * 201])
async def test_request_id_that_cannot_be_stored_is_left_out(
    qwen: QwenModel, dashscope_server: FakeDashScope, stated: object
) -> None:
    dashscope_server.fail(Fault(change=lambda good: {**good, "request_id": stated}))
    assert (await qwen.make(image_request(), QWEN_CARD)).provider_request_id is None


async def test_lost_result_is_fetched_again_without_a_second_order(
    qwen: QwenModel, dashscope_server: FakeDashScope
) -> None:
    dashscope_server.fail(
        Fault(act="drop", path="/results/"), Fault(429, "<html>", content_type="text/html", path="/results/")
    )
    assert len((await qwen.make(image_request(), QWEN_CARD)).pictures) == 1
    assert len([one for one in dashscope_server.asked if one.fields]) == 1


async def test_expired_link_is_a_billed_bad_reply(wired_qwen: Wired) -> None:
    failure = await wired_qwen.failure(Fault(403, "<Error/>", path="/results/"))
    assert (type(failure), failure.params["reason"]) == (errors.ProviderUnavailable, "bad_reply")
    assert failure.params["cost_micro_usd"] == PICTURE_MICRO_USD


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/a.png",
        "https://other.oss-cn-beijing.aliyuncs.com/a.png",
        "https://dashscope-result-bj.oss-cn-beijing.aliyuncs.com.example.com/a.png",
        "https://dashscope-result-bj.oss-cn-beijing.aliyuncs.com:8443/a.png",
    ],
)
async def test_links_to_other_hosts_are_never_fetched(wired_qwen: Wired, url: str) -> None:
    message = {"role": "assistant", "content": [{"image": url}]}
    failure = await wired_qwen.failure(
        Fault(change=lambda good: {**good, "output": {"choices": [{"message": message}]}})
    )
    assert (type(failure), failure.params["reason"]) == (errors.ProviderUnavailable, "no_image")


def test_links_to_the_vendors_storage_are_fetched_by_https() -> None:
    signed = "http://dashscope-result-bj.oss-cn-beijing.aliyuncs.com/1d/a.png?Expires=1&Signature=a%2B"
    connection = HttpConnection("key", QwenModel.vendor_url, None, QwenModel.result_hosts)
    assert connection.allowed(signed) == signed.replace("http:", "https:")


REFUSED = (errors.ContentRefused, "moderation")
LIMITED = (errors.ProviderRateLimited, "rate_limited")
QUOTA = (errors.ProviderRateLimited, "quota")
GONE = (errors.ProviderUnavailable, "model_not_found")
DOWNLOAD = (errors.ProviderUnavailable, "connection")
OURS = (errors.ProviderUnavailable, "bad_request")
PICTURE = (errors.InputUnsupported, "picture")
KEY_REJECTED = (errors.ProviderRejectedRequest, "key")
FORBIDDEN = (errors.ProviderRejectedRequest, "permission")
NOT_BOUGHT = (errors.ProviderUnavailable, "region_or_billing")
UPSTREAM = (errors.ProviderTimeout, "upstream")

CODES: list[tuple[int, str, str, tuple[type[errors.StillroomError], str]]] = [
    (400, "DataInspectionFailed", "", REFUSED),
    (400, "data_inspection_failed", "", REFUSED),
    (400, "InvalidParameter.DataInspection", "Unable to download the media resource", DOWNLOAD),
    (400, "InternalError.Algo.InvalidParameter", "Failed to download image", DOWNLOAD),
    (415, "BadRequest.InputDownloadFailed", "", DOWNLOAD),
    (400, "Arrearage", "Access denied, your account is in arrears", QUOTA),
    (403, "Arrearage", "", QUOTA),
    (429, "PrepaidBillOverdue", "", QUOTA),
    (429, "PostpaidBillOverdue", "", QUOTA),
    (429, "BudgetLimitExceeded", "", QUOTA),
    (403, "AllocationQuota.FreeTierOnly", "", QUOTA),
    (400, "InvalidParameter", "the image size is too small", PICTURE),
    (400, "InvalidURL", "invalid image url", PICTURE),
    (400, "InvalidParameter", "prompt is too long", (errors.PromptInvalid, "prompt")),
    (400, "BadRequest.EmptyInput", "", OURS),
    (400, "InvalidParameter", "n is out of range", OURS),
    (400, "InvalidParameter", "Model not exist.", GONE),
    (404, "ModelNotFound", "", GONE),
    (404, "model_not_found", "", GONE),
    (401, "InvalidApiKey", "", KEY_REJECTED),
    (403, "AccessDenied.Unpurchased", "", NOT_BOUGHT),
    (403, "CommodityNotPurchased", "", NOT_BOUGHT),
    (403, "Model.AccessDenied", "", FORBIDDEN),
    (403, "AccessDenied", "", FORBIDDEN),
    (403, "AccessDenied", "current user api does not support synchronous calls.", OURS),
    (408, "RequestTimeOut", "", UPSTREAM),
    (500, "InternalError.Timeout", "", UPSTREAM),
    (413, "BadRequest.TooLarge", "", (errors.InputTooLarge, "picture_size")),
    (415, "BadRequest.UnsupportedFileFormat", "", PICTURE),
    (429, "Throttling", "", LIMITED),
    (429, "Throttling.RateQuota", "", LIMITED),
    (429, "Throttling.AllocationQuota", "", LIMITED),
    (429, "LimitRequests", "", LIMITED),
    (429, "insufficient_quota", "You exceeded your current quota: tokens per minute", LIMITED),
    (500, "InternalError", "", (errors.ProviderUnavailable, "http_500")),
    (503, "ModelServingError", "", (errors.ProviderUnavailable, "http_503")),
]

TABLE = [
    *[
        Row(f"{status} {code} {text}", said(status, code, text or "said the vendor"), *meaning)
        for status, code, text, meaning in CODES
    ],
    Row("compatible", Fault(401, compatible(401, "invalid_api_key", "no").body), *KEY_REJECTED),
    Row("refused after the work", said(400, "DataInspectionFailed", late=True), *REFUSED),
    Row("an error in a 200", Fault(200, error(200, "DataInspectionFailed", "no").body), *REFUSED),
    Row(
        "no picture in a 200",
        Fault(change=lambda good: {**good, "output": {"choices": []}}),
        errors.ProviderUnavailable,
        "no_image",
    ),
    Row("a result that is no picture", Fault(200, b"hello", path="/results/"), *BAD_REPLY),
]


@pytest.mark.parametrize("row", [*TABLE, *ANY_WIRE], ids=lambda row: row.name)
async def test_each_failure_has_its_code_after_exactly_one_call(wired_qwen: Wired, row: Row) -> None:
    failure = await wired_qwen.failure(row.fault)
    assert (type(failure), failure.params["reason"]) == (row.kind, row.reason)
    posts = [one for one in wired_qwen.server.asked if not one.path.startswith("/results/")]
    assert len(posts) == 1


async def test_rate_limit_without_retry_after_lasts_a_minute(wired_qwen: Wired) -> None:
    unstated = await wired_qwen.failure(said(429, "Throttling.RateQuota"))
    assert unstated.params["retry_after_seconds"] == 60.0
    stated = await wired_qwen.failure(said(429, "Throttling", headers={"retry-after": "3"}))
    assert stated.params["retry_after_seconds"] == 3.0


async def test_key_and_address_are_checked_without_a_model_list(
    qwen: QwenModel, dashscope_server: FakeDashScope
) -> None:
    dashscope_server.has_list = False
    wrong = QwenModel("another key", QWEN_CARD.id, dashscope_server.address)
    try:
        assert await qwen.listed() == {}
        with pytest.raises(errors.ProviderRejectedRequest):
            await wrong.listed()
    finally:
        dashscope_server.has_list = True
        await wrong.close()
    assert dashscope_server.calls == 0


# The background model.


def product_request(count: int = 1) -> Any:
    """A request whose mask protects a product in the middle."""
    from dataclasses import replace

    asked = image_request(count)
    mask = np.zeros((512, 512, 4), np.uint8)
    mask[150:360, 180:330, 3] = 255
    return replace(asked, mask=png(mask), wish="on wet slate")


def became(status: str, code: str = "", **more: Any) -> Fault:
    """A task in some state when it is looked at."""
    output = {"task_status": status, **({"code": code, "message": "said the vendor"} if code else {})}
    return Fault(change=lambda answer: {**answer, "output": output}, path=TASKS, **more)


def orders(server: FakeDashScope) -> int:
    """Number of tasks that were created."""
    return len([one for one in server.asked if CREATE in one.path])


async def test_cut_out_is_uploaded_and_only_its_background_is_painted(
    background: QwenBackgroundModel, dashscope_server: FakeDashScope
) -> None:
    green = png(np.full((512, 512, 3), (20, 160, 40), np.uint8))
    dashscope_server.painter = lambda asked: [green] * asked.count
    asked_for = product_request(2)
    returned = await background.make(asked_for, BACKGROUND_CARD)
    (cut_out,) = list(dashscope_server.uploads.values())[-1:]
    assert Image.open(io.BytesIO(cut_out)).mode == "RGBA"
    (asked,) = [one for one in dashscope_server.asked if CREATE in one.path]
    assert (asked.prompt, asked.count) == ("on wet slate", 2)
    assert len(returned.pictures) == 2
    assert returned.cost_micro_usd == 2 * BACKGROUND_MICRO_USD
    photo, picture = decoded(asked_for.pictures[0]), decoded(returned.pictures[0])
    assert np.abs(picture[160:350, 190:320].astype(int) - photo[160:350, 190:320]).mean() < 1
    assert np.abs(picture[:100].reshape(-1, 3).mean(0) - (20, 160, 40)).max() < 2


LIMITED_SOON = said(429, "Throttling", path=TASKS, headers={"retry-after": "0.05"}, times=9)
"""A rate limit that is over so soon that the router would repeat the whole call."""

TASK_ROWS: list[tuple[str, list[Fault], type[errors.StillroomError], str, bool]] = [
    (
        "no policy",
        [said(500, "InternalError", path="/uploads")],
        errors.ProviderUnavailable,
        "http_500",
        False,
    ),
    ("a policy of another shape", [Fault(200, "{}", path="/uploads")], *BAD_REPLY, False),
    ("upload rejected", [Fault(403, "", path="/upload")], errors.ProviderUnavailable, "http_403", False),
    ("not created", [said(429, "Throttling", path=CREATE)], *LIMITED, True),
    ("no id", [Fault(200, '{"output": {}}', path=CREATE)], *BAD_REPLY, True),
    ("an id with a path", [Fault(200, '{"output": {"task_id": "../x"}}', path=CREATE)], *BAD_REPLY, True),
    ("refused", [became("FAILED", "DataInspectionFailed")], *REFUSED, True),
    ("failed", [became("FAILED", "InternalError")], errors.ProviderUnavailable, "vendor_failed", True),
    ("download", [became("FAILED", "InvalidParameter.FileDownload")], *DOWNLOAD, True),
    ("no alpha", [became("FAILED", "BadRequest.UnsupportedFileFormat")], *PICTURE, True),
    ("unknown", [became("UNKNOWN")], errors.ProviderUnavailable, "task_lost", True),
    ("cancelled", [became("CANCELED")], errors.ProviderUnavailable, "task_lost", True),
    ("looks are limited", [LIMITED_SOON], errors.ProviderUnavailable, "connection", True),
    ("nothing in it", [became("SUCCEEDED")], errors.ProviderUnavailable, "no_image", True),
]


@pytest.mark.parametrize("row", TASK_ROWS, ids=lambda row: row[0])
async def test_each_failure_of_a_task_has_its_code_after_at_most_one_order(
    background: QwenBackgroundModel,
    dashscope_server: FakeDashScope,
    row: tuple[str, list[Fault], type[errors.StillroomError], str, bool],
) -> None:
    _, faults, kind, reason, is_ordered = row
    if reason == "http_403":
        faults = [Fault(200, policy_to(dashscope_server), path="/uploads?"), *faults]
    dashscope_server.fail(*faults)
    with pytest.raises(errors.StillroomError) as caught:
        await background.make(product_request(), BACKGROUND_CARD)
    assert (type(caught.value), caught.value.params["reason"]) == (kind, reason)
    assert orders(dashscope_server) == is_ordered


def policy_to(server: FakeDashScope) -> dict[str, Any]:
    """A policy, as the first of two faults whose paths are alike."""
    body: dict[str, Any] = server.policy("model=x").body
    return body


async def test_upload_policy_for_another_host_gets_no_picture(
    background: QwenBackgroundModel, dashscope_server: FakeDashScope
) -> None:
    away = policy_to(dashscope_server)
    away["data"]["upload_host"] = "http://127.0.0.1:9/upload"
    dashscope_server.fail(Fault(200, away, path="/uploads"))
    with pytest.raises(errors.ProviderUnavailable) as caught:
        await background.make(product_request(), BACKGROUND_CARD)
    assert caught.value.params["reason"] == "no_image"
    assert orders(dashscope_server) == 0


async def test_good_items_of_a_task_are_kept_beside_failed_ones(
    background: QwenBackgroundModel, dashscope_server: FakeDashScope
) -> None:
    def mixed(answer: dict[str, Any]) -> dict[str, Any]:
        output = dict(answer["output"])
        if "results" in output:
            output["results"] = [{"code": "InternalError.Timeout", "message": ""}, *output["results"][1:]]
        return {**answer, "output": output}

    dashscope_server.fail(Fault(change=mixed, path=TASKS, times=float("inf")))
    returned = await background.make(product_request(2), BACKGROUND_CARD)
    assert (len(returned.pictures), returned.cost_micro_usd) == (1, BACKGROUND_MICRO_USD)


async def test_lost_status_poll_is_repeated(
    background: QwenBackgroundModel, dashscope_server: FakeDashScope
) -> None:
    limited = said(429, "Throttling", path=TASKS, headers={"retry-after": "0.05"})
    dashscope_server.fail(Fault(act="drop", path=TASKS), limited)
    assert len((await background.make(product_request(), BACKGROUND_CARD)).pictures) == 1
    assert orders(dashscope_server) == 1


async def test_a_task_that_takes_too_long_is_cancelled_and_stays_on_record(
    background: QwenBackgroundModel, dashscope_server: FakeDashScope
) -> None:
    dashscope_server.fail(became("RUNNING", times=float("inf")))
    short = BACKGROUND_CARD.model_copy(update={"ceiling_seconds": 0.8})
    with pytest.raises(errors.ProviderTimeout) as caught:
        await background.make(product_request(), short)
    assert caught.value.params["provider_request_id"] in dashscope_server.tasks
    assert len(dashscope_server.cancelled) == 1


async def test_a_stopped_job_cancels_its_task(
    background: QwenBackgroundModel, dashscope_server: FakeDashScope
) -> None:
    dashscope_server.fail(became("PENDING", times=float("inf")))
    running = asyncio.create_task(background.make(product_request(), BACKGROUND_CARD))
    assert await asyncio.to_thread(dashscope_server.looked_at.wait, 20)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert len(dashscope_server.cancelled) == 1


async def test_tasks_of_one_key_run_one_after_the_other(
    background: QwenBackgroundModel, dashscope_server: FakeDashScope
) -> None:
    await asyncio.gather(*(background.make(product_request(), BACKGROUND_CARD) for _ in range(2)))
    first, second = (one.at for one in dashscope_server.asked if CREATE in one.path)
    assert second - first > 0.05


async def test_without_a_product_nothing_is_sent(
    background: QwenBackgroundModel, dashscope_server: FakeDashScope
) -> None:
    from dataclasses import replace

    empty = replace(image_request(), mask=png(np.zeros((512, 512, 4), np.uint8)))
    with pytest.raises(errors.ProviderUnavailable):
        await background.make(empty, BACKGROUND_CARD)
    assert dashscope_server.calls == 0
