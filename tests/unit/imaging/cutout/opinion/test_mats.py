"""Mats under a product are left out, tables and plates are not."""

import cv2
import numpy as np
import pytest

from stillroom.imaging.cutout.photo_masks import cover_of_photo
from stillroom.imaging.cutout.prompted import Answer, Encoding, Prompt
from stillroom.imaging.pixels import Bytes, cover_of
from tests.unit.imaging.cutout.opinion.scripted import SIZE, ScriptedPromptNetwork, area, revised, share


class MatNetwork(ScriptedPromptNetwork):
    """Under a point it sees the mat; in a box the product, without its rim once the mat is out of the box."""

    def __init__(self, product: Bytes, whole: Bytes, mat: Bytes) -> None:
        super().__init__(whole, under_points=mat)
        self._alone = ScriptedPromptNetwork(product).in_box

    def answer(self, encoding: Encoding, prompt: Prompt) -> Answer:
        if prompt.box and prompt.box[3] < 0.9:
            return Answer(self._alone, np.ones(1, np.float32))
        return super().answer(encoding, prompt)


def test_the_rim_between_a_mat_and_the_product_goes_with_the_mat() -> None:
    product, rim, mat = (150, 40, 100, 180), (146, 220, 108, 6), (60, 226, 280, 60)
    beside = (60, 170, 86, 56), (254, 170, 86, 56)
    whole = area(product, rim, mat, *beside)
    matte = revised(whole, cover_of(whole), MatNetwork(area(product), whole, area(mat, *beside)))
    assert share(matte, mat) < 0.02
    assert share(matte, rim) < 0.1
    assert share(matte, product) > 0.98


VASE = (170, 60, 60, 180)


CLOTH = (
    (130, 200),
    (270, 200),
    (300, 260),
    (100, 260),
)  # seen at an angle, in front of the vase and beside it


def shape(*corners: tuple[int, int]) -> Bytes:
    return np.asarray(cv2.fillPoly(np.zeros(SIZE, np.uint8), [np.array(corners)], (255,)), np.uint8)


def plate() -> Bytes:
    return np.asarray(
        cv2.ellipse(np.zeros(SIZE, np.uint8), (200, 230), (100, 30), 0, 0, 360, (255,), -1), np.uint8
    )


@pytest.mark.parametrize(
    ("under", "kept"),
    [
        pytest.param(shape(*CLOTH), False, id="a cloth"),
        pytest.param(plate(), True, id="a round plate"),
        pytest.param(shape((130, 238), (270, 238), (270, 262), (130, 262)), True, id="a base below"),
    ],
)
def test_a_cloth_under_the_product_is_left_out_although_both_networks_take_it_for_a_part(
    under: Bytes, kept: bool
) -> None:
    whole = np.maximum(area(VASE), under)
    matte = revised(whole, cover_of(whole), ScriptedPromptNetwork(whole, under_points=under & ~area(VASE)))
    cover = cover_of_photo(matte, SIZE)
    assert bool((cover[under & ~area(VASE) > 0] > 127).mean() > 0.9) is kept
    assert share(matte, (180, 70, 40, 100)) > 0.98


def test_a_table_that_leaves_the_photo_on_both_sides_is_no_mat() -> None:
    foot, table = shape(*CLOTH), area((0, 200, 400, 60))
    whole = np.maximum(area(VASE), foot)
    network = ScriptedPromptNetwork(whole, under_points=table & ~area(VASE))
    matte = revised(whole, cover_of(whole), network)
    assert (cover_of_photo(matte, SIZE)[foot > 0] > 127).mean() > 0.9


def test_cloth_extending_beyond_the_matte_is_removed_if_the_network_does_not_confirm_it() -> None:
    cloth = shape((0, 200), (399, 200), (399, 270), (0, 270)) & ~area(VASE)
    corner = cloth & area((230, 200, 60, 70))
    whole = np.maximum(area(VASE), corner)
    matte = revised(whole, cover_of(whole), ScriptedPromptNetwork(area(VASE), under_points=cloth))
    assert float((cover_of_photo(matte, SIZE)[corner > 0] > 127).mean()) < 0.1
    assert share(matte, VASE) > 0.95


@pytest.mark.parametrize(("thickness", "kept"), [(5, True), (16, False)], ids=["a cord", "a thick ring"])
def test_a_cord_around_the_foot_is_no_mat(thickness: int, kept: bool) -> None:
    ring = np.zeros(SIZE, np.uint8)
    cv2.ellipse(ring, (200, 215), (100, 45), 0, 0, 360, (255,), thickness)
    ring &= ~area(VASE)
    whole = np.maximum(area(VASE), ring)
    matte = revised(whole, cover_of(whole), ScriptedPromptNetwork(area(VASE), under_points=ring))
    assert bool((cover_of_photo(matte, SIZE)[ring > 0] > 127).mean() > 0.9) is kept
