"""How well real networks cut out the golden photos; the full table is `tests/bench/matting.py`."""

from dataclasses import astuple
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from stillroom.evaluation.measurement import matte_scores
from stillroom.imaging.cutout.matting import matte_of
from stillroom.imaging.cutout.networks import ISNET, U2NETP, Network, NetworkSpec
from stillroom.providers.weights.folder import path_of
from tests.integration.imaging.golden import case, whole

SOLID = ("mug_kitchen", "bottle_gym", "teapot_tray", "headphones_desk", "tshirt_bed")


@cache
def loaded(weights: Path, spec: NetworkSpec) -> Network:
    """A network, loaded once for all tests here."""
    return Network(path_of(weights, spec.name), spec)


@pytest.mark.parametrize(
    ("spec", "overlap", "error", "boundary"), [(ISNET, 0.985, 0.002, 0.95), (U2NETP, 0.97, 0.004, 0.88)]
)
def test_solid_products_are_cut_out_well(
    weights_folder: Path, spec: NetworkSpec, overlap: float, error: float, boundary: float
) -> None:
    network = loaded(weights_folder, spec)
    figures = []
    for name in SOLID:
        photo = case(name)
        figures.append(
            astuple(matte_scores(whole(matte_of(photo.photo, network), photo.photo.shape), photo.truth))
        )
    mean = np.mean(figures, axis=0)
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
    network = loaded(weights_folder, ISNET)
    photo = case(name)
    assert matte_scores(whole(matte_of(photo.photo, network), photo.photo.shape), photo.truth).iou >= overlap


def test_a_matte_without_a_network_still_covers_most_of_the_product() -> None:
    photo = case("teapot_tray")
    assert matte_scores(whole(matte_of(photo.photo, None), photo.photo.shape), photo.truth).iou > 0.4
