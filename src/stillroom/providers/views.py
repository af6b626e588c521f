"""Pictures to send to a cloud model: a crop of the photo, the product's position in it, and a mask."""

import hashlib
import threading
from dataclasses import dataclass

import cv2
import numpy as np
from cachetools import LRUCache

from stillroom.domain.plans.plan import Plan
from stillroom.domain.providers.requests import BasePicture, GenerationRequest
from stillroom.imaging.io.encoding import png_of
from stillroom.imaging.pixels import Bytes, Picture
from stillroom.imaging.quality.transforms import Transform, affine, placed_matte, scaling, window
from stillroom.imaging.resizing import fitted
from stillroom.imaging.scene import framing
from stillroom.imaging.scene.product import Product
from stillroom.providers.adapters import vendor_pictures

SENT_SIDE = 1536
"""Longer side of the pictures sent, in pixels: more than models return, and below every vendor's limit."""

_CACHE_SIZE = 8  # views; about a megabyte each
_SECOND_SIDE = 1024  # pixels; longer side of the reference photo of the product
_ROOM = 0.01  # share of the photo that must be free around the product in a square crop
_MASK_MARGIN = 3  # pixels; band along the product's edge that may be changed, for light wrap


@dataclass(frozen=True)
class View:
    """The pictures of a request, and the expected position of the product in the result.

    Attributes:
        pictures: JPEG files; the first is the one to change.
        mask: RGBA PNG of the first picture's size, transparent where it may be changed.
        canvas: Width and height of the finished picture in pixels.
        expected: Affine map of the product from photo to finished pixels; None if unknown.
    """

    pictures: tuple[bytes, ...]
    mask: bytes
    width: int
    height: int
    canvas: tuple[int, int]
    expected: Transform | None


class Views:
    """Cache of recent views, shared by the candidates of a job and by fallback providers."""

    def __init__(self) -> None:
        self._kept: LRUCache[tuple[object, ...], View] = LRUCache(_CACHE_SIZE)
        self._lock = threading.Lock()

    def of(self, product: Product, request: GenerationRequest, plan: Plan) -> View:
        """Return the view of a request, from the cache if possible; thread-safe."""
        base = request.base
        seen = b"" if base is None else hashlib.sha256(base.picture).digest()
        matte = product.matte.model if request.matte is None else request.matte.id
        key = (request.photo_sha256, matte, request.hints, plan.framing, seen)
        with self._lock:
            view = self._kept.get(key)
            if view is None:
                view = of_photo(product, plan) if base is None else of_base(product, base)
                self._kept[key] = view
            return view


def of_photo(product: Product, plan: Plan) -> View:
    """Build the view of a photo: the plan's framing, kept inside the photo and around the whole product."""
    height, width = product.photo.shape[:2]
    box = framing.window_of(plan.framing, product.bounds, (width, height))
    if not _contains(box, product.bounds, max(width, height) * _ROOM):
        shape = plan.framing.model_copy(update={"aspect": "photo"})
        box = framing.window_of(shape, product.bounds, (width, height))
    if not _contains(box, product.bounds, 0.0):
        box = (0, 0, width, height)
    canvas = framing.shown_size(box)
    expected = window(box, canvas)
    shown = fitted(np.ascontiguousarray(product.photo[box[1] : box[3], box[0] : box[2]]), SENT_SIDE)
    return _view(product, shown, (), canvas, expected)


def of_base(product: Product, base: BasePicture) -> View:
    """Build the view of a picture to refine, with the photo as reference."""
    picture = vendor_pictures.pixels_of(base.picture)
    canvas = (picture.shape[1], picture.shape[0])
    known = base.plan.product_transform
    expected = None if known is None else affine(known)
    photo = vendor_pictures.jpeg_of(fitted(product.photo, _SECOND_SIDE))
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
    return View((vendor_pictures.jpeg_of(shown), *others), _mask(cover), *size, canvas, expected)


def _contains(box: tuple[int, int, int, int], bounds: tuple[float, float, float, float], room: float) -> bool:
    left, top, right, bottom = bounds
    return (
        box[0] + room <= left and box[1] + room <= top and box[2] - room >= right and box[3] - room >= bottom
    )


def _mask(cover: Bytes) -> bytes:
    """Build the mask: opaque, and so protected, where the product is certain."""
    kept = cv2.erode((cover > 127).astype(np.uint8), np.ones((2 * _MASK_MARGIN + 1,) * 2, np.uint8))
    rgba = np.zeros((*cover.shape, 4), np.uint8)
    rgba[..., 3] = kept * 255
    return png_of(rgba)
