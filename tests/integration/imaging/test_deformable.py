"""OpenVINO computes `DeformConv` as ONNX Runtime does, in single precision."""

from pathlib import Path

import numpy as np
import pytest

from stillroom.imaging.cutout.deformable import deform_conv_extension
from stillroom.imaging.cutout.inference import run_with
from tests.tiny_networks import deformable_red_finder

openvino = pytest.importorskip("openvino")


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("group", [1, 2])
@pytest.mark.parametrize(("mask", "bias"), [(True, True), (True, False), (False, True), (False, False)])
def test_deformable_convolution_gives_the_reference_values(
    tmp_path: Path, seed: int, group: int, *, mask: bool, bias: bool
) -> None:
    path = tmp_path / "net.onnx"
    path.write_bytes(deformable_red_finder(seed, mask=mask, bias=bias, group=group))
    picture = np.random.default_rng(seed).normal(0, 1, (1, 3, 48, 48)).astype(np.float32)
    core = openvino.Core()
    core.add_extension(deform_conv_extension())
    model = core.compile_model(core.read_model(str(path)), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    exact = run_with("onnxruntime", path, 48)(picture)
    assert np.ptp(exact) > 1
    assert np.abs(exact - model([picture])[0]).max() < 1e-3
