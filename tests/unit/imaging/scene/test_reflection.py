"""Reflections on the ground, and the shadow that they share it with."""

import numpy as np

from stillroom.imaging.scene import backdrops
from stillroom.imaging.scene.reflection import ACRYLIC, gained_by

BEIGE = np.array([0.5, 0.48, 0.35], np.float32)
WHITE = np.ones(3, np.float32)


def mug() -> tuple[np.ndarray, np.ndarray]:
    """A beige product: its matte and its light."""
    alpha = np.zeros((250, 250), np.float32)
    alpha[60:180, 80:170] = 1
    light = np.zeros((250, 250, 3), np.float32)
    light[60:180, 80:170] = BEIGE
    return alpha, light


def test_a_reflection_does_not_take_light_that_the_shadow_has_taken() -> None:
    alpha, light = mug()
    plate = np.ones((250, 250, 3), np.float32)
    density = np.full((250, 250), 0.6, np.float32)
    gained = gained_by(alpha, light, WHITE, 1.0, ACRYLIC)
    picture = backdrops.finished(plate, density, (250, 250), gained)
    assert picture[182:240, 90:160].min() > 90
