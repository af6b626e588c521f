"""Decode untrusted image bytes: into a photo to store with its thumbnail, or at full size for measuring."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyvips
from numpy.typing import NDArray

from stillroom.domain.errors import InputCorrupt, InputTooLarge, InputUnsupported
from stillroom.imaging.io import heic_decoding, heif_structure, jpeg_structure, tiff_structure
from stillroom.imaging.io.file_facts import FileFacts, facts_of
from stillroom.imaging.io.first_frames import first_frame
from stillroom.imaging.io.signatures import HEAD_BYTES, Unreadable, check_agreement, recognise

MIN_SIDE = 256
"""Pixels; smaller pictures show too little of a product to cut it out."""

THUMBNAIL_SIDE = 512
"""Pixels of the thumbnail's longer side."""

MAX_CHANNELS = 5
"""CMYK with alpha; a TIFF of 316 bytes may claim thousands of channels, each of which would be decoded."""

_LOSSLESS_UP_TO = 4_000_000
"""Pixels up to which a PNG is stored losslessly; larger ones are photos, for which JPEG is far smaller."""

_JPEG_QUALITY = 95
"""With 4:4:4 chroma; the error stays below 1 ΔE00 on photos, well below the noise of a phone."""

THUMBNAIL_QUALITY = 82
"""WebP quality; half the bytes of a JPEG that looks the same."""

_LOADERS = {
    "jpeg": "jpegload",
    "png": "pngload",
    "webp": "webpload",
    "gif": "gifload",
    "tiff": "tiffload",
    "avif": "heifload",
}

_CUT = "cut_short"

_FAIL_ON = {"tiff": "error"}
"""libvips `fail_on` by kind; libtiff reports a lost strip as an error, which libvips else fills with grey."""

_PROBE_SIDE = 32
"""Pixels; small enough that libjpeg decodes at an eighth of the size."""

_LOST_DATA = {
    "tiff": tiff_structure.lost_data,
    "avif": heif_structure.lost_data,
    "heic": heif_structure.lost_data,
}
"""Detects parts that are outside the file or overwritten, which the decoders of a kind do not report."""

_Decode = Callable[[bytes, str], pyvips.Image]
"""Decodes all of a file into memory, given a `fail_on` level."""

_OUT_OF_MEMORY = ("out of memory", "memory allocation error", "insufficient memory", "cannot allocate")
"""Out-of-memory messages of libvips and the codecs below it."""

pyvips.operation_block_set("VipsForeignLoad", True)
for _loader in ("Jpeg", "Png", "Webp", "Heif", "Tiff", "Nsgif"):
    pyvips.operation_block_set(f"VipsForeignLoad{_loader}", False)
pyvips.cache_set_max(0)


@dataclass(frozen=True, slots=True)
class Limits:
    """Upload limits.

    Attributes:
        max_megapixels: Width times height as claimed by the header, in millions.
        max_side: Longer side of the stored picture, in pixels.
    """

    max_bytes: int
    max_megapixels: float
    max_side: int


@dataclass(frozen=True, slots=True)
class Sanitised:
    """A decoded and re-encoded photo that is safe to process.

    Attributes:
        picture: Re-encoded, sRGB, upright, without metadata.
        format: `jpeg` or `png`.
        thumbnail: WebP.
        sha256: Hex digest of the bytes as uploaded.
        first_frame_only: Whether further frames or pages were dropped.
    """

    picture: bytes
    format: str
    width: int
    height: int
    thumbnail: bytes
    sha256: str
    first_frame_only: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """A picture at full size.

    Attributes:
        pixels: uint8 (H, W, 3 or 4), upright, sRGB, straight alpha; the first of several frames.
        facts: Facts about the stored file.
    """

    pixels: NDArray[np.uint8]
    facts: FileFacts


def sanitise(data: bytes, *, declared_type: str | None, file_name: str, limits: Limits) -> Sanitised:
    """Validate untrusted bytes, decode them and re-encode the picture.

    Args:
        declared_type: MIME type as declared by the sender.

    Raises:
        InputTooLarge: Over the limit in bytes, pixels or memory; see `what`, `limit` and `found`.
        InputUnsupported: Unsupported format, wrong declared type or extension, or too small.
        InputCorrupt: Empty, damaged or truncated.
    """
    _check_bytes(data, limits.max_bytes)
    kind = recognise(data[:HEAD_BYTES])
    check_agreement(kind, file_name, declared_type)
    with _refusing_damage(kind):
        digest = hashlib.sha256(data).hexdigest()
        data, more = first_frame(data, kind)
        upright, frames = _open_heic(data, limits) if kind == "heic" else _open(data, kind, limits)
        return _encode(upright, kind, digest, first_frame_only=more or frames > 1)


def open_picture(data: bytes, limits: Limits) -> Opened:
    """Decode untrusted bytes at full size, and read the facts of the file.

    Args:
        limits: Largest accepted size in bytes and pixels; `max_side` is not applied.

    Raises:
        InputTooLarge: Over the limit in bytes, pixels or memory.
        InputUnsupported: Unsupported format.
        InputCorrupt: Empty, damaged or truncated.
    """
    _check_bytes(data, limits.max_bytes)
    kind = recognise(data[:HEAD_BYTES])
    with _refusing_damage(kind):
        data, more = first_frame(data, kind)
        if kind == "heic":
            picture, frames = _heic(data, limits)
            return Opened(_upright_pixels(_to_srgb(picture)), facts_of(picture, frames))
        facts = _checked_facts(data, kind, limits, more)
        return Opened(_upright_pixels(_decode_all(data, kind, _at_full_size)), facts)


def _checked_facts(data: bytes, kind: str, limits: Limits, more: bool) -> FileFacts:
    header = _header(data, kind)
    _check_megapixels(header.width, header.height, limits)
    return facts_of(header, _frames_of(header, data) + more)


def _at_full_size(data: bytes, fail_on: str) -> pyvips.Image:
    # Sequential access, because libvips would decode a large picture into a file, which the sandbox forbids.
    return _to_srgb(pyvips.Image.new_from_buffer(data, "", access="sequential", fail_on=fail_on))


@contextmanager
def _refusing_damage(kind: str) -> Iterator[None]:
    """Raise InputTooLarge when the decoders lack memory, and InputCorrupt for their other errors."""
    try:
        yield
    except (pyvips.Error, Unreadable) as error:
        if any(words in str(error).lower() for words in _OUT_OF_MEMORY):
            raise InputTooLarge(text="memory", what="memory") from error
        raise InputCorrupt(text=_CUT, found=kind) from error


def _check_bytes(data: bytes, max_bytes: int) -> None:
    size = len(data)
    if size > max_bytes:
        raise InputTooLarge(
            f"The file has {size / 1e6:.1f} MB; at most {max_bytes / 1e6:.1f} MB are accepted.",
            what="bytes",
            limit=max_bytes,
            found=size,
        )
    if size == 0:
        raise InputCorrupt(text="empty_file", found=0)


def _header(data: bytes, kind: str) -> pyvips.Image:
    """Read the header alone."""
    header = pyvips.Image.new_from_buffer(data, "", access="sequential")
    if not str(header.get("vips-loader")).startswith(_LOADERS[kind]):
        raise InputUnsupported("The file's content contradicts its signature.", found=kind)
    if header.bands > MAX_CHANNELS:
        raise InputUnsupported(
            f"The picture has {header.bands} channels; at most {MAX_CHANNELS} can be read.",
            what="channels",
            limit=MAX_CHANNELS,
            found=header.bands,
        )
    return header


def _check_size(width: int, height: int, limits: Limits) -> None:
    _check_megapixels(width, height, limits)
    if min(width, height) < MIN_SIDE:
        raise InputUnsupported(
            text="small_side",
            width=width,
            height=height,
            what="side",
            limit=MIN_SIDE,
            found=min(width, height),
        )


def _check_megapixels(width: int, height: int, limits: Limits) -> None:
    megapixels = width * height / 1e6
    if megapixels > limits.max_megapixels:
        raise InputTooLarge(
            text="megapixels",
            width=width,
            height=height,
            what="megapixels",
            limit=limits.max_megapixels,
            found=round(megapixels, 1),
        )


def _open(data: bytes, kind: str, limits: Limits) -> tuple[pyvips.Image, int]:
    """Check the header, then decode at no more than the stored size.

    The `fail_on` argument of the thumbnailer in libvips 8.18 has no effect; as a loader option it works.
    """
    header = _header(data, kind)
    _check_size(header.width, header.height, limits)
    frames = _frames_of(header, data)
    cmyk = header.interpretation == "cmyk"

    def scaled(part: bytes, fail_on: str) -> pyvips.Image:
        return pyvips.Image.thumbnail_buffer(
            part,
            limits.max_side,
            height=limits.max_side,
            size="down",
            option_string=f"[fail-on={fail_on}]",
            **({"output_profile": "srgb", "input_profile": "cmyk"} if cmyk else {}),
        ).copy_memory()

    return _to_srgb(_decode_all(data, kind, scaled)), frames


def _decode_all(data: bytes, kind: str, decode: _Decode) -> pyvips.Image:
    """Decode the whole picture; raise InputCorrupt if a part is missing.

    `decode` must not return a lazy image, because libvips reports an error in a JPEG only once: evaluating
    the same image again would succeed.
    """
    if kind == "jpeg":
        return _decode_jpeg(data, decode)
    if kind in _LOST_DATA:
        _refuse_lost_data(data, kind)
    return decode(data, _FAIL_ON.get(kind, "truncated"))


def _decode_jpeg(data: bytes, decode: _Decode) -> pyvips.Image:
    """Decode with libjpeg warnings as errors, except those that affect no pixel."""
    if jpeg_structure.lacks_scans(data):
        raise InputCorrupt(text=_CUT, found="jpeg")
    try:
        decoded = decode(data, "warning")
    except pyvips.Error:
        plain = jpeg_structure.without_harmless_errors(data)
        if plain == data:
            raise
        decoded = decode(plain, "warning")
    if _was_filled_up(data):
        raise InputCorrupt(text=_CUT, found="jpeg")
    return decoded


def _was_filled_up(data: bytes) -> bool:
    """Whether scan data was overwritten by zeros and decoded as a flat area.

    A run of zeros at the end may also be a flat background or padding after a complete picture.
    """
    run = jpeg_structure.filler(data)
    if run is None:
        return False
    start, end = run
    # libvips does not report what is missing from the last rows of blocks, five of them as measured on white
    # JPEGs of 2000 pixels. A flat row of 8 by 8 pixels takes about a byte per block, so this bounds eight.
    width = int(pyvips.Image.new_from_buffer(data, "", access="sequential").width)
    unreported = max(jpeg_structure.FILLER_BYTES, width)

    def is_complete(length: int) -> bool:
        try:
            # At an eighth of the size, all data is read but little is decoded.
            pyvips.Image.thumbnail_buffer(
                data[:length] + data[end:], _PROBE_SIDE, option_string="[fail-on=warning]"
            ).copy_memory()
        except pyvips.Error:
            return False
        return True

    # Keep one zero, because it may belong to the byte before it.
    return end - unreported > start and is_complete(end - unreported) and not is_complete(start + 1)


def _refuse_lost_data(data: bytes, kind: str) -> None:
    if _LOST_DATA[kind](data):
        raise InputCorrupt(text=_CUT, found=kind)


def _heic(data: bytes, limits: Limits) -> tuple[pyvips.Image, int]:
    _refuse_lost_data(data, "heic")
    return heic_decoding.decode(data, partial(_check_megapixels, limits=limits))


def _open_heic(data: bytes, limits: Limits) -> tuple[pyvips.Image, int]:
    picture, frames = _heic(data, limits)
    _check_size(picture.width, picture.height, limits)
    small = picture.thumbnail_image(limits.max_side, height=limits.max_side, size="down")
    return _to_srgb(small), frames


def _frames_of(header: pyvips.Image, data: bytes) -> int:
    """Number of frames or pages of a file; 2 for every animated PNG."""
    if data.startswith(b"\x89PNG") and b"acTL" in data[: data.find(b"IDAT")]:
        return 2
    return int(header.get("n-pages")) if "n-pages" in header.get_fields() else 1


def _upright_pixels(picture: pyvips.Image) -> NDArray[np.uint8]:
    """Copy an sRGB picture as uint8 (H, W, 3 or 4), upright."""
    # A TIFF may have a spot colour after its alpha.
    pixels: NDArray[np.uint8] = picture[: min(4, picture.bands)].autorot().numpy()
    return pixels


def _to_srgb(picture: pyvips.Image) -> pyvips.Image:
    """Convert to 8-bit sRGB in memory; an unusable ICC profile is ignored.

    The direct transform takes an eighth of the time of the thumbnailer's, which uses a connection space.
    """
    if "icc-profile-data" in picture.get_fields() and picture.interpretation != "cmyk":
        try:
            converted = picture.icc_transform("srgb", embedded=True, intent="relative", depth=8)
        except pyvips.Error:
            picture = picture.copy()
            picture.remove("icc-profile-data")
        else:
            # Not within `try`: a profile is refused before a pixel is read, so the picture is damaged.
            return converted.copy_memory()
    return picture.colourspace("srgb").cast("uchar").copy_memory()


def _encode(picture: pyvips.Image, kind: str, digest: str, *, first_frame_only: bool) -> Sanitised:
    if picture.hasalpha():
        # A TIFF may have a spot colour after its alpha.
        picture = picture[:4]
        is_opaque = picture[picture.bands - 1].min() == 255
        picture = picture[0:3] if is_opaque else picture.flatten(background=[255, 255, 255])
    picture = picture.copy_memory()
    lossless = kind == "png" and picture.width * picture.height <= _LOSSLESS_UP_TO
    encoded = (
        picture.pngsave_buffer(compression=3, keep="none")
        if lossless
        else picture.jpegsave_buffer(Q=_JPEG_QUALITY, subsample_mode="off", keep="none")
    )
    thumbnail = picture.thumbnail_image(THUMBNAIL_SIDE, height=THUMBNAIL_SIDE, size="down")
    return Sanitised(
        picture=encoded,
        format="png" if lossless else "jpeg",
        width=picture.width,
        height=picture.height,
        thumbnail=thumbnail.webpsave_buffer(Q=THUMBNAIL_QUALITY, effort=2, keep="none"),
        sha256=digest,
        first_frame_only=first_frame_only,
    )
