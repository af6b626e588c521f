"""OpenAI's pictures through the real SDK: what is sent, what comes back, and every row of its error table."""

import base64
from collections.abc import Callable
from typing import Any

import pytest

from stillroom.domain.errors import (
    ContentRefused,
    InputTooLarge,
    InputUnsupported,
    PromptInvalid,
    ProviderRateLimited,
    ProviderRejectedRequest,
    ProviderTimeout,
    ProviderUnavailable,
    StillroomError,
)
from stillroom.providers.adapters.chatgpt import ChatGptModel, size_for
from tests.contract.providers.conftest import CHATGPT_CARD, card, commission
from tests.fakes.providers.openai_images import IMAGE_TOKENS_IN, IMAGE_TOKENS_OUT, FakeOpenAI, error
from tests.fakes.providers.server import KEY, Fault
from tests.pictures import decoded, png, scene

pytestmark = pytest.mark.anyio


def said(
    status: int,
    kind: str = "invalid_request_error",
    code: str | None = None,
    param: str | None = None,
    **more: Any,
) -> Fault:
    """An error answer as OpenAI words it."""
    return Fault(status, error(status, kind, code, "said the vendor", param).body, **more)


def data(*items: Any) -> Callable[[Any], Any]:
    def change(answer: Any) -> Any:
        return {**answer, "data": list(items)}

    return change


def item(picture: bytes) -> dict[str, str]:
    return {"b64_json": base64.b64encode(picture).decode()}


async def test_several_candidates_come_from_one_call(
    chatgpt: ChatGptModel, openai_server: FakeOpenAI
) -> None:
    returned = await chatgpt.make(commission(count=3, pictures=2), CHATGPT_CARD)
    assert [decoded(picture).shape[:2] for picture in returned.pictures] == [(1024, 1024)] * 3
    (asked,) = openai_server.asked
    assert (len(asked.pictures), asked.count, asked.size) == (2, 3, (1024, 1024))
    assert asked.mask is not None
    assert asked.fields["quality"] == "medium"
    assert "input_fidelity" not in asked.fields
    assert asked.headers["x-request-id"] == "req-42"
    text = len(asked.prompt) // 4
    assert returned.cost_micro_usd == text * 5 + 2 * IMAGE_TOKENS_IN * 8 + 3 * IMAGE_TOKENS_OUT * 30
    assert (returned.upstream_id or "").startswith("req_")


async def test_fewer_pictures_than_asked_are_kept(chatgpt: ChatGptModel, openai_server: FakeOpenAI) -> None:
    openai_server.fail(Fault(change=lambda answer: {**answer, "data": answer["data"][:2]}))
    assert len((await chatgpt.make(commission(count=3), CHATGPT_CARD)).pictures) == 2


async def test_one_broken_picture_does_not_cost_the_others(
    chatgpt: ChatGptModel, openai_server: FakeOpenAI
) -> None:
    good = png(scene(512, 512))
    openai_server.fail(Fault(change=data(item(good), item(b"broken"), item(good))))
    assert (await chatgpt.make(commission(count=3), CHATGPT_CARD)).pictures == (good, good)


async def test_a_gateway_without_usage_is_billed_by_the_list(
    chatgpt: ChatGptModel, openai_server: FakeOpenAI
) -> None:
    openai_server.fail(Fault(change=lambda answer: {**answer, "usage": None}))
    assert (await chatgpt.make(commission(count=2), CHATGPT_CARD)).cost_micro_usd == 26_000


async def test_an_unlisted_model_gets_a_size_that_all_know(openai_server: FakeOpenAI) -> None:
    openai_server.heal()
    openai_server.asked.clear()
    model = ChatGptModel(KEY, "my-gateway-model", f"{openai_server.address}/v1")
    await model.make(commission(width=700, height=500), card("my-gateway-model", per_call=2))
    await model.close()
    asked = openai_server.asked[0].fields
    assert asked["size"] == "1536x1024"
    assert "quality" not in asked


async def test_an_address_without_a_path_gets_the_usual_one(openai_server: FakeOpenAI) -> None:
    openai_server.heal()
    model = ChatGptModel(KEY, CHATGPT_CARD.id, openai_server.address)
    await model.make(commission(), CHATGPT_CARD)
    await model.close()


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/x.png", "https://elsewhere.example/x.png", "file:///etc/passwd"]
)
async def test_pictures_are_fetched_only_from_whom_we_talk_to(
    chatgpt: ChatGptModel, openai_server: FakeOpenAI, address: str
) -> None:
    openai_server.fail(Fault(change=data({"url": address})))
    with pytest.raises(ProviderUnavailable) as caught:
        await chatgpt.make(commission(), CHATGPT_CARD)
    assert caught.value.params["reason"] == "no_image"


ERRORS: list[tuple[str, Fault, type[StillroomError], str]] = [
    (
        "moderation",
        said(400, "image_generation_user_error", "moderation_blocked"),
        ContentRefused,
        "moderation",
    ),
    (
        "output refused late",
        said(400, "image_generation_user_error", "moderation_blocked", late=True),
        ContentRefused,
        "moderation",
    ),
    ("policy", said(400, code="content_policy_violation"), ContentRefused, "moderation"),
    ("Azure's filter", said(400, code="content_filter"), ContentRefused, "moderation"),
    ("image policy", said(400, code="image_content_policy_violation"), ContentRefused, "moderation"),
    ("451", said(451, "upstream_error"), ContentRefused, "moderation"),
    *[
        (code, said(400, code=code), InputUnsupported, "picture")
        for code in (
            "invalid_image",
            "invalid_image_format",
            "invalid_image_mode",
            "image_parse_error",
            "invalid_base64_image",
            "unsupported_image_media_type",
            "empty_image_file",
            "image_too_small",
        )
    ],
    ("image_too_large", said(400, code="image_too_large"), InputTooLarge, "picture"),
    ("image_file_too_large", said(413, code="image_file_too_large"), InputTooLarge, "picture"),
    ("413", Fault(413, "<html>", content_type="text/html"), InputTooLarge, "request_size"),
    ("invalid_prompt", said(400, code="invalid_prompt"), PromptInvalid, "prompt"),
    ("long prompt", said(400, code="string_above_max_length", param="prompt"), PromptInvalid, "prompt"),
    ("billing limit", said(400, code="billing_hard_limit_reached"), ProviderRateLimited, "quota"),
    ("unknown parameter", said(400, code="unknown_parameter"), ProviderUnavailable, "bad_request"),
    ("invalid value", said(400, code="invalid_value"), ProviderUnavailable, "bad_request"),
    ("401", said(401, code="invalid_api_key"), ProviderRejectedRequest, "key"),
    ("401 without words", Fault(401, ""), ProviderRejectedRequest, "key"),
    ("403 not verified", said(403), ProviderRejectedRequest, "permission"),
    (
        "403 region",
        said(403, "request_forbidden", "unsupported_country_region_territory"),
        ProviderUnavailable,
        "region",
    ),
    ("404 model", said(404, code="model_not_found"), ProviderUnavailable, "model_not_found"),
    ("404 address", said(404), ProviderUnavailable, "model_not_found"),
    ("410", said(410), ProviderUnavailable, "endpoint_gone"),
    ("429 requests", said(429, "requests", "rate_limit_exceeded"), ProviderRateLimited, "rate_limited"),
    ("429 tokens", said(429, "tokens"), ProviderRateLimited, "rate_limited"),
    ("429 slow down", said(429, code="slow_down"), ProviderRateLimited, "rate_limited"),
    ("429 bare", Fault(429, "slow down", content_type="text/plain"), ProviderRateLimited, "rate_limited"),
    ("429 no quota", said(429, "insufficient_quota", "insufficient_quota"), ProviderRateLimited, "quota"),
    (
        "429 no balance",
        said(429, "insufficient_quota", "credit_balance_exhausted"),
        ProviderRateLimited,
        "quota",
    ),
    ("409", said(409), ProviderUnavailable, "http_409"),
    ("422", said(422), ProviderUnavailable, "http_422"),
    ("500", said(500, "server_error"), ProviderUnavailable, "http_500"),
    ("502 HTML", Fault(502, "<html>Bad Gateway", content_type="text/html"), ProviderUnavailable, "http_502"),
    ("503", said(503, "service_unavailable_error", "server_is_overloaded"), ProviderUnavailable, "http_503"),
    ("408", said(408), ProviderTimeout, "upstream"),
    ("504", said(504), ProviderTimeout, "upstream"),
    ("slow first byte", Fault(act="slow", seconds=3), ProviderTimeout, "ceiling"),
    ("trickle", Fault(act="trickle", seconds=6), ProviderTimeout, "ceiling"),
    ("dropped before the body", Fault(act="drop"), ProviderUnavailable, "connection"),
    ("cut in the body", Fault(act="cut"), ProviderUnavailable, "connection"),
    ("empty object", Fault(change=lambda _: {}), ProviderUnavailable, "bad_reply"),
    ("no data", Fault(change=data()), ProviderUnavailable, "no_image"),
    ("broken JSON", Fault(200, '{"data": [{'), ProviderUnavailable, "bad_reply"),
    ("a list", Fault(200, "[1, 2]"), ProviderUnavailable, "bad_reply"),
    ("plain text", Fault(200, "All good!", content_type="text/plain"), ProviderUnavailable, "bad_reply"),
    ("no picture", Fault(change=data(item(b"nothing like a picture"))), ProviderUnavailable, "bad_reply"),
    (
        "half a picture",
        Fault(change=data(item(png(scene(400, 400))[:4000]))),
        ProviderUnavailable,
        "bad_reply",
    ),
    ("tiny picture", Fault(change=data(item(png(scene(64, 64))))), ProviderUnavailable, "wrong_size"),
    ("another shape", Fault(change=data(item(png(scene(900, 300))))), ProviderUnavailable, "wrong_size"),
    ("neither bytes nor address", Fault(change=data({})), ProviderUnavailable, "no_image"),
]


@pytest.mark.parametrize(
    ("fault", "kind", "reason"), [row[1:] for row in ERRORS], ids=[row[0] for row in ERRORS]
)
async def test_each_failure_has_its_code_after_exactly_one_call(
    chatgpt: ChatGptModel, openai_server: FakeOpenAI, fault: Fault, kind: type[StillroomError], reason: str
) -> None:
    openai_server.fail(fault)
    with pytest.raises(StillroomError) as caught:
        await chatgpt.make(commission(), CHATGPT_CARD)
    assert (type(caught.value), caught.value.params["reason"]) == (kind, reason)
    assert openai_server.calls == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after-ms": "250", "retry-after": "7"}, 0.25),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, None),
        ({"retry-after": "99999"}, 600.0),
        ({}, None),
    ],
)
async def test_the_stated_wait_is_found(
    chatgpt: ChatGptModel, openai_server: FakeOpenAI, headers: dict[str, str], seconds: float | None
) -> None:
    openai_server.fail(said(429, "requests", "rate_limit_exceeded", headers=headers))
    with pytest.raises(ProviderRateLimited) as caught:
        await chatgpt.make(commission(), CHATGPT_CARD)
    assert caught.value.params.get("retry_after_seconds") == seconds


async def test_a_used_up_quota_has_no_wait(chatgpt: ChatGptModel, openai_server: FakeOpenAI) -> None:
    openai_server.fail(said(429, "insufficient_quota", "insufficient_quota", headers={"retry-after": "1"}))
    with pytest.raises(ProviderRateLimited) as caught:
        await chatgpt.make(commission(), CHATGPT_CARD)
    assert "retry_after_seconds" not in caught.value.params


async def test_nobody_there_means_that_nothing_was_sent() -> None:
    model = ChatGptModel(KEY, CHATGPT_CARD.id, "http://127.0.0.1:9/v1")
    with pytest.raises(ProviderUnavailable) as caught:
        await model.make(commission(), CHATGPT_CARD)
    await model.close()
    assert (caught.value.params["reason"], caught.value.params["sent"]) == ("unreachable", False)


async def test_keys_and_the_vendors_words_stay_out_of_the_error(
    chatgpt: ChatGptModel, openai_server: FakeOpenAI, capsys: pytest.CaptureFixture[str]
) -> None:
    body = error(401, "invalid_request_error", "invalid_api_key", f"Incorrect API key: {KEY}").body
    openai_server.fail(Fault(401, body))
    with pytest.raises(ProviderRejectedRequest) as caught:
        await chatgpt.make(commission(), CHATGPT_CARD)
    told = capsys.readouterr()
    assert "Incorrect API key" in told.out + told.err
    assert KEY not in told.out + told.err + str(caught.value) + str(caught.value.params)


@pytest.mark.parametrize(
    ("model", "shape"),
    [
        ("gpt-image-2.6-flare", (1000, 1000)),
        ("gpt-image-2", (300, 1200)),
        ("gpt-image-2.5-flare", (1536, 700)),
    ],
)
def test_any_size_is_a_legal_one(model: str, shape: tuple[int, int]) -> None:
    width, height = size_for(model, *shape)
    assert width % 16 == height % 16 == 0
    assert 655_360 <= width * height <= 8_294_400
    assert max(width, height) <= 3840
    assert 1 / 3 <= width / height <= 3
