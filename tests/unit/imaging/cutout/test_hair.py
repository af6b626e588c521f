"""Hair and fur: the cover of strands and of what shows between them."""

from unittest.mock import patch

import cv2
import numpy as np
import pytest

from stillroom.imaging.cutout import hair
from stillroom.imaging.cutout.hair import with_hair
from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.cutout.matting import with_finished_edges
from stillroom.imaging.pixels import Bytes, Picture, Plane, cover_of
from stillroom.imaging.resizing import cubic_resized

SIDE = 400
GROUND, SOFT, HARD = (96, 112, 104), (200, 70, 60), (250, 235, 240)
NO_VOTE = np.zeros((SIDE, SIDE), np.float32)


def brush(colour: tuple[int, int, int]) -> tuple[Picture, Bytes, Bytes, Plane]:
    """Strands above a solid block: photo, true cover, a matte in shreds, and a network in doubt of them."""
    random = np.random.default_rng(3)
    truth = np.zeros((SIDE, SIDE), np.uint8)
    truth[300:] = 255
    for left in range(20, 380, 8):
        lean = int(random.integers(-10, 11))
        cv2.line(truth, (left, 305), (left + lean, 110), 255, 3, cv2.LINE_AA)
    share = (truth / 255)[..., None]
    noise = random.normal(0, 3, (SIDE, SIDE, 3))
    photo = np.clip(np.multiply(share, colour) + np.multiply(1 - share, GROUND) + noise, 0, 255)
    seen = cover_of(truth)
    seen[100:300] = 0.5
    shreds = cv2.GaussianBlur(random.normal(0, 1, (SIDE, SIDE)), (0, 0), 3)[100:300]
    matte = truth.copy()
    matte[100:300] = np.where(shreds > 0, np.maximum(140, truth[100:300]), np.minimum(90, truth[100:300]))
    return photo.astype(np.uint8), truth, matte, seen


def wrong(one: Bytes, truth: Bytes) -> float:
    """Share of pixels on the wrong side of one half."""
    return float(((one > 127) != (truth > 127)).mean())


def test_strands_and_the_gaps_between_them_get_the_cover_of_what_is_like_them() -> None:
    photo, truth, matte, seen = brush(SOFT)
    found = with_hair(matte, photo, seen, NO_VOTE)
    assert wrong(found, truth) < 0.2 * wrong(matte, truth)


def test_what_a_prompt_network_sees_as_the_matte_shows_it_changes_less() -> None:
    photo, _, matte, seen = brush(SOFT)
    agrees = np.where(matte > 127, 9, -9).astype(np.float32)
    free, held = (
        np.abs(with_hair(matte, photo, seen, says) - cover_of(matte) * 255).mean()
        for says in (NO_VOTE, agrees)
    )
    assert held < 0.7 * free


def test_hard_contrasts_as_of_leaves_and_metal_stay_as_networks_see_them() -> None:
    photo, _, matte, seen = brush(HARD)
    inner = np.s_[140:260, 40:360]
    assert np.array_equal(with_hair(matte, photo, seen, NO_VOTE)[inner], matte[inner])


def test_a_smooth_outline_stays_however_unsure_the_network_is() -> None:
    photo, _, _, seen = brush(SOFT)
    block = np.zeros((SIDE, SIDE), np.uint8)
    block[200:] = 255
    assert np.array_equal(with_hair(block, photo, seen, NO_VOTE), block)


def test_a_handle_of_a_small_product_is_no_hair() -> None:
    photo, _, _, _ = brush(SOFT)
    ring = np.zeros((140, 220), np.uint8)
    ring[:, :150] = 255
    cv2.ellipse(ring, (150, 70), (55, 45), 0, -90, 90, 255, 16, cv2.LINE_AA)
    unsure = np.where(ring[:, :] > 0, np.float32(0.8), np.float32(0.4))
    found = with_hair(ring, np.ascontiguousarray(photo[:140, :220]), unsure, NO_VOTE[:140, :220])
    assert np.array_equal(found, ring)


@pytest.mark.parametrize("cover", [0, 255])
def test_a_matte_without_an_outline_stays(cover: int) -> None:
    photo, _, _, seen = brush(SOFT)
    whole = np.full((SIDE, SIDE), cover, np.uint8)
    assert np.array_equal(with_hair(whole, photo, seen, NO_VOTE), whole)


def test_a_large_photo_is_worked_on_at_a_bounded_size() -> None:
    photo, truth, matte, seen = brush(SOFT)
    size = (4 * SIDE, 4 * SIDE)
    large, wanted, cover = (cubic_resized(plane, size) for plane in (photo, truth, matte))
    with patch.object(hair, "_like", wraps=hair._like) as like:
        found = with_hair(cover, large, cubic_resized(seen, size), np.zeros(size, np.float32))
    assert like.call_args.args[1].shape == (hair.SIDE, hair.SIDE)
    assert found.shape == cover.shape
    assert wrong(found, wanted) < 0.3 * wrong(cover, wanted)


def test_a_finished_cut_out_has_separate_strands() -> None:
    photo, truth, alpha, seen = brush(SOFT)
    matte = Matte(alpha, (0, 0, SIDE, SIDE), "any", None, 0.0)
    finished = with_finished_edges(photo, matte, seen, None)
    assert wrong(finished.alpha, truth) < 0.2 * wrong(alpha, truth)
