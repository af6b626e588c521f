"""Key light: estimate its direction from shading, and relight the product from another one."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.domain.plans.measured import ColorTone, Lighting
from stillroom.domain.plans.plan import Light as LightPlan
from stillroom.imaging.pixels import Plane, blur

SIDE = 224  # pixels of the longer side; normals are approximate, so more detail would be false precision
_AMBIENT_FLOOR = 0.15  # lower bound of the old light, which avoids division by zero on its dark side
_BRIGHT = 0.72  # linear; leaves headroom for exposure and tone
_DARKEST = 0.004  # linear; below it shading is noise
_FRONT = 0.15  # least component of a light towards the camera
MIN_CONFIDENCE = 0.3  # below it the fitted direction is noise


@dataclass(frozen=True, slots=True)
class KeyLight:
    """The main light, as angles seen from the product.

    Attributes:
        azimuth_deg: -90 is left, 0 the camera, 90 right.
        elevation_deg: Above the horizon.
        confidence: Strength of the directional shading, 0 and up; below 0.3 the angles are assumed.
        softness: 0 (hard) to 1 (overcast).
    """

    azimuth_deg: float
    elevation_deg: float
    confidence: float
    softness: float

    @property
    def certainty(self) -> float:
        """Confidence of the angles, 0..1; 0.5 at `MIN_CONFIDENCE`."""
        share = self.confidence / (self.confidence + MIN_CONFIDENCE)
        return math.floor(100 * share) / 100  # rounding up would overstate it


ASSUMED = KeyLight(azimuth_deg=-30.0, elevation_deg=45.0, confidence=0.0, softness=0.6)


def direction(azimuth_deg: float, elevation_deg: float) -> NDArray[np.float32]:
    """Unit vector towards a light: x right, y up, z to the camera."""
    azimuth, elevation = np.radians(azimuth_deg), np.radians(elevation_deg)
    level = np.cos(elevation)
    return np.array([np.sin(azimuth) * level, np.sin(elevation), np.cos(azimuth) * level], np.float32)


def normals_of(alpha: Plane) -> NDArray[np.float32]:
    """Approximate surface normals by inflating the silhouette.

    Args:
        alpha: Small, 0..1.

    Returns:
        float32 (h, w, 3), unit vectors, x right, y up, z to the camera.
    """
    padded = cv2.copyMakeBorder((alpha > 0.5).astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    distance = np.asarray(cv2.distanceTransform(padded, cv2.DIST_L2, 5), np.float32)[1:-1, 1:-1]
    radius = max(float(distance.max()), 1.0)
    height = np.sqrt(np.maximum(distance * (2 * radius - distance), 0.0)).astype(np.float32)
    height = blur(height, 0.18 * radius)
    right = -np.asarray(cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3), np.float32) / 8
    up = np.asarray(cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3), np.float32) / 8
    normals = np.dstack([right, up, np.ones_like(height)])
    return np.asarray(normals / np.linalg.norm(normals, axis=2, keepdims=True), np.float32)


Slope = tuple[float, float, float]


def key_light_of(level: Plane, alpha: Plane, normals: NDArray[np.float32]) -> KeyLight:
    """Fit a key light to the shading by iteratively reweighted least squares.

    Args:
        level: Luminance, linear light.
        normals: float32 (h, w, 3).
    """
    slope = slope_of(np.log(np.maximum(level, _DARKEST)), alpha, normals)
    if slope is None:
        return ASSUMED
    x, y, z = slope
    confidence = float(np.hypot(x, y))
    if confidence < MIN_CONFIDENCE:
        return KeyLight(ASSUMED.azimuth_deg, ASSUMED.elevation_deg, confidence, 0.8)
    elevation = float(np.degrees(np.arctan2(y, np.hypot(x, max(abs(z), _FRONT)))))
    softness = float(np.clip(1.1 - confidence / 1.6, 0.1, 0.9))
    return KeyLight(azimuth_of(slope), float(np.clip(elevation, 10, 75)), confidence, softness)


def azimuth_of(slope: Slope) -> float:
    """Azimuth of the light in degrees, -90 left to 90 right."""
    x, _, z = slope
    return float(np.degrees(np.arctan2(x, max(abs(z), _FRONT))))


def slope_of(shading: Plane, alpha: Plane, normals: NDArray[np.float32]) -> Slope | None:
    """Gradient of shading towards the right, upwards and towards the camera, by robust least squares.

    Args:
        shading: Natural log of light, or of its change.
        normals: float32 (h, w, 3).

    Returns:
        None if the product has too few pixels.
    """
    inside = alpha > 0.9
    if int(inside.sum()) < 200:
        return None
    values = shading[inside]
    basis = np.column_stack([normals[inside], np.ones(int(inside.sum()), np.float32)]).astype(np.float64)
    fit = robust_fit(basis, values, ridge=1e-3, share=0.15)
    return float(fit[0]), float(fit[1]), float(fit[2])


def robust_fit(
    basis: NDArray[np.float64], values: NDArray[np.floating], *, ridge: float, share: float = 0.0
) -> NDArray[np.float64]:
    """Iteratively reweighted least squares; outliers such as a repainted label get little weight.

    Args:
        basis: (N, terms).
        values: (N,).
        ridge: Strength of the L2 penalty.
        share: Of the median residual, below which residuals count alike.
    """
    weight: NDArray[np.floating] = np.ones(len(values))
    fit = np.zeros(basis.shape[1])
    for _ in range(6):
        weighted = basis * weight[:, None]
        fit = np.linalg.solve(basis.T @ weighted + ridge * np.eye(basis.shape[1]), weighted.T @ values)
        residual = np.abs(values - basis @ fit)
        weight = 1.0 / np.maximum(residual, share * max(float(np.median(residual)), 1e-3) + 0.05)
    return fit


def lighting_of(key: KeyLight, tone: ColorTone) -> Lighting:
    sure = key.certainty
    return Lighting(
        azimuth_deg=round(key.azimuth_deg, 1),
        elevation_deg=round(key.elevation_deg, 1),
        softness=round(key.softness, 2),
        kelvin=tone.kelvin,
        confidence={
            "azimuth_deg": sure,
            "elevation_deg": sure,
            "softness": sure,
            "kelvin": tone.confidence["kelvin"],
        },
    )


def gain_of(
    wanted: LightPlan, key: KeyLight, level: Plane, alpha: Plane, normals: NDArray[np.float32]
) -> Plane | None:
    """Gain that relights the product: new key direction, fill and rim.

    Args:
        level: Luminance, linear light.
        normals: float32 (h, w, 3).

    Returns:
        float32 (h, w), smooth; None if nothing changes.
    """
    gain = np.ones_like(level)
    if wanted.azimuth_deg is not None:
        gain *= _relit(wanted, key, normals)
    if wanted.fill > 0:
        gain *= _filled(wanted.fill, level, alpha)
    if wanted.rim > 0:
        gain *= 1.0 + 1.4 * wanted.rim * (1.0 - normals[..., 2]) ** 2
    if wanted.azimuth_deg is None and wanted.fill == 0 and wanted.rim == 0:
        return None
    return blur(np.minimum(gain, _headroom(level, alpha)).astype(np.float32), 1.5)


def _headroom(level: Plane, alpha: Plane) -> Plane:
    """Largest gain before white, from blurred levels so that texture is preserved."""
    around = blur(level * alpha, 1.5) / (blur(alpha, 1.5) + 1e-3)
    return np.maximum(1.0, _BRIGHT / np.maximum(around, 0.02)).astype(np.float32)


def _relit(wanted: LightPlan, key: KeyLight, normals: NDArray[np.float32]) -> Plane:
    share = wanted.strength
    old = np.maximum(normals @ direction(key.azimuth_deg, key.elevation_deg), 0.0)
    new = np.maximum(normals @ direction(wanted.azimuth_deg or 0.0, wanted.elevation_deg), 0.0)
    gain = (1 - share + share * new) / np.maximum(_AMBIENT_FLOOR, 1 - share + share * old)
    return np.asarray(np.clip(gain, 0.45, 2.2), np.float32)


def _filled(fill: float, level: Plane, alpha: Plane) -> Plane:
    """Gain that lifts what is below the product's 65th percentile, from blurred levels to keep texture."""
    weight = blur(alpha, 6) + 1e-3
    around = blur(level * alpha, 6) / weight
    inside = around[alpha > 0.5]
    middle = float(np.percentile(inside, 65)) if inside.size else 0.18
    return np.clip(((middle + 0.01) / (around + 0.01)) ** (0.4 * fill), 1.0, 1.9).astype(np.float32)
