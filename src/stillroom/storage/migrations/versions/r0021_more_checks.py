"""Add CHECK constraints on outcomes of provider calls, circuit breakers and events of deliveries.

Revision ID: 0021
"""

from alembic import op

revision = "0021"
down_revision = "0020"

# The previous release writes no other values.
_CHECKS = {
    ("provider_calls", "outcome"): ("unknown", "ok", "failed", "refused", "skipped"),
    ("provider_state", "breaker"): ("closed", "open", "half_open"),
    ("webhook_deliveries", "event"): (
        "job.succeeded",
        "job.failed",
        "batch.finished",
        "batch.item.needs_review",
        "export.ready",
        "webhook.test",
    ),
}


def upgrade() -> None:
    """Add the constraints; SQLite copies the tables, PostgreSQL scans them once."""
    for (name, column), values in _CHECKS.items():
        known = ", ".join(f"'{value}'" for value in values)
        with op.batch_alter_table(name) as table:
            table.create_check_constraint(op.f(f"ck_{name}_{column}"), f"{column} IN ({known})")
