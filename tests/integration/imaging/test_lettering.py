"""Labels of golden products are found with the real network, once per photo, after its first picture."""

import json
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from stillroom.domain.plans.candidates import candidate_plans
from stillroom.domain.plans.measured import LogoAnchor
from stillroom.domain.plans.plan import Context, Plan
from stillroom.domain.providers.requests import (
    GeneratedPicture,
    GenerationRequest,
    Notice,
    Operation,
    ProviderEvent,
    Wanted,
)
from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.quality.lettering import TextNetwork, logo_of
from stillroom.providers.adapters.local import LocalProvider
from tests.integration.imaging.golden import GOLDEN, case
from tests.networks import packaged_weights

pytestmark = pytest.mark.anyio

LABELLED = ("mug_kitchen", "perfume_vanity", "tshirt_bed", "camera_market", "tote_door", "bottle_gym")
PLAIN = ("sofa_velvet", "vase_flowers", "lantern_garden")


@pytest.fixture(scope="module")
def network(weights_folder: Path) -> TextNetwork:
    """The real one."""
    return TextNetwork(packaged_weights(weights_folder).path_of("pp-ocrv4-det"))


def found(name: str, network: TextNetwork) -> LogoAnchor | None:
    one = case(name)
    x, y, w, h = cv2.boundingRect((one.truth > 0.04).astype(np.uint8))
    alpha = np.asarray(np.rint(one.truth[y : y + h, x : x + w] * 255), np.uint8)
    return logo_of(one.photo, Matte(alpha, (x, y, x + w, y + h), "true", 1.0, 0.0), network)


def request(candidates: int) -> GenerationRequest:
    plans = candidate_plans(Plan(), candidates, "optimize")
    return GenerationRequest(
        operation=Operation.OPTIMIZE,
        photo=(GOLDEN / "images" / "mug_kitchen.jpg").read_bytes(),
        photo_sha256="0" * 64,
        prompt="",
        context=Context(),
        wanted=tuple(Wanted(ordinal, plan) for ordinal, plan in enumerate(plans, 1)),
        wants_preview=False,
    )


def codes_in(events: Sequence[ProviderEvent]) -> list[str]:
    return [event.code for event in events if isinstance(event, Notice)]


@pytest.mark.parametrize("name", LABELLED)
def test_label_is_located(name: str, network: TextNetwork) -> None:
    manifest = json.loads((GOLDEN / "golden.json").read_text(encoding="utf-8"))
    x, y, w, h = next(facts["logo_box"] for facts in manifest if facts["name"] == name)
    label = found(name, network)
    assert label is not None
    across = min(label.x + label.w, x + w) - max(label.x, x)
    down = min(label.y + label.h, y + h) - max(label.y, y)
    shared = max(0.0, across) * max(0.0, down)
    assert shared / (w * h) > 0.45
    assert shared / (label.w * label.h) > 0.6


@pytest.mark.parametrize("name", PLAIN)
def test_product_without_a_label_has_none(name: str, network: TextNetwork) -> None:
    assert found(name, network) is None


async def test_damaged_network_is_reported_once_and_costs_no_picture(tmp_path: Path) -> None:
    weights = packaged_weights(tmp_path / "weights")
    (card,) = weights.for_use("lettering")
    damaged = weights.path_of(card.id)
    damaged.parent.mkdir(parents=True)
    damaged.write_bytes(bytes(card.files[0].bytes or 0))
    local = LocalProvider(weights, tmp_path / "cutouts", fetch=False)
    events = [event async for event in local.generate(request(3))]
    assert sum(isinstance(event, GeneratedPicture) for event in events) == 3
    assert codes_in(events).count("WEIGHTS_DAMAGED") == 1


async def test_absent_network_is_reported_once(tmp_path: Path) -> None:
    local = LocalProvider(packaged_weights(tmp_path / "none"), tmp_path / "cutouts", fetch=False)
    events = [event async for event in local.generate(request(3))]
    assert codes_in(events).count("LETTERING_NOT_SOUGHT") == 1


async def test_first_picture_does_not_wait_for_lettering_and_the_next_has_it(
    network: TextNetwork,  # noqa: ARG001 -- its weights are there
    weights_folder: Path,
    tmp_path: Path,
) -> None:
    local = LocalProvider(packaged_weights(weights_folder), tmp_path, fetch=False, quality="fast")
    contexts = [
        event.context async for event in local.generate(request(2)) if isinstance(event, GeneratedPicture)
    ]
    assert contexts[0] is not None
    assert contexts[0].logo_anchor is None
    assert contexts[1] is not None
    assert contexts[1].logo_anchor is not None
    assert contexts[1].logo_anchor.confidence is not None
