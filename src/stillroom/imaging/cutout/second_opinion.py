"""Second opinion: a prompt network segments the object in the box of a doubtful matte.

It sees objects whole, but some of them without what belongs to them. So what it adds counts where it is sure,
and what it leaves out only where the segmentation network is undecided as well, except for a mat.
"""

from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np

from stillroom.imaging.cutout.mats import mat_in
from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.cutout.matting import matte_from_cover
from stillroom.imaging.cutout.parts import components, disk, filled
from stillroom.imaging.cutout.photo_masks import cover_of_photo
from stillroom.imaging.cutout.point_regions import Mask, PointedPhoto, box_in, overlap
from stillroom.imaging.cutout.points import changed
from stillroom.imaging.cutout.prompted import Prompt, PromptNetwork
from stillroom.imaging.pixels import HALF_COVER, Bytes, Picture, Plane, cover_of

SURE = 1.2  # mean logit from which what the network adds is part of the product
FILLED = 0.28  # mean cover from which it may fill an enclosed opening; it takes wheels and handles for solid
UNDECIDED = 0.8  # mean cover up to which the segmentation network is undecided about a part
OUTSIDE, PER_COVER = -0.6, 3.0  # mean logit that leaves a part out at a cover of one half, and its slope
LEAST_PART = 0.005  # of the product; smaller differences lie along the outline
REMAINS = 0.03  # of the longer side: how far around a part its rim and its specks go with it
FAINT = 8  # cover of 255 from which something is seen of a rim


def with_second_opinion(photo: Picture, matte: Matte, seen: Plane | None, network: PromptNetwork) -> Matte:
    """Return the matte with the parts that the prompt network decides, and their agreement as a signal.

    Args:
        photo: uint8 (H, W, 3), sRGB.
        matte: A matte that holds something.
        seen: float32 (h, w), 0..1, output of the segmentation network for the whole photo; None if it saw
            the product alone, since nothing else was in sight.
        network: The prompt network. If it fails, mostly because memory is short, the matte stays as it is.
    """
    view = PointedPhoto(photo)
    cover = cover_of_photo(matte, photo.shape)
    size = (view.small.shape[1], view.small.shape[0])
    small = np.asarray(cv2.resize(cover, size, interpolation=cv2.INTER_AREA), np.uint8)
    solid = small > HALF_COVER
    if matte.signals is None or not solid.any():
        return matte
    try:
        encoding = network.encoded(photo)
        answer = network.answer(encoding, Prompt(box=box_in(solid)))
        logits = np.asarray(cv2.resize(answer.best, size, interpolation=cv2.INTER_LINEAR), np.float32)
        mat = mat_in(network, encoding, solid, logits)
    except RuntimeError:
        return matte
    looked = cover_of(small) if seen is None else seen
    plane = np.asarray(cv2.resize(looked, size, interpolation=cv2.INTER_AREA), np.float32)
    signals = replace(matte.signals, prompted=overlap(solid, logits > 0))
    parts: list[tuple[Mask, bool]] = []
    if mat is not None:
        logits = np.where(mat, -np.abs(logits), logits)
        parts.append((mat & solid, False))
    parts += _decided(solid if mat is None else solid & ~mat, logits, plane)
    if not parts:
        return replace(matte, signals=signals)
    for part, adds in parts:
        whole = part if adds else _with_remains(part, small, logits)
        cover = changed(view, cover, solid, whole, adds=adds)
        solid = solid | whole if adds else solid & ~whole
    new = matte_from_cover(cover, matte.model)
    return replace(
        matte,
        alpha=new.alpha,
        box=new.box,
        edge_share=new.edge_share,
        signals=signals,
    )


def _decided(solid: Mask, logits: Plane, seen: Plane) -> Iterator[tuple[Mask, bool]]:
    """Components in which both differ and the prompt network decides, and whether it adds them."""
    least, openings = LEAST_PART * np.count_nonzero(solid), _openings(solid)
    for adds in (True, False):
        for part in components((solid != adds) & ((logits > 0) == adds), least):
            says, cover = float(logits[part].mean()), float(seen[part].mean())
            leaves_out = cover <= UNDECIDED and says + PER_COVER * (cover - 0.5) <= OUTSIDE
            fills = says >= SURE and (cover >= FILLED or not openings[part].all())
            if fills if adds else leaves_out:
                yield part, adds


def _openings(solid: Mask) -> Mask:
    """Mask of the background that the product encloses, bool (h, w)."""
    return np.asarray((filled(solid) > 0) & ~solid)


def _with_remains(part: Mask, cover: Bytes, logits: Plane) -> Mask:
    """Mask of a part that is left out, with its soft rim and the specks that would remain of it."""
    solid = cover > HALF_COVER
    near = cv2.dilate(part.astype(np.uint8), disk(round(REMAINS * max(part.shape)))) > 0
    whole = part | (near & ~solid & (cover > FAINT) & (logits <= 0))
    _, labels, stats, _ = cv2.connectedComponentsWithStats((solid & ~whole).astype(np.uint8), connectivity=4)
    specks = np.asarray(stats)[:, cv2.CC_STAT_AREA] < LEAST_PART * np.count_nonzero(solid)
    return np.asarray(whole | (near & solid & ~whole & specks[labels]))
