"""Provider registry: the clouds with a key and a model, and those of installed packages."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from typing import Literal
from urllib.parse import urlsplit

import structlog

from stillroom.domain.faults import Fault
from stillroom.domain.ports import Catalogue
from stillroom.domain.providers.reasons import NOT_CHOSEN
from stillroom.domain.providers.requests import RegistryEntry, WhyNot
from stillroom.providers.adapters.chatgpt import ChatGptModel
from stillroom.providers.adapters.gemini import GeminiModel
from stillroom.providers.adapters.http_wire import HttpModel
from stillroom.providers.adapters.local import LocalProvider
from stillroom.providers.adapters.openai_wire import VENDOR_HOST
from stillroom.providers.adapters.qwen import QwenModel
from stillroom.providers.adapters.qwen_background import BACKGROUND_MODELS, QwenBackgroundModel
from stillroom.providers.adapters.seedream import SeedreamModel
from stillroom.providers.adapters.sora import SoraModel
from stillroom.providers.clouds import CloudProvider
from stillroom.providers.image_requests import OpenFile, PictureModel
from stillroom.providers.views import Views

ENTRY_POINTS = "stillroom.providers"
"""Entry point group of providers in other packages; see `image_requests.Environment`."""

_ADAPTERS: Mapping[str, type[GeminiModel | ChatGptModel | SeedreamModel | QwenModel]] = {
    adapter.name: adapter for adapter in (GeminiModel, ChatGptModel, SeedreamModel, QwenModel)
}

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Account:
    """Connection settings of one provider.

    Attributes:
        model: Model id; None takes the catalogue's default.
        base_url: None means the vendor's own endpoint.
        proxy: Proxy URL; None uses the proxy of the process environment.
        watermark: Whether the vendor paints its visible mark into pictures, if it lets one choose.
    """

    key: str | None = field(default=None, repr=False)
    model: str | None = None
    base_url: str | None = None
    proxy: str | None = field(default=None, repr=False)
    watermark: bool = False


def registered_clouds(
    accounts: Mapping[str, Account],
    catalogue: Catalogue,
    local: LocalProvider,
    open_file: OpenFile,
    *,
    order: Collection[str],
    sora_body: Literal["multipart", "json"],
    environment: Mapping[str, str],
    faults: Sequence[Fault],
    hurry: bool,
) -> dict[str, RegistryEntry]:
    """Return every cloud by name, with the reason if it cannot be called.

    Args:
        accounts: Accounts of the built-in clouds, in the order of the result.
        local: Cuts the product out, so that it can be composited onto the result.
        open_file: Decodes what the models return.
        order: Built-in clouds that it omits are not called; installed ones always are.
        sora_body: Encoding of create requests; some gateways accept JSON only.
        environment: Settings of providers from other packages.
    """
    models = {name: _built_in(name, account, catalogue, sora_body) for name, account in accounts.items()}
    for name, model in models.items():
        # Without a key, that is the reason: the order excludes only what could be called.
        if name not in order and not isinstance(model, str):
            models[name] = NOT_CHOSEN
    models |= _installed(environment)
    views = Views()
    registry: dict[str, RegistryEntry] = {}
    for name, model in models.items():
        if isinstance(model, str):
            registry[name] = RegistryEntry(None, why_not=model)
            continue
        own = [fault for fault in faults if fault.target == name]
        provider = CloudProvider(model, local, catalogue, views, open_file=open_file, hurry=hurry, faults=own)
        registry[name] = RegistryEntry(provider, provider.configuration)
    return registry


def vendor_url(name: str) -> str:
    """Return the vendor's own API address of a built-in cloud; empty if there is none."""
    adapter = _ADAPTERS.get(name)
    return adapter.vendor_url if adapter else ""


def _built_in(
    name: str, account: Account, catalogue: Catalogue, sora_body: Literal["multipart", "json"]
) -> PictureModel | WhyNot:
    """Return the adapter of a built-in cloud, or the reason if it cannot be called."""
    if name == SoraModel.name:
        return _sora(account, sora_body)
    model = account.model or _default(name, catalogue)
    if not account.key or not model:
        return "not_configured"
    connection = account.key, model, account.base_url, account.proxy
    if name == QwenModel.name and model.startswith(BACKGROUND_MODELS):
        return QwenBackgroundModel(*connection)
    adapter = _ADAPTERS[name]
    if issubclass(adapter, HttpModel):
        return adapter(*connection, watermark=account.watermark)
    return adapter(*connection)


def _sora(account: Account, body: Literal["multipart", "json"]) -> PictureModel | WhyNot:
    # OpenAI's Videos API ended on 2026-09-24, so its own address counts as retired.
    if account.base_url and urlsplit(account.base_url).hostname == VENDOR_HOST:
        return "retired"
    if not account.key or not account.base_url or not account.model:
        return "not_configured"
    return SoraModel(account.key, account.model, account.base_url, account.proxy, body)


def _default(provider: str, catalogue: Catalogue) -> str | None:
    card = catalogue.provider(provider)
    model = card.default_model if card else None
    return model.id if model else None


def _installed(environment: Mapping[str, str]) -> dict[str, PictureModel | WhyNot]:
    found: dict[str, PictureModel | WhyNot] = {}
    for entry in entry_points(group=ENTRY_POINTS):
        model: PictureModel | None = entry.load()(environment)
        found[entry.name] = model or "not_configured"
        log.info("provider_installed", provider=entry.name, configured=model is not None)
    return found
