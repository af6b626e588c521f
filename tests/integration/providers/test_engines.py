"""The choice of an engine: tried once, remembered, and never one that sees something else."""

import json
import os
import shutil
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from stillroom.bootstrap.networks import network_inventory
from stillroom.imaging.cutout.inference import Engine, has_bfloat16, weights_of
from stillroom.imaging.cutout.networks import Network, NetworkSpec, finds_a_ball, seen_in_trial
from stillroom.imaging.pixels import Plane
from stillroom.providers.cutouts.engines import (
    ENGINES,
    Engines,
    NotConverted,
    choose,
    convert,
    fastest,
    forget,
)
from stillroom.settings import Settings
from tests.networks import U2NETP, packaged_weights
from tests.tiny_networks import deformable_red_finder


def copied(source: Path, made: Path) -> None:
    """Stands for a conversion."""
    made.write_bytes(b"a network")
    weights_of(made).write_bytes(source.read_bytes())


def no_look(_: Network) -> Plane:
    """Fails the test if it is called."""
    raise AssertionError("a network is tried again")


class Machine:
    """A machine with some engines, and what the network of each sees; counts how often each is tried."""

    def __init__(self, **apart: float) -> None:
        self.tried: Counter[Engine] = Counter()
        self.version = 1
        self.convert = copied
        self._apart = apart

    @property
    def engines(self) -> Engines:
        """Its engines as they are now."""
        installed = tuple(name for name in ("openvino", "mnn", "cuda") if name in self._apart)
        return Engines(
            usable=lambda _device: installed,
            versions=lambda names: dict.fromkeys(names, str(self.version)),
            load=Loaded,  # type: ignore[arg-type]
            output_of=self._seen,  # type: ignore[arg-type]
            finds_a_ball=lambda network: cast(Loaded, network).engine == "cuda",
            convert=self.convert,
        )

    def chosen(self, path: Path) -> Engine:
        """The engine that it chooses for a network."""
        return fastest(path, U2NETP, engines=self.engines).engine

    def _seen(self, network: "Loaded") -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        if network.engine not in self._apart and "cuda" in self._apart:
            raise RuntimeError("only a GPU runs it")
        self.tried[network.engine] += 1
        return np.full((2, 2), self._apart.get(network.engine, 0.0), np.float32)


class Loaded:
    """Stands for a network that an engine has loaded."""

    def __init__(self, path: Path, _spec: NetworkSpec, engine: Engine = "onnxruntime") -> None:
        self.path = path
        self.engine = engine


@pytest.fixture
def network(tmp_path: Path) -> Path:
    path = tmp_path / "some.onnx"
    path.write_bytes(b"weights")
    return path


@pytest.mark.parametrize(
    ("apart", "engine"),
    [
        ({"openvino": 0.01, "mnn": 0.0}, "openvino"),
        ({"openvino": 0.06, "mnn": 0.01}, "mnn"),
        ({"mnn": 0.01}, "mnn"),
        ({"openvino": 0.06, "mnn": 0.06}, "onnxruntime"),
        ({}, "onnxruntime"),
    ],
)
def test_fastest_engine_with_equal_results_is_chosen_once(
    network: Path, apart: dict[str, float], engine: Engine
) -> None:
    machine = Machine(**apart)
    assert [machine.chosen(network) for _ in range(3)] == [engine] * 3
    assert all(times == 1 for times in machine.tried.values())


def test_single_engine_is_used_without_a_trial(network: Path) -> None:
    machine = Machine()
    machine.chosen(network)
    assert not machine.tried


def test_new_weights_or_versions_repeat_the_trial(network: Path) -> None:
    machine = Machine(mnn=0.0)
    machine.chosen(network)
    network.write_bytes(b"other weights")
    machine.chosen(network)
    machine.version = 2
    machine.chosen(network)
    assert machine.tried["mnn"] == 3


def test_damaged_record_of_trials_is_rebuilt(network: Path) -> None:
    machine = Machine(openvino=0.0)
    (network.parent / "engines.json").write_text("[not json")
    assert [machine.chosen(network) for _ in range(2)] == ["openvino"] * 2
    assert machine.tried["openvino"] == 1


@pytest.mark.parametrize("seconds", [-10, 10])
def test_new_weights_are_converted_again(network: Path, seconds: float) -> None:
    machine = Machine(mnn=0.0)
    machine.chosen(network)
    network.write_bytes(b"changed")
    os.utime(network, (time.time() + seconds, time.time() + seconds))
    machine.chosen(network)
    assert weights_of(network.with_suffix(".mnn")).read_bytes() == b"changed"


def test_incomplete_conversion_is_repeated(network: Path) -> None:
    machine = Machine(mnn=0.0)
    machine.chosen(network)
    made = network.with_suffix(".mnn")
    for file in (made, weights_of(made)):
        whole = file.read_bytes()
        file.write_bytes(whole[:-1])
        assert (machine.chosen(network), file.read_bytes()) == ("mnn", whole)
        file.unlink()
        assert (machine.chosen(network), file.read_bytes()) == ("mnn", whole)
    machine.chosen(network)
    assert machine.tried["mnn"] == 5


def test_concurrent_processes_convert_once(network: Path) -> None:
    machine = Machine(mnn=0.0)
    converted: list[Path] = []
    all_started = threading.Barrier(4)

    def noted(source: Path, made: Path) -> None:
        converted.append(made)
        copied(source, made)

    def start(path: Path) -> Engine:
        all_started.wait()
        return machine.chosen(path)

    machine.convert = noted
    with ThreadPoolExecutor(4) as processes:
        assert list(processes.map(start, [network] * 4)) == ["mnn"] * 4
    assert len(converted) == machine.tried["mnn"] == 1


def test_failed_conversion_is_retried_and_fails_no_picture(network: Path) -> None:
    machine = Machine(mnn=0.0)
    can_convert = False

    def convert_if_it_can(source: Path, made: Path) -> None:
        if not can_convert:
            raise NotConverted
        copied(source, made)

    machine.convert = convert_if_it_can
    assert machine.chosen(network) == "onnxruntime"
    can_convert = True
    assert machine.chosen(network) == "mnn"


def test_fetched_network_is_already_converted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, weights_folder: Path
) -> None:
    here = tmp_path / "weights" / "u2netp.onnx"
    here.parent.mkdir()
    shutil.copy(packaged_weights(weights_folder).path_of("u2netp"), here)
    monkeypatch.setenv("STILLROOM_DATA_DIR", str(tmp_path))
    assert network_inventory(Settings()).fetch("u2netp", lambda _: None)
    remembered = json.loads((here.parent / "engines.json").read_text("utf-8"))
    untried = replace(ENGINES, output_of=no_look)
    assert choose(here, U2NETP, engines=untried) == remembered["u2netp.onnx"]["engine"]


def test_invalid_network_is_not_converted_and_leaves_no_file(tmp_path: Path) -> None:
    source = tmp_path / "some.onnx"
    source.write_bytes(b"no network")
    with pytest.raises(NotConverted):
        convert(source, tmp_path / "some.mnn")
    assert [path.name for path in tmp_path.iterdir()] == ["some.onnx"]


def test_a_network_that_mnn_lacks_an_operator_for_is_not_converted_at_every_start(tmp_path: Path) -> None:
    path = tmp_path / "deformable.onnx"
    path.write_bytes(deformable_red_finder())
    spec = NetworkSpec("deformable", 128, "birefnet")
    mnn = Engines(usable=lambda _device: ("mnn",))
    assert choose(path, spec, engines=mnn) == "onnxruntime"
    assert choose(path, spec, engines=replace(mnn, output_of=no_look)) == "onnxruntime"
    assert not list(tmp_path.glob("*.mnn*"))


@pytest.mark.skipif(not has_bfloat16(), reason="this CPU has no bfloat16")
def test_a_network_with_deformable_convolutions_runs_on_openvino(tmp_path: Path) -> None:
    path = tmp_path / "deformable.onnx"
    path.write_bytes(deformable_red_finder())
    network = fastest(path, NetworkSpec("deformable", 128, "birefnet"))
    assert network.engine == "openvino"
    assert finds_a_ball(network)


def test_a_network_that_only_a_gpu_runs_is_chosen_there(network: Path) -> None:
    machine = Machine(cuda=0.0)
    assert machine.chosen(network) == "cuda"
    assert not machine.tried


def test_the_verdict_of_a_removed_network_is_forgotten(network: Path) -> None:
    machine = Machine(mnn=0.0)
    machine.chosen(network)
    forget(network)
    assert sorted(path.name for path in network.parent.iterdir() if path.suffix != ".lock") == [
        "engines.json",
        network.name,
    ]
    machine.chosen(network)
    assert machine.tried["mnn"] == 2


@pytest.fixture(scope="module")
def converted(weights_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """U²-Net small as MNN takes it."""
    made = tmp_path_factory.mktemp("converted") / "u2netp.mnn"
    convert(packaged_weights(weights_folder).path_of(U2NETP.name), made)
    return made


def test_converted_network_gives_the_same_matte(converted: Path, weights_folder: Path) -> None:
    exact = seen_in_trial(Network(packaged_weights(weights_folder).path_of(U2NETP.name), U2NETP))
    seen = seen_in_trial(Network(converted, U2NETP, "mnn"))
    assert exact.max() > 0.9
    assert np.abs(exact - seen).max() < 0.001


def test_inference_does_not_block_other_threads(converted: Path) -> None:
    network = Network(converted, U2NETP, "mnn")
    looking = threading.Thread(target=lambda: [seen_in_trial(network) for _ in range(5)])
    beats = 0
    looking.start()
    while looking.is_alive():
        time.sleep(0.001)
        beats += 1
    # A look that kept Python for itself would let this thread in about twice.
    assert beats > 20
