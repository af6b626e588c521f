"""The device of the settings: which engines it brings, and the fallback to the CPU where it is missing."""

from pathlib import Path

import onnxruntime
import pytest

from stillroom.domain.networks import Device
from stillroom.domain.providers.requests import Notice, StageReached
from stillroom.imaging.cutout.inference import (
    Engine,
    engines_for,
    missing_for,
    run_with,
    weights_of,
    without_cpu,
)
from stillroom.providers.cutouts.networks import Networks
from stillroom.providers.weights.folder import WeightsFolder
from tests.tiny_networks import card_of, red_finder

MISSING: list[Device] = ["cuda", "openvino-gpu"] if missing_for("openvino-gpu") else ["cuda"]
"""Devices that are not here; of the first only ONNX Runtime is told otherwise."""

GPUS = ["CUDAExecutionProvider", "DmlExecutionProvider", "CoreMLExecutionProvider"]


@pytest.fixture
def gpu_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """ONNX Runtime says that it has every GPU; none of them is here."""
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: [*GPUS, "CPUExecutionProvider"])


@pytest.mark.usefixtures("gpu_machine")
@pytest.mark.parametrize(
    ("device", "first"),
    [("auto", "cuda"), ("cuda", "cuda"), ("directml", "directml"), ("coreml", "coreml"), ("cpu", None)],
)
def test_installed_device_is_preferred(device: Device, first: Engine | None) -> None:
    gpus = without_cpu(engines_for(device))
    assert gpus[:1] == ((first,) if first else ())
    assert missing_for(device) is None


@pytest.mark.parametrize("device", ["cuda", "directml", "coreml", "openvino-gpu"])
def test_missing_device_reports_what_to_install(device: Device) -> None:
    is_here = device in engines_for(device)
    assert (missing_for(device) is None) is is_here
    assert (engines_for(device) == engines_for("cpu")) is not is_here


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_gpu_that_onnxruntime_silently_replaces_by_the_cpu_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "net.onnx"
    path.write_bytes(red_finder())
    with pytest.raises(RuntimeError, match="CUDAExecutionProvider"):
        run_with("cuda", path, 128)


def test_a_network_that_mnn_cannot_load_is_an_error_with_mnn_s_reason_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "net.mnn"
    path.write_bytes(b"not a network")
    weights_of(path).write_bytes(b"")
    with pytest.raises(RuntimeError, match="not a network that MNN runs"):
        run_with("mnn", path, 128)
    [line] = caplog.messages
    assert line.startswith("MNN cannot load net.mnn: PyMNNInterpreter_new")


@pytest.mark.usefixtures("gpu_machine")
@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("device", MISSING)
def test_cpu_fallback_is_reported_once(tmp_path: Path, device: Device) -> None:
    (tmp_path / "net.onnx").write_bytes(red_finder())
    weights = WeightsFolder(tmp_path, [card_of("net", red_finder(), default_use="first")])
    networks = Networks(weights, fetch=False, device=device)
    told: list[StageReached | Notice] = []
    for _ in range(2):
        network = networks.first(told.append)
        assert network is not None
        assert network.engine in ("openvino", "mnn", "onnxruntime")
    assert [one.code for one in told if isinstance(one, Notice)] == ["DEVICE_UNAVAILABLE"]
