"""Padding of a picture to an aspect ratio that a model supports, and cropping of the result."""

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Self

import anyio.to_thread
import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.domain.providers.capabilities import ModelLimits
from stillroom.imaging.io.encoding import png_of
from stillroom.imaging.pixels import Picture
from stillroom.providers.adapters import vendor_pictures
from stillroom.providers.image_requests import ImageRequest, ImageResult, OpenFile

_STEP = 16  # pixels; widths and heights are multiples
_MAX_RATIO = 4.0  # of the sides; narrower pictures are padded
_AS_GOOD = 0.03  # relative difference in aspect ratio; rounding sizes to 16 pixels causes as much, invisibly


@dataclass(frozen=True, slots=True)
class Frame:
    """Position of a picture on a padded canvas; all lengths in pixels of the picture."""

    x: int
    y: int
    width: int
    height: int
    full_width: int
    full_height: int

    @classmethod
    def around(cls, width: int, height: int, shape: tuple[int, int]) -> Self:
        """Return the smallest canvas of an aspect ratio that holds the picture in its centre."""
        ratio = shape[0] / shape[1]
        if abs(width / height / ratio - 1) <= _AS_GOOD:
            return cls(0, 0, width, height, width, height)
        wide, tall = max(width, round(height * ratio)), max(height, round(width / ratio))
        return cls((wide - width) // 2, (tall - height) // 2, width, height, wide, tall)

    @property
    def is_plain(self) -> bool:
        """Whether the canvas has no padding."""
        return (self.width, self.height) == (self.full_width, self.full_height)

    def padded_picture(self, picture: Picture) -> Picture:
        """Pad a picture by replicating its edges; uint8 (H, W, 3), sRGB."""
        return np.asarray(cv2.copyMakeBorder(picture, *self._borders, cv2.BORDER_REPLICATE), np.uint8)

    def padded_mask(self, mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Pad a mask, uint8 (H, W, 4), with transparent pixels: the padding may be changed."""
        clear = (0, 0, 0, 0)
        return np.asarray(
            cv2.copyMakeBorder(mask, *self._borders, cv2.BORDER_CONSTANT, value=clear), np.uint8
        )

    def cut_from(self, answer: Picture) -> Picture:
        """Crop the picture's area from a model's output of any size; uint8 (h, w, 3), sRGB."""
        scale_x, scale_y = answer.shape[1] / self.full_width, answer.shape[0] / self.full_height
        rows = slice(round(self.y * scale_y), round((self.y + self.height) * scale_y))
        columns = slice(round(self.x * scale_x), round((self.x + self.width) * scale_x))
        return np.ascontiguousarray(answer[rows, columns])

    @property
    def _borders(self) -> tuple[int, int, int, int]:
        right, below = self.full_width - self.width - self.x, self.full_height - self.height - self.y
        return self.y, below, self.x, right


def free_size(limits: ModelLimits, width: int, height: int) -> tuple[int, int]:
    """Return the size to request from a model that takes any width and height."""
    ratio = min(_MAX_RATIO, max(1 / _MAX_RATIO, width / height))
    least, most = limits.min_pixels or 1, limits.max_pixels or limits.max_width * limits.max_height
    area = float(min(max(width * height, least), most))
    wide, tall = (area * ratio) ** 0.5, (area / ratio) ** 0.5
    shrink = min(1.0, limits.max_width / wide, limits.max_height / tall)
    steps = [wide * shrink / _STEP, tall * shrink / _STEP]
    size = [round(step) * _STEP for step in steps]
    if size[0] * size[1] < least:
        size = [math.ceil(step) * _STEP for step in steps]
    elif size[0] * size[1] > most:
        size = [math.floor(step) * _STEP for step in steps]
    return size[0], size[1]


Send = Callable[[ImageRequest], Awaitable[ImageResult]]
"""Sends a request to a model and returns its pictures."""


async def framed(image_request: ImageRequest, size: tuple[int, int], send: Send) -> ImageResult:
    """Send a request padded to the aspect ratio of a size, and crop the padding off the result.

    Args:
        image_request: Request of any aspect ratio; sent unchanged if the ratio is the size's.
        size: Width and height that the model is asked for, in pixels.
    """
    frame = Frame.around(image_request.width, image_request.height, size)
    if frame.is_plain:
        return await send(image_request)
    returned = await send(await anyio.to_thread.run_sync(padded, image_request, frame))
    return await unpadded(returned, frame, image_request.open_file)


def padded(image_request: ImageRequest, frame: Frame) -> ImageRequest:
    """Pad the first picture and its mask to the frame."""
    first = vendor_pictures.jpeg_of(
        frame.padded_picture(vendor_pictures.pixels_of(image_request.pictures[0]))
    )
    return replace(
        image_request,
        pictures=(first, *image_request.pictures[1:]),
        mask=png_of(frame.padded_mask(vendor_pictures.mask_of(image_request.mask))),
        width=frame.full_width,
        height=frame.full_height,
    )


async def unpadded(returned: ImageResult, frame: Frame, open_file: OpenFile) -> ImageResult:
    """Crop the frame away from every returned picture."""
    opened = [await vendor_pictures.opened(file, open_file) for file in returned.pictures]

    def cut() -> tuple[bytes, ...]:
        return tuple(png_of(frame.cut_from(picture)) for picture in opened)

    return replace(returned, pictures=await anyio.to_thread.run_sync(cut))
