"""Checks of key, address and model: what each trouble is called, in words that name the setting to change."""

from collections.abc import Sequence
from typing import cast

import pytest

from stillroom.bootstrap.providers import SETTING_NAMES
from stillroom.domain.ports import Catalogue
from stillroom.domain.providers.checks import ProviderCheck
from stillroom.providers.adapters.chatgpt import ChatGptModel
from stillroom.providers.adapters.gemini import GeminiModel
from stillroom.providers.adapters.local import LocalProvider
from stillroom.providers.adapters.qwen import QwenModel
from stillroom.providers.adapters.seedream import SeedreamModel
from stillroom.providers.adapters.sora import SoraModel
from stillroom.providers.availability import check_clouds
from stillroom.providers.clouds import CloudProvider
from stillroom.providers.image_requests import PictureModel
from stillroom.providers.views import Views
from stillroom.storage.catalog import FileCatalogue
from tests.contract.providers.conftest import Wired
from tests.fakes.decoding import open_here
from tests.fakes.provider_states import HandClock
from tests.fakes.providers.ark import FakeArk
from tests.fakes.providers.server import KEY, Fault
from tests.fakes.providers.videos import FakeVideos

pytestmark = pytest.mark.anyio

CATALOGUE = cast(Catalogue, FileCatalogue())
SECRET = "sk-a-key-that-nobody-accepts"
NOBODY = "http://127.0.0.1:9"


async def checks_of(*models: PictureModel) -> tuple[ProviderCheck, ...]:
    clouds = [
        CloudProvider(model, cast(LocalProvider, None), CATALOGUE, Views(), open_file=open_here, hurry=False)
        for model in models
    ]
    return await check_clouds(clouds, HandClock().now.date(), SETTING_NAMES)


async def code(model: PictureModel) -> str:
    (check,) = await checks_of(model)
    assert (check.provider, check.model) == (model.name, model.model)
    return check.code


def with_key(wired: Wired, key: str) -> PictureModel:
    address, model_id = wired.server.address, wired.card.id
    match wired.model.name:
        case "gemini":
            return GeminiModel(key, model_id, address)
        case "chatgpt":
            return ChatGptModel(key, model_id, f"{address}/v1")
        case "seedream":
            return SeedreamModel(key, model_id, f"{address}/api/v3")
        case _:
            return QwenModel(key, model_id, address)


@pytest.fixture
def listing(wired: Wired) -> Wired:
    """Each vendor with a list that names the model in use."""
    wired.server.models = [wired.card.id]
    if isinstance(wired.server, FakeArk):
        wired.server.served = [wired.card.id]
    return wired


async def test_working_provider_is_reported_without_a_paid_call(listing: Wired) -> None:
    assert await code(listing.model) == "ok"
    assert listing.server.calls == 0


async def test_a_wrong_key_names_its_setting_and_is_not_shown(listing: Wired) -> None:
    model = with_key(listing, SECRET)
    (check,) = await checks_of(model)
    await model.close()
    prefix = {"gemini": "GEMINI", "chatgpt": "OPENAI", "seedream": "ARK", "qwen": "DASHSCOPE"}[model.name]
    assert (check.code, check.verdict) == ("key", "fail")
    for text in (check.words.zh, check.words.en):
        assert f"{prefix}_API_KEY" in text
        assert "{" not in text
    assert SECRET not in repr(check)
    assert listing.server.address not in repr(check)


FAULTS: Sequence[tuple[Fault, str]] = (
    (Fault(503, "<html>", content_type="text/html", path="/models"), "vendor"),
    (Fault(429, "{}", path="/models"), "rate_limited"),
    (Fault(200, "<html>", content_type="text/html", path="/models"), "address"),
    (Fault(302, "", headers={"location": NOBODY}, path="/models"), "address"),
    (Fault(act="drop", path="/models"), "unreachable"),
)


@pytest.mark.parametrize(("fault", "expected"), FAULTS, ids=[code for _, code in FAULTS])
async def test_each_failure_has_its_own_status(listing: Wired, fault: Fault, expected: str) -> None:
    listing.server.fail(fault)
    assert await code(listing.model) == expected


async def test_unknown_model_is_reported(listing: Wired) -> None:
    others = {"gemini": "gemini-3-pro-image", "chatgpt": "gpt-image-2", "qwen": "qwen-image-2.0"}
    other = others.get(listing.model.name, "doubao-seedream-4-0-250828")
    listing.server.models = [other]
    if isinstance(listing.server, FakeArk):
        listing.server.served = [other]
    # Model Studio's list leaves out models that it serves.
    assert await code(listing.model) == ("unlisted" if listing.model.name == "qwen" else "model")


async def test_unreachable_address_is_reported() -> None:
    for model in (
        GeminiModel(KEY, "gemini-nano-banana-2.1", NOBODY),
        QwenModel(KEY, "qwen-image-3.0-pro", NOBODY),
    ):
        assert await code(model) == "unreachable"
        await model.close()


async def test_a_gateway_of_clips_without_a_list_cannot_be_checked_for_free(
    videos_server: FakeVideos,
) -> None:
    model = SoraModel(KEY, "wan-2.7", f"{videos_server.address}/v1")
    assert await code(model) == "no_list"
    await model.close()


@pytest.mark.parametrize(
    ("stated", "expected"),
    [("2026-12-24", "leaving"), ("2026-12-25", "ok"), ("2026-11-24", "retired"), ("2025-01-01", "retired")],
)
async def test_a_last_day_is_announced_a_month_ahead(
    wired_chatgpt: Wired, stated: str, expected: str
) -> None:
    server = wired_chatgpt.server
    server.models = [wired_chatgpt.card.id]
    server.shutdown_dates = {wired_chatgpt.card.id: stated}  # type: ignore[attr-defined]
    try:
        (check,) = await checks_of(wired_chatgpt.model)
    finally:
        server.shutdown_dates = {}  # type: ignore[attr-defined]
    assert check.code == expected
    assert expected == "ok" or stated in check.words.en


async def test_without_a_cloud_there_is_nothing_to_check() -> None:
    assert await checks_of() == ()
