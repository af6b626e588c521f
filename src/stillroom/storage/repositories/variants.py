"""Repository of variants, the pictures made by jobs."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from stillroom.domain.descriptions import Description
from stillroom.domain.errors import Conflict
from stillroom.domain.ids import JobId, OwnerId, SessionId, VariantId
from stillroom.domain.measures import Measures
from stillroom.domain.variants import Variant, VariantRole, by_job
from stillroom.storage.repositories.base import Repository, columns_of, entity_of
from stillroom.storage.tables.work import sessions, variants

_SHOWN = variants.c.replaced_at.is_(None) | variants.c.adopted_at.is_not(None)


class SqlVariants(Repository):
    async def add(self, variant: Variant) -> None:
        # The transaction remains usable after a Conflict.
        stored = await self._connection.scalar(
            insert(variants)
            .values(**columns_of(variant, variants), measures_json=variant.measures.to_json())
            .on_conflict_do_nothing(index_elements=["job_id", "role", "ordinal"])
            .returning(variants.c.id)
        )
        if stored is None:
            raise Conflict(
                "The job has this picture already.", ordinal=variant.ordinal, role=variant.role.value
            )

    async def get(self, variant_id: VariantId, owner_id: OwnerId) -> Variant:
        row = await self._one(
            sa.select(variants)
            .join(sessions, sessions.c.id == variants.c.session_id)
            .where(variants.c.id == variant_id, sessions.c.owner_id == owner_id),
            f"No variant {variant_id}.",
        )
        return _variant(row)

    async def adopt(self, variant_id: VariantId, at: datetime) -> Variant:
        job_id = sa.select(variants.c.job_id).where(variants.c.id == variant_id).scalar_subquery()
        others = sa.update(variants).where(
            variants.c.job_id == job_id,
            variants.c.id != variant_id,
            variants.c.adopted_at.is_not(None),
            # A preview that was replaced is listed only while it is adopted.
            variants.c.replaced_at.is_(None),
        )
        await self._write(others.values(adopted_at=None))
        return await self._change(variant_id, adopted_at=at)

    async def promote(self, variant_id: VariantId, ordinal: int, measures: Measures) -> Variant:
        role = VariantRole.CANDIDATE
        return await self._change(variant_id, role=role, ordinal=ordinal, measures_json=measures.to_json())

    async def mark_replaced(self, variant_id: VariantId, at: datetime) -> None:
        await self._change(variant_id, replaced_at=at)

    async def describe(self, variant_id: VariantId, description: Description) -> Variant:
        return await self._change(variant_id, description=description)

    async def _change(self, variant_id: VariantId, **changes: Any) -> Variant:
        # A worker may promote while the user adopts, so each updates only its own columns.
        row = await self._one(
            sa.update(variants).where(variants.c.id == variant_id).values(changes).returning(variants),
            f"No variant {variant_id}.",
        )
        return _variant(row)

    async def of_job(self, job_id: JobId) -> tuple[Variant, ...]:
        return (await self.of_jobs([job_id])).get(job_id, ())

    async def of_jobs(self, job_ids: Sequence[JobId]) -> Mapping[JobId, tuple[Variant, ...]]:
        if not job_ids:
            return {}
        query = sa.select(variants).where(variants.c.job_id.in_(job_ids), _SHOWN)
        return by_job(await self._all(query, _variant))

    async def are_described(self, variant_ids: Collection[VariantId]) -> bool:
        described = variants.c.description.is_not(None)
        wanted = sa.select(variants.c.id).where(variants.c.id.in_(variant_ids), described).limit(1)
        return await self._connection.scalar(wanted) is not None

    async def several(self, variant_ids: Collection[VariantId]) -> Mapping[VariantId, Variant]:
        rows = await self._connection.execute(sa.select(variants).where(variants.c.id.in_(variant_ids)))
        return {VariantId(row.id): _variant(row) for row in rows}

    async def of_sessions(
        self, session_ids: Collection[SessionId], *, with_replaced: bool = False
    ) -> tuple[Variant, ...]:
        shown = sa.true() if with_replaced else _SHOWN
        query = sa.select(variants).where(variants.c.session_id.in_(session_ids), shown)
        return await self._all(query.order_by(variants.c.created_at, variants.c.id), _variant)


def _variant(row: sa.Row[Any]) -> Variant:
    return entity_of(Variant, row, variants, measures=Measures.from_json(row.measures_json))
