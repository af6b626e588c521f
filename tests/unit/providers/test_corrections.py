"""Corrections of mattes by a chosen subject."""

import threading

import cv2
import numpy as np
import pytest

from stillroom.domain.mattes import Correction, FoundMatte, MatteBox, Subject
from stillroom.imaging.io.encoding import png_of
from stillroom.providers.corrections import MatteFinder

pytestmark = pytest.mark.anyio

SIZE = (120, 160)


class DoubtfulCutouts:
    """Stands for the local provider: finds the left half of every photo, with a confidence."""

    def __init__(self, confidence: float) -> None:
        self.confidence = confidence

    async def find(self, *_: object) -> FoundMatte:
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
    finder = MatteFinder(DoubtfulCutouts(0.3), lambda _: None)  # type: ignore[arg-type]
    made = await finder.correct(
        photo, "5f", png_of(found), [subject], Correction(subjects=["s4"]), threading.Event()
    )
    assert made.confidence_after(0.76) == 0.3
