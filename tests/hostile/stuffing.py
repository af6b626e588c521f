"""Good pictures with more metadata than anyone needs."""

from collections.abc import Iterator

from tests.hostile import containers as c
from tests.hostile.cases import EITHER, STORED, Case, case, good


def stuffed() -> Iterator[Case]:
    """Too much, broken, nested or malicious."""

    def app(marker: int, head: bytes, size: int, times: int = 1) -> bytes:
        body = c.jpeg_segment(marker, head + bytes(size))
        return c.with_jpeg_segments(good("jpg"), body * times)

    icc = b"ICC_PROFILE\0"
    segments = b"".join(c.jpeg_segment(0xE2, icc + bytes((n, 255)) + bytes(65_000)) for n in range(1, 256))
    php = b"<?php system('id'); ?>"
    xmp = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" + b"<a>" * 15_000
    bomb = b"http://ns.adobe.com/xap/1.0/\0" + b'<!DOCTYPE l [<!ENTITY a "x">' + b'<!ENTITY b "&a;&a;">' * 900
    yield case(
        "jpeg with a profile of 16 MB", "jpg", lambda: c.with_jpeg_segments(good("jpg"), segments), EITHER
    )
    yield case(
        "jpeg with a broken profile", "jpg", lambda: app(0xE2, icc + b"\1\1" + b"\xff" * 40, 500), STORED
    )
    yield case(
        "jpeg with 300 EXIF blocks", "jpg", lambda: app(0xE1, b"Exif\0\0II*\0\x08\0\0\0", 60_000, 300), EITHER
    )
    yield case(
        "jpeg with EXIF that leads nowhere",
        "jpg",
        lambda: app(0xE1, b"Exif\0\0II*\0\xff\xff\xff\x7f", 50),
        STORED,
    )
    yield case(
        "jpeg with EXIF that loops",
        "jpg",
        lambda: app(0xE1, b"Exif\0\0II*\0\x08\0\0\0\0\0\x08\0\0\0", 9),
        STORED,
    )
    yield case("jpeg with php in EXIF", "jpg", lambda: app(0xE1, b"Exif\0\0" + php, 50), STORED)
    yield case(
        "jpeg with deep XMP",
        "jpg",
        lambda: c.with_jpeg_segments(good("jpg"), c.jpeg_segment(0xE1, xmp)),
        STORED,
    )
    yield case(
        "jpeg with XMP that multiplies",
        "jpg",
        lambda: c.with_jpeg_segments(good("jpg"), c.jpeg_segment(0xE1, bomb)),
        STORED,
    )
    yield case(
        "jpeg with html in 400 comments",
        "jpg",
        lambda: app(0xFE, b"<script>alert(1)</script>", 60_000, 400),
        EITHER,
    )
    yield case(
        "jpeg with a thumbnail of its own",
        "jpg",
        lambda: app(0xE0, b"JFXX\0\x10" + good("jpg")[:60_000], 1),
        STORED,
    )
    yield case(
        "png with 20,000 texts",
        "png",
        lambda: c.with_png_chunks(good("png"), *[c.png_chunk(b"tEXt", b"a\0<?php")] * 20_000),
        EITHER,
    )
    yield case(
        "png with php in a text",
        "png",
        lambda: c.with_png_chunks(good("png"), c.png_chunk(b"tEXt", b"Comment\0" + php)),
        STORED,
    )
    yield case(
        "png with EXIF and place",
        "png",
        lambda: c.with_png_chunks(good("png"), c.png_chunk(b"eXIf", b"II*\0\x08\0\0\0\0\0")),
        STORED,
    )
    yield case(
        "png with an unknown critical chunk",
        "png",
        lambda: c.with_png_chunks(good("png"), c.png_chunk(b"EVIL", b"x")),
        EITHER,
    )
    yield case(
        "webp with a huge unknown chunk", "webp", lambda: _webp_with(b"EVIL", bytes(5_000_000)), EITHER
    )
    yield case(
        "avif with a huge free box", "avif", lambda: good("avif") + c.box(b"free", bytes(5_000_000)), EITHER
    )
    yield case(
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
