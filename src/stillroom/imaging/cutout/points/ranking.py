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
LIKELY = 0.35  # predicted purity below which a region is mostly wrong; it yields to a purer, smaller one
LEAST_MATTE = 0.02  # of the photo; the size of regions is relative to a matte of at least this size

COEFFICIENTS = {
    "bias": (0.0157, 0.1194, -0.2676, 0.6780),
    "log_share": (0.0036, 0.0170, -0.0165, -0.0274),
    "rim": (0.2561, 0.2349, 0.1807, -0.0475),
    "central": (0.3474, 0.5303, 0.6988, 0.6375),
    "edge": (0.0165, 0.0614, -0.0101, -0.0720),
    "own_edge": (-0.0670, -0.2248, 0.3032, 0.1548),
    "contrast": (0.0058, -0.0711, -0.0265, 0.0378),
    "like_tap": (-0.0791, -0.0808, 0.0018, -0.1387),
    "ring_like_tap": (0.0310, 0.1551, -0.0762, -0.0243),
    "share_of_matte": (-0.1206, 0.1018, -0.0812, 1.0656),
    "consensus": (0.5161, 1.0577, 0.3226, 0.6831),
    "whole_in": (0.0538, 0.0413, 0.0785, -0.0020),
    "whole_step": (0.1705, -0.0549, -0.0461, -0.0596),
    "crop_in": (-0.1278, -0.0591, 0.1592, -0.0021),
    "crop_step": (0.3319, 0.2057, -0.0428, 0.1838),
    "compact": (-0.1741, 0.1647, 0.6071, 0.6110),
    "edge_inside": (-0.1242, -0.0109, 0.0212, -0.3094),
    "whole_spread": (-0.1088, -0.2151, -0.3669, -0.2332),
    "crop_spread": (0.2034, 0.0201, -0.2035, -0.3635),
    "is_most": (0.0000, -0.0642, 0.0000, -0.0154),
    "piece": (0.1133, 0.1161, -0.0955, 0.7277),
    "whole": (-0.0036, 0.1378, -0.3285, 0.6829),
    "crop": (0.0253, 0.1521, -0.3293, 0.7157),
    "colour": (0.0251, 0.1579, -0.2554, 0.6943),
    "watershed": (0.0649, 0.1310, -0.2764, 0.6342),
    "graph_cut": (0.0459, 0.1229, -0.2807, 0.6370),
    "spot": (-0.1395, -0.0105, -0.4645, 0.4707),
    "object": (0.0926, 0.1970, -0.3049, 0.6704),
    "product": (0.0903, 0.1728, -0.2155, 0.7503),
    "score": (-0.0193, -0.0511, -0.0764, -0.0143),
    "like_object": (0.0208, -0.0181, 0.0783, 0.0590),
    "like_product": (0.0330, 0.0832, -0.0012, -0.0716),
    "size": (-0.0055, 0.0723, -0.0122, 0.4539),
    "size_squared": (-0.0012, 0.0095, -0.0074, 0.0344),
    "size_root": (0.1516, -0.5014, 0.1361, -2.3921),
    "central_by_size": (-0.0228, 0.0448, -0.0574, 0.0072),
    "consensus_by_size": (-0.0384, 0.0434, -0.0144, -0.0608),
    "whole_step_by_size": (0.0827, -0.0610, 0.0423, -0.0307),
    "crop_step_by_size": (-0.0411, 0.0551, -0.0559, 0.0585),
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
