"""Photos, mattes and prompt networks with scripted answers, for tests of the second opinion."""

from dataclasses import replace

import cv2
import numpy as np

from stillroom.imaging.cutout.confidence import Views, signals_of
from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.cutout.matting import matte_from_cover
from stillroom.imaging.cutout.opinion.second_opinion import SecondOpinion
from stillroom.imaging.cutout.photo_masks import cover_of_photo
from stillroom.imaging.cutout.points.regions import box_in
from stillroom.imaging.cutout.prompted import MASK_SIDE, Answer, Encoding, Prompt, PromptNetwork, ShareBox
from stillroom.imaging.pixels import Bytes, Picture, Plane

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


class RefiningNetwork(ScriptedPromptNetwork):
    """It first hesitates about a part, and is surer of its last answer each time that it gets that back."""

    def __init__(self, part: Bytes) -> None:
        super().__init__(area(BOX, KNOB, FLAG))
        self._part = ScriptedPromptNetwork(part).in_box > 0

    def answer(self, encoding: Encoding, prompt: Prompt) -> Answer:
        before = 0.0 if prompt.mask is None else float(prompt.mask[self._part[0]].mean())
        logits = np.where(self._part, np.float32(10 * before - 0.3), super().answer(encoding, prompt).logits)
        return Answer(logits, np.ones(1, np.float32))
