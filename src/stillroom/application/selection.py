"""Choosing among what was offered, and showing pictures."""

from dataclasses import dataclass

from stillroom.domain.errors import NotFound
from stillroom.domain.ids import AssetId, MatteId, OwnerId, VariantId
from stillroom.domain.ports import Blobs, Clock, OpenBlob, UnitOfWorkFactory
from stillroom.domain.variants import Variant


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A picture that may be shown: where it is kept, and as what."""

    key: str
    media_type: str


class Selection:
    """Marks the user's choice and gives out stored pictures."""

    def __init__(self, unit_of_work: UnitOfWorkFactory, blobs: Blobs, clock: Clock) -> None:
        """Take what the service works with."""
        self._unit_of_work = unit_of_work
        self._blobs = blobs
        self._clock = clock

    async def adopt(self, variant_id: VariantId, owner_id: OwnerId) -> Variant:
        """Mark the variant the user chose. Raises NotFound."""
        async with self._unit_of_work() as tx:
            variant = await tx.variants.get(variant_id, owner_id)
            return await tx.variants.adopt(variant.id, self._clock())

    async def find(self, picture_id: str, owner_id: OwnerId, *, thumbnail: bool) -> StoredPicture:
        """Where an asset's or a variant's picture is kept.

        Args:
            picture_id: An asset's or a variant's id.
            owner_id: Who asks.
            thumbnail: Whether the small one is wanted.

        Raises:
            NotFound: It is not there, or belongs to someone else.
        """
        async with self._unit_of_work(read_only=True) as tx:
            if picture_id.startswith("ast_"):
                asset = await tx.assets.get(AssetId(picture_id), owner_id)
                key, media_type = asset.blob_key, f"image/{asset.format}"
                thumb_key = asset.thumb_key
            elif picture_id.startswith("var_"):
                variant = await tx.variants.get(VariantId(picture_id), owner_id)
                key, media_type, thumb_key = variant.blob_key, "image/png", variant.thumb_key
            else:
                raise NotFound(f"No picture {picture_id}.")
        return StoredPicture(thumb_key, "image/webp") if thumbnail else StoredPicture(key, media_type)

    async def find_matte(self, picture_id: str, owner_id: OwnerId) -> StoredPicture:
        """Where a variant's matte is kept, or a photo's by its own id.

        Raises:
            NotFound: It is not there, belongs to someone else, or the product's place is not known.
        """
        async with self._unit_of_work(read_only=True) as tx:
            if picture_id.startswith("mat_"):
                key: str | None = (await tx.mattes.get(MatteId(picture_id), owner_id)).blob_key
            else:
                key = (await tx.variants.get(VariantId(picture_id), owner_id)).matte_key
        if key is None:
            raise NotFound(f"No matte of {picture_id}.")
        return StoredPicture(key, "image/png")

    async def open(self, picture: StoredPicture) -> OpenBlob:
        """The picture in pieces, for a reader that may be slow. Raises NotFound, StorageUnavailable."""
        return await self._blobs.open(picture.key)

    async def read(self, picture: StoredPicture) -> bytes:
        """The picture's bytes. Raises NotFound, StorageUnavailable."""
        return await self._blobs.get(picture.key)
