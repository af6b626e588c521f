"""Which parts a prompt network adds to a matte, and which it takes from it."""

import numpy as np
import pytest

from stillroom.imaging.cutout.opinion.second_opinion import SecondOpinion
from stillroom.imaging.cutout.prompted import Answer, Encoding, Prompt
from stillroom.imaging.pixels import Bytes, cover_of
from tests.unit.imaging.cutout.opinion.scripted import (
    BOX,
    FLAG,
    KNOB,
    RefiningNetwork,
    ScriptedPromptNetwork,
    area,
    matte_with,
    photo,
    revised,
    share,
)


def test_part_with_high_confidence_is_added_to_the_product() -> None:
    seen = cover_of(area(BOX))
    surely, hardly = (
        revised(area(BOX), seen, ScriptedPromptNetwork(area(BOX, KNOB), logit)) for logit in (4.0, 0.5)
    )
    assert share(surely, KNOB) > 0.9
    assert share(hardly, KNOB) < 0.1
    assert share(surely, BOX) > 0.98


class ManyMasksNetwork(ScriptedPromptNetwork):
    """Its best mask hesitates about a part; another one, with `score`, surely has it."""

    def __init__(self, score: float, part: tuple[int, int, int, int] = KNOB) -> None:
        super().__init__(area(BOX))
        beside = ScriptedPromptNetwork(area(part)).in_box > 0
        hesitates = np.where(beside & (self.in_box < 0), np.float32(0.3), self.in_box)
        self._masks = np.concatenate([hesitates, ScriptedPromptNetwork(area(BOX, part)).in_box])
        self._scores = np.array([0.98, score], np.float32)

    def answer(self, _: Encoding, prompt: Prompt) -> Answer:
        # Under a point of the step that looks for mats there is no object.
        return Answer(self._masks, self._scores if prompt.box else np.zeros(2, np.float32))


@pytest.mark.parametrize(("score", "cover", "added"), [(0.96, 0, True), (0.9, 0, False), (0.9, 1, True)])
def test_a_part_that_the_best_mask_hesitates_about_needs_another_good_mask_or_the_segmentation_network(
    score: float, cover: float, added: bool
) -> None:
    seen = np.maximum(cover_of(area(BOX)), np.float32(cover) * cover_of(area(KNOB)))
    matte = revised(area(BOX), seen, ManyMasksNetwork(score))
    assert (share(matte, KNOB) > 0.9) is added
    assert share(matte, BOX) > 0.98


def test_a_large_part_that_the_best_mask_hesitates_about_is_something_beside_the_product() -> None:
    above = (120, 50, 160, 70)
    seen = cover_of(area(BOX, above))
    matte = revised(area(BOX), seen, ManyMasksNetwork(0.97, above))
    assert share(matte, above) < 0.1


@pytest.mark.parametrize(("cover", "filled"), [(0.02, False), (0.45, True)])
def test_an_enclosed_opening_is_filled_only_where_the_segmentation_network_half_sees_it(
    cover: float, filled: bool
) -> None:
    handle = (KNOB[0] + 15, KNOB[1] + 15, 30, 30)
    holed = area(BOX, KNOB) - area(handle)
    seen = np.maximum(cover_of(holed), np.float32(cover) * cover_of(area(handle)))
    assert (share(revised(holed, seen, ScriptedPromptNetwork(area(BOX, KNOB))), handle) > 0.9) is filled


@pytest.mark.parametrize(("rows", "filled"), [(3, True), (4, False)])
def test_of_the_meshes_of_a_basket_none_is_filled(rows: int, filled: bool) -> None:
    meshes = [(115 + 35 * x, 135 + 30 * y, 20, 20) for x in range(5) for y in range(rows)]
    basket = area(BOX) - area(*meshes)
    seen = np.maximum(cover_of(basket), np.float32(0.45) * cover_of(area(*meshes)))
    assert (share(revised(basket, seen, ScriptedPromptNetwork(area(BOX))), meshes[0]) > 0.9) is filled


@pytest.mark.parametrize(
    ("product", "cover", "added"), [((150, 0, 100, 260), 0.0, True), (BOX, 0.0, False), (BOX, 0.45, True)]
)
def test_what_leaves_the_photo_is_added_to_a_whole_product_only_if_the_segmentation_network_half_sees_it(
    product: tuple[int, int, int, int], cover: float, added: bool
) -> None:
    door = (180, 260, 40, 40)
    seen = np.maximum(cover_of(area(product)), np.float32(cover) * cover_of(area(door)))
    matte = revised(area(product), seen, ScriptedPromptNetwork(area(product, door)))
    assert (share(matte, door) > 0.9) is added


@pytest.mark.parametrize(("cover", "kept"), [(0.55, False), (0.99, True)])
def test_a_part_is_left_out_only_where_the_segmentation_network_is_undecided(
    cover: float, kept: bool
) -> None:
    seen = np.maximum(cover_of(area(BOX)), np.float32(cover) * cover_of(area(FLAG)))
    matte = revised(area(BOX, FLAG), seen, ScriptedPromptNetwork(area(BOX)))
    assert (share(matte, FLAG) > 0.9) is kept
    assert share(matte, BOX) > 0.98


@pytest.mark.parametrize(("width", "kept"), [(70, False), (95, True)])
def test_a_third_of_the_matte_is_never_left_out(width: int, kept: bool) -> None:
    second = (300, 120, width, 140)
    seen = np.maximum(cover_of(area(BOX)), np.float32(0.6) * cover_of(area(second)))
    matte = revised(area(BOX, second), seen, ScriptedPromptNetwork(area(BOX)))
    assert (share(matte, second) > 0.9) is kept


@pytest.mark.parametrize(("cover", "opens"), [(0.86, True), (0.99, False)])
def test_an_opening_that_the_segmentation_network_almost_fills_opens(cover: float, opens: bool) -> None:
    opening = (160, 170, 80, 30)
    seen = np.where(area(opening) > 0, np.float32(cover), cover_of(area(BOX)))
    matte = revised(area(BOX), seen, ScriptedPromptNetwork(area(BOX) - area(opening)))
    assert (share(matte, opening) < 0.1) is opens
    assert share(matte, (100, 120, 50, 140)) > 0.98


@pytest.mark.parametrize(
    ("colour", "logit", "kept"),
    [((210, 222, 216), 4.0, False), ((180, 40, 30), 4.0, True), ((210, 222, 216), 2.5, True)],
)
def test_a_small_part_in_colours_of_the_background_is_left_out_if_it_is_surely_not_seen(
    colour: tuple[int, int, int], logit: float, kept: bool
) -> None:
    bit = (80, 150, 20, 25)
    picture, whole = photo(), area(BOX, bit)
    picture[area(bit) > 0] = colour
    opinion = SecondOpinion(picture, ScriptedPromptNetwork(area(BOX), logit))
    matte = opinion.on(matte_with(whole, cover_of(whole)), cover_of(whole))
    assert share(matte, bit) == pytest.approx(float(kept), abs=0.1)
    assert share(matte, BOX) > 0.98


@pytest.mark.parametrize(
    ("colour", "logit", "left", "added"),
    [
        ((230, 200, 40), 4.0, 90, True),
        ((180, 40, 30), 4.0, 90, True),
        ((220, 220, 220), 4.0, 90, False),
        ((230, 200, 40), 0.8, 90, False),
        ((230, 200, 40), 4.0, 150, False),
    ],
    ids=["other colour", "colour of the product", "colour of the background", "unsure", "opening"],
)
def test_a_small_part_is_added_if_it_is_surely_seen_beside_the_product_and_colours_agree(
    colour: tuple[int, int, int], logit: float, left: int, added: bool
) -> None:
    tip = (left, 150, 10, 12)
    picture, present = photo(), area(BOX) & ~area(tip)
    picture[area(tip) > 0] = colour
    opinion = SecondOpinion(picture, ScriptedPromptNetwork(area(BOX, tip), logit))
    matte = opinion.on(matte_with(present, cover_of(present)), cover_of(present))
    assert (share(matte, tip) > 0.7) is added


def test_a_part_that_the_first_answer_hesitates_about_is_left_out_by_the_refined_one() -> None:
    whole = area(BOX, KNOB, FLAG)
    seen = np.where(area(FLAG) > 0, np.float32(0.55), cover_of(whole))
    matte = revised(whole, seen, RefiningNetwork(area(FLAG)))
    assert share(matte, FLAG) < 0.1
    assert share(matte, KNOB) > 0.9


HOOK, WIRE, RAIL = (180, 40, 40, 40), (198, 80, 4, 40), (120, 34, 160, 6)


def test_what_the_product_hangs_from_goes_with_all_that_it_holds() -> None:
    cover = area(BOX, WIRE, HOOK, RAIL)
    found = revised(cover, cover_of(cover), ScriptedPromptNetwork(area(BOX)))
    assert share(found, HOOK) < 0.1
    assert share(found, RAIL) < 0.1
    assert share(found, BOX) > 0.98


@pytest.mark.parametrize(
    ("bulk", "string", "seen"),
    [
        pytest.param(HOOK, WIRE, area(BOX, WIRE, HOOK), id="the network sees it"),
        pytest.param((110, 40, 40, 40), (128, 80, 4, 40), area(BOX), id="beside the middle"),
        pytest.param((150, 20, 100, 80), (198, 100, 4, 20), area(BOX), id="too large"),
        pytest.param(HOOK, (185, 80, 30, 40), area(BOX), id="joined by more than a string"),
        pytest.param(HOOK, (198, 80, 4, 30), area(BOX), id="apart from the product"),
        pytest.param((180, 274, 40, 20), (198, 260, 4, 14), area(BOX), id="below the product"),
    ],
)
def test_another_part_on_a_string_stays(
    bulk: tuple[int, int, int, int], string: tuple[int, int, int, int], seen: Bytes
) -> None:
    cover = area(BOX, string, bulk)
    assert share(revised(cover, cover_of(cover), ScriptedPromptNetwork(seen)), bulk) > 0.9
