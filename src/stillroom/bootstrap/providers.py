"""Providers composed from the settings: the local one, the clouds, and the check of the clouds."""

from collections.abc import Iterable
from datetime import UTC, datetime

from stillroom.bootstrap.checking import decoders_with, vendor_files_with
from stillroom.bootstrap.networks import open_local
from stillroom.domain.ports import Catalogue, Reader
from stillroom.domain.providers.checks import ProviderCheck
from stillroom.domain.providers.readers import ReaderTrial
from stillroom.domain.providers.requests import RegistryEntry
from stillroom.imaging.io.decoder_process import DecodingPool
from stillroom.providers.adapters.local import LocalProvider
from stillroom.providers.availability import check_clouds
from stillroom.providers.clouds import CloudProvider
from stillroom.providers.image_requests import OpenFile
from stillroom.providers.readers.chats import Chat
from stillroom.providers.readers.compatible import CompatibleChat
from stillroom.providers.readers.gemini import GeminiChat
from stillroom.providers.readers.model_reader import ModelReader
from stillroom.providers.readers.trial import trials
from stillroom.providers.registry import Account, registered_clouds, vendor_url
from stillroom.settings import CLOUD_SETTINGS, Settings
from stillroom.storage.catalog import FileCatalogue

SETTING_NAMES = {name: (prefix.upper(), model.upper()) for name, (prefix, model) in CLOUD_SETTINGS.items()}
"""Prefix of the settings of each built-in cloud, and the setting of its model, as an operator writes them."""

VENDOR_URLS = {prefix: vendor_url(name) for name, (prefix, _) in CLOUD_SETTINGS.items()}
"""Default API address of each vendor by the prefix of its settings; empty if there is none."""


def open_clouds(
    settings: Settings, catalogue: Catalogue, local: LocalProvider, open_file: OpenFile
) -> dict[str, RegistryEntry]:
    """Return every cloud by name, with the reason if it cannot be called."""

    def account(prefix: str, model: str) -> Account:
        secrets = [getattr(settings, f"{prefix}_{field}") for field in ("api_key", "proxy")]
        key, proxy = (secret.get_secret_value() if secret else None for secret in secrets)
        watermark = getattr(settings, f"{prefix}_watermark", False)
        return Account(
            key, getattr(settings, model), getattr(settings, f"{prefix}_base_url"), proxy, watermark
        )

    return registered_clouds(
        {provider: account(*names) for provider, names in CLOUD_SETTINGS.items()},
        catalogue,
        local,
        open_file,
        order=settings.provider_order,
        sora_body=settings.sora_body,
        environment=settings.environment,
        faults=settings.injected_faults,
        hurry=settings.strategy == "prefer_latency",
    )


def clouds_in(entries: Iterable[RegistryEntry]) -> list[CloudProvider]:
    """Return the clouds that can be called."""
    return [entry.provider for entry in entries if isinstance(entry.provider, CloudProvider)]


async def check_providers(settings: Settings) -> tuple[ProviderCheck, ...]:
    """Check key, address and model of every configured cloud with one free request each."""
    catalogue = FileCatalogue(settings.data_dir / "config")
    # The check asks for no picture, so the pool starts no process.
    with DecodingPool(children=1) as pool:
        open_file = vendor_files_with(pool, decoders_with(pool, settings.limits))
        registry = open_clouds(settings, catalogue, open_local(settings, catalogue), open_file)
        clouds = clouds_in(registry.values())
        try:
            return await check_clouds(clouds, datetime.now(UTC).date(), SETTING_NAMES)
        finally:
            for cloud in clouds:
                await cloud.close()


async def try_reader(settings: Settings) -> tuple[str, tuple[ReaderTrial, ...]] | None:
    """Ask the configured reader model tiny questions; return its id and the results, None without one."""
    reader = open_reader(settings, FileCatalogue(settings.data_dir / "config"))
    if reader is None:
        return None
    try:
        return reader.model, await trials(reader, sees_photos=settings.reader_sees_photos)
    finally:
        await reader.close()


def open_reader(settings: Settings, catalogue: Catalogue) -> Reader | None:
    """Open the configured reader model, if any. Raises ValueError without a model or a default for it."""
    vendor, base_url = settings.reader, settings.reader_base_url
    if vendor is None:
        return None
    model = settings.reader_model or catalogue.readers().defaults.get(vendor)
    if model is None:
        raise ValueError(f"{vendor} has no default model")
    key = settings.reader_api_key.get_secret_value() if settings.reader_api_key else None
    chat: Chat
    if vendor == "gemini":
        chat = GeminiChat(key or "", model, base_url)
    else:
        chat = CompatibleChat(vendor, key, model, base_url)
    return ModelReader(chat, catalogue.readers)
