"""Colourless glass: detect where a product shows its backdrop, and estimate transmission and reflection."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.cutout import transmission
from stillroom.imaging.pixels import Bytes, Light, Mask, Picture, Plane, blur, cover_of, ramp, to_linear
from stillroom.imaging.resizing import bilinear, shrunk, size_of

SIDE = 512  # pixels of the longer side for detection
_OUTSIDE, _RIM, _INSIDE = (0.05, 0.02), (-0.01, 0.05), (0.09, 0.18)  # shares of the width from the outline
_ALIKE = 0.07  # sRGB, 0..1: largest difference between inside and outside that counts as the same backdrop
_DARKER = 0.10  # sRGB, 0..1: how much darker the rim must be, because glass refracts light away there
_LEAST_ROWS = 0.12  # of the height; fewer rows are a reflection
_NEUTRAL = 0.07  # largest difference in transmission between colour channels of colourless glass
_LEAST_LEVEL = 0.25  # sRGB, 0..1; on a darker backdrop every dark object resembles the backdrop
_SOLID = 0.8  # of the pixels compared inside; fewer are an opening, not a surface
_CONTINUES, _LEAST_SEEN = 0.12, 0.5  # sRGB, 0..1, and share of a row between the rims that shows the backdrop
_LEAST_SURE = 0.5  # of the rows taken for glass that must match the backdrop right across
_GRAIN, _LEAST_GRAIN = 1.5, 0.012  # inside per outside, and sRGB, 0..1; more texture belongs to a surface
_TINTED, _BLACK = (0.2, 0.4), (0.1, 0.25)  # ramps to opaque: saturation, and transmission
_PLACE = 0.002  # of the longer side: blur radius for the tint
_GAMMA = 2.2  # approximates the sRGB curve, for comparing similar colours
_CLEAR = 0.8  # of a row that must be clear to continue the glass above or below it
_SAMPLED = 4  # row step of the first scan
_BEYOND = 0.04  # of the height: margin above and below the detected rows
_UNEVEN, _SHINE = 1.15, 0.6  # tolerance for an uneven backdrop; share of brighter light that is reflection
_BESIDE, _AT_RIM = 0.08, 0.035  # of the width beside the outline and within it, for a thing behind
_ROWS_NEAR = 0.04  # of the height: how far the glass may shift it
_OTHER = 0.2  # sRGB, 0..1: how much darker than the wall it is
_VEIL, _VEIL_COLOR = 0.2, 0.06  # sRGB, 0..1: largest light that the glass lays over it, and its colour
_MOST_HIDDEN = 0.4  # of the product's width; what is wider is the content of the glass
_LEAST_BESIDE = 12  # pixels of it outside
_MOST_DARK = 0.97  # largest absorption by glass


@dataclass(frozen=True)
class Glass:
    """Colourless glass in a product.

    Attributes:
        cover: Where the product is glass.
        passed: Transmission, the share of the light behind it that comes through.
        shine: Reflection added on top.
        is_sure: Whether the backdrop continues behind it; otherwise it is only possibly glass.
    """

    cover: Plane
    passed: Light
    shine: Light
    is_sure: bool = True


def glass_of(crop: Picture, alpha: Bytes, *, is_certain: bool = False) -> Glass | None:
    """Detect glass by its rows, or by the colour of the backdrop in it.

    Args:
        alpha: The matte, with glass solid.
        is_certain: Whether a person said that the product is transparent; coloured glass cannot be detected.
    """
    if is_certain:
        return _unmixed(crop, alpha, alpha, is_sure=True)
    found = _by_rows(crop, alpha)
    parts = transmission.clear_parts(crop, alpha) if found is None else None
    return found if parts is None else _unmixed(crop, alpha, parts, is_sure=False)


def _unmixed(crop: Picture, alpha: Bytes, parts: Bytes, *, is_sure: bool) -> Glass:
    clear, passed, shine = transmission.seen_through(crop, alpha)
    within = cv2.dilate(bilinear(parts, size_of(alpha)), np.ones((5, 5), np.uint8))
    cover = np.minimum(clear, cover_of(np.asarray(within, np.uint8))) * (alpha > 0)
    return Glass(np.asarray(cover, np.float32), passed, shine, is_sure)


def _by_rows(crop: Picture, alpha: Bytes) -> Glass | None:
    """Detect rows whose inside matches the backdrop outside, between rims darker than both.

    A white object on a white wall has no dark rims, and the colour of paint does not match the backdrop.
    Detection is certain only where the backdrop continues from rim to rim without additional texture.
    """
    factor = min(1.0, SIDE / max(alpha.shape))
    size = max(8, round(alpha.shape[1] * factor)), max(8, round(alpha.shape[0] * factor))
    small = cover_of(shrunk(crop, size))
    solid = shrunk(alpha, size) > 127
    rows = np.flatnonzero(solid.any(1))
    if rows.size < 20:
        return None
    found = _rows_of_glass(small, solid, rows)
    tall = float(rows[-1] - rows[0] + 1)
    reach = max(3, round(0.03 * tall) | 1)
    glassy = np.zeros((size[1], 1), np.float32)
    glassy[list(found)] = 1.0
    # Close gaps made by reflections, then drop isolated rows.
    closed = cv2.morphologyEx(glassy, cv2.MORPH_CLOSE, np.ones((2 * reach + 1, 1), np.uint8))
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((reach, 1), np.uint8))
    if float(opened.sum()) < _LEAST_ROWS * tall:
        return None
    inside = [row for row in found if opened[row, 0] > 0]
    is_sure = _is_seen_through([found[row] for row in inside], float(opened.sum()))
    behind = _behind({row: one.ends for row, one in found.items()}, solid)
    opened = _continued(opened, small, behind, solid)
    # Extend by a margin, because the detected rows do not mark the exact end of the glass.
    opened = cv2.dilate(opened, np.ones((2 * round(_BEYOND * tall) + 1, 1), np.uint8))
    cover = np.asarray(cv2.GaussianBlur(opened, (1, 0), 0, sigmaY=0.01 * tall), np.float32)
    things = _things_behind(small, solid, solid & (cover.reshape(-1, 1) > _CLEAR), behind, tall)
    return _at_full_size(crop, alpha, behind, cover.reshape(-1, 1), things, is_sure=is_sure)


def _things_behind(
    small: NDArray[np.float32], solid: Mask, glass: Mask, behind: NDArray[np.float32], tall: float
) -> Plane:
    """Dark patches in the glass that continue beside it, such as a leaf behind a wine glass; 0..1.

    Args:
        small: float32 (h, w, 3), sRGB, 0..1.
        solid: The product.
        glass: Its glass, with what is seen through it.
        behind: float32 (h, w, 3), sRGB, 0..1, the wall behind it.
        tall: Height of the product in pixels.
    """
    found = np.zeros(glass.shape, np.float32)
    if not glass.any():
        return found
    wide, near = float(np.ptp(np.flatnonzero(glass.any(0))) + 1), round(_ROWS_NEAR * tall)
    inner = _grown(glass, -_AT_RIM * wide)
    beside = _grown(glass, _BESIDE * wide) & ~_grown(glass, _OUTSIDE[1] * wide) & ~solid
    wall = behind.sum(1) / np.maximum((behind > 0).any(2).sum(1), 1)[:, None]
    dark = small.mean(2) < wall.mean(1)[:, None] - _OTHER
    middle = int(np.flatnonzero(glass.any(0)).mean())
    _, labels, stats, centers = cv2.connectedComponentsWithStats((inner & dark).astype(np.uint8))
    for part, (_, y, width, height, _) in enumerate(np.asarray(stats, np.int64).tolist()):
        side = slice(0, middle) if centers[part][0] < middle else slice(middle, None)
        window = slice(max(0, y - near), y + height + near), side
        outside = small[window][(beside & dark)[window]]
        if part == 0 or width > _MOST_HIDDEN * wide or len(outside) < _LEAST_BESIDE:
            continue
        veil = np.median(small[labels == part], axis=0) - np.median(outside, axis=0)
        if np.ptp(veil) <= _VEIL_COLOR and abs(float(veil.mean())) <= _VEIL:
            found[labels == part] = 1
    return np.asarray(cv2.GaussianBlur(_grown(found > 0, 3).astype(np.float32), (0, 0), 1.0), np.float32)


def _grown(mask: Mask, by: float) -> Mask:
    """A mask dilated by so many pixels, or eroded if they are negative."""
    side = 2 * max(1, round(abs(by))) + 1
    change = cv2.dilate if by > 0 else cv2.erode
    return np.asarray(change(mask.astype(np.uint8), np.ones((side, side), np.uint8)), np.uint8) > 0


def _continued(
    glassy: NDArray[np.generic], small: NDArray[np.float32], behind: NDArray[np.float32], solid: Mask
) -> NDArray[np.float32]:
    """Add neighbouring rows that are clear from rim to rim, such as where it refracts a brighter wall."""
    passed = np.clip((small / np.maximum(behind, 1e-3)) ** _GAMMA, 0.0, 1.0).astype(np.float32)
    clear = _colourless(passed) * solid
    level = small.mean(axis=2)
    glass = np.asarray(glassy, np.float32).reshape(-1) > 0
    clears = glass.copy()
    for row in np.flatnonzero((clear.sum(1) >= _CLEAR * np.maximum(solid.sum(1), 1)) & ~glass).tolist():
        clears[row] = _has_dark_rims(level[row], solid[row], float(behind[row][solid[row]].mean()))
    _, labels = cv2.connectedComponents(clears.astype(np.uint8)[:, None], connectivity=4)
    kept = np.isin(labels[:, 0], np.unique(labels[glass, 0]))
    return kept[:, None].astype(np.float32)


def _has_dark_rims(level: NDArray[np.float32], solid: NDArray[np.bool_], wall: float) -> bool:
    """Whether both ends of a row are darker than its inside and than the wall behind it."""
    inside = np.flatnonzero(solid)
    left, right = int(inside[0]), int(inside[-1])
    darkest = min(float(np.median(level[left : right + 1])), wall) - _DARKER
    rims = (level[_stretch(edge, step * (right - left + 1), _RIM)] for edge, step in ((left, 1), (right, -1)))
    return all(rim.size and float(rim.min()) <= darkest for rim in rims)


@dataclass(frozen=True)
class _Row:
    """A row of the product that resembles glass near both of its ends.

    Attributes:
        ends: float32 (2, 3), sRGB, 0..1: the backdrop on either side.
        seen: Share of the pixels between the rims that match the backdrop.
        grain: Mean difference of neighbouring pixels, inside and outside, sRGB, 0..1.
    """

    ends: NDArray[np.float32]
    seen: float
    grain: tuple[float, float]


def _rows_of_glass(small: NDArray[np.float32], solid: Mask, rows: NDArray[np.intp]) -> dict[int, _Row]:
    level = small.mean(axis=2)

    def look(row: int) -> _Row | None:
        return _row_of_glass(small[row], level[row], solid[row])

    # Scan every few rows first: most products have no glass, and glass spans many rows.
    if all(look(row) is None for row in rows[::_SAMPLED].tolist()):
        return {}
    return {row: found for row in rows.tolist() if (found := look(row)) is not None}


def _is_seen_through(rows: list[_Row], height: float) -> bool:
    """Whether most rows show the backdrop right across, without more texture than outside."""
    if not rows:
        return False
    seen = sum(row.seen >= _LEAST_SEEN for row in rows)
    within, outside = (float(np.median([row.grain[side] for row in rows])) for side in (0, 1))
    return seen >= _LEAST_SURE * height and within <= max(_LEAST_GRAIN, _GRAIN * outside)


def _row_of_glass(
    row: NDArray[np.float32], level: NDArray[np.float32], solid: NDArray[np.bool_]
) -> _Row | None:
    """Statistics of the row if it resembles glass near both of its ends, else None."""
    inside = np.flatnonzero(solid)
    left, right = int(inside[0]), int(inside[-1])
    width = right - left + 1
    if width < 24:
        return None
    ends, grains = [], []
    for edge, step in ((left, 1), (right, -1)):
        beside = _stretch(edge, -step * width, _OUTSIDE)
        within = _stretch(edge, step * width, _INSIDE)
        rim = level[_stretch(edge, step * width, _RIM)]
        if not row[beside].size or not row[within].size or not rim.size:
            return None
        outside, inner = _median(row[beside]), _median(row[within])
        darkest = min(float(outside.mean()), float(inner.mean())) - _DARKER
        is_surface = float(solid[within].mean()) >= _SOLID
        has_rim = float(rim.min()) <= darkest
        if not (is_surface and has_rim and _passes(outside, inner)):
            return None
        ends.append(outside)
        grains.append((_grain(level[within]), _grain(level[beside])))
    middle = row[left + round(_INSIDE[0] * width) : right - round(_INSIDE[0] * width)]
    share = np.linspace(0, 1, len(middle), dtype=np.float32)[:, None]
    apart = np.abs(middle - ends[0] - share * (ends[1] - ends[0])).max(axis=1)
    grain = float(np.mean([one[0] for one in grains])), float(np.mean([one[1] for one in grains]))
    return _Row(np.stack(ends), float((apart <= _CONTINUES).mean()), grain)


def _passes(outside: NDArray[np.float32], inner: NDArray[np.float32]) -> bool:
    """Whether a colour may be the backdrop seen through colourless glass; both sRGB, 0..1, (3,)."""
    alike = float(np.abs(outside - inner).max()) <= _ALIKE and float(outside.mean()) >= _LEAST_LEVEL
    passed = (inner / np.maximum(outside, 1e-3)) ** _GAMMA
    return alike and float(passed.max() - passed.min()) <= _NEUTRAL


def _stretch(edge: int, width: int, shares: tuple[float, float]) -> slice:
    """Slice of pixels between two shares of the width, counted from an edge."""
    first, last = sorted(edge + round(share * width) for share in shares)
    return slice(max(0, first), max(0, last) + 1)


def _grain(level: NDArray[np.float32]) -> float:
    return float(np.abs(np.diff(level)).mean()) if len(level) > 1 else 0.0


def _median(part: NDArray[np.float32]) -> NDArray[np.float32]:
    # For so few pixels a sort is ten times as fast as np.median.
    ordered, middle = np.sort(part, axis=0), len(part) // 2
    return np.asarray((ordered[~middle] + ordered[middle]) / 2, np.float32)


def _behind(ends: dict[int, NDArray[np.float32]], solid: Mask) -> NDArray[np.float32]:
    """Estimate the backdrop behind the glass by interpolation between its two sides, (h, w, 3)."""
    rows = np.array(sorted(ends))
    picture = np.zeros((*solid.shape, 3), np.float32)
    for row in range(solid.shape[0]):
        left, right = ends[int(rows[int(np.abs(rows - row).argmin())])]
        columns = np.flatnonzero(solid[row])
        if columns.size == 0:
            continue
        share = np.clip((np.arange(solid.shape[1]) - columns[0]) / max(columns[-1] - columns[0], 1), 0, 1)
        picture[row] = left + share[:, None].astype(np.float32) * (right - left)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 2.0), np.float32)


def _at_full_size(
    crop: Picture, alpha: Bytes, behind: NDArray[np.float32], rows: Plane, things: Plane, *, is_sure: bool
) -> Glass:
    size = size_of(alpha)
    wall = bilinear(behind, size)
    wall_light = to_linear(np.rint(np.clip(wall, 0, 1) * 255).astype(np.uint8))
    seen = to_linear(crop)
    ratio = np.clip(seen / np.maximum(wall_light, 0.02), 1 - _MOST_DARK, 1.0).astype(np.float32)
    # Nothing tells the transmission where another thing is behind the glass: it is taken as clear.
    ratio = np.maximum(ratio, bilinear(things, size)[..., None])
    shine = _SHINE * np.maximum(seen - _UNEVEN * wall_light, 0.0)
    height = bilinear(rows, (1, size[1]))
    cover = np.clip(height.reshape(-1, 1), 0, 1) * (cover_of(alpha) > 0) * _colourless(ratio)
    return Glass(np.asarray(cover, np.float32), ratio, np.asarray(shine, np.float32), is_sure)


def _colourless(passed: Light) -> Plane:
    """Return a glass likelihood per pixel, 0..1; tinted or strongly absorbing areas are opaque."""
    red, green, blue = cv2.split(passed)
    most = np.asarray(cv2.max(cv2.max(red, green), blue), np.float32)
    least = np.asarray(cv2.min(cv2.min(red, green), blue), np.float32)
    tinted = ramp((most - least) / np.maximum(most, 1e-3), *_TINTED)
    # Blur, because the tint of a single pixel is noise.
    tinted = blur(tinted, max(1.0, _PLACE * max(passed.shape)))
    return np.asarray(ramp(most, *_BLACK) * (1 - np.clip(2 * tinted, 0, 1)), np.float32)
