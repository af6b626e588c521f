"""Support: how far the networks agree with what a correction changes."""

from dataclasses import dataclass

import cv2
import numpy as np

from stillroom.imaging.cutout.points.regions import PointedPhoto, PointNetworks, box_in
from stillroom.imaging.cutout.prompted import Prompt
from stillroom.imaging.pixels import HALF_COVER, Bytes, Mask, Plane
from stillroom.imaging.resizing import area_resized, size_of

LEAST_CHANGE = 12  # pixels of the small photo, as of the smallest region; less is not judged

CONTRADICTED, AGREED = 0.35, 0.65
"""Probabilities up to which a change has no support, and from which it has all; of the better network.

They lie as far from even odds on both sides. They were set by hand; no measurement chose them.
"""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Mean probability, 0..1, that the changed pixels are right after a correction.

    Attributes:
        seen: By the networks that look at the whole photo.
        prompted: By a prompt network that is asked for the product without the points of the person.
    """

    seen: float
    prompted: float


def support_of(view: PointedPhoto, before: Bytes, after: Bytes, networks: PointNetworks) -> float | None:
    """Return how far the networks agree that a correction is a repair, 0..1; None if nothing can judge it."""
    found = agreement_on(view, before, after, networks)
    if found is None:
        return None
    likely = max(found.seen, found.prompted)
    return min(1.0, max(0.0, (likely - CONTRADICTED) / (AGREED - CONTRADICTED)))


def agreement_on(
    view: PointedPhoto, before: Bytes, after: Bytes, networks: PointNetworks
) -> Agreement | None:
    """Compare the changes of a matte with the networks; None if nothing changes or no network is installed.

    Args:
        before: The matte to which the correction applies.
        after: The corrected matte.
    """
    size = size_of(view.small)
    old, new = (area_resized(one, size) > HALF_COVER for one in (before, after))
    differs = old != new
    if np.count_nonzero(differs) < LEAST_CHANGE:
        return None
    outputs = [view.output_of(one) for one in (networks.scout, networks.segments) if one is not None]
    if not (outputs or networks.prompted):
        return None
    seen = np.asarray(np.mean(outputs, axis=0), np.float32) if outputs else None
    return Agreement(_agreed(seen, new, differs), _agreed(_prompted(view, old, new, networks), new, differs))


def _agreed(product: Plane | None, new: Mask, differs: Mask) -> float:
    if product is None:
        return 0.0
    return float(np.where(new, product, 1 - product)[differs].mean())


def _prompted(view: PointedPhoto, old: Mask, new: Mask, networks: PointNetworks) -> Plane | None:
    """Probability of the product, from the middle of the matte and the boxes with and without changes."""
    if networks.prompted is None or not new.any():
        return None
    height, width = new.shape
    room = cv2.distanceTransform(new.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
    y, x = np.unravel_index(room.argmax(), new.shape)
    middle = [((float(x) + 0.5) / width, (float(y) + 0.5) / height, True)]
    try:
        encoding = networks.prompted.encoded(view.photo)
        found = [
            networks.prompted.answer(encoding, Prompt(middle, box_in(one))).best for one in (new, old | new)
        ]
    except RuntimeError:
        # Mostly memory that was free a moment ago.
        return None
    planes = [cv2.resize(1 / (1 + np.exp(-np.clip(one, -30, 30))), (width, height)) for one in found]
    return np.asarray(np.mean(planes, axis=0), np.float32)
