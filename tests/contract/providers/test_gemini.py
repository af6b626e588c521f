"""Gemini through the real SDK: what is sent, what comes back, and every row of its error tables."""

import base64
from collections.abc import Callable
from typing import Any

import pytest

from stillroom.domain import errors
from stillroom.providers.adapters.gemini import GeminiModel
from tests.contract.providers.conftest import GEMINI_CARD, TRACEPARENT, Wired, image_request
from tests.contract.providers.tables import ANY_WIRE, BAD_REPLY, WRONG_SIZE, Row
from tests.fakes.providers.gemini import FakeGemini, error
from tests.fakes.providers.server import KEY, Fault
from tests.pictures import decoded, png, png_claiming, scene

pytestmark = pytest.mark.anyio

TYPE = "type.googleapis.com/google.rpc."


def said(status: int, name: str, message: str = "", details: list[Any] | None = None, **more: Any) -> Fault:
    """An error answer as Google words it."""
    return Fault(status, error(status, name, message, details).body, **more)


def retry_in(delay: str) -> list[Any]:
    return [{"@type": TYPE + "Help", "links": []}, {"@type": TYPE + "RetryInfo", "retryDelay": delay}]


def quota(violation: str) -> list[Any]:
    return [{"@type": TYPE + "QuotaFailure", "violations": [{"quotaId": violation}]}]


def finish(reason: str) -> Callable[[Any], Any]:
    def change(answer: Any) -> Any:
        answer["candidates"][0] = {"index": 0, "finishReason": reason}
        return answer

    return change


def blocked(reason: str) -> Callable[[Any], Any]:
    return lambda answer: {
        "promptFeedback": {"blockReason": reason},
        "usageMetadata": answer["usageMetadata"],
        "responseId": answer["responseId"],
    }


def parts(*new: Any) -> Callable[[Any], Any]:
    def change(answer: Any) -> Any:
        answer["candidates"][0]["content"]["parts"] = list(new)
        return answer

    return change


def inline(picture: bytes, **more: Any) -> dict[str, Any]:
    return {"inlineData": {"mimeType": "image/png", "data": base64.b64encode(picture).decode()}, **more}


async def test_a_picture_comes_back_with_its_cost_and_id(
    gemini: GeminiModel, gemini_server: FakeGemini
) -> None:
    returned = await gemini.make(image_request(pictures=2), GEMINI_CARD)
    assert decoded(returned.pictures[0]).shape[:2] == (512, 512)
    (asked,) = gemini_server.asked
    assert (len(asked.pictures), asked.prompt) == (2, "Replace the background of picture 1.")
    assert asked.headers["x-request-id"] == "req-42"
    assert asked.headers["traceparent"] == TRACEPARENT
    assert asked.fields["generationConfig"]["responseModalities"] == ["IMAGE"]
    assert asked.fields["generationConfig"]["imageConfig"] == {"aspectRatio": "1:1"}
    tokens = 2 * 258 + len(asked.prompt) // 4
    assert returned.cost_micro_usd == 33_600 + round(1.5 * tokens)
    assert (returned.provider_request_id or "").startswith("response-")


async def test_id_that_cannot_be_stored_is_left_out(gemini: GeminiModel, gemini_server: FakeGemini) -> None:
    gemini_server.fail(Fault(change=lambda answer: {**answer, "responseId": "a\0b"}))
    assert (await gemini.make(image_request(), GEMINI_CARD)).provider_request_id is None


async def test_negative_number_of_tokens_is_no_credit(gemini: GeminiModel, gemini_server: FakeGemini) -> None:
    usage = {"promptTokenCount": -(10**9)}
    gemini_server.fail(Fault(change=lambda answer: {**answer, "usageMetadata": usage}))
    assert (await gemini.make(image_request(), GEMINI_CARD)).cost_micro_usd == 33_600


async def test_last_picture_is_used_and_thought_pictures_are_ignored(
    gemini: GeminiModel, gemini_server: FakeGemini
) -> None:
    draft, final = png(scene(400, 400)), png(scene(480, 480))
    gemini_server.fail(
        Fault(change=parts(inline(draft), inline(final), inline(draft, thought=True), {"text": "Done."}))
    )
    returned = await gemini.make(image_request(), GEMINI_CARD)
    assert decoded(returned.pictures[0]).shape[:2] == (480, 480)


async def test_both_base64_alphabets_are_decoded(gemini: GeminiModel, gemini_server: FakeGemini) -> None:
    picture = png(scene(300, 300))
    part = {"inlineData": {"mimeType": "image/png", "data": base64.urlsafe_b64encode(picture).decode()}}
    gemini_server.fail(Fault(change=parts(part)))
    assert (await gemini.make(image_request(), GEMINI_CARD)).pictures == (picture,)


async def test_a_list_around_an_error_is_unwrapped(wired_gemini: Wired) -> None:
    body = error(429, "RESOURCE_EXHAUSTED", "", retry_in("1.5s")).body
    failure = await wired_gemini.failure(Fault(429, [body]))
    assert failure.params["retry_after_seconds"] == 1.5


TABLE = [
    Row(
        "wrong key is a 400",
        said(
            400,
            "INVALID_ARGUMENT",
            "API key not valid.",
            [{"@type": TYPE + "ErrorInfo", "reason": "API_KEY_INVALID"}],
        ),
        errors.ProviderRejectedRequest,
        "key",
    ),
    Row(
        "wrong key in words alone",
        said(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."),
        errors.ProviderRejectedRequest,
        "key",
    ),
    Row(
        "billing",
        said(400, "FAILED_PRECONDITION", "location"),
        errors.ProviderUnavailable,
        "region_or_billing",
    ),
    Row(
        "damaged picture",
        said(400, "INVALID_ARGUMENT", "Unable to process input image."),
        errors.InputUnsupported,
        "picture",
    ),
    Row(
        "payload",
        said(400, "INVALID_ARGUMENT", "Request payload size exceeds the limit"),
        errors.InputTooLarge,
        "request_size",
    ),
    Row(
        "our request",
        said(400, "INVALID_ARGUMENT", "Aspect ratio"),
        errors.ProviderUnavailable,
        "bad_request",
    ),
    *[
        Row(
            f"a rate limit with odd details {details}",
            Fault(429, {"error": {"status": "RESOURCE_EXHAUSTED", "details": details}}),
            errors.ProviderRateLimited,
            "rate_limited",
        )
        for details in (True, [{"violations": True}], [{"violations": [None]}])
    ],
    Row("401", said(401, "UNAUTHENTICATED"), errors.ProviderRejectedRequest, "key"),
    Row("403", said(403, "PERMISSION_DENIED"), errors.ProviderRejectedRequest, "key"),
    Row("404", said(404, "NOT_FOUND"), errors.ProviderUnavailable, "model_not_found"),
    Row("429", said(429, "RESOURCE_EXHAUSTED"), errors.ProviderRateLimited, "rate_limited"),
    Row(
        "a day's quota",
        said(429, "RESOURCE_EXHAUSTED", "", quota("GenerateRequestsPerDayPerProjectPerModel-FreeTier")),
        errors.ProviderRateLimited,
        "quota",
    ),
    Row(
        "no quota at all",
        said(429, "RESOURCE_EXHAUSTED", "limit: 0, model: x"),
        errors.ProviderRateLimited,
        "quota",
    ),
    Row("499", said(499, "CANCELLED"), errors.ProviderUnavailable, "http_499"),
    Row("500", said(500, "INTERNAL"), errors.ProviderUnavailable, "http_500"),
    Row("503", said(503, "UNAVAILABLE", "high demand"), errors.ProviderUnavailable, "http_503"),
    Row("504", said(504, "DEADLINE_EXCEEDED"), errors.ProviderTimeout, "upstream"),
    Row("408", said(408, "DEADLINE_EXCEEDED"), errors.ProviderTimeout, "upstream"),
    Row("a number", Fault(200, "1"), *BAD_REPLY),
    Row(
        "a number for the finish reason",
        Fault(
            change=lambda answer: {**answer, "candidates": [{**answer["candidates"][0], "finishReason": 1}]}
        ),
        *BAD_REPLY,
    ),
    Row("empty object", Fault(change=lambda _: {}), errors.ProviderUnavailable, "no_image"),
    Row(
        "no candidates",
        Fault(change=lambda answer: {**answer, "candidates": []}),
        errors.ProviderUnavailable,
        "no_image",
    ),
    Row("no picture", Fault(change=parts(inline(b"not a picture at all"))), *BAD_REPLY),
    Row("half a picture", Fault(change=parts(inline(png(scene(400, 400))[:4000]))), *BAD_REPLY),
    Row("tiny picture", Fault(change=parts(inline(png(scene(64, 64))))), *WRONG_SIZE),
    Row(
        "a picture that claims too much",
        Fault(change=parts(inline(png_claiming(30_000, 30_000)))),
        *WRONG_SIZE,
    ),
    Row("another shape", Fault(change=parts(inline(png(scene(900, 300))))), *WRONG_SIZE),
    Row("words alone", Fault(change=parts({"text": "I cannot."})), errors.ProviderUnavailable, "no_image"),
    Row(
        "a thought alone",
        Fault(change=parts(inline(png(scene()), thought=True))),
        errors.ProviderUnavailable,
        "no_image",
    ),
    Row(
        "bad base64",
        Fault(change=parts({"inlineData": {"mimeType": "image/png", "data": "%%%"}})),
        *BAD_REPLY,
    ),
    *[
        Row(f"input blocked: {reason}", Fault(change=blocked(reason)), errors.ContentRefused, "input_blocked")
        for reason in (
            "SAFETY",
            "BLOCKLIST",
            "PROHIBITED_CONTENT",
            "IMAGE_SAFETY",
            "OTHER",
            "MODEL_ARMOR",
            "JAILBREAK",
        )
    ],
    *[
        Row(
            f"output blocked: {reason}", Fault(change=finish(reason)), errors.ContentRefused, "output_blocked"
        )
        for reason in (
            "SAFETY",
            "PROHIBITED_CONTENT",
            "BLOCKLIST",
            "SPII",
            "RECITATION",
            "IMAGE_SAFETY",
            "IMAGE_PROHIBITED_CONTENT",
            "IMAGE_RECITATION",
            "ESCALATION",
            "MODEL_ARMOR",
        )
    ],
    Row("language", Fault(change=finish("LANGUAGE")), errors.PromptInvalid, "language"),
    Row(
        "limited account",
        Fault(change=finish("PUP_LIMITED_DISABLED")),
        errors.ProviderRejectedRequest,
        "account_limited",
    ),
    *[
        Row(f"nothing usable: {reason}", Fault(change=finish(reason)), errors.ProviderUnavailable, "no_image")
        for reason in (
            "STOP",
            "NO_IMAGE",
            "IMAGE_OTHER",
            "OTHER",
            "MALFORMED_RESPONSE",
            "MAX_TOKENS",
            "CONTINUATION",
            "MALFORMED_FUNCTION_CALL",
            "UNEXPECTED_TOOL_CALL",
            "TOO_MANY_TOOL_CALLS",
            "MISSING_THOUGHT_SIGNATURE",
            "NEVER_HEARD_OF",
        )
    ],
]


@pytest.mark.parametrize("row", [*TABLE, *ANY_WIRE], ids=lambda row: row.name)
# The SDK warns of names it does not know, and goes on.
@pytest.mark.filterwarnings("ignore:.*is not a valid:UserWarning")
async def test_each_failure_has_its_code_after_exactly_one_call(wired_gemini: Wired, row: Row) -> None:
    failure = await wired_gemini.failure(row.fault)
    assert (type(failure), failure.params["reason"]) == (row.kind, row.reason)
    assert wired_gemini.server.calls == 1


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        (said(429, "RESOURCE_EXHAUSTED", "", retry_in("10.67s")), 10.67),
        (said(429, "RESOURCE_EXHAUSTED", "Please retry in 2.5s."), 2.5),
        (said(429, "RESOURCE_EXHAUSTED", "", retry_in("9s"), headers={"retry-after": "3"}), 3.0),
        (said(429, "RESOURCE_EXHAUSTED", headers={"retry-after-ms": "1200", "retry-after": "9"}), 1.2),
        (said(429, "RESOURCE_EXHAUSTED", "", retry_in("86400s")), 600.0),
        (said(429, "RESOURCE_EXHAUSTED", "", retry_in("-4s")), None),
        (said(429, "RESOURCE_EXHAUSTED", headers={"retry-after": "soon"}), None),
    ],
)
async def test_retry_after_of_the_vendor_is_read(
    wired_gemini: Wired, fault: Fault, seconds: float | None
) -> None:
    failure = await wired_gemini.failure(fault)
    assert type(failure) is errors.ProviderRateLimited
    assert failure.params.get("retry_after_seconds") == seconds


async def test_refused_input_is_billed_for_its_input_tokens(wired_gemini: Wired) -> None:
    failure = await wired_gemini.failure(Fault(change=blocked("SAFETY")))
    assert 0 < failure.params["cost_micro_usd"] < 33_600


async def test_api_version_of_a_relay_follows_the_operators_setting(
    gemini_server: FakeGemini, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_GENAI_API_VERSION", "v1beta")
    gemini_server.heal()
    gemini_server.asked.clear()
    model = GeminiModel(KEY, GEMINI_CARD.id, gemini_server.address)
    await model.make(image_request(), GEMINI_CARD)
    await model.close()
    assert gemini_server.asked[0].path.startswith("/v1beta/models/")


async def test_aspect_ratio_without_a_name_is_left_to_the_model(
    gemini: GeminiModel, gemini_server: FakeGemini
) -> None:
    await gemini.make(image_request(width=700, height=500), GEMINI_CARD)
    assert "aspectRatio" not in gemini_server.asked[0].fields["generationConfig"].get("imageConfig", {})
