"""Accuracy of real networks on the golden photos; the full table is `tests/bench/matting.py`."""

from dataclasses import astuple
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from stillroom.evaluation.golden.measurement import MatteScores, matte_scores
from stillroom.imaging.cutout.matting import matte_of
from stillroom.imaging.cutout.networks import Network
from stillroom.providers.cutouts.networks import Networks, Quality
from tests.integration.imaging.golden import case, whole
from tests.networks import packaged_weights

SOLID = ("mug_kitchen", "bottle_gym", "teapot_tray", "headphones_desk", "tshirt_bed")


@cache
def loaded(weights: Path, quality: Quality) -> tuple[Network, Network | None]:
    """The networks with which a studio cuts out and looks where the product is, loaded once for all tests."""
    networks = Networks(packaged_weights(weights), fetch=False, quality=quality)
    told: list[object] = []
    first = networks.first(told.append)
    assert first is not None
    scout = networks.scout(first, told.append)
    assert told == []
    return first, scout


def scores_of(name: str, *networks: Network | None) -> MatteScores:
    """Quality of the cut-out of a golden photo."""
    photo = case(name)
    return matte_scores(whole(matte_of(photo.photo, *networks), photo.photo.shape), photo.truth)


@pytest.mark.parametrize(
    ("quality", "overlap", "error", "boundary"), [("best", 0.985, 0.002, 0.95), ("fast", 0.97, 0.004, 0.88)]
)
def test_solid_products_are_cut_out_well(
    weights_folder: Path, quality: Quality, overlap: float, error: float, boundary: float
) -> None:
    networks = loaded(weights_folder, quality)
    mean = np.mean([astuple(scores_of(name, *networks)) for name in SOLID], axis=0)
    assert mean[0] >= overlap
    assert mean[1] <= error
    assert mean[2] >= boundary


@pytest.mark.parametrize(
    ("name", "overlap"),
    [("sneaker_street", 0.98), ("boombox_shelf", 0.96), ("perfume_vanity", 0.95), ("camera_market", 0.93)],
)
def test_cables_and_other_things_on_the_table_are_left_out(
    weights_folder: Path, name: str, overlap: float
) -> None:
    assert scores_of(name, *loaded(weights_folder, "best")).iou >= overlap


def test_a_matte_without_a_network_still_covers_most_of_the_product() -> None:
    assert scores_of("teapot_tray", None).iou > 0.4
