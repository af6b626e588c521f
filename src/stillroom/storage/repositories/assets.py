"""Uploaded photos as rows."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime
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
        """Store it, or give back the owner's asset with the same `sha256`, as old as the new one."""
        new = insert(assets).values(**asdict(asset))
        # Whoever brings a photo again means to work on it, so it is not swept as one that was left.
        kept = new.on_conflict_do_update(
            index_elements=["owner_id", "sha256"], set_={"created_at": new.excluded.created_at}
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

    async def several(self, asset_ids: Collection[AssetId]) -> Mapping[AssetId, Asset]:
        """Those that are there, whosever they are."""
        rows = await self._connection.execute(sa.select(assets).where(assets.c.id.in_(asset_ids)))
        return {AssetId(row.id): _asset(row) for row in rows}

    async def is_used(self, asset_id: AssetId) -> bool:
        """Whether a session still names it."""
        return bool(
            await self._connection.scalar(sa.select(sa.exists().where(sessions.c.asset_id == asset_id)))
        )

    async def hashes_among(self, hashes: Collection[str]) -> frozenset[str]:
        """Those of the SHA-256 hashes that somebody has a photo with."""
        rows = await self._connection.scalars(
            sa.select(assets.c.sha256).distinct().where(assets.c.sha256.in_(hashes))
        )
        return frozenset(rows)

    async def remove(self, asset_id: AssetId) -> None:
        """Delete the row."""
        await self._connection.execute(sa.delete(assets).where(assets.c.id == asset_id))

    async def take_unused(self, before: datetime, limit: int) -> tuple[Asset, ...]:
        """Delete rows taken in before that moment that no session names, and give them back."""
        left = (
            sa.select(assets.c.id)
            .where(assets.c.created_at < before, _IS_UNUSED)
            .order_by(assets.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        held = (await self._connection.execute(left)).scalars().all()
        # Asked again: a session may have come between the look at it and the hold on it; none can come now.
        rows = await self._connection.execute(
            sa.delete(assets).where(assets.c.id.in_(held), _IS_UNUSED).returning(assets)
        )
        return tuple(_asset(row) for row in rows)


_IS_UNUSED = ~sa.exists().where(sessions.c.asset_id == assets.c.id)


def _asset(row: sa.Row[Any]) -> Asset:
    return Asset(**row._mapping)
