"""Networks that find the product: how each wants its input and what its output means."""

import functools
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from stillroom.imaging.pixels import Picture, Plane

THREADS = 2  # measured: more than the physical cores of a small server only adds contention


Scaling = Literal["isnet", "u2net", "birefnet"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a network wants its input.

    Attributes:
        name: Such as `isnet-1024`; part of the key of cached mattes.
        side: Pixels of its square input; the photo is stretched to it.
        scaling: `isnet` is (x - 128) / 256; `u2net` divides by the maximum, then normalises as ImageNet does,
            and stretches what comes out; `birefnet` divides by 255, normalises so, and gives logits.
    """

    name: str
    side: int
    scaling: Scaling


ISNET = Recipe("isnet-1024", 1024, "isnet")
U2NETP = Recipe("u2netp", 320, "u2net")


Engine = Literal["onnxruntime", "openvino"]
"""What carries a network out: in single precision anywhere, or in half the bits where the CPU has them."""

MOST_APART = 0.05  # of cover; a result farther from single precision is not the same network any more
_FIXED_SIDE = 256  # pixels of the picture on which two engines are compared

_Run = Callable[[NDArray[np.float32]], NDArray[np.float32]]


class Network:
    """A loaded network; safe to call from several threads."""

    def __init__(self, path: Path, recipe: Recipe, engine: Engine = "onnxruntime") -> None:
        """Load the weights.

        Args:
            path: The ONNX file.
            recipe: How it wants its input.
            engine: `openvino` only where `has_bfloat16` says so.

        Raises:
            onnxruntime.capi.onnxruntime_pybind11_state.Fail: The file is not a network.
        """
        self.recipe = recipe
        self.engine: Engine = engine
        self._run = _with_openvino(path) if engine == "openvino" else _with_onnxruntime(path)
        self._one_at_a_time = threading.Lock()

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
        with self._one_at_a_time:
            plane = self._run(np.ascontiguousarray(tensor))[0, 0]
        if self.recipe.scaling == "u2net":
            low, high = float(plane.min()), float(plane.max())
            plane = (plane - low) / max(high - low, 1e-6)
        elif self.recipe.scaling == "birefnet":
            plane = 1 / (1 + np.exp(-plane))
        return np.asarray(np.clip(plane, 0.0, 1.0), np.float32)


def _with_onnxruntime(path: Path) -> _Run:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    # Spinning threads would burn the cores that the web server shares.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # Given back after each look: 0.8 GB less at rest for a tenth more time.
    options.enable_cpu_mem_arena = False
    model = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    given, wanted = model.get_inputs()[0].name, model.get_outputs()[0].name

    def run(tensor: NDArray[np.float32]) -> NDArray[np.float32]:
        (output,) = model.run([wanted], {given: tensor})
        return np.asarray(output, np.float32)

    return run


def _with_openvino(path: Path) -> _Run:
    import openvino

    properties = {
        "INFERENCE_PRECISION_HINT": "bf16",
        "INFERENCE_NUM_THREADS": THREADS,
        "NUM_STREAMS": 1,
        # Pinned threads would fight with the other workers of the machine for the same cores.
        "ENABLE_CPU_PINNING": False,
    }
    model = openvino.Core().compile_model(str(path), "CPU", properties)

    def run(tensor: NDArray[np.float32]) -> NDArray[np.float32]:
        # A request of its own each time: what it holds is given back afterwards.
        results = model.create_infer_request().infer([tensor])
        return np.array(results[model.outputs[0]], np.float32)

    return run


@functools.cache
def has_bfloat16() -> bool:
    """Whether OpenVINO is installed and the CPU multiplies bfloat16 itself."""
    try:
        import openvino

        return "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    except (ImportError, RuntimeError):
        return False


def openvino_agrees(path: Path, recipe: Recipe) -> bool:
    """Whether both engines see the same in a fixed picture.

    Args:
        path: The ONNX file.
        recipe: How it wants its input.
    """
    across = np.linspace(0, 1, _FIXED_SIDE, dtype=np.float32)
    picture = np.repeat((60 + 120 * np.outer(across, across))[..., None], 3, axis=2).astype(np.uint8)
    cv2.circle(picture, (120, 140), 70, (200, 60, 40), cv2.FILLED)
    cv2.rectangle(picture, (110, 40), (150, 90), (30, 60, 160), cv2.FILLED)
    exact = Network(path, recipe).predict(picture)
    try:
        quick = Network(path, recipe, "openvino").predict(picture)
    except RuntimeError:
        return False
    return float(np.abs(exact - quick).max()) <= MOST_APART


def _scaled(photo: Plane, scaling: str) -> Plane:
    if scaling == "isnet":
        return (photo - 128.0) / 256.0
    mean = np.array([0.485, 0.456, 0.406], np.float32)
    deviation = np.array([0.229, 0.224, 0.225], np.float32)
    white = 255.0 if scaling == "birefnet" else max(float(photo.max()), 1.0)
    return (photo / white - mean) / deviation
