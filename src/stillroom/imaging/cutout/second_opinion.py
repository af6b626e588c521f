"""Second opinion: a prompt network segments the object in the box of a matte.

It sees objects whole, but leaves out parts of some. So a part is added where it is sure, or where the scout
sees it and the prompt network sees one object in the box of both. A part is removed where the segmentation
network is undecided as well, or if it is a mat. For small parts the colours must agree too. If the matte is
only a part of what the network sees under its middle, such as the lid of a clear jar, all of that is added.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.cutout.mats import mat_in
from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.cutout.matting import matte_from_cover, with_settled_areas
from stillroom.imaging.cutout.parts import components, disk, filled, overlap
from stillroom.imaging.cutout.photo_masks import cover_of_photo
from stillroom.imaging.cutout.points.applying import changed
from stillroom.imaging.cutout.points.regions import PointedPhoto, box_in
from stillroom.imaging.cutout.prompted import Encoding, Prompt, PromptNetwork, ShareBox
from stillroom.imaging.pixels import HALF_COVER, Bytes, Mask, Picture, Plane, cover_of
from stillroom.imaging.resizing import area_resized, bilinear, size_of

AGREES = 0.9  # intersection over union with a matte, from which both networks see the same
SURE = 1.2  # mean logit from which what the network adds is part of the product
AS_GOOD = 0.03  # of the estimated IoU, by which another mask may be worse than the best one
HESITANT = -1.0  # logit from which the best mask is undecided
SMALL = 0.15  # of the product, up to which others speak for a part; more is rather something beside it
HALF = 0.5  # cover from which the scout sees a part
FILLED = 0.28  # mean cover from which it may fill an enclosed opening; it takes wheels and handles for solid
UNDECIDED = 0.8  # mean cover up to which the segmentation network is undecided about a part
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
REMAINS = 0.03  # of the longer side: how far around a part its rim and its specks go with it
FAINT = 8  # cover of 255 from which something is seen of a rim

# Limits of an object of which the matte is a part.
INSIDE, LARGER = 0.85, 1.5  # least share of the matte that lies in it, and least size, per matte
STABLE, STEP = 0.6, 1.5  # least ratio of its sizes at this logit and at minus this logit
BEYOND = 0.5  # least share of what it adds that lies outside the convex hull of the matte, not in openings
WIDE, LOW = 1.15, 0.6  # width and height, per matte, of what it adds if that is a tray


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
            mat = mat | (_beside(mat) & (again <= 0))
            logits = whole = np.where(mat, -np.abs(logits), logits)
            parts.append((mat & body, False))
        parts += _decided(body if mat is None else body & ~mat, logits, whole, plane)
        if mat is None and scouted is not None:
            parts += ((part, True) for part in self._continued(_after(solid, parts), scouted))
        parts += _small_parts(small, logits, self._view.small)
        if not parts:
            return matte
        for part, adds in parts:
            area = part if adds else _with_remains(part, small, logits)
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
        depths = cv2.distanceTransform(solid.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
        row, column = divmod(int(np.asarray(depths).argmax()), solid.shape[1])
        middle = (column + 0.5) / solid.shape[1], (row + 0.5) / solid.shape[0], True
        answer = self._network.answer(self._encoded(), Prompt([middle]))
        planes = [bilinear(plane, size_of(solid)) for plane in answer.logits]
        larger = [plane for plane in planes if _is_part_of(solid, plane)]
        if not larger:
            return np.zeros_like(solid)
        return np.asarray((max(larger, key=_stability) > 0) & ~filled(solid).astype(bool))

    def _continued(self, solid: Mask, scouted: Plane) -> Iterator[Mask]:
        """Parts that the scout sees beside the product, if the network sees one object in the box of both."""
        known, least, openings = self._known, LEAST_PART * np.count_nonzero(solid), _openings(solid)
        for part in components(~solid & (bilinear(scouted, size_of(solid)) > HALF), least):
            # A product hangs from a part that leaves the photo at the top.
            if part[0].any() or openings[part].all() or not _touching(part, solid).any():
                continue
            try:
                logits = self._object_in(solid | part).logits
            except RuntimeError:
                break
            if logits[part].mean() >= SURE and np.mean(logits[solid] > 0) >= AGREES:
                known, new = self._known, _touching((logits > 0) & _beside(part) & ~solid, solid)
                solid = solid | new
                yield new
        self._known = known


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


def _decided(solid: Mask, logits: Plane, whole: Plane, seen: Plane) -> Iterator[tuple[Mask, bool]]:
    """Components in which both differ and the prompt network decides, and whether it adds them.

    Where it is undecided, its other masks and what the segmentation network saw in the whole photo speak for
    adding a small part.
    """
    whole = np.where(logits > HESITANT, whole + PER_COVER * np.maximum(0, seen - 0.5), logits)
    least, openings = LEAST_PART * np.count_nonzero(solid), _openings(solid)
    opened = _openings(solid & (logits > 0))
    for adds, plane in ((True, whole), (False, logits)):
        for part in components((solid != adds) & ((plane > 0) == adds), least):
            sure = plane if np.count_nonzero(part) <= SMALL * np.count_nonzero(solid) else logits
            says, cover = float(sure[part].mean()), float(seen[part].mean())
            most = OPENED if opened[part].all() else UNDECIDED
            leaves_out = cover <= most and says + PER_COVER * (cover - 0.5) <= OUTSIDE
            fills = says >= SURE and (cover >= FILLED or not openings[part].all())
            if fills if adds else leaves_out:
                yield part, adds


def _small_parts(cover: Bytes, logits: Plane, photo: Picture) -> Iterator[tuple[Mask, bool]]:
    """Small parts of which the prompt network is sure, if colours agree, and whether they are added.

    What it does not see is left out in colours of the background beside it. What it sees beside the product
    is added in colours of the product, or in others than the background's.
    """
    solid = cover > HALF_COVER
    size, openings = np.count_nonzero(solid), _openings(solid)
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
        is_beside = not openings[part].all() and _touching(part, solid).any()
        if is_beside and logits[part].mean() >= SURE and np.count_nonzero(part) < LEAST_PART * size:
            background, product = apart(part)
            if background > min(product, UNLIKE):
                yield part, True


def _after(solid: Mask, parts: Iterable[tuple[Mask, bool]]) -> Mask:
    """A matte after parts are added or left out."""
    for part, adds in parts:
        solid = solid | part if adds else solid & ~part
    return solid


def _touching(area: Mask, solid: Mask) -> Mask:
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


def _openings(solid: Mask) -> Mask:
    """Mask of the background that the product encloses."""
    return np.asarray((filled(solid) > 0) & ~solid)


def _with_remains(part: Mask, cover: Bytes, logits: Plane) -> Mask:
    """Mask of a part that is left out, with its soft rim and the specks that would remain of it."""
    solid = cover > HALF_COVER
    near = _beside(part)
    whole = part | (near & ~solid & (cover > FAINT) & (logits <= 0))
    _, labels, stats, _ = cv2.connectedComponentsWithStats((solid & ~whole).astype(np.uint8), connectivity=4)
    specks = np.asarray(stats)[:, cv2.CC_STAT_AREA] < LEAST_PART * np.count_nonzero(solid)
    return np.asarray(whole | (near & solid & ~whole & specks[labels]))


def _without(part: Mask, solid: Mask) -> Mask:
    """Subtract a part from the matte, and drop slivers along its outline, which would keep the old box."""
    rest = components(solid & ~part, LEAST_PART * np.count_nonzero(solid))
    return np.asarray(np.logical_or.reduce([np.zeros_like(solid), *rest]))


def _beside(part: Mask) -> Mask:
    """A part with its surroundings."""
    return np.asarray(cv2.dilate(part.astype(np.uint8), disk(round(REMAINS * max(part.shape)))) > 0)
