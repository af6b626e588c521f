"""The surface around a product: whether one ground fills the photo, and how far out of focus it is."""

import cv2
import numpy as np

from stillroom.imaging.pixels import Bytes, Picture

_STRIP = 0.14  # of the photo's height: the strips at its top and bottom edge that are compared
_MIN_PIXELS = 60  # of a strip beside the product
_NEAR = 7  # pixels around the product that its shadow or a loose matte may darken
_TONE, _HUE = 14.0, 7.0  # largest differences of the medians of L*, and of a* and b*
_TEXTURE = 1.0  # least mean fine contrast in L*; a plain studio wall has less
_EVEN = 2.0  # largest ratio of the two fine contrasts, and of the two standard deviations of L*
_FINE = 3.0  # pixels; standard deviation of the blur that removes fine contrast


def fills_photo(photo: Picture, alpha: Bytes) -> bool:
    """Whether a textured ground fills the photo: colour and sharpness are alike at its top and bottom edge.

    Args:
        photo: About 320 pixels on the longer side.
    """
    lab = np.asarray(cv2.cvtColor(photo.astype(np.float32) / np.float32(255), cv2.COLOR_RGB2Lab), np.float32)
    fine = np.abs(lab[..., 0] - np.asarray(cv2.GaussianBlur(lab[..., 0], (0, 0), _FINE), np.float32))
    free = np.asarray(cv2.dilate(alpha, np.ones((_NEAR, _NEAR), np.uint8)), np.uint8) < 20
    deep = round(_STRIP * len(photo))
    tones, textures, spreads = [], [], []
    for rows in (slice(0, deep), slice(-deep, None)):
        where = free[rows]
        if np.count_nonzero(where) < _MIN_PIXELS:
            return False
        tones.append(np.median(lab[rows][where], axis=0))
        textures.append(float(fine[rows][where].mean()))
        spreads.append(float(lab[rows][where][:, 0].std()))
    lighter, *colour = np.abs(tones[0] - tones[1])
    is_alike = lighter < _TONE and float(np.hypot(*colour)) < _HUE
    is_even = all(max(two) <= _EVEN * min(two) for two in (textures, spreads))
    return bool(is_alike and is_even and min(textures) >= _TEXTURE)


def defocus_of(photo: Picture, alpha: Bytes) -> float:
    """Estimate defocus by the share of fine detail around the product, relative to that on the product."""
    grey = np.asarray(cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY), np.float32)
    steps = [grey, *(np.asarray(cv2.GaussianBlur(grey, (0, 0), sigma), np.float32) for sigma in (1.0, 3.0))]
    fine, coarse = (np.abs(steps[0] - steps[1]), np.abs(steps[1] - steps[2]))
    inside, outside = alpha > 250, np.asarray(cv2.dilate(alpha, np.ones((9, 9), np.uint8))) < 3
    if int(inside.sum()) < 400 or int(outside.sum()) < 400:
        return 0.0
    shares = [float(fine[where].mean() / (coarse[where].mean() + 0.3)) for where in (inside, outside)]
    return float(np.clip(1.4 * (0.75 - shares[1] / max(shares[0], 1e-3)), 0.0, 0.8))
