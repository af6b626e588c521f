"""Contract of every adapter that makes pictures in one call."""

import asyncio

import pytest

from stillroom.domain.errors import ProviderRejectedRequest, ProviderUnavailable
from stillroom.providers.adapters.chatgpt import ChatGptModel
from stillroom.providers.adapters.gemini import GeminiModel
from stillroom.providers.adapters.qwen import QwenModel
from stillroom.providers.adapters.qwen_background import QwenBackgroundModel
from stillroom.providers.adapters.seedream import SeedreamModel
from stillroom.providers.image_requests import PictureModel
from tests.contract.providers.conftest import (
    BACKGROUND_CARD,
    CHATGPT_CARD,
    GEMINI_CARD,
    QWEN_CARD,
    SEEDREAM_CARD,
    Wired,
    image_request,
)
from tests.fakes.providers.server import KEY, Fault

pytestmark = pytest.mark.anyio

NOBODY = "http://127.0.0.1:9"


@pytest.mark.parametrize(
    "model",
    [
        GeminiModel(KEY, GEMINI_CARD.id, NOBODY),
        ChatGptModel(KEY, CHATGPT_CARD.id, f"{NOBODY}/v1"),
        SeedreamModel(KEY, SEEDREAM_CARD.id, f"{NOBODY}/api/v3"),
        QwenModel(KEY, QWEN_CARD.id, NOBODY),
        QwenBackgroundModel(KEY, BACKGROUND_CARD.id, NOBODY),
    ],
    ids=["gemini", "chatgpt", "seedream", "qwen", "background"],
)
async def test_refused_connection_counts_as_not_sent(model: PictureModel) -> None:
    with pytest.raises(ProviderUnavailable) as caught:
        await model.make(image_request(), CHATGPT_CARD)
    await model.close()
    assert (caught.value.params["reason"], caught.value.params["sent"]) == ("unreachable", False)


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:9", "socks://anna:secret@127.0.0.1:9"])
@pytest.mark.parametrize("kind", [GeminiModel, ChatGptModel, SeedreamModel])
async def test_proxy_that_cannot_be_used_is_reported_as_unreachable(
    kind: type[GeminiModel | ChatGptModel | SeedreamModel],
    proxy: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    model = kind(KEY, CHATGPT_CARD.id, "http://vendor.example")
    with pytest.raises(ProviderUnavailable) as caught:
        await model.make(image_request(), CHATGPT_CARD)
    await model.close()
    assert (caught.value.params["reason"], caught.value.params["sent"]) == ("unreachable", False)
    told = capsys.readouterr()
    assert "secret" not in told.out + told.err


async def test_vendor_messages_reach_only_the_log_and_keys_and_prompts_are_masked(
    wired: Wired, capsys: pytest.CaptureFixture[str]
) -> None:
    prompt = image_request().instruction
    body = {"error": {"code": 403, "message": f"Key {KEY} was reported as leaked. You sent: {prompt}"}}
    failure = await wired.failure(Fault(403, body))
    assert type(failure) is ProviderRejectedRequest
    told = capsys.readouterr()
    assert "leaked" in told.out + told.err
    assert prompt not in told.out + told.err
    assert KEY not in told.out + told.err + str(failure) + str(failure.params)
    assert "leaked" not in str(failure) + str(failure.params)


async def test_endless_request_id_of_a_failed_call_is_left_out(wired: Wired) -> None:
    failure = await wired.failure(Fault(403, "", headers={"x-request-id": "r" * 5000}))
    assert failure.provider_request_id is None


async def test_cancelled_call_ends_and_is_not_repeated(wired: Wired) -> None:
    wired.server.came.clear()
    wired.server.fail(Fault(act="slow", seconds=1))
    running = asyncio.create_task(wired.model.make(image_request(), wired.card))
    assert await asyncio.to_thread(wired.server.came.wait, 30)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert wired.server.calls == 1
