"""Custom model: an operator's ONNX network, its input format and a smoke test."""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
import onnxruntime
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from stillroom.imaging.cutout.networks import Network, Recipe, Scaling
from stillroom.providers.weights import WeightsState

USUAL_SIDE = 1024  # pixels; used if neither the file nor its notes state the input size
_EDGE_BYTES = 1 << 20  # bytes hashed at each end of the file; hashing all of it would be slow


class Notes(BaseModel):
    """Optional JSON file of the same name beside the network."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    scaling: Literal["isnet", "u2net", "birefnet"] | None = None
    side: int | None = Field(default=None, ge=128, le=4096)
    licence: str = "as stated by its author"


class CustomModelUnusable(Exception):
    """The custom model cannot be used; the text gives the reason."""


@dataclass(frozen=True, slots=True)
class CustomModel:
    """An operator's network.

    Attributes:
        path: The ONNX file.
        recipe: Input format; its name is unique to the file's content.
        licence: Licence as stated in the notes.
    """

    path: Path
    recipe: Recipe
    licence: str


def described(path: Path) -> CustomModel:
    """Read a file's description without running the network.

    Raises:
        CustomModelUnusable: The file is missing, no ONNX network, or does not take one picture as input.
    """
    notes = _notes(path)
    try:
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        given = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        ).get_inputs()
        digest = _digest(path)
    except Exception as error:
        raise CustomModelUnusable(f"{path} cannot be loaded: {error}") from error
    shape = given[0].shape
    if len(given) != 1 or len(shape) != 4 or (isinstance(shape[1], int) and shape[1] != 3):
        raise CustomModelUnusable(f"{path} does not take one RGB picture.")
    side = notes.side or (shape[2] if isinstance(shape[2], int) else USUAL_SIDE)
    stem = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")[:24] or "own"
    return CustomModel(
        path, Recipe(f"own-{stem}-{digest}", side, notes.scaling or _scaling(side)), notes.licence
    )


def state_of(path: Path) -> WeightsState:
    """Return whether the model can be loaded; `source` is its path or the reason why it cannot."""
    try:
        own = described(path)
    except CustomModelUnusable as error:
        return WeightsState(path.stem, "", str(error), 0.0, False)
    return WeightsState(own.recipe.name, own.licence, str(path), path.stat().st_size / 1e6, True)


def loaded(own: CustomModel) -> Network:
    """Load the network and test it on a fixed picture.

    Raises:
        CustomModelUnusable: The network does not separate a ball from the wall behind it.
    """
    try:
        network = Network(own.path, own.recipe)
        seen = network.predict(_ball())
    except Exception as error:
        raise CustomModelUnusable(f"{own.path} does not run: {error}") from error
    side = seen.shape[0]
    middle = float(
        seen[round(0.45 * side) : round(0.55 * side), round(0.45 * side) : round(0.55 * side)].mean()
    )
    corner = float(seen[: round(0.1 * side), : round(0.1 * side)].mean())
    if not np.isfinite(seen).all() or middle - corner < 0.3:
        raise CustomModelUnusable(f"{own.path} does not find a ball in front of a wall.")
    return network


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


def _ball() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    picture = np.full((512, 512, 3), 205, np.uint8)
    for radius in range(150, 0, -2):
        shade = 1 - radius / 190
        cv2.circle(
            picture, (256 - radius // 12, 256 - radius // 12), radius, (90 + 160 * shade, 40, 30), cv2.FILLED
        )
    return picture
