"""Proposals: the objects of a photo, how likely each is the product, and which are rivals of another."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from stillroom.domain.mattes import MAX_SUBJECTS
from stillroom.imaging.cutout.networks import Segmenter
from stillroom.imaging.cutout.parts import disk
from stillroom.imaging.pixels import Mask, Picture, Plane
from stillroom.imaging.resizing import area_resized, fitted, size_of

SIDE = 320  # pixels of the longer side of outlines, and of the scout network's input
LEAST_SHARE = 0.004  # of the photo; smaller components are specks
LEAST_SIDE = 0.02  # of the photo's side, the smallest box that the API accepts
THRESHOLDS = (0.15, 0.5)  # of network output: one that finds faint rivals, one that separates touching ones
SAME = 0.6  # intersection over union from which two components are one object
WITHIN = 0.5  # share inside the matte from which a subject is chosen, or inside another that it is a part of
LARGE = 0.4  # of the best piece's area; a smaller piece belongs to it, like the ring of a lantern
MIDDLE = 0.1  # distance of the best piece's centre from the photo's, up to which rivals are left out
LESS_LIKELY = 1.6  # by which the logit of a rival's score is lower than the best piece's
UNLIKE = 0.4  # intersection of the colour histograms; pieces of a set have .45 or more
BINS = 8  # per channel of Lab

_SHARPNESS = 4  # index in `features_of`

WEIGHTS = np.array([-0.424, 0.767, -10.467, 1.342, 3.717, 0.676, 1.413, 0.011, -2.958, 2.241])
"""Coefficients of the logistic score: intercept, then the features in the order of `features_of`. Fitted by
`tools/fit_subjects.py` on the tune half of golden photos, real photos and composites of two to four objects.
"""


def small_of(photo: Picture) -> Picture:
    """The photo at the size of outlines."""
    return np.ascontiguousarray(fitted(photo, SIDE))


def small_outputs(small: Picture, known: Sequence[Plane], scout: Segmenter) -> list[Plane]:
    """Network outputs at the size of outlines, and one more with the product painted over.

    A network suppresses whatever is less salient than the product, so rivals appear once it is gone.
    """
    size = size_of(small)
    planes = [area_resized(one, size) for one in known]
    whole = planes[0] if planes else scout.predict(small)
    product = cv2.dilate((whole > 0.3).astype(np.uint8), disk(4))
    without = cv2.inpaint(small, product, 3, cv2.INPAINT_TELEA)
    return [*planes, area_resized(scout.predict(np.asarray(without, np.uint8)), size)]


@dataclass(frozen=True, slots=True)
class Scored:
    """A proposed object.

    Attributes:
        mask: On the small photo.
        score: Probability that it is the product, 0..1.
        sharpness: Log ratio of sharpness inside to that around it.
    """

    mask: Mask
    score: float
    sharpness: float = 0.0


def proposed(outputs: Sequence[Plane], cover: Mask) -> list[Mask]:
    """Components of the matte, of outputs for the whole photo and of what the matte leaves out of these.

    Those that repeat another one are left out.
    """
    planes = [cover, *(output > threshold for output in outputs for threshold in THRESHOLDS[::-1])]
    planes += [_without_rim((output > THRESHOLDS[1]) & ~cover) for output in outputs]
    masks: list[Mask] = []
    for plane in planes:
        count, labels, stats, _ = cv2.connectedComponentsWithStats(plane.astype(np.uint8), connectivity=8)
        for part in range(1, count):
            wide, tall, area = (int(value) for value in stats[part, 2:5])
            is_speck = area < LEAST_SHARE * cover.size
            if is_speck or wide < LEAST_SIDE * cover.shape[1] or tall < LEAST_SIDE * cover.shape[0]:
                continue
            mask = np.asarray(labels) == part
            if not any(_same(mask, other) for other in masks):
                masks.append(mask)
    return masks


def _without_rim(mask: Mask) -> Mask:
    """Open a mask, which drops what lies along an outline."""
    return np.asarray(cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, disk(3))) > 0


def _same(one: Mask, other: Mask) -> bool:
    """Whether two masks are one object: they overlap mostly, or one is a part of the other."""
    both = np.count_nonzero(one & other)
    either = np.count_nonzero(one | other)
    smaller = min(np.count_nonzero(one), np.count_nonzero(other))
    return bool(both >= SAME * either or both >= 0.8 * smaller)


def scored(small: Picture, masks: Sequence[Mask], outputs: Sequence[Plane], cover: Mask) -> list[Scored]:
    """Score proposed objects, the most probable first."""
    found = []
    for mask in masks:
        features = features_of(small, mask, outputs, cover)
        score = float(1 / (1 + np.exp(-WEIGHTS @ np.array([1.0, *features]))))
        found.append(Scored(mask, score, features[_SHARPNESS]))
    return sorted(found, key=lambda one: -one.score)[:MAX_SUBJECTS]


def distinct(found: Sequence[Scored]) -> list[Scored]:
    """Return the objects without those that lie mostly inside a larger, better one, which are parts of it.

    Inside a larger one of a lower score, such as a shelf, an object stays.

    Args:
        found: The best first.
    """
    kept: list[Scored] = []
    for one in found:
        size = np.count_nonzero(one.mask)
        if not any(np.count_nonzero(k.mask) > size and is_within(one.mask, k.mask) for k in kept):
            kept.append(one)
    return kept


def features_of(small: Picture, mask: Mask, outputs: Sequence[Plane], cover: Mask) -> tuple[float, ...]:
    """Features of the logistic score.

    Returns:
        Log of the share of the photo; distance of the centre from the photo's centre; bottom edge as a share
        of the height; share of the photo's border that it touches; log ratio of sharpness inside to that
        around it; mean of the first network output; difference of mean colour from its surroundings; highest
        mean of the other outputs; share that lies inside the matte.
    """
    rows = np.nonzero(mask)[0]
    rim = np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])
    plain = mask.astype(np.uint8)
    ring = (cv2.dilate(plain, disk(round(0.04 * max(mask.shape)))) > 0) & ~(cv2.dilate(plain, disk(2)) > 0)
    ring = ring if ring.any() else ~mask
    lab = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2LAB), np.float32)
    detail = np.abs(cv2.Laplacian(lab[..., 0], cv2.CV_32F))
    sharpness = np.log((detail[mask].mean() + 1) / (detail[ring].mean() + 1)) if ring.any() else 0.0
    contrast = np.linalg.norm(lab[mask].mean(0) - lab[ring].mean(0)) if ring.any() else 0.0
    return (
        float(np.log(mask.mean())),
        _off_centre(mask),
        float(rows.max() / mask.shape[0]),
        float(rim.mean()),
        float(sharpness),
        float(outputs[0][mask].mean()),
        float(contrast),
        float(max((output[mask].mean() for output in outputs[1:]), default=0.0)),
        float(cover[mask].mean()),
    )


def rivals_in(small: Picture, found: Sequence[Scored], cover: Mask) -> Mask:
    """Mask of the rivals of the best piece of a matte: pieces that are other objects, and no set with it.

    There are none unless the best piece stands in the middle of the photo. A rival is far less likely the
    product, about as large, and of other colours.

    Args:
        found: The best first.
        cover: The matte on the small photo.
    """
    rivals = np.zeros_like(cover)
    pieces = [one for one in found if _is_piece(one.mask, cover)]
    if not pieces or _off_centre(pieces[0].mask) > MIDDLE:
        return rivals
    lab = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2LAB), np.uint8)
    for one in pieces[1:]:
        is_large = np.count_nonzero(one.mask) >= LARGE * np.count_nonzero(pieces[0].mask)
        is_unlikely = _logit(pieces[0].score) - _logit(one.score) >= LESS_LIKELY
        if is_large and is_unlikely and _likeness(lab, pieces[0].mask, one.mask) < UNLIKE:
            rivals |= one.mask
    return rivals


def _off_centre(mask: Mask) -> float:
    """Distance of a mask's centre from the photo's, as shares of its sides."""
    rows, columns = np.nonzero(mask)
    return float(np.hypot(columns.mean() / mask.shape[1] - 0.5, rows.mean() / mask.shape[0] - 0.5))


def _is_piece(mask: Mask, cover: Mask) -> bool:
    """Whether a mask is a whole component of the matte."""
    around = cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return not (mask & ~cover).any() and not (cover & around & ~mask).any()


def _logit(score: float) -> float:
    return float(np.log(max(score, 1e-9) / max(1 - score, 1e-9)))


def _likeness(lab: Picture, one: Mask, other: Mask) -> float:
    """Intersection of the colour histograms of two masks, 0..1."""
    counts = [
        cv2.calcHist([lab], [0, 1, 2], mask.astype(np.uint8), [BINS] * 3, [0, 256] * 3) / mask.sum()
        for mask in (one, other)
    ]
    return float(np.minimum(*counts).sum())


def is_within(mask: Mask, cover: Mask) -> bool:
    return bool((cover & mask).sum() >= WITHIN * mask.sum())
