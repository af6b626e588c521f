"""Camera tilt: estimate it from straight lines, and rotate the photo upright."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.pixels import HALF_COVER, Box, Bytes, Mask, Picture
from stillroom.imaging.resizing import fitted

MAX_TILT = 4.0  # degrees; more is a deliberate angle, not an unsteady hand
MIN_TILT = 0.3  # degrees; less is invisible, and every rotation costs sharpness
_SIDE = 768  # pixels of the longer side; enough for the long lines of a scene
_LINE = 0.033  # of the longer side: shorter segments are texture
_SPREAD = 0.6  # degrees within which segments count as parallel
_AGREEMENT = 1.2  # degrees; largest difference between the tilt of vertical and horizontal lines
_CONCENTRATION = 0.25  # share of the segments that must be parallel
_SYMMETRY = 0.9  # intersection over union with its mirror image from which a silhouette has an axis
_AXIS_SIDE = 160  # pixels of the silhouette's longer side for finding its axis
_AXIS_STEP = 0.5  # degrees
_SHIFTS = 6  # pixels to each side of the middle that the axis is looked for
_BESIDE = 3.0  # degrees beyond the largest tilt: an axis found there belongs to another posture


@dataclass(frozen=True, slots=True)
class Tilt:
    """Camera roll, clockwise in degrees; `is_sure` if vertical and horizontal lines agree on it."""

    degrees: float
    is_sure: bool


def segments_of(photo: Picture) -> NDArray[np.float64]:
    """Detect straight line segments in a photo (LSD).

    Returns:
        float64 (N, 4): x0, y0, x1, y1 in photo pixels.
    """
    small = fitted(photo, _SIDE)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD).detect(grey)[0]
    if found is None:
        return np.zeros((0, 4))
    scale = max(photo.shape) / max(small.shape)
    return np.asarray(np.asarray(found, np.float64).reshape(-1, 4) * scale)


def tilt_of(segments: NDArray[np.float64], longer_side: int) -> Tilt:
    """Estimate the tilt from the scene's straight lines.

    Perspective rotates the lines of a floor as much as a tilted camera does, so horizontal or vertical lines
    alone are weak evidence.

    Args:
        segments: See `segments_of`.
    """
    if not len(segments):
        return Tilt(0.0, is_sure=False)
    ends = segments * (_SIDE / longer_side)
    step = ends[:, 2:] - ends[:, :2]
    length = np.hypot(step[:, 0], step[:, 1])
    angle = np.degrees(np.arctan2(step[:, 1], step[:, 0]))
    levels, level_share = _common(((angle + 90) % 180) - 90, length)
    uprights, upright_share = _common((angle % 180) - 90, length)
    agree = abs(levels - uprights) <= _AGREEMENT and min(level_share, upright_share) >= _CONCENTRATION
    degrees = (levels + uprights) / 2 if agree else levels if level_share >= upright_share else uprights
    if abs(degrees) > MAX_TILT:
        return Tilt(0.0, is_sure=False)
    return Tilt(float(degrees), is_sure=agree)


def confirmed(tilt: Tilt, segments: NDArray[np.float64], matte: Matte, longer_side: int) -> Tilt:
    """Mark a tilt as unsure if correcting it would tilt a product that stands upright.

    A symmetric silhouette, of a bowl or a bottle, shows the camera's roll itself. Otherwise the lines beside
    the product must show the tilt too: those of the product alone are mostly its perspective.

    Args:
        tilt: Of all lines of the photo.
        segments: See `segments_of`.
    """
    if not tilt.is_sure or abs(tilt.degrees) < MIN_TILT:
        return tilt
    shown = axis_of(matte)
    if shown is None:
        x0, y0, x1, y1 = matte.box
        middle = (segments[:, :2] + segments[:, 2:]) / 2
        beside = ((middle < (x0, y0)) | (middle > (x1, y1))).any(1)
        shown = tilt_of(segments[beside], longer_side).degrees
    return replace(tilt, is_sure=abs(shown - tilt.degrees) <= _AGREEMENT)


def axis_of(matte: Matte) -> float | None:
    """Turn in degrees after which the silhouette is mirror-symmetric; None without such an axis."""
    solid = (fitted(matte.alpha, _AXIS_SIDE) > HALF_COVER).astype(np.uint8)
    if not solid.any():
        return None
    moments = cv2.moments(solid, binaryImage=True)
    center = moments["m10"] / moments["m00"], moments["m01"] / moments["m00"]
    side = 2 * _AXIS_SIDE
    best, found = _SYMMETRY, None
    for degrees in np.arange(-MAX_TILT - _BESIDE, MAX_TILT + _BESIDE + 0.01, _AXIS_STEP):
        turn = cv2.getRotationMatrix2D(center, float(degrees), 1.0)
        turn[:, 2] += _AXIS_SIDE - np.array(center)
        upright = np.asarray(cv2.warpAffine(solid, turn, (side, side)), np.uint8) > 0
        likeness = _symmetry_of(upright)
        if likeness > best:
            best, found = likeness, float(degrees)
    return found


def _symmetry_of(mask: Mask) -> float:
    """Largest intersection over union of a mask with its mirror image, near the middle of its box."""
    columns = np.flatnonzero(mask.any(0))
    # Reversing the columns mirrors at the middle of the array; rolling then moves the axis.
    middle = int(columns[0] + columns[-1]) + 1 - mask.shape[1]
    mirrored = mask[:, ::-1]
    values = []
    for shift in range(middle - _SHIFTS, middle + _SHIFTS + 1):
        other = np.roll(mirrored, shift, axis=1)
        values.append(np.count_nonzero(mask & other) / np.count_nonzero(mask | other))
    return float(max(values))


def _common(deviation: NDArray[np.float64], length: NDArray[np.float64]) -> tuple[float, float]:
    """Deviation with the most votes, weighted by length, and its share."""
    chosen = (np.abs(deviation) < 2 * MAX_TILT) & (length > _LINE * _SIDE)
    if int(chosen.sum()) < 3:
        return 0.0, 0.0
    candidates = np.arange(-2 * MAX_TILT, 2 * MAX_TILT + 0.05, 0.1)
    near = np.exp(-(((deviation[chosen][None] - candidates[:, None]) / _SPREAD) ** 2))
    votes = near @ length[chosen]
    best = int(votes.argmax())
    return float(candidates[best]), float(votes[best] / length[chosen].sum())


def turned(photo: Picture, matte: Matte, degrees: float) -> tuple[Picture, Matte, NDArray[np.float64]] | None:
    """Rotate a photo and its matte upright.

    Returns:
        The photo at its old size, with corners filled by edge replication; the matte; and the 2x3 matrix from
        old to new photo pixels. None if a product in a corner would leave the photo.
    """
    height, width = photo.shape[:2]
    turn = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0), np.float64)
    x0, y0, x1, y1 = matte.box
    corners = np.array([[x0, y0, 1], [x1, y0, 1], [x1, y1, 1], [x0, y1, 1]], np.float64) @ turn.T
    left, top = np.maximum(np.floor(corners.min(0)), 0).astype(int)
    right, bottom = np.minimum(np.ceil(corners.max(0)), (width, height)).astype(int)
    if left >= right or top >= bottom:
        return None
    upright = cv2.warpAffine(
        photo, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    box = (int(left), int(top), int(right), int(bottom))
    alpha = _turned_alpha(matte.alpha, matte.box, box, turn)
    return np.asarray(upright, np.uint8), replace(matte, alpha=alpha, box=box), turn


def _turned_alpha(alpha: Bytes, old: Box, new: Box, turn: NDArray[np.float64]) -> Bytes:
    scale_x, scale_y = alpha.shape[1] / (old[2] - old[0]), alpha.shape[0] / (old[3] - old[1])
    size = round((new[2] - new[0]) * scale_x), round((new[3] - new[1]) * scale_y)
    to_photo = np.array([[1 / scale_x, 0, old[0]], [0, 1 / scale_y, old[1]], [0, 0, 1]])
    to_new = np.array([[scale_x, 0, -new[0] * scale_x], [0, scale_y, -new[1] * scale_y], [0, 0, 1]])
    matrix = to_new @ np.vstack([turn, [0, 0, 1]]) @ to_photo
    return np.asarray(cv2.warpAffine(alpha, matrix[:2], size, flags=cv2.INTER_LINEAR), np.uint8)


def inner_margin(width: int, height: int, degrees: float) -> tuple[int, int]:
    """Width in pixels, at the sides and at top and bottom, of the margin that a rotation may leave empty."""
    sine = abs(float(np.sin(np.radians(degrees))))
    return int(np.ceil(height * sine / 2)), int(np.ceil(width * sine / 2))
