"""Photos that tools are given: a file of this machine, base64, or a stored photo."""

import base64
import binascii
from collections.abc import Sequence
from pathlib import Path

import anyio
import anyio.to_thread

from stillroom.application.photos.photo_files import (
    check_file,
    photos_in,
    read_errors,
    read_photo,
    too_large,
)
from stillroom.domain.errors import NotFound, ValidationFailed
from stillroom.domain.ids import AssetId
from stillroom.mcp.calls import Call
from stillroom.mcp.inputs import MAX_INLINE_BYTES, PhotoInput


async def stored(call: Call, given: PhotoInput) -> AssetId:
    """Return the id of the photo that a call names; a new one is decoded, cleaned and stored.

    Raises:
        NotFound: The file or the stored photo does not exist.
        ValidationFailed: The text is not base64.
        InputTooLarge, InputUnsupported, InputCorrupt: The file is not a usable picture.
        RateLimited: Too many photos came recently.
    """
    if given.image_id is not None:
        # Report a foreign or unknown photo now, not in a later step.
        await call.studio.photos.selection.find(given.image_id, call.owner_id, thumbnail=True)
        return given.image_id
    data, name = await content(call, given)
    return await store(call, data, name)


async def store(call: Call, data: bytes, name: str) -> AssetId:
    """Store a photo and return its id. Raises what the intake raises."""

    async def read() -> bytes:
        return data

    await call.count("photos")
    taken = await call.studio.photos.intake.upload(
        read, file_name=name, declared_type=None, owner_id=call.owner_id
    )
    return taken.asset.id


async def content(call: Call, given: PhotoInput) -> tuple[bytes, str]:
    """Return the bytes and the name of a photo that is not stored yet."""
    if given.file_path is not None:
        path = Path(given.file_path)
        return await read_file(call, path), path.name
    return await anyio.to_thread.run_sync(_decoded, given.image_base64 or ""), given.file_name or "photo"


async def read_file(call: Call, path: Path) -> bytes:
    """Read a photo of this machine. Raises what `read_photo` raises."""
    return await anyio.to_thread.run_sync(read_photo, path, call.studio.limits.max_upload_bytes)


def photos_at(paths: Sequence[str]) -> list[Path]:
    """Return the photos that paths name; a folder stands for the photos directly in it.

    Raises NotFound if a path does not exist or cannot be read, or a folder contains no photos.
    """
    return [photo for path in paths for photo in _photos_in(Path(path))]


def _photos_in(path: Path) -> list[Path]:
    with read_errors(path):
        if not path.is_dir():
            check_file(path)
            return [path]
        photos = photos_in(path)
    if not photos:
        raise NotFound(f"There is no photo in {path}.")
    return photos


def _decoded(text: str) -> bytes:
    """Decode base64, with or without the beginning of a data URL."""
    head, comma, body = text.partition(",")
    encoded = body if comma and head.startswith("data:") else text
    try:
        data = base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValidationFailed(
            "image_base64 is not base64.", fields=[{"field": "image_base64", "reason": "not_base64"}]
        ) from error
    if len(data) > MAX_INLINE_BYTES:
        raise too_large(MAX_INLINE_BYTES)
    return data
