"""Networks of the local provider: one cuts out, a faster scout runs first, a precise one in doubt."""

import threading
import time
from pathlib import Path
from typing import Literal

from stillroom.domain.networks import Device, NetworkCard, NetworksInUse
from stillroom.domain.providers.requests import Notice
from stillroom.imaging.cutout.inference import missing_for
from stillroom.imaging.cutout.matte import GRABCUT
from stillroom.imaging.cutout.networks import Network, NetworkSpec, Segmenter, spec_of
from stillroom.imaging.cutout.prompted import PromptNetwork
from stillroom.providers.cutouts import custom_model, engines
from stillroom.providers.memory import available_mb
from stillroom.providers.weights.folder import ReportNotice, WeightsFolder, is_automatic
from stillroom.providers.weights.trial import prompt_network, usual_spec

FETCH_RETRY_SECONDS = 600  # an offline machine does not retry the download in every job

Quality = Literal["best", "fast"]
"""Cut-out quality: the best networks, or only the small one, in which case no other is downloaded."""


class Networks:
    """Loads networks when they are first needed; thread-safe."""

    def __init__(
        self,
        weights: WeightsFolder,
        *,
        fetch: bool = True,
        quality: Quality = "best",
        own: Path | None = None,
        device: Device = "auto",
    ) -> None:
        """Prepare the choice; nothing is loaded.

        Args:
            quality: Which networks are used without being chosen.
            own: Path of a custom ONNX model, used before all others; None if there is none.
        """
        self._weights = weights
        self._fetch = fetch
        self._quality = quality
        self._device: Device = device
        self._own = _CustomNetwork(own, weights, device) if own else None
        self._fetch_after = 0.0
        self._loaded: dict[str, Network] = {}
        self._prompted: PromptNetwork | None = None
        self._damaged: set[str] = set()
        self._is_device_reported = False
        self._loading = threading.Lock()

    @property
    def in_use(self) -> NetworksInUse:
        """The networks in use, without loading any."""
        own = self._own.model if self._own else None
        best = self._best()
        if own is not None:
            name, licence = own.spec.name, own.licence
        else:
            name, licence = (best.id, best.licence) if best else (GRABCUT, "")
        precise, prompted = self.precise_card(name), self.prompted_card()
        missing = (
            card.id for card in self._weights.for_use("precise") if not self._weights.is_present(card.id)
        )
        offered = None if precise or self._quality == "fast" else next(missing, None)
        return NetworksInUse(
            in_use=name,
            licence=licence,
            precise=precise.id if precise else None,
            precise_licence=precise.licence if precise else None,
            precise_offered=offered,
            prompted=prompted.id if prompted else None,
            device=self._device,
        )

    def first(self, report: ReportNotice) -> Network | None:
        """Return the network that cuts out; None if there is none."""
        network = self._first(report)
        self._report_device(network, report)
        return network

    def _first(self, report: ReportNotice) -> Network | None:
        if self._own is not None:
            with self._loading:
                own = self._own.network(report)
            if own is not None:
                return own
        if self._best() is None and self._may_fetch():
            for card in self._weights.for_use("scout"):
                self._weights.ensure(card.id, report)
        while (best := self._best()) is not None:
            network = self._load(best, report)
            if network is not None:
                return network
        return None

    def loaded(self, report: ReportNotice) -> tuple[Network | None, Network | None]:
        """Return the network that cuts out and its scout, each None without its weights."""
        network = self.first(report)
        return network, self.scout(network, report) if network else None

    def scout(self, first: Segmenter, report: ReportNotice) -> Network | None:
        """Return the faster network that locates the product; None if there is no faster one."""
        if first.spec.name not in {card.id for card in self._weights.cards}:
            return None
        card = self._usable("scout", first.spec.name)
        return self._load(card, report) if card else None

    def precise_card(self, first: str) -> NetworkCard | None:
        """Return the installed network for doubtful results of `first`; None if there is none."""
        return None if self._quality == "fast" else self._usable("precise", first)

    def precise(self, first: str, report: ReportNotice) -> Network | None:
        """Return that network, loaded, if the available memory allows a run."""
        card = self.precise_card(first)
        if card is None:
            return None
        spec = spec_of(card, available_mb())
        if spec is None:
            report(Notice.of("MATTE_PRECISE_SKIPPED", name=card.id))
            return None
        return self._load(card, report, spec)

    def prompted_card(self) -> NetworkCard | None:
        """Return the installed network that answers prompts; None if there is none."""
        return None if self._quality == "fast" else self._usable("prompt")

    def prompted(self, report: ReportNotice) -> PromptNetwork | None:
        """Return that network, loaded once; None without it or without enough memory."""
        with self._loading:
            card = self.prompted_card()
            if self._prompted is None and card is not None:
                self._prompted = self._load_prompted(card, report)
            return self._prompted

    def _load_prompted(self, card: NetworkCard, report: ReportNotice) -> PromptNetwork | None:
        if spec_of(card, available_mb()) is None:
            return None
        try:
            return prompt_network(card, self._weights.path_of(card.id).parent)
        except RuntimeError:
            self._damaged.add(card.id)
            report(Notice.of("WEIGHTS_DAMAGED", name=card.id))
            return None

    def fetch_all(self, report: ReportNotice, cancelled: threading.Event) -> None:
        """Download what is used without being chosen: what cuts out before the rest, the smallest first."""
        if not self._fetch:
            return
        wanted = [card for card in self._weights.cards if is_automatic(card, self._quality)]
        for card in sorted(wanted, key=lambda card: (card.default_use == "prompt", card.bytes)):
            self._weights.ensure(card.id, report, cancelled)
            if cancelled.is_set():
                return

    def _best(self) -> NetworkCard | None:
        chosen = self._weights.chosen()
        cards = [*([self._weights.card(chosen)] if chosen else [])]
        if self._quality == "best":
            cards += self._weights.for_use("first")
        cards += self._weights.for_use("scout")
        usable = (card for card in cards if card.id not in self._damaged)
        return next((card for card in usable if self._weights.is_present(card.id)), None)

    def _usable(self, use: str, other_than: str = "") -> NetworkCard | None:
        """Return the first installed network with this default use that is not known to be damaged."""
        unusable = {*self._damaged, other_than}
        cards = (card for card in self._weights.for_use(use) if card.id not in unusable)
        return next((card for card in cards if self._weights.is_present(card.id)), None)

    def _load(
        self, card: NetworkCard, report: ReportNotice, spec: NetworkSpec | None = None
    ) -> Network | None:
        """Return the loaded network, or None if its weights are missing or damaged."""
        with self._loading:
            known = self._loaded.get(card.id)
            # Memory may have become scarce since it was loaded.
            if known is not None and (spec is None or known.spec.side <= spec.side):
                return known
            if card.id in self._damaged or not self._weights.is_present(card.id):
                return None
            self._loaded.pop(card.id, None)
            try:
                network = engines.fastest(
                    self._weights.path_of(card.id), spec or usual_spec(card), self._device
                )
            except RuntimeError:
                self._damaged.add(card.id)
                report(Notice.of("WEIGHTS_DAMAGED", name=card.id))
                return None
            self._loaded[card.id] = network
            return network

    def _may_fetch(self) -> bool:
        if not self._fetch or time.monotonic() < self._fetch_after:
            return False
        self._fetch_after = time.monotonic() + FETCH_RETRY_SECONDS
        return True

    def _report_device(self, network: Network | None, report: ReportNotice) -> None:
        if self._is_device_reported or self._device in ("auto", "cpu") or network is None:
            return
        self._is_device_reported = True
        remedy = missing_for(self._device)
        if remedy is None and network.engine == self._device:
            return
        why = remedy or f"{network.spec.name} does not run there, or not with the same result"
        report(Notice.of("DEVICE_UNAVAILABLE", device=self._device, reason=why))


class _CustomNetwork:
    """The operator's custom model; if it cannot be loaded, one notice is sent and other networks are used."""

    def __init__(self, path: Path, weights: WeightsFolder, device: Device) -> None:
        self._weights = weights
        self._device: Device = device
        self._network: Network | None = None
        self._error: str | None = None
        self._is_reported = False
        try:
            self._model: custom_model.CustomModel | None = custom_model.described(path)
        except custom_model.CustomModelUnusable as error:
            self._model, self._error = None, str(error)

    @property
    def model(self) -> custom_model.CustomModel | None:
        """The model, or None if it is known to be unusable."""
        return self._model if self._error is None else None

    def network(self, report: ReportNotice) -> Network | None:
        """Return the loaded network, or None if it cannot be used."""
        if self._network is None and self._model is not None and self._error is None:
            try:
                self._network = custom_model.loaded(self._model, self._device)
            except custom_model.CustomModelUnusable as error:
                self._error = str(error)
        if not self._is_reported:
            self._is_reported = True
            if self._error is not None or self._model is None:
                report(Notice("warning", "MATTE_MODEL_UNUSABLE", self._error or ""))
            elif warning := custom_model.licence_warning(self._model, self._weights.cards):
                report(Notice("warning", "MATTE_MODEL_LICENCE", warning))
        return self._network
