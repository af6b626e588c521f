"""Rendered scenes: mixes of lamps, their colour, and grain."""

import numpy as np
import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import Light, Plan
from stillroom.imaging.pixels import luminance
from stillroom.imaging.scene.plates import (
    Mix,
    Scene,
    is_directed,
    lit,
    mix_of,
    photographed,
    scenes,
    shares_of_lamps,
)

EVERY_SCENE = sorted(scenes())


def mixed(scene: Scene, light: Light | None = None, mired: float = 0.0, exposure_ev: float = 0.0) -> Mix:
    return mix_of(scene, light or Light(), mired=mired, exposure_ev=exposure_ev, mirrored=False)


def directed_azimuth(scene: Scene, mix: Mix) -> float:
    """Side that the light of a mix comes from on the whole, -1 left to 1 right."""
    lamps = [(scene.passes[name], weights[1]) for name, weights in mix if is_directed(scene.passes[name])]
    return float(sum(np.sin(np.radians(lamp.azimuth_deg)) * weight for lamp, weight in lamps))


@pytest.mark.parametrize("name", EVERY_SCENE)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_scene_is_found_by_its_own_name(name: str, language: str) -> None:
    words = scenes()[name].names[language] + {"zh": "背景", "en": " background"}[language]
    assert understand(words, Plan()).plan.backdrop.scene == name


@pytest.mark.parametrize("name", EVERY_SCENE)
def test_side_light_changes_direction_and_not_brightness(name: str) -> None:
    scene = scenes()[name]
    left, right = (mixed(scene, Light(azimuth_deg=azimuth)) for azimuth in (-60.0, 60.0))
    assert directed_azimuth(scene, left) < -0.1
    assert directed_azimuth(scene, right) > 0.1
    total = sum(weights[1] for _, weights in mixed(scene))
    for mix in (left, right):
        assert sum(weights[1] for _, weights in mix) == pytest.approx(total, rel=0.03)


def test_in_a_mirrored_scene_the_lamps_change_sides() -> None:
    scene = scenes()["wood_oak"]
    plain = mix_of(scene, Light(azimuth_deg=60.0), mired=0, exposure_ev=0, mirrored=False)
    mirrored = mix_of(scene, Light(azimuth_deg=-60.0), mired=0, exposure_ev=0, mirrored=True)
    assert plain == mirrored


def test_a_warmer_scene_is_redder_against_blue_and_as_bright() -> None:
    scene = scenes()["marble_white"]
    plain, warm = (
        lit(scene.id, mixed(scene, mired=mired), None, scene.size)[::8, ::8] for mired in (0.0, 25.0)
    )
    ratio = [float(light[..., 0].mean() / light[..., 2].mean()) for light in (plain, warm)]
    assert ratio[1] > ratio[0] * 1.08
    assert float(luminance(warm).mean()) == pytest.approx(float(luminance(plain).mean()), rel=0.02)


def test_softer_light_shifts_energy_from_lamps_to_ambient() -> None:
    scene = scenes()["natural_light"]
    hard, soft = (dict(mixed(scene, Light(fill=fill))) for fill in (0.0, 0.5))
    assert soft["fill"][1] > hard["fill"][1]
    assert soft["window"][1] == pytest.approx(hard["window"][1] * 0.7, rel=0.01)


def test_light_adds_up_to_the_sum_of_its_lamps() -> None:
    scene = scenes()["linen"]
    mix = mixed(scene)
    alone = sum(lit(scene.id, (one,), None, scene.size)[::16, ::16] for one in mix)
    assert np.allclose(lit(scene.id, mix, None, scene.size)[::16, ::16], alone, atol=1e-5)
    assert np.allclose(sum(shares_of_lamps(scene.id, mix).values()), 1.0, atol=1e-4)


def test_paper_that_takes_a_colour_has_that_hue() -> None:
    scene = scenes()["paper_tint"]
    pink = lit(scene.id, mixed(scene), "#f0bcc4", scene.size)[1200:1400:8, 700:900:8].mean((0, 1))
    assert pink[0] > pink[2] > pink[1]


def test_grain_is_as_strong_as_asked_and_sunlight_is_not_cut_off() -> None:
    grey = np.full((600, 600, 3), 0.2, np.float32)
    assert photographed(grey, 0.0).astype(float).std() < 0.8
    assert photographed(grey, 3.0)[..., 0].astype(float).std() == pytest.approx(3.0, abs=0.6)
    sun = np.full((8, 8, 3), 1.3, np.float32)
    assert 240 < int(photographed(sun, 0.0).max()) < 255
