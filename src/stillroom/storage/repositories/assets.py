"""Uploaded photos as rows."""

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from stillroom.domain.assets import Asset
from stillroom.domain.errors import NotFound
from stillroom.domain.ids import AssetId, OwnerId
from stillroom.storage.tables import assets, sessions


class Assets:
    """Assets over one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work within the connection's transaction."""
        self._connection = connection

    async def add(self, asset: Asset) -> Asset:
        """Store it, or give back the owner's asset with the same `sha256`."""
        new = insert(assets).values(**asdict(asset))
        # An update that changes nothing, because only an updated row is returned.
        kept = new.on_conflict_do_update(
            index_elements=["owner_id", "sha256"], set_={"sha256": new.excluded.sha256}
        )
        return _asset((await self._connection.execute(kept.returning(assets))).one())

    async def get(self, asset_id: AssetId, owner_id: OwnerId) -> Asset:
        """Raises NotFound."""
        row = (
            await self._connection.execute(
                sa.select(assets).where(assets.c.id == asset_id, assets.c.owner_id == owner_id)
            )
        ).one_or_none()
        if row is None:
            raise NotFound(f"No image {asset_id}.")
        return _asset(row)

    async def is_used(self, asset_id: AssetId) -> bool:
        """Whether a session still names it."""
        return bool(
            await self._connection.scalar(
                sa.select(sa.exists().where(sessions.c.asset_id == asset_id, sessions.c.deleted_at.is_(None)))
            )
        )

    async def remove(self, asset_id: AssetId) -> None:
        """Delete the row."""
        await self._connection.execute(sa.delete(assets).where(assets.c.id == asset_id))


def _asset(row: sa.Row[Any]) -> Asset:
    return Asset(**row._mapping)
