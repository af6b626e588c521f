"""Contact shadow: where a product touches the ground, and the shade close to it."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.pixels import Mask, Plane, blur
from stillroom.imaging.scene.shadows.parts import Parts

BASE_BAND = 0.12  # of the longer side, above the base: the region that touches the ground
HUGGED = 0.05  # of the height: largest gap to a straight underside that counts as contact
SHORTEST_REST, STEEPEST_REST = 0.15, 1.0  # of the width, and rows per column: limits of a straight underside
DEEPEST_HOLLOW = 0.35  # of its width: under a higher arch the ground is fully lit
FOOT_REACH = 0.35  # of the height above the base: feet at the back are no higher in the picture
_TAIL = 3.0  # standard deviations of a blur, beyond which it can be neglected
NARROWEST_END, WIDEST_END = 0.08, 0.24  # of the product's width: lower end of a part on the ground
END_HEIGHT = 0.06  # of the product's height: its least height
USUAL_VIEW_DEG = 20.0  # elevation of a photo that tells none
ROUNDING = 0.06  # of the longer side, above the base: largest rise of a rounded foot


def darkest(shadows: Iterable[Plane]) -> Plane:
    """The darker of some shadows in each pixel; several things do not shade the ground twice."""
    return functools.reduce(np.maximum, shadows)


def contact_of(parts: Parts, softness: float, seen_from_deg: float = USUAL_VIEW_DEG) -> tuple[Plane, Plane]:
    """Ambient occlusion of the ground close to the product.

    Args:
        parts: The product placed on the canvas.
        softness: Factor on the blur.
        seen_from_deg: Elevation from which the product was photographed.

    Returns:
        The dark contact line, and the wide shade around it; float32 (h, w) each, 0..1.
    """
    every = parts.standing if parts.cords is None else (*parts.standing, parts.cords)
    deep = float(np.sin(np.radians(seen_from_deg)))
    shades = [_contact_of_part(part, softness, deep) for part in every]
    return darkest(tight for tight, _ in shades), darkest(wide for _, wide in shades)


def _contact_of_part(solid: Plane, softness: float, deep: float) -> tuple[Plane, Plane]:
    rows, columns = np.flatnonzero((solid > 0.5).any(1)), np.flatnonzero((solid > 0.5).any(0))
    span = float(columns[-1] - columns[0] + 1)
    tall = float(rows[-1] - rows[0] + 1)
    line, under = _contact_line(solid, int(rows[-1]), tall, deep * span), _hollow(solid, int(rows[-1]), tall)
    tight = _spread(line, under, max(0.020 * span * softness, 1.0), max(0.012 * span * softness, 0.8))
    wide = _spread(_footprint(line, span), under, 0.10 * span * softness, 0.05 * span * softness)
    return tight, wide


def _spread(touching: Plane, covered: Plane, sigma_x: float, sigma_y: float) -> Plane:
    """Blur contact and covered areas, 0..1; the contact is as dark at a thin leg as under a wide foot."""
    line, under = blur(touching, sigma_x, sigma_y), blur(covered, sigma_x, sigma_y)
    near = np.ones((2 * round(_TAIL * sigma_y) + 1, 2 * round(_TAIL * sigma_x) + 1), np.uint8)
    darkest_near, most = cv2.dilate(line, near), cv2.dilate(touching, near)
    line = np.asarray(most * line / np.maximum(darkest_near, 1e-6), np.float32)
    return np.asarray(np.clip(np.maximum(line, under), 0.0, 1.0), np.float32)


def wider_than(inside: Mask, width: float) -> Mask:
    """The pixels in rows where the product is at least so wide."""
    line = np.ones((1, max(2, round(width))), np.uint8)
    return np.asarray(cv2.morphologyEx(inside.astype(np.uint8), cv2.MORPH_OPEN, line), np.uint8) > 0


def _contact_line(solid: Plane, base: int, tall: float, deep: float) -> Plane:
    """Weights of the pixels where the product touches the ground: its base, and feet farther back.

    Args:
        solid: The product placed on the canvas.
        base: Its lowest row.
        tall: Its height.
        deep: Height above the base at which a thing as deep as it is wide ends at the back.

    Source:
        Measured by eye on chairs and vehicles: a foot is narrow, and its neighbours end clearly above it.
    """
    first, lowest = underside(solid)
    # A wide product is deep as well, and the sides of its foot are higher in the picture than its front.
    band = BASE_BAND * max(tall, lowest.size)
    closeness = np.clip(1 - (base - lowest) / (band + 1), 0, 1) ** 0.5
    weight = np.maximum(closeness, 0.8 * _feet(lowest, base, tall))
    for edge in _rests(lowest, base, tall):
        gap = (edge.rows - lowest[edge.columns]) / (HUGGED * tall + 1)
        weight[edge.columns] = np.maximum(weight[edge.columns], edge.nearness * np.clip(1 - gap, 0, 1) ** 0.5)
    line = _ends(solid, base, tall, deep)
    for below in (0, 1):
        rows = np.minimum(lowest.astype(int) + below, solid.shape[0] - 1)
        columns = first + np.arange(lowest.size)
        line[rows, columns] = np.maximum(line[rows, columns], weight)
    return line


def _ends(solid: Plane, base: int, tall: float, deep: float) -> Plane:
    """Contact of lower ends near the base, also behind other parts, as of a cup behind a headband; 0..1."""
    inside = solid > 0.5
    span = float(np.ptp(np.flatnonzero(inside.any(0))) + 1)
    line = np.zeros_like(solid)
    narrow = inside & ~wider_than(inside, WIDEST_END * span)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(narrow.astype(np.uint8), connectivity=8)
    rounding = round(ROUNDING * tall)
    for part, (left, top, wide, high, _) in enumerate(np.asarray(stats, np.int64).tolist()):
        lowest, columns = top + high - 1, slice(left, left + wide)
        if part == 0 or wide < NARROWEST_END * span or high < END_HEIGHT * tall or lowest < base - deep:
            continue
        if (inside[lowest + 1 : lowest + 2, columns] & (labels[lowest, columns] == part)).any():
            continue
        near = labels[max(0, lowest - rounding) : lowest + 1, columns] == part
        rise, touches = near[::-1].argmax(0), near.any(0)
        weight = np.sqrt(1 - rise / (rounding + 1))
        line[lowest - rise[touches], left + np.flatnonzero(touches)] = weight[touches]
    return line


def underside(solid: Plane) -> tuple[int, NDArray[np.float32]]:
    """The product's first column, and the lowest solid row per column from there to the last; 0 if none."""
    inside = solid > 0.5
    columns = np.flatnonzero(inside.any(0))
    part = inside[:, columns[0] : columns[-1] + 1]
    lowest = np.where(part.any(0), inside.shape[0] - 1 - np.argmax(part[::-1], axis=0), 0)
    return int(columns[0]), lowest.astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Rest:
    """A straight part of the outline's underside on which the product may rest.

    Attributes:
        columns: Columns of the part.
        rows: Its row in each column.
        nearness: 1 at the base, less where it is higher and so less likely on the ground.
    """

    columns: slice
    rows: NDArray[np.float32]
    nearness: NDArray[np.float32]


def _rests(lowest: NDArray[np.float32], base: int, tall: float) -> list[_Rest]:
    """Long edges of the underside's convex hull, such as from the ball of a shoe to its heel.

    A round underside has only short edges, and edges towards a spout or a lampshade are too steep.
    """
    points = np.column_stack([np.arange(lowest.size), lowest]).astype(np.int32)
    hull = cv2.convexHull(points)[:, 0]
    found = []
    for one, other in zip(hull, np.roll(hull, -1, axis=0), strict=True):
        (left, left_row), (right, right_row) = sorted((tuple(one), tuple(other)))
        across = right - left
        if across < SHORTEST_REST * lowest.size or min(left_row, right_row) < base - FOOT_REACH * tall:
            continue
        if abs(right_row - left_row) > STEEPEST_REST * across:
            continue
        rows = np.linspace(left_row, right_row, across + 1, dtype=np.float32)
        # Skip the upper side of the hull, which spans the same columns.
        if (rows < lowest[left : right + 1] - 1).any():
            continue
        nearness = 1 - 0.5 * (base - rows) / (FOOT_REACH * tall + 1)
        found.append(_Rest(slice(int(left), int(right) + 1), rows, nearness.astype(np.float32)))
    return found


def _hollow(solid: Plane, base: int, tall: float) -> Plane:
    """Ground visible under an arch of the product, between two points of contact; 0..1."""
    first, lowest = underside(solid)
    covered = np.zeros_like(solid)
    row = np.arange(solid.shape[0], dtype=np.float32)[:, None]
    for edge in _rests(lowest, base, tall):
        under = lowest[edge.columns][None]
        span = DEEPEST_HOLLOW * (edge.columns.stop - edge.columns.start)
        dark = np.clip(1 - (edge.rows - under) / span, 0, 1) * edge.nearness
        part = covered[:, first:][:, edge.columns]
        np.maximum(part, np.where((row > under) & (row <= edge.rows), dark, 0), out=part)
    return covered


def _feet(lowest: NDArray[np.float32], base: int, tall: float) -> NDArray[np.float32]:
    """1 where the underside has a narrow downward peak, 0 elsewhere; float32 (w,)."""
    near, far = max(1, round(0.03 * lowest.size)), max(3, round(0.12 * lowest.size))
    padded = np.pad(lowest, far, constant_values=0)
    peak = cv2.dilate(lowest[None], np.ones((1, 2 * near + 1), np.uint8))[0]
    left = np.lib.stride_tricks.sliding_window_view(padded, far)[: lowest.size].min(1)
    right = np.lib.stride_tricks.sliding_window_view(padded, far)[far + 1 :].min(1)
    stands_out = np.minimum(lowest - left, lowest - right) > 0.06 * tall
    feet = (lowest >= peak - 1) & stands_out & (lowest > base - FOOT_REACH * tall)
    return np.asarray(feet, np.float32)


def _footprint(line: Plane, span: float) -> Plane:
    """The contact line dilated by the depth that an object of that width has on the ground."""
    depth = max(1, round(0.05 * span))
    kernel = np.ones((2 * depth + 1, 1), np.uint8)
    return np.asarray(cv2.dilate(line, kernel), np.float32)
