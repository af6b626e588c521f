"""Files as phones write them, and rare variants of each format."""

import io
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pillow_heif
import pytest
import pyvips
from PIL import Image

from stillroom.imaging.io.decoding import Limits, sanitise
from tests import pictures
from tests.hostile.containers import png_chunk, with_png_chunks

LIMITS = Limits(max_bytes=30_000_000, max_megapixels=100, max_side=1024)
ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825

clean = partial(sanitise, declared_type=None, file_name="photo", limits=LIMITS)


def a_phones_heic(upright: pictures.Pixels, orientation: int) -> bytes:
    """Turned by its own boxes and, once more, by EXIF; wide gamut, with the place it was taken at."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = orientation, "Apple"
    exif.get_ifd(GPS)[1] = "N"
    stored = np.ascontiguousarray(pictures.STORED[orientation](upright))
    container = pillow_heif.from_bytes("RGB", (stored.shape[1], stored.shape[0]), stored.tobytes())
    facts: dict[str, Any] = container[0].info
    facts["exif"] = exif.tobytes()
    facts["icc_profile"] = bytes(pyvips.Image.profile_load("p3"))
    facts["icc_profile_type"] = "prof"
    buffer = io.BytesIO()
    container.save(buffer, quality=95)
    return buffer.getvalue()


@pytest.mark.parametrize("orientation", pictures.STORED)
def test_a_phones_heic_is_turned_once(orientation: int) -> None:
    data = a_phones_heic(pictures.quarters(), orientation)
    assert (b"irot" in data or b"imir" in data) == (orientation != 1)
    done = clean(data, file_name="IMG_0001.HEIC")
    pixels = pictures.decoded(done.picture)
    assert (done.width, done.height) == (400, 300)
    # Wide-gamut red, green and blue lie outside sRGB, so each is at its edge.
    assert pixels[30, 30, 0] > 220 > pixels[30, 30, 2] + 150
    assert pixels[30, -30, 1] > 220
    assert pixels[-30, 30, 2] > 220 > pixels[-30, 30, 0] + 150
    assert pixels[-30, -30].min() > 245
    assert pictures.fields(done.picture) == []


def test_a_wide_gamut_heic_is_converted() -> None:
    plain = np.full((300, 300, 3), (180, 90, 80), np.uint8)
    converted = pictures.decoded(clean(a_phones_heic(plain, 1)).picture)
    assert converted[150, 150, 0] > 186


PQ, HLG = 16, 18


@pytest.mark.parametrize(("transfer", "white"), [(PQ, 0.5807), (HLG, 0.75)])
def test_an_hdr_heic_is_converted_to_the_brightness_and_colours_of_srgb(transfer: int, white: float) -> None:
    stored = np.zeros((300, 300, 3), np.uint16)
    # Diffuse white, a highlight, the same less bright, and a red that only the wide gamut has.
    for row, codes in enumerate(((white,) * 3, (white + 0.1,) * 3, (white + 0.05,) * 3, (white, 0.2, 0.2))):
        stored[75 * row : 75 * (row + 1)] = np.rint(65535 * np.array(codes))
    buffer = io.BytesIO()
    wide = {"color_primaries": 9, "transfer_characteristics": transfer, "matrix_coefficients": 9}
    container = pillow_heif.from_bytes("RGB;16", (300, 300), stored.tobytes())
    container.save(buffer, quality=95, chroma=444, save_nclx_profile=True, full_range_flag=1, **wide)
    pixels = pictures.decoded(clean(buffer.getvalue()).picture).astype(int)
    shown, brightest, bright, red = pixels[37::75, 150]
    assert 235 < shown.min() <= shown.max() < shown.min() + 3
    assert brightest.min() > bright.min() > shown.max()
    assert red[0] > 230 > 60 > red[1:].max()


@pytest.mark.parametrize("kind", ["progressive", "interlaced", "deep", "animated png", "lzw"])
def test_rare_variants_of_a_format_are_decoded_correctly(kind: str) -> None:
    picture = pictures.scene()
    plain = pictures.image(picture)
    deep = (plain.cast("ushort") * 257).cast("ushort").copy(interpretation="rgb16")
    # The control chunk may follow any amount of metadata.
    control = png_chunk(b"tEXt", b"Comment\0" + bytes(8000)) + png_chunk(b"acTL", (2).to_bytes(4) + bytes(4))
    made: dict[str, Callable[[], Any]] = {
        "progressive": lambda: plain.jpegsave_buffer(interlace=True, Q=92),
        "interlaced": lambda: plain.pngsave_buffer(interlace=True),
        "deep": lambda: deep.pngsave_buffer(bitdepth=16),
        "animated png": lambda: with_png_chunks(pictures.png(picture), control),
        "lzw": lambda: plain.tiffsave_buffer(compression="lzw", tile=True),
    }
    done = clean(bytes(made[kind]()))
    difference = np.abs(pictures.decoded(done.picture).astype(int) - picture.astype(int)).mean()
    assert difference < 2.0
    assert done.first_frame_only == (kind == "animated png")
