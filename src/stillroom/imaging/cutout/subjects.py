"""Subjects: find the objects of a photo that may be the product, score them, and choose one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from stillroom.domain.marks import LEAST_EDGE_CONFIDENCE
from stillroom.domain.mattes import MAX_SUBJECTS, NO_SUBJECTS, MatteBox, Subject, Subjects
from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.cutout.matting import CROP_SIDE, matte_of, matte_within, with_finished_edges
from stillroom.imaging.cutout.mirrored import Mirrored, Remembering
from stillroom.imaging.cutout.networks import Segmenter
from stillroom.imaging.cutout.parts import disk
from stillroom.imaging.cutout.prompted import PromptNetwork
from stillroom.imaging.cutout.second_opinion import SecondOpinion
from stillroom.imaging.io.encoding import png_of
from stillroom.imaging.pixels import Box, Bytes, Mask, Picture, Plane
from stillroom.imaging.resizing import area_resized, bilinear, fitted, size_of, size_within

SIDE = 320  # pixels of the longer side of outlines, and of the scout network's input
LEAST_SHARE = 0.004  # of the photo; smaller components are specks
LEAST_SIDE = 0.02  # of the photo's side, the smallest box that the API accepts
THRESHOLDS = (0.15, 0.5)  # of network output: one that finds faint rivals, one that separates touching ones
SAME = 0.6  # intersection over union from which two components are one object
WITHIN = 0.5  # share inside the matte from which a subject is chosen, or inside another that it is a part of
LEAD = 0.25  # of score; a smaller lead of the best subject is not certain
COMPANION = 0.15  # of the best subject's area; a larger other object in the matte makes it uncertain as well
OVERRULED = 0.5  # of score; the lead from which another subject replaces the one that was cut out
RIVAL = 0.03  # of score; from here on a component is offered whatever it looks like
SHARPER = 0.1  # log ratio of sharpness inside to around; below it a component is a piece of the background
BOX_PADDING = 0.12  # share of the box, added on each side before it is cut out again

_SHARPNESS = 4  # index in `features_of`

WEIGHTS = np.array([-0.424, 0.767, -10.467, 1.342, 3.717, 0.676, 1.413, 0.011, -2.958, 2.241])
"""Coefficients of the logistic score: intercept, then the features in the order of `features_of`. Fitted by
`tools/fit_subjects.py` on the tune half of golden photos, real photos and composites of two to four objects.
"""


def cut_out_of(
    photo: Picture,
    network: Segmenter | None,
    scout: Segmenter | None = None,
    prompted: Callable[[], PromptNetwork | None] = lambda: None,
    provisional: Callable[[Matte], None] = lambda _: None,
) -> Matte:
    """Compute the matte of the product and the subjects of the photo.

    A prompt network gives a second opinion. A doubtful cut-out with which it disagrees is first made again
    from the photo and its mirror image. If another object scores far better than the one that was cut out,
    that one is cut out instead.

    Args:
        network: The segmentation network; None falls back to GrabCut, which finds no subjects.
        scout: A faster network for a first pass.
        prompted: Loads the network that gives a second opinion; None if there is none.
        provisional: Called with the matte before the second opinion, after about a quarter of the time.
    """
    if network is None:
        return matte_of(photo, None)
    seeing, scouting = Remembering(network), Remembering(scout) if scout else None
    matte, found = _with_subjects(photo, matte_of(photo, seeing, scouting), seeing, scouting)
    provisional(matte)
    seen = next(iter(seeing.outputs_for(_whole_shape(photo))), None)
    asked = prompted()
    opinion = SecondOpinion(photo, asked) if asked else None
    if matte.confidence < LEAST_EDGE_CONFIDENCE and not (opinion and opinion.agrees_with(matte)):
        mirrored = Mirrored(seeing, scouting)
        matte, found = _with_subjects(photo, matte_of(photo, mirrored, scouting), seeing, scouting)
        seen = mirrored.whole
    if opinion:
        # Before the edges, whose colours give loose hair back.
        scouted = next(iter(scouting.outputs_for(_whole_shape(photo))), None) if scouting else None
        matte = opinion.settled(opinion.on(matte, seen, scouted))
    matte = with_finished_edges(photo, matte, seen, opinion.logits if opinion else None)
    first = next(iter(matte.subjects.items), None)
    if first is None or first.chosen or _lead(found) < OVERRULED:
        return matte
    other = matte_within(photo, padded(first.box, photo.shape), network)
    subjects = _named(found, cover_of_matte(other, photo.shape))
    return replace(other, subjects=_offered(subjects, found))


def cut_out_instead(photo: Picture, matte: Matte, subject: Subject, network: Segmenter) -> Matte:
    """Cut out another subject of a matte; the subjects that lie inside the new matte become the chosen ones.

    Args:
        matte: Its subjects were found in this photo.
    """
    other = matte_within(photo, padded(subject.box, photo.shape), network)
    cover = cover_of_matte(other, photo.shape)
    items = tuple(
        one.model_copy(update={"chosen": _is_within(outline_in(one, cover.shape) > 0, cover)})
        for one in matte.subjects.items
    )
    return replace(other, subjects=Subjects(items=items, certain=False))


def padded(box: MatteBox, shape: tuple[int, ...]) -> Box:
    """Box around a subject with room for its edge: x0, y0, x1, y1 in photo pixels."""
    height, width = shape[:2]
    margin_x, margin_y = BOX_PADDING * box.w, BOX_PADDING * box.h
    return (
        max(0, int((box.x - margin_x) * width)),
        max(0, int((box.y - margin_y) * height)),
        min(width, int(np.ceil((box.x + box.w + margin_x) * width))),
        min(height, int(np.ceil((box.y + box.h + margin_y) * height))),
    )


def small_of(photo: Picture) -> Picture:
    """The photo at the size of outlines."""
    return np.ascontiguousarray(fitted(photo, SIDE))


def cover_of_matte(matte: Matte, shape: tuple[int, ...]) -> Mask:
    """The solid part of a matte on the whole photo, at the size of outlines."""
    width, height = size_within(shape, SIDE)
    cover = np.zeros((height, width), np.uint8)
    x0, x1 = (round(x * width / shape[1]) for x in matte.box[::2])
    y0, y1 = (round(y * height / shape[0]) for y in matte.box[1::2])
    if x1 > x0 and y1 > y0:
        cover[y0:y1, x0:x1] = area_resized(matte.alpha, (x1 - x0, y1 - y0))
    return cover > 127


def small_outputs(small: Picture, known: Sequence[Plane], scout: Segmenter) -> list[Plane]:
    """Network outputs at the size of outlines, and one more with the product painted over.

    A network suppresses whatever is less salient than the product, so rivals appear once it is gone.
    """
    size = size_of(small)
    planes = [area_resized(one, size) for one in known]
    whole = planes[0] if planes else scout.predict(small)
    product = cv2.dilate((whole > 0.3).astype(np.uint8), disk(4))
    without = cv2.inpaint(small, product, 3, cv2.INPAINT_TELEA)
    return [*planes, area_resized(scout.predict(np.asarray(without, np.uint8)), size)]


@dataclass(frozen=True, slots=True)
class Scored:
    """A proposed object.

    Attributes:
        mask: On the small photo.
        score: Probability that it is the product, 0..1.
        sharpness: Log ratio of sharpness inside to that around it.
    """

    mask: Mask
    score: float
    sharpness: float = 0.0


def proposed(outputs: Sequence[Plane], cover: Mask) -> list[Mask]:
    """Components of the matte and of outputs for the whole photo, without those that repeat another one."""
    planes = [cover, *(output > threshold for output in outputs for threshold in THRESHOLDS[::-1])]
    masks: list[Mask] = []
    for plane in planes:
        count, labels, stats, _ = cv2.connectedComponentsWithStats(plane.astype(np.uint8), connectivity=8)
        for part in range(1, count):
            wide, tall, area = (int(value) for value in stats[part, 2:5])
            is_speck = area < LEAST_SHARE * cover.size
            if is_speck or wide < LEAST_SIDE * cover.shape[1] or tall < LEAST_SIDE * cover.shape[0]:
                continue
            mask = np.asarray(labels) == part
            if not any(_same(mask, other) for other in masks):
                masks.append(mask)
    return masks


def _same(one: Mask, other: Mask) -> bool:
    """Whether two masks are one object: they overlap mostly, or one is a part of the other."""
    both = np.count_nonzero(one & other)
    either = np.count_nonzero(one | other)
    smaller = min(np.count_nonzero(one), np.count_nonzero(other))
    return bool(both >= SAME * either or both >= 0.8 * smaller)


def scored(small: Picture, masks: Sequence[Mask], outputs: Sequence[Plane], cover: Mask) -> list[Scored]:
    """Score proposed objects, the most probable first."""
    found = []
    for mask in masks:
        features = features_of(small, mask, outputs, cover)
        score = float(1 / (1 + np.exp(-WEIGHTS @ np.array([1.0, *features]))))
        found.append(Scored(mask, score, features[_SHARPNESS]))
    return sorted(found, key=lambda one: -one.score)[:MAX_SUBJECTS]


def distinct(found: Sequence[Scored]) -> list[Scored]:
    """Return the objects without those that lie mostly inside a larger, better one, which are parts of it.

    Inside a larger one of a lower score, such as a shelf, an object stays.

    Args:
        found: The best first.
    """
    kept: list[Scored] = []
    for one in found:
        size = np.count_nonzero(one.mask)
        if not any(np.count_nonzero(k.mask) > size and _is_within(one.mask, k.mask) for k in kept):
            kept.append(one)
    return kept


def features_of(small: Picture, mask: Mask, outputs: Sequence[Plane], cover: Mask) -> tuple[float, ...]:
    """Features of the logistic score.

    Returns:
        Log of the share of the photo; distance of the centre from the photo's centre; bottom edge as a share
        of the height; share of the photo's border that it touches; log ratio of sharpness inside to that
        around it; mean of the first network output; difference of mean colour from its surroundings; highest
        mean of the other outputs; share that lies inside the matte.
    """
    height, width = mask.shape
    rows, columns = np.nonzero(mask)
    centre = np.hypot(columns.mean() / width - 0.5, rows.mean() / height - 0.5)
    rim = np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])
    plain = mask.astype(np.uint8)
    ring = (cv2.dilate(plain, disk(round(0.04 * max(mask.shape)))) > 0) & ~(cv2.dilate(plain, disk(2)) > 0)
    ring = ring if ring.any() else ~mask
    lab = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2LAB), np.float32)
    detail = np.abs(cv2.Laplacian(lab[..., 0], cv2.CV_32F))
    sharpness = np.log((detail[mask].mean() + 1) / (detail[ring].mean() + 1)) if ring.any() else 0.0
    contrast = np.linalg.norm(lab[mask].mean(0) - lab[ring].mean(0)) if ring.any() else 0.0
    return (
        float(np.log(mask.mean())),
        float(centre),
        float(rows.max() / height),
        float(rim.mean()),
        float(sharpness),
        float(outputs[0][mask].mean()),
        float(contrast),
        float(max((output[mask].mean() for output in outputs[1:]), default=0.0)),
        float(cover[mask].mean()),
    )


def _lead(found: Sequence[Scored]) -> float:
    return found[0].score - (found[1].score if len(found) > 1 else 0.0)


def _whole_shape(photo: Picture) -> tuple[int, ...]:
    """Shape of the picture in which the networks see the whole photo."""
    return (*size_within(photo.shape, CROP_SIDE)[::-1], 3)


def _with_subjects(
    photo: Picture, matte: Matte, network: Remembering, scout: Remembering | None
) -> tuple[Matte, list[Scored]]:
    """Return a matte with the subjects of the photo and their lead as a signal, and the scored subjects."""
    known = [plane for one in (scout, network) if one for plane in one.outputs_for(_whole_shape(photo))]
    small = small_of(photo)
    outputs = small_outputs(small, known, scout or network)
    cover = cover_of_matte(matte, photo.shape)
    found = distinct(scored(small, proposed(outputs, cover), outputs, cover))
    subjects = _named(found, cover)
    signals = replace(matte.signals, lead=_lead_of_chosen(subjects)) if matte.signals else None
    return replace(matte, subjects=_offered(subjects, found), signals=signals), found


def _lead_of_chosen(subjects: Subjects) -> float:
    """Lead of the best chosen subject over the best other one, 0..1; 0 if another one is better."""
    chosen = max((one.score for one in subjects.items if one.chosen), default=0.0)
    return max(0.0, chosen - max((one.score for one in subjects.items if not one.chosen), default=0.0))


def _named(found: Sequence[Scored], cover: Mask) -> Subjects:
    """Number the subjects; those inside the matte are chosen."""
    if not found:
        return NO_SUBJECTS
    items = tuple(
        Subject(
            id=f"s{number}",
            box=_box(one.mask),
            share=round(float(one.mask.mean()), 4),
            score=round(one.score, 3),
            chosen=_is_within(one.mask, cover),
            outline=png_of(one.mask.astype(np.uint8) * np.uint8(255)),
        )
        for number, one in enumerate(found, 1)
    )
    accompanied = any(item.chosen and item.share > COMPANION * items[0].share for item in items[1:])
    return Subjects(items=items, certain=_lead(found) >= LEAD and items[0].chosen and not accompanied)


def _offered(subjects: Subjects, found: Sequence[Scored]) -> Subjects:
    """Leave out pieces of the background, which are hardly sharper than what surrounds them.

    Whether the choice is certain was decided with them, and stays.
    """
    items = tuple(
        item
        for item, one in zip(subjects.items, found, strict=True)
        if item.chosen or one.score >= RIVAL or one.sharpness >= SHARPER
    )
    return subjects.model_copy(update={"items": items})


def _is_within(mask: Mask, cover: Mask) -> bool:
    return bool((cover & mask).sum() >= WITHIN * mask.sum())


def _box(mask: Mask) -> MatteBox:
    height, width = mask.shape
    x, y, wide, tall = cv2.boundingRect(mask.astype(np.uint8))
    return MatteBox(
        x=round(x / width, 4),
        y=round(y / height, 4),
        w=round(min(wide / width, 1 - round(x / width, 4)), 4),
        h=round(min(tall / height, 1 - round(y / height, 4)), 4),
    )


def outline_in(subject: Subject, shape: tuple[int, ...]) -> Bytes:
    """Outline of a subject at the size of a photo, uint8 (H, W), 0 or 255."""
    small = cv2.imdecode(np.frombuffer(subject.outline, np.uint8), cv2.IMREAD_GRAYSCALE)
    large = bilinear(np.asarray(small, np.uint8), (shape[1], shape[0]))
    return np.where(large > 127, np.uint8(255), np.uint8(0))
