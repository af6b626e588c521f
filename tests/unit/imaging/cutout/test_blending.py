"""Blending of two passes: edges of the closer one, parts and openings of the first."""

import cv2
import numpy as np

from stillroom.imaging.cutout.blending import merged
from stillroom.imaging.pixels import Plane


def bottle(*, cap: bool = True, open_handle: bool = True, blur: float = 0.0) -> Plane:
    """A body with a cap and a ring for a handle."""
    alpha = np.zeros((400, 400), np.float32)
    cv2.rectangle(alpha, (120, 120), (280, 360), (1.0,), cv2.FILLED)
    if cap:
        cv2.rectangle(alpha, (160, 60), (240, 120), (1.0,), cv2.FILLED)
    cv2.ellipse(alpha, (280, 240), (80, 70), 0, -90, 90, (1.0,), 16 if open_handle else cv2.FILLED)
    return np.asarray(cv2.GaussianBlur(alpha, (0, 0), blur), np.float32) if blur else alpha


def test_edge_is_taken_from_the_close_pass() -> None:
    closer = bottle()
    assert np.array_equal(merged(bottle(blur=2.0), closer), closer)


def test_part_missing_in_the_close_pass_is_kept() -> None:
    kept = merged(bottle(), bottle(cap=False))
    assert kept[64:118, 164:236].min() == 1.0


def test_opening_closed_in_the_close_pass_stays_open() -> None:
    kept = merged(bottle(), bottle(open_handle=False))
    assert kept[215:265, 292:328].max() == 0.0


def test_part_seen_only_by_the_close_pass_is_added() -> None:
    kept = merged(bottle(cap=False), bottle())
    assert kept[64:118, 164:236].min() == 1.0


def test_an_underside_that_the_close_pass_half_sees_is_as_sure_as_in_the_first_pass() -> None:
    closer = bottle()
    closer[330:361, 120:281] = 0.6
    kept = merged(bottle(), closer)
    assert kept[325:359, 122:279].min() > 0.9
    assert kept[364:].max() == 0.0


def test_a_kept_part_has_the_edge_of_the_first_pass() -> None:
    # Lost in the close pass: the cap, and a narrow rim that continues it on one side.
    first, closer = bottle(), bottle(cap=False)
    first[100:104, 240:249] = 1.0
    assert merged(first, closer)[101:103, 240:248].min() > 0.5
