"""Points: add or remove the part of the photo under a point, starting from the present matte.

Each point yields a few candidate regions: what a prompt network takes for the object under it, components of
network outputs for the whole photo and for crops around the point, regions of like colour, a graph cut, and
pieces of the matte itself. A linear model ranks them, and the best one is added to the matte or removed from
it. Nothing changes outside that region.
"""

import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2
import numpy as np
from cachetools import LRUCache

from stillroom.domain.mattes import MattePoint
from stillroom.imaging.cutout.edges import refined
from stillroom.imaging.cutout.parts import disk
from stillroom.imaging.cutout.photo_masks import cover_in, photo_in
from stillroom.imaging.cutout.points.ranking import best_of
from stillroom.imaging.cutout.points.regions import Candidate, PointedPhoto, PointNetworks, Tap, candidates_of
from stillroom.imaging.io.encoding import png_of
from stillroom.imaging.pixels import HALF_COVER, Bytes, Mask
from stillroom.imaging.resizing import area_resized, size_of

KEPT_PHOTOS = 2  # in memory with all that points share; 90 MB each at 12 megapixels
OVERRIDDEN = 0.02  # of the longer side: a point this near to an earlier one takes it back
MARGIN = 3  # pixels of the small photo around a region within which its edge is refined


class PointedPhotos:
    """The photos that points were set on most recently; thread-safe."""

    def __init__(self) -> None:
        self._photos: LRUCache[str, PointedPhoto] = LRUCache(KEPT_PHOTOS)
        self._lock = threading.Lock()

    def view(self, file: bytes, sha256: str) -> PointedPhoto:
        """Return a decoded photo with what its points share. Raises InputCorrupt."""
        with self._lock:
            known = self._photos.get(sha256)
        view = known or PointedPhoto(photo_in(file))
        with self._lock:
            self._photos[sha256] = view
        return view


def pointed(
    view: PointedPhoto,
    alpha: Bytes,
    points: Sequence[MattePoint],
    networks: PointNetworks,
    is_unwanted: Callable[[], bool] = lambda: False,
) -> Bytes:
    """Apply points to a matte.

    Args:
        points: In their order; later points override earlier ones.
        networks: Networks to run on the photo; without any, colours and edges decide.
        is_unwanted: Whether to stop before the next point. Points that were applied are not asked again.

    Returns:
        The matte after the points that were applied.
    """
    start = hashlib.blake2b(alpha.tobytes()).digest()
    taps = [tap_of(point, view) for point in points]
    keys = [(start, tuple(points[: number + 1])) for number in range(len(points))]
    # The matte after the longest known series of points, so that a further point costs no more than itself.
    done = next((number for number in range(len(points), 0, -1) if keys[number - 1] in view.steps), 0)
    if done:
        alpha = cover_in(view.steps[keys[done - 1]])
    size = size_of(view.small)
    for number, tap in enumerate(taps[done:], done):
        if is_unwanted():
            break
        matte = area_resized(alpha, size) > HALF_COVER
        region = region_of(view, matte, taps[: number + 1], networks)
        if region is not None:
            alpha = changed(view, alpha, matte, region, adds=tap.adds)
        view.steps[keys[number]] = png_of(alpha)
    return alpha


def tap_of(point: MattePoint, view: PointedPhoto) -> Tap:
    """The point in pixels of the small photo."""
    height, width = view.small.shape[:2]
    column, row = min(width - 1, int(point.x * width)), min(height - 1, int(point.y * height))
    return Tap(column, row, adds=point.mode == "add")


def region_of(view: PointedPhoto, matte: Mask, taps: Sequence[Tap], networks: PointNetworks) -> Mask | None:
    """The region that the last point changes; None if the matte is already as it says."""
    *earlier, tap = taps
    if matte[tap.y, tap.x] == tap.adds:
        return None
    candidates, outputs = candidates_of(view, matte, taps, networks)
    candidates = [_apart(one, tap, earlier) for one in candidates]
    return best_of(view, matte, tap, candidates, outputs).mask if candidates else None


def _apart(one: Candidate, tap: Tap, earlier: Sequence[Tap]) -> Candidate:
    """Leave to earlier points of the other mode the pixels that are nearer to them."""
    near = OVERRIDDEN * max(one.mask.shape)
    mask = one.mask
    for other in earlier:
        is_against = other.adds != tap.adds and one.mask[other.y, other.x]
        if is_against and np.hypot(other.y - tap.y, other.x - tap.x) > near:
            mask = mask & _nearer(mask.shape, tap, other)
    return one if mask is one.mask else replace(one, mask=mask)


def _nearer(shape: tuple[int, ...], tap: Tap, other: Tap) -> Mask:
    """The half plane of pixels that are nearer to a point than to another one."""
    across, down = other.x - tap.x, other.y - tap.y
    middle = across * (other.x + tap.x) + down * (other.y + tap.y)
    rows, columns = np.arange(shape[0])[:, None], np.arange(shape[1])
    return np.asarray(2 * (across * columns + down * rows) < middle)


def changed(view: PointedPhoto, alpha: Bytes, matte: Mask, region: Mask, *, adds: bool) -> Bytes:
    """Add a region to the matte or remove it, with its edge refined on the photo.

    Args:
        matte: The solid part of `alpha` on the small photo, as `region`.
    """
    after = matte | region if adds else matte & ~region
    near = cv2.dilate(region.astype(np.uint8), disk(MARGIN))
    x, y, wide, tall = cv2.boundingRect(near)
    scale_x, scale_y = alpha.shape[1] / matte.shape[1], alpha.shape[0] / matte.shape[0]
    rows = slice(int(y * scale_y), int(np.ceil((y + tall) * scale_y)))
    columns = slice(int(x * scale_x), int(np.ceil((x + wide) * scale_x)))
    window = (rows, columns)
    size = (alpha[window].shape[1], alpha[window].shape[0])
    part = np.s_[y : y + tall, x : x + wide]
    soft = cv2.resize(cv2.GaussianBlur(after.astype(np.float32), (0, 0), 0.7)[part], size)
    reach = cv2.resize(near[part], size, interpolation=cv2.INTER_NEAREST) > 0
    edge = refined(np.asarray(soft, np.float32), np.ascontiguousarray(view.photo[window]))
    decided = np.rint(edge * 255).astype(np.uint8)
    present = alpha[window]
    new = np.maximum(present, decided) if adds else np.minimum(present, decided)
    result = alpha.copy()
    result[window] = np.where(reach, new, present)
    return result
