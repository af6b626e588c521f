"""Repository of uploaded photos."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from stillroom.domain.assets import Asset
from stillroom.domain.errors import NotFound
from stillroom.domain.ids import AssetId, OwnerId, SessionId
from stillroom.domain.ports import Page
from stillroom.storage.repositories.base import Repository, reader_of
from stillroom.storage.tables.batches import batch_items, batches, recipes
from stillroom.storage.tables.work import assets, jobs, sessions, variants


class SqlAssets(Repository):
    async def add(self, asset: Asset) -> Asset:
        new = insert(assets).values(**asdict(asset))
        # An upload of a known photo renews its age, so that the sweep does not remove it as unused.
        kept = new.on_conflict_do_update(
            index_elements=["owner_id", "sha256"],
            set_={
                "created_at": new.excluded.created_at,
                # A backdrop that is also uploaded as a photo stays a backdrop.
                "backdrop_at": sa.func.coalesce(new.excluded.backdrop_at, assets.c.backdrop_at),
            },
        )
        return _asset((await self._connection.execute(kept.returning(assets))).one())

    async def get(self, asset_id: AssetId, owner_id: OwnerId) -> Asset:
        row = await self._one(
            sa.select(assets).where(assets.c.id == asset_id, assets.c.owner_id == owner_id),
            f"No image {asset_id}.",
        )
        return _asset(row)

    async def backdrops(self, owner_id: OwnerId, cursor: str | None, limit: int) -> Page[Asset]:
        query = sa.select(assets).where(assets.c.owner_id == owner_id, assets.c.backdrop_at.is_not(None))
        return await self._page(query, assets.c.backdrop_at, cursor, limit, _asset)

    async def count_backdrops(self, owner_id: OwnerId) -> int:
        return await self._count(assets.c.owner_id == owner_id, assets.c.backdrop_at.is_not(None))

    async def drop_backdrop(self, asset_id: AssetId, owner_id: OwnerId) -> None:
        dropped = await self._connection.execute(
            sa.update(assets)
            .where(assets.c.id == asset_id, assets.c.owner_id == owner_id, assets.c.backdrop_at.is_not(None))
            .values(backdrop_at=None)
        )
        if dropped.rowcount == 0:
            raise NotFound(f"No backdrop {asset_id}.")

    async def several(self, asset_ids: Collection[AssetId]) -> Mapping[AssetId, Asset]:
        rows = await self._connection.execute(sa.select(assets).where(assets.c.id.in_(asset_ids)))
        return {AssetId(row.id): _asset(row) for row in rows}

    async def is_backdrop(self, asset_id: AssetId) -> bool:
        query = sa.select(assets.c.id).where(assets.c.id == asset_id, _IS_BACKDROP)
        return await self._connection.scalar(query) is not None

    async def backdrops_in(self, session_id: SessionId) -> frozenset[AssetId]:
        named = sa.union(
            *(
                sa.select(table.c.backdrop_id).where(
                    table.c.session_id == session_id, table.c.backdrop_id.is_not(None)
                )
                for table in (variants, jobs)
            )
        )
        return frozenset(map(AssetId, await self._connection.scalars(named)))

    async def hashes_among(self, hashes: Collection[str]) -> frozenset[str]:
        rows = await self._connection.scalars(
            sa.select(assets.c.sha256).distinct().where(assets.c.sha256.in_(hashes))
        )
        return frozenset(rows)

    async def remove_unused(self, asset_id: AssetId) -> bool:
        this = assets.c.id == asset_id
        # Locked by a statement of its own: the second one sees what the transactions that held the lock, such
        # as the deletion of another session on the photo, have committed.
        await self._connection.execute(sa.select(assets.c.id).where(this).with_for_update())
        return await self._changes_one(sa.delete(assets).where(this, _IS_UNUSED))

    async def delete_unused(self, before: datetime, limit: int) -> tuple[Asset, ...]:
        left = (
            sa.select(assets.c.id)
            .where(assets.c.created_at < before, _IS_UNUSED)
            .order_by(assets.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        held = (await self._connection.execute(left)).scalars().all()
        # Check again in the DELETE: a session may have been created between the scan and the row lock. No
        # session can be created while the lock is held.
        unused = sa.delete(assets).where(assets.c.id.in_(held), _IS_UNUSED)
        return await self._all(unused.returning(assets), _asset)


def _is_backdrop_in(table: sa.Table, *conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists().where(table.c.backdrop_id == assets.c.id, *conditions).correlate(assets)


# Changes may name a picture of another owner, which is ignored.
_IS_BACKDROP = (
    assets.c.backdrop_at.is_not(None)
    | _is_backdrop_in(recipes, recipes.c.owner_id == assets.c.owner_id)
    | _is_backdrop_in(batches, batches.c.owner_id == assets.c.owner_id)
    | _is_backdrop_in(jobs, jobs.c.owner_id == assets.c.owner_id)
    | _is_backdrop_in(
        variants, variants.c.session_id == sessions.c.id, sessions.c.owner_id == assets.c.owner_id
    )
)

# A batch item needs its photo before it has a session.
_IS_UNUSED = (
    ~_IS_BACKDROP
    & ~sa.exists().where(sessions.c.asset_id == assets.c.id)
    & ~sa.exists().where(batch_items.c.image_id == assets.c.id)
)


_asset = reader_of(Asset, assets)
