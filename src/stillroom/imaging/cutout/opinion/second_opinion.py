"""Second opinion: a prompt network segments the object in the box of a matte.

It sees objects whole, but leaves out parts of some. So a part is added where it is sure, or where the scout
sees it and the prompt network sees one object in the box of both. A part is removed where the segmentation
network is undecided as well, or if it is a mat. For small parts the colours must agree too. If the matte is
only a part of what the network sees under its middle, such as the lid of a clear jar, all of that is added.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import cv2
import numpy as np

from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.cutout.matting import matte_from_cover, with_settled_areas
from stillroom.imaging.cutout.opinion.differences import (
    FILLED,
    LEAST_PART,
    SMALL,
    SURE,
    after,
    beside,
    decided,
    holders,
    leaves,
    openings,
    small_parts,
    touching,
    with_remains,
)
from stillroom.imaging.cutout.opinion.mats import mat_in
from stillroom.imaging.cutout.parts import CORE, components, filled, is_of_wires, overlap
from stillroom.imaging.cutout.photo_masks import cover_of_photo
from stillroom.imaging.cutout.points.applying import changed
from stillroom.imaging.cutout.points.regions import PointedPhoto, box_in
from stillroom.imaging.cutout.prompted import Encoding, Prompt, PromptNetwork, ShareBox
from stillroom.imaging.pixels import HALF_COVER, Bytes, Mask, Picture, Plane, cover_of
from stillroom.imaging.resizing import area_resized, bilinear, size_of

AGREES = 0.9  # intersection over union with a matte, from which both networks see the same
AS_GOOD = 0.03  # of the estimated IoU, by which another mask may be worse than the best one
HALF = 0.5  # cover from which the scout sees a part

# Limits of an object of which the matte is a part.
INSIDE, LARGER = 0.85, 1.5  # least share of the matte that lies in it, and least size, per matte
STABLE, STEP = 0.6, 1.5  # least ratio of its sizes at this logit and at minus this logit
BEYOND = 0.5  # least share of what it adds that lies outside the convex hull of the matte, not in openings
WIDE, LOW = 1.15, 0.6  # width and height, per matte, of what it adds if that is a tray


# Limits of a part that the scout sees and that is an object of its own.
OWN, ALMOST_NOTHING = 0.9, 0.05  # least score and stability of its mask, and most of the product in that
JOINT = 0.6  # least score of a mask of both


class _Object(NamedTuple):
    """Answers for a box; logits are float32 (h, w).

    Attributes:
        first: Best mask of the first answer, which is unsure of loose hair.
        logits: Best mask once the network got that back: better at openings, but without loose hair.
        whole: The same with what other masks add.
    """

    box: ShareBox
    first: Plane
    logits: Plane
    whole: Plane


class SecondOpinion:
    """Opinion of a prompt network on mattes of one photo; none if it fails, mostly for lack of memory."""

    def __init__(self, photo: Picture, network: PromptNetwork) -> None:
        self._view, self._network = PointedPhoto(photo), network
        self._encoding: Encoding | None = None
        self._known: _Object | None = None

    def agrees_with(self, matte: Matte) -> bool:
        """Whether the network sees the object of a matte as the matte shows it."""
        solid = self._covers(matte)[1] > HALF_COVER
        try:
            return bool(solid.any()) and overlap(solid, self._object_in(solid).first > 0) >= AGREES
        except RuntimeError:
            return False

    def on(self, matte: Matte, seen: Plane | None, scouted: Plane | None = None) -> Matte:
        """Return the matte with the parts that the prompt network decides, and their agreement as a signal.

        Args:
            seen: Output of the segmentation network for the whole photo; None if it saw
                the product alone, since nothing else was in sight.
            scouted: The same of the scout; None without one.
        """
        cover, small = self._covers(matte)
        solid = small > HALF_COVER
        if matte.signals is None or not solid.any():
            return matte
        try:
            rest = self._rest_of(solid)
            body = solid | rest
            _, first, logits, whole = self._object_in(body)
            mat = mat_in(self._network, self._encoded(), body, logits)
            # Asked again without the mat, the network sees where the product ends on it.
            again = None if mat is None else self._object_in(_without(mat, body)).logits
        except RuntimeError:
            return matte
        output = cover_of(small) if seen is None else seen
        plane = area_resized(output, size_of(small))
        matte = replace(matte, signals=replace(matte.signals, prompted=overlap(solid, first > 0)))
        parts = [(rest, True)] if rest.any() else []
        if mat is not None and again is not None:
            mat = mat | (beside(mat) & (again <= 0))
            logits = whole = np.where(mat, -np.abs(logits), logits)
            parts.append((mat & body, False))
        parts += decided(body if mat is None else body & ~mat, logits, whole, plane)
        if mat is None:
            parts += ((part, True) for part in self._continued(after(solid, parts), plane, seen, scouted))
        parts += ((part, False) for part in holders(after(solid, parts), np.maximum(first, logits)))
        parts += small_parts(small, logits, self._view.small)
        if not parts:
            return matte
        for part, adds in parts:
            area = part if adds else with_remains(part, small, logits)
            cover = changed(self._view, cover, solid, area, adds=adds)
            solid = solid | area if adds else solid & ~area
        new = matte_from_cover(cover, matte.model)
        return replace(matte, alpha=new.alpha, box=new.box, edge_share=new.edge_share)

    def settled(self, matte: Matte) -> Matte:
        """Return the matte with half-covered areas as the last answer of the prompt network has them."""
        if self._known is None:
            return matte
        return with_settled_areas(matte, self._known.first, self._view.photo.shape)

    @property
    def logits(self) -> Plane | None:
        """The network's first answer for the last box, float32 (h, w) of the photo; None without any."""
        return self._known.first if self._known else None

    def _covers(self, matte: Matte) -> tuple[Bytes, Bytes]:
        """A matte as a mask of the photo, and of the small photo, uint8."""
        cover = cover_of_photo(matte, self._view.photo.shape)
        return cover, area_resized(cover, size_of(self._view.small))

    def _encoded(self) -> Encoding:
        if self._encoding is None:
            self._encoding = self._network.encoded(self._view.photo)
        return self._encoding

    def _object_in(self, solid: Mask) -> _Object:
        """The object in the box of a mask. Raises RuntimeError."""
        box = box_in(solid)
        if self._known is None or self._known.box != box:
            first = self._network.answer(self._encoded(), Prompt(box=box)).best
            answer = self._network.answer(self._encoded(), Prompt(box=box, mask=first))
            whole = answer.logits[answer.scores >= answer.scores.max() - AS_GOOD].max(0)
            planes = (bilinear(plane, size_of(solid)) for plane in (first, answer.best, whole))
            self._known = _Object(box, *planes)
        return self._known

    def _rest_of(self, solid: Mask) -> Mask:
        """Mask of the rest of the object under the middle of a matte that is only a part of it; else empty.

        Raises:
            RuntimeError: The network failed.
        """
        answer = self._network.answer(self._encoded(), Prompt([_middle_of(solid)]))
        planes = [bilinear(plane, size_of(solid)) for plane in answer.logits]
        larger = [plane for plane in planes if _is_part_of(solid, plane)]
        if not larger:
            return np.zeros_like(solid)
        return np.asarray((max(larger, key=_stability) > 0) & ~filled(solid).astype(bool))

    def _continued(
        self, solid: Mask, cover: Plane, seen: Plane | None, scouted: Plane | None
    ) -> Iterator[Mask]:
        """Parts that another network sees beside the product, if this one sees one object in the box of both.

        What the segmentation network saw there was left out as a string or what hangs on it.
        """
        known, least, enclosed = self._known, LEAST_PART * np.count_nonzero(solid), openings(solid)
        limits = ((scouted, HALF), (seen, CORE))
        planes = [bilinear(plane, size_of(solid)) > limit for plane, limit in limits if plane is not None]
        for part in (part for plane in planes for part in components(~solid & plane, least)):
            # A product hangs from a part that leaves the photo at the top.
            if part[0].any() or enclosed[part].all() or not touching(part, solid).any():
                continue
            # A whole product ends within the photo, but not a cord of it.
            if leaves(part) and not (leaves(solid) or cover[part].mean() >= FILLED or is_of_wires(part)):
                continue
            try:
                logits = self._object_in(solid | part).logits
            except RuntimeError:
                break
            if logits[part].mean() >= SURE and np.mean(logits[solid] > 0) >= AGREES:
                if self._is_apart(part, solid):
                    continue
                known, new = self._known, touching((logits > 0) & beside(part) & ~solid, solid)
                solid = solid | new
                yield new
        self._known = known

    def _is_apart(self, part: Mask, solid: Mask) -> bool:
        """Whether the network sees an object of its own under the middle of a large part, and none with both.

        Raises:
            RuntimeError: The network failed.
        """
        size = np.count_nonzero(solid)
        if np.count_nonzero(part) <= SMALL * size:
            return False
        answer = self._network.answer(self._encoded(), Prompt([_middle_of(part)]))
        planes = [bilinear(plane, size_of(solid)) for plane in answer.logits]
        shares = [np.count_nonzero((plane > 0) & solid) / size for plane in planes]
        seen = [*zip(answer.scores, planes, shares, strict=True)]
        most = LARGER * np.count_nonzero(solid | part)
        own = any(
            score >= OWN and _stability(plane) >= OWN and share <= ALMOST_NOTHING
            for score, plane, share in seen
        )
        joint = any(
            score >= JOINT and share >= INSIDE and np.count_nonzero(plane > 0) <= most
            for score, plane, share in seen
        )
        return own and not joint


def _middle_of(mask: Mask) -> tuple[float, float, bool]:
    """The deepest point of a mask, as a prompt that adds what is under it."""
    depths = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
    row, column = divmod(int(np.asarray(depths).argmax()), mask.shape[1])
    return (column + 0.5) / mask.shape[1], (row + 0.5) / mask.shape[0], True


def _is_part_of(solid: Mask, plane: Plane) -> bool:
    """Whether a matte is a part of an object that is seen surely, and mostly beside the matte."""
    added = (plane > 0) & ~solid
    size, much = int(np.count_nonzero(solid)), int(np.count_nonzero(added))
    if np.count_nonzero((plane > 0) & solid) < INSIDE * size or size + much < LARGER * size:
        return False
    hull = np.zeros(solid.shape, np.uint8)
    outlines, _ = cv2.findContours(solid.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    cv2.fillConvexPoly(hull, cv2.convexHull(np.concatenate(outlines)), (1,))
    beyond = np.asarray(added & (hull == 0))
    if np.count_nonzero(beyond) < BEYOND * much or float(plane[added].mean()) < SURE:
        return False
    width, height = (_extent(beyond, axis) / _extent(solid, axis) for axis in (0, 1))
    return not (width >= WIDE and height <= LOW) and _stability(plane) >= STABLE


def _extent(mask: Mask, axis: int) -> float:
    """Distance between the 5th and the 95th percentile of a mask along the other axis, at least one pixel."""
    shares = np.cumsum(mask.sum(axis)) / max(1, np.count_nonzero(mask))
    return max(1.0, float(np.count_nonzero((shares >= 0.05) & (shares <= 0.95))))


def _stability(plane: Plane) -> float:
    """Ratio of the sizes of a mask at two thresholds (Kirillov et al., "Segment Anything", 2023)."""
    least, most = (int(np.count_nonzero(plane > logit)) for logit in (STEP, -STEP))
    return least / max(1, most)


def _without(part: Mask, solid: Mask) -> Mask:
    """Subtract a part from the matte, and drop slivers along its outline, which would keep the old box."""
    rest = components(solid & ~part, LEAST_PART * np.count_nonzero(solid))
    return np.asarray(np.logical_or.reduce([np.zeros_like(solid), *rest]))
