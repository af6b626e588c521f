"""Ranking of the regions that a point may mean: their features, and a linear model of how well they fit."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.cutout.parts import overlap
from stillroom.imaging.cutout.points.regions import SOURCES, Candidate, PointedPhoto, Tap
from stillroom.imaging.pixels import Mask, Plane

MOST = 0.6  # of the matte; removing more leaves another object
ALL = 0.95  # of the matte; a point removes less, unless there is no other candidate
PURE = 0.7  # predicted purity below which a large region is penalised: it would do more harm than good
PENALTY, LARGE = 2.0, 0.05  # per missing purity, in full for regions from this share of the matte
LIKELY = 0.45  # predicted purity below which a region is mostly wrong; it yields to a purer, smaller one
LEAST_MATTE = 0.02  # of the photo; the size of regions is relative to a matte of at least this size

COEFFICIENTS = {
    "bias": (0.1207, -0.2510, -0.1662, 0.3477),
    "log_share": (0.0238, 0.0344, -0.0420, 0.0542),
    "rim": (-0.0463, 0.3524, 0.1305, -0.0487),
    "central": (0.3460, 0.5338, 0.7145, 0.6569),
    "edge": (0.0714, 0.1197, 0.0015, 0.0826),
    "own_edge": (-0.2063, -0.1254, 0.1078, 0.1807),
    "contrast": (0.0980, -0.0575, 0.0597, 0.0413),
    "like_tap": (-0.0288, -0.0005, -0.0428, -0.1572),
    "ring_like_tap": (0.0031, 0.0328, -0.0169, 0.0144),
    "share_of_matte": (0.0607, -0.8430, 0.0540, 0.5259),
    "consensus": (0.9852, 0.8323, 0.4006, 0.5989),
    "whole_in": (-0.0585, 0.0065, 0.0994, -0.2429),
    "whole_step": (0.1876, -0.2443, 0.0876, 0.1630),
    "crop_in": (-0.0454, 0.0034, 0.0375, 0.4601),
    "crop_step": (0.1738, -0.0929, 0.0473, -0.4418),
    "compact": (-0.0397, 0.0511, 0.6166, 0.3336),
    "edge_inside": (-0.0169, -0.0610, 0.0809, -0.0107),
    "whole_spread": (-0.2087, 0.1295, -0.7079, 0.6479),
    "crop_spread": (0.0706, 0.1091, -0.0909, -0.8218),
    "is_most": (0.0000, -0.0403, 0.0000, -0.0337),
    "piece": (0.1414, -0.2717, -0.0646, 0.3888),
    "whole": (0.1279, -0.2000, -0.1877, 0.3416),
    "crop": (0.1747, -0.1826, -0.1318, 0.3692),
    "colour": (0.1385, -0.2259, -0.1626, 0.3565),
    "watershed": (0.1054, -0.2334, -0.2018, 0.3148),
    "graph_cut": (0.0957, -0.2632, -0.2242, 0.2773),
    "spot": (0.0365, -0.3491, -0.3051, 0.1713),
    "object": (0.1708, -0.2090, -0.1880, 0.3604),
    "product": (0.1602, -0.2544, -0.1068, 0.4470),
    "score": (0.0190, 0.0168, 0.0043, -0.0065),
    "like_object": (-0.0189, 0.0208, 0.0704, 0.0668),
    "like_product": (0.0445, 0.0705, -0.0559, -0.0406),
    "size": (0.0129, -0.1171, 0.0457, 0.1488),
    "size_squared": (0.0048, 0.0001, -0.0002, 0.0184),
    "size_root": (-0.1431, 0.9002, -0.0979, -1.3299),
    "central_by_size": (0.0184, 0.0552, -0.0039, 0.0026),
    "consensus_by_size": (0.0468, -0.0388, -0.0058, -0.0160),
    "whole_step_by_size": (0.0454, -0.0180, 0.0202, -0.0945),
    "crop_step_by_size": (0.0114, -0.0553, 0.0137, 0.0458),
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
    matte: Mask,
    tap: Tap,
    candidates: Sequence[Candidate],
    outputs: tuple[Sequence[Plane], Sequence[Plane]],
) -> NDArray[np.float64]:
    """Features of candidates, (n, len(FEATURES)), in the order of FEATURES.

    Args:
        outputs: Network outputs for the whole photo and for the crops.
    """
    lab = view.lab.astype(np.float32)
    like = np.linalg.norm(lab - lab[tap.y, tap.x], axis=2) / 60
    sign = 1.0 if tap.adds else -1.0
    planes = [sign * np.mean(some, axis=0) if len(some) else np.zeros(like.shape) for some in outputs]
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
    matte: Mask,
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
    # Along the matte's own outline there need not be an edge in the photo.
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


def _size(mask: Mask, matte: Mask) -> float:
    return float(mask.sum() / max(matte.sum(), LEAST_MATTE * mask.size))


def best_of(
    view: PointedPhoto,
    matte: Mask,
    tap: Tap,
    candidates: Sequence[Candidate],
    outputs: tuple[Sequence[Plane], Sequence[Plane]],
) -> Candidate:
    """The candidate that fits best; one that is probably wrong, or large and not surely right, yields."""
    return candidates[choice(features_of(view, matte, tap, candidates, outputs), adds=tap.adds)]


def choice(features: NDArray[np.float64], *, adds: bool) -> int:
    """Index of the best candidate by its features."""
    size, purity = features[:, FEATURES.index("share_of_matte")], features @ _PURITY[adds]
    harm = PENALTY * np.maximum(0.0, PURE - purity) * np.minimum(1.0, size / LARGE)
    score = features @ _OVERLAP[adds] - harm
    eligible = np.full(len(size), adds) | (size <= ALL)
    if not eligible.any():
        eligible[:] = True
    best = int(np.where(eligible, score, -np.inf).argmax())
    if purity[best] >= LIKELY:
        return best
    return int(np.where(eligible & (size <= size[best]), purity, -np.inf).argmax())
