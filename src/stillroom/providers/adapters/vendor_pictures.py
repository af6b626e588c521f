"""Pictures that vendors return: decoded from base64, validated, and turned into pixels."""

import base64
import re

import anyio.to_thread
import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.domain.errors import InputCorrupt, InputTooLarge, InputUnsupported, InternalError
from stillroom.domain.providers.requests import GeneratedPicture
from stillroom.imaging.io.decoding import Limits
from stillroom.imaging.io.encoding import png_of
from stillroom.imaging.pixels import Bytes, Picture
from stillroom.imaging.quality.integrity import Restored
from stillroom.imaging.quality.review import reviewed
from stillroom.imaging.scene.product import Product
from stillroom.providers.adapters.wire import failure
from stillroom.providers.image_requests import OpenFile

MAX_PICTURE_BYTES = 40_000_000
MAX_PICTURE_PIXELS = 40_000_000
LIMITS = Limits(MAX_PICTURE_BYTES, MAX_PICTURE_PIXELS / 1e6, max_side=MAX_PICTURE_PIXELS)
"""Of what vendors return; no picture within them is scaled."""

MIN_PICTURE_SIDE = 256
"""Pixels; a smaller picture is of no use for selling and does not match the request."""

SHAPE_TOLERANCE = 0.15
"""Relative difference in aspect ratio that a picture may have from the requested size."""

_QUALITY = 94  # JPEG quality; small enough for every relay, and keeps lettering legible
_DATA_URL = re.compile(r"\s*data:[^,]{0,100};base64,", re.IGNORECASE)
_KINDS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


def file_or_link(encoded: object, url: object) -> bytes | str | None:
    """Return the picture of a vendor's answer: its bytes, empty if they are damaged, or a link to it."""
    if isinstance(encoded, str) and encoded:
        return _decoded_base64(encoded)
    return url if isinstance(url, str) else None


def _decoded_base64(text: str) -> bytes:
    """Decode standard or URL-safe base64; accept data URLs, line breaks and missing padding."""
    bare = "".join(_DATA_URL.sub("", text, count=1).split()).rstrip("=")
    bare += "=" * (-len(bare) % 4)
    try:
        return base64.b64decode(bare.replace("-", "+").replace("_", "/"), validate=True)
    except ValueError:
        return b""


def jpeg_of(picture: Picture) -> bytes:
    """Encode a picture to send, without loss of colour resolution."""
    flags = [cv2.IMWRITE_JPEG_QUALITY, _QUALITY, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, 0x111111]
    _, data = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), flags)
    return data.tobytes()


def data_url(jpeg: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"


async def opened(file: bytes, open_file: OpenFile, *, is_film: bool = False) -> Picture:
    """Decode a vendor's file to uint8 (H, W, 3), sRGB, with transparent areas flattened onto white.

    Raises:
        ProviderUnavailable: It is no picture of usable size; the reason is `bad_reply`, `no_usable_frame` or
            `wrong_size`.
        InternalError: It cannot be decoded now.
    """
    unusable = "no_usable_frame" if is_film else "bad_reply"
    webp = file[:4] == b"RIFF" and file[8:12] == b"WEBP"
    if not is_film and not (webp or file.startswith(_KINDS)):
        raise failure(unusable)
    try:
        pixels = (await open_file(file, is_film=is_film)).pixels
    except InputTooLarge as error:
        raise failure("wrong_size" if error.params.get("what") == "megapixels" else unusable) from error
    except (InputCorrupt, InputUnsupported) as error:
        # The router takes these errors for damage of the seller's photo, and would ask no other provider.
        raise failure(unusable) from error
    except InternalError as error:
        raise failure("bug") from error
    if min(pixels.shape[:2]) < MIN_PICTURE_SIDE:
        raise failure("wrong_size")
    return await anyio.to_thread.run_sync(_on_white, pixels)


def shaped_like(picture: Picture, width: int, height: int, tolerance: float = SHAPE_TOLERANCE) -> bool:
    """Whether a picture's aspect ratio is within a relative tolerance of width / height."""
    ratio = (picture.shape[1] / picture.shape[0]) / (width / height)
    return bool(1 / (1 + tolerance) <= ratio <= 1 + tolerance)


def candidate_of(done: Restored, product: Product, ordinal: int, model: str) -> GeneratedPicture:
    """Encode a picture with the seller's own product as a candidate."""
    return GeneratedPicture(
        ordinal=ordinal,
        picture=png_of(done.picture),
        matte=None if done.matte is None else png_of(done.matte),
        width=done.picture.shape[1],
        height=done.picture.shape[0],
        plan=done.plan,
        measures=reviewed(done.measures, product),
        model=model,
        context=product.context,
        verified=done.measures.verified is True,
    )


def pixels_of(picture: bytes) -> Picture:
    """Decode a file of our own to uint8 (H, W, 3), sRGB, with transparent areas flattened onto white."""
    found = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_UNCHANGED)
    if found is None:
        raise failure("bad_reply")
    if found.ndim == 2:
        return np.asarray(cv2.cvtColor(found, cv2.COLOR_GRAY2RGB), np.uint8)
    order = cv2.COLOR_BGRA2RGBA if found.shape[2] == 4 else cv2.COLOR_BGR2RGB
    return _on_white(np.asarray(cv2.cvtColor(found, order), np.uint8))


def _on_white(pixels: NDArray[np.uint8]) -> Picture:
    """Flatten uint8 (H, W, 3 or 4), straight alpha, onto white."""
    if pixels.shape[2] == 3:
        # Writable, unlike the bytes of a reply.
        return pixels.copy()
    cover = pixels[..., 3:].astype(np.float32) / 255
    flat = pixels[..., :3].astype(np.float32) * cover + 255 * (1 - cover)
    return np.rint(flat).astype(np.uint8)


def mask_of(file: bytes) -> Bytes:
    """Decode the mask of a request to uint8 (H, W, 4) BGRA; alpha is 255 where the product is protected."""
    mask = cv2.imdecode(np.frombuffer(file, np.uint8), cv2.IMREAD_UNCHANGED)
    assert mask is not None, "we wrote it ourselves"
    return np.asarray(mask, np.uint8)
