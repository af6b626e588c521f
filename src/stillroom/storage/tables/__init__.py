"""Table definitions with keys, CHECK constraints and indexes."""

from stillroom.storage.tables.batches import (
    batch_events,
    batch_items,
    batches,
    recipes,
    webhook_deliveries,
    webhooks,
)
from stillroom.storage.tables.columns import metadata
from stillroom.storage.tables.work import (
    assets,
    exports,
    golden_votes,
    idempotency_keys,
    job_events,
    jobs,
    mattes,
    owners,
    provider_calls,
    provider_state,
    sessions,
    sign_ins,
    variants,
)

__all__ = [
    "assets",
    "batch_events",
    "batch_items",
    "batches",
    "exports",
    "golden_votes",
    "idempotency_keys",
    "job_events",
    "jobs",
    "mattes",
    "metadata",
    "owners",
    "provider_calls",
    "provider_state",
    "recipes",
    "sessions",
    "sign_ins",
    "variants",
    "webhook_deliveries",
    "webhooks",
]
