"""The precise network repeats doubtful cut-outs, and is used only with higher confidence."""

import hashlib
from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest

from stillroom.domain.mattes import FoundMatte, MatteBox
from stillroom.domain.networks import NetworkCard
from stillroom.domain.providers.requests import Notice, StageReached
from stillroom.imaging.io.encoding import png_of
from stillroom.providers.adapters.local import LocalProvider
from stillroom.providers.weights.folder import WeightsFolder
from tests.tiny_networks import BLIND, RED, card_of, deformable_red_finder, red_finder
from tests.unit.imaging.scenes import ball

pytestmark = pytest.mark.anyio

SOFT = (1.0, 0.0, -1.0)
WHOLE = MatteBox(x=0.0, y=0.0, w=1.0, h=1.0)
Shown = tuple[FoundMatte, dict[str, Notice]]


class Studio:
    """A weights folder with a network that cuts out and a precise one, and a photo of a ball."""

    def __init__(self, folder: Path, first: bytes, precise: bytes | None, *, memory_mb: int = 1) -> None:
        self.folder = folder
        sizes = {"scaling": "birefnet", "sizes": [{"side": 256, "memory_mb": memory_mb}]}
        self.cards: tuple[NetworkCard, ...] = (card_of("first", first, default_use="first"),)
        self.install("first", first)
        if precise is not None:
            self.cards += (card_of("precise", precise, default_use="precise", input=sizes),)
            self.install("precise", precise)
        photo = cv2.GaussianBlur(ball(600, 200, light=(0.0, 0.2, 1.0)), (0, 0), 1.5)
        self.photo = png_of(np.asarray(photo, np.uint8))

    def install(self, name: str, content: bytes) -> None:
        path = self.folder / "weights" / f"{name}.onnx"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)

    async def shown(self, box: MatteBox | None = None, **settings: str) -> Shown:
        """Matte and notices of a process that starts now."""
        weights = WeightsFolder(self.folder / "weights", self.cards)
        events: list[StageReached | Notice] = []
        provider = LocalProvider(
            weights,
            self.folder / "cutouts",
            fetch=False,
            quality="fast" if settings.get("quality") == "fast" else "best",
            device="cpu",
            report=events.append,
        )
        found = await provider.find(self.photo, hashlib.sha256(self.photo).hexdigest(), box=box)
        return found, {event.code: event for event in events if isinstance(event, Notice)}


@pytest.mark.parametrize("precise", [red_finder(RED), deformable_red_finder()], ids=["plain", "deformable"])
async def test_a_doubtful_cut_out_is_made_again_once_and_the_surer_one_is_kept(
    tmp_path: Path, precise: bytes
) -> None:
    studio = Studio(tmp_path, red_finder(SOFT), precise)
    found, notices = await studio.shown()
    assert found.model == "precise"
    assert notices["MATTE_PRECISE"].params["used"] is True
    again, notices = await studio.shown()
    assert (again.model, again.edge_confidence) == ("precise", found.edge_confidence)
    assert "MATTE_PRECISE" not in notices


async def test_precise_network_without_higher_confidence_changes_nothing(tmp_path: Path) -> None:
    studio = Studio(tmp_path, red_finder(SOFT), red_finder(BLIND, bias=-50.0))
    found, notices = await studio.shown()
    assert found.model == "first"
    assert notices["MATTE_PRECISE"].params["used"] is False
    _, notices = await studio.shown()
    assert "MATTE_PRECISE" not in notices


async def test_confident_cut_out_is_not_repeated(tmp_path: Path) -> None:
    studio = Studio(tmp_path, red_finder(RED), deformable_red_finder())
    # One network alone is never sure enough.
    studio.cards += (card_of("scout", red_finder(RED), default_use="scout"),)
    studio.install("scout", red_finder(RED))
    found, notices = await studio.shown()
    assert (found.model, notices) == ("first", {})


async def test_without_memory_the_first_result_stays_until_there_is_some(tmp_path: Path) -> None:
    scarce = Studio(tmp_path, red_finder(SOFT), red_finder(RED), memory_mb=10**9)
    found, notices = await scarce.shown()
    assert found.model == "first"
    assert "MATTE_PRECISE_SKIPPED" in notices
    found, _ = await Studio(tmp_path, red_finder(SOFT), red_finder(RED)).shown()
    assert found.model == "precise"


async def test_failing_precise_network_loses_no_picture(tmp_path: Path) -> None:
    model = onnx.load_from_string(red_finder())
    for axis in (2, 3):
        model.graph.input[0].type.tensor_type.shape.dim[axis].dim_value = 64  # it is asked with 256
    found, notices = await Studio(tmp_path, red_finder(SOFT), model.SerializeToString()).shown()
    assert found.model == "first"
    assert "MATTE_PRECISE_SKIPPED" in notices


async def test_precise_network_installed_later_repeats_doubtful_cut_outs(tmp_path: Path) -> None:
    found, _ = await Studio(tmp_path, red_finder(SOFT), None).shown()
    assert found.model == "first"
    found, _ = await Studio(tmp_path, red_finder(SOFT), red_finder(RED)).shown()
    assert found.model == "precise"


async def test_fast_quality_skips_the_precise_network(tmp_path: Path) -> None:
    found, notices = await Studio(tmp_path, red_finder(SOFT), red_finder(RED)).shown(quality="fast")
    assert found.model != "precise"
    assert "MATTE_PRECISE" not in notices


async def test_cut_out_from_a_drawn_box_is_not_repeated(tmp_path: Path) -> None:
    found, notices = await Studio(tmp_path, red_finder(SOFT), red_finder(RED)).shown(WHOLE)
    assert (found.model, notices) == ("first", {})


async def test_network_chosen_by_the_operator_is_used_directly(tmp_path: Path) -> None:
    studio = Studio(tmp_path, red_finder(SOFT), red_finder(RED))
    WeightsFolder(tmp_path / "weights", studio.cards).choose("precise")
    found, notices = await studio.shown()
    assert (found.model, notices) == ("precise", {})
