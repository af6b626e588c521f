"""Differences between a matte and what the prompt network sees: which of the two is right about a part."""

from collections.abc import Iterable, Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.cutout.parts import components, disk, filled, without_strings
from stillroom.imaging.pixels import HALF_COVER, Bytes, Mask, Picture, Plane

SURE = 1.2  # mean logit from which what the network adds is part of the product
HESITANT = -1.0  # logit from which the best mask is undecided
SMALL = 0.15  # of the product, up to which others speak for a part; more is rather something beside it
FILLED = 0.28  # mean cover from which it may fill an opening, or add what leaves the photo to a whole product
MOST_OPENINGS = 15  # that it may fill; more are the meshes of a basket
UNDECIDED = 0.8  # mean cover up to which the segmentation network is undecided about a part
MOST_LEFT_OUT = 0.3  # of the product; larger parts are another piece of a set, such as a second doll
OPENED = 0.9  # the same for a part whose removal opens the product; few other parts are left out there
OUTSIDE, PER_COVER = -0.6, 3.0  # mean logit that leaves a part out at a cover of one half, and its slope
LEAST_PART = 0.005  # of the product; smaller differences lie along the outline
FOREIGN = -2.7  # mean logit of a smaller part that is left out if it has the background's colours
ABSENT = -2.0  # logit of the pixels of such a part
VISIBLE = 76  # cover of 255 from which a pixel belongs to it
LEAST_FOREIGN, MOST_FOREIGN = 0.0005, 0.02  # of the product
UNLIKE = 10.0  # in bytes of Lab: distance from the background's colours from which a smaller part is added
BESIDE = 0.05  # of the longer side around such a part, in which colours are compared
SAMPLED, ALIKE, LEAST_COLOURS = 400, 5, 20  # compared on each side; how many are nearer; fewer tell nothing
LEAST_HOLDER, MOST_HOLDER = 0.005, 0.2  # of the product's bulk: what a product hangs from, such as a hook
HANGS = 0.15  # of the bulk's height below its top: how far down what it hangs from may reach
MIDDLE = 0.1  # of the bulk's width: how far beside its middle that may be
REMAINS = 0.03  # of the longer side: how far around a part its rim and its specks go with it
FAINT = 8  # cover of 255 from which something is seen of a rim


def decided(solid: Mask, logits: Plane, whole: Plane, seen: Plane) -> Iterator[tuple[Mask, bool]]:
    """Components in which both differ and the prompt network decides, and whether it adds them.

    Where it is undecided, its other masks and what the segmentation network saw in the whole photo speak for
    adding a small part.
    """
    whole = np.where(logits > HESITANT, whole + PER_COVER * np.maximum(0, seen - 0.5), logits)
    size, enclosed = np.count_nonzero(solid), openings(solid)
    opened, is_whole = openings(solid & (logits > 0)), not leaves(solid)
    added = [*components(~solid & (whole > 0), LEAST_PART * size)]
    fills = sum(bool(enclosed[part].all()) for part in added) <= MOST_OPENINGS
    for part in added:
        is_opening = bool(enclosed[part].all())
        # It takes wheels and handles for solid, and goes on behind a product.
        needs_cover = is_opening or (is_whole and leaves(part))
        says = (whole if np.count_nonzero(part) <= SMALL * size else logits)[part].mean()
        is_sure = says >= SURE and (seen[part].mean() >= FILLED or not needs_cover)
        if is_sure and (fills or not is_opening):
            yield part, True
    for part in components(solid & (logits <= 0), LEAST_PART * size):
        cover = float(seen[part].mean())
        most = OPENED if opened[part].all() else UNDECIDED
        is_small = np.count_nonzero(part) <= MOST_LEFT_OUT * size
        if is_small and cover <= most and logits[part].mean() + PER_COVER * (cover - 0.5) <= OUTSIDE:
            yield part, False


def small_parts(cover: Bytes, logits: Plane, photo: Picture) -> Iterator[tuple[Mask, bool]]:
    """Small parts of which the prompt network is sure, if colours agree, and whether they are added.

    What it does not see is left out in colours of the background beside it. What it sees beside the product
    is added in colours of the product, or in others than the background's.
    """
    solid = cover > HALF_COVER
    size, enclosed = np.count_nonzero(solid), openings(solid)
    colours = cv2.cvtColor(photo, cv2.COLOR_RGB2LAB).astype(np.float32)

    def apart(part: Mask) -> tuple[float, float]:
        away = cv2.distanceTransform((~part).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
        beside = (away <= BESIDE * max(part.shape)) & ~part
        background, product = (colours[beside & side] for side in (cover <= FAINT, cover >= 255 - FAINT))
        return _apart(colours[part], background), _apart(colours[part], product)

    for part in components((cover > VISIBLE) & (logits < ABSENT), LEAST_FOREIGN * size):
        if logits[part].mean() <= FOREIGN and np.count_nonzero(part) <= MOST_FOREIGN * size:
            background, product = apart(part)
            if background < product:
                yield part, False
    for part in components(~solid & (logits > 0), LEAST_FOREIGN * size):
        is_beside = not enclosed[part].all() and touching(part, solid).any()
        if is_beside and logits[part].mean() >= SURE and np.count_nonzero(part) < LEAST_PART * size:
            background, product = apart(part)
            if background > min(product, UNLIKE):
                yield part, True


def holders(solid: Mask, logits: Plane) -> Iterator[Mask]:
    """Parts from which the product hangs: above its middle, joined by a string, unseen by the prompt network.

    Each comes with what it joins to the product, such as the handle above a hook.
    """
    bulk = without_strings(solid.astype(np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(bulk, connectivity=8)
    if count <= 2:
        return
    main = int(stats[1:, cv2.CC_STAT_AREA].argmax()) + 1
    left, top, width, height, size = (int(value) for value in stats[main])
    joined = touching(solid, labels == main)
    for number in {*range(1, count)} - {main}:
        x, y, wide, tall, area = (int(value) for value in stats[number])
        is_above = y + tall <= top + HANGS * height
        is_central = abs(x + wide / 2 - left - width / 2) <= MIDDLE * width
        part = np.asarray(labels == number)
        is_holder = is_above and is_central and LEAST_HOLDER * size <= area <= MOST_HOLDER * size
        if is_holder and joined[part].all() and logits[part].mean() <= 0:
            product = touching(solid & ~part, labels == main)
            yield part | touching(solid & ~part & ~product, part)


def after(solid: Mask, parts: Iterable[tuple[Mask, bool]]) -> Mask:
    """A matte after parts are added or left out."""
    for part, adds in parts:
        solid = solid | part if adds else solid & ~part
    return solid


def touching(area: Mask, solid: Mask) -> Mask:
    """Components of an area that touch a mask."""
    _, labels = cv2.connectedComponents(area.astype(np.uint8), connectivity=8)
    beside = cv2.dilate(solid.astype(np.uint8), disk(2)) > 0
    return np.asarray(area & np.isin(labels, labels[area & beside]))


def _apart(colours: NDArray[np.float32], others: NDArray[np.float32]) -> float:
    """Median distance of some colours to the nearest of others; both float32 (n, 3), bytes of Lab."""
    if len(others) < LEAST_COLOURS:
        return np.inf
    few, many = (one[:: max(1, len(one) // SAMPLED)] for one in (colours, others))
    away = np.linalg.norm(few[:, None] - many, axis=2)
    return float(np.median(np.partition(away, ALIKE, axis=1)[:, ALIKE]))


def leaves(mask: Mask) -> bool:
    """Whether a mask reaches the edge of the photo."""
    return bool(mask[[0, -1]].any() or mask[:, [0, -1]].any())


def openings(solid: Mask) -> Mask:
    """Mask of the background that the product encloses."""
    return np.asarray((filled(solid) > 0) & ~solid)


def with_remains(part: Mask, cover: Bytes, logits: Plane) -> Mask:
    """Mask of a part that is left out, with its soft rim and the specks that would remain of it."""
    solid = cover > HALF_COVER
    near = beside(part)
    whole = part | (near & ~solid & (cover > FAINT) & (logits <= 0))
    _, labels, stats, _ = cv2.connectedComponentsWithStats((solid & ~whole).astype(np.uint8), connectivity=4)
    specks = np.asarray(stats)[:, cv2.CC_STAT_AREA] < LEAST_PART * np.count_nonzero(solid)
    return np.asarray(whole | (near & solid & ~whole & specks[labels]))


def beside(part: Mask) -> Mask:
    """A part with its surroundings."""
    return np.asarray(cv2.dilate(part.astype(np.uint8), disk(round(REMAINS * max(part.shape)))) > 0)
