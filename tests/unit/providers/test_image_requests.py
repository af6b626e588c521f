"""Requests to a cloud model: as many pictures as it takes, and a size that it accepts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.domain.plans.plan import CarriedOutPlan, Context, Plan
from stillroom.domain.providers.capabilities import ModelLimits
from stillroom.domain.providers.requests import BasePicture, GenerationRequest, Operation, Wanted
from stillroom.providers.adapters.frames import free_size
from stillroom.storage.catalog import FileCatalogue
from tests.contract.providers.conftest import card
from tests.pictures import png, scene
from tests.unit.providers.scripted import Painter, cloud_of

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(("pictures_in", "sent"), [(1, 1), (3, 2)])
async def test_a_refinement_sends_the_reference_photo_only_to_models_that_take_it(
    pictures_in: int, sent: int
) -> None:
    painter = Painter(png(scene(512, 512)))
    limits = ModelLimits(pictures_in=pictures_in, candidates_per_call=1, max_width=2048, max_height=2048)
    provider = cloud_of(painter, card("painter-1", limits=limits))
    base = BasePicture(png(scene(512, 512)), CarriedOutPlan())
    request = GenerationRequest(
        Operation.REFINE,
        b"",
        "0" * 64,
        "warmer",
        Context(),
        (Wanted(1, Plan()),),
        instruction="The second picture is the photo.",
        base=base,
    )
    async for _ in provider.generate(request):
        pass
    (asked,) = painter.sent
    assert len(asked.pictures) == sent
    assert ("Only the first picture is attached" in asked.instruction) == (sent == 1)
    assert asked.wish == "warmer"


SIZED = [
    model.limits
    for provider in FileCatalogue().providers()
    for model in (*provider.models, provider.any_model)
    if model.limits.max_pixels is not None
]


@given(st.sampled_from(SIZED), st.integers(64, 4096), st.integers(64, 4096))
def test_a_free_size_lies_within_the_models_limits_and_keeps_the_shape(
    limits: ModelLimits, width: int, height: int
) -> None:
    wide, tall = free_size(limits, width, height)
    assert wide % 16 == tall % 16 == 0
    assert (limits.min_pixels or 1) <= wide * tall <= (limits.max_pixels or 0)
    assert wide <= limits.max_width
    assert tall <= limits.max_height
    ratio = min(4.0, max(0.25, width / height))
    assert wide / tall == pytest.approx(ratio, rel=0.06)
