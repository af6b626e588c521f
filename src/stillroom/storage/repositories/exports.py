"""Files made for marketplaces as rows."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from stillroom.domain.errors import NotFound
from stillroom.domain.exports import Check, Export
from stillroom.domain.ids import ExportId, OwnerId, SessionId, VariantId
from stillroom.domain.ports import Page
from stillroom.domain.rules import PictureFormat
from stillroom.storage.cursors import newest_first
from stillroom.storage.tables import exports, variants


class Exports:
    """Exports over one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work within the connection's transaction."""
        self._connection = connection

    async def add(self, export: Export) -> None:
        """Store a new export."""
        await self._connection.execute(
            sa.insert(exports).values(
                id=export.id,
                owner_id=export.owner_id,
                variant_id=export.variant_id,
                preset=export.preset,
                name=export.name,
                part=export.part,
                format=export.format.value,
                width=export.width,
                height=export.height,
                bytes=export.bytes,
                blob_key=export.blob_key,
                checks_json=[check.model_dump(mode="json") for check in export.checks],
                created_at=export.created_at,
                expires_at=export.expires_at,
            )
        )

    async def get(self, export_id: ExportId, owner_id: OwnerId, now: datetime) -> Export:
        """Raises NotFound, also for one that has expired."""
        row = (
            await self._connection.execute(_alive(owner_id, now).where(exports.c.id == export_id))
        ).one_or_none()
        if row is None:
            raise NotFound(f"No export {export_id}.")
        return _export(row)

    async def list(
        self, owner_id: OwnerId, variant_id: VariantId | None, now: datetime, cursor: str | None, limit: int
    ) -> Page[Export]:
        """Newest first, expired ones left out. Raises ValidationFailed for a cursor that is not ours."""
        query = _alive(owner_id, now)
        if variant_id is not None:
            query = query.where(exports.c.variant_id == variant_id)
        return await newest_first(
            self._connection, query, exports.c.created_at, exports.c.id, cursor, limit, _export
        )

    async def of_session(self, session_id: SessionId) -> tuple[Export, ...]:
        """All of them, expired ones too."""
        rows = await self._connection.execute(
            sa.select(exports)
            .join(variants, variants.c.id == exports.c.variant_id)
            .where(variants.c.session_id == session_id)
            .order_by(exports.c.created_at, exports.c.id)
        )
        return tuple(_export(row) for row in rows)

    async def take_expired(self, now: datetime, limit: int) -> tuple[Export, ...]:
        """Delete expired rows and give them back, so that their blobs can follow."""
        due = (
            sa.select(exports.c.id)
            .where(exports.c.expires_at <= now)
            .order_by(exports.c.expires_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        rows = await self._connection.execute(
            sa.delete(exports).where(exports.c.id.in_(due)).returning(exports)
        )
        return tuple(_export(row) for row in rows)


def _alive(owner_id: OwnerId, now: datetime) -> sa.Select[Any]:
    return sa.select(exports).where(exports.c.owner_id == owner_id, exports.c.expires_at > now)


def _export(row: sa.Row[Any]) -> Export:
    return Export(
        id=ExportId(row.id),
        owner_id=OwnerId(row.owner_id),
        variant_id=VariantId(row.variant_id),
        preset=row.preset,
        name=row.name,
        part=row.part,
        format=PictureFormat(row.format),
        width=row.width,
        height=row.height,
        bytes=row.bytes,
        blob_key=row.blob_key,
        checks=tuple(Check.model_validate(check) for check in row.checks_json),
        created_at=row.created_at,
        expires_at=row.expires_at,
    )
