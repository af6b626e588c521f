"""Unmix clear glass by colour: how much of the backdrop comes through, and what is reflected on top.

Model of a pixel: transmission x backdrop + reflection, with one transmission for all channels and a
reflection without colour. Before a coloured backdrop its colour tells one from the other. Before a grey one
the model assumes as much transmission as possible, and colour is the tint of the glass.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.pixels import Bytes, Light, Mask, Picture, Plane, in_three, ramp, to_linear
from stillroom.imaging.resizing import area_resized, bilinear, shrunk, size_of, size_within

_SIDE = 512  # pixels of the longer side at which colours are unmixed
_NEAR = 0.012  # of that: distance from the outline at which the backdrop is sampled
_DARKEST = 0.02  # linear light; in darker surroundings noise hides the colour
_PRIOR = 0.02  # weight of full transmission and no reflection, against the squared error
_FITS, _FOREIGN = 0.15, 0.22  # error per brightness up to which, and from which no colour is that of glass
_PALETTE, _LEAST_COLOR = 5, 0.05  # colours of the surroundings, and share of them that one of these takes
_FARTHER = 0.03  # error that a colour from farther away must save, as glass refracts it
_CLEAR = (0.35, 1.08)  # transmission of clear glass
_BLACK = (0.2, 0.35)  # transmission up to which a pixel is opaque, and from which it may be glass
_GREY, _COLORED = 0.1, 0.3  # chroma per brightness of a backdrop that tells no colour, and of one that does
_DIM = 0.06  # linear light; before a grey backdrop up to it, what is dark may be opaque
_GLOSS = 0.06  # linear light of a reflection that shows
_LEAST_PART = 0.02  # of the product; a smaller part is not judged
_MOST_SHOWS, _POSSIBLE = 0.7, 0.5  # share of a part that shows the backdrop
_GLOSSY = 0.25  # share of it with a reflection that shows
_BOTH = 0.3  # product of both shares from which a part is possibly glass
_MOST_COMES = 0.6  # median transmission of glass
_GRAIN, _LEAST_GRAIN = 2.5, 0.004  # texture of a part per texture outside, both in log brightness


@dataclass(frozen=True, slots=True)
class Unmixed:
    """Light that is separated into what comes through and what is reflected.

    Attributes:
        passed: Transmission; above 1 where the model does not hold.
        shine: Reflection, linear light.
        error: Colour that neither explains, per brightness.
    """

    passed: Plane
    shine: Plane
    error: Plane


def clear_parts(crop: Picture, alpha: Bytes) -> Bytes | None:
    """Find parts of a product through which its coloured backdrop may be seen.

    It is never certain: glaze and gloss of the colour of the ground look the same. Before a grey backdrop
    nothing is found.

    Returns:
        uint8, 255 in these parts, at a reduced size; None if there are none.
    """
    light, cover = _reduced(crop, alpha)
    behind = _surroundings(light, cover)
    brightness = behind.mean(axis=2)
    colored = _chroma(behind) > _COLORED * np.maximum(brightness, _DARKEST)
    solid = (cover > 127).astype(np.uint8)
    if 2 * np.count_nonzero(colored & (solid > 0)) < np.count_nonzero(solid):
        return None
    evidence = _evidence(light, behind, colored, _outside(cover))
    count, labels, areas, _ = cv2.connectedComponentsWithStats(solid)
    found = []
    for part in range(1, count):
        inside = cv2.erode((labels == part).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        is_judged = areas[part, cv2.CC_STAT_AREA] >= _LEAST_PART * solid.sum() and inside.any()
        if is_judged and evidence.may_be_glass(inside):
            found.append(part)
    return np.isin(labels, found).astype(np.uint8) * np.uint8(255) if found else None


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Evidence of glass, by pixel.

    Attributes:
        shows: Whether the coloured backdrop shows.
        glossy: Whether a colourless reflection lies on it.
        grain: Texture in log brightness.
        most_grain: Texture up to which it may be the backdrop's.
    """

    shows: Mask
    glossy: Mask
    passed: Plane
    grain: Plane
    most_grain: float

    def may_be_glass(self, inside: Mask) -> bool:
        """Whether a part shows the backdrop, under reflections or as plain as the backdrop itself."""
        shows, gloss = float(self.shows[inside].mean()), float(self.glossy[inside].mean())
        if shows < _POSSIBLE or float(np.median(self.passed[inside])) < _MOST_COMES:
            return False
        is_plain = float(np.median(self.grain[inside])) <= self.most_grain
        return shows * gloss >= _BOTH or (shows >= _MOST_SHOWS and (gloss >= _GLOSSY or is_plain))


def _evidence(light: Light, behind: Light, colored: Mask, outside: Mask) -> _Evidence:
    found = _unmix(light, behind)
    fits = found.error < _FITS
    shows = fits & colored & (found.passed > _CLEAR[0]) & (found.passed < _CLEAR[1])
    level = np.log(light.mean(axis=2) + np.float32(_DARKEST))
    grain = np.abs(level - cv2.GaussianBlur(level, (0, 0), 3.0))
    usual = float(np.median(grain[outside])) if outside.any() else 0.0
    most = _GRAIN * max(_LEAST_GRAIN, usual)
    return _Evidence(shows, fits & (found.shine > _GLOSS), found.passed, np.asarray(grain, np.float32), most)


def seen_through(crop: Picture, alpha: Bytes) -> tuple[Plane, Light, Light]:
    """Unmix a product of clear glass.

    Returns:
        float32 (h, w), 0..1, where it is glass and not a label, a lid or a liquid in a colour of its own;
        then transmission and reflection, both float32 (h, w, 3) and linear.
    """
    light, cover = _reduced(crop, alpha)
    behind = _best_behind(light, cover)
    found = _unmix(light, behind)
    clear, tint = _clarity(light, behind, found)
    size = size_of(alpha)
    wall, passed, glass, color = (bilinear(plane, size) for plane in (behind, found.passed, clear, tint))
    # Colour is unmixed at the small size; brightness keeps the detail of the large one.
    level, wall_level = to_linear(crop).mean(axis=2), np.maximum(wall.mean(axis=2), 1e-3)
    passed = np.minimum(np.minimum(passed, 1), level / wall_level)
    shine = level - passed * wall_level
    passed = np.minimum(passed, np.maximum(1 - shine, 0))
    return glass, np.clip(in_three(passed) * color, 0, 1), in_three(shine)


def _clarity(light: Light, behind: Light, found: Unmixed) -> tuple[Plane, Light]:
    """Map of the pixels that the model explains, 0..1, and the tint of the glass by channel."""
    level = np.maximum(behind.mean(axis=2), _DARKEST)
    colored = ramp(_chroma(behind) / level, _GREY, _COLORED)
    # Coloured light brighter than the backdrop comes from the surface, not through it.
    tinted = (1 - colored) * (1 - ramp(found.shine, 0, _GLOSS))
    clear = np.maximum(1 - ramp(cv2.blur(found.error, (5, 5)), _FITS, _FOREIGN), tinted)
    clear = clear * np.maximum(colored, ramp(level, _DARKEST, _DIM))
    # A black cap resembles any backdrop that hardly comes through.
    clear = clear * ramp(cv2.blur(found.passed, (5, 5)), *_BLACK)
    grey = np.maximum(light.mean(axis=2, keepdims=True), 1e-3) / np.maximum(level, 1e-3)[..., None]
    tint = 1 + tinted[..., None] * (light / np.maximum(grey * behind, 1e-3) - 1)
    return np.asarray(clear, np.float32), np.asarray(np.clip(tint, 0, 3), np.float32)


def _reduced(crop: Picture, alpha: Bytes) -> tuple[Light, Bytes]:
    size = size_within(alpha.shape, _SIDE)
    small = cv2.GaussianBlur(shrunk(crop, size), (0, 0), 1.0)
    return to_linear(np.asarray(small, np.uint8)), shrunk(alpha, size)


def _outside(cover: Bytes) -> Mask:
    side = 2 * max(1, round(_NEAR * max(cover.shape) / 2)) + 1
    return np.asarray(cv2.dilate(cover, np.ones((side, side), np.uint8)) < 5)


def _surroundings(light: Light, cover: Bytes) -> Light:
    """Continue the colours around a product across it."""
    filled = _filled(light, _outside(cover).astype(np.float32))
    return np.asarray(cv2.GaussianBlur(filled, (0, 0), 4.0), np.float32)


def _filled(light: Light, known: Plane) -> Light:
    """Fill unknown pixels from their surroundings (push-pull).

    Source:
        Gortler et al., "The Lumigraph", SIGGRAPH 1996, section 3.4.
    """
    height, width = known.shape
    weight = known[..., None]
    if max(height, width) <= 2:
        mean = (light * weight).sum((0, 1)) / max(float(known.sum()), 1e-6)
        return np.broadcast_to(mean, light.shape).astype(np.float32)
    half = ((width + 1) // 2, (height + 1) // 2)
    share = area_resized(known, half)
    mixed = area_resized(light * weight, half)
    coarse = _filled(
        np.asarray(mixed / np.maximum(share, 1e-6)[..., None], np.float32),
        np.asarray(np.minimum(1, 4 * share), np.float32),
    )
    pulled = bilinear(coarse, (width, height))
    return light * weight + pulled * (1 - weight)


def _best_behind(light: Light, cover: Bytes) -> Light:
    """Choose by pixel what is seen there: the colours around it, or another colour of the surroundings."""
    near = _surroundings(light, cover)
    candidates = [near, *(np.broadcast_to(one, near.shape) for one in _palette(light[_outside(cover)]))]
    errors = []
    for number, candidate in enumerate(candidates):
        found = _unmix(light, candidate)
        unlikely = np.maximum(_CLEAR[0] - found.passed, 0) + np.maximum(found.shine - 0.3, 0)
        error = np.asarray(cv2.blur(found.error + np.float32(0.04) * unlikely, (5, 5)), np.float32)
        errors.append(error + (_FARTHER if number else 0.0))
    best = np.argmin(np.stack(errors), axis=0)
    chosen = np.choose(best[..., None], candidates)
    return np.asarray(cv2.GaussianBlur(chosen.astype(np.float32), (0, 0), 2.5), np.float32)


def _palette(colors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Main colours of some pixels, linear, (n, 3)."""
    if len(colors) < 20 * _PALETTE:
        return np.zeros((0, 3), np.float32)
    sample = np.sqrt(colors[:: max(1, len(colors) // 8000)])
    cv2.setRNGSeed(0)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 1e-3)
    empty = np.zeros((len(sample), 1), np.int32)
    _, labels, centers = cv2.kmeans(sample, _PALETTE, empty, stop, 1, cv2.KMEANS_PP_CENTERS)
    shares = np.bincount(labels[:, 0], minlength=_PALETTE) / len(sample)
    return np.asarray(centers[shares > _LEAST_COLOR] ** 2, np.float32)


def _unmix(light: Light, behind: Light) -> Unmixed:
    """Fit transmission and reflection, both at least 0, by least squares with a prior for clear glass."""
    unit = np.maximum(behind.mean(axis=2), _DARKEST)
    seen, wall = light / unit[..., None], behind / unit[..., None]
    wall_wall, wall_sum, ones = (wall * wall).sum(2) + _PRIOR, wall.sum(2), 3 + _PRIOR
    seen_wall, seen_sum = (seen * wall).sum(2) + _PRIOR, seen.sum(2)
    divisor = wall_wall * ones - wall_sum * wall_sum
    passed = (seen_wall * ones - seen_sum * wall_sum) / divisor
    shine = (wall_wall * seen_sum - wall_sum * seen_wall) / divisor
    shine = np.where(passed < 0, seen_sum / ones, shine)
    passed = np.where(shine < 0, seen_wall / wall_wall, np.maximum(passed, 0))
    shine = np.maximum(shine, 0)
    left = seen - np.minimum(passed, 1)[..., None] * wall - shine[..., None]
    level = np.maximum(light.mean(axis=2), 2 * _DARKEST)
    error = np.sqrt((left**2).mean(axis=2)) * unit / level
    planes = (np.asarray(plane, np.float32) for plane in (passed, shine * unit, error))
    return Unmixed(*planes)


def _chroma(light: Light) -> Plane:
    grey = light.mean(axis=2, keepdims=True)
    return np.asarray(np.sqrt(((light - grey) ** 2).sum(axis=2)), np.float32)
