"""Gemini through the real SDK: what is sent, what comes back, and every row of its error tables."""

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
from stillroom.providers.adapters.gemini import GeminiModel
from tests.contract.providers.conftest import GEMINI_CARD, commission
from tests.fakes.providers.gemini import FakeGemini, error
from tests.fakes.providers.server import KEY, Fault
from tests.pictures import decoded, png, scene

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
    returned = await gemini.make(commission(pictures=2), GEMINI_CARD)
    assert decoded(returned.pictures[0]).shape[:2] == (512, 512)
    (asked,) = gemini_server.asked
    assert (len(asked.pictures), asked.prompt) == (2, "Replace the background of picture 1.")
    assert asked.headers["x-request-id"] == "req-42"
    assert asked.fields["generationConfig"]["responseModalities"] == ["IMAGE"]
    assert asked.fields["generationConfig"]["imageConfig"] == {"aspectRatio": "1:1"}
    tokens = 2 * 258 + len(asked.prompt) // 4
    assert returned.cost_micro_usd == 33_600 + round(1.5 * tokens)
    assert (returned.upstream_id or "").startswith("response-")


async def test_the_last_picture_counts_and_thoughts_do_not(
    gemini: GeminiModel, gemini_server: FakeGemini
) -> None:
    draft, final = png(scene(400, 400)), png(scene(480, 480))
    gemini_server.fail(
        Fault(change=parts(inline(draft), inline(final), inline(draft, thought=True), {"text": "Done."}))
    )
    returned = await gemini.make(commission(), GEMINI_CARD)
    assert decoded(returned.pictures[0]).shape[:2] == (480, 480)


async def test_either_base64_alphabet_is_read(gemini: GeminiModel, gemini_server: FakeGemini) -> None:
    picture = png(scene(300, 300))
    part = {"inlineData": {"mimeType": "image/png", "data": base64.urlsafe_b64encode(picture).decode()}}
    gemini_server.fail(Fault(change=parts(part)))
    assert (await gemini.make(commission(), GEMINI_CARD)).pictures == (picture,)


async def test_a_list_around_an_error_is_unwrapped(gemini: GeminiModel, gemini_server: FakeGemini) -> None:
    gemini_server.fail(Fault(429, [error(429, "RESOURCE_EXHAUSTED", "", retry_in("1.5s")).body]))
    with pytest.raises(ProviderRateLimited) as caught:
        await gemini.make(commission(), GEMINI_CARD)
    assert caught.value.params["retry_after_seconds"] == 1.5


ERRORS: list[tuple[str, Fault, type[StillroomError], str]] = [
    (
        "wrong key is a 400",
        said(
            400,
            "INVALID_ARGUMENT",
            "API key not valid.",
            [{"@type": TYPE + "ErrorInfo", "reason": "API_KEY_INVALID"}],
        ),
        ProviderRejectedRequest,
        "key",
    ),
    ("billing", said(400, "FAILED_PRECONDITION", "location"), ProviderUnavailable, "region_or_billing"),
    (
        "damaged picture",
        said(400, "INVALID_ARGUMENT", "Unable to process input image."),
        InputUnsupported,
        "picture",
    ),
    (
        "payload",
        said(400, "INVALID_ARGUMENT", "Request payload size exceeds the limit"),
        InputTooLarge,
        "request_size",
    ),
    ("our request", said(400, "INVALID_ARGUMENT", "Aspect ratio"), ProviderUnavailable, "bad_request"),
    ("413", Fault(413, "too big", content_type="text/plain"), InputTooLarge, "request_size"),
    ("401", said(401, "UNAUTHENTICATED"), ProviderRejectedRequest, "key"),
    ("403", said(403, "PERMISSION_DENIED"), ProviderRejectedRequest, "key"),
    ("404", said(404, "NOT_FOUND"), ProviderUnavailable, "model_not_found"),
    ("429", said(429, "RESOURCE_EXHAUSTED"), ProviderRateLimited, "rate_limited"),
    (
        "a day's quota",
        said(429, "RESOURCE_EXHAUSTED", "", quota("GenerateRequestsPerDayPerProjectPerModel-FreeTier")),
        ProviderRateLimited,
        "quota",
    ),
    ("no quota at all", said(429, "RESOURCE_EXHAUSTED", "limit: 0, model: x"), ProviderRateLimited, "quota"),
    ("499", said(499, "CANCELLED"), ProviderUnavailable, "http_499"),
    ("500", said(500, "INTERNAL"), ProviderUnavailable, "http_500"),
    ("502 HTML", Fault(502, "<html>Bad Gateway", content_type="text/html"), ProviderUnavailable, "http_502"),
    ("503", said(503, "UNAVAILABLE", "high demand"), ProviderUnavailable, "http_503"),
    ("504", said(504, "DEADLINE_EXCEEDED"), ProviderTimeout, "upstream"),
    ("408", said(408, "DEADLINE_EXCEEDED"), ProviderTimeout, "upstream"),
    ("slow first byte", Fault(act="slow", seconds=3), ProviderTimeout, "ceiling"),
    ("trickle", Fault(act="trickle", seconds=6), ProviderTimeout, "ceiling"),
    ("dropped before the body", Fault(act="drop"), ProviderUnavailable, "connection"),
    ("cut in the body", Fault(act="cut"), ProviderUnavailable, "connection"),
    ("empty object", Fault(change=lambda _: {}), ProviderUnavailable, "no_image"),
    ("broken JSON", Fault(200, '{"candidates": [{'), ProviderUnavailable, "bad_reply"),
    ("plain text", Fault(200, "All good!", content_type="text/plain"), ProviderUnavailable, "bad_reply"),
    ("no picture", Fault(change=parts(inline(b"not a picture at all"))), ProviderUnavailable, "bad_reply"),
    (
        "half a picture",
        Fault(change=parts(inline(png(scene(400, 400))[:4000]))),
        ProviderUnavailable,
        "bad_reply",
    ),
    ("tiny picture", Fault(change=parts(inline(png(scene(64, 64))))), ProviderUnavailable, "wrong_size"),
    ("another shape", Fault(change=parts(inline(png(scene(900, 300))))), ProviderUnavailable, "wrong_size"),
    ("words alone", Fault(change=parts({"text": "I cannot."})), ProviderUnavailable, "no_image"),
    (
        "a thought alone",
        Fault(change=parts(inline(png(scene()), thought=True))),
        ProviderUnavailable,
        "no_image",
    ),
    (
        "bad base64",
        Fault(change=parts({"inlineData": {"mimeType": "image/png", "data": "%%%"}})),
        ProviderUnavailable,
        "bad_reply",
    ),
    *[
        (f"input blocked: {reason}", Fault(change=blocked(reason)), ContentRefused, "input_blocked")
        for reason in ("SAFETY", "BLOCKLIST", "PROHIBITED_CONTENT", "IMAGE_SAFETY", "OTHER", "JAILBREAK")
    ],
    *[
        (f"output blocked: {reason}", Fault(change=finish(reason)), ContentRefused, "output_blocked")
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
    ("language", Fault(change=finish("LANGUAGE")), PromptInvalid, "language"),
    (
        "limited account",
        Fault(change=finish("PUP_LIMITED_DISABLED")),
        ProviderRejectedRequest,
        "account_limited",
    ),
    *[
        (f"nothing usable: {reason}", Fault(change=finish(reason)), ProviderUnavailable, "no_image")
        for reason in (
            "NO_IMAGE",
            "IMAGE_OTHER",
            "OTHER",
            "MALFORMED_RESPONSE",
            "MAX_TOKENS",
            "NEVER_HEARD_OF",
        )
    ],
]


@pytest.mark.parametrize(
    ("fault", "kind", "reason"), [row[1:] for row in ERRORS], ids=[row[0] for row in ERRORS]
)
# The SDK warns of names it does not know, and goes on.
@pytest.mark.filterwarnings("ignore:NEVER_HEARD_OF:UserWarning")
async def test_each_failure_has_its_code_after_exactly_one_call(
    gemini: GeminiModel, gemini_server: FakeGemini, fault: Fault, kind: type[StillroomError], reason: str
) -> None:
    gemini_server.fail(fault)
    with pytest.raises(StillroomError) as caught:
        await gemini.make(commission(), GEMINI_CARD)
    assert (type(caught.value), caught.value.params["reason"]) == (kind, reason)
    assert gemini_server.calls == 1


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
async def test_the_stated_wait_is_found(
    gemini: GeminiModel, gemini_server: FakeGemini, fault: Fault, seconds: float | None
) -> None:
    gemini_server.fail(fault)
    with pytest.raises(ProviderRateLimited) as caught:
        await gemini.make(commission(), GEMINI_CARD)
    assert caught.value.params.get("retry_after_seconds") == seconds


async def test_a_refused_input_costs_what_was_read(gemini: GeminiModel, gemini_server: FakeGemini) -> None:
    gemini_server.fail(Fault(change=blocked("SAFETY")))
    with pytest.raises(ContentRefused) as caught:
        await gemini.make(commission(), GEMINI_CARD)
    assert 0 < caught.value.params["cost_micro_usd"] < 33_600


async def test_nobody_there_means_that_nothing_was_sent() -> None:
    model = GeminiModel(KEY, GEMINI_CARD.id, "http://127.0.0.1:9")
    with pytest.raises(ProviderUnavailable) as caught:
        await model.make(commission(), GEMINI_CARD)
    await model.close()
    assert (caught.value.params["reason"], caught.value.params["sent"]) == ("unreachable", False)


async def test_keys_and_the_vendors_words_stay_out_of_the_error(
    gemini: GeminiModel, gemini_server: FakeGemini, capsys: pytest.CaptureFixture[str]
) -> None:
    gemini_server.fail(said(403, "PERMISSION_DENIED", f"Key {KEY} was reported as leaked."))
    with pytest.raises(ProviderRejectedRequest) as caught:
        await gemini.make(commission(), GEMINI_CARD)
    told = capsys.readouterr()
    assert "leaked" in told.out + told.err
    assert KEY not in told.out + told.err + str(caught.value) + str(caught.value.params)
    assert "leaked" not in str(caught.value) + str(caught.value.params)


async def test_a_relays_api_version_is_the_operators_choice(
    gemini_server: FakeGemini, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_GENAI_API_VERSION", "v1beta")
    gemini_server.heal()
    gemini_server.asked.clear()
    model = GeminiModel(KEY, GEMINI_CARD.id, gemini_server.address)
    await model.make(commission(), GEMINI_CARD)
    await model.close()
    assert gemini_server.asked[0].path.startswith("/v1beta/models/")


async def test_a_shape_without_a_name_is_left_to_the_model(
    gemini: GeminiModel, gemini_server: FakeGemini
) -> None:
    await gemini.make(commission(width=700, height=500), GEMINI_CARD)
    assert "aspectRatio" not in gemini_server.asked[0].fields["generationConfig"].get("imageConfig", {})
