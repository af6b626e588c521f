"""Second opinion: how a prompt network is asked about a matte, and what it finds beside it."""

import numpy as np
import pytest

from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.cutout.opinion.second_opinion import SecondOpinion
from stillroom.imaging.cutout.photo_masks import cover_of_photo
from stillroom.imaging.cutout.prompted import Answer, Encoding, Prompt
from stillroom.imaging.pixels import Bytes, cover_of
from tests.unit.imaging.cutout.opinion.scripted import (
    BOX,
    FLAG,
    KNOB,
    SIZE,
    PartNetwork,
    RefiningNetwork,
    ScriptedPromptNetwork,
    area,
    matte_with,
    photo,
    revised,
    share,
)


class TwoObjectsNetwork(PartNetwork):
    """A network that sees both in one box, but a thing of its own under a point beside the product."""

    def __init__(self, product: Bytes, thing: Bytes, *, is_one: bool) -> None:
        super().__init__(product, product | thing)
        alone, both = (ScriptedPromptNetwork(one).in_box[0] for one in (thing, product | thing))
        self._under = Answer(np.stack([alone, both]), np.array([0.95, 0.8 if is_one else 0.3], np.float32))
        self._thing = thing

    def answer(self, encoding: Encoding, prompt: Prompt) -> Answer:
        for x, y, _ in prompt.points:
            if self._thing[int(y * SIZE[0]), int(x * SIZE[1])]:
                return self._under
        return super().answer(encoding, prompt)


@pytest.mark.parametrize(
    ("thing", "is_one", "added"),
    [
        pytest.param((300, 150, 70, 110), False, False, id="a thing beside the product"),
        pytest.param((300, 150, 70, 110), True, True, id="one object with the product"),
        pytest.param((300, 60, 20, 200), False, True, id="a small part"),
    ],
)
def test_a_large_part_that_the_scout_sees_is_added_unless_it_is_an_object_of_its_own(
    thing: tuple[int, int, int, int], is_one: bool, added: bool
) -> None:
    seen, scouted = cover_of(area(BOX)), cover_of(area(BOX, thing))
    opinion = SecondOpinion(photo(), TwoObjectsNetwork(area(BOX), area(thing), is_one=is_one))
    assert (share(opinion.on(matte_with(area(BOX), seen), seen, scouted), thing) > 0.9) is added


CABLE, CORD, TABLE = (0, 196, 100, 8), (190, 0, 20, 120), (60, 260, 280, 40)


@pytest.mark.parametrize(
    ("part", "whole", "added"),
    [
        pytest.param(CABLE, area(BOX, CABLE), True, id="a cable"),
        pytest.param(CABLE, area(CABLE), False, id="another object"),
        pytest.param(CORD, area(BOX, CORD), False, id="what it hangs from"),
        pytest.param(TABLE, area(BOX, TABLE), False, id="what it stands on"),
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


@pytest.mark.parametrize(("whole", "added"), [(area(BOX, CABLE), True), (area(CABLE), False)])
def test_what_the_segmentation_network_saw_is_added_if_it_makes_one_object_with_the_product(
    whole: Bytes, added: bool
) -> None:
    seen = cover_of(area(BOX, CABLE))
    opinion = SecondOpinion(photo(), PartNetwork(area(BOX), whole))
    matte = opinion.on(matte_with(area(BOX), seen), seen)
    assert (share(matte, CABLE) > 0.9) is added


def test_a_half_covered_area_that_the_refined_answer_alone_denies_stays() -> None:
    haze = (300, 150, 30, 60)
    cover = area(BOX, haze)
    cover[area(haze) > 0] = 140
    opinion = SecondOpinion(photo(), RefiningNetwork(area(haze)))
    matte = matte_with(cover, cover_of(cover))
    opinion.agrees_with(matte)
    assert cover_of_photo(opinion.settled(matte), SIZE)[160:200, 310:320].min() > 120


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
