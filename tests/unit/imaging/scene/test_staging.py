"""Staging: shadows, reflection and spill light of a product in a scene."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from stillroom.domain.plans.plan import Shadow
from stillroom.imaging.quality import judgement
from stillroom.imaging.scene.plates import Mix, scenes
from stillroom.imaging.scene.staging import Stage, finished, spill_of, stage_for

SIDE = 800
LEFT: Mix = (("key_left", (1.0, 1.0, 1.0)),)
RIGHT: Mix = (("key_right", (1.0, 1.0, 1.0)),)
AWAY, NEAR = (np.array([row], np.float32) for row in ([0.0, 1.0, 0.0], [0.0, 0.0, 1.0]))
"""Three places: in the middle of a product, at its rim, at its foot."""


def post() -> tuple[NDArray[np.float32], tuple[float, float]]:
    """A post in the middle at a quarter of the size, and the middle of its foot on the canvas."""
    alpha = np.zeros((SIDE // 4, SIDE // 4), np.float32)
    alpha[90:165, 92:108] = 1.0
    return alpha, (400.0, 655.0)


def shown(
    scene: str, mix: Mix, shadow: Shadow | None = None, color: float = 0.5, mirrored: bool = False
) -> NDArray[np.float64]:
    alpha, foot = post()
    stage = stage_for(scenes()[scene], mirrored, (SIDE, SIDE), foot)
    product = np.full((*alpha.shape, 3), color, np.float32) * alpha[..., None]
    picture = finished(stage, mix, None, alpha, product, shadow or Shadow(), defocus=0.0, grain=0.0)
    return np.asarray(picture.astype(np.float64).mean(2))


def darkened(scene: str, mix: Mix, mirrored: bool = False) -> NDArray[np.float64]:
    """Return by how much a shadow darkens the scene."""
    return shown(scene, mix, Shadow(kind="none"), mirrored=mirrored) - shown(scene, mix, mirrored=mirrored)


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_shadow_falls_away_from_the_lamp(mirrored: bool) -> None:
    lamp_left, lamp_right = (RIGHT, LEFT) if mirrored else (LEFT, RIGHT)
    from_left = darkened("concrete_ledge", lamp_left, mirrored)
    from_right = darkened("concrete_ledge", lamp_right, mirrored)
    assert from_left[:, 450:].sum() > 3 * from_left[:, :350].sum()
    assert from_right[:, :350].sum() > 3 * from_right[:, 450:].sum()


@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize("scene", ["wood_oak", "marble_white"])
def test_shadows_of_all_lamps_fall_to_the_side_that_was_asked_for(scene: str, side: int) -> None:
    light = (0.5, 0.5, 0.5)
    mix: Mix = (("key_left", light), ("key_right", light), ("window", light), ("fill", (0.3, 0.3, 0.3)))
    asked = Shadow(direction_deg=90.0 * side)
    left = (shown(scene, mix, asked) + 1) / (shown(scene, mix, Shadow(kind="none")) + 1)
    beside, opposite = left[600:660, 460:500], left[600:660, 300:340]
    if side < 0:
        beside, opposite = opposite, beside
    assert beside.min() < 0.75
    assert opposite.min() > 0.8


def test_the_ground_is_darkest_where_the_product_touches_it() -> None:
    dark = darkened("linen", LEFT)
    assert dark[662, 380:420].mean() > 25
    assert dark[662, 380:420].mean() > dark[600, 520:560].mean()


def test_a_round_foot_is_grounded_along_its_curve() -> None:
    alpha = np.zeros((SIDE // 4, SIDE // 4), np.float32)
    rows, columns = np.mgrid[: SIDE // 4, : SIDE // 4]
    across = (columns - 100) / 50.0
    alpha[(np.abs(across) < 1) & (rows > 130) & (rows < 150 + 14 * np.sqrt(np.clip(1 - across**2, 0, 1)))] = 1
    stage = stage_for(scenes()["wood_oak"], False, (SIDE, SIDE), (400.0, 640.0))
    product = np.full((*alpha.shape, 3), 0.5, np.float32) * alpha[..., None]
    plain, grounded = (
        finished(stage, LEFT, None, alpha, product, Shadow(kind=kind), defocus=0.0, grain=0.0).astype(float)
        for kind in ("none", "soft")
    )
    left = (grounded + 1) / (plain + 1)
    assert left[662:670, 390:410].mean() < 0.75
    assert left[646:654, 264:272].mean() < 0.8


def test_dark_reflection_does_not_darken_a_shadow_twice() -> None:
    mix: Mix = (("key_left", (1.0, 1.0, 1.0)), ("fill", (0.5, 0.5, 0.5)))
    shaded, dark = (
        shown(scene, mix, color=0.0)[661:668, 370:430] for scene in ("concrete_ledge", "marble_white")
    )
    assert dark.min() > 0.5 * shaded.min()


def test_ambient_light_casts_no_directional_shadow() -> None:
    dark = darkened("linen", (("fill", (1.0, 1.0, 1.0)),))
    assert dark[640:680, 380:420].mean() > 8
    assert dark[500:600, 560:].mean() < 1


def test_polished_ground_mirrors_a_bright_product_and_cloth_does_not() -> None:
    def brightened(scene: str) -> float:
        bright, dark = (shown(scene, LEFT, Shadow(kind="none"), color=color) for color in (0.9, 0.05))
        return float((bright - dark)[670:690, 385:415].mean())

    assert brightened("marble_white") > 8
    assert abs(brightened("linen")) < 0.5


def test_a_podium_comes_to_stand_under_the_product_and_no_side_is_left_bare() -> None:
    for foot in ((400.0, 655.0), (300.0, 700.0), (480.0, 560.0)):
        stage = stage_for(scenes()["podium_plaster"], False, (SIDE, SIDE), foot)
        assert _at_standing_point(stage) == pytest.approx(foot, abs=0.5)
        corners = stage.to_canvas @ np.array([[0, 1600], [0, 1600], [1, 1]])
        assert corners[:, 0].max() <= 0.01
        assert corners[:, 1].min() >= SIDE - 0.01


def test_the_ground_on_the_canvas_agrees_with_the_plate_under_it() -> None:
    for mirrored in (False, True):
        stage = stage_for(scenes()["wood_oak"], mirrored, (SIDE, SIDE), (400.0, 655.0))
        assert _at_standing_point(stage) == pytest.approx((400.0, 656.0), abs=0.5)
        right = stage.to_pixels @ np.array([0.05, 0.0, 1.0])
        assert right[0] / right[2] > 400


@pytest.mark.parametrize("name", scenes())
def test_a_scene_colours_rim_and_foot_and_makes_neither_brighter(name: str) -> None:
    plain, rim, foot = spill_of(AWAY, NEAR, scenes()[name].ambient)[0]
    assert plain == pytest.approx((1.0, 1.0, 1.0))
    for gain in (rim, foot):
        assert gain @ (0.2126, 0.7152, 0.0722) == pytest.approx(1.0, abs=1e-3)


def test_warm_ground_tints_the_product_and_nearly_black_ground_does_not() -> None:
    def seen(name: str) -> list[float]:
        grey = np.float32(0.18) * spill_of(AWAY, NEAR, scenes()[name].ambient)[0]
        plain, *parts = cv2.cvtColor(grey[None], cv2.COLOR_RGB2LAB)[0]
        return [float(judgement.delta_e_2000(part[None], plain[None])[0]) for part in parts]

    assert min(seen("wood_oak")) > 1.0
    assert max(seen("slate_dark")) < 0.1


def _at_standing_point(stage: Stage) -> tuple[float, float]:
    x, y, depth = stage.to_pixels @ np.array([0.0, 0.0, 1.0])
    return float(x / depth), float(y / depth)
