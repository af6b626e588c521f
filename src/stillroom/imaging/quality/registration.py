"""Registration: locate the product in a painted picture, and measure whether it is the same product."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.pixels import Bytes, Mask, Picture, Plane
from stillroom.imaging.quality.transforms import Transform, affine, placed_matte, scaling, to_crop, warped
from stillroom.imaging.resizing import area_resized, fitted, size_of
from stillroom.imaging.scene.product import Product

Points = NDArray[np.float32]

WORK_SIDE = 1024  # pixels of the longer side; residuals and shifts are reported at this scale
SURE_RESIDUAL = 1.5  # pixels at WORK_SIDE; above it our product would not cover the painted one
SURE_AGREEMENT = 0.45  # least unchanged share of the product; a repainted label is less than the rest

_MIN_MATCHES = 10
_RATIO = 0.8  # Lowe, "Distinctive Image Features from Scale-Invariant Keypoints", 2004, section 7.1
_RANSAC_PIXELS = 3.0
_MAX_SCALE = 4.0  # larger scales, either way, are chance matches
_FLOW_PIXELS = 1.5
_MAX_POINTS = 600
_ROUNDS = 3
_EXPLAINED = 0.5  # pixels at WORK_SIDE; below it a similarity explains the motion fully
_NEARLY_ALL = 0.9  # least share of tracked points that fit such a similarity
_SUPPORTED = 0.6  # least share of tracked points that fit a homography
_MORE = 0.1  # least additional share that a homography must explain
_TURNED = 0.1  # perspective terms times the product's longer side; a turn of about 20 degrees at four lengths
_STRETCHED = 1.08  # largest anisotropy
_SEARCH_SIDE = 256  # pixels of the longer side for the search without features
_SEARCH_SCALES = tuple(np.geomspace(0.7, 1.4, 15))
_BLOCK = 24  # pixels at WORK_SIDE; lettering fills a block, and noise averages out
_TEXTURE = 3.0  # standard deviation in sRGB steps; a block below it has no structure to compare
_ALIKE = 0.6  # least correlation of the structure of an unchanged block
_NEAR = 14.0  # sRGB steps; largest difference of an unchanged flat block


@dataclass(frozen=True)
class Registration:
    """Position of the product in a picture.

    Attributes:
        transform: From photo to picture.
        residual_px: Median reprojection error at WORK_SIDE.
        agreement: Share of the product's area that looks as in the photo, regardless of tone.
    """

    transform: Transform
    residual_px: float
    agreement: float

    @property
    def is_sure(self) -> bool:
        return self.residual_px <= SURE_RESIDUAL and self.agreement >= SURE_AGREEMENT


def register(
    product: Product, picture: Picture, expected: Transform | None, look: Picture | None = None
) -> Registration | None:
    """Register the product in a picture.

    Args:
        expected: From photo to picture, the previous position; None if unknown.
        look: At the matte's scale: expected appearance; None is as in the photo.

    Returns:
        None if no position fits.
    """
    if not product.matte.alpha.any():
        return None
    shown = fitted(picture, WORK_SIDE)
    size = size_of(shown)
    shrink = scaling(size_of(picture), size)
    start = shrink @ (_in_the_middle(product, picture) if expected is None else expected)
    reference = _Reference.of(product, product.foreground if look is None else look, start, size)
    grey = _grey(shown)
    drift = _by_features(reference, grey)
    if drift is None:
        drift = _by_outline(reference, grey)
    fit = None if drift is None else _by_flow(reference, grey, drift)
    if fit is None:
        return None
    aligned = warped(shown, _inverse(fit.drift), size, border=cv2.BORDER_REPLICATE)
    agreement = float(1.0 - changed_part(reference.picture, np.asarray(aligned, np.uint8), reference.cover))
    return Registration(np.linalg.inv(shrink) @ fit.drift @ start, fit.residual_px, agreement)


def changed_part(reference: Picture, picture: Picture, cover: Bytes) -> float:
    """Share of the product that was repainted, regardless of tone.

    Args:
        reference: The original product.
        picture: Registered to it.
    """
    inside = _blocks((cover > 200).astype(np.float32), np.mean) > 0.9
    if not inside.any():
        return 1.0
    toned = _toned(picture, reference, cover > 200)
    one, other = _grey(reference).astype(np.float32), _grey(toned).astype(np.float32)
    # Blur, because a misalignment by one pixel does not count as repainting.
    one, other = (np.asarray(cv2.GaussianBlur(grey, (0, 0), 1.2), np.float32) for grey in (one, other))
    deviation = [_blocks(plane, np.std) for plane in (one, other)]
    mean = [_blocks(plane, np.mean) for plane in (one, other)]
    covariance = _blocks(one * other, np.mean) - mean[0] * mean[1]
    alike = covariance / np.maximum(deviation[0] * deviation[1], 1e-3) > _ALIKE
    flat = np.maximum(*deviation) < _TEXTURE
    far = np.abs(
        np.stack([_blocks(toned[..., c].astype(np.float32) - reference[..., c], np.mean) for c in range(3)])
    ).max(0)
    same = np.where(flat, far < _NEAR, alike & (far < 2.5 * _NEAR))
    return float(1.0 - same[inside].mean())


@dataclass(frozen=True)
class _Reference:
    """Expected appearance of the product on the work plane.

    Attributes:
        picture: Middle grey around the product.
    """

    picture: Picture
    cover: Bytes

    @staticmethod
    def of(product: Product, look: Picture, transform: Transform, size: tuple[int, int]) -> "_Reference":
        cover = placed_matte(product, transform, size)
        moved = warped(look, transform @ np.linalg.inv(to_crop(product)), size)
        shade = cover[..., None].astype(np.float32) / 255
        picture = np.rint(moved * shade + 128 * (1 - shade))
        return _Reference(np.clip(picture, 0, 255).astype(np.uint8), cover)


def _in_the_middle(product: Product, picture: Picture) -> Transform:
    left, top, right, bottom = product.bounds
    height, width = picture.shape[:2]
    scale = 0.7 * min(width / (right - left), height / (bottom - top))
    x, y = width / 2 - scale * (left + right) / 2, height / 2 - scale * (top + bottom) / 2
    return affine((scale, 0.0, x, 0.0, scale, y))


def _by_features(reference: _Reference, grey: Bytes) -> Transform | None:
    """Similarity from SIFT matches; None if there are too few."""
    finder = cv2.SIFT.create(nfeatures=1500, contrastThreshold=0.02)
    inner = cv2.erode((reference.cover > 200).astype(np.uint8), np.ones((5, 5), np.uint8))
    points, marks = finder.detectAndCompute(_grey(reference.picture), inner)
    others, other_marks = finder.detectAndCompute(grey, None)
    if min(len(points), len(others)) < _MIN_MATCHES:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_L2).knnMatch(marks, other_marks, k=2)
    good = [pair[0] for pair in pairs if len(pair) == 2 and pair[0].distance < _RATIO * pair[1].distance]
    if len(good) < _MIN_MATCHES:
        return None
    source = np.array([points[match.queryIdx].pt for match in good], np.float32) + 0.5
    target = np.array([others[match.trainIdx].pt for match in good], np.float32) + 0.5
    return _similarity(source, target, _RANSAC_PIXELS, max(_MIN_MATCHES, 0.15 * len(good)))


def _similarity(source: Points, target: Points, tolerance: float, at_least: float) -> Transform | None:
    matrix, inliers = cv2.estimateAffinePartial2D(
        source, target, method=cv2.RANSAC, ransacReprojThreshold=tolerance, maxIters=4000, confidence=0.999
    )
    # Unlike its type says, the matrix is None if the points coincide.
    if matrix is None or int(inliers.sum()) < at_least:  # type: ignore[redundant-expr]
        return None
    if not 1 / _MAX_SCALE <= float(np.hypot(matrix[0, 0], matrix[0, 1])) <= _MAX_SCALE:
        return None
    return np.vstack([matrix, (0.0, 0.0, 1.0)])


def _by_outline(reference: _Reference, grey: Bytes) -> Transform | None:
    """Scale and position by template matching of edges; for products without features."""
    factor = _SEARCH_SIDE / max(grey.shape)
    scene = _edges(_small(grey, factor))
    shape = _small(reference.cover, factor)
    x, y, width, height = cv2.boundingRect((shape > 127).astype(np.uint8))
    if width < 8 or height < 8:
        return None
    edges = _edges(_small(_grey(reference.picture), factor)) * (cv2.dilate(shape, np.ones((3, 3))) > 20)
    patch = edges[y : y + height, x : x + width].astype(np.float32)
    best, found = -1.0, None
    for scale in _SEARCH_SCALES:
        size = (max(8, round(width * scale)), max(8, round(height * scale)))
        if size[0] > scene.shape[1] or size[1] > scene.shape[0]:
            continue
        scores = cv2.matchTemplate(scene, cv2.resize(patch, size), cv2.TM_CCORR_NORMED)
        _, score, _, place = cv2.minMaxLoc(scores)
        if score > best:
            sx, sy = size[0] / width, size[1] / height
            both = (sx + sy) / 2
            best = score
            found = affine((both, 0, place[0] - x * both, 0, both, place[1] - y * both))
    if found is None:
        return None
    grow = np.diag([factor, factor, 1.0])
    return np.linalg.inv(grow) @ found @ grow


@dataclass(frozen=True)
class _Fit:
    """A drift with its residual; `share` is the share of tracked points that follow it."""

    drift: Transform
    residual_px: float
    share: float


def _by_flow(reference: _Reference, grey: Bytes, drift: Transform) -> _Fit | None:
    """Refine the drift to subpixel accuracy by optical flow.

    A similarity is preferred, because it cannot bend. A homography is used for a product painted from a
    slightly different angle or stretched, if it explains much more and distorts only a little.
    """
    points = _points_of(reference)
    if points is None:
        return None
    similarity = partial(_similarity, tolerance=_FLOW_PIXELS, at_least=_MIN_MATCHES)
    alike = _followed(reference, grey, drift, points, similarity)
    if alike is not None and alike.residual_px <= _EXPLAINED and alike.share >= _NEARLY_ALL:
        return alike
    turned = _followed(reference, grey, drift if alike is None else alike.drift, points, _homography)
    if turned is None or turned.share < _SUPPORTED or not _distorts_little(turned.drift, reference.cover):
        return alike
    says_more = (
        alike is None or turned.residual_px < 0.5 * alike.residual_px or turned.share > alike.share + _MORE
    )
    return turned if says_more else alike


def _points_of(reference: _Reference) -> Points | None:
    inside = cv2.dilate((reference.cover > 127).astype(np.uint8), np.ones((3, 3), np.uint8))
    points = cv2.goodFeaturesToTrack(_grey(reference.picture), _MAX_POINTS, 0.002, 8, mask=inside)
    # Unlike its type says, the result is None on a plain picture.
    return None if points is None else np.asarray(points, np.float32)  # type: ignore[redundant-expr]


def _followed(
    reference: _Reference,
    grey: Bytes,
    drift: Transform,
    points: Points,
    step_of: Callable[[Points, Points], Transform | None],
) -> _Fit | None:
    """Track points and update the drift, in rounds that each start closer."""
    size = size_of(grey)
    own = _grey(reference.picture)
    flow = {"winSize": (21, 21), "maxLevel": 3}
    fit: _Fit | None = None
    for _ in range(_ROUNDS):
        aligned = warped(grey, _inverse(drift), size, border=cv2.BORDER_REPLICATE)
        there, status, _ = cv2.calcOpticalFlowPyrLK(own, aligned, points, None, **flow)  # type: ignore[call-overload]
        back, status_back, _ = cv2.calcOpticalFlowPyrLK(aligned, own, there, None, **flow)  # type: ignore[call-overload]
        close = np.linalg.norm((back - points)[:, 0], axis=1) < 1.0
        kept = (status.ravel() == 1) & (status_back.ravel() == 1) & close
        source, target = points[kept][:, 0] + 0.5, there[kept][:, 0] + 0.5
        step = step_of(source, target) if len(source) >= _MIN_MATCHES else None
        if step is None:
            return None
        moved = cv2.perspectiveTransform(source[:, None], step)[:, 0]
        distance = np.linalg.norm(moved - target, axis=1)
        # Points that do not follow the majority were repainted and carry no information on the position.
        near = distance < 2 * _FLOW_PIXELS
        drift = drift @ step
        fit = _Fit(drift, float(np.median(distance[near])), float(near.mean()))
    return fit


def _homography(source: Points, target: Points) -> Transform | None:
    matrix, inliers = cv2.findHomography(source, target, cv2.RANSAC, _FLOW_PIXELS, maxIters=4000)
    # Unlike its type says, the matrix is None if the points are collinear.
    if matrix is None or int(inliers.sum()) < 2 * _MIN_MATCHES:  # type: ignore[redundant-expr]
        return None
    return np.asarray(matrix, np.float64)


def _distorts_little(drift: Transform, cover: Bytes) -> bool:
    """Whether the drift has little perspective and little anisotropy, so that the product keeps its look."""
    x, y, width, height = cv2.boundingRect((cover > 127).astype(np.uint8))
    middle = affine((1, 0, x + width / 2, 0, 1, y + height / 2))
    around = drift @ middle
    around = around / around[2, 2]
    # Stretch of the plane near the centre: the Jacobian of the projection there.
    stretch = np.linalg.svd(around[:2, :2] - np.outer(around[:2, 2], around[2, :2]), compute_uv=False)
    perspective = float(np.abs(around[2, :2]).max()) * max(width, height)
    return perspective <= _TURNED and float(stretch[0] / stretch[1]) <= _STRETCHED


def _toned(picture: Picture, reference: Picture, inside: Mask) -> Picture:
    """Match each channel's median and range to the reference."""
    table = np.empty((256, 3), np.float32)
    steps = np.arange(256, dtype=np.float32)
    for channel in range(3):
        low, middle, high = np.percentile(picture[..., channel][inside], (10, 50, 90))
        wanted = np.percentile(reference[..., channel][inside], (10, 50, 90))
        slope = float(np.clip((wanted[2] - wanted[0]) / max(high - low, 1.0), 0.6, 1.7))
        table[:, channel] = (steps - middle) * slope + wanted[1]
    return np.asarray(cv2.LUT(picture, np.clip(np.rint(table), 0, 255).astype(np.uint8)[None]), np.uint8)


def _blocks(plane: NDArray[np.floating], summary: Callable[..., NDArray[np.floating]]) -> Plane:
    rows, columns = plane.shape[0] // _BLOCK, plane.shape[1] // _BLOCK
    cut = plane[: rows * _BLOCK, : columns * _BLOCK].reshape(rows, _BLOCK, columns, _BLOCK)
    return np.asarray(summary(cut, axis=(1, 3)), np.float32)


def _grey(picture: Picture) -> Bytes:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


def _small(plane: Bytes, factor: float) -> Bytes:
    size = max(8, round(plane.shape[1] * factor)), max(8, round(plane.shape[0] * factor))
    return area_resized(plane, size)


def _edges(plane: Bytes) -> Plane:
    """Edge strength, regardless of sign, with strong edges compressed."""
    soft = cv2.GaussianBlur(plane, (0, 0), 1.0).astype(np.float32)
    across, down = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    return np.asarray(np.sqrt(np.hypot(across, down)), np.float32)


def _inverse(transform: Transform) -> Transform:
    return np.asarray(np.linalg.inv(transform), np.float64)
