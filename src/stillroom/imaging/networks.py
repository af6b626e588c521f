"""Networks that find the product: how each wants its input and what its output means."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
import onnxruntime

from stillroom.imaging.pixels import Picture, Plane

THREADS = 2  # measured: more than the physical cores of a small server only adds contention


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a network wants its input.

    Attributes:
        name: Such as `isnet-1024`; part of the key of cached mattes.
        side: Pixels of its square input; the photo is stretched to it.
        scaling: `isnet` is (x - 128) / 256; `u2net` divides by the maximum, then normalises as ImageNet does.
    """

    name: str
    side: int
    scaling: Literal["isnet", "u2net"]


ISNET = Recipe("isnet-1024", 1024, "isnet")
U2NETP = Recipe("u2netp", 320, "u2net")


class Network:
    """A loaded network; safe to call from several threads."""

    def __init__(self, path: Path, recipe: Recipe) -> None:
        """Load the weights.

        Raises:
            onnxruntime.capi.onnxruntime_pybind11_state.Fail: The file is not a network.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = THREADS
        # Spinning threads would burn the cores that the web server shares.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        # Given back after each look: 0.8 GB less at rest for a tenth more time.
        options.enable_cpu_mem_arena = False
        self.recipe = recipe
        self._model = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._input = self._model.get_inputs()[0].name
        self._output = self._model.get_outputs()[0].name

    def predict(self, photo: Picture) -> Plane:
        """How likely each pixel belongs to the product.

        Args:
            photo: uint8 (H, W, 3), sRGB.

        Returns:
            float32 (side, side), 0..1, stretched as the input was.
        """
        side = self.recipe.side
        shrinks = photo.shape[0] * photo.shape[1] > side * side
        method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
        small = np.asarray(cv2.resize(photo, (side, side), interpolation=method), np.float32)
        tensor = _scaled(small, self.recipe.scaling).transpose(2, 0, 1)[None]
        (output,) = self._model.run([self._output], {self._input: np.ascontiguousarray(tensor)})
        plane = np.asarray(output, np.float32)[0, 0]
        if self.recipe.scaling == "u2net":
            low, high = float(plane.min()), float(plane.max())
            plane = (plane - low) / max(high - low, 1e-6)
        return np.asarray(np.clip(plane, 0.0, 1.0), np.float32)


def _scaled(photo: Plane, scaling: str) -> Plane:
    if scaling == "isnet":
        return (photo - 128.0) / 256.0
    mean = np.array([0.485, 0.456, 0.406], np.float32)
    deviation = np.array([0.229, 0.224, 0.225], np.float32)
    return (photo / max(float(photo.max()), 1.0) - mean) / deviation
