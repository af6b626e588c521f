"""Requests to a cloud model: as many pictures as it takes, and a size that it accepts."""

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.domain.plans.plan import CarriedOutPlan, Context, Plan
from stillroom.domain.ports import Catalogue
from stillroom.domain.providers.capabilities import ModelCard, ModelLimits, ProviderCard
from stillroom.domain.providers.requests import BasePicture, GenerationRequest, Operation, Wanted
from stillroom.domain.words import Words
from stillroom.providers.adapters.frames import free_size
from stillroom.providers.adapters.local import LocalProvider
from stillroom.providers.clouds import CloudProvider
from stillroom.providers.image_requests import ImageRequest, ImageResult
from stillroom.providers.views import Views
from stillroom.storage.catalog import FileCatalogue
from tests.contract.providers.conftest import card
from tests.pictures import png, scene
from tests.unit.providers.scenes import BallFinder

pytestmark = pytest.mark.anyio


class Painter:
    """A model that keeps what it is sent."""

    name, model, configuration = "painter", "painter-1", "here"

    def __init__(self) -> None:
        self.sent: list[ImageRequest] = []

    async def make(self, image_request: ImageRequest, card: ModelCard) -> ImageResult:
        del card
        self.sent.append(image_request)
        return ImageResult((png(scene(512, 512)),), 0, None)

    async def open(self) -> None:
        """Nothing to do."""

    async def close(self) -> None:
        """Nothing to do."""


class Cards:
    """A catalogue with one model that takes so many pictures."""

    def __init__(self, pictures_in: int) -> None:
        limits = ModelLimits(pictures_in=pictures_in, candidates_per_call=1, max_width=2048, max_height=2048)
        self.card = card("painter-1", limits=limits)

    def provider(self, _: str) -> ProviderCard:
        name = Words(zh="painter", en="painter")
        return ProviderCard(id="painter", name=name, models=(self.card,), any_model=self.card)


@pytest.mark.parametrize(("pictures_in", "sent"), [(1, 1), (3, 2)])
async def test_a_refinement_sends_the_reference_photo_only_to_models_that_take_it(
    pictures_in: int, sent: int
) -> None:
    painter = Painter()
    local = cast(LocalProvider, BallFinder())
    provider = CloudProvider(painter, local, cast(Catalogue, Cards(pictures_in)), Views(), hurry=False)
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
