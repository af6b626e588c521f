"""Refinements of pictures with a painted background: what they cannot show is told."""

from collections.abc import AsyncGenerator
from typing import Any, cast

import numpy as np
import pytest

from stillroom.domain.mattes import FoundMatte
from stillroom.domain.plans.changes import with_changes
from stillroom.domain.plans.plan import CarriedOutPlan, Context
from stillroom.domain.providers.requests import (
    PREVIEW_ORDINAL,
    BasePicture,
    GenerationRequest,
    Notice,
    Operation,
    ProviderEvent,
    Wanted,
)
from stillroom.imaging.io.encoding import png_of
from stillroom.providers.adapters.local import LocalProvider
from stillroom.providers.continuing import ContinuingProvider
from stillroom.providers.cutouts.cut_out import CutOutEvent, ProductCutOut
from tests.unit.imaging.scenes import orange_ball

pytestmark = pytest.mark.anyio

BEFORE = CarriedOutPlan(product_transform=(2.0, 0.0, 0.0, 0.0, 2.0, 0.0))


class FoundAtOnce:
    """A local provider that has the cut-out of the ball and makes no pictures."""

    model_in_use = "none"

    async def cut_out(self, request: GenerationRequest) -> AsyncGenerator[CutOutEvent]:
        del request
        yield ProductCutOut(FoundMatte(bytes, "red", 1.0, 0.0), orange_ball(side=400, radius=120))

    async def generate(self, request: GenerationRequest) -> AsyncGenerator[ProviderEvent]:
        del request
        nothing: tuple[ProviderEvent, ...] = ()
        for event in nothing:
            yield event


async def told_of(changes: dict[str, Any], ordinal: int = 1) -> list[str]:
    """Codes of the notices on a change of a painted picture."""
    painted = png_of(np.full((800, 800, 3), 90, np.uint8))
    request = GenerationRequest(
        Operation.REFINE,
        b"",
        "0" * 64,
        "",
        Context(),
        (Wanted(ordinal, with_changes(BEFORE.as_start(), changes)),),
        base=BasePicture(painted, BEFORE, is_painted=True),
    )
    events = [
        event async for event in ContinuingProvider(cast(LocalProvider, FoundAtOnce())).generate(request)
    ]
    return [event.code for event in events if isinstance(event, Notice)]


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"shadow": {"strength": 0.3}}, ["SHADOW_NEEDS_BACKGROUND"]),
        ({"detail": {"sharpen": 1.0}}, ["DETAIL_NEEDS_BACKGROUND"]),
        ({"framing": {"x": 0.3}}, ["PLACE_NEEDS_BACKGROUND"]),
        ({"framing": {"fill": 0.4}}, ["PLACE_NEEDS_BACKGROUND"]),
        ({"framing": {"fill": 0.8}}, []),
        ({"tone": {"exposure_ev": 0.5}}, []),
        ({"backdrop": {"kind": "scene", "scene": "wood_oak"}}, []),
        ({"backdrop": {"shows_through": True}}, ["PAINTED_REPLACED"]),
    ],
)
async def test_a_conflict_with_a_painted_background_is_reported_unless_a_model_makes_the_picture(
    changes: dict[str, Any], codes: list[str]
) -> None:
    assert await told_of(changes) == codes
    assert await told_of(changes, PREVIEW_ORDINAL) == []
