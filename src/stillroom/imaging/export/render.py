"""Render a variant's lossless master into the files of a preset: background, framing, encoding, checks."""

import hashlib
import math
import sys
from collections.abc import Collection
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.domain.descriptions import NOTHING, Description
from stillroom.domain.exports.presets import (
    Check,
    DigitalSource,
    ExportPreset,
    Fit,
    FixId,
    Ground,
    LabelLanguage,
    Quality,
)
from stillroom.domain.exports.rules import PictureFormat
from stillroom.imaging.export import compliance, grounds, labelling, measures, windows
from stillroom.imaging.export.evidence import Geometry
from stillroom.imaging.io import encoding, provenance
from stillroom.imaging.io.content_credentials import RESERVED_BYTES, Sign
from stillroom.imaging.io.decoding import Limits, open_picture
from stillroom.imaging.pixels import Box, Bytes, Picture
from stillroom.imaging.resizing import size_within

_LEAST_QUALITY = 70
"""Lowest quality for a request to fit the bytes; below 69, lossy WebP turns white into 254."""

PREVIEW_SIDE = 720
"""Pixels of the longer side; twice what the page shows, for high-density screens."""

_TRACE = 2
"""Matte value (of 255) by which a transparent master may exceed its matte without having a shadow."""

_NO_LIMITS = Limits(max_bytes=sys.maxsize, max_megapixels=math.inf, max_side=sys.maxsize)
"""For opening a file that was made here."""

_SHARPEN_ENLARGED, _SHARPEN_ASKED = 0.3, 0.7
"""Unsharp mask amount for an enlarged master, and for a request to sharpen."""


@dataclass(frozen=True, slots=True)
class Framed:
    """A master on the canvas of a preset.

    Attributes:
        pixels: uint8 (H, W, 3), or (H, W, 4) with straight alpha for a transparent background; sRGB.
        geometry: Matte, scale and framing of the result.
        has_new_ground: Whether the product was put on another background than the master's.
    """

    pixels: NDArray[np.uint8]
    geometry: Geometry
    has_new_ground: bool


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A finished export file.

    Attributes:
        part: Number of the piece, from 1, of a picture that was split; None if it is complete.
    """

    format: PictureFormat
    data: bytes
    width: int
    height: int
    part: int | None
    quality: int
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """Properties of a file that are known before it is encoded; `part` as in `ExportedFile`."""

    width: int
    height: int
    part: int | None


def formats_of(preset: ExportPreset, fixes: Collection[FixId] = ()) -> tuple[PictureFormat, ...]:
    """Formats of the files; those of a transparent background stay, because JPEG would turn it black."""
    is_jpeg = FixId.TO_JPEG in fixes and preset.ground is not Ground.TRANSPARENT
    return (PictureFormat.JPEG,) if is_jpeg else preset.formats


def outlines(
    master: bytes, matte: bytes | None, preset: ExportPreset, fixes: Collection[FixId] = ()
) -> list[Outline]:
    """List the files that `export` would make in each format, without encoding them.

    Raises:
        InputCorrupt: The master or its matte cannot be decoded.
    """
    return [
        Outline(piece.pixels.shape[1], piece.pixels.shape[0], part)
        for piece, part in _parts(_framed(master, matte, preset, fixes), preset)
    ]


def preview(
    master: bytes,
    matte: bytes | None,
    preset: ExportPreset,
    fixes: Collection[FixId] = (),
    label: LabelLanguage | None = None,
    *,
    on_white: bytes | None = None,
) -> bytes:
    """Render a small preview of the first file that `export` would make of the same arguments.

    Returns:
        WebP with a longer side of at most PREVIEW_SIDE.

    Raises:
        InputCorrupt: The master or its matte cannot be decoded.
    """
    piece, _ = _parts(_framed(master, matte, preset, fixes, on_white), preset)[0]
    pixels = piece.pixels
    if label is not None:
        pixels = labelling.labelled(pixels, piece.geometry.matte, label)
    return encoding.preview(windows.lanczos_resized(pixels, *size_within(pixels.shape, PREVIEW_SIDE)))


def export(
    master: bytes,
    matte: bytes | None,
    preset: ExportPreset,
    source: DigitalSource,
    fixes: Collection[FixId] = (),
    label: LabelLanguage | None = None,
    sign: Sign | None = None,
    *,
    is_cut: bool = False,
    is_doubtful: bool = False,
    description: Description = NOTHING,
    on_white: bytes | None = None,
) -> list[ExportedFile]:
    """Render, encode and check all files of a preset.

    Args:
        master: PNG, RGB or RGBA, sRGB.
        matte: Grey PNG of the same size, 255 is product; None if the product is unknown.
        source: Of the master; a new background is declared too.
        label: Language of a visible label that marks every file as generated; None for no label.
        sign: Adds a signed manifest to every file; None leaves them unsigned.
        is_cut: Whether the photo cut the product, wherever the master places it.
        is_doubtful: Whether the matte may be wrong.
        description: Words that every file carries as metadata.
        on_white: PNG of the same size with the product on white, if it has glass that shows the master's
            background; else None.

    Raises:
        InputCorrupt: The master or its matte cannot be decoded.
    """
    framed = _framed(master, matte, preset, fixes, on_white)
    if framed.has_new_ground:
        source = provenance.with_new_ground(source)
    xmp = provenance.packet(source, hashlib.sha256(master).hexdigest()[:32], description)
    quality, window = preset.quality, preset.bytes
    if sign is not None and window.max is not None:
        window = window.model_copy(update={"max": max(1, window.max - RESERVED_BYTES)})
    if FixId.FIT_BYTES in fixes:
        quality = Quality(best=quality.best, least=min(quality.least, _LEAST_QUALITY))
    files = []
    for piece, part in _parts(framed, preset):
        pixels = piece.pixels
        geometry = replace(piece.geometry, is_cut=piece.geometry.is_cut or is_cut, is_doubtful=is_doubtful)
        if label is not None:
            pixels = labelling.labelled(pixels, piece.geometry.matte, label)
        for form in formats_of(preset, fixes):
            made = encoding.encode(pixels, form, quality, window, xmp)
            data = made.data if sign is None else sign(made.data, form, source)
            opened = open_picture(data, _NO_LIMITS)
            checks = compliance.check(data, opened, preset, geometry, fixes, label)
            height, width = piece.pixels.shape[:2]
            files.append(ExportedFile(form, data, width, height, part, made.quality, checks))
    return files


def frame(
    master: NDArray[np.uint8],
    matte: Bytes | None,
    preset: ExportPreset,
    fixes: Collection[FixId] = (),
    on_white: Picture | None = None,
) -> Framed:
    """Place a master on a preset's canvas.

    Args:
        master: uint8 (H, W), (H, W, 3) or (H, W, 4), sRGB, straight alpha.
        matte: 255 is product; None if the product is unknown.
        on_white: The product on white, if another background would show through it.
    """
    picture, matte = _parted(master, matte, on_white)
    ground = preset.ground
    if ground is not Ground.TRANSPARENT and {FixId.REMOVE_SHADOW, FixId.PURE_WHITE} & set(fixes):
        ground = Ground.PURE_WHITE
    subject = windows.extent(matte) if matte is not None else None
    has_clear_ground = False
    if ground is Ground.TRANSPARENT and matte is not None:
        pixels, shadow = _transparent(master, picture if on_white is None else on_white, matte, fixes)
        beyond: int | None = 0
        subject = shadow or subject
        has_clear_ground = shadow is None
        is_new = True
    else:
        pixels, beyond, is_new = _grounded(picture, matte, ground, on_white)
    even = (True, True, True, True) if beyond is not None else grounds.even_sides(pixels, matte)
    window = _window(pixels.shape, subject, preset, fixes, even, fills=beyond is not None)
    shown = windows.shown(pixels, window, beyond)
    covered = windows.shown(matte, window, 0) if matte is not None else None
    if has_clear_ground:
        # A matte that is scaled on its own is 0 at some pixels of the cutout's rim.
        covered = np.ascontiguousarray(shown[..., 3])
    if beyond == 255:
        shown = grounds.whitened(shown, covered)
    amount = _SHARPEN_ENLARGED * (window.scale > 1.0) + _SHARPEN_ASKED * (FixId.SHARPEN in fixes)
    if amount:
        shown = _sharpened(shown, covered, amount, sigma=max(1.0, window.scale))
    return Framed(
        shown,
        Geometry(
            matte=covered,
            scale=window.scale,
            is_cut=matte is not None and _is_cut(matte, window),
            share=preset.subject.share if preset.subject else None,
        ),
        is_new,
    )


def _transparent(
    master: NDArray[np.uint8], picture: Picture, matte: Bytes, fixes: Collection[FixId]
) -> tuple[NDArray[np.uint8], Box | None]:
    """RGBA with only the product and the shadow of a transparent master; and that shadow's extent."""
    if master.ndim == 2 or master.shape[2] == 3 or FixId.REMOVE_SHADOW in fixes:
        return grounds.cutout(picture, matte), None
    alpha = np.ascontiguousarray(master[..., 3])
    has_shadow = bool((alpha > matte.astype(np.int16) + _TRACE).any())
    return master, windows.extent(alpha, least=1) if has_shadow else None


def _parted(
    master: NDArray[np.uint8], matte: Bytes | None, on_white: Picture | None
) -> tuple[Picture, Bytes | None]:
    """RGB on white, and the matte in the master's size; the alpha of a transparent master is the default."""
    if master.ndim == 2:
        master = np.dstack([master] * 3)
    if matte is not None and matte.ndim == 3:
        matte = np.ascontiguousarray(matte[..., 0])
    if matte is not None and windows.extent(matte) is None:
        matte = None  # compositing on white would leave nothing of the picture
    if matte is not None and matte.shape != master.shape[:2]:
        matte = windows.lanczos_resized(matte, master.shape[1], master.shape[0])
    if master.shape[2] == 3:
        return master, matte
    alpha = np.ascontiguousarray(master[..., 3])
    cover = alpha.astype(np.float32)[..., None] / 255.0
    flat = np.rint(master[..., :3] * cover + 255.0 * (1.0 - cover)).astype(np.uint8)
    if on_white is not None:
        # The glass of a transparent master still shows the photo's background.
        flat[alpha == 255] = on_white[alpha == 255]
    return flat, alpha if matte is None else matte


def _grounded(
    picture: Picture, matte: Bytes | None, ground: Ground, on_white: Picture | None
) -> tuple[Picture, int | None, bool]:
    """The picture on the wanted background, the fill value beyond its edge, and whether the ground is new.

    Without a fill value the edge is replicated.
    """
    if ground is Ground.SCENE:
        return picture, 255 if grounds.is_plain_white(picture, matte) else None, False
    is_white = grounds.is_white(picture, matte)
    if matte is not None and (ground is Ground.PURE_WHITE or not is_white):
        return grounds.on_white(picture if on_white is None else on_white, matte), 255, True
    if is_white:
        return grounds.whitened(picture, matte), 255, False
    return picture, None, False


def _window(
    shape: tuple[int, ...],
    subject: Box | None,
    preset: ExportPreset,
    fixes: Collection[FixId],
    even: windows.Sides,
    *,
    fills: bool,
) -> windows.Window:
    height, width = shape[:2]
    canvas = preset.canvas
    if preset.fit is Fit.TRIM and subject is not None:
        return windows.trimmed(subject, canvas)
    if canvas.width is None or canvas.height is None:
        return windows.whole(width, height, canvas)
    size = (canvas.width, canvas.height)
    framing = preset.subject
    exact = fills and framing is not None
    if preset.fit is Fit.PAD and exact and subject is not None and framing is not None:
        if FixId.CENTER in fixes:
            return windows.framed(subject, size, framing.share)
        cut = (subject[0] <= 0, subject[1] <= 0, subject[2] >= width, subject[3] >= height)
        return windows.framed(subject, size, framing.share, cut)
    closer = exact or FixId.ENLARGE_SUBJECT in fixes
    if closer and framing is not None:
        framing = framing.model_copy(update={"min": framing.share, "max": framing.share})
    return windows.cropped(
        (width, height),
        subject,
        size,
        framing,
        even=even,
        can_enlarge=closer,
        centered=exact or FixId.CENTER in fixes,
    )


def _is_cut(matte: Bytes, window: windows.Window) -> bool:
    """Whether an edge of the master or of the window cuts the product."""
    height, width = matte.shape
    x0, y0, x1, y1 = window.box
    part = matte[max(0, y0) : min(height, y1), max(0, x0) : min(width, x1)]
    return measures.touched_edges(part) > 0


def _sharpened(
    pixels: NDArray[np.uint8], matte: Bytes | None, amount: float, sigma: float
) -> NDArray[np.uint8]:
    """Unsharp mask on the product; the background is not sharpened."""
    colour = np.ascontiguousarray(pixels[..., :3])
    crisp = cv2.addWeighted(colour, 1.0 + amount, cv2.GaussianBlur(colour, (0, 0), sigma), -amount, 0.0)
    inside = np.full(colour.shape[:2], True) if matte is None else matte == 255
    done = pixels.copy()
    done[..., :3][inside] = crisp[inside]
    return done


def _framed(
    master: bytes,
    matte: bytes | None,
    preset: ExportPreset,
    fixes: Collection[FixId],
    on_white: bytes | None = None,
) -> Framed:
    mask, white = (None if file is None else encoding.pixels_of(file) for file in (matte, on_white))
    return frame(encoding.pixels_of(master), mask, preset, fixes, white)


def _parts(framed: Framed, preset: ExportPreset) -> list[tuple[Framed, int | None]]:
    """Pieces of at most the maximum height with numbers from 1, or the complete picture with None.

    They are equally tall but for a pixel, so that none is a sliver.
    """
    height, most = framed.pixels.shape[0], preset.canvas.max_height
    if most is None or height <= most:
        return [(framed, None)]
    count = math.ceil(height / most)
    parts: list[tuple[Framed, int | None]] = []
    for number in range(1, count + 1):
        rows, matte = slice(height * (number - 1) // count, height * number // count), framed.geometry.matte
        geometry = replace(framed.geometry, matte=None if matte is None else matte[rows])
        parts.append((replace(framed, pixels=framed.pixels[rows], geometry=geometry), number))
    return parts
