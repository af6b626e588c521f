"""Exports to other proportions keep the whole product, or say that it is cut."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import stillroom
from stillroom.domain.exports.presets import DigitalSource, ExportPreset, ExportsConfig, FixId
from stillroom.imaging.export import render, windows
from stillroom.imaging.io import encoding
from tests import pictures
from tests.unit.imaging.presets import preset, rule

TALL: dict[str, Any] = {
    "canvas": {"width": 300, "height": 400},
    "fit": "crop",
    "ground": "scene",
    "subject": {"share": 0.7, "min": 0.6, "max": 0.9},
    "formats": ["png"],
    "rules": [rule("subject_whole")],
}
PADDED = {**TALL, "fit": "pad", "ground": "white"}
CATALOG = Path(stillroom.__file__).parent / "catalog"
SHIPPED = ExportsConfig.model_validate_json((CATALOG / "exports.config.json").read_bytes())


def verdict_of(master: pictures.Pixels, matte: pictures.Pixels, shop: ExportPreset) -> str:
    source = DigitalSource.ALGORITHMICALLY_ENHANCED
    [file, *_] = render.export(encoding.png_of(master), encoding.png_of(matte), shop, source)
    return next(check.verdict for check in file.checks if check.rule == "subject_whole")


def wide_in_a_scene(*, even_top: bool) -> tuple[pictures.Pixels, pictures.Pixels]:
    """A product of 90 % of the width, in a square scene with a wall above a striped floor."""
    master, matte = pictures.product(box=(40, 300, 760, 560), ground=(180, 170, 160))
    master[600:] = np.where(np.arange(800)[:, None] // 40 % 2, 90, 140)
    if not even_top:
        master[:200] = master[600:]
    return master, matte


@pytest.mark.parametrize("ground", [(255, 255, 255), (200, 190, 170)])
@pytest.mark.parametrize("shop", [TALL, PADDED])
@pytest.mark.parametrize(
    "box", [(100, 100, 900, 900), (-100, -100, 700, 700), (-100, 100, 900, 900), (300, 400, 500, 900)]
)
def test_a_product_cut_by_the_photo_keeps_its_edges_and_is_cut_no_further(
    box: tuple[int, int, int, int], shop: dict[str, Any], ground: tuple[int, int, int]
) -> None:
    master, matte = pictures.product(box=box, ground=ground)
    framed = render.frame(master, matte, preset(**shop))
    before, after = (windows.extent(one) for one in (matte, framed.geometry.matte) if one is not None)
    assert before is not None
    assert after is not None
    ratio = (before[2] - before[0]) / (before[3] - before[1])
    assert (after[2] - after[0]) / (after[3] - after[1]) == pytest.approx(ratio, rel=0.02)
    at_edge = [edge == end for edge, end in zip(before, (0, 0, 800, 800), strict=True)]
    assert [edge == end for edge, end in zip(after, (0, 0, 300, 400), strict=True)] == at_edge
    corner = framed.pixels[3, -4] if before[0] == 0 and before[1] > 0 else framed.pixels[3, 3]
    if before[1] > 0:
        assert np.abs(corner.astype(int) - (255 if shop is PADDED else ground)).max() <= 2
    assert verdict_of(master, matte, preset(**shop)) == "fail"


def test_a_tall_product_cut_at_both_sides_stays_complete_on_a_padded_canvas() -> None:
    master, matte = pictures.product(box=(-100, 10, 900, 790))
    wide = preset(**{**PADDED, "canvas": {"width": 400, "height": 200}})
    framed = render.frame(master, matte, wide)
    assert framed.geometry.matte is not None
    x0, y0, x1, y1 = windows.extent(framed.geometry.matte) or (0, 0, 0, 0)
    assert (x0 + x1, y1 - y0) == (400, 200)


def test_a_cut_product_is_centred_on_request() -> None:
    master, matte = pictures.product(box=(300, 400, 500, 900))
    framed = render.frame(master, matte, preset(**PADDED), [FixId.CENTER])
    assert framed.geometry.matte is not None
    _, y0, _, y1 = windows.extent(framed.geometry.matte) or (0, 0, 0, 0)
    assert y0 + y1 == pytest.approx(400, abs=1)


def test_a_wide_product_stays_complete_in_a_scene_that_can_be_extended_at_one_side() -> None:
    master, matte = wide_in_a_scene(even_top=True)
    framed = render.frame(master, matte, preset(**TALL))
    assert not framed.geometry.is_cut
    assert np.abs(framed.pixels[:80].astype(int) - (180, 170, 160)).max() <= 2
    assert np.ptp(framed.pixels[-1, :, 0]) > 40, "the floor is not repeated"
    assert verdict_of(master, matte, preset(**TALL)) == "pass"


def test_a_wide_product_that_a_scene_cannot_keep_complete_is_reported() -> None:
    master, matte = wide_in_a_scene(even_top=False)
    assert verdict_of(master, matte, preset(**TALL)) == "fail"


def test_what_continues_a_scene_has_neither_streaks_nor_a_step() -> None:
    master, matte = wide_in_a_scene(even_top=True)
    noise = np.random.default_rng(1).integers(-8, 9, (300, 800, 1))
    master[:300] = (master[:300].astype(int) + noise).astype(np.uint8)
    top = render.frame(master, matte, preset(**TALL)).pixels[:40, 60:-60, 0].astype(int)
    assert np.abs(np.diff(top, axis=1)).max() <= 1


def test_a_nearly_white_scene_is_not_framed_by_white() -> None:
    master, matte = pictures.product(box=(40, 300, 760, 560), ground=(240, 240, 240))
    master[:300] = np.linspace(236, 252, 800)[:, None].astype(np.uint8)
    pixels = render.frame(master, matte, preset(**TALL)).pixels.astype(int)
    assert np.abs(np.diff(pixels[:120], axis=0)).max() <= 3


@pytest.mark.parametrize("preset_id", [one.id for one in SHIPPED.presets])
def test_every_preset_reports_a_cut_product(preset_id: str) -> None:
    shop = SHIPPED.preset(preset_id)
    assert shop is not None
    own = next((one for one in shop.rules if one.rule == "subject_whole"), None)
    assert own is not None
    master, matte = pictures.product(side=400, box=(60, 60, 460, 460))
    assert verdict_of(master, matte, shop) == ("fail" if own.required else "warn")
