"""Ranking of the regions that a point may mean: their features, and a linear model of how well they fit."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.cutout.point_regions import SOURCES, Candidate, PointedPhoto, Tap, overlap
from stillroom.imaging.pixels import Plane

MOST = 0.6  # of the matte; removing more leaves another object
ALL = 0.95  # of the matte; a point removes less, unless there is no other candidate
PURE = (
    0.7  # predicted purity below which a large region is penalised, because it would do more harm than good
)
PENALTY, LARGE = 2.0, 0.1  # per missing purity, in full for regions from this share of the matte
LEAST_MATTE = 0.02  # of the photo; the size of regions is relative to a matte of at least this size

COEFFICIENTS = {
    "bias": (0.2793, 0.1162, -0.0553, 0.4540),
    "log_share": (0.0262, 0.0505, 0.0382, 0.0261),
    "rim": (-0.2129, -0.4831, -0.0861, -0.6295),
    "central": (0.1537, 0.2863, 0.3382, 0.5306),
    "edge": (0.0188, 0.2657, -0.0303, -0.1114),
    "own_edge": (-0.2751, -0.3266, 0.2246, 0.1447),
    "contrast": (0.0882, -0.1406, 0.2233, -0.0355),
    "like_tap": (-0.0060, 0.0678, -0.0405, -0.2407),
    "ring_like_tap": (0.0138, 0.1187, 0.0286, 0.2689),
    "share_of_matte": (-0.0557, -0.4105, -0.1268, 0.4084),
    "consensus": (0.8814, 1.2316, 0.6965, 0.9578),
    "whole_in": (-0.1422, 0.1101, 0.0759, 0.0837),
    "whole_step": (0.2260, 0.2599, 0.0228, -0.4164),
    "crop_in": (0.0511, -0.0086, 0.4778, 0.1114),
    "crop_step": (0.3099, -0.1355, 0.0647, 0.0840),
    "compact": (-0.1967, -0.1415, 0.1289, 0.4651),
    "edge_inside": (0.0033, -0.0871, -0.3542, -0.2506),
    "whole_spread": (-0.0052, -1.0077, 0.1023, -1.3534),
    "crop_spread": (-0.0329, 0.5389, -0.3768, 0.0821),
    "is_most": (0.0000, -0.1207, 0.0000, 0.0520),
    "piece": (0.3316, 0.2050, 0.0578, 0.4738),
    "whole": (0.3448, 0.1586, -0.0296, 0.4109),
    "crop": (0.3744, 0.1644, -0.0726, 0.4830),
    "colour": (0.2586, 0.1049, -0.0744, 0.4871),
    "watershed": (0.2523, 0.0917, -0.0845, 0.5017),
    "graph_cut": (0.2194, 0.0678, -0.1062, 0.4514),
    "spot": (0.2037, 0.0810, -0.0997, 0.3568),
    "size": (0.0441, -0.0815, -0.0431, 0.1150),
    "size_squared": (0.0054, 0.0004, 0.0047, 0.0175),
    "size_root": (-0.1111, 0.3436, 0.1065, -1.3575),
    "central_by_size": (-0.0089, 0.0352, -0.0208, 0.0558),
    "consensus_by_size": (-0.0075, 0.1497, 0.0402, 0.0918),
    "whole_step_by_size": (-0.0035, -0.0363, -0.0970, -0.1249),
    "crop_step_by_size": (0.0812, 0.0362, 0.0973, 0.1500),
}
"""By feature: of the predicted overlap with what the person means, for points that add and for points that
remove, and of the predicted purity, the share of the region that the person means, for both. Fitted by ridge
regression with `tools/fit_points.py`.
"""

FEATURES = tuple(COEFFICIENTS)
_OVERLAP = {adds: np.array([row[1 - adds] for row in COEFFICIENTS.values()]) for adds in (True, False)}
_PURITY = {adds: np.array([row[3 - adds] for row in COEFFICIENTS.values()]) for adds in (True, False)}


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

    size = _size(mask, matte)
    row = [
        1.0,
        float(np.log(area / mask.size)),
        float(rim),
        float(away[tap.y + 1, tap.x + 1] / max(float(away.max()), 1.0)),
        float(view.edges[fresh].mean()) if fresh.any() else 0.5,
        float(fresh.sum() / max(border.sum(), 1)),
        float(contrast / 60),
        float(like[mask].mean()),
        float(like[outer].mean()) if outer.any() else 0.0,
        min(size, 2.0),
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
    log_size = float(np.log(size + 1e-4))
    named = dict(zip(FEATURES, row, strict=False))
    by_size = ("central", "consensus", "whole_step", "crop_step")
    return [*row, log_size, log_size**2, min(size, 4.0) ** 0.5, *(named[name] * log_size for name in by_size)]


def _size(mask: NDArray[np.bool_], matte: NDArray[np.bool_]) -> float:
    return float(mask.sum() / max(matte.sum(), LEAST_MATTE * mask.size))


def best_of(
    view: PointedPhoto,
    matte: NDArray[np.bool_],
    tap: Tap,
    candidates: Sequence[Candidate],
    looks: tuple[Sequence[Plane], Sequence[Plane]],
) -> Candidate:
    """The candidate that fits best; a large one that is not surely right yields to a smaller one."""
    return candidates[choice(features_of(view, matte, tap, candidates, looks), adds=tap.adds)]


def choice(features: NDArray[np.float64], *, adds: bool) -> int:
    """Index of the best candidate by its features."""
    size = features[:, FEATURES.index("share_of_matte")]
    harm = PENALTY * np.maximum(0.0, PURE - features @ _PURITY[adds]) * np.minimum(1.0, size / LARGE)
    score = features @ _OVERLAP[adds] - harm
    return int(score.argmax() if adds else np.where(size > ALL, score.min() - 1, score).argmax())
