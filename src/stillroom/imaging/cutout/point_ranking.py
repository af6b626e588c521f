"""Ranking of the regions that a point may mean: their features, and a linear model of how well they fit."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.cutout.point_regions import SOURCES, Candidate, PointedPhoto, Tap, overlap
from stillroom.imaging.pixels import Plane

MOST = 0.6  # of the matte; removing more leaves another object

COEFFICIENTS = {
    "bias": (0.197, 0.226),
    "log_share": (0.013, 0.036),
    "rim": (-0.413, -1.017),
    "central": (0.184, 0.211),
    "edge": (0.067, 0.241),
    "own_edge": (-0.324, -0.305),
    "contrast": (0.060, -0.140),
    "like_tap": (-0.007, 0.047),
    "ring_like_tap": (0.014, 0.110),
    "share_of_matte": (0.006, 0.017),
    "consensus": (0.888, 0.644),
    "whole_in": (-0.076, 0.105),
    "whole_step": (0.217, 0.269),
    "crop_in": (-0.043, -0.004),
    "crop_step": (0.242, -0.247),
    "compact": (-0.043, -0.065),
    "edge_inside": (-0.017, -0.095),
    "whole_spread": (-0.232, -0.900),
    "crop_spread": (-0.018, 0.459),
    "is_most": (0.000, -0.326),
    "piece": (0.233, 0.284),
    "whole": (0.268, 0.286),
    "crop": (0.296, 0.278),
    "colour": (0.178, 0.228),
    "watershed": (0.165, 0.215),
    "graph_cut": (0.126, 0.171),
    "spot": (0.116, 0.181),
}
"""Of the predicted overlap by feature, for points that add and for points that remove; fitted by ridge
regression with `tests/bench/points.py` on the tune half of the photos that it is given."""

FEATURES = tuple(COEFFICIENTS)
WEIGHTS = {adds: np.array([pair[1 - adds] for pair in COEFFICIENTS.values()]) for adds in (True, False)}



def features_of(
    view: PointedPhoto,
    matte: NDArray[np.bool_],
    tap: Tap,
    candidates: Sequence[Candidate],
    looks: tuple[Sequence[Plane], Sequence[Plane]],
) -> NDArray[np.float64]:
    """Features of candidates, (n, len(FEATURES)), in the order of FEATURES.

    Args:
        view: The photo.
        matte: bool (h, w), the present matte.
        tap: The point.
        candidates: Regions that the point may mean.
        looks: Network outputs for the whole photo and for the crops.
    """
    lab = view.lab.astype(np.float32)
    like = np.linalg.norm(lab - lab[tap.y, tap.x], axis=2) / 60
    sign = 1.0 if tap.adds else -1.0
    planes = [sign * np.mean(some, axis=0) if len(some) else np.zeros(like.shape) for some in looks]
    agreed = _consensus(candidates)
    return np.array(
        [
            _row(view, matte, tap, one, like, planes, lab, agreement)
            for one, agreement in zip(candidates, agreed, strict=True)
        ]
    )


def _consensus(candidates: Sequence[Candidate]) -> list[float]:
    """Mean overlap of each candidate with those from other sources."""
    return [
        float(
            np.mean(
                [overlap(one.mask, other.mask) for other in candidates if other.source != one.source] or [0.0]
            )
        )
        for one in candidates
    ]


def _row(
    view: PointedPhoto,
    matte: NDArray[np.bool_],
    tap: Tap,
    one: Candidate,
    like: Plane,
    planes: Sequence[Plane],
    lab: Plane,
    agreement: float,
) -> list[float]:
    mask = one.mask
    plain = mask.astype(np.uint8)
    outer = (cv2.dilate(plain, np.ones((9, 9), np.uint8)) > 0) & ~mask
    inner = mask & (cv2.erode(plain, np.ones((9, 9), np.uint8), borderValue=1) == 0)
    border = (cv2.dilate(plain, np.ones((3, 3), np.uint8)) > 0) & ~mask
    # Where the region meets the matte's own outline there need not be an edge in the photo.
    fresh = border & (matte != tap.adds)
    away = cv2.distanceTransform(cv2.copyMakeBorder(plain, 1, 1, 1, 1, cv2.BORDER_CONSTANT), cv2.DIST_L2, 3)
    area, longer = float(mask.sum()), max(mask.shape)
    rim = (mask[0].sum() + mask[-1].sum() + mask[:, 0].sum() + mask[:, -1].sum()) / (2 * sum(mask.shape))
    contrast = np.linalg.norm(lab[inner].mean(0) - lab[outer].mean(0)) if inner.any() and outer.any() else 0.0

    def step(plane: Plane) -> tuple[float, float]:
        return float(plane[mask].mean()), float(
            plane[mask].mean() - plane[outer].mean()
        ) if outer.any() else 0.0

    return [
        1.0,
        float(np.log(area / mask.size)),
        float(rim),
        float(away[tap.y + 1, tap.x + 1] / max(float(away.max()), 1.0)),
        float(view.edges[fresh].mean()) if fresh.any() else 0.5,
        float(fresh.sum() / max(border.sum(), 1)),
        float(contrast / 60),
        float(like[mask].mean()),
        float(like[outer].mean()) if outer.any() else 0.0,
        float(area / max(matte.sum(), 1.0) if not tap.adds else area / max(matte.sum(), 0.02 * mask.size)),
        agreement,
        *step(planes[0]),
        *step(planes[1]),
        float(away.max() / longer / np.sqrt(area / longer**2)),
        float(view.edges[inner].mean()) if inner.any() else 0.5,
        float(planes[0][mask].std()),
        float(planes[1][mask].std()),
        float(not tap.adds and area > MOST * matte.sum()),
        *(float(one.source == source) for source in SOURCES),
    ]


def best_of(
    view: PointedPhoto,
    matte: NDArray[np.bool_],
    tap: Tap,
    candidates: Sequence[Candidate],
    looks: tuple[Sequence[Plane], Sequence[Plane]],
) -> Candidate:
    """The candidate with the highest predicted overlap with what the person means."""
    return candidates[int((features_of(view, matte, tap, candidates, looks) @ WEIGHTS[tap.adds]).argmax())]
