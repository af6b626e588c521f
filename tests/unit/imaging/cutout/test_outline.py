"""Outline correction by the small network."""

import cv2
import numpy as np

from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.cutout.matting import with_finished_edges
from stillroom.imaging.cutout.outline import corrected
from stillroom.imaging.pixels import Bytes, Picture
from tests.unit.imaging.scenes import ball, disc

DOUBT = np.full((400, 400), -2.0, np.float32)  # logits of a prompt network that sees nothing


def ragged(matte: Bytes) -> Bytes:
    """The matte with its outline bent by up to four pixels, and soft."""
    bends = np.random.default_rng(2).uniform(-4, 4, (2, 40, 40)).astype(np.float32)
    down, across = (cv2.resize(one, matte.shape[::-1], interpolation=cv2.INTER_CUBIC) for one in bends)
    rows, columns = np.mgrid[: matte.shape[0], : matte.shape[1]].astype(np.float32)
    bent = cv2.remap(matte, columns + across, rows + down, cv2.INTER_LINEAR)
    return np.asarray(cv2.GaussianBlur(bent, (0, 0), 1.5), np.uint8)


def error(matte: Bytes, truth: Bytes) -> float:
    return float(cv2.absdiff(matte, truth).mean())


def white_mug() -> tuple[Picture, Bytes]:
    """A white mug on white, hardly darker than its ground, and its true matte."""
    matte = np.zeros((500, 500), np.uint8)
    cv2.rectangle(matte, (120, 110), (320, 400), 255, cv2.FILLED)
    cv2.ellipse(matte, (320, 250), (80, 90), 0, -90, 90, 255, 28, cv2.LINE_AA)
    share = cv2.GaussianBlur(matte, (0, 0), 0.8)[..., None] / 255
    noise = np.random.default_rng(1).normal(0, 1, (500, 500, 1))
    return np.clip(np.rint(250 - 5 * share + noise), 0, 255).repeat(3, axis=2).astype(np.uint8), matte


def test_a_ragged_outline_moves_to_the_edge_in_the_photo() -> None:
    matte = ragged(disc())
    assert error(corrected(matte, ball(), DOUBT), disc()) < 0.5 * error(matte, disc())


def test_the_last_step_of_a_cut_out_corrects_the_outline() -> None:
    matte = Matte(ragged(disc()), (0, 0, 400, 400), "drawn", 1.0, 0.02)
    finished = with_finished_edges(ball(), matte, None, DOUBT)
    assert error(finished.alpha, disc()) < 0.5 * error(matte.alpha, disc())


def test_a_right_matte_is_left_alone() -> None:
    found = corrected(disc(), ball(), DOUBT)
    assert error(found, disc()) < 0.2
    assert ((found > 127) != (disc() > 127)).mean() < 0.0005


def test_a_white_mug_on_white_keeps_its_pixels() -> None:
    photo, crisp = white_mug()
    for matte in (crisp, np.asarray(cv2.GaussianBlur(crisp, (0, 0), 3), np.uint8)):
        found = corrected(matte, photo, np.full((500, 500), -2.0, np.float32))
        lost = (matte > 127) & (found <= 127)
        assert lost.sum() < 0.004 * (matte > 127).sum()


def test_the_inside_and_the_ground_stay_as_they_are() -> None:
    matte = disc()
    matte[180:220, 180:220] = 0  # an opening that the photo does not show
    found = corrected(matte, ball(), DOUBT)
    assert (found[190:210, 190:210] == 0).all()
    assert (found[:40] == 0).all()


def test_what_a_prompt_network_sees_is_not_removed() -> None:
    wide = np.asarray(cv2.GaussianBlur(disc(radius=126), (0, 0), 2), np.uint8)
    found, kept = (corrected(wide, ball(), DOUBT + more) for more in (0.0, 5.0))
    assert error(found, disc()) < 0.5 * error(wide, disc())
    assert (kept >= wide).all()


def test_what_a_prompt_network_surely_misses_is_not_added() -> None:
    narrow = np.asarray(cv2.GaussianBlur(disc(radius=117), (0, 0), 2), np.uint8)
    found, kept = (corrected(narrow, ball(), DOUBT - more) for more in (0.0, 1.0))
    assert error(found, disc()) < 0.5 * error(narrow, disc())
    assert (kept <= narrow).all()


def test_a_crisp_outline_loses_nothing() -> None:
    crisp = disc(radius=122)
    assert (corrected(crisp, ball(), DOUBT) >= crisp).mean() > 0.999


def test_a_large_matte_is_corrected_at_its_own_size() -> None:
    photo = np.asarray(cv2.resize(ball(), (1600, 1600), interpolation=cv2.INTER_CUBIC), np.uint8)
    truth = disc(1600, 480)
    matte = ragged(truth)
    found = corrected(matte, photo, np.full((1600, 1600), -2.0, np.float32))
    assert error(found, truth) < 0.9 * error(matte, truth)
