"""OpenAI's pictures through the real SDK: what is sent, what comes back, and every row of its error table."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from stillroom.domain import errors
from stillroom.providers.adapters.chatgpt import ChatGptModel, size_for
from tests.contract.providers.conftest import CHATGPT_CARD, TRACEPARENT, Wired, card, image_request
from tests.contract.providers.tables import ANY_WIRE, BAD_REPLY, WRONG_SIZE, Row
from tests.fakes.providers.openai_images import IMAGE_TOKENS_IN, IMAGE_TOKENS_OUT, FakeOpenAI, error
from tests.fakes.providers.painters import plain, resized
from tests.fakes.providers.server import KEY, Fault, Reply
from tests.pictures import decoded, png, png_claiming, scene

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
    returned = await chatgpt.make(image_request(count=3, pictures=2), CHATGPT_CARD)
    assert [decoded(picture).shape[:2] for picture in returned.pictures] == [(1024, 1024)] * 3
    (asked,) = openai_server.asked
    assert (len(asked.pictures), asked.count, asked.size) == (2, 3, (1024, 1024))
    assert asked.mask is not None
    assert asked.fields["quality"] == "medium"
    assert "input_fidelity" not in asked.fields
    assert asked.headers["x-request-id"] == "req-42"
    assert asked.headers["traceparent"] == TRACEPARENT
    text = len(asked.prompt) // 4
    assert returned.cost_micro_usd == text * 5 + 2 * IMAGE_TOKENS_IN * 8 + 3 * IMAGE_TOKENS_OUT * 30
    assert (returned.provider_request_id or "").startswith("req_")


async def test_fewer_pictures_than_asked_are_kept(chatgpt: ChatGptModel, openai_server: FakeOpenAI) -> None:
    openai_server.fail(Fault(change=lambda answer: {**answer, "data": answer["data"][:2]}))
    assert len((await chatgpt.make(image_request(count=3), CHATGPT_CARD)).pictures) == 2


async def test_broken_picture_does_not_lose_the_others(
    chatgpt: ChatGptModel, openai_server: FakeOpenAI
) -> None:
    good = png(scene(512, 512))
    openai_server.fail(Fault(change=data(item(good), item(b"broken"), item(good))))
    assert (await chatgpt.make(image_request(count=3), CHATGPT_CARD)).pictures == (good, good)


async def test_a_gateway_without_usage_is_billed_by_the_list(
    chatgpt: ChatGptModel, openai_server: FakeOpenAI
) -> None:
    openai_server.fail(Fault(change=lambda answer: {**answer, "usage": None}))
    assert (await chatgpt.make(image_request(count=2), CHATGPT_CARD)).cost_micro_usd == 26_000


@pytest.mark.parametrize(
    "usage",
    [
        {"total_tokens": 10},
        {"prompt_tokens": 5, "completion_tokens": 5, "total_tokens": 10},
        {"input_tokens": 5, "output_tokens": None},
        {"input_tokens": "5", "output_tokens": "9"},
        {"input_tokens": -1, "output_tokens": 9},
        {"input_tokens": 10**30, "output_tokens": 9},
        {"input_tokens": True, "output_tokens": 9},
        [],
        "10",
    ],
)
async def test_unknown_usage_fields_of_a_relay_do_not_fail_the_call(
    chatgpt: ChatGptModel, openai_server: FakeOpenAI, usage: Any
) -> None:
    openai_server.fail(Fault(change=lambda answer: {**answer, "usage": usage}))
    returned = await chatgpt.make(image_request(count=2), CHATGPT_CARD)
    assert (len(returned.pictures), returned.cost_micro_usd) == (2, 26_000)


@pytest.mark.parametrize("details", [None, "some", {"image_tokens": None}, {"text_tokens": "5"}])
async def test_tokens_without_a_kind_count_as_text(
    chatgpt: ChatGptModel, openai_server: FakeOpenAI, details: Any
) -> None:
    usage = {"input_tokens": 100, "input_tokens_details": details, "output_tokens": 10}
    openai_server.fail(Fault(change=lambda answer: {**answer, "usage": usage}))
    assert (await chatgpt.make(image_request(), CHATGPT_CARD)).cost_micro_usd == 100 * 5 + 10 * 30


@pytest.mark.parametrize(
    "written",
    [
        lambda text: f"data:image/png;base64,{text}",
        lambda text: "\r\n".join(text[at : at + 76] for at in range(0, len(text), 76)),
        lambda text: f"  {text.rstrip('=')}\n",
        lambda text: text.replace("+", "-").replace("/", "_"),
    ],
    ids=["data URL", "lines", "no padding", "the other alphabet"],
)
async def test_picture_is_decoded_from_any_base64_alphabet(
    chatgpt: ChatGptModel, openai_server: FakeOpenAI, written: Callable[[str], str]
) -> None:
    pictures = [png(scene(512, 512 + rows)) for rows in (0, 3, 4)]  # with every length of padding
    items = [{"b64_json": written(item(picture)["b64_json"])} for picture in pictures]
    openai_server.fail(Fault(change=data(*items)))
    assert (await chatgpt.make(image_request(count=3), CHATGPT_CARD)).pictures == tuple(pictures)


async def test_unlisted_model_gets_a_size_that_every_model_accepts(openai_server: FakeOpenAI) -> None:
    openai_server.heal()
    openai_server.asked.clear()
    model = ChatGptModel(KEY, "my-gateway-model", f"{openai_server.address}/v1")
    await model.make(image_request(width=700, height=500), card("my-gateway-model", per_call=2))
    await model.close()
    asked = openai_server.asked[0].fields
    assert asked["size"] == "1536x1024"
    assert "quality" not in asked


@pytest.mark.parametrize("name", ["gpt-image-1.5", "my-gateway-model", CHATGPT_CARD.id])
@pytest.mark.parametrize(
    "shape",
    [(9, 16), (16, 9), (4, 5), (5, 4), (3, 4), (4, 3), (2, 3), (3, 2), (1, 1), (1, 3), (3, 1), (1, 5)],
    ids=lambda shape: f"{shape[0]}-{shape[1]}",
)
async def test_each_shape_yields_a_picture_of_that_shape(
    openai_server: FakeOpenAI, name: str, shape: tuple[int, int]
) -> None:
    openai_server.heal()
    openai_server.asked.clear()
    width, height = (side * 900 // max(shape) for side in shape)
    model = ChatGptModel(KEY, name, f"{openai_server.address}/v1")
    returned = await model.make(
        image_request(2, width, height, pictures=2), card(name, per_call=2, ceiling=30.0)
    )
    await model.close()
    (asked,) = openai_server.asked
    assert asked.size is not None
    sent = decoded(asked.pictures[0])
    assert sent.shape[1] / sent.shape[0] == pytest.approx(asked.size[0] / asked.size[1], rel=0.03)
    assert decoded(asked.pictures[1]).shape[:2] == (height, width), "only the first is put on a frame"
    for picture in returned.pictures:
        found = decoded(picture)
        assert found.shape[1] / found.shape[0] == pytest.approx(width / height, rel=0.035)
        # The fake paints over the edge, and leaves what is inside as it was sent.
        small = resized(found, (width, height))
        inside = np.s_[height // 5 : -height // 5, width // 5 : -width // 5]
        off = np.abs(small[inside].astype(int) - scene(width, height)[inside]).mean()
        assert off < 4


async def test_mask_allows_changes_around_the_product(openai_server: FakeOpenAI) -> None:
    openai_server.heal()
    openai_server.asked.clear()
    wanted = image_request(width=500, height=900)
    opaque = png(np.full((900, 500, 4), 255, np.uint8))
    model = ChatGptModel(KEY, "gpt-image-1.5", f"{openai_server.address}/v1")
    await model.make(replace(wanted, mask=opaque), card("gpt-image-1.5", per_call=2))
    await model.close()
    sent = openai_server.asked[0].mask
    assert sent is not None
    mask = decoded(sent)[..., 3]
    assert mask.shape == (900, 600)
    assert (mask[:, 50:550] == 255).all()
    assert not mask[:, :50].any()
    assert not mask[:, 550:].any()


async def test_address_without_a_path_gets_the_default_path(openai_server: FakeOpenAI) -> None:
    openai_server.heal()
    model = ChatGptModel(KEY, CHATGPT_CARD.id, openai_server.address)
    await model.make(image_request(), CHATGPT_CARD)
    await model.close()


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/x.png", "https://elsewhere.example/x.png", "file:///etc/passwd"]
)
async def test_pictures_are_fetched_only_from_the_configured_host(
    chatgpt: ChatGptModel, openai_server: FakeOpenAI, address: str
) -> None:
    openai_server.fail(Fault(change=data({"url": address})))
    with pytest.raises(errors.ProviderUnavailable) as caught:
        await chatgpt.make(image_request(), CHATGPT_CARD)
    assert caught.value.params["reason"] == "no_image"


class Proxy(FakeOpenAI):
    """Stands between us and a gateway whose name only it can resolve, and speaks for that gateway too."""

    gateway = "http://gateway.invalid"

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Answer of the gateway to a full address, as proxies are asked for it."""
        host, at, rest = path.partition(self.gateway)
        assert (host, at) == ("", self.gateway), path
        if rest == "/files/picture.png":
            return Reply(200, png(scene(512, 512)), content_type="image/png")
        return super().answer(method, rest, headers, body)


async def test_a_picture_behind_an_address_comes_through_the_proxy_that_is_set() -> None:
    with Proxy(plain) as proxy:
        proxy.fail(Fault(change=data({"url": f"{Proxy.gateway}/files/picture.png"})))
        model = ChatGptModel(KEY, CHATGPT_CARD.id, f"{Proxy.gateway}/v1", proxy.address)
        returned = await model.make(image_request(), CHATGPT_CARD)
        await model.close()
    assert returned.pictures == (png(scene(512, 512)),)


TABLE = [
    Row(
        "an error in a 200",
        Fault(200, error(400, "image_generation_user_error", "moderation_blocked", "said the vendor").body),
        errors.ContentRefused,
        "moderation",
    ),
    Row(
        "moderation",
        said(400, "image_generation_user_error", "moderation_blocked"),
        errors.ContentRefused,
        "moderation",
    ),
    Row(
        "output refused late",
        said(400, "image_generation_user_error", "moderation_blocked", late=True),
        errors.ContentRefused,
        "moderation",
    ),
    Row("policy", said(400, code="content_policy_violation"), errors.ContentRefused, "moderation"),
    Row("Azure's filter", said(400, code="content_filter"), errors.ContentRefused, "moderation"),
    Row(
        "image policy", said(400, code="image_content_policy_violation"), errors.ContentRefused, "moderation"
    ),
    Row(
        "refused with details",
        Fault(
            400,
            {
                "error": {
                    "type": "image_generation_user_error",
                    "code": "moderation_blocked",
                    "message": "safety_violations=[sexual]",
                    "moderation_details": {"categories": ["sexual"], "moderation_stage": "output"},
                }
            },
        ),
        errors.ContentRefused,
        "moderation",
    ),
    Row("451", said(451, "upstream_error"), errors.ContentRefused, "moderation"),
    *[
        Row(code, said(400, code=code), errors.InputUnsupported, "picture")
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
    Row("image_too_large", said(400, code="image_too_large"), errors.InputTooLarge, "picture_size"),
    Row("image_file_too_large", said(413, code="image_file_too_large"), errors.InputTooLarge, "picture_size"),
    Row("invalid_prompt", said(400, code="invalid_prompt"), errors.PromptInvalid, "prompt"),
    Row(
        "long prompt",
        said(400, code="string_above_max_length", param="prompt"),
        errors.PromptInvalid,
        "prompt",
    ),
    Row(
        "no prompt",
        said(400, code="missing_required_parameter", param="prompt"),
        errors.PromptInvalid,
        "prompt",
    ),
    Row("billing limit", said(400, code="billing_hard_limit_reached"), errors.ProviderRateLimited, "quota"),
    Row(
        "long something else",
        said(400, code="string_above_max_length", param="user"),
        errors.ProviderUnavailable,
        "bad_request",
    ),
    Row("unknown parameter", said(400, code="unknown_parameter"), errors.ProviderUnavailable, "bad_request"),
    Row("invalid value", said(400, code="invalid_value"), errors.ProviderUnavailable, "bad_request"),
    Row("401", said(401, code="invalid_api_key"), errors.ProviderRejectedRequest, "key"),
    Row("401 without words", Fault(401, ""), errors.ProviderRejectedRequest, "key"),
    Row("401 of another kind", said(401, "authentication_error"), errors.ProviderRejectedRequest, "key"),
    Row("403 not verified", said(403), errors.ProviderRejectedRequest, "permission"),
    Row(
        "403 region",
        said(403, "request_forbidden", "unsupported_country_region_territory"),
        errors.ProviderUnavailable,
        "region",
    ),
    Row("404 model", said(404, code="model_not_found"), errors.ProviderUnavailable, "model_not_found"),
    Row("404 address", said(404), errors.ProviderUnavailable, "model_not_found"),
    Row("410", said(410), errors.ProviderUnavailable, "endpoint_gone"),
    Row(
        "429 requests",
        said(429, "requests", "rate_limit_exceeded"),
        errors.ProviderRateLimited,
        "rate_limited",
    ),
    Row("429 by type alone", said(429, "rate_limit_error"), errors.ProviderRateLimited, "rate_limited"),
    Row("429 tokens", said(429, "tokens"), errors.ProviderRateLimited, "rate_limited"),
    Row("429 slow down", said(429, code="slow_down"), errors.ProviderRateLimited, "rate_limited"),
    Row(
        "429 bare",
        Fault(429, "slow down", content_type="text/plain"),
        errors.ProviderRateLimited,
        "rate_limited",
    ),
    Row("429 no quota, by type alone", said(429, "insufficient_quota"), errors.ProviderRateLimited, "quota"),
    Row(
        "429 no quota",
        said(429, "insufficient_quota", "insufficient_quota"),
        errors.ProviderRateLimited,
        "quota",
    ),
    Row(
        "429 no balance",
        said(429, "insufficient_quota", "credit_balance_exhausted"),
        errors.ProviderRateLimited,
        "quota",
    ),
    Row("409", said(409), errors.ProviderUnavailable, "http_409"),
    Row("422", said(422), errors.ProviderUnavailable, "http_422"),
    Row("500", said(500, "server_error"), errors.ProviderUnavailable, "http_500"),
    Row(
        "503",
        said(503, "service_unavailable_error", "server_is_overloaded"),
        errors.ProviderUnavailable,
        "http_503",
    ),
    Row("408", said(408), errors.ProviderTimeout, "upstream"),
    Row("504", said(504), errors.ProviderTimeout, "upstream"),
    Row("empty object", Fault(change=lambda _: {}), *BAD_REPLY),
    Row("no data", Fault(change=data()), errors.ProviderUnavailable, "no_image"),
    Row("a list", Fault(200, "[1, 2]"), *BAD_REPLY),
    Row("no picture", Fault(change=data(item(b"nothing like a picture"))), *BAD_REPLY),
    Row(
        "half a picture",
        Fault(change=data(item(png(scene(400, 400))[:4000]))),
        *BAD_REPLY,
    ),
    Row("bad base64", Fault(change=data({"b64_json": "%%%"})), *BAD_REPLY),
    Row(
        "a picture that claims too much", Fault(change=data(item(png_claiming(30_000, 30_000)))), *WRONG_SIZE
    ),
    Row("tiny picture", Fault(change=data(item(png(scene(64, 64))))), *WRONG_SIZE),
    Row("another shape", Fault(change=data(item(png(scene(900, 300))))), *WRONG_SIZE),
    Row("neither bytes nor address", Fault(change=data({})), errors.ProviderUnavailable, "no_image"),
]


@pytest.mark.parametrize("row", [*TABLE, *ANY_WIRE], ids=lambda row: row.name)
async def test_each_failure_has_its_code_after_exactly_one_call(wired_chatgpt: Wired, row: Row) -> None:
    failure = await wired_chatgpt.failure(row.fault)
    assert (type(failure), failure.params["reason"]) == (row.kind, row.reason)
    assert wired_chatgpt.server.calls == 1


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
async def test_retry_after_of_the_vendor_is_read(
    wired_chatgpt: Wired, headers: dict[str, str], seconds: float | None
) -> None:
    failure = await wired_chatgpt.failure(said(429, "requests", "rate_limit_exceeded", headers=headers))
    assert type(failure) is errors.ProviderRateLimited
    assert failure.params.get("retry_after_seconds") == seconds


async def test_exhausted_quota_has_no_retry_time(wired_chatgpt: Wired) -> None:
    fault = said(429, "insufficient_quota", "insufficient_quota", headers={"retry-after": "1"})
    failure = await wired_chatgpt.failure(fault)
    assert "retry_after_seconds" not in failure.params


@pytest.mark.parametrize(
    ("model", "shape"),
    [
        ("gpt-image-2.6-flare", (1000, 1000)),
        ("gpt-image-2", (300, 1200)),
        ("gpt-image-2.5-flare", (1536, 700)),
    ],
)
def test_every_requested_size_is_legal(model: str, shape: tuple[int, int]) -> None:
    width, height = size_for(model, *shape)
    assert width % 16 == height % 16 == 0
    assert 655_360 <= width * height <= 8_294_400
    assert max(width, height) <= 3840
    assert 1 / 3 <= width / height <= 3
