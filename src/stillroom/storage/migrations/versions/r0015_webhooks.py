"""Add webhooks and their deliveries, which are jobs that may belong to no session.

Revision ID: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_OTHERS = sa.text("status = 'queued' AND type != 'webhook'")
_DELIVERIES = sa.text("status = 'queued' AND type = 'webhook'")


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(none_as_null=True), nullable=False)


def _key(table: str, column: str, target: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete=ondelete)


def upgrade() -> None:
    """Add the tables; SQLite copies the jobs, PostgreSQL scans them once."""
    # The previous release only loses the speed of the old index.
    op.drop_index("ix_jobs_due", "jobs")
    with op.batch_alter_table("jobs") as table:
        table.alter_column("session_id", existing_type=sa.Text(), nullable=True)
        table.drop_constraint(op.f("ck_jobs_type"), type_="check")
        table.create_check_constraint(
            op.f("ck_jobs_type"), "type IN ('optimize', 'bg_replace', 'refine', 'export', 'webhook')"
        )
    for name, columns, where in (
        ("ix_jobs_due", ["is_batch", "turn", "run_after", "id", "owner_id"], _OTHERS),
        ("ix_jobs_deliveries", ["turn", "run_after", "id", "owner_id"], _DELIVERIES),
    ):
        op.create_index(name, "jobs", columns, sqlite_where=where, postgresql_where=where)
    _create_webhooks()
    _create_deliveries()


def _create_webhooks() -> None:
    op.create_table(
        "webhooks",
        *(_text("id"), _text("owner_id"), _text("url"), _json("events_json"), _text("secret")),
        *(_number("last_number"), _moment("created_at"), _moment("disabled_at", nullable=True)),
        _text("disabled_reason", nullable=True),
        _key("webhooks", "owner_id", "owners"),
        sa.CheckConstraint(
            "disabled_reason IN ('failing', 'gone')", name=op.f("ck_webhooks_disabled_reason")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_webhooks"),
    )
    op.create_index("ix_webhooks_owner_id_created_at_id", "webhooks", ["owner_id", "created_at", "id"])


def _create_deliveries() -> None:
    name = "webhook_deliveries"
    op.create_table(
        name,
        *(_text("webhook_id"), _number("number"), _text("owner_id"), _text("message_id"), _text("event")),
        *(_json("payload_json"), _text("job_id"), _text("session_id", nullable=True), _text("status")),
        *(_number("attempts"), _number("response_status", nullable=True), _text("error", nullable=True)),
        *(_moment("created_at"), _moment("last_attempt_at", nullable=True)),
        *(_moment("next_attempt_at", nullable=True), _moment("finished_at", nullable=True)),
        _key(name, "webhook_id", "webhooks", "CASCADE"),
        _key(name, "owner_id", "owners"),
        _key(name, "session_id", "sessions", "CASCADE"),
        sa.CheckConstraint(
            "status IN ('pending', 'succeeded', 'failed')", name=op.f("ck_webhook_deliveries_status")
        ),
        sa.PrimaryKeyConstraint("webhook_id", "number", name="pk_webhook_deliveries"),
    )
    for columns in (["session_id"], ["finished_at"], ["webhook_id", "created_at", "message_id"]):
        op.create_index(f"ix_{name}_{'_'.join(columns)}", name, columns)
