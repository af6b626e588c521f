"""Prompted network: loaded once, on demand, if installed and memory allows."""

import shutil
import threading
from pathlib import Path

import numpy as np
import pytest

from stillroom.domain.providers.requests import Notice, StageReached
from stillroom.imaging.cutout.prompted import Prompt, PromptNetwork
from stillroom.providers.cutouts.networks import Networks, Quality
from stillroom.providers.weights.folder import WeightsFolder
from tests.tiny_prompt_network import prompt_card, prompt_network_files


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return prompt_network_files(tmp_path_factory.mktemp("made"))


class Installed:
    """A weights folder with the network, and the notices."""

    def __init__(
        self,
        folder: Path,
        files: tuple[Path, Path],
        *,
        quality: Quality = "best",
        memory_mb: int = 1,
    ) -> None:
        self.folder = folder / "net"
        self.folder.mkdir()
        for file in files:
            shutil.copy(file, self.folder)
        self.told: list[StageReached | Notice] = []
        weights = WeightsFolder(folder, [prompt_card("net", files, memory_mb=memory_mb)])
        self.networks = Networks(weights, fetch=False, quality=quality)

    def prompted(self) -> PromptNetwork | None:
        return self.networks.prompted(self.told.append)


def test_concurrent_threads_get_the_same_network(tmp_path: Path, files: tuple[Path, Path]) -> None:
    installed = Installed(tmp_path, files)
    found: list[PromptNetwork | None] = []
    threads = [threading.Thread(target=lambda: found.append(installed.prompted())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    network = found[0]
    assert network is not None
    assert all(one is network for one in found)
    answer = network.answer(
        network.encoded(np.zeros((60, 90, 3), np.uint8)), Prompt([(0.25, 0.5, True), (0.9, 0.9, False)])
    )
    inside = np.argwhere(answer.best > 0) / answer.best.shape
    assert np.allclose(inside.mean(axis=0), (0.5, 0.25), atol=0.01)
    assert installed.told == []


def test_an_earlier_answer_in_the_prompt_changes_the_next(tmp_path: Path, files: tuple[Path, Path]) -> None:
    network = Installed(tmp_path, files).prompted()
    assert network is not None
    encoding = network.encoded(np.zeros((60, 90, 3), np.uint8))
    points = [(0.25, 0.5, True)]
    first = network.answer(encoding, Prompt(points))
    nothing = np.full_like(first.best, -(10**4))
    assert (first.best > 0).any()
    assert not (network.answer(encoding, Prompt(points, mask=nothing)).best > 0).any()


def test_fast_cut_outs_do_not_use_the_prompted_network(tmp_path: Path, files: tuple[Path, Path]) -> None:
    assert Installed(tmp_path, files, quality="fast").prompted() is None


def test_prompted_network_is_not_loaded_when_memory_is_short(
    tmp_path: Path, files: tuple[Path, Path]
) -> None:
    assert Installed(tmp_path, files, memory_mb=10**9).prompted() is None


def test_prompted_network_is_used_once_its_files_exist(tmp_path: Path, files: tuple[Path, Path]) -> None:
    installed = Installed(tmp_path, files)
    (installed.folder / "decoder.onnx").unlink()
    assert installed.prompted() is None
    shutil.copy(files[1], installed.folder)
    assert installed.prompted() is not None
    assert installed.told == []


def test_damaged_files_are_reported_once(tmp_path: Path, files: tuple[Path, Path]) -> None:
    installed = Installed(tmp_path, files)
    decoder = installed.folder / "decoder.onnx"
    decoder.write_bytes(bytes(decoder.stat().st_size))
    assert [installed.prompted(), installed.prompted()] == [None, None]
    (notice,) = installed.told
    assert isinstance(notice, Notice)
    assert (notice.code, notice.params) == ("WEIGHTS_DAMAGED", {"name": "net"})
