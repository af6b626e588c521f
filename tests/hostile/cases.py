"""Hostile uploads, and the good pictures that most of them are made from."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pillow_heif
from PIL import Image

from tests import pictures

SEED = 20_261_124
"""Of the bit flips, so that a failure can be looked at again."""

REFUSED = frozenset({"E_INPUT_TOO_LARGE", "E_INPUT_UNSUPPORTED", "E_INPUT_CORRUPT"})
STORED = frozenset({"stored"})
EITHER = STORED | REFUSED

MEDIA = {
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


def case(name: str, extension: str, make: Callable[[], bytes], may_be: frozenset[str]) -> Case:
    """A file that is called and declared as what it is."""
    return Case(name, f"photo.{extension}", MEDIA[extension], make, may_be)


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
