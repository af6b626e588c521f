"""What a cloud model gets to see: the part of the photo to show, where the product lies in it, and a mask."""

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass

import cv2
import numpy as np

from stillroom.domain.plans.plan import Plan
from stillroom.domain.providers.requests import BasePicture, GenerationRequest
from stillroom.imaging.pixels import Bytes, Picture, fitted
from stillroom.imaging.quality.transforms import Transform, affine, placed_matte, scaling, window
from stillroom.imaging.scene import framing
from stillroom.imaging.scene.product import Product
from stillroom.providers.adapters import wire

SENT_SIDE = 1536
"""Pixels of the longer side of a picture that is sent: more than models return, and under every limit."""

_KEPT = 8  # views; each is about a megabyte
_SECOND_SIDE = 1024  # pixels; of the photo that only shows what the product looks like
_QUALITY = 94  # JPEG; small enough for every relay, fine enough for lettering
_ROOM = 0.01  # share of the photo that must be free around the product in a square part of it
_MASK_MARGIN = 3  # pixels of the product's edge that may be changed, so that the light can wrap around it


@dataclass(frozen=True)
class View:
    """What is sent, and what must come back.

    Attributes:
        pictures: JPEG files; the first is the one to change.
        mask: PNG, RGBA, of the first picture's size, transparent where it may be changed.
        width: Of the first picture.
        height: Of the first picture.
        canvas: Width and height of the finished picture.
        expected: Where the product was, from photo to finished pixels; None if that is not known.
    """

    pictures: tuple[bytes, ...]
    mask: bytes
    width: int
    height: int
    canvas: tuple[int, int]
    expected: Transform | None


class Views:
    """The views of late, so that candidates of one job and the next provider need not wait for them again."""

    def __init__(self) -> None:
        """Remember nothing."""
        self._kept: OrderedDict[tuple[object, ...], View] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, product: Product, request: GenerationRequest, plan: Plan) -> View:
        """What to show for a request; safe to ask from several threads."""
        base = request.base
        seen = b"" if base is None else hashlib.sha256(base.picture).digest()
        matte = product.matte.model if request.matte is None else request.matte.id
        key = (request.photo_sha256, matte, plan.framing, seen)
        with self._lock:
            view = self._kept.get(key)
            if view is None:
                view = of_photo(product, plan) if base is None else of_base(product, base)
                self._kept[key] = view
            self._kept.move_to_end(key)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return view


def of_photo(product: Product, plan: Plan) -> View:
    """Show the photo: as much as the plan's framing wants, without leaving it or cutting the product."""
    height, width = product.photo.shape[:2]
    box = framing.window_of(plan.framing, product.bounds, (width, height))
    if not _holds(box, product.bounds, max(width, height) * _ROOM):
        shape = plan.framing.model_copy(update={"shape": "photo"})
        box = framing.window_of(shape, product.bounds, (width, height))
    if not _holds(box, product.bounds, 0.0):
        box = (0, 0, width, height)
    canvas = framing.shown_size(box)
    expected = window(box, canvas)
    shown = fitted(np.ascontiguousarray(product.photo[box[1] : box[3], box[0] : box[2]]), SENT_SIDE)
    return _view(product, shown, (), canvas, expected)


def of_base(product: Product, base: BasePicture) -> View:
    """Show the picture to change, and beside it the photo."""
    picture = wire.pixels_of(base.picture)
    canvas = (picture.shape[1], picture.shape[0])
    known = base.plan.product_transform
    expected = None if known is None else affine(known)
    photo = _jpeg(fitted(product.photo, _SECOND_SIDE))
    return _view(product, fitted(picture, SENT_SIDE), (photo,), canvas, expected)


def _view(
    product: Product,
    shown: Picture,
    others: tuple[bytes, ...],
    canvas: tuple[int, int],
    expected: Transform | None,
) -> View:
    size = (shown.shape[1], shown.shape[0])
    cover = np.zeros((size[1], size[0]), np.uint8)
    if expected is not None:
        cover = placed_matte(product, scaling(canvas, size) @ expected, size)
    return View((_jpeg(shown), *others), _mask(cover), *size, canvas, expected)


def _holds(box: tuple[int, int, int, int], bounds: tuple[float, float, float, float], room: float) -> bool:
    left, top, right, bottom = bounds
    return (
        box[0] + room <= left and box[1] + room <= top and box[2] - room >= right and box[3] - room >= bottom
    )


def _mask(cover: Bytes) -> bytes:
    """Opaque, and so to be kept, where the product is for certain."""
    kept = cv2.erode((cover > 127).astype(np.uint8), np.ones((2 * _MASK_MARGIN + 1,) * 2, np.uint8))
    rgba = np.zeros((*cover.shape, 4), np.uint8)
    rgba[..., 3] = kept * 255
    _, data = cv2.imencode(".png", rgba, [cv2.IMWRITE_PNG_COMPRESSION, 3])
    return data.tobytes()


def _jpeg(picture: Picture) -> bytes:
    flags = [cv2.IMWRITE_JPEG_QUALITY, _QUALITY, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, 0x111111]
    _, data = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), flags)
    return data.tobytes()
