"""Golden photos as a model gets them, and the product put back into what it paints."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from stillroom.domain.plans.plan import Backdrop, Plan, Tone
from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.quality.integrity import Restored, restored
from stillroom.imaging.quality.registration import WORK_SIDE, register
from stillroom.imaging.quality.transforms import (
    Transform,
    affine,
    placed_matte,
    scaling,
    to_crop,
    warped,
    window,
)
from stillroom.imaging.scene import framing
from stillroom.imaging.scene.product import Product
from tests.fakes.providers.painters import Floats, Pixels, ScenePainter, resized
from tests.integration.imaging.golden import case

LONG_SIDE = 1200
"""Pixels of the photos; smaller than they are, for speed."""

SENT_SIDE = 1024
"""Pixels of the longer side of what a model gets."""


@dataclass
class SentPhoto:
    """A golden photo as a model gets it.

    Attributes:
        sent: The picture that it gets, uint8 (H, W, 3).
        cover: The product in that, 0..1.
        canvas: Width and height of the finished picture.
        expected: From photo to finished pixels.
    """

    product: Product
    sent: Pixels
    cover: Floats
    canvas: tuple[int, int]
    expected: Transform
    plan: Plan

    def painted(self, **drift: object) -> Pixels:
        """Picture that a model makes of it."""
        return ScenePainter(lambda _: self.cover, **drift).painted(self.sent)  # type: ignore[arg-type]

    def restored(self, painted: Pixels, *, must_stay: bool = False) -> Restored:
        """The product put back."""
        return restored(self.product, painted, self.plan, self.canvas, self.expected, must_stay=must_stay)

    def misplaced_px(self, painted: Pixels, drift: Mapping[str, Any]) -> float:
        """Distance of the found product from its true place, at its box's worst corner, in pixels at 1024.

        Args:
            painted: What a model made of it.
            drift: How it was painted.
        """
        found = register(self.product, resized(painted, self.canvas), self.expected)
        assert found is not None, "the product is somewhere in the picture"
        half = affine((1, 0, 0.5, 0, 1, 0.5))
        move = half @ ScenePainter(lambda _: self.cover, **drift).move(self.cover) @ np.linalg.inv(half)
        grow = scaling((self.sent.shape[1], self.sent.shape[0]), self.canvas)
        true = grow @ move @ np.linalg.inv(grow) @ self.expected
        left, top, right, bottom = self.product.bounds
        corners = np.array([[x, y, 1.0] for x in (left, right) for y in (top, bottom)]).T
        ends = [(place @ corners)[:2] / (place @ corners)[2] for place in (found.transform, true)]
        return float(np.hypot(*(ends[0] - ends[1])).max()) * WORK_SIDE / max(self.canvas)

    @property
    def own(self) -> Pixels:
        """The photo's own pixels at the product's place, over the whole finished picture."""
        place = self.expected @ np.linalg.inv(to_crop(self.product))
        return np.asarray(warped(self.product.crop, place, self.canvas), np.uint8)


def cut_out(name: str) -> tuple[Pixels, Pixels]:
    """A golden photo and its true matte."""
    golden = case(name)
    matte = np.rint(golden.truth * 255).astype(np.uint8)
    factor = min(1.0, LONG_SIDE / max(matte.shape))
    size = (round(golden.photo.shape[1] * factor), round(golden.photo.shape[0] * factor))
    return resized(golden.photo, size), resized(matte, size)


def stranger(name: str) -> Pixels:
    """The product of another golden photo, cut out tightly, RGBA."""
    photo, matte = cut_out(name)
    x, y, wide, tall = cv2.boundingRect((matte > 127).astype(np.uint8))
    return np.ascontiguousarray(np.dstack([photo, matte])[y : y + tall, x : x + wide])


def sent_photo(name: str, *, as_it_is: bool = False) -> SentPhoto:
    """Return a golden photo as a model gets it.

    Args:
        name: Such as `mug_kitchen`.
        as_it_is: Whether the plan leaves the tone alone, so that the photo's own pixels are the truth.
    """
    photo, matte = cut_out(name)
    height, width = matte.shape
    x, y, wide, tall = cv2.boundingRect((matte > 4).astype(np.uint8))
    box = (max(0, x - 20), max(0, y - 20), min(width, x + wide + 20), min(height, y + tall + 20))
    alpha = np.ascontiguousarray(matte[box[1] : box[3], box[0] : box[2]])
    product = Product(photo, Matte(alpha, box, "true", None, 0.05))
    tone = Tone(white_balance=0.0, auto_exposure=False) if as_it_is else Tone()
    plan = Plan(backdrop=Backdrop(kind="gradient"), tone=tone)
    shown = framing.window_of(plan.framing, product.bounds, (width, height))
    canvas = framing.shown_size(shown)
    factor = SENT_SIDE / max(canvas)
    size = round(canvas[0] * factor), round(canvas[1] * factor)
    sent = resized(np.ascontiguousarray(photo[shown[1] : shown[3], shown[0] : shown[2]]), size)
    cover = placed_matte(product, window(shown, size), size).astype(np.float32) / 255
    return SentPhoto(product, sent, cover, canvas, window(shown, canvas), plan)
