"""Pictures that vendors return: decoded from base64, validated, and turned into pixels."""

import base64
import re

import cv2
import numpy as np
import pyvips

from stillroom.domain.providers.requests import GeneratedPicture
from stillroom.imaging.io.encoding import png_of
from stillroom.imaging.pixels import Bytes, Picture
from stillroom.imaging.quality.integrity import Restored
from stillroom.imaging.quality.review import reviewed
from stillroom.imaging.scene.product import Product
from stillroom.providers.adapters.wire import failure

MAX_PICTURE_BYTES = 40_000_000
MAX_PICTURE_PIXELS = 40_000_000
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


def checked(picture: bytes) -> bytes:
    """Return the file unchanged after verifying that it is a picture of usable size and decodes completely.

    Raises:
        ProviderUnavailable: It is not; the reason is `bad_reply` or `wrong_size`.
    """
    webp = picture[:4] == b"RIFF" and picture[8:12] == b"WEBP"
    if not (webp or picture.startswith(_KINDS)) or len(picture) > MAX_PICTURE_BYTES:
        raise failure("bad_reply")
    try:
        # Check the size in the header first, so that a decompression bomb is never decoded.
        image = pyvips.Image.new_from_buffer(picture, "", fail_on="error")
        width, height = int(image.width), int(image.height)
        if width * height > MAX_PICTURE_PIXELS or min(width, height) < MIN_PICTURE_SIDE:
            raise failure("wrong_size")
        image.avg()
    except pyvips.Error as error:
        raise failure("bad_reply") from error
    return picture


def shaped_like(picture: bytes, width: int, height: int, tolerance: float = SHAPE_TOLERANCE) -> bool:
    """Whether a picture's aspect ratio is within a relative tolerance of width / height."""
    image = pyvips.Image.new_from_buffer(picture, "")
    ratio = (image.width / image.height) / (width / height)
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
    """Decode a checked file to uint8 (H, W, 3), sRGB, with transparent areas flattened onto white."""
    found = cv2.imdecode(
        np.frombuffer(picture, np.uint8), cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION
    )
    if found is None:
        raise failure("bad_reply")
    if found.dtype != np.uint8:
        found = (found.astype(np.float32) / 257).astype(np.uint8)
    if found.ndim == 2:
        return np.asarray(cv2.cvtColor(found, cv2.COLOR_GRAY2RGB))
    if found.shape[2] == 3:
        return np.asarray(cv2.cvtColor(found, cv2.COLOR_BGR2RGB))
    cover = found[..., 3:].astype(np.float32) / 255
    flat = found[..., 2::-1].astype(np.float32) * cover + 255 * (1 - cover)
    return np.rint(flat).astype(np.uint8)


def mask_of(file: bytes) -> Bytes:
    """Decode the mask of a request to uint8 (H, W, 4) BGRA; alpha is 255 where the product is protected."""
    mask = cv2.imdecode(np.frombuffer(file, np.uint8), cv2.IMREAD_UNCHANGED)
    assert mask is not None, "we wrote it ourselves"
    return np.asarray(mask, np.uint8)
