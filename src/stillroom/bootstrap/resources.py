"""Connections, processes and networks of a studio."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial

from stillroom.application.access.sign_ins import ATTEMPTS_PER_MINUTE
from stillroom.application.photos.intake import Decoders
from stillroom.bootstrap.checking import decoders_with, vendor_files_with
from stillroom.bootstrap.networks import open_local
from stillroom.bootstrap.providers import clouds_in, open_clouds, open_reader
from stillroom.bootstrap.stores import disk_folders
from stillroom.domain.ports import Catalogue, Notifier, RateLimiter, Reader
from stillroom.domain.providers.requests import RegistryEntry
from stillroom.imaging.io.decoder_process import DecodingPool
from stillroom.observability import Metrics, log
from stillroom.providers.adapters.local import LocalProvider
from stillroom.providers.continuing import ContinuingProvider
from stillroom.settings import Settings
from stillroom.storage import space
from stillroom.storage.catalog import FileCatalogue
from stillroom.storage.database import Database
from stillroom.storage.notifications import open_notifier
from stillroom.storage.rate_limits import TokenBuckets


@dataclass(frozen=True, slots=True)
class Resources:
    """Connections, processes and networks that live as long as the studio."""

    database: Database
    decoders: Decoders
    catalogue: Catalogue
    local: LocalProvider
    registry: Mapping[str, RegistryEntry]
    reader: Reader | None
    notifier: Notifier
    limiter: RateLimiter
    attempts: RateLimiter
    pixel_rates: RateLimiter


async def open_resources(
    settings: Settings, metrics: Metrics, open_things: AsyncExitStack, *, keep_reserve: bool
) -> Resources:
    """Open what the services need; `open_things` closes it. Raises StorageUnavailable."""
    valkey_url = settings.valkey_url.get_secret_value() if settings.valkey_url else None

    def buckets(per_minute: int) -> TokenBuckets:
        limiter = TokenBuckets(per_minute, valkey_url)
        open_things.push_async_callback(limiter.close)
        return limiter

    database = Database(settings.database, keep_reserve=keep_reserve)
    open_things.push_async_callback(database.close)
    metrics.watch_space(partial(space.free_bytes, disk_folders(settings)))
    pool = open_things.enter_context(DecodingPool())
    catalogue = FileCatalogue(settings.data_dir / "config")
    local = open_local(settings, catalogue)
    decoders = decoders_with(pool, settings.limits)
    registry = open_clouds(settings, catalogue, local, vendor_files_with(pool, decoders))
    for cloud in clouds_in(registry.values()):
        open_things.push_async_callback(cloud.close)
    if settings.injected_faults:
        log.warning("faults_are_injected", faults=settings.faults)
    reader = open_reader(settings, catalogue)
    if reader is not None:
        open_things.push_async_callback(reader.close)
    return Resources(
        database=database,
        decoders=decoders,
        catalogue=catalogue,
        local=local,
        registry={**registry, local.name: RegistryEntry(ContinuingProvider(local))},
        reader=reader,
        notifier=await open_things.enter_async_context(open_notifier(settings.database)),
        limiter=buckets(settings.user_per_minute),
        attempts=buckets(ATTEMPTS_PER_MINUTE),
        pixel_rates=buckets(settings.user_pixels_per_minute),
    )
