"""Decode HEIC with pillow-heif, because libvips as shipped does not support it."""

from collections.abc import Callable

import pyvips

from stillroom.imaging.io import hdr
from stillroom.imaging.io.signatures import Unreadable

_BROKEN = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)
"""Exceptions of the HEIC library for damaged containers; fuzzing found `LookupError`."""


BIT_DEPTH = "bits-per-sample"
"""Field of a decoded picture with the bits per channel of its file, by libvips' name."""


def decode(data: bytes, check_size: Callable[[int, int], None]) -> tuple[pyvips.Image, int]:
    """Decode the first picture, and count all pictures of the file.

    Args:
        check_size: Raises an error for a width and height that are not accepted.

    Raises:
        Unreadable: The file is damaged, or needs too much memory; with the message of the library.
    """
    # Imported here, so that other formats do not pay for loading it.
    import numpy as np
    import pillow_heif

    try:
        container = pillow_heif.open_heif(data, convert_hdr_to_8bit=True)
        check_size(*container.size)
        pixels, info, frames = np.asarray(container), container.info, len(container)
        # The container's boxes have rotated the picture already, and phones repeat the rotation in EXIF.
        pillow_heif.set_orientation(info)
    except _BROKEN as error:
        raise Unreadable(str(error)) from error
    picture = pyvips.Image.new_from_array(pixels, interpretation="srgb").copy()
    transfer = info.get("nclx_profile", {}).get("transfer_characteristics")
    if transfer in hdr.TRANSFERS and picture.bands == 3:
        picture = hdr.to_srgb(picture, transfer).copy()
    picture.set_type(pyvips.GValue.gint_type, BIT_DEPTH, info.get("bit_depth", 8))
    for theirs, ours in (("icc_profile", "icc-profile-data"), ("exif", "exif-data"), ("xmp", "xmp-data")):
        if block := info.get(theirs):
            picture.set_type(pyvips.GValue.blob_type, ours, block)
    return picture, frames
