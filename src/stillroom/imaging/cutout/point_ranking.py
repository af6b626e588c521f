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
    "bias": (0.2245, 0.0107, 0.0575, -0.2457),
    "log_share": (0.0239, -0.0144, -0.0997, 0.0296),
    "rim": (0.1280, -0.0554, 0.2373, -0.5286),
    "central": (0.1401, 0.4001, 0.2461, 0.4841),
    "edge": (0.2659, 0.1642, 0.1222, -0.0420),
    "own_edge": (-0.0641, -0.1896, 0.1320, 0.2287),
    "contrast": (-0.0305, -0.0240, -0.0760, 0.0698),
    "like_tap": (-0.2811, 0.0331, -0.1703, -0.1373),
    "ring_like_tap": (0.0298, 0.0731, -0.1047, -0.1276),
    "share_of_matte": (0.0736, 0.2509, 0.1387, 0.2079),
    "consensus": (0.7880, 1.3342, 0.9554, 1.1916),
    "whole_in": (0.2463, 0.1097, -0.1271, -0.4124),
    "whole_step": (-0.1103, -0.3641, 0.1128, -0.0697),
    "crop_in": (-0.3844, -0.1457, 0.3466, 0.0753),
    "crop_step": (0.6305, 0.4506, -0.1350, 0.0533),
    "compact": (-0.3307, -0.2216, 0.4103, 0.7465),
    "edge_inside": (-0.2723, -0.2180, -0.3608, -0.1787),
    "whole_spread": (-0.5674, -0.0559, -1.1128, 0.7146),
    "crop_spread": (0.8536, 0.0256, 0.8528, -0.5313),
    "is_most": (0.0000, -0.0979, 0.0000, -0.0709),
    "piece": (0.3459, 0.0303, 0.2450, -0.1608),
    "whole": (0.2108, 0.0380, 0.0717, -0.1900),
    "crop": (0.2208, 0.0299, 0.0697, -0.2223),
    "colour": (0.2110, 0.0330, 0.0620, -0.2447),
    "watershed": (0.2243, 0.0171, 0.0555, -0.2652),
    "graph_cut": (0.2354, -0.0138, 0.0414, -0.3395),
    "spot": (0.1754, -0.0578, -0.0898, -0.4753),
    "object": (0.2715, 0.0528, 0.0113, -0.2704),
    "product": (0.2706, 0.0104, 0.0499, -0.1822),
    "score": (0.0178, 0.0572, 0.0480, -0.0108),
    "like_object": (-0.0087, -0.0788, 0.0302, 0.0128),
    "like_product": (0.0342, 0.1338, 0.0241, -0.0250),
    "size": (0.0540, -0.0062, 0.2045, -0.0732),
    "size_squared": (0.0067, -0.0012, 0.0129, 0.0023),
    "size_root": (-0.2525, -0.3851, -0.4524, -0.1438),
    "central_by_size": (-0.0138, 0.0163, -0.0839, 0.0011),
    "consensus_by_size": (-0.0232, 0.1091, 0.0907, 0.0833),
    "whole_step_by_size": (0.1040, -0.0778, 0.0311, 0.1124),
    "crop_step_by_size": (-0.1232, 0.0802, -0.0856, -0.0678),
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
            _row(view, matte, tap, one, like, planes, lab, agreement, _prompted(one, candidates))
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


def _prompted(one: Candidate, candidates: Sequence[Candidate]) -> tuple[float, float]:
    """Overlap with what the prompt network took for the object under the point, and for the product."""

    def likeness(source: str) -> float:
        return max(
            (other.score * overlap(one.mask, other.mask) for other in candidates if other.source == source),
            default=0.0,
        )

    return likeness("object"), likeness("product")


def _row(
    view: PointedPhoto,
    matte: NDArray[np.bool_],
    tap: Tap,
    one: Candidate,
    like: Plane,
    planes: Sequence[Plane],
    lab: Plane,
    agreement: float,
    prompted: tuple[float, float],
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
        one.score,
        *prompted,
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
