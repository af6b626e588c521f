"""Subjects: choose the product among the objects of a photo, and cut it out."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2
import numpy as np

from stillroom.domain.marks import LEAST_EDGE_CONFIDENCE
from stillroom.domain.mattes import NO_SUBJECTS, MatteBox, Subject, Subjects
from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.cutout.matting import (
    CROP_SIDE,
    matte_from_cover,
    matte_of,
    matte_within,
    with_finished_edges,
)
from stillroom.imaging.cutout.mirrored import Mirrored, Remembering
from stillroom.imaging.cutout.networks import Segmenter
from stillroom.imaging.cutout.opinion.second_opinion import SecondOpinion
from stillroom.imaging.cutout.parts import is_of_wires, overlap
from stillroom.imaging.cutout.photo_masks import cover_of_photo
from stillroom.imaging.cutout.prompted import PromptNetwork
from stillroom.imaging.cutout.proposals import (
    SIDE,
    Scored,
    distinct,
    is_within,
    proposed,
    rivals_in,
    scored,
    small_of,
    small_outputs,
)
from stillroom.imaging.io.encoding import png_of
from stillroom.imaging.pixels import HALF_COVER, Box, Bytes, Mask, Picture, Plane, border_of
from stillroom.imaging.resizing import area_resized, bilinear, size_within

LEAD = 0.25  # of score; a smaller lead of the best subject is not certain
COMPANION = 0.15  # of the best subject's area; a larger other object in the matte makes it uncertain as well
LEFT_OUT = 0.3  # of the cut-out's area; a larger object that the network surely sees elsewhere does so too
SURELY = 0.9  # mean of the network's output from which it surely sees an object
WIRES_SIDE = 1024  # pixels of the longer side at which wires are recognised
SAME_PRODUCT = 0.65  # intersection over union of cut-outs of the photo and of its mirror image
OVERRULED = 0.5  # of score; the lead from which another subject replaces the one that was cut out
RIVAL = 0.03  # of score; from here on a component is offered whatever it looks like
SHARPER = 0.1  # log ratio of sharpness inside to around; below it a component is a piece of the background
BOX_PADDING = 0.12  # share of the box, added on each side before it is cut out again


def cut_out_of(
    photo: Picture,
    network: Segmenter | None,
    scout: Segmenter | None = None,
    prompted: Callable[[], PromptNetwork | None] = lambda: None,
    provisional: Callable[[Matte], None] = lambda _: None,
) -> Matte:
    """Compute the matte of the product and the subjects of the photo.

    A prompt network gives a second opinion. A doubtful cut-out with which it disagrees is first made again
    from the photo and its mirror image. Products of wires get neither. If another object scores far better
    than the one that was cut out, that one is cut out instead.

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
    # Wires are finer than what the scout and the prompt network can see.
    is_wiry = _is_wiry(matte, photo)
    asked = None if is_wiry else prompted()
    opinion = SecondOpinion(photo, asked) if asked else None
    is_doubtful = matte.confidence < LEAST_EDGE_CONFIDENCE and not is_wiry
    if is_doubtful and not (opinion and opinion.agrees_with(matte)):
        mirrored, before = Mirrored(seeing, scouting), cover_of_matte(matte, photo.shape)
        matte, found = _with_subjects(photo, matte_of(photo, mirrored, scouting), seeing, scouting)
        seen = mirrored.whole
        if overlap(before, cover_of_matte(matte, photo.shape)) < SAME_PRODUCT:
            matte = replace(matte, subjects=matte.subjects.model_copy(update={"certain": False}))
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
        one.model_copy(update={"chosen": is_within(outline_in(one, cover.shape) > 0, cover)})
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


def cover_of_matte(matte: Matte, shape: tuple[int, ...]) -> Mask:
    """The solid part of a matte on the whole photo, at the size of outlines."""
    width, height = size_within(shape, SIDE)
    cover = np.zeros((height, width), np.uint8)
    x0, x1 = (round(x * width / shape[1]) for x in matte.box[::2])
    y0, y1 = (round(y * height / shape[0]) for y in matte.box[1::2])
    if x1 > x0 and y1 > y0:
        cover[y0:y1, x0:x1] = area_resized(matte.alpha, (x1 - x0, y1 - y0))
    return cover > 127


def _is_wiry(matte: Matte, photo: Picture) -> bool:
    small = area_resized(cover_of_photo(matte, photo.shape), size_within(photo.shape, WIRES_SIDE))
    return is_of_wires(small > HALF_COVER)


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
    rivals = rivals_in(small, found, cover)
    if rivals.any():
        matte, cover = _without(matte, cover, rivals, photo.shape), cover & ~rivals
    subjects = _named(found, cover)
    # Of the network that decides, or of the scout where that one saw the product alone.
    seen = outputs[max(0, len(known) - 1)]
    if rivals.any() or _leaves_out(found, cover, seen):
        subjects = subjects.model_copy(update={"certain": False})
    signals = replace(matte.signals, lead=_lead_of_chosen(subjects)) if matte.signals else None
    return replace(matte, subjects=_offered(subjects, found), signals=signals), found


def _leaves_out(found: Sequence[Scored], cover: Mask, seen: Plane) -> bool:
    """Whether a matte leaves out an object that the network sees as surely as the product, as of a set.

    An object at the border of the photo is something beside the product.

    Args:
        seen: Output of the network at the size of outlines.
    """
    least = LEFT_OUT * np.count_nonzero(cover)
    return any(
        np.count_nonzero(one.mask) >= least
        and not (one.mask & border_of(one.mask.shape, 0)).any()
        and not is_within(one.mask, cover)
        and float(seen[one.mask].mean()) >= SURELY
        for one in found
    )


def _without(matte: Matte, cover: Mask, rivals: Mask, shape: tuple[int, ...]) -> Matte:
    """Remove rivals from a matte, with all that is nearer to them than to the rest."""
    to_rest, to_rivals = (
        cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
        for mask in (cover & ~rivals, rivals)
    )
    stays = bilinear((to_rest - to_rivals).astype(np.float32), (shape[1], shape[0])) < 0
    new = matte_from_cover(cover_of_photo(matte, shape) * stays, matte.model)
    return replace(matte, alpha=new.alpha, box=new.box, edge_share=new.edge_share)


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
            chosen=is_within(one.mask, cover),
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
