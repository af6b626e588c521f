"""Running fake vendors, adapters that call them, an image request, and a way to cause each failure."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

import pytest

from stillroom.domain.errors import StillroomError
from stillroom.domain.providers.capabilities import ModelCard, ModelLimits, ModelStatus, Offer, TokenPrice
from stillroom.domain.providers.requests import Operation
from stillroom.providers.adapters.chatgpt import ChatGptModel
from stillroom.providers.adapters.gemini import GeminiModel
from stillroom.providers.adapters.qwen import QwenModel
from stillroom.providers.adapters.qwen_background import QwenBackgroundModel
from stillroom.providers.adapters.seedream import SeedreamModel
from stillroom.providers.adapters.sora import SoraModel
from stillroom.providers.image_requests import ImageRequest, PictureModel
from tests.fakes.decoding import open_here
from tests.fakes.providers.ark import FakeArk
from tests.fakes.providers.dashscope import FakeDashScope
from tests.fakes.providers.gemini import FakeGemini
from tests.fakes.providers.openai_images import FakeOpenAI
from tests.fakes.providers.painters import plain
from tests.fakes.providers.server import KEY, FakeVendor, Fault
from tests.fakes.providers.videos import FakeVideos
from tests.pictures import jpeg, png, scene

CEILING_SECONDS = 2.0


def card(model: str, *, per_call: int = 1, ceiling: float = CEILING_SECONDS, **facts: object) -> ModelCard:
    """Card of a model, as the catalogue would have it."""
    return ModelCard.model_validate(
        {
            "id": model,
            "status": ModelStatus.ACTIVE,
            "operations": {Operation.BG_REPLACE: Offer(latency_seconds=1)},
            "limits": ModelLimits(
                pictures_in=14,
                candidates_per_call=per_call,
                max_width=4096,
                max_height=4096,
                prompt_characters=32_000,
                mask=per_call > 1,
            ),
            "ceiling_seconds": ceiling,
            "checked_on": date(2026, 11, 24),
            **facts,
        }
    )


GEMINI_CARD = card(
    "gemini-nano-banana-2.1", picture_cost_micro_usd={"1K": 33_600}, token_price=TokenPrice(text_in=1.5)
)
CHATGPT_CARD = card(
    "gpt-image-2.6-flare",
    per_call=10,
    picture_cost_micro_usd={"medium": 13_000},
    token_price=TokenPrice(text_in=5, image_in=8, image_out=30),
)
SORA_CARD = card("wan-2.7", ceiling=8.0)


def sized(least: int, most: int, per_call: int) -> ModelLimits:
    """Limits of a model that takes any size within an area."""
    return ModelLimits(
        pictures_in=3,
        candidates_per_call=per_call,
        max_width=2048,
        max_height=2048,
        min_pixels=least,
        max_pixels=most,
    )


SEEDREAM_CARD = card(
    "doubao-seedream-5-0-pro-260628",
    limits=sized(921_600, 2_359_296, 1),
    picture_cost_micro_usd={"1.5K": 35_000},
)
QWEN_CARD = card(
    "qwen-image-3.0-pro",
    limits=sized(262_144, 2_250_000, 6),
    picture_cost_micro_usd={"1K": 42_000, "2K": 78_000},
)
BACKGROUND_CARD = card(
    "wanx-background-generation-v2",
    ceiling=8.0,
    limits=sized(262_144, 4_194_304, 4),
    picture_cost_micro_usd={"any": 12_000},
)

TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@cache
def _photo_and_mask(width: int, height: int) -> tuple[bytes, bytes]:
    photo = scene(width, height)
    return jpeg(photo), png(photo[..., :1].repeat(4, axis=2))


def image_request(count: int = 1, width: int = 512, height: int = 512, pictures: int = 1) -> ImageRequest:
    """A picture to change, and words."""
    photo, transparent = _photo_and_mask(width, height)
    return ImageRequest(
        "Replace the background of picture 1.",
        (photo,) * pictures,
        transparent,
        width,
        height,
        count,
        request_id="req-42",
        traceparent=TRACEPARENT,
        open_file=open_here,
    )


@dataclass
class Wired:
    """An adapter, what is known of its model, and the fake that it talks to."""

    model: PictureModel
    card: ModelCard
    server: FakeVendor

    async def failure(self, *faults: Fault) -> StillroomError:
        """Result of an order that meets these faults."""
        self.server.fail(*faults)
        with pytest.raises(StillroomError) as caught:
            await self.model.make(image_request(), self.card)
        return caught.value


@pytest.fixture(scope="module")
def gemini_server() -> Iterator[FakeGemini]:
    """One fake for the module."""
    with FakeGemini(plain) as fake:
        yield fake


@pytest.fixture(scope="module")
def openai_server() -> Iterator[FakeOpenAI]:
    """One fake for the module."""
    with FakeOpenAI(plain) as fake:
        yield fake


@pytest.fixture(scope="module")
def videos_server() -> Iterator[FakeVideos]:
    """One fake for the module."""
    with FakeVideos(plain) as fake:
        yield fake


@pytest.fixture(scope="module")
def ark_server() -> Iterator[FakeArk]:
    """One fake for the module."""
    with FakeArk(plain) as fake:
        yield fake


@pytest.fixture(scope="module")
def dashscope_server() -> Iterator[FakeDashScope]:
    """One fake for the module."""
    with FakeDashScope(plain) as fake:
        yield fake


@pytest.fixture
async def gemini(gemini_server: FakeGemini) -> AsyncIterator[GeminiModel]:
    """The adapter, its fake without faults and memories."""
    gemini_server.heal()
    gemini_server.asked.clear()
    model = GeminiModel(KEY, GEMINI_CARD.id, gemini_server.address)
    yield model
    await model.close()


@pytest.fixture
async def chatgpt(openai_server: FakeOpenAI) -> AsyncIterator[ChatGptModel]:
    """The adapter, its fake without faults and memories."""
    openai_server.heal()
    openai_server.asked.clear()
    model = ChatGptModel(KEY, CHATGPT_CARD.id, f"{openai_server.address}/v1")
    yield model
    await model.close()


@pytest.fixture
async def sora(videos_server: FakeVideos) -> AsyncIterator[SoraModel]:
    """The adapter, its fake without faults and memories."""
    videos_server.heal()
    videos_server.asked.clear()
    videos_server.deleted.clear()
    videos_server.paths.clear()
    videos_server.painter, videos_server.films = plain, {}
    videos_server.looked_at.clear()
    model = SoraModel(KEY, SORA_CARD.id, f"{videos_server.address}/v1")
    model.poll_seconds = (0.05, 0.1)
    yield model
    await model.close()


@pytest.fixture
async def seedream(ark_server: FakeArk) -> AsyncIterator[SeedreamModel]:
    """The adapter, its fake without faults and memories."""
    ark_server.heal()
    ark_server.asked.clear()
    model = SeedreamModel(KEY, SEEDREAM_CARD.id, f"{ark_server.address}/api/v3")
    yield model
    await model.close()


@pytest.fixture
async def qwen(dashscope_server: FakeDashScope) -> AsyncIterator[QwenModel]:
    """The adapter, its fake without faults and memories."""
    dashscope_server.heal()
    dashscope_server.asked.clear()
    model = QwenModel(KEY, QWEN_CARD.id, dashscope_server.address)
    yield model
    await model.close()


@pytest.fixture
async def background(dashscope_server: FakeDashScope) -> AsyncIterator[QwenBackgroundModel]:
    """The adapter of the background model, its fake without faults and memories."""
    dashscope_server.heal()
    dashscope_server.painter = plain
    dashscope_server.asked.clear()
    dashscope_server.looked_at.clear()
    dashscope_server.cancelled.clear()
    address = dashscope_server.address
    model = QwenBackgroundModel(KEY, BACKGROUND_CARD.id, address)
    model.poll_seconds = (0.02, 0.05)
    yield model
    await model.close()


@pytest.fixture
def wired_gemini(gemini: GeminiModel, gemini_server: FakeGemini) -> Wired:
    """Gemini with all that belongs to it."""
    return Wired(gemini, GEMINI_CARD, gemini_server)


@pytest.fixture
def wired_chatgpt(chatgpt: ChatGptModel, openai_server: FakeOpenAI) -> Wired:
    """OpenAI's pictures with all that belongs to them."""
    return Wired(chatgpt, CHATGPT_CARD, openai_server)


@pytest.fixture
def wired_seedream(seedream: SeedreamModel, ark_server: FakeArk) -> Wired:
    """Seedream with all that belongs to it."""
    return Wired(seedream, SEEDREAM_CARD, ark_server)


@pytest.fixture
def wired_qwen(qwen: QwenModel, dashscope_server: FakeDashScope) -> Wired:
    """Qwen with all that belongs to it."""
    return Wired(qwen, QWEN_CARD, dashscope_server)


@pytest.fixture(params=["gemini", "chatgpt", "seedream", "qwen"])
def wired(
    request: pytest.FixtureRequest,
    wired_gemini: Wired,
    wired_chatgpt: Wired,
    wired_seedream: Wired,
    wired_qwen: Wired,
) -> Wired:
    """Each provider that makes pictures in one call, in turn."""
    by_name = {one.model.name: one for one in (wired_gemini, wired_chatgpt, wired_seedream, wired_qwen)}
    return by_name[request.param]
