"""Making a half-precision network fit for a CPU."""

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from stillroom.providers.weights.conversion import single_output_fp32


def half_precision_network() -> bytes:
    """y = relu(2 x + 1), computed in half precision, with a side output."""
    two = numpy_helper.from_array(np.array(2, np.float16), "two")
    one = numpy_helper.from_array(np.array(1, np.float16))
    nodes = [
        helper.make_node("Cast", ["input"], ["half"], to=TensorProto.FLOAT16),
        helper.make_node("Constant", [], ["one"], value=one),
        helper.make_node("Mul", ["half", "two"], ["product"]),
        helper.make_node("Add", ["product", "one"], ["sum"]),
        helper.make_node("Relu", ["sum"], ["positive"]),
        helper.make_node("Cast", ["positive"], ["output"], to=TensorProto.FLOAT),
        helper.make_node("Sigmoid", ["sum"], ["squashed"]),
        helper.make_node("Cast", ["squashed"], ["side"], to=TensorProto.FLOAT),
    ]
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [4])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, [4]) for name in ("output", "side")],
        [two],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
    return bytes(model.SerializeToString())


def run(model: bytes, values: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    return list(session.run(None, {"input": values}))


def test_the_widened_network_gives_the_first_output_and_no_other() -> None:
    values = np.array([-3, -0.25, 0.5, 2], np.float32)
    first, _ = run(half_precision_network(), values)
    (widened,) = run(single_output_fp32(half_precision_network()), values)
    assert np.allclose(widened, first, atol=1e-3)
    assert widened.tolist() == [0.0, 0.5, 2.0, 5.0]


def test_the_widened_network_holds_no_half_precision_and_nothing_unused() -> None:
    model = onnx.load_from_string(single_output_fp32(half_precision_network()))
    assert {node.op_type for node in model.graph.node} == {"Constant", "Mul", "Add", "Relu"}
    assert [tensor.data_type for tensor in model.graph.initializer] == [TensorProto.FLOAT]
    onnx.checker.check_model(model)


def test_widening_is_the_same_every_time() -> None:
    assert single_output_fp32(half_precision_network()) == single_output_fp32(half_precision_network())
