"""An asset: an uploaded photo after sanitising; it never changes."""

from dataclasses import dataclass
from datetime import datetime

from stillroom.domain.ids import AssetId, OwnerId


@dataclass(frozen=True, slots=True)
class Asset:
    """An uploaded photo, upright, sRGB, without any metadata.

    Attributes:
        id: `ast_…`.
        owner_id: Whose it is.
        sha256: Hex digest of the bytes as uploaded, so that the same photo is stored once.
        width: Pixels as stored.
        height: Pixels as stored.
        format: `jpeg` or `png`, as stored.
        bytes: Size of the stored picture.
        blob_key: Where the picture is.
        thumb_key: Where its thumbnail is (WebP).
        original_name: The file's name as uploaded, without any folder.
        created_at: Aware UTC.
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
