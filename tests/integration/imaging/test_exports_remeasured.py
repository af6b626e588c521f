"""Every preset with golden photos: what the checks say is what another reader finds."""

import itertools
from functools import cache

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from stillroom.domain.exports.presets import DigitalSource, ExportPreset, Ground, Verdict
from stillroom.domain.plans.plan import starting_plan
from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.export import compliance, render
from stillroom.imaging.export.evidence import Geometry
from stillroom.imaging.io import encoding
from stillroom.imaging.io.decoding import Limits, open_picture
from stillroom.imaging.pipeline import render_picture
from stillroom.imaging.scene.product import Product
from stillroom.storage.catalog import FileCatalogue
from tests import pictures
from tests.integration.imaging.golden import case
from tests.integration.imaging.second_opinion import (
    SecondOpinion,
    by_exiftool,
    digital_source_type,
)

PHOTOS = ("mug_kitchen", "sneaker_street", "perfume_vanity", "tote_door", "toycar_rug")
CATALOGUE = FileCatalogue()
PRESETS = [preset.id for preset in CATALOGUE.exports().presets]
SOURCE = DigitalSource.COMPOSITE_SYNTHETIC

_SHADOW_ENDS = 0.02
"""Share of the shorter side at the border where no shadow may be."""


@cache
def master_of(photo: str) -> tuple[bytes, bytes]:
    """The photo as one-click optimise leaves it, cut out by its true mask."""
    golden = case(photo)
    height, width = golden.photo.shape[:2]
    alpha = np.rint(golden.truth * 255).astype(np.uint8)
    product = Product(golden.photo, Matte(alpha, (0, 0, width, height), "truth", None, 0.0))
    made = render_picture(product, starting_plan("optimize"))
    return encoding.png_of(made.picture), encoding.png_of(made.matte)


def preset_of(name: str) -> ExportPreset:
    preset = CATALOGUE.exports().preset(name)
    assert preset is not None
    return preset


def framed_matte(master: bytes, matte: bytes, preset: ExportPreset) -> NDArray[np.uint8] | None:
    """Place of the product."""
    return render.frame(encoding.pixels_of(master), encoding.pixels_of(matte), preset).geometry.matte


@pytest.mark.parametrize("name", ["temu-main", "aliexpress-main"])
@pytest.mark.parametrize(
    ("size", "verdict"), [((1340, 1340), "pass"), ((1350, 1800), "pass"), ((1800, 1350), "fail")]
)
def test_a_shop_that_takes_two_shapes_takes_both(name: str, size: tuple[int, int], verdict: str) -> None:
    file = pictures.jpeg(np.full((size[1], size[0], 3), 255, np.uint8))
    opened = open_picture(file, Limits(max_bytes=1_000_000, max_megapixels=20, max_side=4096))
    checks = compliance.check(file, opened, preset_of(name), Geometry(None, None, False, None))
    [check] = [check for check in checks if check.rule == "ratio"]
    assert check.verdict == verdict


# Each preset with one photo in turn; AVIF, which other readers have known for the shortest time, with all.
@pytest.mark.parametrize(
    ("name", "photo"),
    sorted(
        {*zip(PRESETS, itertools.cycle(PHOTOS), strict=False), *(("web-avif", photo) for photo in PHOTOS)}
    ),
)
def test_no_check_fails_and_an_independent_reader_confirms_the_measurements(name: str, photo: str) -> None:
    assert confirmed_verdicts(name, photo) > 0


def confirmed_verdicts(name: str, photo: str) -> int:
    """Export a golden photo under a preset and re-measure it; gives back how many verdicts were confirmed."""
    confirmed = 0
    master, matte = master_of(photo)
    preset = preset_of(name)
    cover = framed_matte(master, matte, preset)
    files = render.export(master, matte, preset, SOURCE)
    assert [file.format for file in files] == list(preset.formats)
    for file in files:
        assert not [check for check in file.checks if check.verdict is Verdict.FAIL]
        opinion = SecondOpinion(file.data, cover)
        assert (opinion.width, opinion.height) == (file.width, file.height)
        for rule, check in zip(preset.rules, file.checks, strict=True):
            held = opinion.holds(rule)
            if held is not None and check.verdict in (Verdict.PASS, Verdict.WARN):
                assert held == (check.verdict is Verdict.PASS), (rule, check)
                confirmed += 1
            assert opinion.agrees_with(check), check
        assert preset.bytes.min <= len(file.data) <= (preset.bytes.max or len(file.data))
        if preset.ground in (Ground.WHITE, Ground.PURE_WHITE):
            assert_white(opinion, preset)
        assert_says_where_it_comes_from(opinion)
    return confirmed


def assert_white(opinion: SecondOpinion, preset: ExportPreset) -> None:
    """255 wherever neither product nor shadow is: one stain at most, around the product, off the border."""
    stain = opinion.stain()
    if preset.ground is Ground.PURE_WHITE:
        assert not stain.any()
        return
    depth = round(_SHADOW_ENDS * min(stain.shape))
    assert not stain[:depth].any()
    assert not stain[-depth:].any()
    assert not stain[:, :depth].any()
    assert not stain[:, -depth:].any()
    assert opinion.matte is not None
    joined = cv2.dilate((stain | (opinion.matte > 3)).astype(np.uint8), np.ones((25, 25), np.uint8))
    parts, _ = cv2.connectedComponents(joined)
    pieces_of_product, _ = cv2.connectedComponents(
        cv2.dilate((opinion.matte > 3).astype(np.uint8), np.ones((25, 25), np.uint8))
    )
    assert parts <= pieces_of_product


def assert_says_where_it_comes_from(opinion: SecondOpinion) -> None:
    term = digital_source_type(opinion.picture)
    assert term == f"http://cv.iptc.org/newscodes/digitalsourcetype/{SOURCE}"
    tags = by_exiftool(opinion.data)
    if tags is not None:
        assert tags["XMP:DigitalSourceType"] == term
        assert not [tag for tag in tags if tag.startswith(("EXIF:", "GPS:", "IPTC:"))]
