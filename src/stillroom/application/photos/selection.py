"""Selection of variants, and access to stored pictures."""

from dataclasses import dataclass

import anyio.to_thread

from stillroom.domain.errors import NotFound
from stillroom.domain.ids import AssetId, MatteId, OwnerId, VariantId
from stillroom.domain.ports import Blobs, Clock, OpenBlob, UnitOfWorkFactory
from stillroom.domain.variants import Variant
from stillroom.imaging.io import encoding


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """Storage key and media type of a picture."""

    key: str
    media_type: str


@dataclass(frozen=True)
class Selection:
    """Records the user's choice and serves stored pictures."""

    _unit_of_work: UnitOfWorkFactory
    _blobs: Blobs
    _clock: Clock

    async def adopt(self, variant_id: VariantId, owner_id: OwnerId) -> Variant:
        """Mark a variant as the user's choice among the pictures of its job. Raises NotFound."""
        async with self._unit_of_work() as tx:
            variant = await tx.variants.get(variant_id, owner_id)
            await tx.sessions.lock(variant.session_id, owner_id)
            return await tx.variants.adopt(variant.id, self._clock())

    async def find(self, picture_id: str, owner_id: OwnerId, *, thumbnail: bool) -> StoredPicture:
        """Return where the picture of an asset or a variant is stored. Raises NotFound."""
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
        """Return where the matte of a variant is stored, or a photo's matte by its id.

        Raises NotFound, also if the variant has no matte.
        """
        async with self._unit_of_work(read_only=True) as tx:
            if picture_id.startswith("mat_"):
                key: str | None = (await tx.mattes.get(MatteId(picture_id), owner_id)).blob_key
            else:
                key = (await tx.variants.get(VariantId(picture_id), owner_id)).matte_key
        if key is None:
            raise NotFound(f"No matte of {picture_id}.")
        return StoredPicture(key, "image/png")

    async def outline(self, matte_id: str, subject_id: str, owner_id: OwnerId) -> bytes:
        """Return the outline of a matte's subject: a small grey PNG of the whole photo. Raises NotFound."""
        async with self._unit_of_work(read_only=True) as tx:
            matte = await tx.mattes.get(MatteId(matte_id), owner_id)
        for subject in matte.subjects.items:
            if subject.id == subject_id:
                return subject.outline
        raise NotFound(f"No subject {subject_id} of {matte_id}.")

    async def open(self, picture: StoredPicture) -> OpenBlob:
        """Open a picture as a stream, for clients that may be slow. Raises NotFound, StorageUnavailable."""
        return await self._blobs.open(picture.key)

    async def read(self, picture: StoredPicture) -> bytes:
        """Return the picture's bytes. Raises NotFound, StorageUnavailable."""
        return await self._blobs.get(picture.key)

    async def fetch(self, picture_id: str, owner_id: OwnerId, *, thumbnail: bool = False) -> bytes:
        """Return the bytes of an asset or a variant. Raises NotFound, StorageUnavailable."""
        return await self.read(await self.find(picture_id, owner_id, thumbnail=thumbnail))

    async def small(self, picture: bytes) -> bytes:
        """Return a picture that was made here as a small WebP. Raises InputCorrupt."""
        return await anyio.to_thread.run_sync(encoding.thumbnail, picture)
