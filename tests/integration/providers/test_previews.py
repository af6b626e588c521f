"""Previews of a photo that is prepared in memory."""

import shutil
from pathlib import Path

import pytest

from stillroom.domain.plans.plan import Context, Plan
from stillroom.domain.ports import PreviewRequest
from stillroom.domain.providers.requests import GenerationRequest, Notice, Operation, StageReached
from stillroom.imaging.io.encoding import png_of
from stillroom.providers.adapters.local import LocalProvider
from stillroom.providers.previews import PreviewEngine
from stillroom.providers.weights.folder import WeightsFolder
from tests.tiny_prompt_network import prompt_card, prompt_network_files
from tests.unit.imaging.scenes import ball

pytestmark = pytest.mark.anyio

PHOTO, NAME = png_of(ball(120, 30, light=(0.0, 0.2, 1.0))), "a" * 64


async def test_photo_is_prepared_anew_once_a_second_opinion_is_installed(tmp_path: Path) -> None:
    files = prompt_network_files(tmp_path / "made")
    weights = WeightsFolder(tmp_path / "weights", [prompt_card("net", files)])
    engine = PreviewEngine(LocalProvider(weights, tmp_path / "cutouts", fetch=False))
    reads = 0

    async def source() -> GenerationRequest:
        nonlocal reads
        reads += 1
        return GenerationRequest(Operation.BG_REPLACE, PHOTO, NAME, "", Context(), ())

    request = PreviewRequest(Operation.BG_REPLACE, NAME, None, Plan(), 64, source, None)
    for expected in (1, 1):
        await engine.preview(request)
        assert reads == expected
    shutil.copytree(tmp_path / "made", tmp_path / "weights" / "net")
    await engine.preview(request)
    assert reads == 2


async def test_notices_of_a_preview_are_reported(tmp_path: Path) -> None:
    told: list[StageReached | Notice] = []
    local = LocalProvider(
        WeightsFolder(tmp_path, []),
        tmp_path / "cutouts",
        fetch=False,
        own=tmp_path / "none.onnx",
        report=told.append,
    )

    async def source() -> GenerationRequest:
        return GenerationRequest(Operation.BG_REPLACE, PHOTO, NAME, "", Context(), ())

    await PreviewEngine(local).preview(
        PreviewRequest(Operation.BG_REPLACE, NAME, None, Plan(), 64, source, None)
    )
    assert "MATTE_MODEL_UNUSABLE" in [one.code for one in told if isinstance(one, Notice)]
