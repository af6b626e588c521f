"""Text detection: box and confidence of a product's label."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.pixels import Plane
from stillroom.imaging.quality.lettering import SIDE, Detector, logo_of

BOX = (100, 50, 500, 450)
"""Of the product in its photo."""


def a_photo() -> NDArray[np.uint8]:
    return np.full((500, 600, 3), 200, np.uint8)


def a_matte(cover: int = 255) -> Matte:
    return Matte(np.full((400, 400), cover, np.uint8), BOX, "drawn", 1.0, 0.0)


def seen(*boxes: tuple[int, int, int, int], likely: float = 0.9) -> Detector:
    """A detector that sees text in boxes of the photo."""

    def detect(tensor: NDArray[np.float32]) -> Plane:
        height, width = tensor.shape[2:]
        assert (height % 32, width % 32) == (0, 0)
        assert max(height, width) == SIDE
        plane = np.zeros((height, width), np.float32)
        for x, y, w, h in boxes:
            left, top = round((x - 100) * width / 400), round((y - 50) * height / 400)
            right, bottom = round((x + w - 100) * width / 400), round((y + h - 50) * height / 400)
            cv2.rectangle(plane, (left, top), (right, bottom), (likely,), cv2.FILLED)
        return plane

    return detect


def test_a_line_is_found_in_the_photos_own_pixels_and_a_little_larger() -> None:
    found = logo_of(a_photo(), a_matte(), seen((250, 200, 120, 30)))
    assert found is not None
    assert found.x < 250 < 370 < found.x + found.w
    assert found.y < 200 < 230 < found.y + found.h
    assert found.w < 180
    assert found.h < 80


def test_a_label_is_as_sure_as_its_main_line() -> None:
    label = (250, 200, 120, 30)
    found = [logo_of(a_photo(), a_matte(), seen(label, likely=likely)) for likely in (0.7, 0.95)]
    assert [one and one.confidence for one in found] == pytest.approx([0.7, 0.95], abs=0.05)


def test_lines_of_one_label_belong_together_and_others_do_not() -> None:
    found = logo_of(a_photo(), a_matte(), seen((250, 200, 120, 30), (270, 245, 80, 14), (120, 400, 40, 10)))
    assert found is not None
    assert found.y + found.h > 259
    assert found.x > 200
    assert found.y + found.h < 380


@pytest.mark.parametrize(
    ("detect", "cover"),
    [
        (seen(), 255),
        (seen((250, 200, 120, 30), likely=0.4), 255),
        (seen((250, 200, 2, 2)), 255),
        (seen((250, 200, 120, 30)), 90),
    ],
)
def test_doubtful_tiny_or_outside_text_is_no_label(detect: Detector, cover: int) -> None:
    assert logo_of(a_photo(), a_matte(cover), detect) is None


def test_a_product_of_a_few_pixels_has_no_label() -> None:
    matte = Matte(np.full((9, 9), 255, np.uint8), (10, 10, 19, 19), "drawn", 1.0, 0.0)
    assert logo_of(a_photo(), matte, seen()) is None
