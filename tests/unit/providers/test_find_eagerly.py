"""Cut-outs ahead of a job: kept for it, given up for the photo of another one."""

import threading
from pathlib import Path

import pytest

from stillroom.domain.plans.plan import Context, Plan
from stillroom.domain.providers.requests import (
    GenerationRequest,
    Operation,
    Stage,
    StageReached,
    Wanted,
)
from stillroom.imaging.cutout.networks import Network
from stillroom.imaging.io.encoding import png_of
from stillroom.imaging.pixels import Picture, Plane
from stillroom.providers.adapters.local import LocalProvider
from stillroom.providers.cutouts.products import Cancelled, interruptible
from tests.networks import packaged_weights
from tests.unit.imaging.scenes import ball

pytestmark = pytest.mark.anyio

PHOTO = png_of(ball(120, 30, light=(0.0, 0.2, 1.0)))
NAME = "a" * 64


@pytest.fixture
def provider(tmp_path: Path) -> LocalProvider:
    """Cuts out by GrabCut."""
    return LocalProvider(packaged_weights(tmp_path / "none"), tmp_path / "cutouts", fetch=False)


async def stages_of_a_job(provider: LocalProvider) -> list[Stage]:
    request = GenerationRequest(Operation.OPTIMIZE, PHOTO, NAME, "", Context(), (Wanted(1, Plan()),))
    return [event.stage async for event in provider.cut_out(request) if isinstance(event, StageReached)]


async def test_job_reuses_an_eager_cut_out(provider: LocalProvider) -> None:
    assert await provider.find_eagerly(PHOTO, NAME, threading.Event()) is not None
    assert Stage.MATTE not in await stages_of_a_job(provider)


async def test_eager_cut_out_of_a_deleted_photo_is_discarded(provider: LocalProvider) -> None:
    cancelled = threading.Event()
    cancelled.set()
    assert await provider.find_eagerly(PHOTO, NAME, cancelled) is None
    assert NAME not in provider.cutouts.photos()
    assert Stage.MATTE in await stages_of_a_job(provider)


def test_a_network_checks_before_each_pass_whether_its_result_is_wanted() -> None:
    class Watched(Network):
        def __init__(self) -> None:
            self.spec, self.engine = None, "onnxruntime"  # type: ignore[assignment]
            self.passes = 0

        def predict(self, photo: Picture) -> Plane:
            self.passes += 1
            return photo[..., 0].astype("float32")

    watched = Watched()
    network, scout = interruptible((watched, None), lambda: watched.passes > 0)
    assert network is not None
    assert scout is None
    network.predict(ball(20, 8, light=(0.0, 0.2, 1.0)))
    with pytest.raises(Cancelled):
        network.predict(ball(20, 8, light=(0.0, 0.2, 1.0)))
    assert watched.passes == 1
