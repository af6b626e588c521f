"""Files made for marketplaces as rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from stillroom.domain.errors import NotFound
from stillroom.domain.exports.presets import Check, Export, ExportStatus, LateExport, Recipe
from stillroom.domain.exports.rules import PictureFormat
from stillroom.domain.ids import ExportId, OwnerId, SessionId, VariantId
from stillroom.domain.ports import Page
from stillroom.storage.cursors import newest_first
from stillroom.storage.tables import exports, variants


class Exports:
    """Exports over one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work within the connection's transaction."""
        self._connection = connection

    async def add(self, export: Export, recipe: Recipe | None = None) -> None:
        """Store a new export; with a recipe it waits for a worker."""
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
                checks_json=_checks(export),
                created_at=export.created_at,
                expires_at=export.expires_at,
                status=export.status.value,
                recipe_json=None if recipe is None else recipe.model_dump(mode="json"),
                due_at=None if recipe is None else export.created_at,
            )
        )

    async def several(
        self, export_ids: Sequence[ExportId], owner_id: OwnerId, now: datetime
    ) -> tuple[Export, ...]:
        """As they are asked for, in one query. Raises NotFound when one is missing or has expired."""
        rows = await self._connection.execute(_alive(owner_id, now).where(exports.c.id.in_(export_ids)))
        found = {export.id: export for export in map(_export, rows)}
        for export_id in export_ids:
            if export_id not in found:
                raise NotFound(f"No export {export_id}.")
        return tuple(found[export_id] for export_id in export_ids)

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

    async def any_due(self, now: datetime) -> bool:
        """Whether there is one to claim; asked without writing, which the one writer of SQLite is glad of."""
        due = sa.exists().where(_IS_PENDING, exports.c.due_at <= now, exports.c.expires_at > now)
        return bool(await self._connection.scalar(sa.select(due)))

    async def claim(self, lease_token: str, now: datetime, lease_until: datetime) -> LateExport | None:
        """Take on the oldest that waits or was left by whoever had it; None when there is nothing to do."""
        due = (
            sa.select(exports.c.id)
            .where(_IS_PENDING, exports.c.due_at <= now, exports.c.expires_at > now)
            .order_by(exports.c.due_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        row = (
            await self._connection.execute(
                sa.update(exports)
                .where(exports.c.id.in_(due))
                .values(attempts=exports.c.attempts + 1, lease_token=lease_token, due_at=lease_until)
                .returning(exports)
            )
        ).one_or_none()
        if row is None:
            return None
        return LateExport(_export(row), _recipe(row), row.attempts, lease_token)

    async def put_off(self, late: LateExport, until: datetime, *, spent: bool = True) -> bool:
        """Keep one until then, by renewing its lease or by letting it wait; False when it is not held."""
        attempts = exports.c.attempts if spent else exports.c.attempts - 1
        return await self._write(late, {"due_at": until, "attempts": attempts})

    async def settle(self, late: LateExport, made: Export) -> bool:
        """Write how one ended; False when it is not held any more."""
        return await self._write(
            late,
            {
                "status": made.status.value,
                "bytes": made.bytes,
                "blob_key": made.blob_key,
                "checks_json": _checks(made),
                "recipe_json": None,
                "lease_token": None,
                "due_at": None,
            },
        )

    async def give_back(self, lease_prefix: str, now: datetime) -> int:
        """Let others take on what earlier lives of a worker left; gives back how many."""
        done = await self._connection.execute(
            sa.update(exports)
            .where(_IS_PENDING, sa.func.substr(exports.c.lease_token, 1, len(lease_prefix)) == lease_prefix)
            .values(due_at=now)
        )
        return done.rowcount

    async def _write(self, late: LateExport, changes: dict[str, Any]) -> bool:
        held = (_IS_PENDING, exports.c.id == late.export.id, exports.c.lease_token == late.lease_token)
        done = await self._connection.execute(sa.update(exports).where(*held).values(changes))
        return done.rowcount == 1


_IS_PENDING = exports.c.status == sa.literal_column("'pending'")


def _recipe(row: sa.Row[Any]) -> Recipe | None:
    try:
        return Recipe.model_validate(row.recipe_json)
    except ValidationError:
        return None


def _checks(export: Export) -> list[dict[str, Any]]:
    return [check.model_dump(mode="json") for check in export.checks]


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
        status=ExportStatus(row.status),
    )
