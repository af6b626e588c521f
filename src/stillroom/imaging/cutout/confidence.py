"""Confidence: the probability that a matte is good, from signals of the networks, the matte and the photo."""

import functools
import math
from dataclasses import asdict, dataclass
from importlib import resources
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from stillroom.imaging.cutout.parts import overlap
from stillroom.imaging.pixels import Box, Bytes, Mask, Picture, Plane, border_of, cover_of
from stillroom.imaging.resizing import fitted, size_of, size_within

SIDE = 384  # pixels of the photo's longer side at which signals are measured

_STANDS_OUT = 8.0  # distance in CIELAB from which the colours on both sides of the outline differ
_NEAR = 3  # pixels at SIDE between the outline and the colours compared across it
_LEAST = 1e-3  # shares are limited to this distance from 0 and 1 before their logit is taken
_FLOOR = 1e-2  # added to amounts before their logarithm is taken
_SAME_OBJECT = 0.75  # agreement below which two passes may mean two objects
_MOST_APART = 0.85  # highest confidence where another object may be meant
MOST = 0.99  # no photo of the fitted sets contradicts a higher one, but they are few
_FILE = resources.files("stillroom") / "catalog" / "confidence.json"


@dataclass(frozen=True, slots=True)
class Signals:
    """Inputs of the confidence model; shares are of the product unless stated otherwise.

    Attributes:
        scout: Intersection over union of the matte and the scout's product; None without a scout.
        whole: Intersection over union of the matte and all that the network took for foreground.
        passes: Lowest intersection over union between the passes.
        thresholds: Intersection over union of the network's output above .3 and above .7; None without a
            network, where colours decide.
        sure: Mean output of the network inside the matte; None without a network.
        undecided: Pixels of the output between .1 and .9 inside or near the matte.
        middle: Pixels of the finished matte between .1 and .9, away from its outline.
        rivals: Output above .15 outside the matte.
        lead: Lead of the chosen subject's score over that of the best other one, 0..1; see `cutout.subjects`.
        border: Share of the matte's outline that lies on the photo's border.
        pockets: Area of enclosed openings.
        parts: Share of the matte outside its largest component.
        support: Share of the outline across which the colour of the photo changes.
        prompted: Intersection over union of the matte and of what a prompt network took for the object in
            its box, before that changed the matte; None if it was not asked.
    """

    scout: float | None
    whole: float
    passes: float
    thresholds: float | None
    sure: float | None
    undecided: float
    middle: float
    rivals: float
    lead: float
    border: float
    pockets: float
    parts: float
    support: float
    prompted: float | None = None


SHARES = ("scout", "whole", "passes", "thresholds", "sure", "lead", "support", "prompted")
"""Signals that raise the confidence; they enter as logits. The others lower it and enter as logarithms."""


Kind = Literal["with_scout", "asked", "alone", "by_color"]
"""Name of a logistic model: chosen by the networks that were asked about a matte."""

KINDS: tuple[Kind, ...] = ("with_scout", "asked", "alone", "by_color")


class Logistic(BaseModel):
    """Logistic model: the logit is the intercept and the weighted sum of the features.

    Attributes:
        intercept: Logit at features of 0.
        weights: Weight by feature, see `features_of`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    intercept: float
    weights: dict[str, float]

    def probability(self, signals: Signals) -> float:
        """Return the probability that a matte with these signals is good."""
        features = features_of(signals)
        logit = self.intercept + sum(weight * features[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


class Coefficients(BaseModel):
    """Models of the confidence, as fitted by `stillroom eval confidence`.

    Attributes:
        with_scout: For mattes that a second network was asked about.
        asked: For those of them that a prompt network was asked about as well.
        alone: For mattes of one network.
        by_color: For mattes of GrabCut, where there is no network.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_: str | None = Field(default=None, alias="$schema")
    with_scout: Logistic
    asked: Logistic
    alone: Logistic
    by_color: Logistic

    def kind_for(self, signals: Signals) -> Kind:
        if signals.sure is None:
            return "by_color"
        if signals.scout is None:
            return "alone"
        return "with_scout" if signals.prompted is None else "asked"


@functools.cache
def coefficients() -> Coefficients:
    return Coefficients.model_validate_json(_FILE.read_text("utf-8"))


def probability_of(signals: Signals, *, is_asked: bool = False) -> float:
    """Return the probability that the matte's IoU is at least .9; 0..1.

    Args:
        is_asked: Whether a person is asked which object is the product.
    """
    models = coefficients()
    model: Logistic = getattr(models, models.kind_for(signals))
    return limited(model.probability(signals), signals, is_asked=is_asked)


def limited(probability: float, signals: Signals, *, is_asked: bool) -> float:
    """Limit a probability: to `MOST`, and further if it may be another object that is meant.

    That is so if the networks or passes disagree about it, or if it is asked about. In the model a clean edge
    could outweigh such a disagreement.
    """
    others = [one for one in (signals.passes, signals.scout, signals.prompted) if one is not None]
    is_same = min(others) >= _SAME_OBJECT and not is_asked
    return min(MOST if is_same else _MOST_APART, probability)


def features_of(signals: Signals) -> dict[str, float]:
    """Return the features of the logistic model: logits of shares, logarithms of amounts."""
    features = {}
    for name, value in asdict(signals).items():
        if value is None:
            continue
        if name == "rivals":
            if signals.scout is not None:
                # The lead says how far other objects may be the product; their size would count them twice.
                continue
            features[name] = math.log(value * (1 - signals.lead) + _FLOOR)
        elif name in SHARES:
            share = min(max(value, _LEAST), 1 - _LEAST)
            features[name] = math.log(share / (1 - share))
        else:
            features[name] = math.log(max(value, 0.0) + _FLOOR)
    return features


@dataclass(frozen=True, slots=True)
class Views:
    """Outputs of the networks for one photo.

    Attributes:
        whole: Output for the whole photo, of the network or of the scout.
        crop: The output for the closest crop, float32, and the box of the crop in photo pixels.
        scout: The product in the scout's output for the whole photo; None without a scout.
        agreement: Lowest intersection over union between the passes; None after a single pass.
    """

    whole: Plane
    crop: tuple[Plane, Box] | None
    scout: Plane | None
    agreement: float | None


def signals_of(
    photo: Picture, shape: tuple[int, ...], alpha: Bytes, box: Box, views: Views, *, by_color: bool = False
) -> Signals:
    """Measure the signals of a finished matte.

    Args:
        photo: The photo or a smaller copy.
        shape: Height and width of the photo, to which boxes refer.
        alpha: The finished matte of the box.
        box: x0, y0, x1, y1 in photo pixels.
        by_color: Whether the views are of colours alone, which are never undecided.
    """
    size = size_within(photo.shape, SIDE)
    small = fitted(photo, SIDE)
    matte = _placed(np.zeros((size[1], size[0]), np.float32), cover_of(alpha), box, shape)
    seen = _sized(views.whole, size)
    if views.crop is not None:
        seen = _placed(seen, *views.crop, shape)
    solid = matte > 0.5
    area = max(1, int(solid.sum()))
    outline = _outline(solid)
    holes, parts = _pockets_and_parts(solid, area)
    inner = cv2.erode(solid.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    near = cv2.dilate(solid.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    rim = cv2.dilate(outline.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    return Signals(
        scout=None if views.scout is None else overlap(solid, _sized(views.scout, size) > 0.5),
        whole=overlap(solid, seen > 0.5),
        passes=1.0 if views.agreement is None else views.agreement,
        thresholds=None if by_color else overlap(seen > 0.3, seen > 0.7),
        sure=None if by_color else float(seen[solid].mean()) if solid.any() else 0.0,
        undecided=float(((seen > 0.1) & (seen < 0.9) & near).sum()) / area,
        middle=float(((matte > 0.1) & (matte < 0.9) & ~rim).sum() + (inner & (seen < 0.9)).sum()) / area,
        rivals=float(np.where(near, 0.0, np.where(seen > 0.15, seen, 0.0)).sum()) / area,
        lead=0.0,
        border=float((outline & border_of(outline.shape, 0)).sum()) / max(1, int(outline.sum())),
        pockets=holes,
        parts=parts,
        support=_contrast(small, solid, outline),
    )


def _sized(plane: Plane, size: tuple[int, int]) -> Plane:
    method = cv2.INTER_AREA if plane.shape[1] > size[0] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(plane, size, interpolation=method), np.float32)


def _placed(canvas: Plane, plane: Plane, box: Box, shape: tuple[int, ...]) -> Plane:
    """Copy of a canvas of the whole photo with a plane in a box of the photo, scaled to it."""
    k_x, k_y = canvas.shape[1] / shape[1], canvas.shape[0] / shape[0]
    x0, y0 = min(round(box[0] * k_x), canvas.shape[1] - 1), min(round(box[1] * k_y), canvas.shape[0] - 1)
    x1, y1 = max(x0 + 1, round(box[2] * k_x)), max(y0 + 1, round(box[3] * k_y))
    placed = canvas.copy()
    part = placed[y0:y1, x0:x1]
    placed[y0:y1, x0:x1] = _sized(plane, size_of(part))
    return placed


def _outline(solid: Mask) -> Mask:
    inner = cv2.erode(
        solid.astype(np.uint8), np.ones((3, 3), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=0
    )
    return np.asarray(solid & (inner == 0))


def _pockets_and_parts(solid: Mask, area: int) -> tuple[float, float]:
    """Area of enclosed openings, and of all components but the largest, per pixel of product."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats((~solid).astype(np.uint8), connectivity=4)
    edge = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    sizes = np.asarray(stats)[:, cv2.CC_STAT_AREA].astype(np.float64)
    enclosed = np.delete(np.arange(len(sizes)), np.union1d(edge, [0]))
    _, _, stats, _ = cv2.connectedComponentsWithStats(solid.astype(np.uint8), connectivity=8)
    largest = float(np.asarray(stats)[1:, cv2.CC_STAT_AREA].max(initial=0))
    return float(sizes[enclosed].sum()) / area, 1 - largest / area if solid.any() else 0.0


def _contrast(photo: Picture, solid: Mask, outline: Mask) -> float:
    """Share of the outline with different colours on both sides."""
    lab = np.asarray(cv2.cvtColor(cover_of(photo), cv2.COLOR_RGB2LAB), np.float32)
    mask = solid.astype(np.uint8)
    narrow = np.ones((3, 3), np.uint8)
    wide = np.ones((2 * _NEAR + 1, 2 * _NEAR + 1), np.uint8)
    core = cv2.erode(mask, narrow) > 0
    ring = (cv2.dilate(mask, wide) > 0) & ~(cv2.dilate(mask, narrow) > 0)
    if not core.any() or not ring.any() or not outline.any():
        return 0.0
    inside, outside = _mean_near(lab, core), _mean_near(lab, ring)
    apart = np.linalg.norm(inside - outside, axis=2)[outline]
    return float((apart > _STANDS_OUT).mean())


def _mean_near(lab: NDArray[np.float32], mask: Mask) -> NDArray[np.float32]:
    side = (4 * _NEAR + 1, 4 * _NEAR + 1)
    weight = mask.astype(np.float32)
    total = np.asarray(cv2.blur(lab * weight[..., None], side), np.float32)
    return total / (np.asarray(cv2.blur(weight, side), np.float32)[..., None] + np.float32(1e-6))
