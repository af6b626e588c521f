"""Conversion of published ONNX files: half to single precision, and checks of what a file refers to."""

from pathlib import Path
from typing import Any


def single_output_fp32(half: bytes) -> bytes:
    """Convert a half-precision ONNX model with side outputs to single precision with its first output only.

    Half precision is slower on a CPU, and the side outputs take a third of the time and half of the memory.
    """
    import onnx
    from onnx import TensorProto, numpy_helper

    model = onnx.load_from_string(half)
    graph = model.graph
    del graph.output[1:]
    del graph.value_info[:]

    def widen(tensor: Any) -> None:
        if tensor.data_type == TensorProto.FLOAT16:
            tensor.CopyFrom(
                numpy_helper.from_array(numpy_helper.to_array(tensor).astype("float32"), tensor.name)
            )

    for tensor in graph.initializer:
        widen(tensor)
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("t"):
                widen(attribute.t)
    # Every Cast in these models converts between half and single precision.
    replaced = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "Cast"}

    def origin(name: str) -> str:
        while name in replaced:
            name = replaced[name]
        return name

    first_output = graph.output[0].name
    for node in graph.node:
        node.input[:] = [origin(name) for name in node.input]
        node.output[:] = [first_output if name == origin(first_output) else name for name in node.output]
    _drop_unused(graph)
    return bytes(model.SerializeToString(deterministic=True))


def _drop_unused(graph: Any) -> None:
    wanted = {output.name for output in graph.output}
    kept = []
    for node in reversed(graph.node):
        if node.op_type != "Cast" and wanted.intersection(node.output):
            wanted.update(node.input)
            kept.append(node)
    del graph.node[:]
    graph.node.extend(reversed(kept))
    initializers = [tensor for tensor in graph.initializer if tensor.name in wanted]
    del graph.initializer[:]
    graph.initializer.extend(initializers)


def external_data_of(network: Path) -> set[str]:
    """Return the files that a network refers to for its weights, as it spells them. Raises ValueError."""
    import onnx
    from google.protobuf.message import DecodeError
    from onnx.external_data_helper import ExternalDataInfo, uses_external_data

    try:
        model = onnx.load(network, load_external_data=False)
    except DecodeError as error:
        raise ValueError(f"{network.name} is not an ONNX network") from error
    tensors = [*model.graph.initializer, *_constants(model.graph)]
    return {ExternalDataInfo(tensor).location for tensor in tensors if uses_external_data(tensor)}


def _constants(graph: Any) -> list[Any]:
    """Return the tensors that nodes hold, also those in the bodies of loops and branches."""
    found = []
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("t"):
                found.append(attribute.t)
            if attribute.HasField("g"):
                found += [*attribute.g.initializer, *_constants(attribute.g)]
    return found
