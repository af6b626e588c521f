"""Segmentation networks: input normalisation, inference and output scaling."""

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np

from stillroom.imaging.cutout.inference import Engine, run_with
from stillroom.imaging.pixels import Picture, Plane

Scaling = Literal["isnet", "u2net", "birefnet"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """Input and output format of a network.

    Attributes:
        name: For example `isnet-1024`; part of the cache key of mattes.
        side: Pixels of its square input; the photo is stretched to it.
        scaling: `isnet` computes (x - 128) / 256. `u2net` divides by the maximum, applies ImageNet
            normalisation and stretches the output to 0..1. `birefnet` divides by 255, applies ImageNet
            normalisation and outputs logits.
    """

    name: str
    side: int
    scaling: Scaling


ISNET = Recipe("isnet-1024", 1024, "isnet")
U2NETP = Recipe("u2netp", 320, "u2net")
RECIPES = {recipe.name: recipe for recipe in (ISNET, U2NETP)}

MOST_APART = 0.05  # of cover; a larger difference from float32 means a wrong computation
_FIXED_SIDE = 256  # pixels of the test picture for comparing engines


class Network:
    """A loaded network; thread-safe."""

    def __init__(self, path: Path, recipe: Recipe, engine: Engine = "onnxruntime") -> None:
        """Load the weights.

        Args:
            path: The ONNX file; for `mnn`, the network converted from it.
            recipe: Its input and output format.
            engine: An engine that is available.

        Raises:
            RuntimeError: The file is not a network, or not one for this engine.
        """
        self.recipe = recipe
        self.engine: Engine = engine
        self._run = run_with(engine, path)
        self._one_at_a_time = threading.Lock()

    def predict(self, photo: Picture) -> Plane:
        """Estimate the probability that each pixel belongs to the product.

        Args:
            photo: uint8 (H, W, 3), sRGB.

        Returns:
            float32 (side, side), 0..1, stretched like the input.
        """
        side = self.recipe.side
        shrinks = photo.shape[0] * photo.shape[1] > side * side
        method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
        small = np.asarray(cv2.resize(photo, (side, side), interpolation=method), np.float32)
        tensor = _scaled(small, self.recipe.scaling).transpose(2, 0, 1)[None]
        with self._one_at_a_time:
            plane = self._run(np.ascontiguousarray(tensor))[0, 0]
        if self.recipe.scaling == "u2net":
            low, high = float(plane.min()), float(plane.max())
            plane = (plane - low) / max(high - low, 1e-6)
        elif self.recipe.scaling == "birefnet":
            plane = 1 / (1 + np.exp(-plane))
        return np.asarray(np.clip(plane, 0.0, 1.0), np.float32)


def seen_in_trial(network: Network) -> Plane:
    """Output of a network for a fixed test picture, used to compare engines."""
    across = np.linspace(0, 1, _FIXED_SIDE, dtype=np.float32)
    picture = np.repeat((60 + 120 * np.outer(across, across))[..., None], 3, axis=2).astype(np.uint8)
    cv2.circle(picture, (120, 140), 70, (200, 60, 40), cv2.FILLED)
    cv2.rectangle(picture, (110, 40), (150, 90), (30, 60, 160), cv2.FILLED)
    return network.predict(picture)


def _scaled(photo: Plane, scaling: str) -> Plane:
    if scaling == "isnet":
        return (photo - 128.0) / 256.0
    mean = np.array([0.485, 0.456, 0.406], np.float32)
    deviation = np.array([0.229, 0.224, 0.225], np.float32)
    white = 255.0 if scaling == "birefnet" else max(float(photo.max()), 1.0)
    return (photo / white - mean) / deviation
