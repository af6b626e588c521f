"""Pictures for tests, drawn with numpy: a product on a ground, its matte, and files of every kind."""

import io
import zipfile
import zlib
from collections.abc import Callable
from functools import lru_cache

import numpy as np
import pyvips
from numpy.typing import NDArray

from tests.hostile import containers

Pixels = NDArray[np.uint8]

STORED: dict[int, Callable[[Pixels], Pixels]] = {
    1: lambda upright: upright,
    2: lambda upright: upright[:, ::-1],
    3: lambda upright: upright[::-1, ::-1],
    4: lambda upright: upright[::-1],
    5: lambda upright: upright.transpose(1, 0, 2),
    6: lambda upright: np.rot90(upright, 1),
    7: lambda upright: np.rot90(upright, 2).transpose(1, 0, 2),
    8: lambda upright: np.rot90(upright, -1),
}
"""By EXIF orientation: the pixels that a file of it holds for an upright picture."""


def scene(width: int = 640, height: int = 480) -> Pixels:
    """A colourful scene with a soft gradient and a hard-edged block, uint8 (H, W, 3)."""
    picture = np.full((height, width, 3), 90, np.uint8)
    picture[..., 0] = np.arange(width) / width * 220 + 20
    picture[..., 1] = (np.arange(height) / height * 200 + 30)[:, None]
    picture[height // 3 : height * 2 // 3, width // 3 : width * 2 // 3] = (200, 40, 30)
    return picture


def quarters(width: int = 400, height: int = 300) -> Pixels:
    """Red, green, blue and white quarters, which reveal every rotation and mirroring."""
    picture = np.full((height, width, 3), 255, np.uint8)
    picture[: height // 2, : width // 2] = (255, 0, 0)
    picture[: height // 2, width // 2 :] = (0, 255, 0)
    picture[height // 2 :, : width // 2] = (0, 0, 255)
    return picture


def product(
    side: int = 800,
    box: tuple[int, int, int, int] = (280, 200, 520, 640),
    ground: tuple[int, int, int] = (255, 255, 255),
    shadow: bool = False,
) -> tuple[Pixels, Pixels]:
    """A striped block on a plain ground, and its matte with a soft edge.

    Returns:
        uint8 (side, side, 3) and uint8 (side, side).
    """
    picture, matte = _drawn(side, box, ground, shadow)
    return picture.copy(), matte.copy()


@lru_cache(maxsize=16)
def _drawn(
    side: int, box: tuple[int, int, int, int], ground: tuple[int, int, int], shadow: bool
) -> tuple[Pixels, Pixels]:
    x0, y0, x1, y1 = box
    down, across = np.mgrid[0:side, 0:side].astype(np.float32)
    picture = np.empty((side, side, 3), np.float32)
    picture[:] = ground
    if shadow:
        far = ((across - (x0 + x1) / 2) / (x1 - x0)) ** 2 + ((down - y1) / 40) ** 2
        picture *= 1.0 - 0.4 * np.exp(-2.0 * far)[..., None]
    inside = np.minimum(np.minimum(across - x0, x1 - 1 - across), np.minimum(down - y0, y1 - 1 - down))
    alpha = np.clip((inside + 1.5) / 2.0, 0.0, 1.0)
    stripes = np.where((across // 24) % 2 == 0, 1.0, 0.45)[..., None]
    body = stripes * np.array([60.0, 110.0, 170.0], np.float32)
    mixed = body * alpha[..., None] + picture * (1.0 - alpha[..., None])
    return np.rint(mixed).astype(np.uint8), np.rint(alpha * 255).astype(np.uint8)


def image(pixels: Pixels) -> pyvips.Image:
    """The same for libvips."""
    interpretation = "b-w" if pixels.ndim == 2 else "srgb"
    return pyvips.Image.new_from_array(np.ascontiguousarray(pixels), interpretation=interpretation)


def jpeg(pixels: Pixels, quality: int = 92, **metadata: bytes | int) -> bytes:
    """A JPEG file, with metadata by libvips' names, dashes written as underscores."""
    picture = image(pixels).copy()
    for name, value in metadata.items():
        kind = pyvips.GValue.gint_type if isinstance(value, int) else pyvips.GValue.blob_type
        picture.set_type(kind, name.replace("_", "-"), value)
    return bytes(picture.jpegsave_buffer(Q=quality))


def png(pixels: Pixels) -> bytes:
    """A PNG file."""
    return bytes(image(pixels).pngsave_buffer())


def decoded(data: bytes) -> Pixels:
    """The pixels of a file."""
    return np.asarray(pyvips.Image.new_from_buffer(data, "").numpy())


def fields(data: bytes) -> list[str]:
    """Names of the metadata that a file carries."""
    names = pyvips.Image.new_from_buffer(data, "").get_fields()
    return [
        name for name in names if name.startswith(("exif", "xmp", "iptc", "icc", "png-comment", "jpeg-thumb"))
    ]


def png_claiming(width: int, height: int) -> bytes:
    """A PNG whose header promises far more than there is."""
    return containers.png_of(width, height, zlib.compress(bytes(1000)))


def archive() -> bytes:
    """A zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("hidden.txt", "hidden")
    return buffer.getvalue()


def animation() -> pyvips.Image:
    """Two frames, the second with its colours turned round."""
    first = image(scene(400, 300))
    frames = pyvips.Image.arrayjoin([first, first.invert()], across=1).copy_memory().copy()
    frames.set_type(pyvips.GValue.gint_type, "page-height", 300)
    return frames
