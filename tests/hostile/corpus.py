"""The corpus: at least 150 files, each with what may become of it."""

import io
import random
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
import pillow_heif
import pyvips
from PIL import Image

from tests import pictures
from tests.hostile import containers as c

SEED = 20_261_124
"""Of the bit flips, so that a failure can be looked at again."""

REFUSED = frozenset({"E_INPUT_TOO_LARGE", "E_INPUT_UNSUPPORTED", "E_INPUT_CORRUPT"})

TAILS = {
    "zip": pictures.archive(),
    "html": b"<html><script>alert(1)</script></html>",
    "php": b"<?php system($_GET['c']); ?>",
    "elf": b"\x7fELF\x02\x01\x01" + bytes(200),
    "second picture": pictures.png(pictures.scene(260, 260)),
}

_MEDIA = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "tif": "image/tiff",
    "avif": "image/avif",
    "heic": "image/heic",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One upload.

    Attributes:
        name: What it is.
        file_name: As sent.
        declared: MIME type as sent.
        make: Gives the bytes.
        may_be: Error codes it may get; `stored` stands for being taken in clean.
    """

    name: str
    file_name: str
    declared: str
    make: Callable[[], bytes]
    may_be: frozenset[str]


def just(data: bytes) -> Callable[[], bytes]:
    """Gives bytes that are there already."""
    return lambda: data


STORED = frozenset({"stored"})
EITHER = STORED | REFUSED


@cache
def good(extension: str) -> bytes:
    """A small picture of a kind, as it should be."""
    picture = pictures.image(pictures.scene(400, 300))
    if extension == "heic":
        return heic(pictures.scene(400, 300))
    save = {
        "jpg": picture.jpegsave_buffer,
        "png": picture.pngsave_buffer,
        "webp": picture.webpsave_buffer,
        "gif": picture.gifsave_buffer,
        "tif": lambda: picture.tiffsave_buffer(compression="lzw"),
        "avif": lambda: picture.heifsave_buffer(compression="av1", effort=0),
    }
    return bytes(save[extension]())


def heic(pixels: pictures.Pixels, **how: object) -> bytes:
    """A HEIC as a phone writes it."""
    buffer = io.BytesIO()
    made = pillow_heif.from_pillow(Image.fromarray(pixels))
    made.save(buffer, quality=60, **how)
    return buffer.getvalue()


def corpus() -> list[Case]:
    """All of it, in a fixed order; names are unique."""
    return [*_bombs(), *_cut_short(), *_flipped(), *_disguised(), *_tailed(), *_stuffed(), *_named(), *_odd()]


def _case(name: str, extension: str, make: Callable[[], bytes], may_be: frozenset[str]) -> Case:
    return Case(name, f"photo.{extension}", _MEDIA[extension], make, may_be)


def _bombs() -> Iterator[Case]:
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
        yield _case(f"{extension} that claims billions of pixels", extension, make, refused)
    yield _case("png of 900 megapixels in 110 KB", "png", lambda: flat_png(30_000), large)
    yield _case("interlaced png of 100 megapixels", "png", lambda: flat_png(10_000, interlaced=1), EITHER)
    yield _case("png of 100 megapixels", "png", lambda: flat_png(10_000), STORED)
    yield _case(
        "progressive jpeg of 100 megapixels",
        "jpg",
        lambda: bytes(flat(10_000).jpegsave_buffer(interlace=True, subsample_mode="off")),
        EITHER,
    )
    yield _case("jpeg of 144 megapixels", "jpg", lambda: bytes(flat(12_000).jpegsave_buffer()), large)
    yield _case(
        "webp of 100 megapixels", "webp", lambda: bytes(flat(10_000).webpsave_buffer(effort=0)), EITHER
    )
    yield _case(
        "tiff of 100 megapixels",
        "tif",
        lambda: bytes(flat(10_000).tiffsave_buffer(compression="deflate")),
        EITHER,
    )
    yield _case("gif of 20,000 frames", "gif", lambda: c.gif_of(300, 300, 20_000, (1, 1)), EITHER)
    yield _case(
        "gif of 3,000 large frames", "gif", lambda: c.gif_of(4_000, 4_000, 3_000, (4_000, 4_000)), EITHER
    )
    yield _case("animated webp of 30 frames", "webp", _moving_webp, EITHER)
    yield _case("tiff of 5,000 pages", "tif", lambda: c.tiff_of(300, 300, 5_000, strip=bytes(90_000)), EITHER)
    yield _case(
        "tiff that leads back to its start", "tif", lambda: c.tiff_of(300, 300, 3, loops=True), EITHER
    )
    yield _case(
        "tiff of 1,025 channels",
        "tif",
        lambda: c.tiff_of(3_000, 3_000, channels=1_025),
        frozenset({"E_INPUT_UNSUPPORTED"}),
    )
    text = b"Comment\0\0" + zlib.compress(bytes(150_000_000), 9)
    yield _case(
        "png with text that grows to 150 MB",
        "png",
        lambda: c.with_png_chunks(good("png"), c.png_chunk(b"zTXt", text)),
        EITHER,
    )
    profile = b"icc\0\0" + zlib.compress(bytes(150_000_000), 9)
    yield _case(
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


def _moving_webp() -> bytes:
    frames = pictures.image(pictures.scene(400, 300 * 30)).copy()
    frames.set_type(pyvips.GValue.gint_type, "page-height", 300)
    return bytes(frames.webpsave_buffer(effort=0))


def _cut_short() -> Iterator[Case]:
    for extension in _MEDIA:
        data = good(extension)
        cuts = sorted({*c.boundaries(data)[1:], len(data) // 3, len(data) * 2 // 3, len(data) - 1})
        for cut in cuts:
            # The last bytes of some files say nothing more of the picture.
            may_be = EITHER if cut > len(data) * 0.95 else REFUSED
            kept = data[:cut]
            yield _case(f"{extension} cut at byte {cut}", extension, just(kept), may_be)


def _flipped() -> Iterator[Case]:
    chance = random.Random(SEED)
    for extension in _MEDIA:
        for number in range(4):
            broken = bytearray(good(extension))
            for _ in range(1 + 8 * number):
                broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
            data = bytes(broken)
            yield _case(f"{extension} with flipped bits, {number}", extension, just(data), EITHER)


def _disguised() -> Iterator[Case]:
    unsupported = frozenset({"E_INPUT_UNSUPPORTED"})
    for extension, media in _MEDIA.items():
        other = "png" if extension != "png" else "jpg"
        yield Case(f"{extension} named .{other}", f"a.{other}", media, partial(good, extension), unsupported)
        yield Case(
            f"{extension} declared as {_MEDIA[other]}",
            f"a.{extension}",
            _MEDIA[other],
            partial(good, extension),
            unsupported,
        )
    script = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="999" height="999"><script>alert(1)</script></svg>'
    )
    entity = b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY e SYSTEM "file:///etc/passwd">]><svg>&e;</svg>'
    others = {
        "svg with a script": script,
        "svg with an entity": entity,
        "svg behind a BOM": b"\xef\xbb\xbf  " + script,
        "html": b"<!doctype html><script>alert(1)</script>",
        "php": b"<?php phpinfo(); ?>",
        "pdf": b"%PDF-1.7\n1 0 obj\n",
        "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n",
        "zip": pictures.archive(),
        "gzip": zlib.compress(bytes(100), wbits=31),
        "elf": b"\x7fELF\x02\x01\x01" + bytes(500),
        "windows program": b"MZ" + bytes(500),
        "shell script": b"#!/bin/sh\nrm -rf /\n",
        "bmp": b"BM" + bytes(500),
        "photoshop": b"8BPS\0\1" + bytes(500),
        "jpeg xl": b"\xff\x0a" + bytes(500),
        "jpeg 2000": b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(500),
        "video": c.box(b"ftyp", b"isomiso2mp41") + bytes(500),
        "csv": b"1,2,3\n" * 500,
        "vips file": b"\x08\xf2\xa6\xb6" + bytes(500),
        "random bytes": random.Random(SEED).randbytes(5_000),
    }
    for name, data in others.items():
        for extension in ("jpg", "png"):
            yield Case(
                f"{name} named .{extension}",
                f"a.{extension}",
                _MEDIA[extension],
                just(data),
                unsupported,
            )


def _tailed() -> Iterator[Case]:
    for extension in ("jpg", "png", "webp", "gif", "tif"):
        for kind, tail in TAILS.items():
            data = good(extension) + tail
            yield _case(f"{extension} with {kind} behind it", extension, just(data), STORED)


def _stuffed() -> Iterator[Case]:
    def app(marker: int, head: bytes, size: int, times: int = 1) -> bytes:
        body = c.jpeg_segment(marker, head + bytes(size))
        return c.with_jpeg_segments(good("jpg"), body * times)

    icc = b"ICC_PROFILE\0"
    segments = b"".join(c.jpeg_segment(0xE2, icc + bytes((n, 255)) + bytes(65_000)) for n in range(1, 256))
    php = b"<?php system('id'); ?>"
    xmp = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" + b"<a>" * 15_000
    bomb = b"http://ns.adobe.com/xap/1.0/\0" + b'<!DOCTYPE l [<!ENTITY a "x">' + b'<!ENTITY b "&a;&a;">' * 900
    yield _case(
        "jpeg with a profile of 16 MB", "jpg", lambda: c.with_jpeg_segments(good("jpg"), segments), EITHER
    )
    yield _case(
        "jpeg with a broken profile", "jpg", lambda: app(0xE2, icc + b"\1\1" + b"\xff" * 40, 500), STORED
    )
    yield _case(
        "jpeg with 300 EXIF blocks", "jpg", lambda: app(0xE1, b"Exif\0\0II*\0\x08\0\0\0", 60_000, 300), EITHER
    )
    yield _case(
        "jpeg with EXIF that leads nowhere",
        "jpg",
        lambda: app(0xE1, b"Exif\0\0II*\0\xff\xff\xff\x7f", 50),
        STORED,
    )
    yield _case(
        "jpeg with EXIF that loops",
        "jpg",
        lambda: app(0xE1, b"Exif\0\0II*\0\x08\0\0\0\0\0\x08\0\0\0", 9),
        STORED,
    )
    yield _case("jpeg with php in EXIF", "jpg", lambda: app(0xE1, b"Exif\0\0" + php, 50), STORED)
    yield _case(
        "jpeg with deep XMP",
        "jpg",
        lambda: c.with_jpeg_segments(good("jpg"), c.jpeg_segment(0xE1, xmp)),
        STORED,
    )
    yield _case(
        "jpeg with XMP that multiplies",
        "jpg",
        lambda: c.with_jpeg_segments(good("jpg"), c.jpeg_segment(0xE1, bomb)),
        STORED,
    )
    yield _case(
        "jpeg with html in 400 comments",
        "jpg",
        lambda: app(0xFE, b"<script>alert(1)</script>", 60_000, 400),
        EITHER,
    )
    yield _case(
        "jpeg with a thumbnail of its own",
        "jpg",
        lambda: app(0xE0, b"JFXX\0\x10" + good("jpg")[:60_000], 1),
        STORED,
    )
    yield _case(
        "png with 20,000 texts",
        "png",
        lambda: c.with_png_chunks(good("png"), *[c.png_chunk(b"tEXt", b"a\0<?php")] * 20_000),
        EITHER,
    )
    yield _case(
        "png with php in a text",
        "png",
        lambda: c.with_png_chunks(good("png"), c.png_chunk(b"tEXt", b"Comment\0" + php)),
        STORED,
    )
    yield _case(
        "png with EXIF and place",
        "png",
        lambda: c.with_png_chunks(good("png"), c.png_chunk(b"eXIf", b"II*\0\x08\0\0\0\0\0")),
        STORED,
    )
    yield _case(
        "png with an unknown critical chunk",
        "png",
        lambda: c.with_png_chunks(good("png"), c.png_chunk(b"EVIL", b"x")),
        EITHER,
    )
    yield _case(
        "webp with a huge unknown chunk", "webp", lambda: _webp_with(b"EVIL", bytes(5_000_000)), EITHER
    )
    yield _case(
        "avif with a huge free box", "avif", lambda: good("avif") + c.box(b"free", bytes(5_000_000)), EITHER
    )
    yield _case(
        "heic with a box inside a box inside ...", "heic", lambda: good("heic") + _nested(2_000), EITHER
    )


def _webp_with(kind: bytes, body: bytes) -> bytes:
    inside = good("webp")[8:] + c.riff_chunk(kind, body)
    return b"RIFF" + len(inside).to_bytes(4, "little") + inside


def _nested(depth: int) -> bytes:
    body = b""
    for _ in range(depth):
        body = c.box(b"meta", body)
    return body


def _named() -> Iterator[Case]:
    names = {
        "a path": "../../../../etc/cron.d/photo.jpg",
        "a Windows path": "C:\\Windows\\System32\\photo.jpg",
        "control characters": "a\x01\x02\x1b[31m.jpg",
        "a NUL": "a\x00.jpg",
        "a line break": "a\r\nX-Evil: 1.jpg",
        "reversed reading": "a\u202egpj.exe.jpg",
        "quotes and markup": '"><script>alert(1)</script>.jpg',
        "5,000 characters": "x" * 5_000 + ".jpg",
        "only dots": "....jpg",
        "a reserved name": "CON.jpg",
        "Chinese": "白瓷马克杯 正面.JPG",
        "emoji": "☕️🫖.jpeg",
        "no extension": "photo",
        "percent signs": "%2e%2e%2f%00.jpg",
        "format fields": "{0.__class__}%s%n.jpg",
    }
    for number, (name, file_name) in enumerate(names.items()):
        # Different bytes each, or the second would be the first again.
        data = pictures.jpeg(pictures.scene(300 + number, 300))
        may_be = frozenset({"E_VALIDATION"}) if len(file_name) > 5_000 else STORED
        yield Case(f"a name with {name}", file_name, "image/jpeg", just(data), may_be)


def _odd() -> Iterator[Case]:
    unsupported = frozenset({"E_INPUT_UNSUPPORTED"})
    for name, width, height in (("one pixel", 1, 1), ("a line", 20_000, 1), ("a thread", 1, 20_000)):
        data = pictures.png(np.zeros((height, width, 3), np.uint8))
        yield _case(f"png of {name}", "png", just(data), unsupported)
    yield _case("png without width", "png", lambda: c.png_of(0, 300, zlib.compress(b"")), REFUSED)
    yield _case(
        "png of negative height", "png", lambda: c.png_of(300, 0x8000_0001, zlib.compress(b"")), REFUSED
    )
    yield _case("empty file", "jpg", lambda: b"", frozenset({"E_INPUT_CORRUPT"}))
    for extension in _MEDIA:
        head = good(extension)[:12]
        yield _case(f"{extension} of 12 bytes", extension, just(head), REFUSED)
    yield _case(
        "36 MB of zeros behind a jpeg",
        "jpg",
        lambda: good("jpg") + bytes(36 << 20),
        frozenset({"E_INPUT_TOO_LARGE"}),
    )
