"""Hair and fur: pixels take the cover of pixels that are like them in colour and place (KNN matting).

A segmentation network sees loose hair as one piece, with or without what shows between the strands.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.cutout.edges import loose_zone
from stillroom.imaging.cutout.parts import disk
from stillroom.imaging.pixels import HALF_COVER, Bytes, Mask, Picture, Plane, cover_of
from stillroom.imaging.resizing import area_resized, bilinear, size_of, size_within

SIDE = 800  # pixels of the product's longer side at which hair is found; bounds time and memory
HALF = 12, 242  # of 255 of cover, between which a pixel is half covered
GROWN = 0.01  # of the longer side: growth of loose and of half-covered areas
AROUND = 0.03  # of the longer side: how far around these areas like pixels are looked for
NEARBY = 0.03  # of the longer side: standard deviation over which outline and texture are averaged
ROUGH = 24.0, 40.0  # longer sides of outline per its square: ramp from solid things to hair
FINE = 2.0  # pixels: standard deviation of the window in which the texture is measured
HARD = 14.0, 18.0  # its standard deviation in bytes of lightness: ramp from hair to leaves and metal

NEIGHBOURS = 8
PLACE = 0.4  # of a distance of the longer side, where that from black to white is 1
UNLIKE, LEAST = 0.15, 0.01  # distance from which pixels are unlike, and the affinity of these
KEPT, AGREED, FIXED = 0.3, 20.0, 50.0  # weight of the matte: at least, with a prompt network, outside of hair
CERTAIN = 2.0  # logit from which a prompt network's agreement counts; from one more it does in full
_STEPS, _TOLERANCE = 100, 1e-3  # of the conjugate gradients
_TREE: dict[str, bool | int | float | str] = {"algorithm": 4, "leaf_max_size": 12}  # one k-d tree, exact

_Values = NDArray[np.float64]


def with_hair(alpha: Bytes, guide: Picture, seen: Plane, logits: Plane) -> Bytes:
    """Estimate the cover of loose hair and fur from pixels that are like it.

    The covers minimise the squared differences between like pixels, and from the matte. Only rough outlines
    without hard contrasts change, because networks see the outlines of other things better.

    Args:
        seen: Output of the network.
        logits: Of the product, by a prompt network; 0 says nothing.

    Source:
        Chen, Li and Tang, "KNN Matting", IEEE TPAMI 2013.
    """
    size = size_within(alpha.shape, SIDE)
    longer = max(size)
    cover, colours = area_resized(alpha, size), area_resized(guide, size)
    share = _hairiness(cover, colours, area_resized(seen, size), longer)
    if not share.any():
        return alpha
    says = area_resized(logits, size)
    agrees = np.clip(np.abs(says) - CERTAIN, 0, 1) * ((says > 0) == (cover > HALF_COVER))
    kept = np.where(share > 0, KEPT + AGREED * agrees, FIXED)
    involved = cv2.dilate((share > 0).astype(np.uint8), disk(max(3, round(AROUND * longer)))) > 0
    own = cover_of(cover)[involved].astype(np.float64)
    change = np.zeros(cover.shape, np.float32)
    change[involved] = _spread(own, kept[involved], *_like(colours, involved, longer)) - own
    whole = bilinear(np.asarray(share * change, np.float32), size_of(alpha))
    return np.asarray(np.clip(np.rint(alpha + 255 * whole), 0, 255), np.uint8)


def _hairiness(cover: Bytes, colours: Picture, seen: Plane, longer: int) -> Plane:
    """Share, 0..1, to which an area is loose hair or fur: a rough outline without hard contrasts."""
    solid = cover > HALF_COVER
    unsure = loose_zone(solid, seen, longer) | ((cover > HALF[0]) & (cover < HALF[1]))
    zone = cv2.dilate(unsure.astype(np.uint8), disk(round(GROWN * longer))) > 0
    outline = cv2.morphologyEx(solid.astype(np.uint8), cv2.MORPH_GRADIENT, np.ones((2, 2), np.uint8))
    lightness = cv2.cvtColor(colours, cv2.COLOR_RGB2LAB)[..., 0].astype(np.float32)
    mean, of_squares = (cv2.GaussianBlur(plane, (0, 0), FINE) for plane in (lightness, lightness**2))
    texture = np.sqrt(np.maximum(of_squares - mean**2, 0))
    rough, hard, area = (
        cv2.GaussianBlur(np.asarray(plane, np.float32), (0, 0), NEARBY * longer)
        for plane in (outline, texture * zone, zone)
    )
    is_rough, is_hard = (
        np.clip((plane - low) / (high - low), 0, 1)
        for plane, (low, high) in ((rough * longer, ROUGH), (hard / np.maximum(area, 1e-3), HARD))
    )
    return np.asarray(zone * is_rough * (1 - is_hard), np.float32)


def _like(colours: Picture, involved: Mask, longer: int) -> tuple[NDArray[np.intp], _Values]:
    """For each pixel of a mask its neighbours in colour and place, and its affinity to them; (n, k) each."""
    places = np.argwhere(involved) * (PLACE / longer)
    lab = cv2.cvtColor(colours, cv2.COLOR_RGB2LAB)[involved] / 255
    points = np.hstack([lab, places]).astype(np.float32)
    found, squared = cv2.flann.Index(points, _TREE).knnSearch(points, min(NEIGHBOURS + 1, len(points)))
    # The nearest one is the pixel itself.
    affinity = np.maximum(1 - np.sqrt(np.asarray(squared)[:, 1:]) / UNLIKE, LEAST)
    return np.asarray(found, np.intp)[:, 1:], np.asarray(affinity, np.float64)


def _spread(own: _Values, kept: _Values, neighbours: NDArray[np.intp], affinity: _Values) -> Plane:
    """Covers near to the own ones and to the neighbours', by preconditioned conjugate gradients; (n,)."""
    flat, count = neighbours.ravel(), len(own)

    def gathered(values: _Values) -> _Values:
        """For each pixel, the sum over those whose neighbour it is."""
        return np.asarray(np.bincount(flat, values.ravel(), count), np.float64)

    diagonal = kept + affinity.sum(1) + gathered(affinity)

    def applied(values: _Values) -> _Values:
        there = (affinity * values[neighbours]).sum(1)
        return np.asarray(diagonal * values - there - gathered(affinity * values[:, None]), np.float64)

    found, goal = own, _TOLERANCE * np.linalg.norm(kept * own)
    rest = kept * own - applied(found)
    step = scaled = rest / diagonal
    energy = rest @ scaled
    for _ in range(_STEPS):
        if np.linalg.norm(rest) <= goal:
            break
        direction = applied(step)
        length = energy / (step @ direction)
        found, rest = found + length * step, rest - length * direction
        scaled = rest / diagonal
        energy, before = rest @ scaled, energy
        step = scaled + energy / before * step
    return np.clip(found, 0, 1).astype(np.float32)
