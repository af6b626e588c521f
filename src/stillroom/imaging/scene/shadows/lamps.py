"""Cast shadows: project a standing product on the ground, away from one lamp."""

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.pixels import Plane, blur
from stillroom.imaging.resizing import size_of
from stillroom.imaging.scene.plates import Lamp
from stillroom.imaging.scene.shadows import soft

FRONT = 0.17  # of the product's width: how far its front is before its centre, at typical elevations
_LOWEST = 24.0  # degrees; a lower lamp would cast unusually long shadows
_STEEPEST = 0.4  # rows per column; a steeper edge is no line of support
_FADED = 0.35  # of the shadow that is filled in at its far end by indirect light
_PENUMBRAS = (0.06, 0.3, 0.85)  # of the product's height: where the blur of a shadow is computed
_FLAT = 0.45  # ratio of the vertical to the horizontal blur on the ground
_EDGE_ON, _TURNED = np.pi / 6, 1.5  # angle to a silhouette below which it is turned, and turn per radian less
_NEAR_LINE = 0.15  # of the shorter side: how far above the line of support a round foot still rests
_CLOSEST = 0.4  # of the product's distance from the camera: where the end of a shadow may be


def cast(
    to_canvas: NDArray[np.float64],
    lamp: Lamp,
    azimuth_deg: float,
    solid: Plane,
    softness: float,
    length: float,
) -> Plane:
    """Shadow of the product from one lamp, projected on the ground by the plate's homography.

    Args:
        to_canvas: 3x3, from metres on the ground to pixels of the canvas.
        azimuth_deg: Direction from which it casts the shadow.
        solid: The product without thin parts.
        softness: Of the shadow; 1 is that of the lamp.
        length: Of the shadow, as a multiple of the lamp's.

    Returns:
        float32 (h, w), 0..1, share of the lamp's light that is blocked.
    """
    if length < soft.SHORTEST_CAST:
        return np.zeros_like(solid)
    to_pixels = np.diag([1 / soft.STEP, 1 / soft.STEP, 1.0]) @ to_canvas
    reach = float(length / np.tan(np.radians(max(lamp.elevation_deg, _LOWEST))))
    matrix, heights, tall = _fall(solid, to_pixels, float(np.radians(azimuth_deg)), reach)
    size = size_of(solid)
    laid = np.asarray(cv2.warpPerspective(solid, matrix, size, flags=cv2.INTER_LINEAR), np.float32)
    edge = cv2.BORDER_REPLICATE
    height = np.asarray(
        cv2.warpPerspective(heights, matrix, size, flags=cv2.INTER_LINEAR, borderMode=edge),
        np.float32,
    )
    half_lamp = np.tan(np.radians(lamp.angular_size_deg / 2))
    spread = float(0.5 * tall * half_lamp * float(np.hypot(1.0, reach)) * softness)
    return np.asarray(_blurred(laid, height, spread) * (1 - _FADED * height), np.float32)


def _fall(
    solid: Plane, to_pixels: NDArray[np.float64], azimuth: float, reach: float
) -> tuple[NDArray[np.float64], Plane, float]:
    """Project the upright product on the ground.

    Args:
        to_pixels: 3x3, from metres on the ground to pixels of the plane.
        azimuth: Of the lamp, radians.
        reach: Length of the shadow of a post, relative to the post's.

    Returns:
        3x3 matrix from a pixel of the product to the pixel of its shadow; height above the line of support as
        a share of the product's; and its height in pixels.
    """
    rows, columns = np.flatnonzero((solid > 0.5).any(1)), np.flatnonzero((solid > 0.5).any(0))
    tall = float(rows[-1] - rows[0] + 1)
    middle = float(columns[0] + columns[-1]) / 2
    base, slope = _support(solid, middle)
    base -= 0.5 * FRONT * min(_foot_width(solid, base, slope, middle), tall)
    to_ground = np.linalg.inv(to_pixels)
    foot = _through(to_ground, middle, base)
    beside = _through(to_pixels, foot[0] + 0.01, foot[1])
    per_metre = (beside[0] - middle) / 0.01
    end = _through(to_ground, middle + 1, base + slope)
    falls = -float(np.sin(azimuth)), float(np.cos(azimuth))
    along, back = _turned(end[0] - foot[0], end[1] - foot[1], falls)
    across, away = falls[0] * reach / per_metre, falls[1] * reach / per_metre
    nearer = _nearest(to_pixels, foot, (across * tall, away * tall))
    across, away = across * nearer, away * nearer
    # A point `h` pixels above the line of support falls `h` times (across, away) from its foot on that line.
    start = base - slope * middle
    on_ground = np.array(
        [
            [along + across * slope, -across, foot[0] - along * middle + across * start],
            [back + away * slope, -away, foot[1] - back * middle + away * start],
            [0.0, 0.0, 1.0],
        ]
    )
    line = start + slope * np.arange(solid.shape[1], dtype=np.float32)
    above = (line[None] - np.arange(solid.shape[0], dtype=np.float32)[:, None]) / tall
    return to_pixels @ on_ground, np.clip(above, 0.0, 1.0).astype(np.float32), tall


def _turned(along: float, back: float, light: tuple[float, float]) -> tuple[float, float]:
    """The line of support, turned about the foot so that a light along it does not see the product edge-on.

    A silhouette seen edge-on would cast a line, but a body is about as deep as it is wide.
    """
    seen = np.arctan2(light[0] * back - light[1] * along, light[0] * along + light[1] * back)
    seen -= np.pi * np.round(seen / np.pi)
    turn = np.copysign(_TURNED * max(0.0, _EDGE_ON - abs(seen)), seen)
    cosine, sine = float(np.cos(turn)), float(np.sin(turn))
    return along * cosine - back * sine, along * sine + back * cosine


def _blurred(laid: Plane, height: Plane, spread: float) -> Plane:
    """Blur a shadow, increasing with the height of what casts it, by an interpolation of three blurs."""
    levels = []
    for share in _PENUMBRAS:
        sigma = max(0.5, share * spread)
        levels.append(blur(laid, sigma, max(0.5, _FLAT * sigma)))
    near = np.clip((_PENUMBRAS[1] - height) / (_PENUMBRAS[1] - _PENUMBRAS[0]), 0.0, 1.0)
    far = np.clip((height - _PENUMBRAS[1]) / (_PENUMBRAS[2] - _PENUMBRAS[1]), 0.0, 1.0)
    blurred = levels[0] * near + levels[1] * (1 - near) * (1 - far) + levels[2] * far
    return np.asarray(blurred, np.float32)


def _nearest(to_pixels: NDArray[np.float64], foot: tuple[float, float], end: tuple[float, float]) -> float:
    """Share of a shadow, 0..1, that ends well before the camera, which a long one would pass."""
    distance = float(to_pixels[2] @ (foot[0], foot[1], 1.0))
    nearer = float(-to_pixels[2, :2] @ end)
    return min(1.0, (1 - _CLOSEST) * distance / nearer) if nearer > 0 else 1.0


def _support(solid: Plane, middle: float) -> tuple[float, float]:
    """Line on which the product rests: its row at the middle column, and rows per column.

    It is the longest edge of the outline's lower hull, such as from the toe of a shoe to its heel.
    """
    inside = solid > 0.5
    columns = np.flatnonzero(inside.any(0))
    lowest = (solid.shape[0] - 1 - np.argmax(inside[::-1], axis=0))[columns]
    base = float(lowest.max())
    hull = cv2.convexHull(np.column_stack([columns, lowest]).astype(np.int32))[:, 0].astype(np.float64)
    edges = np.roll(hull, -1, axis=0) - hull
    across = np.abs(edges[:, 0])
    slopes = edges[:, 1] / np.maximum(across, 1e-6)
    ends = np.minimum(hull[:, 1], np.roll(hull, -1, axis=0)[:, 1])
    tall = float(base - np.flatnonzero(inside.any(1))[0] + 1)
    rests = (np.abs(slopes) < _STEEPEST) & (ends > base - 0.25 * tall) & (across > 0.35 * columns.size)
    if not rests.any():
        return base, 0.0
    chosen = int(np.argmax(np.where(rests, across, 0)))
    slope = float(edges[chosen, 1] / edges[chosen, 0])
    return float(hull[chosen, 1] + slope * (middle - hull[chosen, 0])), slope


def _foot_width(solid: Plane, base: float, slope: float, middle: float) -> float:
    """Width of the widest part that rests on the line of support; of a chair, that of a leg."""
    inside = solid > 0.5
    columns, rows = np.flatnonzero(inside.any(0)), np.flatnonzero(inside.any(1))
    lowest = solid.shape[0] - 1 - np.argmax(inside[::-1], axis=0)
    line = base + slope * (np.arange(solid.shape[1]) - middle)
    near = _NEAR_LINE * min(np.ptp(columns) + 1, np.ptp(rows) + 1)
    rests = inside.any(0) & (lowest > line - near)
    ends = np.flatnonzero(np.diff(np.pad(rests.astype(np.int8), 1)))
    return float(np.diff(ends.reshape(-1, 2)).max(initial=1))


def _through(matrix: NDArray[np.floating], x: float, y: float) -> tuple[float, float]:
    mapped = matrix @ np.array([x, y, 1.0])
    return float(mapped[0] / mapped[2]), float(mapped[1] / mapped[2])
