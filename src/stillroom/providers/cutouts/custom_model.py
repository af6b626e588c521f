"""Custom model: an operator's ONNX network, its input format and a smoke test."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from stillroom.domain.networks import Device, NetworkCard, Scaling
from stillroom.imaging.cutout.inference import engines_for, open_session, without_cpu
from stillroom.imaging.cutout.networks import Network, NetworkSpec, finds_a_ball
from stillroom.providers.cutouts import engines
from stillroom.providers.weights.conversion import external_data_of
from stillroom.providers.weights.downloads import digest_of
from stillroom.providers.weights.folder import WeightsState

USUAL_SIDE = 1024  # pixels; used if neither the file nor its notes state the input size
_EDGE_BYTES = 1 << 20  # bytes hashed at each end of the file; hashing all of it would be slow


_NON_COMMERCIAL = re.compile(r"non-?commercial|\bNC\b|research only", re.IGNORECASE)


class Notes(BaseModel):
    """Optional JSON file of the same name beside the network.

    Attributes:
        files: Files beside it that hold weights (ONNX external data); others are not read.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    scaling: Scaling | None = None
    side: int | None = Field(default=None, ge=128, le=4096)
    files: tuple[str, ...] = ()
    licence: str = Field(default="as stated by its author", min_length=1)


class CustomModelUnusable(Exception):
    """The custom model cannot be used; the text gives the reason."""


@dataclass(frozen=True, slots=True)
class CustomModel:
    """An operator's network.

    Attributes:
        spec: Input format; its name is unique to the file's content.
    """

    path: Path
    spec: NetworkSpec
    licence: str


def described(path: Path) -> CustomModel:
    """Read a file's description without running the network.

    Raises:
        CustomModelUnusable: The file is missing, no ONNX network, or does not take one picture as input.
    """
    notes = _notes(path)
    try:
        foreign = external_data_of(path) - set(notes.files)
    except (OSError, ValueError) as error:
        raise CustomModelUnusable(f"{path} cannot be loaded: {error}") from error
    if foreign:
        raise CustomModelUnusable(f"{path} refers to {min(foreign)}, which {path.stem}.json does not name.")
    try:
        given = open_session(path, optimises=False).get_inputs()
        digest = _digest(path)
    except (RuntimeError, OSError) as error:
        raise CustomModelUnusable(f"{path} cannot be loaded: {error}") from error
    shape = given[0].shape if given else []
    if len(given) != 1 or len(shape) != 4 or (isinstance(shape[1], int) and shape[1] != 3):
        raise CustomModelUnusable(f"{path} does not take one RGB picture.")
    side = notes.side or (shape[2] if isinstance(shape[2], int) else USUAL_SIDE)
    stem = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")[:24] or "own"
    return CustomModel(
        path, NetworkSpec(f"own-{stem}-{digest}", side, notes.scaling or _scaling(side)), notes.licence
    )


def state_of(path: Path) -> WeightsState:
    """Return whether the model can be loaded; `source` is its path or the reason why it cannot."""
    try:
        own = described(path)
    except CustomModelUnusable as error:
        return WeightsState(path.stem, "", str(error), 0.0, False)
    return WeightsState(own.spec.name, own.licence, str(path), path.stat().st_size / 1e6, True)


def loaded(own: CustomModel, device: Device = "auto") -> Network:
    """Load the network and test it on a fixed picture.

    Raises:
        CustomModelUnusable: The network does not separate a ball from the wall behind it.
    """
    try:
        network = Network(own.path, own.spec)
        has_found = finds_a_ball(network)
        if without_cpu(engines_for(device)):
            network = engines.fastest(own.path, own.spec, device)
    except (RuntimeError, ValueError, IndexError) as error:
        # The last two for an output of another shape.
        raise CustomModelUnusable(f"{own.path} does not run: {error}") from error
    if not has_found:
        raise CustomModelUnusable(f"{own.path} does not find a ball in front of a wall.")
    return network


def licence_warning(own: CustomModel, cards: Sequence[NetworkCard]) -> str | None:
    """Return a warning if the licence excludes commercial use: a known file's, or the one in the notes.

    Args:
        cards: Known networks; the whole file is hashed to recognise them.
    """
    restricted = {file.sha256: card for card in cards if not card.commercial_use for file in card.files}
    card = restricted.get(digest_of(own.path))
    licence = card.licence if card else own.licence
    if card is None and not _NON_COMMERCIAL.search(licence):
        return None
    return f"{own.path.name} has the licence {licence}. Commercial use needs its owner's consent."


def _notes(path: Path) -> Notes:
    beside = path.with_suffix(".json")
    if not beside.exists():
        return Notes()
    try:
        return Notes.model_validate(json.loads(beside.read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError) as error:
        raise CustomModelUnusable(f"{beside} is not usable: {error}") from error


def _scaling(side: int) -> Scaling:
    """Return the input scaling: U2-Net and its variants take 320 pixels, IS-Net and its variants more."""
    return "u2net" if side <= 512 else "isnet"


def _digest(path: Path) -> str:
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_EDGE_BYTES)
        file.seek(max(0, size - _EDGE_BYTES))
        tail = file.read()
    return hashlib.sha256(head + tail + str(size).encode()).hexdigest()[:8]
