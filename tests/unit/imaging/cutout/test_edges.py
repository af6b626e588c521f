"""Edges of a matte: guided filter, loose hair, half-covered areas, and outlines without an edge."""

import cv2
import numpy as np
import pytest

from stillroom.imaging.cutout.edges import loosened, refined, settled, smoothed, without_specks
from stillroom.imaging.export.grounds import on_white
from stillroom.imaging.export.measures import white_ground
from stillroom.imaging.pixels import Bytes, Picture, Plane, cover_of
from tests.unit.imaging.scenes import ball, disc

NO_VOTE = np.zeros((300, 400), np.float32)


def test_blurred_matte_snaps_to_the_edge_in_the_photo() -> None:
    photo, truth = ball(light=(0.0, 0.0, 1.0)), cover_of(disc())
    coarse = np.asarray(cv2.GaussianBlur(truth, (0, 0), 2), np.float32)
    fine = refined(coarse, photo)
    assert np.abs(fine - truth).mean() < 0.75 * np.abs(coarse - truth).mean()


def test_decided_pixels_stay_unchanged() -> None:
    coarse = np.asarray(cv2.GaussianBlur(cover_of(disc()), (0, 0), 4), np.float32)
    fine = refined(coarse, ball())
    decided = (coarse <= 0.02) | (coarse >= 0.98)
    assert np.array_equal(fine[decided], coarse[decided])


def test_matte_without_undecided_pixels_is_returned_unchanged() -> None:
    hard = (disc() > 127).astype(np.float32)
    assert refined(hard, ball()) is hard


def test_coverage_that_follows_the_colours_is_kept_between_its_ends() -> None:
    # One colour changes with the cover, the others do not tell anything.
    across = np.clip((np.arange(400, dtype=np.float32) - 180) / 40, 0, 1)
    cover = np.tile(across, (300, 1)).astype(np.float32)
    noise = np.random.default_rng(0).integers(90, 110, (300, 400, 2))
    photo = np.dstack([noise[..., 0], np.rint(cover * 200) + 20, noise[..., 1]]).astype(np.uint8)
    inner = np.s_[20:-20, 190:211]
    assert np.abs(refined(cover, photo)[inner] - (cover[inner] - 0.05) / 0.9).max() < 0.02


def hair(colour: tuple[int, int, int]) -> tuple[Picture, Bytes, Plane]:
    """Hair that ends in strands before grey, a matte that is full there, and a network in doubt."""
    photo = np.full((300, 400, 3), (120, 120, 120), np.uint8)
    photo[60:240, 100:200] = colour
    photo[60:240, 200:212:4] = photo[60:240, 201:212:4] = colour
    matte, seen = np.zeros((300, 400), np.uint8), np.zeros((300, 400), np.float32)
    matte[60:240, 100:212], seen[60:240, 100:200], seen[60:240, 200:212] = 255, 1.0, 0.5
    return photo, matte, seen


def test_loose_hair_is_separated_from_the_background_by_its_colour() -> None:
    photo, matte, seen = hair((200, 60, 30))
    found = loosened(matte, photo, seen, NO_VOTE, 400)
    between, strand = found[100:200, 202:211:4], found[100:200, 204:212:4]
    assert between.mean() < 140
    assert strand.mean() > 240
    assert (found[:, :180] == matte[:, :180]).all()


def test_a_prompt_network_decides_where_matte_and_colours_contradict_each_other() -> None:
    photo, matte, seen = hair((200, 60, 30))
    against, for_it = (loosened(matte, photo, seen, NO_VOTE + logit, 400) for logit in (-2.0, 2.0))
    assert against[100:200, 203].max() < 10
    assert for_it[100:200, 203].min() > 245


def test_colours_change_nothing_where_a_prompt_network_surely_sees_what_the_matte_shows() -> None:
    photo, matte, seen = hair((200, 60, 30))
    sure = np.where(matte > 127, np.float32(3), np.float32(-3))
    assert (loosened(matte, photo, seen, sure, 400) == matte).all()
    assert (loosened(matte, photo, seen, -sure, 400) != matte).any()


def test_loose_hair_of_the_colour_of_the_background_stays_as_it_is() -> None:
    photo, matte, seen = hair((126, 120, 120))
    assert (loosened(matte, photo, seen, NO_VOTE, 400) == matte).all()


def test_hair_that_the_network_is_sure_of_stays_as_it_is() -> None:
    photo, matte, _ = hair((200, 60, 30))
    assert (loosened(matte, photo, cover_of(matte), NO_VOTE, 400) == matte).all()


def test_half_covered_areas_follow_a_prompt_network_that_is_sure() -> None:
    matte, logits = np.zeros((300, 400), np.uint8), np.zeros((300, 400), np.float32)
    matte[100:140, 100:300] = 128
    logits[:, 100:150], logits[:, 250:300] = -4.0, 4.0
    found = settled(matte, logits, 400)
    assert not found[104:136, 104:146].any()
    assert (found[104:136, 154:246] == 128).all()
    assert (found[104:136, 254:296] == 255).all()


def test_an_area_that_is_decided_has_a_soft_border() -> None:
    matte = np.full((300, 400), 255, np.uint8)
    matte[100:140, 100:300] = 128
    found = settled(matte, np.full(matte.shape, -4.0, np.float32), 400).astype(np.int32)
    assert found[120, 200] == 0
    assert np.abs(np.diff(found[120])).max() < 200


def test_a_soft_outline_stays_as_it_is_however_sure_a_prompt_network_is() -> None:
    matte = np.asarray(cv2.GaussianBlur(disc(), (0, 0), 1), np.uint8)
    assert (settled(matte, np.full(matte.shape, -4.0, np.float32), 1024) == matte).all()


def ragged() -> tuple[Bytes, Bytes]:
    """A square, and a matte of it with teeth of two pixels along its upper edge."""
    square = np.zeros((800, 800), np.uint8)
    square[200:600, 200:600] = 255
    matte = square.copy()
    for left in range(220, 580, 8):
        matte[198:200, left : left + 4] = 255
        matte[200:202, left + 4 : left + 8] = 0
    return square, matte


def wrong(found: Bytes, truth: Bytes) -> float:
    """Mean absolute difference along the upper edge, in pixels."""
    return float(cv2.absdiff(found, truth)[190:210, 250:550].sum()) / 255 / 300


def test_a_ragged_outline_becomes_smooth_where_the_photo_shows_no_edge() -> None:
    square, matte = ragged()
    dark = np.full((800, 800, 3), 20, np.uint8)
    assert wrong(smoothed(matte, dark), square) < 0.4 * wrong(matte, square)


def test_a_ragged_outline_stays_where_the_photo_shows_it() -> None:
    _, matte = ragged()
    photo = np.where(matte[..., None] > 0, np.uint8(20), np.uint8(160)).repeat(3, axis=2)
    assert (smoothed(matte, photo) == matte).all()


def test_thin_parts_and_gaps_stay_where_the_photo_shows_no_edge() -> None:
    matte = np.zeros((800, 800), np.uint8)
    matte[200:600, 200:600] = 255
    matte[300:306, 600:780], matte[400:406, 220:580] = 255, 0
    found = smoothed(matte, np.full((800, 800, 3), 20, np.uint8))
    assert (found[300:306, 625:775] == 255).all()
    assert not found[400:406, 245:555].any()


def test_bits_apart_from_the_product_go_if_they_are_tiny() -> None:
    matte, _ = ragged()
    apart = matte.copy()
    apart[40:44, 40:44], apart[680:720, 200:280] = 200, 255
    found = without_specks(apart)
    assert not found[:120].any()
    assert (found[120:] == apart[120:]).all()


def test_traces_of_cover_go_so_that_an_export_on_white_is_white() -> None:
    photo = np.full((800, 800, 3), 40, np.uint8)
    matte, _ = ragged()
    stained = matte.copy()
    stained[300:400, 640:700] = 3
    assert white_ground(on_white(photo, stained), stained).white_share < 1
    found = without_specks(stained)
    assert (found == matte).all()
    assert white_ground(on_white(photo, found), found).white_share == 1


@pytest.mark.parametrize(
    ("product", "ground"),
    [
        ((245, 241, 232), (255, 255, 255)),
        ((250, 250, 249), (240, 239, 236)),
        ((22, 22, 24), (10, 10, 12)),
        ((8, 8, 9), (20, 18, 18)),
    ],
)
def test_a_product_nearly_of_the_grounds_colour_keeps_its_pixels(
    product: tuple[int, int, int], ground: tuple[int, int, int]
) -> None:
    noise = np.random.default_rng(0).normal(0, 2, (300, 400, 1))
    inside = np.zeros((300, 400), np.uint8)
    cv2.ellipse(inside, (150, 150), (70, 90), 0, 0, 360, (255.0,), cv2.FILLED)
    cv2.ellipse(inside, (220, 150), (40, 50), 0, 0, 360, (255.0,), 12)
    coloured = np.where(inside[..., None] > 0, product, ground) + noise
    photo = np.rint(np.clip(coloured, 0, 255)).astype(np.uint8)
    seen = np.asarray(cv2.GaussianBlur(cover_of(inside), (0, 0), 6), np.float32)
    unsure = np.where(inside > 127, np.float32(0.5), np.float32(-0.5))
    found = without_specks(loosened(inside, photo, seen, unsure, 400))
    assert (found[inside > 127] > 127).all()
    assert not found[inside == 0].any()
    assert white_ground(on_white(photo, found), found).white_share == 1
