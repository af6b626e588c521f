"""Ark's images API: what is sent, every row of its error table, and answers that look fine and are not."""

import base64
from typing import Any

import numpy as np
import pytest

from stillroom.domain import errors
from stillroom.providers.adapters.http_wire import HttpConnection
from stillroom.providers.adapters.seedream import SeedreamModel
from tests.contract.providers.conftest import SEEDREAM_CARD, TRACEPARENT, Wired, card, image_request, sized
from tests.contract.providers.tables import ANY_WIRE, BAD_REPLY, WRONG_SIZE, Row
from tests.fakes.providers.ark import MARK_SIDE, PICTURE_MICRO_USD, FakeArk, error
from tests.fakes.providers.server import KEY, Fault
from tests.pictures import decoded, png, scene

pytestmark = pytest.mark.anyio

LITE_CARD = card(
    "doubao-seedream-5-0-260128",
    limits=sized(3_686_400, 16_777_216, 1).model_copy(update={"max_width": 6240, "max_height": 6240}),
    picture_cost_micro_usd={"2K": 35_000},
    ceiling=20.0,
)
OLD_CARD = card("doubao-seedream-4-0-250828", limits=sized(921_600, 16_777_216, 1))


def said(status: int, code: str, message: str = "said the vendor", param: str = "", **more: Any) -> Fault:
    """An error answer as Ark words it."""
    return Fault(status, error(status, code, message, param).body, **more)


def flat(status: int, code: str) -> Fault:
    """The same without the enclosing key."""
    return Fault(status, {"code": code, "message": "said the vendor"})


def item(code: str) -> Fault:
    """A refusal inside an answer with status 200."""
    refused = {"error": {"code": code, "message": "said the vendor"}}
    return Fault(
        change=lambda good: {**good, "data": [refused], "usage": {"generated_images": 0, "total_tokens": 0}}
    )


def top(code: str) -> Fault:
    """An error at the top of an answer with status 200."""
    return Fault(200, {"error": {"code": code, "message": "said the vendor"}, "data": []})


async def test_request_states_its_size_and_disables_the_watermark(
    seedream: SeedreamModel, ark_server: FakeArk
) -> None:
    returned = await seedream.make(image_request(pictures=2), SEEDREAM_CARD)
    (asked,) = ark_server.asked
    assert asked.fields["size"] == "960x960"
    assert (asked.fields["watermark"], asked.fields["response_format"]) == (False, "b64_json")
    assert asked.fields["output_format"] == "png"
    assert asked.fields.keys() <= {
        "model",
        "prompt",
        "image",
        "size",
        "watermark",
        "response_format",
        "output_format",
    }
    assert len(asked.pictures) == 2
    assert (asked.headers["x-request-id"], asked.headers["traceparent"]) == ("req-42", TRACEPARENT)
    assert (returned.cost_micro_usd, returned.provider_request_id) == (
        PICTURE_MICRO_USD,
        f"ark-{next(ark_server.numbers) - 1}",
    )
    corner = decoded(returned.pictures[0])[-MARK_SIDE:, -MARK_SIDE:].reshape(-1, 3)
    assert np.abs(corner.mean(0) - (255, 0, 255)).max() > 20


async def test_watermark_stays_if_the_operator_enables_it(ark_server: FakeArk) -> None:
    ark_server.heal()
    model = SeedreamModel(KEY, SEEDREAM_CARD.id, f"{ark_server.address}/api/v3", watermark=True)
    returned = await model.make(image_request(), SEEDREAM_CARD)
    await model.close()
    corner = decoded(returned.pictures[0])[-MARK_SIDE // 2 :, -MARK_SIDE // 2 :].reshape(-1, 3)
    assert np.abs(corner.mean(0) - (255, 0, 255)).max() < 10


async def test_number_of_pictures_that_cannot_be_is_not_billed(
    seedream: SeedreamModel, ark_server: FakeArk
) -> None:
    ark_server.fail(Fault(change=lambda good: {**good, "usage": {"generated_images": 10**30}}))
    assert (await seedream.make(image_request(), SEEDREAM_CARD)).cost_micro_usd == PICTURE_MICRO_USD


@pytest.mark.parametrize(("width", "height"), [(512, 512), (1536, 1024), (900, 1536)])
async def test_the_large_model_is_never_asked_for_less_than_it_accepts(
    ark_server: FakeArk, width: int, height: int
) -> None:
    ark_server.heal()
    ark_server.asked.clear()
    model = SeedreamModel(KEY, LITE_CARD.id, f"{ark_server.address}/api/v3")
    returned = await model.make(image_request(width=width, height=height), LITE_CARD)
    await model.close()
    wide, tall = (int(side) for side in ark_server.asked[0].fields["size"].split("x"))
    assert wide * tall >= 3_686_400
    assert wide / tall == pytest.approx(width / height, rel=0.03)
    assert decoded(returned.pictures[0]).shape[:2] == (tall, wide)


async def test_older_models_get_no_field_that_they_reject(ark_server: FakeArk) -> None:
    ark_server.heal()
    ark_server.asked.clear()
    model = SeedreamModel(KEY, OLD_CARD.id, f"{ark_server.address}/api/v3")
    await model.make(image_request(), OLD_CARD)
    await model.close()
    assert "output_format" not in ark_server.asked[0].fields


async def test_a_picture_longer_than_any_shape_is_padded_and_cut_back(
    seedream: SeedreamModel, ark_server: FakeArk
) -> None:
    returned = await seedream.make(image_request(width=1500, height=300), SEEDREAM_CARD)
    height, width = decoded(returned.pictures[0]).shape[:2]
    assert width / height == pytest.approx(5, rel=0.02)
    assert ark_server.calls == 1


async def test_gateway_that_answers_with_links_is_supported(
    seedream: SeedreamModel, ark_server: FakeArk
) -> None:
    def linked(good: dict[str, Any]) -> dict[str, Any]:
        picture = base64.b64decode(good["data"][0]["b64_json"])
        return {**good, "data": [{"url": ark_server.link_to(picture)}]}

    ark_server.fail(Fault(change=linked))
    assert len((await seedream.make(image_request(), SEEDREAM_CARD)).pictures) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/picture.png",
        "https://example.com/picture.png",
        "https://x.tos-cn-beijing.volces.com.example.com/picture.png",
        "https://x.tos-cn-beijing.volces.com@127.0.0.1/picture.png",
        "https://tos-cn-beijing.volces.com:8443/picture.png",
        "file:///etc/hostname",
        "gopher://x.tos-cn-beijing.volces.com/",
        "http://[::1",
    ],
)
async def test_links_to_other_hosts_are_never_fetched(wired_seedream: Wired, url: str) -> None:
    failure = await wired_seedream.failure(
        Fault(change=lambda good: {**good, "data": [{"url": url}]}),
    )
    assert (type(failure), failure.params["reason"]) == (errors.ProviderUnavailable, "no_image")
    assert failure.params["cost_micro_usd"] == PICTURE_MICRO_USD


def test_links_to_the_vendors_storage_are_fetched_by_https() -> None:
    signed = "http://ark-results.tos-cn-beijing.volces.com/a/b.png?X-Tos-Signature=a%2Fb"
    connection = HttpConnection("key", SeedreamModel.vendor_url, None, SeedreamModel.result_hosts)
    assert connection.allowed(signed) == signed.replace("http:", "https:")


REFUSALS = (
    "InputTextSensitiveContentDetected",
    "InputImageSensitiveContentDetected.SevereViolation",
    "OutputImageSensitiveContentDetected",
    "OutputTextRiskDetection",
    "SensitiveContentDetected",
    "InputImagePolicyViolation",
    "InputImagePrivacyInformation",
)
LIMITS = (
    "ModelAccountIpmRateLimitExceeded",
    "ModelAccountRpmRateLimitExceeded",
    "AccountRateLimitExceeded",
    "RateLimitExceeded.EndpointRPMExceeded",
    "RequestBurstTooFast",
    "InflightBatchsizeExceeded",
    "ServerOverloaded",
)
REFUSED = (errors.ContentRefused, "moderation")
LIMITED = (errors.ProviderRateLimited, "rate_limited")
QUOTA = (errors.ProviderRateLimited, "quota")
KEY_REJECTED = (errors.ProviderRejectedRequest, "key")
FORBIDDEN = (errors.ProviderRejectedRequest, "permission")
GONE = (errors.ProviderUnavailable, "model_not_found")
PICTURE = (errors.InputUnsupported, "picture")
OURS = (errors.ProviderUnavailable, "bad_request")

TABLE = [
    *[Row(f"refused: {code}", said(400, code), *REFUSED) for code in REFUSALS],
    Row("refused after the work", said(400, REFUSALS[2], late=True), *REFUSED),
    Row("refused, per item", item("OutputImageSensitiveContentDetected"), *REFUSED),
    Row("refused, at the top of a 200", top("OutputImageSensitiveContentDetected"), *REFUSED),
    Row(
        "moderation itself is down",
        said(400, "ContentSecurityDetectionError"),
        errors.ProviderUnavailable,
        "http_500",
    ),
    Row(
        "picture too big", said(400, "InvalidParameter.OversizedImage"), errors.InputTooLarge, "picture_size"
    ),
    Row("picture format", said(400, "InvalidParameter.UnsupportedImageFormat"), *PICTURE),
    Row("picture link", said(400, "InvalidImageURL.EmptyURL"), *PICTURE),
    Row("picture field", said(400, "InvalidParameter", param="image"), *PICTURE),
    Row(
        "their download was slow",
        said(400, "InvalidParameter", "Timeout while downloading url=https://x"),
        errors.ProviderUnavailable,
        "connection",
    ),
    Row("prompt", said(400, "InvalidParameter", param="prompt"), errors.PromptInvalid, "prompt"),
    Row("a wrong size", said(400, "InvalidParameter", param="size"), *OURS),
    Row("a missing field", said(400, "MissingParameter", param="model"), *OURS),
    Row("closed endpoint", said(400, "InvalidEndpoint.ClosedEndpoint"), *GONE),
    Row("no such model", said(404, "InvalidEndpointOrModel.NotFound"), *GONE),
    Row("not activated", said(404, "ModelNotOpen"), *GONE),
    Row("not on this plan", said(404, "UnsupportedModel"), *GONE),
    Row("wrong key", said(401, "AuthenticationError"), *KEY_REJECTED),
    Row("bad account", said(401, "InvalidAccountStatus"), *KEY_REJECTED),
    Row("no right", said(403, "AccessDenied"), *FORBIDDEN),
    Row("no right for this", said(403, "OperationDenied.PermissionDenied"), *FORBIDDEN),
    Row("arrears", said(403, "AccountOverdueError"), *QUOTA),
    Row("arrears, flat", flat(403, "AccountOverdueError"), *QUOTA),
    Row("arrears of the service", said(403, "OperationDenied.ServiceOverdue"), *QUOTA),
    *[Row(f"limited: {code}", said(429, code), *LIMITED) for code in LIMITS],
    Row("free trial used up", said(429, "QuotaExceeded"), *QUOTA),
    Row("own cap", said(429, "SetLimitExceeded"), *QUOTA),
    Row("theirs", said(500, "InternalServiceError"), errors.ProviderUnavailable, "http_500"),
    Row("theirs, per item", item("InternalServiceError"), errors.ProviderUnavailable, "vendor_failed"),
    Row("504", Fault(504, ""), errors.ProviderTimeout, "upstream"),
    Row(
        "no data", Fault(change=lambda good: {"usage": good["usage"]}), errors.ProviderUnavailable, "no_image"
    ),
    Row(
        "base64 of no picture",
        Fault(change=lambda good: {**good, "data": [{"b64_json": "aGVsbG8="}]}),
        *BAD_REPLY,
    ),
    Row("no base64", Fault(change=lambda good: {**good, "data": [{"b64_json": "%%"}]}), *BAD_REPLY),
]


@pytest.mark.parametrize("row", [*TABLE, *ANY_WIRE], ids=lambda row: row.name)
async def test_each_failure_has_its_code_after_exactly_one_call(wired_seedream: Wired, row: Row) -> None:
    failure = await wired_seedream.failure(row.fault)
    assert (type(failure), failure.params["reason"]) == (row.kind, row.reason)
    assert wired_seedream.server.calls == 1


async def test_response_of_an_unknown_shape_is_rejected(seedream: SeedreamModel, ark_server: FakeArk) -> None:
    odd = base64.b64encode(png(scene(900, 400))).decode()
    ark_server.fail(Fault(change=lambda good: {**good, "data": [{"b64_json": odd}]}))
    with pytest.raises(errors.ProviderUnavailable) as caught:
        await seedream.make(image_request(), SEEDREAM_CARD)
    assert (errors.ProviderUnavailable, caught.value.params["reason"]) == WRONG_SIZE
    assert caught.value.params["cost_micro_usd"] == PICTURE_MICRO_USD


async def test_a_refusal_costs_nothing(wired_seedream: Wired) -> None:
    failure = await wired_seedream.failure(item("OutputImageSensitiveContentDetected"))
    assert "cost_micro_usd" not in failure.params


@pytest.mark.parametrize("encoded", ["@@@", "aGVsbG8="], ids=["no base64", "no picture"])
async def test_damaged_picture_is_a_billed_bad_reply(wired_seedream: Wired, encoded: str) -> None:
    damaged = [{"b64_json": encoded}]
    failure = await wired_seedream.failure(Fault(change=lambda good: {**good, "data": damaged}))
    assert failure.params["reason"] == "bad_reply"
    assert failure.params["cost_micro_usd"] == PICTURE_MICRO_USD


async def test_expired_link_is_a_billed_bad_reply(seedream: SeedreamModel, ark_server: FakeArk) -> None:
    gone = f"{ark_server.address}/results/none?signature=none"
    ark_server.fail(Fault(change=lambda good: {**good, "data": [{"url": gone}]}))
    with pytest.raises(errors.ProviderUnavailable) as caught:
        await seedream.make(image_request(), SEEDREAM_CARD)
    assert caught.value.params["reason"] == "bad_reply"
    assert caught.value.params["cost_micro_usd"] == PICTURE_MICRO_USD


async def test_retry_after_of_the_vendor_is_read(wired_seedream: Wired) -> None:
    failure = await wired_seedream.failure(
        said(429, "RateLimitExceeded.EndpointRPMExceeded", headers={"retry-after": "3"})
    )
    assert failure.params["retry_after_seconds"] == 3.0


@pytest.mark.parametrize(
    ("model", "has_list", "is_there"),
    [
        ("doubao-seedream-5-0-260128", True, True),
        ("doubao-seedream-5-0-260128", False, True),
        ("doubao-seedream-4-5-251128", True, True),
        ("ep-known-1", True, True),
        ("ep-other-1", True, False),
        ("doubao-seedream-9-0", True, False),
    ],
)
async def test_model_lookup_is_free(ark_server: FakeArk, model: str, has_list: bool, is_there: bool) -> None:
    ark_server.heal()
    ark_server.asked.clear()
    ark_server.has_list = has_list
    adapter = SeedreamModel(KEY, model, f"{ark_server.address}/api/v3")
    try:
        listed = await adapter.listed()
    finally:
        ark_server.has_list = True
        await adapter.close()
    assert (model in listed) == is_there
    assert ark_server.calls == 0
