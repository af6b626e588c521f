"""Networks of the local provider: composition, and the commands that list, fetch, choose and remove them."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from stillroom.bootstrap.stores import make_data_folder
from stillroom.domain.errors import Conflict, NotFound, ValidationFailed
from stillroom.domain.networks import NetworkCard, NetworksInUse
from stillroom.domain.ports import Catalogue
from stillroom.domain.providers.requests import Notice, ProviderEvent
from stillroom.imaging.cutout.inference import engines_for, missing_for
from stillroom.observability import log
from stillroom.providers.adapters.local import LocalProvider
from stillroom.providers.cutouts import custom_model, engines
from stillroom.providers.cutouts.networks import Networks
from stillroom.providers.memory import available_mb
from stillroom.providers.weights.folder import WeightsFolder, WeightsState, is_automatic
from stillroom.providers.weights.trial import trial_on, usual_spec
from stillroom.settings import Settings
from stillroom.storage.catalog import FileCatalogue


def open_local(
    settings: Settings, catalogue: Catalogue, *, cutouts: Path | None = None, fetch: bool = True
) -> LocalProvider:
    """Compose the local provider; `fetch` permits downloads, `cutouts` replaces the folder of its cache."""
    return LocalProvider(
        _weights(settings, catalogue),
        cutouts or settings.data_dir / "cutouts",
        fetch=fetch,
        quality=settings.matte_quality,
        own=settings.matte_model,
        device=settings.device,
    )


def log_notice(event: ProviderEvent) -> None:
    """Log a notice of the local provider that no job will show."""
    if isinstance(event, Notice):
        log.info("local_provider", code=event.code, message=event.message)


def network_states(settings: Settings) -> tuple[WeightsState, ...]:
    """Return the state of all networks: a custom model first, then the catalogue in its order."""
    weights, in_use = _opened(settings)
    own = custom_model.state_of(settings.matte_model) if settings.matte_model else None
    known = (_state(card, weights, in_use) for card in weights.cards if card.commercial_use)
    return (*([replace(own, in_use=own.name == in_use.in_use)] if own else []), *known)


def networks_in_use(settings: Settings) -> NetworksInUse:
    """Return what cuts out now, without loading anything."""
    return _opened(settings)[1]


def automatic_networks(settings: Settings) -> tuple[WeightsState, ...]:
    """Return the state of the networks that are downloaded without being asked for, the best first."""
    weights, in_use = _opened(settings)
    wanted = (card for card in weights.cards if is_automatic(card, settings.matte_quality))
    return tuple(_state(card, weights, in_use) for card in wanted)


def installed_networks(settings: Settings) -> Mapping[str, Path]:
    """Return the first file of each installed network that pictures may be made with, by name."""
    weights, in_use = _opened(settings)
    names = [card.id for card in weights.cards if is_automatic(card, settings.matte_quality)]
    names += [name for name in (in_use.in_use, in_use.precise) if name is not None and name not in names]
    known = {card.id for card in weights.cards}
    return {name: weights.path_of(name) for name in names if name in known and weights.is_present(name)}


def damaged_networks(settings: Settings) -> list[str]:
    """Return the networks whose files do not match the published hashes."""
    return _weights(settings).damaged()


def missing_device(settings: Settings) -> str | None:
    """Return what to install for the device of the settings; None if nothing is missing."""
    return missing_for(settings.device)


def fetch_network(
    settings: Settings, name: str, report: Callable[[Notice], None], given: Path | None = None
) -> bool:
    """Download, verify, try and prepare a network.

    Args:
        report: Receives size and licence before the download, and the reason of a failure.
        given: A file or folder to take instead of downloading.

    Returns:
        Whether it is installed.

    Raises:
        NotFound: There is no such network, or no file at `given`.
        Conflict: Its licence excludes commercial use, or it needs a device or memory that is not available.
    """
    make_data_folder(settings)
    weights = _weights(settings)
    card = _card(weights, name)
    _check_usable(card, settings)
    if given is not None and not given.exists():
        raise NotFound(f"There is no {given}.")
    path = weights.ensure(name, report, thorough=True, given=given)
    if path is not None and card.cuts_out:
        # No engine on this machine can load it; the worker reports this and uses another network.
        with suppress(RuntimeError):
            engines.choose(path, usual_spec(card), settings.device)
    return path is not None


def use_network(settings: Settings, name: str | None) -> None:
    """Try a network and let it cut out from now on; None goes back to the automatic choice.

    Raises NotFound if it is not installed, ValidationFailed if it does not cut out, and Conflict if it fails
    its trial; the network in use stays.
    """
    weights = _weights(settings)
    if name is not None:
        card = _card(weights, name)
        if not card.cuts_out:
            raise ValidationFailed(f"{name} does not cut out by itself.")
        if not weights.is_present(name):
            raise NotFound(f"{name} is not installed. Run: stillroom models fetch {name}")
        try:
            trial_on(settings.device)(card, weights.path_of(name))
        except RuntimeError as error:
            raise Conflict(f"{name} is not used: {error}.") from error
    weights.choose(name)


def remove_network(settings: Settings, name: str) -> bool:
    """Remove a network's files; return whether there were any. Raises NotFound."""
    weights = _weights(settings)
    _card(weights, name)
    if not weights.path.is_dir():
        return False
    if weights.chosen() == name:
        weights.choose(None)
    engines.forget(weights.path_of(name))
    return weights.remove(name)


def _check_usable(card: NetworkCard, settings: Settings) -> None:
    if not card.commercial_use:
        raise Conflict(
            f"{card.id} has the licence {card.licence}, so Stillroom does not fetch it. With its owner's "
            "consent, name your own file in STILLROOM_MATTE_MODEL."
        )
    if card.devices and not set(card.devices) & set(engines_for(settings.device)):
        raise Conflict(f"{card.id} is made for {', '.join(card.devices)}, which is not available here.")
    least, free = min(size.memory_mb for size in card.input.sizes), available_mb()
    # The usual networks are not refused: a machine with little memory may swap.
    if free < least and not is_automatic(card, "best"):
        raise Conflict(f"{card.id} needs {least} MB of memory; {free:.0f} MB are available.")


def _weights(settings: Settings, catalogue: Catalogue | None = None) -> WeightsFolder:
    cards = (catalogue or FileCatalogue(settings.data_dir / "config")).networks()
    folder = settings.data_dir / "weights"
    return WeightsFolder(folder, cards, hub=settings.hub, trial=trial_on(settings.device))


def _opened(settings: Settings) -> tuple[WeightsFolder, NetworksInUse]:
    weights = _weights(settings)
    networks = Networks(
        weights,
        fetch=False,
        quality=settings.matte_quality,
        own=settings.matte_model,
        device=settings.device,
    )
    return weights, networks.in_use


def _card(weights: WeightsFolder, name: str) -> NetworkCard:
    try:
        return weights.card(name)
    except KeyError:
        known = ", ".join(card.id for card in weights.cards if card.commercial_use)
        raise NotFound(f"There is no network {name}; there are {known}.") from None


def _state(card: NetworkCard, weights: WeightsFolder, in_use: NetworksInUse) -> WeightsState:
    needs = sorted(size.memory_mb for size in card.input.sizes)
    return WeightsState(
        name=card.id,
        licence=card.licence,
        source=card.source,
        megabytes=card.bytes / 1e6,
        present=weights.is_present(card.id),
        family=card.family,
        attribution=card.attribution,
        memory_mb=(needs[0], needs[-1]),
        default_use=card.default_use,
        was_run=card.was_run,
        in_use=card.id in (in_use.in_use, in_use.precise),
        note=" ".join(text for text in (card.note, card.licence_note) if text),
    )
