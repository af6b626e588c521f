"""Convert HDR pictures to sRGB, whose viewers would show their codes dull and grey."""

import numpy as np
import pyvips
from numpy.typing import NDArray

_WHITE_NITS = 203.0  # of diffuse white in both systems (ITU-R BT.2408, 2.1)
_HLG_PEAK_NITS, _HLG_GAMMA = 1000.0, 1.2  # of the reference display (ITU-R BT.2100, table 5)
_KNEE = 0.75  # of diffuse white; light above it is compressed, so that highlights keep their shape

_TO_SRGB = [
    [1.660491, -0.587641, -0.072850],
    [-0.124550, 1.132900, -0.008349],
    [-0.018151, -0.100579, 1.118730],
]
"""Linear RGB of BT.2020 to that of BT.709, which sRGB shares (ITU-R BT.2087)."""


def _pq(code: NDArray[np.float64]) -> NDArray[np.float64]:
    """Light of perceptual quantisation, relative to diffuse white (ITU-R BT.2100, table 4)."""
    root = code ** (1 / 78.84375)
    share = np.maximum(root - 0.8359375, 0) / (18.8515625 - 18.6875 * root)
    return np.asarray(10_000 / _WHITE_NITS * share ** (1 / 0.1593017578125))


def _hlg(code: NDArray[np.float64]) -> NDArray[np.float64]:
    """Light of hybrid log-gamma, relative to diffuse white (ITU-R BT.2100, table 5)."""
    scene = np.where(code <= 0.5, code**2 / 3, (np.exp((code - 0.55991073) / 0.17883277) + 0.28466892) / 12)
    return np.asarray(_HLG_PEAK_NITS / _WHITE_NITS * scene**_HLG_GAMMA)


_LIGHT = {16: _pq, 18: _hlg}
"""Transfer functions by their number in ITU-T H.273."""

TRANSFERS = frozenset(_LIGHT)


def to_srgb(picture: pyvips.Image, transfer: int) -> pyvips.Image:
    """Convert a picture of BT.2020 primaries to sRGB; diffuse white becomes a light grey.

    Args:
        picture: RGB of 8 bits.
        transfer: One of TRANSFERS.
    """
    table = _LIGHT[transfer](np.arange(256) / 255)
    light = picture.maplut(pyvips.Image.new_from_array(table[None]))
    light = light.recomb(pyvips.Image.new_from_array(_TO_SRGB))
    above = (1 - ((_KNEE - light) / (1 - _KNEE)).exp()) * (1 - _KNEE) + _KNEE
    shown = (light < _KNEE).ifthenelse(light, above)
    return shown.copy(interpretation="scrgb").colourspace("srgb")
