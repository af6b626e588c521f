"""Second opinion: additions and removals of a prompt network on a doubtful matte."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from stillroom.imaging.cutout.confidence import Views, signals_of
from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.cutout.matting import matte_from_cover
from stillroom.imaging.cutout.photo_masks import cover_of_photo
from stillroom.imaging.cutout.points.regions import box_in
from stillroom.imaging.cutout.prompted import MASK_SIDE, Answer, Encoding, Prompt, PromptNetwork, ShareBox
from stillroom.imaging.cutout.second_opinion import SecondOpinion
from stillroom.imaging.pixels import Bytes, Picture, Plane, cover_of

SIZE = (300, 400)
BOX, KNOB, FLAG = (100, 120, 200, 140), (160, 60, 60, 60), (300, 150, 60, 90)  # x, y, width, height


def area(*rectangles: tuple[int, int, int, int]) -> Bytes:
    mask = np.zeros(SIZE, np.uint8)
    for x, y, width, height in rectangles:
        mask[y : y + height, x : x + width] = 255
    return mask


def photo() -> Picture:
    picture = np.full((*SIZE, 3), 220, np.uint8)
    picture[area(BOX, KNOB, FLAG) > 0] = (180, 40, 30)
    return picture


class ScriptedPromptNetwork(PromptNetwork):
    """A network with one answer for boxes and one for points; `logit` inside, its negative outside."""

    def __init__(
        self, mask: Bytes, logit: float = 4.0, *, under_points: Bytes | None = None, fails: bool = False
    ) -> None:
        self.in_box, self._under_points = (
            np.where(
                cv2.resize(one, (MASK_SIDE, MASK_SIDE), interpolation=cv2.INTER_NEAREST) > 0,
                np.float32(logit),
                np.float32(-logit),
            )[None]
            for one in (mask, mask if under_points is None else under_points)
        )
        self._fails = fails

    def encoded(self, _: Picture) -> Encoding:
        if self._fails:
            raise RuntimeError("no memory")
        return {}

    def answer(self, _: Encoding, prompt: Prompt) -> Answer:
        return Answer(self.in_box if prompt.box else self._under_points, np.ones(1, np.float32))


def matte_with(cover: Bytes, seen: Plane) -> Matte:
    views = Views(seen, None, seen, 1.0)
    matte = matte_from_cover(cover, "isnet-1024")
    return replace(matte, signals=signals_of(photo(), SIZE, cover, (0, 0, SIZE[1], SIZE[0]), views))


def share(matte: Matte, part: tuple[int, int, int, int]) -> float:
    return float((cover_of_photo(matte, SIZE)[area(part) > 0] > 127).mean())


def revised(cover: Bytes, seen: Plane, network: PromptNetwork) -> Matte:
    return SecondOpinion(photo(), network).on(matte_with(cover, seen), seen)


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


class PartNetwork(ScriptedPromptNetwork):
    """A network that sees a part in the box of the part, and the whole in a larger box or under a point."""

    def __init__(self, part: Bytes, whole: Bytes, logit: float = 4.0) -> None:
        super().__init__(whole, logit)
        self._part, self._box = ScriptedPromptNetwork(part).in_box, box_in(part > 0)

    def answer(self, encoding: Encoding, prompt: Prompt) -> Answer:
        if prompt.box is None or _extent(prompt.box) > 1.2 * _extent(self._box):
            return super().answer(encoding, prompt)
        return Answer(self._part, np.ones(1, np.float32))


def _extent(box: ShareBox) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


CABLE, CORD = (0, 190, 100, 20), (190, 0, 20, 120)


@pytest.mark.parametrize(
    ("part", "whole", "added"),
    [
        pytest.param(CABLE, area(BOX, CABLE), True, id="a cable"),
        pytest.param(CABLE, area(CABLE), False, id="another object"),
        pytest.param(CORD, area(BOX, CORD), False, id="what it hangs from"),
    ],
)
def test_a_part_that_the_scout_alone_sees_is_added_if_it_makes_one_object_with_the_product(
    part: tuple[int, int, int, int], whole: Bytes, added: bool
) -> None:
    seen, scouted = cover_of(area(BOX)), cover_of(area(BOX, part))
    opinion = SecondOpinion(photo(), PartNetwork(area(BOX), whole))
    matte = opinion.on(matte_with(area(BOX), seen), seen, scouted)
    assert (share(matte, part) > 0.9) is added
    assert share(matte, BOX) > 0.98


@pytest.mark.parametrize(("cover", "filled"), [(0.02, False), (0.45, True)])
def test_an_enclosed_opening_is_filled_only_where_the_segmentation_network_half_sees_it(
    cover: float, filled: bool
) -> None:
    handle = (KNOB[0] + 15, KNOB[1] + 15, 30, 30)
    holed = area(BOX, KNOB) - area(handle)
    seen = np.maximum(cover_of(holed), np.float32(cover) * cover_of(area(handle)))
    assert (share(revised(holed, seen, ScriptedPromptNetwork(area(BOX, KNOB))), handle) > 0.9) is filled


@pytest.mark.parametrize(("cover", "kept"), [(0.55, False), (0.99, True)])
def test_a_part_is_left_out_only_where_the_segmentation_network_is_undecided(
    cover: float, kept: bool
) -> None:
    seen = np.maximum(cover_of(area(BOX)), np.float32(cover) * cover_of(area(FLAG)))
    matte = revised(area(BOX, FLAG), seen, ScriptedPromptNetwork(area(BOX)))
    assert (share(matte, FLAG) > 0.9) is kept
    assert share(matte, BOX) > 0.98


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


class RefiningNetwork(ScriptedPromptNetwork):
    """It first hesitates about a part, and is surer of its last answer each time that it gets that back."""

    def __init__(self, part: Bytes) -> None:
        super().__init__(area(BOX, KNOB, FLAG))
        self._part = ScriptedPromptNetwork(part).in_box > 0

    def answer(self, encoding: Encoding, prompt: Prompt) -> Answer:
        before = 0.0 if prompt.mask is None else float(prompt.mask[self._part[0]].mean())
        logits = np.where(self._part, np.float32(10 * before - 0.3), super().answer(encoding, prompt).logits)
        return Answer(logits, np.ones(1, np.float32))


def test_a_part_that_the_first_answer_hesitates_about_is_left_out_by_the_refined_one() -> None:
    whole = area(BOX, KNOB, FLAG)
    seen = np.where(area(FLAG) > 0, np.float32(0.55), cover_of(whole))
    matte = revised(whole, seen, RefiningNetwork(area(FLAG)))
    assert share(matte, FLAG) < 0.1
    assert share(matte, KNOB) > 0.9


def test_a_half_covered_area_that_the_refined_answer_alone_denies_stays() -> None:
    haze = (300, 150, 30, 60)
    cover = area(BOX, haze)
    cover[area(haze) > 0] = 140
    opinion = SecondOpinion(photo(), RefiningNetwork(area(haze)))
    matte = matte_with(cover, cover_of(cover))
    opinion.agrees_with(matte)
    assert cover_of_photo(opinion.settled(matte), SIZE)[160:200, 310:320].min() > 120


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


def test_half_covered_areas_are_decided_by_the_last_answer() -> None:
    patch, haze = (160, 170, 40, 30), (300, 150, 30, 60)
    cover = area(BOX, haze)
    cover[(area(patch) | area(haze)) > 0] = 140
    matte, network = matte_with(cover, cover_of(cover)), ScriptedPromptNetwork(area(BOX))
    opinion = SecondOpinion(photo(), network)
    assert opinion.settled(matte) is matte
    opinion.agrees_with(matte)
    found = cover_of_photo(opinion.settled(matte), SIZE)
    assert found[175:195, 165:195].min() == 255
    assert found[155:205, 305:325].max() == 0


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


def test_cloth_extending_beyond_the_matte_is_removed_if_the_network_does_not_confirm_it() -> None:
    cloth = shape((0, 200), (399, 200), (399, 270), (0, 270)) & ~area(VASE)
    corner = cloth & area((230, 200, 60, 70))
    whole = np.maximum(area(VASE), corner)
    matte = revised(whole, cover_of(whole), ScriptedPromptNetwork(area(VASE), under_points=cloth))
    assert float((cover_of_photo(matte, SIZE)[corner > 0] > 127).mean()) < 0.1
    assert share(matte, VASE) > 0.95


def test_matte_replaces_a_missing_output_for_the_whole_photo() -> None:
    matte = matte_with(area(BOX, FLAG), cover_of(area(BOX, FLAG)))
    changed = SecondOpinion(photo(), ScriptedPromptNetwork(area(BOX, KNOB))).on(matte, None)
    assert share(changed, KNOB) > 0.9
    assert share(changed, FLAG) > 0.9


def test_the_agreement_before_any_change_becomes_a_signal() -> None:
    seen = cover_of(area(BOX))
    matte = revised(area(BOX), seen, ScriptedPromptNetwork(area(BOX, KNOB)))
    assert matte.signals is not None
    assert matte.signals.prompted == pytest.approx(28000 / 31600, abs=0.02)
    assert matte.confidence < revised(area(BOX), seen, ScriptedPromptNetwork(area(BOX))).confidence


def test_failing_network_changes_nothing() -> None:
    seen = cover_of(area(BOX))
    before = matte_with(area(BOX), seen)
    assert SecondOpinion(photo(), ScriptedPromptNetwork(area(KNOB), fails=True)).on(before, seen) is before


LID, JAR = (160, 60, 80, 40), (150, 100, 100, 140)
SMALL, TRAY = (150, 160, 100, 80), (60, 240, 280, 30)


def grown(part: Bytes, whole: Bytes, logit: float = 4.0) -> Matte:
    return revised(part, cover_of(part), PartNetwork(part, whole, logit))


@pytest.mark.parametrize(("logit", "adds"), [(4.0, True), (1.4, False), (0.5, False)])
def test_what_is_surely_seen_under_the_middle_of_a_lid_is_added_to_it(logit: float, adds: bool) -> None:
    matte = grown(area(LID), area(LID, JAR), logit)
    assert (share(matte, JAR) > 0.9) == adds
    assert share(matte, LID) > 0.9


def test_the_rest_is_added_even_to_a_line_of_the_product() -> None:
    assert share(grown(area((200, 140, 1, 60)), area(JAR)), JAR) > 0.9


def test_a_cut_out_that_was_only_a_lid_is_doubtful() -> None:
    assert grown(area(LID), area(LID, JAR)).confidence < 0.9


def test_a_little_more_than_the_matte_is_no_rest_of_it() -> None:
    beside = (250, 160, 30, 80)
    assert share(grown(area(SMALL), area(SMALL, beside)), beside) < 0.1


def test_a_tray_under_the_product_is_not_added_to_it() -> None:
    assert share(grown(area(SMALL), area(SMALL, TRAY)), TRAY) < 0.1


def test_a_mask_that_mostly_fills_openings_adds_nothing() -> None:
    ring, whole = area((100, 60, 200, 200)), area((80, 40, 240, 240))
    ring[80:240, 120:280] = 0
    assert share(grown(ring, whole), (80, 40, 240, 20)) < 0.1
