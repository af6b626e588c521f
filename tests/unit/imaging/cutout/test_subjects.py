"""Subjects: which objects are proposed, how they are scored, and when the choice is uncertain."""

from typing import cast

import cv2
import numpy as np

from stillroom.imaging.cutout.networks import Network, NetworkSpec
from stillroom.imaging.cutout.subjects import cut_out_of, outline_in, proposed
from stillroom.imaging.pixels import Picture, Plane


class RedFinder:
    """Finds whatever is red, as a network that is sure."""

    spec = NetworkSpec("red", 320, "isnet")
    engine = "onnxruntime"

    def predict(self, photo: Picture) -> Plane:
        small = np.asarray(cv2.resize(photo, (320, 320), interpolation=cv2.INTER_AREA), np.int16)
        return np.where(small[..., 0] - small[..., 2] > 60, 0.98, 0.02).astype(np.float32)


def photo_of(*balls: tuple[int, int, int]) -> Picture:
    photo = np.full((600, 800, 3), 150, np.uint8)
    for x, y, radius in balls:
        cv2.circle(photo, (x, y), radius, (220, 40, 40), cv2.FILLED)
    return photo


def network() -> Network:
    return cast("Network", RedFinder())


def test_one_object_is_certain_and_chosen() -> None:
    matte = cut_out_of(photo_of((400, 320, 150)), network())
    (only,) = matte.subjects.items
    assert matte.subjects.certain
    assert (only.id, only.chosen) == ("s1", True)
    assert abs(only.box.x - 250 / 800) < 0.02
    outline = outline_in(only, (600, 800))
    assert outline[320, 400] == 255
    assert outline[50, 50] == 0


def test_two_equal_objects_are_uncertain() -> None:
    matte = cut_out_of(photo_of((230, 320, 110), (570, 320, 110)), network())
    assert len(matte.subjects.items) == 2
    assert not matte.subjects.certain


def test_a_small_object_at_the_border_does_not_make_the_choice_uncertain() -> None:
    matte = cut_out_of(photo_of((400, 320, 150), (760, 40, 25)), network())
    assert matte.subjects.certain
    assert [one.chosen for one in matte.subjects.items][:1] == [True]


def test_without_a_network_there_are_no_subjects() -> None:
    assert cut_out_of(photo_of((400, 320, 150)), None).subjects.items == ()


def test_specks_and_repetitions_are_not_proposed() -> None:
    look = np.zeros((240, 320), np.float32)
    cv2.circle(look, (160, 120), 50, (0.9,), cv2.FILLED)
    cv2.circle(look, (20, 20), 2, (0.9,), cv2.FILLED)
    assert len(proposed([look, look], look > 0.5)) == 1
