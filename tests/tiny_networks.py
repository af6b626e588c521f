"""Networks of a few hundred bytes that find what is red, and their cards in a catalogue of their own."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from stillroom.domain.networks import NetworkCard

RED = (10.0, 0.0, -10.0)
BLIND = (0.0, 0.0, 0.0)


def red_finder(weights: tuple[float, float, float] = RED, bias: float = 0.0) -> bytes:
    """A network of any input size whose logits are a weighted sum of the channels."""
    kernel = numpy_helper.from_array(np.array(weights, np.float32).reshape(1, 3, 1, 1), "w")
    offset = numpy_helper.from_array(np.array([bias], np.float32), "b")
    return _model([helper.make_node("Conv", ["x", "w", "b"], ["y"])], [kernel, offset], opset=13)


def deformable_red_finder(seed: int = 0, *, mask: bool = True, bias: bool = True, group: int = 1) -> bytes:
    """The same by a `DeformConv` with offsets that depend on the picture, as in BiRefNet's decoder."""
    random = np.random.default_rng(seed)
    side, offset_groups = 3, 2

    def tensor(name: str, *shape: int, scale: float = 0.1) -> Any:
        return numpy_helper.from_array(random.normal(0, scale, shape).astype(np.float32), name)

    spread = np.zeros((4, 3, 1, 1), np.float32)
    spread[:, 0], spread[:, 2] = 1.0, -1.0  # every feature is red minus blue
    filters = np.full((2, 4 // group, side, side), 10.0 * group / (4 * side * side), np.float32)
    optional = ["bias" if bias else "", "mask"] if mask else ["bias"] * bias
    nodes = [
        helper.make_node("Conv", ["x", "spread"], ["features"]),
        helper.make_node("Conv", ["features", "to_offsets"], ["offsets"], pads=[1, 1, 1, 1]),
        helper.make_node("Conv", ["features", "to_mask"], ["raw_mask"], pads=[1, 1, 1, 1]),
        helper.make_node("Sigmoid", ["raw_mask"], ["half_mask"]),
        helper.make_node("Add", ["half_mask", "half"], ["mask"]),
        helper.make_node(
            "DeformConv",
            ["features", "filters", "offsets", *optional],
            ["two"],
            kernel_shape=[side, side],
            pads=[1, 1, 1, 1],
            group=group,
            offset_group=offset_groups,
        ),
        helper.make_node("ReduceMean", ["two", "channels"], ["y"], keepdims=1),
    ]
    tensors = [
        numpy_helper.from_array(spread, "spread"),
        tensor("to_offsets", 2 * offset_groups * side * side, 4, 3, 3),
        tensor("to_mask", offset_groups * side * side, 4, 3, 3),
        numpy_helper.from_array(np.array(0.5, np.float32), "half"),
        numpy_helper.from_array(filters, "filters"),
        tensor("bias", 2),
        numpy_helper.from_array(np.array([1], np.int64), "channels"),
    ]
    used = {name for node in nodes for name in node.input}
    return _model(nodes, [each for each in tensors if each.name in used], opset=19)


def with_external_data(folder: Path, name: str, data: str) -> tuple[bytes, bytes]:
    """A red finder whose weights lie in a second file; the bytes of both."""
    path = folder / name
    model = onnx.load_from_string(red_finder())
    onnx.save_model(model, str(path), save_as_external_data=True, location=data, size_threshold=0)
    return path.read_bytes(), (folder / data).read_bytes()


def card_of(
    name: str, content: bytes, *urls: str, default_use: str = "on_request", **changes: Any
) -> NetworkCard:
    """The card of a network of one file."""
    file = {
        "name": f"{name}.onnx",
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "urls": list(urls) or ["https://127.0.0.1:1/none"],
    }
    facts = {
        "id": name,
        "family": "test",
        "default_use": default_use,
        "licence": "MIT",
        "commercial_use": True,
        "attribution": "tests",
        "homepage": "https://example.org",
        "files": [file],
        "input": {"scaling": "birefnet", "sizes": [{"side": 128, "memory_mb": 1}]},
        "output": "logits",
        "was_run": True,
    }
    return NetworkCard.model_validate(facts | changes)


def averager() -> bytes:
    """A network whose output is one number instead of a picture."""
    mean = helper.make_node("ReduceMean", ["x"], ["y"], keepdims=0)
    return _model([mean], [], opset=13, output=[])


def constant() -> bytes:
    """A network without an input."""
    value = numpy_helper.from_array(np.zeros((1, 1, 4, 4), np.float32))
    node = helper.make_node("Constant", [], ["y"], value=value)
    return _model([node], [], opset=13, has_input=False)


def _model(
    nodes: list[Any],
    tensors: list[Any],
    *,
    opset: int,
    output: Sequence[str | int] = ("n", 1, "h", "w"),
    has_input: bool = True,
) -> bytes:
    shape: list[str | int | None] = ["n", 3, "h", "w"]
    given = helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)
    wanted = helper.make_tensor_value_info("y", TensorProto.FLOAT, output)
    graph = helper.make_graph(nodes, "tiny", [given] * has_input, [wanted], tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=9)
    return bytes(model.SerializeToString())
