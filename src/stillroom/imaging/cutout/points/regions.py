"""Candidate regions that a point on a photo may mean: the object, part or opening under it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from cachetools import LRUCache

from stillroom.domain.mattes import MattePoint
from stillroom.imaging.cutout.networks import Segmenter
from stillroom.imaging.cutout.parts import disk, overlap
from stillroom.imaging.cutout.prompted import Prompt, PromptNetwork, ShareBox
from stillroom.imaging.pixels import Box, Bytes, Mask, Picture, Plane
from stillroom.imaging.resizing import area_resized, bilinear, fitted

KEPT_OUTPUTS = 24  # per photo; at most 1 MB each
KEPT_STEPS = 40  # mattes per photo, as PNG; more than a correction may have points
SIDE = 512  # pixels of the longer side on which regions are found

StepKey = tuple[bytes, tuple[MattePoint, ...]]
"""Hash of the matte that the points start from, and the points."""

TOLERANCES = (7, 13, 22, 36)  # of Lab bytes around the colour under the point, for regions of like colour
REACHES = (0.08, 0.16, 0.32)  # of the longer side: radii outside which a region of the watershed ends
THRESHOLDS = (0.25, 0.5, 0.75)  # of network output
NECKS = (0.008, 0.02, 0.04)  # of the longer side: radii below which two parts of the matte are apart
CROPS = (1.3, 2.2)  # sides of the crops, per side of the likely region
SEEN = 0.3  # of network output, from which something belongs to the product's crop
CLOSER = 0.1  # margin of that crop, per side of its box
MOST_OF_PHOTO = 0.8  # share of the photo from which that box tells nothing new
CROPPED = 8  # first points of a correction, around which crops are segmented
PROMPTED = 8  # latest points that a prompt holds; each costs the decoder time
CUT_SIDE = 256  # pixels of the longer side of a window for GrabCut, whose time grows with its pixels
LEAST_CROP = 0.22  # of the longer side
SEED = 0.006  # of the longer side: radius of the spot that stands for the point
STRONG_EDGE = 0.5  # of `edges`, that ends a spot
LEAST_REGION = 12  # pixels at SIDE
SOURCES = ("piece", "whole", "crop", "colour", "watershed", "graph_cut", "spot", "object", "product")


@dataclass(slots=True)
class PointedPhoto:
    """A photo with everything that its points share.

    Attributes:
        small: At SIDE.
        lab: The small photo in bytes of Lab, without its texture.
        edges: Gradient of the small photo, 0..1.
        outputs: Network outputs by network name and box, the KEPT_OUTPUTS most recent.
        steps: Mattes after series of points, as PNG files, the KEPT_STEPS most recent.
    """

    photo: Picture
    small: Picture = field(init=False)
    lab: Picture = field(init=False)
    edges: Plane = field(init=False)
    outputs: LRUCache[tuple[str, Box], Plane] = field(default_factory=lambda: LRUCache(KEPT_OUTPUTS))
    steps: LRUCache[StepKey, bytes] = field(default_factory=lambda: LRUCache(KEPT_STEPS))

    def __post_init__(self) -> None:
        self.small = np.ascontiguousarray(fitted(self.photo, SIDE))
        lab = np.asarray(cv2.cvtColor(self.small, cv2.COLOR_RGB2LAB), np.uint8)
        self.lab = np.asarray(cv2.medianBlur(lab, 5), np.uint8)
        smooth = cv2.GaussianBlur(lab, (0, 0), 1.0).astype(np.float32)
        across, down = cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
        slope = np.sqrt((across**2 + down**2).sum(2))
        self.edges = np.asarray(np.clip(slope / (np.percentile(slope, 97) + 8), 0, 1), np.float32)

    def output_of(self, network: Segmenter, box: Box | None = None) -> Plane:
        """Output of a network for the whole photo or a box of it, float32 (h, w), 0 outside the box."""
        height, width = self.small.shape[:2]
        x0, y0, x1, y1 = box or (0, 0, width, height)
        key = (network.spec.name, (x0, y0, x1, y1))
        if key not in self.outputs:
            scale = self.photo.shape[1] / width, self.photo.shape[0] / height
            rows = slice(int(y0 * scale[1]), max(int(y0 * scale[1]) + 1, round(y1 * scale[1])))
            columns = slice(int(x0 * scale[0]), max(int(x0 * scale[0]) + 1, round(x1 * scale[0])))
            crop = fitted(np.ascontiguousarray(self.photo[rows, columns]), network.spec.side)
            self.outputs[key] = area_resized(network.predict(crop), (x1 - x0, y1 - y0))
        plane = np.zeros((height, width), np.float32)
        plane[y0:y1, x0:x1] = self.outputs[key]
        return plane


@dataclass(frozen=True, slots=True)
class Tap:
    """A point on the small photo: column, row, and whether it adds."""

    x: int
    y: int
    adds: bool


@dataclass(frozen=True, slots=True)
class PointNetworks:
    """The networks that points ask; each may be missing.

    Attributes:
        segments: The segmentation network.
        scout: A faster one, which runs on the crops; without it, `segments` does.
        prompted: A network that segments what a point means.
    """

    segments: Segmenter | None = None
    scout: Segmenter | None = None
    prompted: PromptNetwork | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A region that a point may mean.

    Attributes:
        source: One of SOURCES.
        score: The IoU that a prompt network estimates for the mask it came from; 0 from other sources.
    """

    mask: Mask
    source: str
    score: float = 0.0


def under(mask: Mask, tap: Tap) -> Mask | None:
    """The connected component of a mask under the point, or None if there is none."""
    if not mask[tap.y, tap.x]:
        return None
    _, labels = cv2.connectedComponents(mask.astype(np.uint8), connectivity=4)
    return np.asarray(np.asarray(labels) == labels[tap.y, tap.x])


def candidates_of(
    view: PointedPhoto, matte: Mask, taps: Sequence[Tap], networks: PointNetworks
) -> tuple[list[Candidate], tuple[list[Plane], list[Plane]]]:
    """Regions that a point may mean, and the network outputs that help to judge them.

    Args:
        matte: At SIDE.
        taps: The points so far; the regions are for the last one.

    Returns:
        Regions of pixels that the point would change, without repetitions; outputs for the whole photo and
        for the crops.
    """
    tap = taps[-1]
    open_to_change = matte != tap.adds
    floods = [one for one in _colour_regions(view, open_to_change, tap) if one is not None]
    wholes = [view.output_of(one) for one in (networks.scout, networks.segments) if one is not None]
    closer = (networks.scout or networks.segments) if len(taps) <= CROPPED else None
    crops = [view.output_of(closer, box) for box in _crop_boxes(matte, tap, wholes, floods)] if closer else []
    if networks.segments is not None and (box := _product_box(wholes)) is not None:
        crops.append(view.output_of(networks.segments, box))
    regions = [
        *_prompted(view, matte, taps, networks.prompted),
        *(Candidate(mask, "piece") for mask in _pieces(open_to_change, tap)),
        *(Candidate(mask, "whole") for output in wholes for mask in _levels(output, tap)),
        *(Candidate(mask, "crop") for output in crops for mask in _levels(output, tap)),
        *(Candidate(mask, "colour") for mask in floods),
        *(Candidate(mask, "watershed") for mask in _basins(view, tap)),
        *(Candidate(mask, "graph_cut") for mask in _cuts(view, open_to_change, tap, floods)),
        *(Candidate(mask, "spot") for mask in _spots(view, open_to_change, tap)),
    ]
    return list(_distinct(regions, open_to_change, tap)), (wholes, crops)


def _prompted(
    view: PointedPhoto, matte: Mask, taps: Sequence[Tap], network: PromptNetwork | None
) -> list[Candidate]:
    """Masks of a prompt network: the object under the point, and the error of the matte by all points."""
    if network is None:
        return []
    height, width = matte.shape
    tap = taps[-1]

    def placed(one: Tap) -> tuple[float, float, bool]:
        return (one.x + 0.5) / width, (one.y + 0.5) / height, one.adds

    points = [placed(one) for one in taps[-PROMPTED:]]
    prompts = [("object", Prompt([(*points[-1][:2], True)]))]
    if matte.any():
        room = cv2.distanceTransform(matte.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
        y, x = np.unravel_index(room.argmax(), matte.shape)
        known = matte.copy()
        known[tap.y, tap.x] |= tap.adds
        prompts += [
            ("product", Prompt([placed(Tap(int(x), int(y), adds=True)), *points])),
            ("product", Prompt(points, box_in(known))),
        ]
    found = []
    try:
        encoding = network.encoded(view.photo)
        for source, prompt in prompts:
            answer = network.answer(encoding, prompt)
            for logits, score in zip(answer.logits, answer.scores, strict=True):
                mask = bilinear(logits, (width, height)) > 0
                is_region = source == "object" or tap.adds
                found.append(Candidate(mask if is_region else ~mask, source, float(score)))
    except RuntimeError:
        # Mostly memory that was free a moment ago; the other sources are enough to go on with.
        return found
    return found


def box_in(mask: Mask) -> ShareBox:
    """The box around a mask."""
    height, width = mask.shape
    x, y, wide, tall = cv2.boundingRect(mask.astype(np.uint8))
    return x / width, y / height, (x + wide) / width, (y + tall) / height


def _distinct(regions: Sequence[Candidate], open_to_change: Mask, tap: Tap) -> Iterator[Candidate]:
    """Limit regions to what the point can change, and drop repetitions and specks.

    A spot stays however small it is. A point on an outline that is wrong by a pixel means no more than that.
    """
    kept: list[Mask] = []
    for region in regions:
        mask = under(_closed(region.mask & open_to_change) & open_to_change, tap)
        if mask is None or (region.source != "spot" and np.count_nonzero(mask) < LEAST_REGION):
            continue
        if not any(overlap(mask, other) > 0.96 for other in kept):
            kept.append(mask)
            yield Candidate(mask, region.source, region.score)


def _closed(mask: Mask) -> Mask:
    """Fill pinholes and smooth the outline."""
    return np.asarray(cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, disk(2)), np.uint8) > 0


def _pieces(open_to_change: Mask, tap: Tap) -> Iterator[Mask]:
    """The part of the matte or of the background under the point, and what remains of it without necks."""
    whole = under(open_to_change, tap)
    if whole is None:
        return
    yield whole
    for neck in NECKS:
        radius = max(1, round(neck * max(whole.shape)))
        core = cv2.morphologyEx(whole.astype(np.uint8), cv2.MORPH_OPEN, disk(radius)) > 0
        piece = under(core, tap)
        if piece is not None:
            # The pixels that opening rounded off belong to the piece they touch.
            yield (cv2.dilate(piece.astype(np.uint8), disk(radius // 2 + 1)) > 0) & whole


def _levels(output: Plane, tap: Tap) -> Iterator[Mask]:
    """Components under the point at several thresholds; of the inverse if the point is on low values."""
    for threshold in THRESHOLDS:
        for mask in (output > threshold, output <= threshold):
            component = under(mask, tap)
            if component is not None:
                yield component


def _colour_regions(view: PointedPhoto, open_to_change: Mask, tap: Tap) -> Iterator[Mask | None]:
    height, width = open_to_change.shape
    for tolerance in TOLERANCES:
        filled = np.zeros((height + 2, width + 2), np.uint8)
        filled[1:-1, 1:-1] = ~open_to_change
        flags = 4 | cv2.FLOODFILL_FIXED_RANGE | cv2.FLOODFILL_MASK_ONLY | (2 << 8)
        either_way = (tolerance,) * 3
        if open_to_change[tap.y, tap.x]:
            cv2.floodFill(view.lab, filled, (tap.x, tap.y), (0, 0, 0), either_way, either_way, flags)
            yield filled[1:-1, 1:-1] == 2
        else:
            yield None


def _basins(view: PointedPhoto, tap: Tap) -> Iterator[Mask]:
    """Regions of the watershed between the point and a circle around it."""
    height, width = view.edges.shape
    for reach in REACHES:
        markers = np.full((height, width), 2, np.int32)
        cv2.circle(markers, (tap.x, tap.y), round(reach * max(height, width)), (0,), cv2.FILLED)
        cv2.circle(markers, (tap.x, tap.y), _seed(view), (1,), cv2.FILLED)
        yield np.asarray(cv2.watershed(view.small, markers)) == 1


def _seed(view: PointedPhoto) -> int:
    return max(1, round(SEED * float(max(view.small.shape[:2]))))


def _cuts(view: PointedPhoto, open_to_change: Mask, tap: Tap, floods: Sequence[Mask]) -> Iterator[Mask]:
    """Regions by GrabCut around a region of like colour; what the point cannot change is opposed."""
    if len(floods) < 2:
        return
    x, y, wide, tall = cv2.boundingRect(floods[-2].astype(np.uint8))
    pad = max(8, round(0.4 * max(wide, tall)))
    height, width = open_to_change.shape
    rows = slice(max(0, y - pad), min(height, y + tall + pad))
    columns = slice(max(0, x - pad), min(width, x + wide + pad))
    labels = np.full((rows.stop - rows.start, columns.stop - columns.start), cv2.GC_PR_BGD, np.uint8)
    labels[~open_to_change[rows, columns]] = cv2.GC_BGD
    labels[floods[-2][rows, columns]] = cv2.GC_PR_FGD
    labels[floods[0][rows, columns]] = cv2.GC_FGD
    cv2.circle(labels, (tap.x - columns.start, tap.y - rows.start), _seed(view), (cv2.GC_FGD,), cv2.FILLED)
    shape = labels.shape
    window = np.ascontiguousarray(fitted(view.small[rows, columns], CUT_SIDE))
    labels = _sized(labels, window.shape)
    if len({int(label) & 1 for label in np.unique(labels)}) < 2:
        return
    cv2.setRNGSeed(0)
    cv2.grabCut(window, labels, (0, 0, 1, 1), np.zeros((1, 65)), np.zeros((1, 65)), 2, cv2.GC_INIT_WITH_MASK)
    mask = np.zeros(open_to_change.shape, bool)
    mask[rows, columns] = _sized(labels, shape) % 2 > 0
    yield mask


def _sized(labels: Bytes, shape: tuple[int, ...]) -> Bytes:
    return np.asarray(cv2.resize(labels, shape[1::-1], interpolation=cv2.INTER_NEAREST), np.uint8)


def _spots(view: PointedPhoto, open_to_change: Mask, tap: Tap) -> Iterator[Mask]:
    """Circles around the point as far as the matte's outline, and as far as the next edge of the photo."""
    for free in (open_to_change, open_to_change & (view.edges < STRONG_EDGE)):
        room = cv2.distanceTransform(free.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
        for factor in (1.0, 1.5):
            spot = np.zeros(open_to_change.shape, np.uint8)
            # Without any limit in the photo the distance is infinite.
            radius = round(min(max(2.0, factor * float(room[tap.y, tap.x])), float(max(room.shape))))
            cv2.circle(spot, (tap.x, tap.y), radius, (1,), cv2.FILLED)
            yield spot > 0


def _product_box(wholes: Sequence[Plane]) -> Box | None:
    """Crop around all that the networks saw, the same for every point; None if it is most of the photo."""
    seen = np.maximum.reduce(list(wholes)) > SEEN
    x, y, wide, tall = cv2.boundingRect(seen.astype(np.uint8))
    if not 0 < wide * tall < MOST_OF_PHOTO * seen.size:
        return None
    pad_x, pad_y = round(CLOSER * wide), round(CLOSER * tall)
    height, width = seen.shape
    return max(0, x - pad_x), max(0, y - pad_y), min(width, x + wide + pad_x), min(height, y + tall + pad_y)


def _crop_boxes(matte: Mask, tap: Tap, wholes: Sequence[Plane], floods: Sequence[Mask]) -> list[Box]:
    """Crops around the component under the point, or else around the region of like colour."""
    height, width = matte.shape
    likely = next(
        (
            component
            for output in wholes
            if (component := under((output > THRESHOLDS[0]) & (matte != tap.adds), tap)) is not None
        ),
        floods[-2] if len(floods) > 1 else None,
    )
    if likely is None:
        likely = np.zeros(matte.shape, bool)
        likely[tap.y, tap.x] = True
    x, y, wide, tall = cv2.boundingRect(likely.astype(np.uint8))
    boxes = []
    for factor in CROPS:
        side_x = max(wide * factor, LEAST_CROP * factor * max(height, width) / CROPS[0])
        side_y = max(tall * factor, LEAST_CROP * factor * max(height, width) / CROPS[0])
        # Steps of 8 pixels, so that neighbouring points share a crop.
        x0, y0 = (
            int(8 * round(max(0.0, v) / 8)) for v in (x + wide / 2 - side_x / 2, y + tall / 2 - side_y / 2)
        )
        x1, y1 = (
            min(limit, int(8 * np.ceil(v / 8)))
            for v, limit in ((x + wide / 2 + side_x / 2, width), (y + tall / 2 + side_y / 2, height))
        )
        boxes.append((x0, y0, max(x1, x0 + 8), max(y1, y0 + 8)))
    return list(dict.fromkeys(boxes))
