"""Padding of a picture to an aspect ratio that a model supports, and cropping of the result."""

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.pixels import Picture

_QUALITY = 95  # JPEG quality of pictures that are sent
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
        """Return the smallest canvas of an aspect ratio that holds the picture in its centre.

        Args:
            width: Width of the picture, in pixels.
            height: Height of the picture, in pixels.
            shape: Width and height that define the aspect ratio.
        """
        ratio = shape[0] / shape[1]
        if abs(width / height / ratio - 1) <= _AS_GOOD:
            return cls(0, 0, width, height, width, height)
        wide, tall = max(width, round(height * ratio)), max(height, round(width / ratio))
        return cls((wide - width) // 2, (tall - height) // 2, width, height, wide, tall)

    @property
    def is_plain(self) -> bool:
        """Whether the canvas has no padding."""
        return (self.width, self.height) == (self.full_width, self.full_height)

    def filled(self, picture: Picture) -> Picture:
        """Pad a picture by replicating its edges; uint8 (H, W, 3), sRGB."""
        return np.asarray(cv2.copyMakeBorder(picture, *self._borders, cv2.BORDER_REPLICATE), np.uint8)

    def opened(self, mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
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


def jpeg_of(picture: Picture) -> bytes:
    """Encode a picture as JPEG."""
    _, data = cv2.imencode(
        ".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]
    )
    return data.tobytes()
