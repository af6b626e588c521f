"""Networks of the local provider, composed from the settings."""

from pathlib import Path

from stillroom.domain.ports import Catalogue
from stillroom.domain.providers.requests import Notice, StageReached
from stillroom.observability import log
from stillroom.providers.adapters.local import LocalProvider
from stillroom.providers.cutouts.cut_out import Report
from stillroom.providers.cutouts.inventory import NetworkInventory
from stillroom.providers.weights.folder import WeightsFolder
from stillroom.providers.weights.trial import trial_on
from stillroom.settings import Settings
from stillroom.storage.catalog import FileCatalogue


def log_notice(event: StageReached | Notice) -> None:
    """Log a notice of the local provider that no job will show."""
    if isinstance(event, Notice):
        log.info("local_provider", code=event.code, message=event.message)


def open_local(
    settings: Settings,
    catalogue: Catalogue,
    *,
    cutouts: Path | None = None,
    fetch: bool = True,
    report: Report = log_notice,
) -> LocalProvider:
    """Compose the local provider; `fetch` permits downloads, `cutouts` replaces the folder of its cache."""
    return LocalProvider(
        _weights(settings, catalogue),
        cutouts or settings.data_dir / "cutouts",
        fetch=fetch,
        quality=settings.matte_quality,
        own=settings.matte_model,
        device=settings.device,
        report=report,
    )


def network_inventory(settings: Settings) -> NetworkInventory:
    """Compose the inventory of the networks, for commands that open no studio; creates nothing."""
    weights = _weights(settings, FileCatalogue(settings.data_dir / "config"))
    return NetworkInventory(weights, settings.matte_quality, settings.matte_model, settings.device)


def _weights(settings: Settings, catalogue: Catalogue) -> WeightsFolder:
    return WeightsFolder(
        settings.data_dir / "weights",
        catalogue.networks(),
        hub=settings.hub,
        trial=trial_on(settings.device),
    )
