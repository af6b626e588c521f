"""Measures of a cut-out against a true mask, in the definitions of the literature."""

from dataclasses import dataclass

import cv2
import numpy as np

from stillroom.imaging.cutout.parts import disk, overlap
from stillroom.imaging.pixels import HALF_COVER, Bytes, Mask, Plane, cover_of
from stillroom.imaging.resizing import shrunk, size_within

TOLERANCE = 0.0015
"""Of the diagonal: how far an outline may be off; 2 pixels in a photo of 1024 x 768."""

MIN_OPENING = 1e-3
"""Of the product: smaller enclosed regions of the true mask are pinholes and do not count as openings."""

THIN = 0.01
"""Of the longer side: what a disk of this radius does not fit into is thin, such as a strap or a wire."""

MIN_THIN = 2e-3
"""Of the product: with less than this a true mask has no thin parts; corners are never filled by a disk."""

_THIN_SIDE = 1024  # pixels of the longer side on which thin parts are found
_GRAD_SIGMA = 1.4  # pixels; the derivative filter of Rhemann et al.
_GRAD_EPSILON = 1e-2  # of the filter's peak; where its window ends


@dataclass(frozen=True, slots=True)
class CutoutScores:
    """Agreement of a cut-out with the true mask.

    Attributes:
        iou: Intersection over union of both masks at a cover of one half; 1 if both are empty.
        mae: Mean absolute error of the cover over the whole photo, 0..1.
        boundary_f: F measure of the outlines at a cover of one half, with a tolerance of `TOLERANCE`.
        sad: Sum of absolute differences of the cover over the whole photo, in thousands of pixels.
        grad: Sum of squared differences of the gradient's magnitude over the whole photo, in thousands.
    """

    iou: float
    mae: float
    boundary_f: float
    sad: float
    grad: float


@dataclass(frozen=True, slots=True)
class Detail:
    """A kind of detail of the true mask.

    Attributes:
        share: Of the photo.
        wrong: Share of its pixels that the cut-out gets wrong.
    """

    share: float
    wrong: float


def openings_of(guess: Bytes, truth: Bytes) -> Detail | None:
    """Measure how far a cut-out fills the enclosed openings of the true mask; None if it has none."""
    empty = (truth <= HALF_COVER).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(empty, connectivity=4)
    sizes = np.asarray(stats)[:, cv2.CC_STAT_AREA]
    is_opening = sizes >= MIN_OPENING * (truth.size - np.count_nonzero(empty))
    edge = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    is_opening[np.union1d(edge, [0])] = False
    if not is_opening.any():
        return None
    opening = is_opening[labels]
    return Detail(float(opening.mean()), float((guess[opening] > HALF_COVER).mean()))


def thin_parts_of(guess: Bytes, truth: Bytes) -> Detail | None:
    """Measure how much a cut-out misses of the thin parts of the true mask; None if it has none."""
    small, wanted = (
        shrunk(mask, size_within(truth.shape, _THIN_SIDE)) > HALF_COVER for mask in (guess, truth)
    )
    thickest = disk(round(THIN * max(wanted.shape)))
    body = cv2.dilate(cv2.morphologyEx(wanted.astype(np.uint8), cv2.MORPH_OPEN, thickest), disk(2))
    thin = wanted & (body == 0)
    if np.count_nonzero(thin) <= MIN_THIN * np.count_nonzero(wanted):
        return None
    return Detail(float(thin.mean()), float((~small[thin]).mean()))


def cutout_scores(guess: Bytes, truth: Bytes) -> CutoutScores:
    """Compare a cut-out with the true mask.

    Source:
        Boundary F: Martin, Fowlkes and Malik, "Learning to Detect Natural Image Boundaries", 2004, with the
        matching by distance of Perazzi et al., "A Benchmark Dataset and Evaluation Methodology for Video
        Object Segmentation", 2016. SAD and Grad: Rhemann et al., "A Perceptually Motivated Online Benchmark
        for Image Matting", 2009; without a trimap, so over the whole photo.
    """
    apart = cv2.absdiff(guess, truth)
    total = float(cv2.sumElems(apart)[0]) / 255
    return CutoutScores(
        iou=iou_of(guess, truth),
        mae=total / guess.size,
        boundary_f=boundary_f(guess, truth),
        sad=total / 1000,
        grad=_gradient_error(cover_of(guess), cover_of(truth)) / 1000,
    )


def iou_of(guess: Bytes, truth: Bytes) -> float:
    """Intersection over union of two uint8 (H, W) masks at a cover of one half; 1 if both are empty."""
    return overlap(guess > HALF_COVER, truth > HALF_COVER)


def boundary_f(guess: Bytes, truth: Bytes) -> float:
    """F measure of two outlines, 0..1; without one, as in an empty mask, 1 if the masks are equal, else 0."""
    reach = max(1.0, TOLERANCE * float(np.hypot(*truth.shape)))
    solid, wanted = guess > HALF_COVER, truth > HALF_COVER
    one, other = _outline(solid), _outline(wanted)
    if not one.any() or not other.any():
        return float(np.array_equal(solid, wanted))
    precision = float((_distance_to(other)[one] <= reach).mean())
    recall = float((_distance_to(one)[other] <= reach).mean())
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _outline(solid: Mask) -> Mask:
    """Pixels of the mask with a neighbour outside it; the photo's border is no outline."""
    inner = cv2.erode(solid.astype(np.uint8), np.ones((3, 3), np.uint8))
    return np.asarray(solid & (inner == 0), np.bool_)


def _distance_to(outline: Mask) -> Plane:
    away = cv2.distanceTransform((~outline).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(away, np.float32)


def _gradient_error(guess: Plane, truth: Plane) -> float:
    apart = _gradient(guess) - _gradient(truth)
    return float(np.einsum("ij,ij->", apart, apart, dtype=np.float64))


def _gradient(plane: Plane) -> Plane:
    """Magnitude of the Gaussian derivatives, with filters of unit energy as in the benchmark's code."""
    half = int(np.ceil(_GRAD_SIGMA * np.sqrt(-2 * np.log(np.sqrt(2 * np.pi) * _GRAD_SIGMA * _GRAD_EPSILON))))
    place = np.arange(-half, half + 1, dtype=np.float64)
    bell = np.exp(-(place**2) / (2 * _GRAD_SIGMA**2)) / (_GRAD_SIGMA * np.sqrt(2 * np.pi))
    slope = -place * bell / _GRAD_SIGMA**2
    energy = np.sqrt((np.outer(bell, slope) ** 2).sum())
    across = cv2.sepFilter2D(plane, cv2.CV_32F, slope / energy, bell, borderType=cv2.BORDER_REPLICATE)
    down = cv2.sepFilter2D(plane, cv2.CV_32F, bell, slope / energy, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.magnitude(across, down), np.float32)
