"""Matting: boxes, the closer pass and the rating of edges, with a fake network."""

import cv2
import numpy as np
import pytest

from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.cutout.matting import matte_of
from stillroom.imaging.cutout.networks import NetworkSpec
from stillroom.imaging.pixels import Picture, Plane, cover_of
from tests.networks import ISNET, U2NETP
from tests.unit.imaging.scenes import ball, disc


class OrangeFinder:
    """Sees whatever is more red than blue."""

    def __init__(self, spec: NetworkSpec = U2NETP) -> None:
        self.spec = spec
        self.passes: list[tuple[int, ...]] = []

    def predict(self, photo: Picture) -> Plane:
        self.passes.append(photo.shape)
        small = cv2.resize(photo, (320, 320), interpolation=cv2.INTER_AREA).astype(np.float32)
        return np.clip((small[..., 0] - small[..., 2]) / 30 - 0.5, 0, 1)


def found(photo: Picture, spec: NetworkSpec = U2NETP) -> tuple[Matte, OrangeFinder]:
    finder = OrangeFinder(spec)
    return matte_of(photo, finder), finder


def on_photo(matte: Matte, side: int) -> Plane:
    x0, y0, x1, y1 = matte.box
    whole = np.zeros((side, side), np.float32)
    whole[y0:y1, x0:x1] = cover_of(np.asarray(cv2.resize(matte.alpha, (x1 - x0, y1 - y0)), np.uint8))
    return whole


@pytest.mark.parametrize(("side", "radius"), [(400, 120), (1200, 200), (3000, 500)])
def test_the_product_is_found_at_any_size_of_photo(side: int, radius: int) -> None:
    matte, _ = found(ball(side, radius, light=(0.0, 0.2, 1.0)))
    truth = cover_of(disc(side, radius))
    guess = on_photo(matte, side)
    assert np.minimum(guess, truth).sum() / np.maximum(guess, truth).sum() > 0.97
    assert max(matte.alpha.shape) <= 2048


def test_small_product_gets_a_second_pass() -> None:
    matte, finder = found(ball(800, 100, light=(0.0, 0.2, 1.0)))
    assert len(finder.passes) == 2
    assert finder.passes[1][0] < finder.passes[0][0]
    assert matte.agreement is not None
    assert matte.agreement > 0.9


def test_product_of_half_a_photo_needs_one_pass_with_a_fine_network_and_two_with_a_coarse_one() -> None:
    photo = ball(800, 220, light=(0.0, 0.2, 1.0))
    assert [len(found(photo, spec)[1].passes) for spec in (ISNET, U2NETP)] == [1, 2]


def test_product_that_fills_the_frame_needs_one_pass() -> None:
    matte, finder = found(ball(400, 190, light=(0.0, 0.2, 1.0)))
    assert len(finder.passes) == 1
    assert matte.agreement is None


class LowerHalf(OrangeFinder):
    """Sees the same whatever it is shown."""

    def predict(self, photo: Picture) -> Plane:
        self.passes.append(photo.shape)
        seen = np.zeros((320, 320), np.float32)
        seen[160:, 40:280] = 1.0
        return seen


def test_second_network_sets_the_confidence_of_a_large_product() -> None:
    scout = LowerHalf()
    photo, finder = ball(1200, 570, light=(0.0, 0.2, 1.0)), OrangeFinder(ISNET)
    large = matte_of(photo, finder, scout)
    assert large.agreement is not None
    assert large.agreement < 0.7
    assert large.confidence < 0.9


def test_small_product_that_the_fast_network_sees_clearly_needs_one_close_pass() -> None:
    photo = ball(800, 100, light=(0.0, 0.2, 1.0))
    careful, _ = found(photo)
    finder, scout = OrangeFinder(), OrangeFinder()
    matte = matte_of(photo, finder, scout)
    assert (len(finder.passes), len(scout.passes)) == (1, 1)
    assert finder.passes[0][0] < 800
    one, other = on_photo(matte, 800), on_photo(careful, 800)
    assert np.minimum(one, other).sum() / np.maximum(one, other).sum() > 0.99


def test_disagreement_of_the_fast_network_makes_the_cut_out_doubtful() -> None:
    photo = ball(800, 100, light=(0.0, 0.2, 1.0))
    careful, _ = found(photo)
    matte = matte_of(photo, OrangeFinder(), LowerHalf())
    assert np.array_equal(matte.alpha, careful.alpha)
    assert careful.doubts == ()
    assert matte.doubts == ("looks_differ",)
    assert matte.confidence < 0.9


def test_product_larger_than_the_close_crop_gets_a_full_pass() -> None:
    class TopOnly(OrangeFinder):
        def predict(self, photo: Picture) -> Plane:
            seen = super().predict(photo)
            seen[172:] = 0.0
            return seen

    photo = ball(800, 100, light=(0.0, 0.2, 1.0))
    finder = OrangeFinder()
    matte = matte_of(photo, finder, TopOnly())
    assert len(finder.passes) == 3
    assert on_photo(matte, 800)[490, 400] > 0.9


def test_the_box_is_tight_around_the_product() -> None:
    matte, _ = found(ball(800, 100, light=(0.0, 0.2, 1.0)))
    x0, y0, x1, y1 = matte.box
    assert 285 <= x0 <= 300
    assert 285 <= y0 <= 300
    assert 500 <= x1 <= 515
    assert 500 <= y1 <= 515


@pytest.mark.parametrize("side", [1, 7, 24, 300])
def test_photo_without_a_product_gives_an_empty_matte(side: int) -> None:
    matte, _ = found(np.full((side, side, 3), 128, np.uint8))
    assert int(matte.alpha.max()) == 0
    assert matte.confidence == 0.0


def test_faint_traces_count_as_no_product() -> None:
    traces = Matte(np.full((9, 9), 127, np.uint8), (0, 0, 9, 9), "drawn", 1.0, 0.0)
    assert traces.confidence == 0.0


def test_central_object_is_found_without_a_network() -> None:
    matte = matte_of(ball(400, 110, light=(0.0, 0.2, 1.0)), None)
    assert matte.model == "grabcut"
    guess, truth = on_photo(matte, 400), cover_of(disc(400, 110))
    assert np.minimum(guess, truth).sum() / np.maximum(guess, truth).sum() > 0.8


def test_colour_alone_is_never_sure_and_doubts_what_depends_on_the_rim_it_starts_from() -> None:
    plain = ball(400, 110, light=(0.0, 0.2, 1.0))
    # Beside it lie things of its colours, within the wide rim and not within the narrow one.
    busy = plain.copy()
    busy[20:46, 60:340] = busy[354:380, 60:340] = plain[187:213, 130:270].repeat(2, axis=1)
    clear, unclear = (matte_of(photo, None) for photo in (plain, busy))
    assert unclear.agreement is not None
    assert clear.agreement is not None
    assert unclear.agreement < 0.9 < clear.agreement
    assert unclear.confidence < clear.confidence - 0.1
    assert clear.confidence < 0.9
    assert "no_network" in clear.doubts


@pytest.mark.parametrize(
    ("agreement", "edge_share", "is_sure"),
    [(1.0, 0.03, True), (None, 0.08, True), (0.8, 0.03, False), (None, 0.3, False)],
)
def test_confidence_falls_with_undecided_edges_and_disagreement(
    agreement: float | None, edge_share: float, is_sure: bool
) -> None:
    matte = Matte(np.full((2, 2), 255, np.uint8), (0, 0, 2, 2), "drawn", agreement, edge_share)
    assert (matte.confidence >= 0.9) is is_sure
