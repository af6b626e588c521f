"""Subjects: which objects are proposed, how they are scored, and when the choice is uncertain."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from stillroom.domain.mattes import MatteBox, PhotoHints
from stillroom.imaging.cutout.networks import NetworkSpec
from stillroom.imaging.cutout.photo_masks import cover_of_photo
from stillroom.imaging.cutout.proposals import Scored, distinct, proposed
from stillroom.imaging.cutout.subjects import LEAD, cut_out_of, outline_in
from stillroom.imaging.pixels import Picture, Plane
from stillroom.imaging.scene.product import Product
from stillroom.providers.cutouts.cache import Cutouts
from stillroom.providers.cutouts.products import hinted


class RedFinder:
    """Finds whatever is red, as a network that is sure."""

    spec = NetworkSpec("red", 320, "isnet")

    def predict(self, photo: Picture) -> Plane:
        small = np.asarray(cv2.resize(photo, (320, 320), interpolation=cv2.INTER_AREA), np.int16)
        return np.where(small[..., 0] - small[..., 2] > 60, 0.98, 0.02).astype(np.float32)


def photo_of(*balls: tuple[int, int, int]) -> Picture:
    photo = np.full((600, 800, 3), 150, np.uint8)
    for x, y, radius in balls:
        cv2.circle(photo, (x, y), radius, (220, 40, 40), cv2.FILLED)
    return photo


def test_one_object_is_certain_and_chosen() -> None:
    matte = cut_out_of(photo_of((400, 320, 150)), RedFinder())
    (only,) = matte.subjects.items
    assert matte.subjects.certain
    assert (only.id, only.chosen) == ("s1", True)
    assert abs(only.box.x - 250 / 800) < 0.02
    outline = outline_in(only, (600, 800))
    assert outline[320, 400] == 255
    assert outline[50, 50] == 0


def test_two_equal_objects_are_uncertain() -> None:
    matte = cut_out_of(photo_of((230, 320, 110), (570, 320, 110)), RedFinder())
    assert len(matte.subjects.items) == 2
    assert not matte.subjects.certain


class Finder(RedFinder):
    """Finds whatever is not grey."""

    def predict(self, photo: Picture) -> Plane:
        small = np.asarray(cv2.resize(photo, (320, 320), interpolation=cv2.INTER_AREA), np.int16)
        return np.where(abs(small - 150).max(-1) > 60, 0.98, 0.02).astype(np.float32)


@pytest.mark.parametrize(
    ("colour", "x", "y", "stays"),
    [
        pytest.param((40, 40, 40), 660, 300, False, id="a rival farther from the middle"),
        pytest.param((220, 40, 40), 660, 300, True, id="one of a set"),
        pytest.param((40, 40, 40), 620, 300, True, id="nearly as likely"),
        pytest.param((40, 40, 40), 680, 250, True, id="nothing stands in the middle"),
    ],
)
def test_a_piece_of_other_colours_that_is_far_less_likely_the_product_is_left_out(
    colour: tuple[int, int, int], x: int, y: int, stays: bool
) -> None:
    photo = photo_of((330, y, 110))
    cv2.circle(photo, (x, y), 110, colour, cv2.FILLED)
    matte = cut_out_of(photo, Finder())
    cover = cover_of_photo(matte, photo.shape)
    assert bool(cover[y, x] > 127) is stays
    assert cover[y, 330] > 127
    assert [one.chosen for one in matte.subjects.items] == [True, stays]
    assert not matte.subjects.certain


def test_the_page_asks_although_the_piece_that_is_left_out_scores_far_less() -> None:
    photo = photo_of((370, 300, 110))
    cv2.circle(photo, (680, 300), 110, (40, 40, 40), cv2.FILLED)
    first, second = (subjects := cut_out_of(photo, Finder()).subjects).items
    assert (first.chosen, second.chosen) == (True, False)
    assert first.score - second.score >= LEAD
    assert not subjects.certain


@pytest.mark.parametrize(
    ("x", "radius", "is_certain"),
    [
        pytest.param(660, 72, False, id="a glass beside its bottle"),
        pytest.param(660, 40, True, id="far smaller"),
        pytest.param(740, 90, True, id="cut by the frame"),
    ],
)
def test_the_page_asks_about_another_object_that_is_seen_as_surely_and_left_out(
    x: int, radius: int, *, is_certain: bool
) -> None:
    matte = cut_out_of(photo_of((370, 300, 120), (x, 300, radius)), Finder())
    assert cover_of_photo(matte, (600, 800))[300, 660] <= 127
    assert matte.subjects.items[0].score - matte.subjects.items[1].score >= LEAD
    assert matte.subjects.certain is is_certain


def test_the_page_does_not_ask_about_another_object_that_is_seen_less_surely() -> None:
    class LessSure(Finder):
        def predict(self, photo: Picture) -> Plane:
            seen = super().predict(photo)
            seen[:, 224:] *= 0.7
            return seen

    assert cut_out_of(photo_of((370, 300, 120), (660, 300, 72)), LessSure()).subjects.certain


def test_a_small_piece_on_a_cord_that_is_hardly_seen_stays_with_the_product() -> None:
    class FaintlySeeing(Finder):
        def predict(self, photo: Picture) -> Plane:
            small = np.asarray(cv2.resize(photo, (320, 320), interpolation=cv2.INTER_AREA), np.int16)
            is_cord = abs(small - 170).max(-1) < 6
            return np.where(is_cord, np.float32(0.4), super().predict(photo))

    photo = photo_of()
    cv2.rectangle(photo, (330, 290), (640, 310), (170, 170, 170), cv2.FILLED)
    cv2.circle(photo, (330, 300), 110, (220, 40, 40), cv2.FILLED)
    cv2.circle(photo, (640, 300), 40, (40, 40, 40), cv2.FILLED)
    cover = cover_of_photo(cut_out_of(photo, FaintlySeeing()), photo.shape)
    assert cover[300, 640] > 127


def test_an_object_that_was_left_out_because_it_hangs_on_a_string_is_a_subject_to_choose() -> None:
    photo = photo_of((280, 300, 140), (670, 300, 98))
    cv2.rectangle(photo, (280, 297), (670, 303), (220, 40, 40), cv2.FILLED)
    matte = cut_out_of(photo, RedFinder())
    assert cover_of_photo(matte, photo.shape)[300, 670] <= 127
    assert [one.chosen for one in matte.subjects.items] == [True, False]
    assert not matte.subjects.certain


@pytest.mark.parametrize("thickness", [4, 60])
def test_no_second_opinion_is_asked_about_wires(thickness: int) -> None:
    photo, asked = photo_of(), []
    for x in range(200, 700, 100):
        cv2.line(photo, (x, 100), (x, 500), (220, 40, 40), thickness)
    cv2.line(photo, (200, 300), (600, 300), (220, 40, 40), thickness)
    cut_out_of(photo, RedFinder(), prompted=lambda: asked.append(True))
    assert bool(asked) is (thickness == 60)


def test_a_part_of_the_product_with_its_shadow_is_no_subject() -> None:
    class HalfSeeing(RedFinder):
        spec = NetworkSpec("half", 320, "isnet")

        def predict(self, photo: Picture) -> Plane:
            del photo
            output = np.zeros((320, 320), np.float32)
            # The right part of the ball, and as much of the ground beside it as is a third of the whole.
            cv2.ellipse(output, (210, 170), (42, 55), 0, 0, 360, (0.98,), cv2.FILLED)
            return output

    matte = cut_out_of(photo_of((400, 320, 150)), RedFinder(), HalfSeeing())
    assert [one.chosen for one in matte.subjects.items] == [True]
    assert matte.subjects.certain


def test_a_small_object_at_the_border_does_not_make_the_choice_uncertain() -> None:
    matte = cut_out_of(photo_of((400, 320, 150), (760, 40, 25)), RedFinder())
    assert matte.subjects.certain
    assert [one.chosen for one in matte.subjects.items][:1] == [True]


@pytest.mark.parametrize(("is_patterned", "offered"), [(False, 1), (True, 2)])
def test_a_second_subject_is_offered_only_if_it_is_sharper_than_its_surroundings(
    *, is_patterned: bool, offered: int
) -> None:
    class Imagining(RedFinder):
        """Sees something in the corner as soon as the product is painted over."""

        def predict(self, photo: Picture) -> Plane:
            output = super().predict(photo)
            if not (output > 0.5).any():
                output[10:60, 10:60] = 0.98
            return output

    photo = photo_of((400, 320, 150))
    if is_patterned:
        photo[20:112:8, 26:150] = 90
    matte = cut_out_of(photo, RedFinder(), Imagining())
    assert [one.chosen for one in matte.subjects.items] == [True, False][:offered]
    assert matte.subjects.certain


def test_without_a_network_there_are_no_subjects() -> None:
    assert cut_out_of(photo_of((400, 320, 150)), None).subjects.items == ()


def test_specks_and_duplicates_are_not_proposed() -> None:
    output = np.zeros((240, 320), np.float32)
    cv2.circle(output, (160, 120), 50, (0.9,), cv2.FILLED)
    cv2.circle(output, (20, 20), 2, (0.9,), cv2.FILLED)
    assert len(proposed([output, output], output > 0.5)) == 1


def test_a_better_object_is_kept_beside_a_larger_one_around_it() -> None:
    shelf, radio = np.zeros((2, 240, 320), bool)
    shelf[20:220, 20:300] = True
    radio[60:140, 60:200] = True
    assert len(distinct([Scored(radio, 0.8), Scored(shelf, 0.1)])) == 2
    (whole,) = distinct([Scored(shelf, 0.8), Scored(radio, 0.1)])
    assert whole.score == 0.8


LEFT, RIGHT = (230, 320, 110), (570, 320, 110)
BOX_OF_LEFT = MatteBox(x=0.15, y=0.35, w=0.275, h=0.37)


@pytest.mark.parametrize(
    ("box", "chosen"),
    [
        (BOX_OF_LEFT, [LEFT]),
        (MatteBox(x=0.35, y=0.15, w=0.37, h=0.275), [LEFT]),
        (MatteBox(x=0.15, y=0.35, w=0.7, h=0.37), [LEFT, RIGHT]),
        (MatteBox(x=0.0, y=0.0, w=0.1, h=0.1), [LEFT, RIGHT]),
        (None, [LEFT, RIGHT]),
    ],
    ids=["one of them", "one of them, with swapped axes", "both", "neither", "no box"],
)
def test_box_selects_the_product_among_two_rivals(
    box: MatteBox | None, chosen: list[tuple[int, int, int]], tmp_path: Path
) -> None:
    photo = photo_of(LEFT, RIGHT)
    cutouts = Cutouts(tmp_path)
    product = hinted(
        Product(photo, cut_out_of(photo, RedFinder())), "5f", PhotoHints(box), RedFinder(), cutouts
    )
    x0, y0, _, _ = product.matte.box
    middles = {
        ball: product.matte.alpha[
            round((ball[1] - y0) * product.matte.alpha.shape[0] / (product.matte.box[3] - y0)),
            round((ball[0] - x0) * product.matte.alpha.shape[1] / (product.matte.box[2] - x0)),
        ]
        for ball in (LEFT, RIGHT)
        if x0 < ball[0] < product.matte.box[2]
    }
    assert [ball for ball, alpha in middles.items() if alpha > 127] == chosen
    found = [round(one.box.x, 1) for one in product.matte.subjects.items if one.chosen]
    assert sorted(found) == [0.2, 0.6][: len(chosen)]


def test_a_box_does_not_replace_a_product_that_leads_clearly(tmp_path: Path) -> None:
    photo = photo_of((400, 320, 150), (720, 80, 60))
    product = Product(photo, cut_out_of(photo, RedFinder()))
    hints = PhotoHints(MatteBox(x=0.825, y=0.035, w=0.15, h=0.2))
    first, second = product.matte.subjects.items
    assert first.score - second.score > 0.5
    assert hinted(product, "5f", hints, RedFinder(), Cutouts(tmp_path)) is product
