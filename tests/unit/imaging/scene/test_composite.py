"""Compositing, and the colours at the edge of a cut-out."""

import numpy as np

from stillroom.imaging.pixels import cover_of, to_linear
from stillroom.imaging.scene.composite import composite_over, foreground_of, on_canvas, overlap
from tests.unit.imaging.scenes import disc


def test_old_backdrop_colour_is_removed_from_the_edge() -> None:
    alpha = disc(400, 120)
    cover = cover_of(alpha)[..., None]
    photo = np.rint(np.array([200, 90, 30]) * cover + np.array([20, 200, 40]) * (1 - cover)).astype(np.uint8)
    edge = (alpha > 60) & (alpha < 200)
    before = np.abs(photo[edge].astype(int) - (200, 90, 30)).mean()
    after = np.abs(foreground_of(photo, alpha)[edge].astype(int) - (200, 90, 30)).mean()
    assert after < 0.25 * before


def test_the_products_own_pixels_are_kept_as_they_are() -> None:
    alpha = disc()
    photo = np.random.default_rng(0).integers(0, 256, (*alpha.shape, 3)).astype(np.uint8)
    assert np.array_equal(foreground_of(photo, alpha)[alpha > 250], photo[alpha > 250])


def test_a_cutout_covers_where_it_is_solid_and_nothing_where_it_is_not() -> None:
    canvas = np.full((60, 60, 3), 255, np.uint8)
    product = to_linear(np.full((20, 20, 3), 90, np.uint8))
    alpha = np.zeros((20, 20), np.float32)
    alpha[:, :10] = 1
    composite_over(canvas, product, alpha, 30, 30)
    assert np.abs(canvas[30:50, 30:40].astype(int) - 90).max() <= 1
    assert int(canvas[30:50, 40:50].min()) == 255
    assert int(canvas[:30].min()) == 255


def test_half_coverage_mixes_in_linear_light() -> None:
    canvas = np.full((4, 4, 3), 255, np.uint8)
    composite_over(canvas, np.zeros((4, 4, 3), np.float32), np.full((4, 4), 0.5, np.float32), 0, 0)
    assert abs(int(canvas[0, 0, 0]) - 188) <= 1


def test_product_beyond_the_canvas_is_clipped() -> None:
    canvas = np.full((40, 40, 3), 255, np.uint8)
    composite_over(canvas, np.zeros((30, 30, 3), np.float32), np.ones((30, 30), np.float32), -20, 25)
    assert int(canvas[25:, :10].max()) == 0
    assert int(canvas[:25].min()) == 255


def test_product_outside_the_canvas_overlaps_nothing() -> None:
    inner, outer = overlap((10, 10), (20, 20), 50, 50)
    assert np.zeros((10, 10))[inner].size == 0
    assert np.zeros((20, 20))[outer].size == 0


def test_a_plane_is_placed_on_an_empty_canvas() -> None:
    placed = on_canvas(np.full((10, 20), 7, np.uint8), (100, 50), 30, 40)
    assert placed.shape == (50, 100)
    assert int(placed.sum()) == 7 * 10 * 20
    assert placed[40, 30] == 7


def test_matte_that_is_a_pixel_too_wide_shows_no_line_of_the_old_backdrop() -> None:
    true = cover_of(disc(400, 120))[..., None]
    photo = np.rint(np.array([40, 30, 30]) * true + np.array([230, 160, 90]) * (1 - true)).astype(np.uint8)
    wide = disc(400, 122)
    line = (wide > 250) & (disc(400, 119) < 5)
    assert np.abs(photo[line].astype(int) - (40, 30, 30)).mean() > 60
    assert np.abs(foreground_of(photo, wide)[line].astype(int) - (40, 30, 30)).mean() < 12


def test_colours_of_the_product_at_its_edge_are_no_backdrop() -> None:
    photo = np.full((400, 400, 3), (90, 140, 90), np.uint8)
    photo[disc(400, 120) > 127] = (40, 30, 30)
    rim = (disc(400, 120) > 250) & (disc(400, 117) < 128)
    photo[rim] = (30, 60, 190)
    assert np.array_equal(foreground_of(photo, disc(400, 120))[rim], photo[rim])
