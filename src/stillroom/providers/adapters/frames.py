"""A picture on a frame of a shape that a model makes, its edges drawn out, and cut from the answer again."""

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.pixels import Picture

_QUALITY = 95  # JPEG, of what is sent
_AS_GOOD = 0.03  # relative; sizes in steps of 16 pixels are so far off, and nobody sees it


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a picture lies on a frame that is larger on two sides or on none; all in the picture's pixels."""

    x: int
    y: int
    width: int
    height: int
    full_width: int
    full_height: int

    @classmethod
    def around(cls, width: int, height: int, shape: tuple[int, int]) -> Self:
        """The smallest frame of a shape that holds a picture in its middle.

        Args:
            width: Of the picture.
            height: Of the picture.
            shape: Width and height whose ratio the frame shall have.
        """
        ratio = shape[0] / shape[1]
        if abs(width / height / ratio - 1) <= _AS_GOOD:
            return cls(0, 0, width, height, width, height)
        wide, tall = max(width, round(height * ratio)), max(height, round(width / ratio))
        return cls((wide - width) // 2, (tall - height) // 2, width, height, wide, tall)

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing around the picture."""
        return (self.width, self.height) == (self.full_width, self.full_height)

    def filled(self, picture: Picture) -> Picture:
        """The picture on its frame; uint8 (H, W, 3), sRGB."""
        return np.asarray(cv2.copyMakeBorder(picture, *self._borders, cv2.BORDER_REPLICATE), np.uint8)

    def opened(self, mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """A mask on the frame, uint8 (H, W, 4); all around the picture may be changed."""
        clear = (0, 0, 0, 0)
        return np.asarray(
            cv2.copyMakeBorder(mask, *self._borders, cv2.BORDER_CONSTANT, value=clear), np.uint8
        )

    def cut_from(self, answer: Picture) -> Picture:
        """The picture's part of what a model made of the frame, at whatever size; uint8 (h, w, 3)."""
        scale_x, scale_y = answer.shape[1] / self.full_width, answer.shape[0] / self.full_height
        rows = slice(round(self.y * scale_y), round((self.y + self.height) * scale_y))
        columns = slice(round(self.x * scale_x), round((self.x + self.width) * scale_x))
        return np.ascontiguousarray(answer[rows, columns])

    @property
    def _borders(self) -> tuple[int, int, int, int]:
        right, below = self.full_width - self.width - self.x, self.full_height - self.height - self.y
        return self.y, below, self.x, right


def jpeg_of(picture: Picture) -> bytes:
    """A JPEG file to send."""
    _, data = cv2.imencode(
        ".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]
    )
    return data.tobytes()
