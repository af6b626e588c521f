"""Rendering: from a master to the files of a preset."""

from typing import Any

import numpy as np
import pytest

from stillroom.domain.exports.presets import DigitalSource, FixId
from stillroom.domain.plans.plan import Plan, changed
from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.export import render, windows
from stillroom.imaging.io import encoding
from stillroom.imaging.pipeline import render_picture
from stillroom.imaging.pixels import Box
from stillroom.imaging.scene.product import Product
from tests import pictures
from tests.unit.imaging.cutout.test_glass import tumbler
from tests.unit.imaging.presets import preset, rule
from tests.unit.imaging.scenes import disc, orange_ball

SOURCE = DigitalSource.ALGORITHMICALLY_ENHANCED
WHITE = (255, 255, 255)


def exported(
    master: pictures.Pixels, matte: pictures.Pixels | None, fixes: tuple[FixId, ...] = (), /, **changes: Any
) -> render.ExportedFile:
    mask = None if matte is None else encoding.png_of(matte)
    [file] = render.export(encoding.png_of(master), mask, preset(**changes), SOURCE, fixes)
    return file


def box_of_dark(pixels: pictures.Pixels) -> Box:
    rows = np.flatnonzero((pixels < 200).any(axis=(1, 2)))
    columns = np.flatnonzero((pixels < 200).any(axis=(0, 2)))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def test_a_product_on_white_takes_its_share_in_the_middle() -> None:
    master, matte = pictures.product(box=(100, 50, 300, 450))
    pixels = pictures.decoded(exported(master, matte).data)
    x0, y0, x1, y1 = box_of_dark(pixels)
    assert pixels.shape == (400, 400, 3)
    assert abs((y1 - y0) - 0.8 * 400) <= 3
    assert abs((x0 + x1) / 2 - 200) <= 2
    assert abs((y0 + y1) / 2 - 200) <= 2


def test_a_tall_canvas_is_filled_by_the_side_that_fits_tighter() -> None:
    master, matte = pictures.product(box=(100, 350, 700, 500))
    pixels = pictures.decoded(exported(master, matte, canvas={"width": 300, "height": 400}).data)
    x0, _, x1, _ = box_of_dark(pixels)
    assert pixels.shape == (400, 300, 3)
    assert abs((x1 - x0) - 0.8 * 300) <= 3


def test_a_nearly_white_ground_becomes_exactly_white_and_the_shadow_stays() -> None:
    master, matte = pictures.product(ground=(250, 249, 247), shadow=True)
    pixels = pictures.decoded(exported(master, matte).data)
    assert (pixels[:8] == 255).all()
    assert (pixels[:, :8] == 255).all()
    below = pixels[box_of_dark(pixels)[3] + 6, 200]
    assert 150 < below.min() < 250


def test_pure_white_preset_has_no_shadow() -> None:
    master, matte = pictures.product(shadow=True)
    pixels = pictures.decoded(exported(master, matte, ground="pure_white").data)
    outside = np.ones((400, 400), bool)
    x0, y0, x1, y1 = box_of_dark(pixels)
    outside[y0 - 8 : y1 + 8, x0 - 8 : x1 + 8] = False
    assert (pixels[outside] == 255).all()


def test_a_product_in_a_scene_is_set_on_white_without_a_trace_of_the_scene() -> None:
    master, matte = pictures.product(ground=(20, 180, 40))
    pixels = pictures.decoded(exported(master, matte, formats=["png"]).data).astype(int)
    greenness = pixels[..., 1] - np.maximum(pixels[..., 0], pixels[..., 2])
    assert greenness.max() <= 6
    assert tuple(pixels[0, 0]) == WHITE


CUTOUT: dict[str, Any] = {
    "fit": "trim",
    "ground": "transparent",
    "canvas": {"long_side": 300},
    "formats": ["png"],
}
GREEN, NEARLY_WHITE = (120, 150, 90), (250, 249, 247)


@pytest.mark.parametrize(
    ("before", "changes", "declared"),
    [
        (GREEN, {}, DigitalSource.COMPOSITE_SYNTHETIC),
        (GREEN, CUTOUT, DigitalSource.COMPOSITE_SYNTHETIC),
        (NEARLY_WHITE, {"ground": "pure_white"}, DigitalSource.COMPOSITE_SYNTHETIC),
        (NEARLY_WHITE, {}, SOURCE),
        (GREEN, {"ground": "scene"}, SOURCE),
    ],
)
def test_file_declares_the_background_that_its_preset_makes(
    before: tuple[int, int, int], changes: dict[str, Any], declared: DigitalSource
) -> None:
    master, matte = pictures.product(ground=before)
    [check] = exported(master, matte, **changes, rules=[rule("provenance")]).checks
    assert check.measured == declared
    assert ("aigc_label" in check.facts) == (declared is DigitalSource.COMPOSITE_SYNTHETIC)


@pytest.mark.parametrize("kind", ["scene", "color", "keep", "transparent"])
def test_glass_shows_white_instead_of_the_backdrop_of_its_picture(kind: str) -> None:
    photo, alpha = tumbler(rim=90)
    glass = Product(photo, Matte(alpha, (0, 0, *alpha.shape), "drawn", 1.0, 0.0))
    assert glass.glass is not None
    plan = changed(Plan(), "backdrop", kind=kind, color="#b03030")
    made, white = (render_picture(glass, one) for one in (plan, changed(Plan(), "shadow", kind="none")))
    master, matte = (encoding.png_of(one) for one in (made.picture, made.matte))
    assert made.on_white is not None
    inner = np.s_[150:200, 180:220]
    for ground in ("white", "pure_white"):
        shop = preset(ground=ground, formats=["png"])
        [file] = render.export(master, matte, shop, SOURCE, on_white=encoding.png_of(made.on_white))
        [wanted] = render.export(encoding.png_of(white.picture), encoding.png_of(white.matte), shop, SOURCE)
        apart = pictures.decoded(file.data)[inner].astype(int) - pictures.decoded(wanted.data)[inner]
        assert np.abs(apart).max() <= 6


def test_product_without_glass_has_no_picture_on_white() -> None:
    assert render_picture(orange_ball(side=300, radius=100), Plan()).on_white is None


def test_haze_is_neither_composited_nor_framed() -> None:
    scene = pictures.scene(800, 600)
    for cover in (0, 93):
        haze = np.zeros((600, 800), np.uint8)
        haze[200:220, 300:320] = cover
        shown = exported(scene, haze, ground="pure_white").data
        assert shown == exported(scene, None, ground="pure_white").data


def test_areas_outside_the_photo_are_missing_in_the_export() -> None:
    master, matte = pictures.product()
    whole = preset(rules=[rule("subject_whole")])
    for is_cut, verdict in ((False, "pass"), (True, "fail")):
        [file] = render.export(encoding.png_of(master), encoding.png_of(matte), whole, SOURCE, is_cut=is_cut)
        assert file.checks[0].verdict == verdict


def test_without_a_matte_a_scene_stays_a_scene() -> None:
    pixels = pictures.decoded(exported(pictures.scene(800, 600), None).data)
    assert pixels.shape == (400, 400, 3)
    assert pixels[5, 5].min() < 200


def test_a_scene_is_cropped_around_its_product() -> None:
    master, matte = pictures.product(box=(420, 250, 720, 550), ground=(120, 140, 160))
    master[::2, ::7] = (90, 100, 120)
    file = exported(master, matte, fit="crop", ground="scene", subject={"share": 0.6, "min": 0.5, "max": 0.7})
    framed = render.frame(
        master, matte, preset(fit="crop", ground="scene", subject={"share": 0.6, "min": 0.5, "max": 0.7})
    )
    assert framed.geometry.matte is not None
    x0, _, x1, _ = windows.extent(framed.geometry.matte) or (0, 0, 0, 0)
    assert file.width == file.height == 400
    assert abs((x1 - x0) / 400 - 0.6) < 0.02
    assert framed.geometry.scale == pytest.approx(0.8, abs=0.02)


def test_a_scene_is_not_enlarged_unless_the_user_asks_for_it() -> None:
    master, matte = pictures.product(side=500, box=(200, 200, 280, 280), ground=(120, 140, 160))
    master[::2, ::7] = (90, 100, 120)
    wanted = preset(fit="crop", ground="scene")
    left = render.frame(master, matte, wanted)
    closer = render.frame(master, matte, wanted, (FixId.ENLARGE_SUBJECT,))
    assert left.geometry.scale == pytest.approx(1.0, abs=0.001)
    assert (closer.geometry.scale or 0.0) > 3.0


def test_a_plain_coloured_ground_goes_on_beyond_the_edge() -> None:
    master, matte = pictures.product(box=(40, 40, 760, 760), ground=(200, 190, 170))
    wanted: dict[str, Any] = {
        "fit": "crop",
        "ground": "scene",
        "subject": {"share": 0.7, "min": 0.6, "max": 0.8},
    }
    pixels = pictures.decoded(exported(master, matte, **wanted).data)
    assert np.abs(pixels[3, 3].astype(int) - (200, 190, 170)).max() <= 3


def test_a_long_side_preset_keeps_proportions_and_never_enlarges() -> None:
    wide: dict[str, Any] = {"canvas": {"long_side": 320}, "fit": "inside", "ground": "scene", "subject": None}
    assert exported(pictures.scene(640, 480), None, **wide).width == 320
    small = exported(pictures.scene(300, 200), None, **wide)
    assert (small.width, small.height) == (300, 200)


def test_cutout_is_trimmed_and_transparent_around_the_product() -> None:
    master, matte = pictures.product(ground=(20, 180, 40))
    wanted: dict[str, Any] = {
        "canvas": {"long_side": 4096},
        "fit": "trim",
        "ground": "transparent",
        "formats": ["png"],
    }
    pixels = pictures.decoded(exported(master, matte, **wanted).data)
    assert pixels.shape[2] == 4
    assert (pixels[0, :, 3] == 0).all()
    assert 440 < pixels.shape[0] < 500
    soft = (pixels[..., 3] > 40) & (pixels[..., 3] < 220)
    colour = pixels[soft].astype(int)
    assert (colour[:, 1] <= colour[:, 2] + 6).all()


TRIMMED: dict[str, Any] = {
    "canvas": {"long_side": 4096},
    "fit": "trim",
    "ground": "transparent",
    "formats": ["png"],
    "rules": [rule("transparent_ground")],
}


@pytest.mark.parametrize(
    ("canvas", "size"),
    [({"width": 400, "height": 300}, (400, 300)), ({"width": 400, "max_height": 900}, (400, 699))],
)
def test_cutout_is_trimmed_to_an_exact_size(canvas: dict[str, int], size: tuple[int, int]) -> None:
    master, matte = pictures.product(box=(280, 200, 520, 640))
    file = exported(
        master, matte, canvas=canvas, fit="trim", ground="transparent", formats=["png"], subject=None
    )
    alpha = pictures.decoded(file.data)[..., 3]
    assert (file.width, file.height) == size
    across, down = np.flatnonzero(alpha.max(0) > 127), np.flatnonzero(alpha.max(1) > 127)
    assert max((across[-1] - across[0]) / size[0], (down[-1] - down[0]) / size[1]) > 0.9
    assert abs(across[-1] + across[0] + 1 - size[0]) <= 2
    assert not alpha[[0, -1]].any()


def test_a_transparent_preset_beside_one_that_needs_jpeg_stays_transparent() -> None:
    file = exported(*pictures.product(), (FixId.TO_JPEG,), **TRIMMED)
    assert file.format == "png"
    assert (pictures.decoded(file.data)[0, :, 3] == 0).all()


def test_the_ground_of_a_cutout_is_clear_at_every_size() -> None:
    master, _ = pictures.product()
    ball = disc(800, 250)
    [check] = exported(master, ball, **TRIMMED | {"canvas": {"long_side": 330}}).checks
    assert (check.verdict, check.measured) == ("pass", "100.0%")


def shadowed() -> tuple[pictures.Pixels, pictures.Pixels]:
    """A transparent master with a wide shadow under its product, and the product's matte."""
    picture, matte = pictures.product()
    down, across = np.mgrid[0:800, 0:800]
    shade = 150 * np.exp(-(((across - 400) / 110) ** 2) - ((down - 640) / 30) ** 2)
    alpha = np.maximum(matte, np.where(shade > 1, shade, 0)).astype(np.uint8)
    return np.dstack([np.where(matte[..., None] > 0, picture, 0).astype(np.uint8), alpha]), matte


def test_a_cutout_keeps_the_shadow_that_its_master_has() -> None:
    master, matte = shadowed()
    file = exported(master, matte, **TRIMMED)
    alpha = pictures.decoded(file.data)[..., 3]
    there = windows.extent(master[..., 3], least=1)
    assert there is not None
    x0, y0, x1, y1 = there
    left, top, right, bottom = windows.extent(alpha, least=1) or (0, 0, 0, 0)
    assert (right - left, bottom - top) == (x1 - x0, y1 - y0)
    assert np.array_equal(alpha[top:bottom, left:right], master[y0:y1, x0:x1, 3])
    assert not alpha[0].any()
    assert not alpha[-1].any()
    [check] = file.checks
    assert (check.verdict, check.fix and check.fix.id) == ("warn", FixId.REMOVE_SHADOW)


def test_the_shadow_of_a_cutout_can_be_removed() -> None:
    master, matte = shadowed()
    file = exported(master, matte, (FixId.REMOVE_SHADOW,), **TRIMMED)
    alpha = pictures.decoded(file.data)[..., 3]
    assert np.count_nonzero(alpha) == np.count_nonzero(matte)
    assert file.checks[0].verdict == "pass"


def test_non_shadow_pixels_on_a_transparent_ground_are_stains() -> None:
    for stain in ((255, 255, 255, 90), (0, 0, 0, 90)):
        master, matte = shadowed()
        place = np.s_[640:660, 300:500] if stain[0] else np.s_[100:140, 40:90]
        master[place] = stain
        [check] = exported(master, matte, **TRIMMED).checks
        assert (check.verdict, check.fix) == ("fail", None)


def test_transparent_master_provides_its_own_matte() -> None:
    master, matte = pictures.product(ground=(0, 0, 0))
    pixels = pictures.decoded(exported(np.dstack([master, matte]), None).data)
    _, y0, _, y1 = box_of_dark(pixels)
    assert tuple(pixels[0, 0]) == WHITE
    assert abs((y1 - y0) - 0.8 * 400) <= 3


@pytest.mark.parametrize(
    ("height", "heights"), [(400, [400]), (401, [200, 201]), (1000, [333, 333, 334]), (1200, [400, 400, 400])]
)
def test_a_tall_picture_is_cut_into_parts_of_one_height(height: int, heights: list[int]) -> None:
    column = preset(canvas={"width": 300, "max_height": 400}, fit="inside", ground="scene", subject=None)
    master = pictures.scene(300, height)
    files = render.export(encoding.png_of(master), None, column, SOURCE)
    assert [(file.width, file.height) for file in files] == [(300, each) for each in heights]
    assert [file.part for file in files] == ([None] if len(files) == 1 else list(range(1, len(files) + 1)))
    together = np.concatenate([pictures.decoded(file.data) for file in files])
    assert np.abs(together.astype(int) - master).mean() < 3


def test_every_format_of_a_preset_gets_a_file_and_a_fix_can_make_it_jpeg() -> None:
    master, matte = pictures.product()
    both = preset(formats=["webp", "jpeg"])
    files = render.export(encoding.png_of(master), encoding.png_of(matte), both, SOURCE)
    assert [file.format for file in files] == ["webp", "jpeg"]
    fixed = render.export(encoding.png_of(master), encoding.png_of(matte), both, SOURCE, (FixId.TO_JPEG,))
    assert [file.format for file in fixed] == ["jpeg"]


def test_the_same_variant_exports_to_the_same_bytes() -> None:
    master, matte = pictures.product(shadow=True)
    assert exported(master, matte) == exported(master, matte)


def test_each_fix_applies_its_change() -> None:
    master, matte = pictures.product(box=(120, 200, 360, 640), shadow=True)
    ground = [rule("white_ground", shadow="tolerated")]
    before = exported(master, matte, rules=ground)
    assert before.checks[0].fix is not None
    assert before.checks[0].fix.id is FixId.REMOVE_SHADOW
    after = exported(master, matte, (FixId.REMOVE_SHADOW,), rules=ground)
    assert after.checks[0].verdict == "pass"
    scene: dict[str, Any] = {
        "fit": "crop",
        "ground": "scene",
        "subject": None,
        "rules": [rule("subject_centered")],
    }
    off = exported(master, matte, **scene)
    assert off.checks[0].verdict == "fail"
    centred = exported(master, matte, (FixId.CENTER,), **scene)
    assert centred.checks[0].verdict == "pass"


def test_file_is_compressed_below_its_limit_on_request() -> None:
    master = np.random.default_rng(2).integers(0, 256, (500, 500, 3), np.uint8)
    limit: dict[str, Any] = {
        "canvas": {"long_side": 500},
        "fit": "inside",
        "ground": "scene",
        "subject": None,
    }
    tight: dict[str, Any] = {
        "quality": {"best": 92, "least": 90},
        "rules": [rule("bytes", max=200_000)],
        "bytes": {"max": 200_000},
    }
    before = exported(master, None, **limit, **tight)
    assert before.checks[0].fix is not None
    assert before.checks[0].fix.label.zh == "压到 200 KB 以内"
    after = exported(master, None, (FixId.FIT_BYTES,), **limit, **tight)
    assert after.quality < before.quality
    assert len(after.data) < len(before.data)


def test_sharpening_makes_edges_steeper_and_leaves_the_ground_white() -> None:
    master, matte = pictures.product(side=200, box=(60, 40, 140, 160))
    soft = pictures.decoded(exported(master, matte, formats=["png"]).data)
    crisp = pictures.decoded(exported(master, matte, (FixId.SHARPEN,), formats=["png"]).data)
    assert (
        np.abs(np.diff(crisp[200].astype(int), axis=0)).max()
        > np.abs(np.diff(soft[200].astype(int), axis=0)).max()
    )
    assert (crisp[:20] == 255).all()
