"""The choice of an engine: tried once, remembered, and never one that sees something else."""

from importlib import metadata
from pathlib import Path

import pytest

from stillroom.imaging.networks import U2NETP, Recipe
from stillroom.providers import engines


class Trial:
    """Stands for the comparison of two engines, and counts how often it is made."""

    def __init__(self, agrees: bool) -> None:
        self.agrees = agrees
        self.times = 0

    def __call__(self, _path: Path, _recipe: Recipe) -> bool:
        self.times += 1
        return self.agrees


@pytest.fixture
def network(tmp_path: Path) -> Path:
    path = tmp_path / "some.onnx"
    path.write_bytes(b"weights")
    return path


def set_up(monkeypatch: pytest.MonkeyPatch, *, bfloat16: bool, agrees: bool) -> Trial:
    trial = Trial(agrees)
    monkeypatch.setattr(engines, "has_bfloat16", lambda: bfloat16)
    monkeypatch.setattr(engines, "openvino_agrees", trial)
    monkeypatch.setattr(metadata, "version", lambda name: f"{name} 1")
    return trial


@pytest.mark.parametrize(("agrees", "engine"), [(True, "openvino"), (False, "onnxruntime")])
def test_the_fast_engine_is_tried_once_and_used_only_if_it_agrees(
    monkeypatch: pytest.MonkeyPatch, network: Path, agrees: bool, engine: str
) -> None:
    trial = set_up(monkeypatch, bfloat16=True, agrees=agrees)
    assert [engines.engine_for(network, U2NETP) for _ in range(3)] == [engine] * 3
    assert trial.times == 1


def test_other_weights_and_other_versions_are_tried_anew(
    monkeypatch: pytest.MonkeyPatch, network: Path
) -> None:
    trial = set_up(monkeypatch, bfloat16=True, agrees=True)
    engines.engine_for(network, U2NETP)
    network.write_bytes(b"other weights")
    engines.engine_for(network, U2NETP)
    monkeypatch.setattr(metadata, "version", lambda name: f"{name} 2")
    engines.engine_for(network, U2NETP)
    assert trial.times == 3


def test_a_cpu_without_bfloat16_is_not_bothered(monkeypatch: pytest.MonkeyPatch, network: Path) -> None:
    trial = set_up(monkeypatch, bfloat16=False, agrees=True)
    assert engines.engine_for(network, U2NETP) == "onnxruntime"
    assert trial.times == 0


def test_a_damaged_memory_is_made_anew(monkeypatch: pytest.MonkeyPatch, network: Path) -> None:
    trial = set_up(monkeypatch, bfloat16=True, agrees=True)
    (network.parent / "engines.json").write_text("[not json")
    assert engines.engine_for(network, U2NETP) == "openvino"
    assert engines.engine_for(network, U2NETP) == "openvino"
    assert trial.times == 1
