"""Decoding of untrusted bytes into upright sRGB photos and thumbnails."""

import hashlib
import io
import pickle

import numpy as np
import pillow_heif
import pytest
import pyvips

from stillroom.domain.errors import InputCorrupt, InputTooLarge, InputUnsupported, StillroomError
from stillroom.imaging.io.decoding import MIN_SIDE, Limits, Sanitised, sanitise
from tests import pictures
from tests.hostile.containers import tiff_of

LIMITS = Limits(max_bytes=5_000_000, max_megapixels=20, max_side=1024)


def clean(data: bytes, file_name: str = "photo", declared_type: str | None = None) -> Sanitised:
    return sanitise(data, declared_type=declared_type, file_name=file_name, limits=LIMITS)


def difference(one: pictures.Pixels, other: pictures.Pixels) -> float:
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


def test_jpeg_is_decoded_upright_with_a_thumbnail() -> None:
    picture = pictures.scene()
    done = clean(pictures.jpeg(picture), "a.jpg", "image/jpeg")
    assert (done.format, done.width, done.height) == ("jpeg", 640, 480)
    assert difference(pictures.decoded(done.picture), picture) < 2.0
    assert pictures.decoded(done.thumbnail).shape == (384, 512, 3)
    assert not done.first_frame_only


def test_a_small_png_stays_lossless() -> None:
    picture = pictures.scene()
    done = clean(pictures.png(picture))
    assert done.format == "png"
    assert np.array_equal(pictures.decoded(done.picture), picture)


@pytest.mark.parametrize("orientation", pictures.STORED)
def test_every_orientation_is_set_upright(orientation: int) -> None:
    upright = pictures.quarters()
    done = clean(pictures.jpeg(pictures.STORED[orientation](upright), orientation=orientation))
    assert (done.width, done.height) == (400, 300)
    assert difference(pictures.decoded(done.picture), upright) < 2.0
    small = pictures.decoded(done.thumbnail)
    assert small[30, 30, 0] > 200
    assert small[30, -30, 1] > 200


def test_no_metadata_is_left() -> None:
    data = pictures.jpeg(pictures.scene(), xmp_data=b"<x:xmpmeta/>", iptc_data=b"\x1c\x02\x05\x00\x01a")
    picture = pictures.image(pictures.scene()).copy()
    picture.set_type(pyvips.GValue.gstr_type, "exif-ifd3-GPSLatitude", "31/1 14/1 0/1")
    picture.set_type(pyvips.GValue.gstr_type, "exif-ifd0-Make", "Camera")
    with_gps = bytes(picture.jpegsave_buffer())
    assert pictures.fields(data)
    assert any("GPS" in field for field in pictures.fields(with_gps))
    for dirty in (data, with_gps):
        done = clean(dirty)
        assert pictures.fields(done.picture) == []
        assert pictures.fields(done.thumbnail) == []


def test_trailing_data_is_dropped() -> None:
    tail = pictures.archive()
    done = clean(pictures.jpeg(pictures.scene()) + tail, "a.jpg")
    assert b"PK\x03\x04" not in done.picture
    assert done.picture.endswith(b"\xff\xd9")


def test_a_wide_gamut_profile_is_converted_to_srgb() -> None:
    red = np.full((300, 300, 3), (200, 60, 60), np.uint8)
    plain = pictures.decoded(clean(pictures.jpeg(red)).picture)
    wide = clean(pictures.jpeg(red, icc_profile_data=pyvips.Image.profile_load("p3")))
    converted = pictures.decoded(wide.picture)
    assert converted[150, 150, 0] > plain[150, 150, 0] + 8
    assert pictures.fields(wide.picture) == []


def test_invalid_profile_is_ignored() -> None:
    picture = pictures.scene()
    done = clean(pictures.jpeg(picture, icc_profile_data=bytes(200)))
    assert difference(pictures.decoded(done.picture), picture) < 2.0


def test_cmyk_becomes_rgb() -> None:
    picture = pictures.scene()
    data = bytes(pictures.image(picture).colourspace("cmyk").jpegsave_buffer(Q=92))
    done = clean(data)
    pixels = pictures.decoded(done.picture)
    assert pixels.shape == picture.shape
    assert difference(pixels, picture) < 25.0


@pytest.mark.parametrize("kind", ["grey", "16 bit", "palette"])
def test_other_kinds_of_pixels_become_eight_bit_rgb(kind: str) -> None:
    picture = pictures.image(pictures.scene())
    made = {
        "grey": lambda: picture.colourspace("b-w").jpegsave_buffer(),
        "16 bit": lambda: (
            (picture.cast("ushort") * 257).cast("ushort").copy(interpretation="rgb16").tiffsave_buffer()
        ),
        "palette": lambda: picture.pngsave_buffer(palette=True),
    }[kind]()
    pixels = pictures.decoded(clean(bytes(made)).picture)
    assert pixels.dtype == np.uint8
    assert pixels.shape == (480, 640, 3)


def test_transparency_is_flattened_on_white() -> None:
    picture, matte = pictures.product(ground=(0, 0, 0))
    done = clean(pictures.png(np.dstack([picture, matte])))
    pixels = pictures.decoded(done.picture)
    assert pixels.shape == (800, 800, 3)
    assert tuple(pixels[0, 0]) == (255, 255, 255)
    opaque = clean(pictures.png(np.dstack([picture, np.full_like(matte, 255)])))
    assert np.array_equal(pictures.decoded(opaque.picture), picture)


def test_a_channel_after_the_alpha_is_dropped() -> None:
    picture, matte = pictures.product(ground=(0, 0, 0))
    rgba, extra = pictures.image(np.dstack([picture, matte])), pictures.image(matte)
    plain, spot = (clean(bytes(one.tiffsave_buffer())) for one in (rgba, rgba.bandjoin(extra)))
    assert np.array_equal(pictures.decoded(spot.picture), pictures.decoded(plain.picture))


@pytest.mark.parametrize("kind", ["gif", "webp"])
def test_animation_gives_its_first_frame_and_reports_it(kind: str) -> None:
    frames = pictures.animation()
    data = bytes(frames.gifsave_buffer() if kind == "gif" else frames.webpsave_buffer())
    done = clean(data, f"a.{kind}")
    assert done.first_frame_only
    assert (done.width, done.height) == (400, 300)
    assert difference(pictures.decoded(done.picture), pictures.scene(400, 300)) < 8.0


def test_a_phones_heic_and_an_avif_are_read() -> None:
    picture = pictures.scene()
    buffer = io.BytesIO()
    pillow_heif.from_bytes("RGB", (640, 480), picture.tobytes()).save(buffer, quality=90)
    avif = bytes(pictures.image(picture).heifsave_buffer(compression="av1", Q=80, effort=0))
    for data, name in ((buffer.getvalue(), "IMG_1.HEIC"), (avif, "a.avif")):
        done = clean(data, name)
        assert (done.width, done.height) == (640, 480)
        assert difference(pictures.decoded(done.picture), picture) < 6.0


def test_the_longer_side_is_kept_within_the_limit() -> None:
    done = clean(pictures.jpeg(pictures.scene(1600, 1200)))
    assert (done.width, done.height) == (1024, 768)


def test_digest_is_of_the_original_bytes() -> None:
    data = pictures.jpeg(pictures.scene())
    assert clean(data).sha256 == hashlib.sha256(data).hexdigest()


def _refused() -> dict[str, tuple[bytes, type[StillroomError]]]:
    jpeg, png = pictures.jpeg(pictures.scene()), pictures.png(pictures.scene())
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="500" height="500"/>'
    return {
        "nothing": (b"", InputCorrupt),
        "text": (b"hello " * 100, InputUnsupported),
        "a program": (b"\x7fELF" + bytes(500), InputUnsupported),
        "an archive": (pictures.archive(), InputUnsupported),
        "a drawing": (svg, InputUnsupported),
        "half a JPEG": (jpeg[: len(jpeg) // 2], InputCorrupt),
        "half a PNG": (png[: len(png) // 2], InputCorrupt),
        "a JPEG's beginning": (jpeg[:40], InputCorrupt),
        "noise behind a signature": (b"\xff\xd8\xff" + bytes(range(256)) * 4, InputCorrupt),
        "a huge claim": (pictures.png_claiming(60_000, 60_000), InputTooLarge),
        "a claim without data": (pictures.png_claiming(4_000, 4_000), InputCorrupt),
        "many bytes": (jpeg + bytes(5_000_000), InputTooLarge),
        "a stamp": (pictures.jpeg(pictures.scene(200, 300)), InputUnsupported),
    }


@pytest.mark.parametrize("case", list(_refused()))
def test_unusable_file_is_refused_with_its_error(case: str) -> None:
    data, error = _refused()[case]
    with pytest.raises(error):
        clean(data)


def test_refusal_states_the_limit_and_the_actual_value() -> None:
    with pytest.raises(InputTooLarge) as huge:
        clean(pictures.png_claiming(60_000, 60_000))
    assert huge.value.params.items() >= {"what": "megapixels", "limit": 20, "found": 3600.0}.items()
    with pytest.raises(InputUnsupported) as tiny:
        clean(pictures.jpeg(pictures.scene(MIN_SIDE, MIN_SIDE - 1)))
    assert tiny.value.params.items() >= {"what": "side", "limit": 256, "found": 255}.items()


def test_svg_named_png_is_not_rendered() -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="500" height="500"><circle r="200"/></svg>'
    with pytest.raises(InputUnsupported):
        clean(svg, "a.png", "image/png")
    with pytest.raises(pyvips.Error):
        pyvips.Image.new_from_buffer(svg, "")


def test_errors_and_results_can_be_pickled() -> None:
    with pytest.raises(InputTooLarge) as huge:
        clean(pictures.png_claiming(60_000, 60_000))
    again = pickle.loads(pickle.dumps(huge.value))  # noqa: S301 (our own bytes)
    assert again.params == huge.value.params
    done = clean(pictures.jpeg(pictures.scene()))
    assert pickle.loads(pickle.dumps(done)) == done  # noqa: S301 (our own bytes)


def test_more_channels_than_a_picture_has_are_refused_before_they_are_decoded() -> None:
    with pytest.raises(InputUnsupported) as refused:
        clean(tiff_of(3_000, 3_000, channels=1_025))
    assert refused.value.params["found"] == 1_025
