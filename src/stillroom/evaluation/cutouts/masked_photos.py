"""Cut-out set on disk: a folder of photos with a true mask of the product each."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from stillroom.domain.errors import NotFound, ValidationFailed

Half = Literal["tune", "check"]
"""Photos that parameters may be chosen with, and photos that only confirm the choice."""


@dataclass(frozen=True, slots=True)
class MaskedPhoto:
    """A photo and its true mask.

    Attributes:
        name: File name without its extension.
        photo: The photo's file, in any format that the studio accepts.
        mask: The mask's file, 8-bit grey, of the upright photo's size; 255 is product.
    """

    name: str
    photo: Path
    mask: Path


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not measured, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class CutoutSet:
    """The photos of a folder in the order of their names, and the files that cannot be measured."""

    photos: tuple[MaskedPhoto, ...]
    skipped: tuple[Skipped, ...]


def half_of(name: str) -> Half:
    """Return the half a photo belongs to: `tune` if the first byte of the SHA-256 of its name is even."""
    return "tune" if hashlib.sha256(name.encode()).digest()[0] % 2 == 0 else "check"


def cutout_set(folder: Path, limit: int | None = None) -> CutoutSet:
    """List the photos `images/NAME.*` of a folder that have a mask `masks/NAME.png`.

    Args:
        limit: Only the first of them, in the order of their names.

    Raises:
        NotFound: The folder, or one of its two folders, does not exist.
        ValidationFailed: No photo has a mask.
    """
    for part in (folder / "images", folder / "masks"):
        if not part.is_dir():
            raise NotFound(f"There is no folder {part}; a set has images/NAME.* and masks/NAME.png.")
    photos: dict[str, MaskedPhoto] = {}
    skipped = []
    for file in _files(folder / "images"):
        mask = folder / "masks" / f"{file.stem}.png"
        if file.stem in photos:
            skipped.append(Skipped(file.name, f"{photos[file.stem].photo.name} has the same name"))
        elif not mask.is_file():
            skipped.append(Skipped(file.name, f"there is no masks/{mask.name}"))
        else:
            photos[file.stem] = MaskedPhoto(file.stem, file, mask)
    used = {photo.mask for photo in photos.values()}
    skipped += [
        Skipped(mask.name, "it belongs to no photo") for mask in _files(folder / "masks") if mask not in used
    ]
    if not photos:
        raise ValidationFailed(f"No photo in {folder / 'images'} has a mask in {folder / 'masks'}.")
    return CutoutSet(tuple(photos[name] for name in sorted(photos)[:limit]), tuple(skipped))


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in sorted(folder.iterdir()) if file.is_file() and not file.name.startswith("."))
