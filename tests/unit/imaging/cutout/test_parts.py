"""Connected components of a raw matte: selection, cables, holes and fragments."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from stillroom.imaging.cutout.parts import (
    main_parts,
    product_in,
    without_haze,
    without_holes,
    without_islands,
    without_neighbours,
    without_tethers,
)

Plane = NDArray[np.float32]


def empty(height: int = 400, width: int = 600) -> Plane:
    return np.zeros((height, width), np.float32)


def blob(plane: Plane, x: int, y: int, radius: int, cover: float = 1.0) -> None:
    cv2.circle(plane, (x, y), radius, (cover,), cv2.FILLED)


def test_object_beside_the_product_is_removed() -> None:
    alpha = empty()
    blob(alpha, 280, 200, 90)
    blob(alpha, 480, 220, 45)
    kept = main_parts(alpha)
    assert kept[200, 280] == 1.0
    assert kept[220, 480] == 0.0


def test_central_object_wins_over_a_larger_one_at_the_edge() -> None:
    alpha = empty()
    blob(alpha, 300, 200, 70)
    alpha[0:400, 0:110] = 1.0
    kept = main_parts(alpha)
    assert kept[200, 300] == 1.0
    assert kept[200, 40] == 0.0


def test_a_pair_of_shoes_is_one_product() -> None:
    alpha = empty()
    blob(alpha, 200, 200, 70)
    blob(alpha, 400, 200, 66)
    kept = main_parts(alpha)
    assert kept[200, 200] == kept[200, 400] == 1.0


def test_foot_of_a_glass_is_kept_although_its_stem_is_missing() -> None:
    alpha = empty()
    blob(alpha, 300, 120, 80)
    cv2.ellipse(alpha, (300, 280), (60, 14), 0, 0, 360, (1.0,), cv2.FILLED)
    assert main_parts(alpha)[280, 300] == 1.0


def test_faint_clutter_is_removed() -> None:
    alpha = empty()
    blob(alpha, 300, 200, 90)
    blob(alpha, 500, 60, 40, cover=0.6)
    assert main_parts(alpha)[60, 500] == 0.0


def test_haze_far_from_the_product_is_removed_and_soft_edges_are_kept() -> None:
    alpha = empty()
    alpha[180:220, 300:560] = 0.5
    blob(alpha, 300, 200, 90)
    alpha = np.asarray(cv2.GaussianBlur(alpha, (0, 0), 2), np.float32)
    kept = main_parts(alpha)
    assert kept[200, 500] == 0.0
    assert kept[200, 395] > 0.3


def test_a_matte_without_any_certainty_is_left_as_it_is() -> None:
    alpha = empty()
    blob(alpha, 300, 200, 90, cover=0.5)
    assert np.array_equal(main_parts(alpha), alpha)


def test_a_cable_that_leaves_the_frame_is_cut() -> None:
    alpha = empty()
    blob(alpha, 300, 200, 90)
    cv2.line(alpha, (380, 220), (599, 300), (1.0,), 3)
    cut = without_tethers(alpha)
    assert cut[280, 540:560].max() == 0.0
    assert cut[200, 300] == 1.0
    assert np.array_equal(cut[:, :380], alpha[:, :380])


def test_a_strap_inside_the_frame_stays() -> None:
    alpha = empty()
    blob(alpha, 300, 200, 90)
    cv2.line(alpha, (380, 220), (520, 300), (1.0,), 3)
    assert np.array_equal(without_tethers(alpha), alpha)


def test_object_at_the_end_of_a_string_is_removed_with_the_string() -> None:
    alpha = empty()
    blob(alpha, 200, 200, 90)
    cv2.line(alpha, (280, 220), (420, 240), (1.0,), 3)
    blob(alpha, 450, 250, 45)
    kept = without_neighbours(alpha)
    assert kept[250, 450] == kept[225, 320] == 0.0
    assert np.array_equal(kept[:, :280], alpha[:, :280])


def test_a_chain_that_is_larger_than_what_hangs_on_it_is_kept() -> None:
    alpha = empty()
    blob(alpha, 60, 200, 35)
    for row in range(190, 220, 10):
        cv2.line(alpha, (60, row), (560, row), (1.0,), 5)
    blob(alpha, 560, 100, 22)
    cv2.line(alpha, (560, 100), (560, 215), (1.0,), 5)
    kept = without_neighbours(alpha)
    assert kept[100, 560] == 0.0
    assert kept[200, 300] == kept[180, 560] == 1.0


def test_a_rack_keeps_its_wires_that_leave_the_frame() -> None:
    alpha = empty()
    for row in range(60, 340, 40):
        cv2.line(alpha, (120, row), (599, row), (1.0,), 3)
    cv2.line(alpha, (120, 60), (120, 300), (1.0,), 3)
    assert np.array_equal(product_in(alpha) > 0.5, alpha > 0.5)


def test_a_solid_product_loses_the_cable_that_leaves_the_frame() -> None:
    alpha = empty()
    blob(alpha, 300, 200, 90)
    cv2.line(alpha, (380, 220), (599, 300), (1.0,), 3)
    kept = product_in(alpha)
    assert kept[280, 540:560].max() == 0.0
    assert kept[200, 300] == 1.0


@pytest.mark.parametrize(
    ("x", "y", "radius"),
    [(450, 250, 30), (450, 200, 80), (200, 350, 45)],
    ids=["a small charm", "a second shoe", "a foot under a stem"],
)
def test_part_hanging_on_a_string_is_kept(x: int, y: int, radius: int) -> None:
    alpha = empty()
    blob(alpha, 200, 150, 90)
    cv2.line(alpha, (200, 150), (x, y), (1.0,), 3)
    blob(alpha, x, y, radius)
    assert np.array_equal(without_neighbours(alpha), alpha)


def test_similar_objects_are_kept_as_a_set() -> None:
    alpha = empty()
    blob(alpha, 200, 200, 80)
    for x, y in ((420, 120), (420, 290)):
        cv2.line(alpha, (200, 200), (x, y), (1.0,), 3)
        blob(alpha, x, y, 50)
    assert np.array_equal(without_neighbours(alpha), alpha)


def test_glass_is_filled_and_a_mug_handle_stays_open() -> None:
    alpha = empty()
    blob(alpha, 300, 200, 150)
    blob(alpha, 240, 200, 40, cover=0.6)
    blob(alpha, 360, 200, 40, cover=0.0)
    closed = without_holes(alpha)
    assert closed[200, 240] == 1.0
    assert closed[200, 360] == 0.0


def test_pinholes_are_closed() -> None:
    alpha = empty()
    blob(alpha, 300, 200, 150)
    alpha[200:202, 300:302] = 0.0
    assert without_holes(alpha)[200:202, 300:302].min() == 1.0


def test_haze_inside_becomes_opaque_and_soft_edges_stay_soft() -> None:
    alpha = empty()
    blob(alpha, 300, 200, 150)
    alpha = np.asarray(cv2.GaussianBlur(alpha, (0, 0), 3), np.float32)
    alpha[150:250, 250:350] = 0.85
    solid = without_haze(alpha)
    assert solid[200, 300] == 1.0
    edge = (alpha > 0.1) & (alpha < 0.6)
    assert np.array_equal(solid[edge], alpha[edge])


def test_separate_fragment_is_removed_without_changing_the_product() -> None:
    alpha = empty()
    blob(alpha, 250, 200, 90)
    clean = alpha.copy()
    blob(alpha, 420, 210, 9)
    assert np.array_equal(without_islands(alpha), clean)


def test_close_supporting_or_large_part_is_no_fragment() -> None:
    alpha = empty()
    blob(alpha, 250, 150, 90)
    blob(alpha, 352, 150, 8)
    blob(alpha, 250, 290, 14)
    blob(alpha, 450, 200, 30)
    assert np.array_equal(without_islands(alpha), alpha)
