"""Camera viewpoint: pitch, horizon and elevation, estimated from straight lines and the product's foot."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SURE_DEG = 8.0  # standard deviation at which the confidence is 0.5; beyond it the lines fit almost any camera
_FOCAL = 0.95  # of the photo's longer side; phones' main cameras have 0.72 to 1.1
_MAX_LINES = 90  # the longest; more cost time and change the pitch by less than a degree
_STEP_DEG, _STEEPEST_DEG = 2.0, 90.0
_TURNS_DEG = np.arange(0.0, 180.0, 3.0)  # directions on the ground that are tried
_ROLLS_DEG = (-2.5, 0.0, 2.5)  # roll of a camera that was held nearly level
_FITS_DEG = 1.3  # tolerance between a segment and the direction to its vanishing point
_LONGEST = 0.25  # of the longer side; longer segments get no more weight
_SHAKEN_DEG = 12.0  # random rotation of the segments, which measures agreement by chance
_EVIDENCE = 60.0  # log odds per agreement beyond chance; fitted to the twenty golden photos
_ENOUGH_LINES = 50
_USUAL_DEG, _USUAL_SPREAD_DEG = 25.0, 22.0  # prior: typical pitch of a phone over a product
_FOOT_SPREAD_DEG = 7.0  # uncertainty of the estimate from a round foot
_FOOT_MOST = 12.0  # most log odds against a pitch; clear lines outvote a round end that is no foot


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """Viewpoint of a photo's camera.

    Attributes:
        pitch_deg: Downward pitch, 0 is level.
        horizon_y: Horizon as a share of the photo's height from the top; negative above the photo.
        elevation_deg: Elevation from which the product's centre is seen; it differs from the pitch if the
            product is off the photo's centre.
        perspective_deg: Angle between the rays to the product's top and foot; the larger, the stronger its
            perspective.
        confidence: 0 (unknown) to 1.
    """

    pitch_deg: float
    horizon_y: float
    elevation_deg: float
    perspective_deg: float
    confidence: float

    @property
    def is_sure(self) -> bool:
        return self.confidence >= 0.5


def viewpoint_of(
    segments: NDArray[np.float64],
    photo: tuple[int, int],
    product: tuple[float, float, float, float],
    foot_deg: float | None,
) -> Viewpoint:
    """Estimate the camera pitch under which the scene's lines are horizontal or vertical (Manhattan world).

    Args:
        segments: float64 (N, 4), straight lines around the product, x0, y0, x1, y1 in photo pixels.
        photo: Width and height.
        product: Left, top, right, bottom in photo pixels.
        foot_deg: Elevation estimated from the product's foot, if any.

    Source:
        Coughlan and Yuille, "Manhattan World", Neural Computation 2003: a rotation is scored by how many
        edges point to its vanishing points.
    """
    height = photo[1]
    focal = _FOCAL * max(photo)
    pitches = np.arange(0.0, _STEEPEST_DEG + 1, _STEP_DEG)
    odds = -(((pitches - _USUAL_DEG) / _USUAL_SPREAD_DEG) ** 2) / 2
    length = np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])
    longest = np.argsort(-length)[:_MAX_LINES]
    if longest.size:
        beyond_chance = _beyond_chance(segments[longest], photo, pitches)
        odds = odds + _EVIDENCE * min(1.0, longest.size / _ENOUGH_LINES) ** 0.5 * beyond_chance
    if foot_deg is not None:
        below = float(np.degrees(np.arctan2(product[3] - height / 2, focal)))
        off = (pitches - (foot_deg - below)) / _FOOT_SPREAD_DEG
        odds = odds - np.minimum(off**2 / 2, _FOOT_MOST)
    share = np.exp(odds - odds.max())
    share /= share.sum()
    pitch = float(share @ pitches)
    spread = float(np.sqrt(share @ (pitches - pitch) ** 2))
    top, middle, base = (
        float(np.degrees(np.arctan2(y - height / 2, focal)))
        for y in (product[1], (product[1] + product[3]) / 2, product[3])
    )
    return Viewpoint(
        pitch_deg=round(pitch, 1),
        horizon_y=round(0.5 - float(np.tan(np.radians(pitch))) * focal / height, 3),
        elevation_deg=round(float(np.clip(pitch + middle, 0.0, 90.0)), 1),
        perspective_deg=round(base - top, 1),
        confidence=round(1.0 / (1.0 + (spread / SURE_DEG) ** 2), 2),
    )


def _beyond_chance(
    segments: NDArray[np.float64], photo: tuple[int, int], pitches: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Share of the lines that agree with each pitch, minus that of randomly rotated lines."""
    longer = max(photo)
    scaled = segments - np.array([*photo, *photo]) / 2
    middle, half = (scaled[:, :2] + scaled[:, 2:]) / 2, (scaled[:, 2:] - scaled[:, :2]) / 2
    length = 2 * np.hypot(half[:, 0], half[:, 1])
    weight = np.minimum(length, _LONGEST * longer)
    weight = weight / weight.sum()
    way = half / np.maximum(np.hypot(half[:, 0], half[:, 1]), 1e-9)[:, None]
    middle = middle / (_FOCAL * longer)
    agreed = _agreement(middle, way, weight, pitches)
    random = np.random.default_rng(0)
    chance = [
        _agreement(middle, _turned(way, random.uniform(-_SHAKEN_DEG, _SHAKEN_DEG, len(way))), weight, pitches)
        for _ in range(2)
    ]
    beyond = agreed - np.mean(chance, axis=0)
    return np.convolve(np.pad(beyond, 1, mode="edge"), [0.25, 0.5, 0.25], "valid")


def _turned(way: NDArray[np.float64], degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.column_stack([cosine * way[:, 0] - sine * way[:, 1], sine * way[:, 0] + cosine * way[:, 1]])


def _agreement(
    middle: NDArray[np.float64],
    way: NDArray[np.float64],
    weight: NDArray[np.float64],
    pitches: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Best share of lines that a camera of each pitch explains, over rolls and ground directions.

    Args:
        middle: float64 (N, 2), centres of the segments relative to the photo's centre, in focal lengths.
        way: float64 (N, 2), unit vectors along them.
        weight: float64 (N,), summing to 1.
        pitches: float64 (P,), degrees.
    """
    down, turn = np.radians(pitches), np.radians(_TURNS_DEG)
    # Direction on the ground in camera axes: right, down, ahead.
    right = np.broadcast_to(np.sin(turn), (down.size, turn.size)).ravel().astype(np.float32)
    ahead = np.outer(np.cos(down), np.cos(turn)).ravel().astype(np.float32)
    lower = -np.outer(np.sin(down), np.cos(turn)).ravel().astype(np.float32)
    sine, cosine = np.sin(down).astype(np.float32), np.cos(down).astype(np.float32)
    fits = np.float32(1.0 / np.sin(np.radians(_FITS_DEG)) ** 2)
    best = np.zeros(down.size)
    for roll in _ROLLS_DEG:
        at, along = (
            _turned(vectors, np.full(len(vectors), -roll)).astype(np.float32) for vectors in (middle, way)
        )
        spread = at[:, 0] * along[:, 1] - at[:, 1] * along[:, 0]
        across = np.outer(along[:, 1], right) - np.outer(along[:, 0], lower) - np.outer(spread, ahead)
        squared = (right - np.outer(at[:, 0], ahead)) ** 2 + (lower - np.outer(at[:, 1], ahead)) ** 2
        level = np.exp(-fits * across**2 / (squared + 1e-9)).reshape(len(at), down.size, turn.size)
        # Pair directions at right angles.
        square = np.maximum(level[..., : turn.size // 2], level[..., turn.size // 2 :])
        up = np.outer(at[:, 0], sine), np.outer(at[:, 1], sine) - cosine
        off = up[0] * along[:, 1:] - up[1] * along[:, :1]
        upright = np.exp(-fits * off**2 / (up[0] ** 2 + up[1] ** 2 + 1e-9))
        explained = np.einsum("n,npt->pt", weight, np.maximum(square, upright[..., None]))
        best = np.maximum(best, explained.max(axis=1))
    return best
