"""Small files that would be huge, long or endless once they are opened."""

import zlib
from collections.abc import Iterator

import numpy as np
import pyvips

from tests import pictures
from tests.hostile import containers as c
from tests.hostile.cases import EITHER, REFUSED, STORED, Case, case, good


def bombs() -> Iterator[Case]:
    """Yield bombs by claimed size, by compression and by number of frames."""
    large = frozenset({"E_INPUT_TOO_LARGE"})
    refused = REFUSED

    def flat_png(side: int, **how: int) -> bytes:
        return c.png_of(side, side, zlib.compress(bytes((side // 8 + 1) * side), 9), color=0, depth=1, **how)

    def flat(side: int) -> pyvips.Image:
        return pictures.image(np.full((8, 8, 3), 90, np.uint8)).embed(0, 0, side, side, extend="copy")

    claims = {
        "png": lambda: c.png_of(60_000, 60_000, zlib.compress(bytes(1000))),
        "jpg": lambda: c.claiming(good("jpg"), 65_000, 65_000),
        "gif": lambda: c.gif_of(65_535, 65_535, 1, (65_535, 65_535)),
        "tif": lambda: c.tiff_of(60_000, 60_000),
        "webp": lambda: good("webp")[:26] + b"\xff\x3f\xff\x3f" + good("webp")[30:],
        "avif": lambda: _claiming_box(good("avif"), 60_000),
        "heic": lambda: _claiming_box(good("heic"), 60_000),
    }
    for extension, make in claims.items():
        yield case(f"{extension} that claims billions of pixels", extension, make, refused)
    yield case("png of 900 megapixels in 110 KB", "png", lambda: flat_png(30_000), large)
    yield case("interlaced png of 100 megapixels", "png", lambda: flat_png(10_000, interlaced=1), EITHER)
    yield case("png of 100 megapixels", "png", lambda: flat_png(10_000), STORED)
    yield case(
        "progressive jpeg of 100 megapixels",
        "jpg",
        lambda: bytes(flat(10_000).jpegsave_buffer(interlace=True, subsample_mode="off")),
        EITHER,
    )
    yield case("jpeg of 144 megapixels", "jpg", lambda: bytes(flat(12_000).jpegsave_buffer()), large)
    yield case(
        "webp of 100 megapixels", "webp", lambda: bytes(flat(10_000).webpsave_buffer(effort=0)), EITHER
    )
    yield case(
        "tiff of 100 megapixels",
        "tif",
        lambda: bytes(flat(10_000).tiffsave_buffer(compression="deflate")),
        EITHER,
    )
    yield case("gif of 20,000 frames", "gif", lambda: c.gif_of(300, 300, 20_000, (1, 1)), EITHER)
    yield case(
        "gif of 3,000 large frames", "gif", lambda: c.gif_of(4_000, 4_000, 3_000, (4_000, 4_000)), EITHER
    )
    yield case("animated webp of 30 frames", "webp", _moving_webp, EITHER)
    yield case("animated webp of 40,000 frames", "webp", lambda: long_webp(40_000), STORED)
    yield case("tiff of 5,000 pages", "tif", lambda: c.tiff_of(300, 300, 5_000, strip=bytes(90_000)), EITHER)
    yield case("tiff that leads back to its start", "tif", lambda: c.tiff_of(300, 300, 3, loops=True), EITHER)
    yield case(
        "tiff of 1,025 channels",
        "tif",
        lambda: c.tiff_of(3_000, 3_000, channels=1_025),
        frozenset({"E_INPUT_UNSUPPORTED"}),
    )
    text = b"Comment\0\0" + zlib.compress(bytes(150_000_000), 9)
    yield case(
        "png with text that grows to 150 MB",
        "png",
        lambda: c.with_png_chunks(good("png"), c.png_chunk(b"zTXt", text)),
        EITHER,
    )
    profile = b"icc\0\0" + zlib.compress(bytes(150_000_000), 9)
    yield case(
        "png with a profile that grows to 150 MB",
        "png",
        lambda: c.with_png_chunks(good("png"), c.png_chunk(b"iCCP", profile)),
        EITHER,
    )


def _claiming_box(data: bytes, side: int) -> bytes:
    """The same picture with another size in every `ispe` box."""
    broken, at = bytearray(data), data.find(b"ispe")
    while at >= 0:
        broken[at + 8 : at + 16] = side.to_bytes(4, "big") * 2
        at = data.find(b"ispe", at + 4)
    return bytes(broken)


def long_webp(frames: int) -> bytes:
    """An animation of the same frame again and again."""
    still = pictures.image(np.full((300, 300, 3), 90, np.uint8)).webpsave_buffer(lossless=True, keep="none")
    return c.webp_of(300, frames, bytes(still)[12:])


def _moving_webp() -> bytes:
    frames = pictures.image(pictures.scene(400, 300 * 30)).copy()
    frames.set_type(pyvips.GValue.gint_type, "page-height", 300)
    return bytes(frames.webpsave_buffer(effort=0))
