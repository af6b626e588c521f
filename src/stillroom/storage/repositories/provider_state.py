"""Repository of circuit breaker states of providers, shared by all processes."""

from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from stillroom.domain.ports import ProviderState
from stillroom.storage.repositories.base import Repository, reader_of
from stillroom.storage.tables.work import provider_state

_LOCK_SEED = 5
"""Seed that separates these advisory lock keys from other hashed keys."""


class SqlProviderStates(Repository):
    async def all(self) -> tuple[ProviderState, ...]:
        query = sa.select(provider_state).order_by(provider_state.c.provider, provider_state.c.model)
        return await self._all(query, _state)

    async def get(self, provider: str, model: str) -> ProviderState | None:
        query = sa.select(provider_state).where(
            provider_state.c.provider == provider, provider_state.c.model == model
        )
        if self._connection.dialect.name == "postgresql" and not self._is_read_only():
            # Advisory lock instead of a row lock: at the first use there is no row to lock.
            key = sa.func.hashtextextended(f"{provider}/{model}", _LOCK_SEED)
            await self._connection.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))
        row = await self._found(query)
        return None if row is None else _state(row)

    async def save(self, state: ProviderState) -> None:
        values = asdict(state)
        changed = {name: value for name, value in values.items() if name not in ("provider", "model")}
        await self._connection.execute(
            insert(provider_state)
            .values(**values)
            .on_conflict_do_update(index_elements=["provider", "model"], set_=changed)
        )

    def _is_read_only(self) -> bool:
        options = self._connection.sync_connection
        return bool(options and options.get_execution_options().get("postgresql_readonly"))


_state = reader_of(ProviderState, provider_state)
