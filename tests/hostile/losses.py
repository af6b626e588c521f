"""Photos of which a part is lost although their header is intact, and complete ones that look similar."""

import io
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from PIL import Image

from tests import pictures
from tests.hostile import containers as c
from tests.hostile.cases import STORED, Case, case, good, heic
from tests.hostile.tiffs import directory_first

EOI = b"\xff\xd9"
CORRUPT = frozenset({"E_INPUT_CORRUPT"})

_TIFF_KINDS: dict[str, dict[str, Any]] = {
    "plain": {},
    "BigTIFF": {"bigtiff": True},
    "tiled": {"tile": True, "tile_width": 64, "tile_height": 64},
    "LZW": {"compression": "lzw"},
    "Deflate": {"compression": "deflate", "predictor": "horizontal"},
    "JPEG strips": {"compression": "jpeg", "rgbjpeg": True},
}
_JPEG_KINDS: dict[str, dict[str, Any]] = {
    "baseline": {},
    "optimized": {"optimize": True},
    "progressive": {"progressive": True},
    "restarting": {"restart_marker_rows": 1},
}


def jpeg(pixels: pictures.Pixels, **how: Any) -> bytes:
    """A JPEG by Pillow, which knows restart markers."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=90, **how)
    return buffer.getvalue()


def tiff(**how: Any) -> bytes:
    """A TIFF by libvips."""
    return bytes(pictures.image(grainy()).tiffsave_buffer(**how))


def grainy() -> pictures.Pixels:
    """A scene with noise, so that its data are spread over the file."""
    noise = np.random.default_rng(7).integers(-8, 9, (300, 400, 3))
    noisy: pictures.Pixels = np.clip(pictures.scene(400, 300) + noise, 0, 255).astype(np.uint8)
    return noisy


def on_white() -> pictures.Pixels:
    """A scene whose lower half is white: with the shortest codes, its data end in zeros."""
    picture = grainy()
    picture[150:] = 255
    return picture


def lost() -> Iterator[Case]:
    """Files that must be refused."""
    for name, how in _TIFF_KINDS.items():
        yield case(f"{name} tiff, half of it", "tif", partial(_half_tiff, how), CORRUPT)
    for name, how in _JPEG_KINDS.items():
        for what, make in (("half and an end", _half_jpeg), ("second half zeros", _zeros_jpeg)):
            for look, pixels in (("", grainy), (" on white", on_white)):
                yield case(f"{name} jpeg{look}, {what}", "jpg", _made(make, pixels, how), CORRUPT)
        taller = _made(lambda data: c.claiming(data, 400, 360), grainy, how)
        yield case(f"{name} jpeg with more rows in its header", "jpg", taller, CORRUPT)
    yield case("progressive jpeg without its last scan", "jpg", _without_last_scan, CORRUPT)
    for share in (2, 4, 20):
        yield case(f"heic with zeros in the last 1/{share}", "heic", partial(_zeros_heic, share), CORRUPT)


def complete() -> Iterator[Case]:
    """Good files that a hasty check would refuse."""
    for name, how in _TIFF_KINDS.items():
        yield case(f"good {name} tiff", "tif", partial(tiff, **how), STORED)
        yield case(f"good {name} tiff, directory first", "tif", partial(_first, how), STORED)
    yield case("good 16-bit tiff", "tif", _deep_tiff, STORED)
    yield case("good cmyk tiff", "tif", lambda: _pillow_tiff("CMYK"), STORED)
    yield case("good palette tiff", "tif", lambda: _pillow_tiff("P"), STORED)
    yield case("good tiff of three pages", "tif", _three_pages, STORED)
    ends = {
        "as it is": lambda data: data,
        "zeros behind": lambda data: data + bytes(3000),
        "a second picture behind": lambda data: data + data,
        "Samsung's notes behind": lambda data: data + b"\0\0\x01\x0aImage_UTC_Data" + b"SEFH" + b"SEFT",
    }
    for name, how in _JPEG_KINDS.items():
        for end, add in ends.items():
            for look, pixels in (("", grainy), (" on white", on_white)):
                yield case(f"good {name} jpeg{look}, {end}", "jpg", _made(add, pixels, how), STORED)
    yield case("baseline jpeg padded before its end", "jpg", lambda: good_end(bytes(400)), STORED)
    yield case("jpeg with bytes between segments", "jpg", _gap_in_header, STORED)
    yield case("jpeg with odd scan parameters", "jpg", _odd_scan, STORED)
    yield case("good heic", "heic", lambda: good("heic"), STORED)
    yield case("good heic of white", "heic", lambda: heic(np.full((300, 400, 3), 255, np.uint8)), STORED)
    yield case("good avif", "avif", lambda: good("avif"), STORED)


def good_end(filler: bytes) -> bytes:
    """A baseline JPEG with bytes between its data and its end."""
    return jpeg(grainy()).removesuffix(EOI) + filler + EOI


def _made(
    change: Callable[[bytes], bytes], pixels: Callable[[], pictures.Pixels], how: dict[str, Any]
) -> Callable[[], bytes]:
    return lambda: change(jpeg(pixels(), **how))


def _half_jpeg(data: bytes) -> bytes:
    return data[: len(data) // 2] + EOI


def _zeros_jpeg(data: bytes) -> bytes:
    head = data.index(b"\xff\xda") + 12
    middle = (head + len(data)) // 2
    return data[:middle] + bytes(len(data) - middle - 2) + EOI


def _without_last_scan() -> bytes:
    data = jpeg(grainy(), progressive=True)
    last = data.rindex(b"\xff\xda")
    tables = data.rfind(b"\xff\xc4", 0, last)
    return data[: max(tables, 0) or last] + EOI


def _gap_in_header() -> bytes:
    data = jpeg(grainy())
    return data[:20] + b"\0\0\0" + data[20:]


def _odd_scan() -> bytes:
    data = bytearray(jpeg(grainy()))
    data[data.index(b"\xff\xda") + 12] = 0
    return bytes(data)


def _first(how: dict[str, Any]) -> bytes:
    return directory_first(tiff(**how))


def _half_tiff(how: dict[str, Any]) -> bytes:
    data = _first(how)
    return data[: len(data) // 2]


def _deep_tiff() -> bytes:
    deep = (pictures.image(grainy()).cast("ushort") * 257).cast("ushort").copy(interpretation="rgb16")
    return bytes(deep.tiffsave_buffer(compression="deflate"))


def _pillow_tiff(mode: str) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(grainy()).convert(mode).save(buffer, "TIFF", compression="tiff_lzw")
    return buffer.getvalue()


def _three_pages() -> bytes:
    buffer = io.BytesIO()
    page = Image.fromarray(grainy())
    page.save(buffer, "TIFF", save_all=True, append_images=[page, page])
    return buffer.getvalue()


def _zeros_heic(share: int) -> bytes:
    data = heic(grainy())
    count = len(data) // share
    return data[:-count] + bytes(count)
