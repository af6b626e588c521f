"""Mirrored passes: combination of the outputs, and choice of the cut-outs that get them."""

from collections.abc import Callable

import cv2
import numpy as np

from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.cutout.mirrored import Mirrored, Remembering
from stillroom.imaging.cutout.networks import NetworkSpec
from stillroom.imaging.cutout.prompted import MASK_SIDE, Answer, Encoding, Prompt, PromptNetwork
from stillroom.imaging.cutout.subjects import cut_out_of
from stillroom.imaging.pixels import Picture, Plane

SIDE = 320


class Finder:
    """Finds red pixels, as far as it sees them, and counts its passes."""

    def __init__(self, sees: Callable[[Plane], Plane] = lambda plane: plane, name: str = "red") -> None:
        self.spec = NetworkSpec(name, SIDE, "isnet")
        self.passes = 0
        self._sees = sees

    def predict(self, photo: Picture) -> Plane:
        self.passes += 1
        small = np.asarray(cv2.resize(photo, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.int16)
        return self._sees(np.where(small[..., 0] - small[..., 2] > 60, 0.98, 0.02).astype(np.float32))


def without_right(plane: Plane) -> Plane:
    """Overlook what lies right of the middle."""
    return np.where(np.arange(SIDE) > SIDE // 2, np.float32(0.02), plane)


class LeftPartPromptNetwork(PromptNetwork):
    """A prompt network that sees an object in the left part of its box."""

    def __init__(self, share: float) -> None:
        self._share = share

    def encoded(self, _: Picture) -> Encoding:
        return {}

    def answer(self, _: Encoding, prompt: Prompt) -> Answer:
        logits = np.full((1, MASK_SIDE, MASK_SIDE), -4, np.float32)
        if prompt.box:
            x0, y0, x1, y1 = (round(side * MASK_SIDE) for side in prompt.box)
            logits[0, y0:y1, x0 : x0 + round(self._share * (x1 - x0))] = 4
        return Answer(logits, np.ones(1, np.float32))


def bar() -> Picture:
    photo = np.full((600, 800, 3), 150, np.uint8)
    cv2.rectangle(photo, (150, 200), (650, 450), (220, 40, 40), cv2.FILLED)
    return photo


def test_scout_network_decides_where_mirrored_passes_contradict() -> None:
    half, whole, blind = Finder(without_right), Finder(), Finder(np.zeros_like)
    middle = SIDE // 2

    def seen(scout: Finder | None) -> tuple[float, float]:
        plane = Mirrored(Remembering(half), scout).predict(bar())
        return float(plane[middle, 100]), float(plane[middle, 220])

    assert min(seen(whole)) > 0.9
    assert max(seen(blind)) < 0.1
    assert all(0.4 < value < 0.6 for value in seen(None))


def test_a_doubtful_cut_out_gets_the_part_that_its_mirror_image_shows() -> None:
    half = Finder(without_right)
    alone = cut_out_of(bar(), Finder(without_right, "left"), Finder(without_right, "scout"))
    helped = cut_out_of(bar(), half, Finder(name="scout"))
    assert alone.box[2] < 420
    assert helped.box[2] > 640


def test_a_doubtful_cut_out_needs_no_mirror_image_if_a_prompt_network_sees_the_same() -> None:
    def passes(share: float) -> int:
        half, asked = Finder(without_right), LeftPartPromptNetwork(share)
        cut_out_of(bar(), half, Finder(name="scout"), lambda: asked)
        return half.passes

    assert passes(1.0) < passes(0.5)


def test_a_clear_cut_out_needs_no_mirror_image() -> None:
    finder = Finder()
    matte = cut_out_of(bar(), finder, Finder(name="scout"))
    assert matte.confidence >= 0.9
    assert finder.passes == 1


def test_a_clear_cut_out_is_shown_to_the_prompt_network_too() -> None:
    def cut(share: float) -> Matte:
        return cut_out_of(bar(), Finder(), Finder(name="scout"), lambda: LeftPartPromptNetwork(share))

    alone = cut_out_of(bar(), Finder(), Finder(name="scout"))
    assert alone.confidence > 0.97
    assert cut(0.5).confidence < alone.confidence - 0.1
    assert cut(1.0).confidence > 0.97


def test_the_page_asks_if_photo_and_mirror_image_show_different_products() -> None:
    helped = cut_out_of(bar(), Finder(without_right), Finder(name="scout"))
    alike = cut_out_of(bar(), Finder(), Finder(without_right, "scout"))
    assert not helped.subjects.certain
    assert alike.subjects.certain


def test_wires_get_no_mirrored_pass_because_the_scout_cannot_see_them() -> None:
    def passes(thickness: int) -> int:
        photo = np.full((600, 800, 3), 150, np.uint8)
        for x in range(150, 700, 100):
            cv2.line(photo, (x, 100), (x, 500), (220, 40, 40), thickness)
        cv2.line(photo, (150, 300), (650, 300), (220, 40, 40), thickness)
        network = Finder()
        cut_out_of(photo, network, Finder(np.zeros_like, "blind"))
        return network.passes

    assert passes(6) < passes(60)
