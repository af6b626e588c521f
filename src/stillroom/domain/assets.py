"""Asset: an uploaded photo after sanitising; immutable."""

from dataclasses import dataclass
from datetime import datetime

from stillroom.domain.ids import AssetId, OwnerId

PHOTO_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".png", ".webp", ".avif", ".heic", ".heif", ".tif", ".tiff", ".gif"}
)
"""Extensions of the files in a folder that are photos, in lower case."""


@dataclass(frozen=True, slots=True)
class Asset:
    """An uploaded photo: upright, sRGB, without metadata.

    Attributes:
        sha256: Hex SHA-256 of the uploaded bytes; identical uploads are stored once.
        format: `jpeg` or `png`, as stored.
        thumb_key: Blob key of the thumbnail (WebP).
        original_name: File name as uploaded, without folders.
        backdrop_at: When it was added to the owner's backdrops; None if it is none of them.
    """

    id: AssetId
    owner_id: OwnerId
    sha256: str
    width: int
    height: int
    format: str
    bytes: int
    blob_key: str
    thumb_key: str
    original_name: str
    created_at: datetime
    backdrop_at: datetime | None = None
