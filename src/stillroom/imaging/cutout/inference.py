"""Inference engines: ONNX Runtime everywhere, OpenVINO or MNN where they are available and faster."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np
import onnxruntime
from numpy.typing import NDArray

THREADS = 2  # measured; more than the physical cores of a small server adds contention

Engine = Literal["openvino", "mnn", "onnxruntime"]
"""From fastest to slowest: bfloat16 where the CPU supports it, Winograd convolutions, and the fallback."""

Run = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""Maps the input, float32 (1, 3, h, w), to the first output; releases the GIL."""


def run_with(engine: Engine, path: Path) -> Run:
    """Load a network.

    Args:
        engine: `openvino` requires `has_bfloat16`, `mnn` requires `has_mnn`.
        path: The ONNX file; for `mnn`, the network converted from it.

    Raises:
        RuntimeError: The file is not a network, or not one for this engine.
    """
    return {"openvino": _with_openvino, "mnn": _with_mnn, "onnxruntime": _with_onnxruntime}[engine](path)


def weights_of(network: Path) -> Path:
    """Path of the weights of a network converted for MNN; MNN expects this name beside the network."""
    return network.with_name(f"{network.name}.weight")


@functools.cache
def has_bfloat16() -> bool:
    """Whether OpenVINO is installed and the CPU has bfloat16 instructions."""
    try:
        import openvino

        return "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    except (ImportError, RuntimeError):
        return False


@functools.cache
def has_mnn() -> bool:
    """Whether MNN is installed."""
    try:
        import MNN  # noqa: F401  # asked for, not used
    except ImportError:
        return False
    return True


def _with_onnxruntime(path: Path) -> Run:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    # Spinning threads would occupy the cores that the web server shares.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # Frees memory after each run: 0.8 GB less when idle for 10 % more time.
    options.enable_cpu_mem_arena = False
    try:
        model = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # it raises no common class
        raise RuntimeError(f"{path} is not a network: {error}") from error
    given, wanted = model.get_inputs()[0].name, model.get_outputs()[0].name

    def run(tensor: NDArray[np.float32]) -> NDArray[np.float32]:
        (output,) = model.run([wanted], {given: tensor})
        return np.asarray(output, np.float32)

    return run


def _with_openvino(path: Path) -> Run:
    import openvino

    properties = {
        "INFERENCE_PRECISION_HINT": "bf16",
        "INFERENCE_NUM_THREADS": THREADS,
        "NUM_STREAMS": 1,
        # Pinned threads would compete with the other workers of the machine for the same cores.
        "ENABLE_CPU_PINNING": False,
    }
    model = openvino.Core().compile_model(str(path), "CPU", properties)

    def run(tensor: NDArray[np.float32]) -> NDArray[np.float32]:
        # A new request each time, so that its memory is freed afterwards.
        results = model.create_infer_request().infer([tensor])
        return np.array(results[model.outputs[0]], np.float32)

    return run


def _with_mnn(path: Path) -> Run:
    import MNN

    if not weights_of(path).is_file():
        raise RuntimeError(f"{path} has no weights beside it.")
    try:
        model = MNN.Interpreter(str(path))
        # MNN's newer modules hold the GIL while they run; sessions do not.
        session = model.createSession({"backend": "CPU", "precision": "normal", "numThread": THREADS})
    except Exception as error:  # it raises no narrower class
        raise RuntimeError(f"{path} is not a network that MNN runs.") from error
    given, wanted = model.getSessionInput(session), model.getSessionOutput(session)
    shape = wanted.getShape()

    def run(tensor: NDArray[np.float32]) -> NDArray[np.float32]:
        layout = MNN.Tensor_DimensionType_Caffe
        given.copyFrom(MNN.Tensor(tensor.shape, MNN.Halide_Type_Float, tensor, layout))
        model.runSession(session)
        output = np.empty(shape, np.float32)
        held = MNN.Tensor(shape, MNN.Halide_Type_Float, output, layout)
        wanted.copyToHostTensor(held)
        return np.array(held.getNumpyData(), np.float32).reshape(shape)

    return run
