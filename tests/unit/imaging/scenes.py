"""Small made-up photos whose truth is known."""

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.cutout.networks import NetworkSpec
from stillroom.imaging.pixels import Picture, Plane
from stillroom.imaging.scene.product import Product

Pixels = NDArray[np.uint8]


class RedFinder:
    """A network that takes red for the product."""

    spec = NetworkSpec("red", 128, "unit")

    def predict(self, photo: Picture) -> Plane:
        return np.asarray(photo[..., 0] > photo[..., 2] + 40, np.float32)


def ball(side: int = 400, radius: int = 120, light: tuple[float, float, float] = (-0.6, 0.5, 0.6)) -> Pixels:
    """A matt orange ball lit from a direction (x right, y up, z to the camera) on a grey wall, uint8 sRGB."""
    y, x = np.mgrid[:side, :side].astype(np.float64)
    right, down = (x - side / 2) / radius, (y - side / 2) / radius
    inside = right**2 + down**2 <= 1
    front = np.sqrt(np.clip(1 - right**2 - down**2, 0, 1))
    direction = np.array(light) / np.linalg.norm(light)
    shade = 0.25 + 0.75 * np.clip(right * direction[0] - down * direction[1] + front * direction[2], 0, 1)
    color = np.where(inside[..., None], shade[..., None] * (0.75, 0.36, 0.12), 0.35)
    return np.rint(np.clip(color, 0, 1) ** (1 / 2.2) * 255).astype(np.uint8)


def disc(side: int = 400, radius: int = 120) -> Pixels:
    """The ball's true matte, uint8, with a soft edge of one pixel."""
    large = np.zeros((side * 4, side * 4), np.uint8)
    cv2.circle(large, (side * 2, side * 2), radius * 4, (255.0,), cv2.FILLED)
    return np.asarray(cv2.resize(large, (side, side), interpolation=cv2.INTER_AREA), np.uint8)


def matte_of_disc(side: int = 400, radius: int = 120) -> Matte:
    """A matte whose box is the middle of the photo, with a margin."""
    edge = side // 2 - radius - 10
    box = (edge, edge, side - edge, side - edge)
    return Matte(disc(side, radius)[edge : side - edge, edge : side - edge], box, "drawn", 1.0, 0.02)


def orange_ball(
    side: int = 400, radius: int = 120, light: tuple[float, float, float] = (-0.6, 0.5, 0.6)
) -> Product:
    """The ball as a product."""
    return Product(ball(side, radius, light), matte_of_disc(side, radius))
