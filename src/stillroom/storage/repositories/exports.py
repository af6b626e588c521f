"""Repository of export files."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError

from stillroom.domain.errors import NotFound
from stillroom.domain.exports.presets import Export, ExportSettings, ExportStatus
from stillroom.domain.ids import BatchId, ExportId, OwnerId, SessionId, VariantId
from stillroom.domain.ports import Page
from stillroom.storage.repositories.base import Repository, columns_of, reader_of
from stillroom.storage.tables.work import exports, variants


class SqlExports(Repository):
    async def add(self, export: Export, settings: ExportSettings | None = None) -> None:
        await self._connection.execute(
            sa.insert(exports).values(
                **columns_of(export, exports),
                recipe_json=None if settings is None else settings.model_dump(mode="json"),
            )
        )

    async def several(
        self, export_ids: Sequence[ExportId], owner_id: OwnerId, now: datetime
    ) -> tuple[Export, ...]:
        rows = await self._connection.execute(_alive(owner_id, now).where(exports.c.id.in_(export_ids)))
        found = {export.id: export for export in map(_export, rows)}
        for export_id in export_ids:
            if export_id not in found:
                raise NotFound(f"No export {export_id}.")
        return tuple(found[export_id] for export_id in export_ids)

    async def list(
        self, owner_id: OwnerId, variant_id: VariantId | None, now: datetime, cursor: str | None, limit: int
    ) -> Page[Export]:
        query = _alive(owner_id, now)
        if variant_id is not None:
            query = query.where(exports.c.variant_id == variant_id)
        return await self._page(query, exports.c.created_at, cursor, limit, _export)

    async def of_session(self, session_id: SessionId) -> tuple[Export, ...]:
        made = sa.select(exports).join(variants, variants.c.id == exports.c.variant_id)
        return await self._oldest_first(made.where(variants.c.session_id == session_id))

    async def of_batch(
        self, batch_id: BatchId, variant_ids: Collection[VariantId], now: datetime
    ) -> tuple[Export, ...]:
        of_batch = sa.select(exports).where(*_of_batch(batch_id, variant_ids), exports.c.expires_at > now)
        return await self._oldest_first(of_batch)

    async def _oldest_first(self, query: sa.Select[Any]) -> tuple[Export, ...]:
        return await self._all(query.order_by(exports.c.created_at, exports.c.id), _export)

    async def delete_expired(self, now: datetime, limit: int) -> tuple[Export, ...]:
        due = (
            sa.select(exports.c.id)
            .where(exports.c.expires_at <= now)
            .order_by(exports.c.expires_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return await self._all(sa.delete(exports).where(exports.c.id.in_(due)).returning(exports), _export)

    async def order(self, export_id: ExportId, now: datetime) -> tuple[Export, ExportSettings | None]:
        query = sa.select(exports).where(exports.c.id == export_id, _IS_PENDING, exports.c.expires_at > now)
        row = await self._one(query, f"No export {export_id}.")
        return _export(row), _settings(row)

    async def finish(self, export: Export) -> bool:
        return await self._changes_one(
            sa.update(exports)
            .where(_IS_PENDING, exports.c.id == export.id)
            .values(
                status=export.status,
                bytes=export.bytes,
                blob_key=export.blob_key,
                checks=export.checks,
                recipe_json=None,
            )
        )

    async def fail(self, export_id: ExportId) -> None:
        await self._connection.execute(
            sa.update(exports)
            .where(_IS_PENDING, exports.c.id == export_id)
            .values(status=ExportStatus.FAILED, recipe_json=None)
        )

    async def keep_until(self, export_ids: Collection[ExportId], expires_at: datetime) -> None:
        await self._connection.execute(
            sa.update(exports).where(exports.c.id.in_(export_ids)).values(expires_at=expires_at)
        )

    async def forget_failed(self, batch_id: BatchId, variant_ids: Collection[VariantId]) -> None:
        await self._connection.execute(
            sa.delete(exports).where(
                *_of_batch(batch_id, variant_ids), exports.c.status == ExportStatus.FAILED
            )
        )


_IS_PENDING = exports.c.status == sa.literal_column("'pending'")


def _of_batch(batch_id: BatchId, variant_ids: Collection[VariantId]) -> Sequence[sa.ColumnElement[bool]]:
    return exports.c.batch_id == batch_id, exports.c.variant_id.in_(variant_ids)


def _settings(row: sa.Row[Any]) -> ExportSettings | None:
    try:
        return ExportSettings.model_validate(row.recipe_json)
    except ValidationError:
        return None


def _alive(owner_id: OwnerId, now: datetime) -> sa.Select[Any]:
    return sa.select(exports).where(exports.c.owner_id == owner_id, exports.c.expires_at > now)


_export = reader_of(Export, exports)
