"""Inference engines: ONNX Runtime everywhere; OpenVINO, MNN or a GPU where they are available and faster."""

import functools
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state

from stillroom.domain.networks import Device
from stillroom.imaging.cutout.deformable import deform_conv_extension

THREADS = 2  # measured; more than the physical cores of a small server adds contention

Engine = Literal["cuda", "directml", "coreml", "openvino-gpu", "openvino", "mnn", "onnxruntime"]
"""GPUs; then bfloat16 where the CPU supports it, Winograd convolutions, and the fallback."""

Run = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""Maps the input, float32 (1, 3, h, w), to the first output; releases the GIL. Raises RuntimeError."""

_EXECUTION_PROVIDERS: Mapping[Engine, str] = {
    "cuda": "CUDAExecutionProvider",
    "directml": "DmlExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
}
_ONNX_ERRORS: tuple[type[Exception], ...] = (
    # A missing input is a ValueError.
    *(RuntimeError, ValueError, MemoryError),
    *(
        kind
        for kind in vars(onnxruntime_pybind11_state).values()
        if isinstance(kind, type) and issubclass(kind, Exception)
    ),
)
_REMEDIES: Mapping[Device, str] = {
    "cuda": "replace onnxruntime by onnxruntime-gpu, with NVIDIA's CUDA and cuDNN",
    "directml": "replace onnxruntime by onnxruntime-directml, on Windows",
    "coreml": "use the onnxruntime of macOS",
    "openvino-gpu": "pip install 'stillroom[fast]', with Intel's compute runtime for the GPU",
}

_log = logging.getLogger(__name__)


def run_with(engine: Engine, path: Path, side: int) -> Run:
    """Load a network.

    Args:
        engine: One of `engines_for` a device, or `onnxruntime`.
        path: The ONNX file; for `mnn`, the network converted from it.
        side: Pixels of the square input, for networks that leave it open.

    Raises:
        RuntimeError: The file is not a network, or not one for this engine.
    """
    if engine == "mnn":
        return _with_mnn(path)
    if engine in ("openvino", "openvino-gpu"):
        return _with_openvino(path, side, "GPU" if engine == "openvino-gpu" else "CPU")
    return _with_onnxruntime(path, _EXECUTION_PROVIDERS.get(engine))


def weights_of(network: Path) -> Path:
    """Path of the weights of a network converted for MNN; MNN expects this name beside the network."""
    return network.with_name(f"{network.name}.weight")


def engines_for(device: Device) -> tuple[Engine, ...]:
    """Return the installed engines of a device that may be faster than the default one, the fastest first.

    `auto` takes CUDA and DirectML, whose packages are installed for that purpose alone. CoreML and OpenVINO's
    GPU plugin come with the ordinary packages and have to be asked for.
    """
    wanted: tuple[Engine, ...] = ()
    if device == "auto":
        wanted = ("cuda", "directml")
    elif device != "cpu":
        wanted = (device,)
    candidates: tuple[Engine, ...] = (*wanted, "openvino", "mnn")
    return tuple(engine for engine in candidates if _is_available(engine))


def without_cpu(engines: tuple[Engine, ...]) -> tuple[Engine, ...]:
    """Return the engines that run on a GPU."""
    return tuple(engine for engine in engines if engine not in ("openvino", "mnn", "onnxruntime"))


def missing_for(device: Device) -> str | None:
    """Return what to install for a device that is not available; None if nothing is missing."""
    if device == "auto" or device == "cpu" or _is_available(device):
        return None
    return _REMEDIES[device]


def runtime_versions(engines: tuple[Engine, ...]) -> dict[str, str]:
    """Return the version of each engine and of ONNX Runtime, by name."""
    # The module's own version: the package may be onnxruntime-gpu or onnxruntime-directml.
    return {engine: _version_of(engine) for engine in engines} | {"onnxruntime": onnxruntime.__version__}


def _version_of(engine: Engine) -> str:
    if engine == "mnn":
        import MNN

        return str(MNN.version())
    if engine in ("openvino", "openvino-gpu"):
        import openvino

        return str(openvino.get_version())
    return str(onnxruntime.__version__)


def _is_available(engine: Engine) -> bool:
    if provider := _EXECUTION_PROVIDERS.get(engine):
        return provider in onnxruntime.get_available_providers()
    if engine == "openvino":
        return has_bfloat16()
    return _has_openvino_gpu() if engine == "openvino-gpu" else has_mnn()


@functools.cache
def has_bfloat16() -> bool:
    """Whether OpenVINO is installed and the CPU has bfloat16 instructions."""
    try:
        import openvino

        return "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    except (ImportError, RuntimeError):
        return False


@functools.cache
def _has_openvino_gpu() -> bool:
    try:
        import openvino

        return any(name.startswith("GPU") for name in openvino.Core().available_devices)
    except (ImportError, RuntimeError):
        return False


@functools.cache
def has_mnn() -> bool:
    try:
        import MNN  # noqa: F401  # asked for, not used
    except ImportError:
        return False
    return True


@contextmanager
def onnx_errors(subject: str = "The network does not run") -> Iterator[None]:
    """Raise RuntimeError for the errors of ONNX Runtime, whose classes have no common base."""
    try:
        yield
    except _ONNX_ERRORS as error:
        raise RuntimeError(f"{subject}: {error}") from error


def open_session(
    path: Path, provider: str | None = None, *, keeps_memory: bool = False, optimises: bool = True
) -> onnxruntime.InferenceSession:
    """Load a network with ONNX Runtime.

    Args:
        provider: Execution provider to prefer to the CPU.
        keeps_memory: Whether memory stays allocated between runs.
        optimises: Whether to optimise the graph; reading its inputs alone is faster without.

    Raises:
        RuntimeError: The file is not a network.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    # Spinning threads would occupy the cores that the web server shares.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # Without the arena: 0.8 GB less when idle for 10 % more time.
    options.enable_cpu_mem_arena = keeps_memory
    # DirectML refuses memory patterns.
    options.enable_mem_pattern = provider != "DmlExecutionProvider"
    if not optimises:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    providers = [*([provider] if provider else []), "CPUExecutionProvider"]
    with onnx_errors(f"{path} is not a network"):
        return onnxruntime.InferenceSession(str(path), options, providers=providers)


def _with_onnxruntime(path: Path, provider: str | None) -> Run:
    model = open_session(path, provider)
    if provider and provider not in model.get_providers():
        # ONNX Runtime logs a missing library of the GPU and continues on the CPU.
        raise RuntimeError(f"{provider} cannot be loaded.")
    given, wanted = model.get_inputs()[0], model.get_outputs()[0].name
    number = np.float16 if given.type == "tensor(float16)" else np.float32

    def run(tensor: NDArray[np.float32]) -> NDArray[np.float32]:
        with onnx_errors(f"{path} does not run"):
            (output,) = model.run([wanted], {given.name: tensor.astype(number, copy=False)})
        return np.asarray(output, np.float32)

    return run


def _with_openvino(path: Path, side: int, device: Literal["CPU", "GPU"]) -> Run:
    import openvino

    core = openvino.Core()
    core.add_extension(deform_conv_extension())
    network = core.read_model(str(path))
    if network.inputs[0].partial_shape.is_dynamic:
        # A fixed size lets OpenVINO plan its memory once.
        network.reshape([1, 3, side, side])
    properties: dict[str, Any] = {"NUM_STREAMS": 1}
    if device == "CPU":
        properties |= {
            "INFERENCE_PRECISION_HINT": "bf16",
            "INFERENCE_NUM_THREADS": THREADS,
            # Pinned threads would compete with the other workers of the machine for the same cores.
            "ENABLE_CPU_PINNING": False,
        }
    model = core.compile_model(network, device, properties)
    number = model.inputs[0].element_type.to_dtype()

    def run(tensor: NDArray[np.float32]) -> NDArray[np.float32]:
        # A new request each time, so that its memory is freed afterwards.
        results = model.create_infer_request().infer([tensor.astype(number, copy=False)])
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
        _log.warning("MNN cannot load %s: %s", path.name, error)
        raise RuntimeError(f"{path} is not a network that MNN runs.") from error
    given, wanted = model.getSessionInput(session), model.getSessionOutput(session)
    shape = wanted.getShape()
    if len(shape) != 4 or min(shape) < 1:
        # MNN only prints that it could not size the layers, and would return an empty output.
        raise RuntimeError(f"MNN cannot determine the size of the output of {path}.")

    def run(tensor: NDArray[np.float32]) -> NDArray[np.float32]:
        layout = MNN.Tensor_DimensionType_Caffe
        given.copyFrom(MNN.Tensor(tensor.shape, MNN.Halide_Type_Float, tensor, layout))
        model.runSession(session)
        output = np.empty(shape, np.float32)
        held = MNN.Tensor(shape, MNN.Halide_Type_Float, output, layout)
        wanted.copyToHostTensor(held)
        return np.array(held.getNumpyData(), np.float32).reshape(shape)

    return run
