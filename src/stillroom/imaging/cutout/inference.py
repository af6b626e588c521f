"""What carries a network out: one engine that runs anywhere, and quicker ones where they can be had."""

import contextlib
import ctypes
import functools
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import numpy as np
import onnxruntime
from numpy.typing import NDArray

THREADS = 2  # measured: more than the physical cores of a small server only adds contention

Engine = Literal["openvino", "mnn", "onnxruntime"]
"""By their speed: in half the bits where the CPU has them, with Winograd's convolutions, and anywhere."""

Run = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""From the input, float32 (1, 3, h, w), to the first output; it lets other Python threads go on."""

_STANDARD_OUTPUT = 1


def run_with(engine: Engine, path: Path) -> Run:
    """Load a network.

    Args:
        engine: `openvino` only where `has_bfloat16`, `mnn` only where `has_mnn` says so.
        path: The ONNX file; for `mnn`, what was made of it.

    Raises:
        RuntimeError: The file is not a network, or not one for this engine.
    """
    return {"openvino": _with_openvino, "mnn": _with_mnn, "onnxruntime": _with_onnxruntime}[engine](path)


def weights_of(network: Path) -> Path:
    """The file beside a network made for MNN that holds its weights; MNN looks for it by this name."""
    return network.with_name(f"{network.name}.weight")


@functools.cache
def has_bfloat16() -> bool:
    """Whether OpenVINO is installed and the CPU multiplies bfloat16 itself."""
    try:
        import openvino

        return "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    except (ImportError, RuntimeError):
        return False


@functools.cache
def has_mnn() -> bool:
    """Whether MNN is installed."""
    try:
        _mnn()
    except ImportError:
        return False
    return True


def _with_onnxruntime(path: Path) -> Run:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    # Spinning threads would burn the cores that the web server shares.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # Given back after each look: 0.8 GB less at rest for a tenth more time.
    options.enable_cpu_mem_arena = False
    try:
        model = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # what it raises has nothing else in common
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
        # Pinned threads would fight with the other workers of the machine for the same cores.
        "ENABLE_CPU_PINNING": False,
    }
    model = openvino.Core().compile_model(str(path), "CPU", properties)

    def run(tensor: NDArray[np.float32]) -> NDArray[np.float32]:
        # A request of its own each time: what it holds is given back afterwards.
        results = model.create_infer_request().infer([tensor])
        return np.array(results[model.outputs[0]], np.float32)

    return run


def _with_mnn(path: Path) -> Run:
    mnn = _mnn()
    if not weights_of(path).is_file():
        raise RuntimeError(f"{path} has no weights beside it.")
    try:
        model = mnn.Interpreter(str(path))
        # Sessions, not the newer modules: those keep all of Python waiting while they run.
        session = model.createSession({"backend": "CPU", "precision": "normal", "numThread": THREADS})
    except Exception as error:  # it raises nothing more particular
        raise RuntimeError(f"{path} is not a network that MNN runs.") from error
    given, wanted = model.getSessionInput(session), model.getSessionOutput(session)
    shape = wanted.getShape()

    def run(tensor: NDArray[np.float32]) -> NDArray[np.float32]:
        layout = mnn.Tensor_DimensionType_Caffe
        given.copyFrom(mnn.Tensor(tensor.shape, mnn.Halide_Type_Float, tensor, layout))
        model.runSession(session)
        output = np.empty(shape, np.float32)
        held = mnn.Tensor(shape, mnn.Halide_Type_Float, output, layout)
        wanted.copyToHostTensor(held)
        return np.array(held.getNumpyData(), np.float32).reshape(shape)

    return run


@functools.cache
def _mnn() -> Any:
    with _silent():
        import MNN
    return MNN


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """Nothing that a library prints while it is loaded gets among what a command prints."""
    library = ctypes.CDLL(None) if sys.platform != "win32" else ctypes.cdll.msvcrt
    sys.stdout.flush()
    kept = os.dup(_STANDARD_OUTPUT)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, _STANDARD_OUTPUT)
    try:
        yield
    finally:
        library.fflush(None)
        os.dup2(kept, _STANDARD_OUTPUT)
        os.close(kept)
        os.close(nowhere)
