"""Read ICC profiles: description, and equivalence to sRGB."""

import functools

import numpy as np
import pyvips
from numpy.typing import NDArray

_TOLERANCE = 3
"""Steps of 255; sRGB profiles differ by rounding, while a plain gamma of 2.2 differs by 7 in the shadows."""

_HEADER, _ENTRY, _MAX_TAGS = 128, 12, 100
"""Bytes before the tag table and per entry, and most entries read. Source: ICC.1:2022, 7.2 f."""


def name_of(profile: bytes) -> str | None:
    """Description of a profile, in ASCII (version 2) or UTF-16 (version 4); None if it has none."""
    text = _tags(profile).get(b"desc", b"")
    if text[:4] == b"desc":
        name = text[12 : 12 + _number(text, 8)].decode("ascii", "replace")
    elif text[:4] == b"mluc":
        start = _number(text, 24)
        name = text[start : start + _number(text, 20)].decode("utf-16-be", "replace")
    else:
        return None
    return name.partition("\0")[0].strip() or None


def is_srgb(profile: bytes) -> bool:
    """Whether colours keep their values if the profile is replaced by sRGB.

    The test is the profile's effect, not its name, because linear profiles are called sRGB too. The name
    decides only for profiles with look-up tables, which alter colours for print on purpose.
    """
    if _is_harmless(profile):
        return True
    return b"A2B0" in _tags(profile) and "sRGB" in (name_of(profile) or "")


def _is_harmless(profile: bytes) -> bool:
    cube = _cube()
    image = pyvips.Image.new_from_array(cube, interpretation="srgb").copy()
    image.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    try:
        # libvips falls back to the second profile if the embedded one is unusable, so that must not be sRGB.
        shown = image.icc_transform(
            "srgb", embedded=True, input_profile="p3", intent="relative", depth=8
        ).numpy()
    except pyvips.Error:
        return False
    return int(np.abs(shown.astype(np.int16) - cube).max()) <= _TOLERANCE


@functools.cache
def _cube() -> NDArray[np.uint8]:
    """Nine levels of each channel in all combinations, uint8 (27, 27, 3)."""
    levels = np.array([0, 16, 32, 64, 96, 128, 160, 208, 255], np.uint8)
    return np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(27, 27, 3)


def _tags(profile: bytes) -> dict[bytes, bytes]:
    found = {}
    for number in range(min(_number(profile, _HEADER), _MAX_TAGS)):
        at = _HEADER + 4 + _ENTRY * number
        start = _number(profile, at + 4)
        found[profile[at : at + 4]] = profile[start : start + _number(profile, at + 8)]
    return found


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "big")
