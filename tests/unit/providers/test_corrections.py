"""Corrections of mattes: a chosen subject, and strokes that the networks judge."""

import threading
from typing import Literal

import anyio
import cv2
import numpy as np
import pytest

from stillroom.domain.mattes import Correction, FoundMatte, MatteBox, Stroke, Subject
from stillroom.imaging.cutout.points.regions import PointNetworks
from stillroom.imaging.io.encoding import png_of
from stillroom.providers.corrections import MatteFinder
from tests.unit.imaging.scenes import RedFinder

pytestmark = pytest.mark.anyio

SIZE = (120, 160)


class DoubtfulCutouts:
    """Stands for the local provider: finds the left half of every photo, with a confidence."""

    def __init__(self, confidence: float) -> None:
        self.confidence = confidence
        self.network_limiter = anyio.CapacityLimiter(1)

    def point_networks(self) -> PointNetworks:
        return PointNetworks(segments=RedFinder())

    async def find(self, *_: object, box: MatteBox) -> FoundMatte:
        assert box.w > 0.375, "with room for the edge"
        cover = np.zeros(SIZE, np.uint8)
        cover[20:100, 10:70] = 255
        return FoundMatte(lambda: png_of(cover), "fake", self.confidence, 0.0)


async def test_chosen_subject_is_as_certain_as_its_own_cut_out() -> None:
    photo = png_of(np.full((*SIZE, 3), 90, np.uint8))
    outline = np.zeros(SIZE, np.uint8)
    cv2.rectangle(outline, (10, 20), (69, 99), (255,), cv2.FILLED)
    subject = Subject(
        id="s4",
        box=MatteBox(x=0.0625, y=0.166, w=0.375, h=0.666),
        share=0.25,
        score=0.009,
        chosen=True,
        outline=png_of(outline),
    )
    found = np.zeros(SIZE, np.uint8)
    found[20:100, 90:150] = 255
    finder = MatteFinder(DoubtfulCutouts(0.3))  # type: ignore[arg-type]
    made = await finder.correct(
        photo, "5f", png_of(found), [subject], Correction(subjects=["s4"]), threading.Event()
    )
    assert made.confidence_after(0.76) == 0.3


@pytest.mark.parametrize(
    ("mode", "path", "confidence"),
    [
        ("add", [[0.5, 0.3], [0.5, 0.7]], 1.0),
        ("add", [[0.9, 0.2], [0.9, 0.8]], 0.4),
        ("remove", [[0.2, 0.3], [0.2, 0.7]], 0.4),
    ],
    ids=["adds a missing part", "adds background", "removes the product"],
)
async def test_stroke_raises_the_confidence_only_where_the_networks_agree(
    mode: Literal["add", "remove"], path: list[list[float]], confidence: float
) -> None:
    photo, found = np.full((*SIZE, 3), 90, np.uint8), np.zeros(SIZE, np.uint8)
    photo[20:100, 10:100] = (200, 40, 40)
    found[20:100, 10:70] = 255
    stroke = Stroke(mode=mode, radius=0.06, points=path)
    finder = MatteFinder(DoubtfulCutouts(0.4))  # type: ignore[arg-type]
    made = await finder.correct(
        png_of(photo), mode, png_of(found), [], Correction(strokes=[stroke]), threading.Event()
    )
    assert made.confidence_after(0.4) == pytest.approx(confidence, abs=0.05)
