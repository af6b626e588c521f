"""Inventory of the networks of the local provider: list, fetch, choose and remove them."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from stillroom.domain.errors import Conflict, NotFound, ValidationFailed
from stillroom.domain.networks import Device, NetworkCard, NetworksInUse
from stillroom.imaging.cutout.inference import engines_for, missing_for
from stillroom.providers.cutouts import custom_model, engines
from stillroom.providers.cutouts.networks import Networks, Quality
from stillroom.providers.memory import available_mb
from stillroom.providers.weights.folder import ReportNotice, WeightsFolder, WeightsState, is_automatic
from stillroom.providers.weights.trial import trial_on, usual_spec


@dataclass(frozen=True, slots=True)
class NetworkInventory:
    """The networks of a weights folder, for the settings that decide which of them are used.

    Attributes:
        own: Path of a custom model; None if there is none.
    """

    weights: WeightsFolder
    quality: Quality
    own: Path | None
    device: Device

    @property
    def in_use(self) -> NetworksInUse:
        """Networks that cut out now, without loading any."""
        return Networks(
            self.weights, fetch=False, quality=self.quality, own=self.own, device=self.device
        ).in_use

    @property
    def missing_device(self) -> str | None:
        """Packages to install for the device; None if none is missing."""
        return missing_for(self.device)

    def states(self) -> tuple[WeightsState, ...]:
        """Return the state of all networks: a custom model first, then the catalogue in its order."""
        in_use = self.in_use
        own = custom_model.state_of(self.own) if self.own else None
        known = (self._state(card, in_use) for card in self.weights.cards if card.commercial_use)
        return (*([replace(own, in_use=own.name == in_use.in_use)] if own else []), *known)

    def automatic(self) -> tuple[WeightsState, ...]:
        """Return the state of the networks that are downloaded without being asked for, the best first."""
        in_use = self.in_use
        return tuple(self._state(card, in_use) for card in self._automatic())

    def installed(self) -> Mapping[str, Path]:
        """Return the first file of each installed network that pictures may be made with, by name."""
        in_use, known = self.in_use, {card.id for card in self.weights.cards}
        names = [*(card.id for card in self._automatic()), in_use.in_use, in_use.precise]
        return {
            name: self.weights.path_of(name)
            for name in names
            if name in known and self.weights.is_present(name)
        }

    def damaged(self) -> list[str]:
        """Return the networks whose files do not match the published hashes."""
        return self.weights.damaged()

    def fetch(self, name: str, report: ReportNotice, given: Path | None = None) -> bool:
        """Download, verify, try and prepare a network.

        Args:
            report: Receives size and licence before the download, and the reason of a failure.
            given: A file or folder to take instead of downloading.

        Returns:
            Whether it is installed.

        Raises:
            NotFound: There is no such network, or no file at `given`.
            Conflict: Its licence excludes commercial use, or it needs a device or memory that is not
                available.
        """
        card = self._card(name)
        self._check_usable(card)
        if given is not None and not given.exists():
            raise NotFound(f"There is no {given}.")
        path = self.weights.ensure(name, report, thorough=True, given=given)
        if path is not None and card.cuts_out:
            # No engine on this machine can load it; the worker reports this and uses another network.
            with suppress(RuntimeError):
                engines.choose(path, usual_spec(card), self.device)
        return path is not None

    def use(self, name: str | None) -> None:
        """Try a network and let it cut out from now on; None goes back to the automatic choice.

        Raises NotFound if it is not installed, ValidationFailed if it does not cut out, and Conflict if it
        fails its trial; the network in use stays.
        """
        if name is not None:
            card = self._card(name)
            if not card.cuts_out:
                raise ValidationFailed(f"{name} does not cut out by itself.")
            if not self.weights.is_present(name):
                raise NotFound(f"{name} is not installed. Run: stillroom models fetch {name}")
            try:
                trial_on(self.device)(card, self.weights.path_of(name))
            except RuntimeError as error:
                raise Conflict(f"{name} is not used: {error}.") from error
        self.weights.choose(name)

    def remove(self, name: str) -> bool:
        """Remove a network's files; return whether there were any. Raises NotFound."""
        self._card(name)
        if not self.weights.path.is_dir():
            return False
        if self.weights.chosen() == name:
            self.weights.choose(None)
        engines.forget(self.weights.path_of(name))
        return self.weights.remove(name)

    def _automatic(self) -> list[NetworkCard]:
        return [card for card in self.weights.cards if is_automatic(card, self.quality)]

    def _check_usable(self, card: NetworkCard) -> None:
        if not card.commercial_use:
            raise Conflict(
                f"{card.id} has the licence {card.licence}, so Stillroom does not fetch it. With its owner's "
                "consent, name your own file in STILLROOM_MATTE_MODEL."
            )
        if card.devices and not set(card.devices) & set(engines_for(self.device)):
            raise Conflict(f"{card.id} is made for {', '.join(card.devices)}, which is not available here.")
        least, free = min(size.memory_mb for size in card.input.sizes), available_mb()
        # The usual networks are not refused: a machine with little memory may swap.
        if free < least and not is_automatic(card, "best"):
            raise Conflict(f"{card.id} needs {least} MB of memory; {free:.0f} MB are available.")

    def _card(self, name: str) -> NetworkCard:
        try:
            return self.weights.card(name)
        except KeyError:
            known = ", ".join(card.id for card in self.weights.cards if card.commercial_use)
            raise NotFound(f"There is no network {name}; there are {known}.") from None

    def _state(self, card: NetworkCard, in_use: NetworksInUse) -> WeightsState:
        needs = sorted(size.memory_mb for size in card.input.sizes)
        return WeightsState(
            name=card.id,
            licence=card.licence,
            source=card.source,
            megabytes=card.bytes / 1e6,
            present=self.weights.is_present(card.id),
            family=card.family,
            attribution=card.attribution,
            memory_mb=(needs[0], needs[-1]),
            default_use=card.default_use,
            was_run=card.was_run,
            in_use=card.id in (in_use.in_use, in_use.precise),
            note=" ".join(text for text in (card.note, card.licence_note) if text),
        )
