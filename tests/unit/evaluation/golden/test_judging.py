"""Verdict on the backdrop of a golden case."""

from typing import Any

import numpy as np
import pytest

from stillroom.domain.plans.plan import Backdrop, CarriedOutPlan
from stillroom.evaluation.golden.judging import Shot, judged
from stillroom.evaluation.golden.measurement import Truth
from stillroom.evaluation.golden.runs import Expectation
from stillroom.imaging.pixels import Picture
from tests.unit.evaluation.golden.records import a_result

WHITE, RED, GREEN, GREY = (255, 255, 255), (200, 60, 60), (60, 150, 60), (128, 128, 128)


def ground(color: tuple[int, int, int], noise: int = 0) -> Picture:
    """A picture of one colour; `noise` is the greatest deviation of a pixel."""
    spread = np.random.default_rng(5).integers(-noise, noise + 1, (200, 200, 3))
    return np.clip(np.array(color) + spread, 0, 255).astype(np.uint8)


def note_on(picture: Picture, kind: str = "color", **expected: Any) -> str | None:
    # Without the place of the product in it, only the backdrop of a picture is judged.
    shot = Shot(picture, None, None, CarriedOutPlan(backdrop=Backdrop(kind=kind)))
    truth = Truth(picture, np.zeros(picture.shape[:2], np.uint8))
    result = judged(a_result(), Expectation(**expected), truth, shot)
    assert result.backdrop_ok == (result.backdrop_note is None)
    return result.backdrop_note


def test_white_backdrop_must_be_exactly_white() -> None:
    assert note_on(ground(WHITE), backdrop="white") is None
    assert note_on(ground((254, 255, 255)), backdrop="white") == "white 0.0%"


@pytest.mark.parametrize(
    ("color", "limits", "complaint"),
    [
        (RED, {"hue": (10, 50)}, None),
        (RED, {"hue": (340, 50)}, None),
        (GREEN, {"hue": (340, 50)}, "hue"),
        (GREY, {"chroma": (0, 5)}, None),
        (RED, {"chroma": (0, 5)}, "C*"),
        (GREY, {"lightness": (80, 100)}, "L*"),
    ],
)
def test_plain_backdrop_must_have_the_colour_that_was_asked_for(
    color: tuple[int, int, int], limits: dict[str, Any], complaint: str | None
) -> None:
    note = note_on(ground(color), backdrop="plain", **limits)
    assert (note and note.split()[0]) == complaint


def test_texture_is_expected_of_a_scene_and_not_of_a_plain_backdrop() -> None:
    flat, rough = ground(GREY), ground(GREY, noise=60)
    assert str(note_on(rough, backdrop="plain")).startswith("not plain")
    assert note_on(rough, "scene", backdrop="scene") is None
    assert str(note_on(flat, "scene", backdrop="scene")).startswith("a plain ground")
    assert note_on(rough, "keep", backdrop="scene") == "the photo's own scene"
