"""Encoding of masters, thumbnails and export files."""

import io

import numpy as np
import pytest
from PIL import Image

from stillroom.domain.errors import InputCorrupt
from stillroom.domain.exports.presets import ByteWindow, Quality
from stillroom.domain.exports.rules import PictureFormat
from stillroom.imaging.io import encoding
from tests import pictures

XMP = '<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="杯"/>'.encode()
ANY = ByteWindow()
WIDE = ByteWindow(max=30_000_000)
"""Of a shop; it is never missed."""

QUALITY = Quality(best=92, least=72)


def noise(side: int = 256) -> pictures.Pixels:
    return np.random.default_rng(3).integers(0, 256, (side, side, 3), np.uint8)


@pytest.mark.parametrize("bands", [1, 3, 4])
def test_a_master_is_read_back_unchanged(bands: int) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (60, 80, bands), np.uint8)
    pixels = pixels[..., 0] if bands == 1 else pixels
    assert np.array_equal(encoding.pixels_of(encoding.png_of(pixels)), pixels)


def test_png_files_have_the_expected_channels() -> None:
    for shape, color_type in (((5, 7), 0), ((5, 7, 3), 2), ((5, 7, 4), 6)):
        data = encoding.png_of(np.zeros(shape, np.uint8))
        assert data.startswith(b"\x89PNG")
        assert data[16:24] == (7).to_bytes(4, "big") + (5).to_bytes(4, "big")
        assert data[25] == color_type


def test_thumbnail_keeps_proportions_and_transparency() -> None:
    pixels = np.dstack(pictures.product(side=1000))[:600]
    for made in (encoding.thumbnail(pictures.png(pixels)), encoding.thumbnail_of(pixels)):
        small = pictures.decoded(made)
        assert small.shape == (307, 512, 4)
        assert small[0, 0, 3] == 0


def test_damaged_stored_picture_is_reported() -> None:
    data = encoding.png_of(noise())
    with pytest.raises(InputCorrupt):
        encoding.pixels_of(data[: len(data) // 2])
    with pytest.raises(InputCorrupt):
        encoding.thumbnail(b"nothing")


@pytest.mark.parametrize("form", list(PictureFormat))
def test_the_same_pixels_give_the_same_bytes(form: PictureFormat) -> None:
    once = encoding.encode(pictures.scene(), form, QUALITY, ANY, XMP)
    assert encoding.encode(pictures.scene(), form, QUALITY, ANY, XMP) == once


@pytest.mark.parametrize("form", list(PictureFormat))
def test_a_file_carries_its_packet_and_no_other_metadata(form: PictureFormat) -> None:
    made = encoding.encode(pictures.scene(), form, QUALITY, ANY, XMP)
    assert pictures.fields(made.data) == ["xmp-data"]
    with Image.open(io.BytesIO(made.data)) as image:
        assert image.info["xmp"] == XMP


@pytest.mark.parametrize("bands", [3, 4])
def test_a_png_states_srgb_and_no_resolution(bands: int) -> None:
    pixels = np.zeros((32, 48, bands), np.uint8)
    data = encoding.encode(pixels, PictureFormat.PNG, QUALITY, ANY, XMP).data
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        assert (image.info["srgb"], "dpi" in image.info, image.size) == (0, False, (48, 32))


def test_a_jpeg_keeps_colour_at_full_size() -> None:
    made = encoding.encode(pictures.scene(), PictureFormat.JPEG, QUALITY, WIDE, XMP)
    frame = made.data.index(b"\xff\xc0")
    samplings = made.data[frame + 11 : frame + 20 : 3]
    assert samplings == b"\x11\x11\x11"


def test_quality_is_reduced_only_to_meet_the_byte_limit() -> None:
    pixels = noise()
    best = encoding.encode(pixels, PictureFormat.JPEG, QUALITY, WIDE, XMP)
    assert best.quality == 92
    limit = len(best.data) - 10_000
    fitted = encoding.encode(pixels, PictureFormat.JPEG, QUALITY, ByteWindow(max=limit), XMP)
    assert len(fitted.data) <= limit
    one_better = Quality(best=fitted.quality + 1, least=fitted.quality + 1)
    assert len(encoding.encode(pixels, PictureFormat.JPEG, one_better, WIDE, XMP).data) > limit


def test_quality_is_raised_for_a_file_below_the_minimum() -> None:
    pixels = pictures.scene()
    best = encoding.encode(pixels, PictureFormat.JPEG, QUALITY, WIDE, XMP)
    floor = len(best.data) + 2_000
    filled = encoding.encode(pixels, PictureFormat.JPEG, QUALITY, ByteWindow(min=floor), XMP)
    assert len(filled.data) >= floor
    assert filled.quality > 92


@pytest.mark.parametrize("least", [38_913, 200_000])
def test_plain_picture_below_the_minimum_is_padded_unchanged(least: int) -> None:
    stick, _ = pictures.product(side=400, box=(190, 60, 210, 340))
    plain = encoding.encode(stick, PictureFormat.JPEG, QUALITY, WIDE, XMP)
    best = Quality(best=100, least=100)
    assert len(encoding.encode(stick, PictureFormat.JPEG, best, WIDE, XMP).data) < least
    made = encoding.encode(stick, PictureFormat.JPEG, QUALITY, ByteWindow(min=least, max=299_999), XMP)
    assert least <= len(made.data) <= least + 4
    assert made.quality == 92
    assert np.array_equal(pictures.decoded(made.data), pictures.decoded(plain.data))
    assert "xmp-data" in pictures.fields(made.data)
    with Image.open(io.BytesIO(made.data)) as opened:
        opened.load()
        assert opened.format == "JPEG"
        assert opened.info["comment"].strip() == b""
        assert opened.info["xmp"] == XMP
    assert made == encoding.encode(
        stick, PictureFormat.JPEG, QUALITY, ByteWindow(min=least, max=299_999), XMP
    )


def test_unreachable_byte_limit_gives_the_lowest_quality() -> None:
    made = encoding.encode(noise(), PictureFormat.JPEG, QUALITY, ByteWindow(max=100), XMP)
    assert made.quality == 72
    assert len(made.data) > 100


@pytest.mark.parametrize("window", [ANY, WIDE])
@pytest.mark.parametrize("form", [PictureFormat.JPEG, PictureFormat.WEBP])
def test_white_stays_white_at_every_quality_a_preset_may_fall_to(
    form: PictureFormat, window: ByteWindow
) -> None:
    white = np.full((32, 32, 3), 255, np.uint8)
    for quality in range(70, 101):
        made = encoding.encode(white, form, Quality(best=quality, least=quality), window, XMP)
        assert pictures.decoded(made.data).min() == 255, quality


def test_a_jpeg_for_a_shop_is_baseline_and_one_shown_as_it_is_is_smaller() -> None:
    pixels = pictures.scene(600, 400)
    for_shop = encoding.encode(pixels, PictureFormat.JPEG, QUALITY, ByteWindow(max=3_000_000), XMP).data
    as_it_is = encoding.encode(pixels, PictureFormat.JPEG, QUALITY, ANY, XMP).data
    assert b"\xff\xc0" in for_shop
    assert b"\xff\xc2" not in for_shop
    assert b"\xff\xc2" in as_it_is
    assert len(as_it_is) < len(for_shop)
