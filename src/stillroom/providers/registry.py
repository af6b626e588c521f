"""Which clouds can be asked: those with a key and a model, and those that others have installed."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import entry_points
from typing import Literal
from urllib.parse import urlsplit

import structlog

from stillroom.domain.faults import Fault
from stillroom.domain.ports import Catalogue
from stillroom.domain.providers.reasons import NOT_CHOSEN
from stillroom.providers.adapters.chatgpt import ChatGptModel
from stillroom.providers.adapters.gemini import GeminiModel
from stillroom.providers.adapters.openai_wire import OWN_HOST
from stillroom.providers.adapters.sora import SoraModel
from stillroom.providers.capability_map import RegistryEntry
from stillroom.providers.clouds import CloudProvider, ProductFinder
from stillroom.providers.faults import FaultyModel
from stillroom.providers.image_requests import PictureModel
from stillroom.providers.views import Views

ENTRY_POINTS = "stillroom.providers"
"""The group in which an installed package names its own providers; see `image_requests.Environment`."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Account:
    """How one provider is reached.

    Attributes:
        key: None if there is none.
        model: None takes the catalogue's default.
        base_url: None is the vendor's own address.
        proxy: None takes the environment's.
    """

    key: str | None = field(default=None, repr=False)
    model: str | None = None
    base_url: str | None = None
    proxy: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Accounts:
    """How all of them are reached.

    Attributes:
        sora_body: How its orders are sent; some gateways take JSON alone.
        environment: What providers that others wrote read their settings from.
        faults: What is injected before their calls.
        hurry: Whether quick answers are worth more than good ones.
    """

    gemini: Account = Account()
    chatgpt: Account = Account()
    sora: Account = Account()
    sora_body: Literal["multipart", "json"] = "multipart"
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    faults: Sequence[Fault] = ()
    hurry: bool = False


def registered_clouds(
    accounts: Accounts, catalogue: Catalogue, finder: ProductFinder, order: Collection[str]
) -> dict[str, RegistryEntry]:
    """Every cloud by its name, with why it cannot be asked where that is so.

    Args:
        accounts: How they are reached.
        catalogue: Knows the default models.
        finder: Cuts the product out, so that it can be put back.
        order: Those of ours that it leaves out are not asked; what somebody installed always is.
    """
    makers: Mapping[str, Callable[[], PictureModel | str]] = {
        "gemini": partial(_gemini, accounts.gemini, catalogue),
        "sora": partial(_sora, accounts),
        "chatgpt": partial(_chatgpt, accounts.chatgpt, catalogue),
    }
    models: dict[str, PictureModel | str] = {
        name: make() if name in order else NOT_CHOSEN for name, make in makers.items()
    }
    models |= _installed(accounts.environment)
    views = Views()
    registry: dict[str, RegistryEntry] = {}
    for name, model in models.items():
        if isinstance(model, str):
            registry[name] = RegistryEntry(None, why_not=model)
            continue
        faults = [fault for fault in accounts.faults if fault.target == name]
        faulty = FaultyModel(model, faults) if faults else model
        provider = CloudProvider(faulty, finder, catalogue, views, hurry=accounts.hurry)
        registry[name] = RegistryEntry(provider, provider.configuration)
    return registry


def _gemini(account: Account, catalogue: Catalogue) -> PictureModel | str:
    model = account.model or _default("gemini", catalogue)
    if not account.key or not model:
        return "not_configured"
    return GeminiModel(account.key, model, account.base_url, account.proxy)


def _chatgpt(account: Account, catalogue: Catalogue) -> PictureModel | str:
    model = account.model or _default("chatgpt", catalogue)
    if not account.key or not model:
        return "not_configured"
    return ChatGptModel(account.key, model, account.base_url, account.proxy)


def _sora(accounts: Accounts) -> PictureModel | str:
    account = accounts.sora
    # OpenAI ended its Videos API on 2026-09-24.
    if account.base_url and urlsplit(account.base_url).hostname == OWN_HOST:
        return "retired"
    if not account.key or not account.base_url or not account.model:
        return "not_configured"
    return SoraModel(account.key, account.model, account.base_url, account.proxy, accounts.sora_body)


def _default(provider: str, catalogue: Catalogue) -> str | None:
    card = next((card for card in catalogue.providers() if card.id == provider), None)
    model = card.default_model if card else None
    return model.id if model else None


def _installed(environment: Mapping[str, str]) -> dict[str, PictureModel | str]:
    found: dict[str, PictureModel | str] = {}
    for entry in entry_points(group=ENTRY_POINTS):
        model: PictureModel | None = entry.load()(environment)
        found[entry.name] = model or "not_configured"
        log.info("provider_installed", provider=entry.name, configured=model is not None)
    return found
