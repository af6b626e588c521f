"""Facts about a picture file that marketplaces have rules for: frames, colour space and metadata."""

from typing import Annotated, Literal

import pyvips
from pydantic import BaseModel, ConfigDict, Field, PositiveInt

from stillroom.domain.exports.presets import DigitalSource
from stillroom.imaging.io import icc, provenance
from stillroom.imaging.io.heic_decoding import BIT_DEPTH

_MAX_CHARACTERS = 64
"""Of a text from the file, which may be as long as the file."""

_Text = Annotated[str, Field(max_length=_MAX_CHARACTERS)]


class FileFacts(BaseModel):
    """Facts about a picture as stored, before it was converted.

    Attributes:
        frames: Number of frames or pages; 2 may stand for any larger number.
        bits: Bits per channel; 16 also stands for more.
        interpretation: Colour model by libvips' name, such as `srgb`, `b-w` or `cmyk`.
        color_space: Name of the colour space, such as that of a profile.
        is_srgb: Whether the pixels are RGB of 8 bits in sRGB.
        blocks: Metadata blocks by libvips' names.
        source: IPTC digital source type; None if missing or unknown.
        aigc_label: `Label` of the AIGC block, `1` for generated; None if there is no block.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    frames: PositiveInt
    bits: Literal[8, 16]
    interpretation: _Text
    color_space: _Text
    is_srgb: bool
    blocks: tuple[Literal["exif-data", "iptc-data"], ...]
    source: DigitalSource | None
    aigc_label: _Text | None


def facts_of(image: pyvips.Image, frames: int) -> FileFacts:
    """Read the facts from a file's header.

    Args:
        image: As libvips opened it; its pixels are not read.
    """
    fields = image.get_fields()
    profile = bytes(image.get("icc-profile-data")) if "icc-profile-data" in fields else None
    is_known = profile is None or icc.is_srgb(profile)
    # HEIC is decoded to 8 bits, whatever its file has.
    stored = image.get(BIT_DEPTH) if BIT_DEPTH in fields else 8
    is_rgb, is_8_bit = image.interpretation == "srgb", image.format == "uchar" and stored <= 8
    space = "sRGB" if is_rgb else str(image.interpretation)
    if profile is not None and not is_known:
        space = icc.name_of(profile) or "ICC?"
    found = provenance.read(bytes(image.get("xmp-data"))) if "xmp-data" in fields else None
    return FileFacts(
        frames=frames,
        bits=8 if is_8_bit else 16,
        interpretation=str(image.interpretation),
        color_space=_text(space),
        is_srgb=is_rgb and is_8_bit and is_known,
        blocks=tuple(block for block in ("exif-data", "iptc-data") if block in fields),
        source=found.source if found else None,
        aigc_label=_text(found.label) if found and found.label is not None else None,
    )


def _text(found: str) -> str:
    """Cut a text, and replace lone surrogates, which no JSON document may contain."""
    return found[:_MAX_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
