"""Points: regions that they add or remove, the ranking of regions, and kept results."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from stillroom.domain.mattes import MattePoint
from stillroom.imaging.cutout.parts import overlap
from stillroom.imaging.cutout.points.applying import PointedPhotos, pointed
from stillroom.imaging.cutout.points.ranking import FEATURES, choice
from stillroom.imaging.cutout.points.regions import PROMPTED, PointedPhoto, PointNetworks, Tap, candidates_of
from stillroom.imaging.cutout.prompted import Answer, Encoding, Prompt, PromptNetwork
from stillroom.imaging.io.encoding import png_of
from stillroom.imaging.pixels import Bytes, Picture
from tests.tiny_prompt_network import prompt_network_files


def scene() -> tuple[Picture, Bytes]:
    """A red box with a handle whose opening shows the blue background, and a green ball beside it."""
    photo = np.full((300, 400, 3), (60, 80, 190), np.uint8)
    cv2.rectangle(photo, (60, 120), (200, 260), (200, 40, 40), cv2.FILLED)
    cv2.rectangle(photo, (90, 60), (170, 120), (200, 40, 40), cv2.FILLED)
    cv2.rectangle(photo, (110, 80), (150, 110), (60, 80, 190), cv2.FILLED)
    cv2.circle(photo, (310, 180), 50, (60, 170, 60), cv2.FILLED)
    noise = np.random.default_rng(1).normal(0, 2, photo.shape)
    box = np.zeros((300, 400), np.uint8)
    cv2.rectangle(box, (60, 120), (200, 260), (255,), cv2.FILLED)
    cv2.rectangle(box, (90, 60), (170, 120), (255,), cv2.FILLED)
    return np.clip(photo + noise, 0, 255).astype(np.uint8), box


def ball() -> Bytes:
    return np.asarray(
        cv2.circle(np.zeros((300, 400), np.uint8), (310, 180), 50, (255,), cv2.FILLED), np.uint8
    )


class Failing(PromptNetwork):
    def __init__(self) -> None:
        """Load nothing."""

    def encoded(self, _: Picture) -> Encoding:
        raise RuntimeError("no memory")


def share(matte: Bytes, part: Bytes) -> float:
    return float((matte[part > 0] > 127).mean())


def test_a_point_adds_the_object_under_it_and_nothing_else() -> None:
    photo, box = scene()
    new = pointed(PointedPhoto(photo), box, [MattePoint(x=0.775, y=0.6, mode="add")], PointNetworks())
    assert share(new, ball()) > 0.9
    elsewhere = np.asarray(cv2.dilate(ball(), np.ones((15, 15), np.uint8))) == 0
    assert np.array_equal(new[elsewhere], box[elsewhere])


def test_a_prompt_network_proposes_the_object_under_the_point(tmp_path: Path) -> None:
    photo, box = scene()
    asked = PointNetworks(prompted=PromptNetwork(*prompt_network_files(tmp_path, radius=0.14)))
    candidates, _ = candidates_of(PointedPhoto(photo), box > 127, [Tap(310, 180, adds=True)], asked)
    proposed = [one for one in candidates if one.source == "object"]
    assert max(overlap(one.mask, ball() > 0) for one in proposed) > 0.75
    assert all(one.score > 0 for one in proposed)


def test_a_prompt_network_that_fails_leaves_the_other_candidates() -> None:
    photo, box = scene()
    view, tap = PointedPhoto(photo), Tap(310, 180, adds=True)
    found = [
        candidates_of(view, box > 127, [tap], PointNetworks(prompted=one))[0] for one in (None, Failing())
    ]
    assert [one.source for one in found[0]] == [one.source for one in found[1]]


def test_a_point_in_an_enclosed_opening_opens_it() -> None:
    photo, box = scene()
    new = pointed(PointedPhoto(photo), box, [MattePoint(x=0.325, y=0.317, mode="remove")], PointNetworks())
    assert (new[84:106, 114:146] < 50).all()
    assert share(new, box) > 0.9


def test_a_point_on_an_outline_that_is_wrong_by_a_pixel_changes_no_more_than_a_spot() -> None:
    photo, box = scene()
    new = pointed(PointedPhoto(photo), box, [MattePoint(x=201.5 / 400, y=0.63, mode="add")], PointNetworks())
    assert 0 < np.count_nonzero((new > 127) != (box > 127)) < 30


def features(*rows: dict[str, float]) -> NDArray[np.float64]:
    """Features of candidates; those that are not named are 0."""
    return np.array([[row.get(name, 0.0) for name in FEATURES] for row in rows])


def test_a_region_that_is_probably_wrong_yields_to_a_purer_one_that_is_no_larger() -> None:
    fitting, pure = {"consensus": 0.8}, {"compact": 1.0}
    assert choice(features(fitting, pure), adds=True) == 1
    assert choice(features(fitting), adds=True) == 0
    assert choice(features(fitting, pure | {"share_of_matte": 0.01}), adds=True) == 0


def test_a_region_of_a_few_percent_of_the_product_must_be_surely_right() -> None:
    fitting = {"consensus": 1.2, "share_of_matte": 0.05}
    pure = {"consensus": 0.9, "compact": 1.0, "share_of_matte": 0.001}
    assert choice(features(fitting, pure), adds=True) == 1
    assert choice(features(fitting | {"share_of_matte": 0.002}, pure), adds=True) == 0


def test_a_point_that_removes_leaves_something_of_the_product() -> None:
    found = features({"consensus": 1.0, "share_of_matte": 1.0}, {"consensus": 0.2, "share_of_matte": 0.1})
    assert choice(found, adds=False) == 1
    assert choice(found[:1], adds=False) == 0


def test_later_point_removes_the_part_that_an_earlier_one_added() -> None:
    photo, box = scene()
    there = {"x": 0.775, "y": 0.6}
    points = [MattePoint(mode="add", **there), MattePoint(mode="remove", **there)]
    new = pointed(PointedPhoto(photo), box, points, PointNetworks())
    assert share(new, ball()) < 0.1
    assert share(new, box) > 0.98


def test_point_that_agrees_with_the_matte_changes_nothing() -> None:
    photo, box = scene()
    same = pointed(PointedPhoto(photo), box, [MattePoint(x=0.3, y=0.7, mode="add")], PointNetworks())
    assert np.array_equal(same, box)


def test_a_further_point_continues_from_the_kept_result_of_those_before_it() -> None:
    photo, box = scene()
    # More than the few mattes that were once kept.
    points = [MattePoint(x=0.775, y=0.6, mode="add"), MattePoint(x=0.325, y=0.317, mode="remove")] * 3
    view = PointedPhoto(photo)
    after = []
    for number in range(1, len(points) + 1):
        after.append(pointed(view, box, points[:number], PointNetworks()))
        assert len(view.steps) == number
    assert np.array_equal(after[-1], pointed(PointedPhoto(photo), box, points, PointNetworks()))
    assert np.array_equal(after[0], pointed(view, box, points[:1], PointNetworks()))
    assert len(view.steps) == len(points)


def test_points_that_are_left_when_a_correction_is_given_up_are_not_applied() -> None:
    photo, box = scene()
    points = [MattePoint(x=0.775, y=0.6, mode="add"), MattePoint(x=0.325, y=0.317, mode="remove")]
    view = PointedPhoto(photo)
    first = pointed(view, box, points, PointNetworks(), is_unwanted=lambda: len(view.steps) == 1)
    assert np.array_equal(first, pointed(PointedPhoto(photo), box, points[:1], PointNetworks()))


class Counting(PromptNetwork):
    """A prompt network that notes how many points it was asked about."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def encoded(self, _: Picture) -> Encoding:
        return {}

    def answer(self, _: Encoding, prompt: Prompt) -> Answer:
        self.asked.append(len(prompt.points))
        return Answer(np.ones((1, 256, 256), np.float32), np.ones(1, np.float32))


def test_prompts_hold_only_the_latest_of_many_points() -> None:
    photo, box = scene()
    network = Counting()
    taps = [Tap(x, 10, adds=True) for x in range(20, 340, 10)]
    candidates_of(PointedPhoto(photo), box > 127, taps, PointNetworks(prompted=network))
    assert max(network.asked) == PROMPTED + 1


@pytest.mark.parametrize("corner", [0.0, 1.0])
def test_point_on_the_photos_corner_is_accepted(corner: float) -> None:
    photo, box = scene()
    new = pointed(PointedPhoto(photo), box, [MattePoint(x=corner, y=corner, mode="add")], PointNetworks())
    assert new[-1 if corner else 0, -1 if corner else 0] > 127


def test_photos_in_memory_are_limited() -> None:
    photos = PointedPhotos()
    file = png_of(scene()[0])
    first = photos.view(file, "a")
    assert photos.view(file, "a") is first
    for name in ("b", "c"):
        photos.view(file, name)
    assert photos.view(file, "a") is not first
