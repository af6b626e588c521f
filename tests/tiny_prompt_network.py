"""An encoder and a decoder of a few kilobytes with the inputs and outputs of SAM 2, and their card."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from stillroom.domain.networks import NetworkCard
from stillroom.imaging.cutout.prompted import MASK_SIDE, SIDE
from tests.tiny_networks import card_of

FEATURES = {"high_res_feats_0": 256, "high_res_feats_1": 128, "image_embed": 64}
"""Outputs of the encoder, with their sides."""


def prompt_network_files(folder: Path, *, radius: float = 0.15) -> tuple[Path, Path]:
    """Write an encoder and a decoder whose masks depend on the prompt alone, not on the photo.

    Args:
        folder: Where to; it is created.
        radius: In shares of the photo's side, of the disc around the mean of the points that add. Without
            such points, the mask is the inner four fifths of the box.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = folder / "encoder.onnx", folder / "decoder.onnx"
    for path, content in zip(paths, (_encoder(), _decoder(radius * SIDE)), strict=True):
        path.write_bytes(content)
    return paths


def prompt_card(name: str, files: tuple[Path, Path], /, *, memory_mb: int = 1, **changes: Any) -> NetworkCard:
    """The card of a network whose files lie in a subfolder of the weights folder, the encoder first."""
    facts = [
        {
            "name": f"{name}/{path.name}",
            "bytes": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "urls": ["https://127.0.0.1:1/none"],
        }
        for path in files
    ]
    takes = {"takes": "points", "scaling": "birefnet", "sizes": [{"side": SIDE, "memory_mb": memory_mb}]}
    usual = {"default_use": "prompt", "files": facts, "input": takes, "output": "masks"}
    return card_of(name, b"", **(usual | changes))


def _encoder() -> bytes:
    """The photo itself, made smaller: 3 channels where SAM 2 has 32 to 256."""
    nodes = [
        helper.make_node(
            "AveragePool", ["image"], [name], kernel_shape=[SIDE // side] * 2, strides=[SIDE // side] * 2
        )
        for name, side in FEATURES.items()
    ]
    return _model(nodes, {"image": [1, 3, SIDE, SIDE]}, _features(), [])


def _decoder(radius: float) -> bytes:
    """Logits are the distance from the outline in pixels of the encoder's input, inside positive."""
    nodes = [
        *(node for name in ("adds", "top_left", "bottom_right") for node in _weighted_sum(name)),
        helper.make_node("Max", ["adds_count", "one"], ["divisor"]),
        helper.make_node("Div", ["adds_sum", "divisor"], ["mean"]),
        helper.make_node("Sub", ["grid", "mean"], ["from_mean"]),
        helper.make_node("ReduceL2", ["from_mean"], ["distance"], axes=[2], keepdims=0),
        helper.make_node("Sub", ["radius", "distance"], ["disc"]),
        helper.make_node("Add", ["top_left_sum", "bottom_right_sum"], ["both"]),
        helper.make_node("Mul", ["both", "half"], ["middle"]),
        helper.make_node("Sub", ["bottom_right_sum", "top_left_sum"], ["size"]),
        helper.make_node("Mul", ["size", "inner_half"], ["reach"]),
        helper.make_node("Sub", ["grid", "middle"], ["from_middle"]),
        helper.make_node("Abs", ["from_middle"], ["off_middle"]),
        helper.make_node("Sub", ["reach", "off_middle"], ["by_axis"]),
        helper.make_node("ReduceMin", ["by_axis"], ["inner"], axes=[2], keepdims=0),
        helper.make_node("Squeeze", ["adds_count", "last"], ["count"]),
        helper.make_node("Greater", ["count", "zero"], ["has_points"]),
        helper.make_node("Where", ["has_points", "disc", "inner"], ["mask"]),
        # A part, the object, and more than it, as SAM 2 answers.
        helper.make_node("Add", ["mask", "offsets"], ["own_masks"]),
        helper.make_node("Mul", ["mask_input", "has_mask_input"], ["earlier_mask"]),
        helper.make_node("Add", ["own_masks", "earlier_mask"], ["masks"]),
        helper.make_node("Identity", ["scores"], ["iou_predictions"]),
    ]
    centers = (np.arange(MASK_SIDE, dtype=np.float32) + 0.5) * (SIDE / MASK_SIDE)
    constants = {
        "grid": np.stack(np.meshgrid(centers, centers), axis=2),
        "adds_label": np.float32(1),
        "top_left_label": np.float32(2),
        "bottom_right_label": np.float32(3),
        "points_axis": np.array([1], np.int64),
        "last": np.array([2], np.int64),
        "zero": np.float32(0),
        "one": np.float32(1),
        "half": np.float32(0.5),
        "inner_half": np.float32(0.4),
        "radius": np.float32(radius),
        "offsets": np.array([-0.5 * radius, 0, 0.5 * radius], np.float32).reshape(1, 3, 1, 1),
        "scores": np.array([[0.6, 0.9, 0.7]], np.float32),
    }
    given = _features() | {
        "point_coords": [1, "points", 2],
        "point_labels": [1, "points"],
        "mask_input": [1, 1, MASK_SIDE, MASK_SIDE],
        "has_mask_input": [1],
    }
    answered = {"masks": [1, 3, MASK_SIDE, MASK_SIDE], "iou_predictions": [1, 3]}
    tensors = [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()]
    return _model(nodes, given, answered, tensors)


def _weighted_sum(name: str) -> list[Any]:
    """Sum and number of the points with a label, (1, 1, 2) and (1, 1, 1)."""
    return [
        helper.make_node("Equal", ["point_labels", f"{name}_label"], [f"{name}_flags"]),
        helper.make_node("Cast", [f"{name}_flags"], [f"{name}_ones"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", [f"{name}_ones", "last"], [f"{name}_weights"]),
        helper.make_node("Mul", ["point_coords", f"{name}_weights"], [f"{name}_weighted"]),
        helper.make_node("ReduceSum", [f"{name}_weighted", "points_axis"], [f"{name}_sum"], keepdims=1),
        helper.make_node("ReduceSum", [f"{name}_weights", "points_axis"], [f"{name}_count"], keepdims=1),
    ]


def _features() -> dict[str, list[Any]]:
    return {name: [1, 3, side, side] for name, side in FEATURES.items()}


def _model(
    nodes: list[Any], given: dict[str, list[Any]], answered: dict[str, list[Any]], tensors: list[Any]
) -> bytes:
    inputs, outputs = (
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in values.items()]
        for values in (given, answered)
    )
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())
