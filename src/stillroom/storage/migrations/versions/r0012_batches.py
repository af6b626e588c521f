"""Add recipes and batches, with low-priority jobs and the cost of calls per batch.

Revision ID: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_IS_QUEUED = sa.text("status = 'queued'")


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _json(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(none_as_null=True), nullable=nullable)


def _key(table: str, column: str, target: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete=ondelete)


def upgrade() -> None:
    op.add_column("jobs", sa.Column("is_batch", sa.Boolean(), nullable=False, server_default=sa.false()))
    # The previous release only loses the speed of the old index.
    op.drop_index("ix_jobs_queued", "jobs")
    op.create_index(
        "ix_jobs_due",
        "jobs",
        ["is_batch", "turn", "run_after", "id", "owner_id"],
        sqlite_where=_IS_QUEUED,
        postgresql_where=_IS_QUEUED,
    )
    op.add_column("provider_calls", _text("batch_id", nullable=True))
    op.create_index("ix_provider_calls_batch_id", "provider_calls", ["batch_id"])
    _create_recipes()
    _create_batches()
    _create_items()
    _create_events()


def _create_recipes() -> None:
    op.create_table(
        "recipes",
        *(_text("id"), _text("owner_id"), _text("name"), _number("version"), _json("choices_json")),
        *(_moment("created_at"), _moment("updated_at")),
        _key("recipes", "owner_id", "owners"),
        sa.PrimaryKeyConstraint("id", name="pk_recipes"),
    )
    op.create_index("ix_recipes_owner_id_created_at_id", "recipes", ["owner_id", "created_at", "id"])


def _create_batches() -> None:
    op.create_table(
        "batches",
        *(_text("id"), _text("owner_id"), _text("name"), _text("status"), _text("recipe_id", nullable=True)),
        *(_text("recipe_name"), _number("recipe_version"), _json("choices_json")),
        *(_number("budget_micro_usd", nullable=True), _number("estimate_micro_usd"), _number("last_seq")),
        sa.Column("is_due", sa.Boolean(), nullable=False),
        *(_text("request_id", nullable=True), _moment("created_at"), _moment("finished_at", nullable=True)),
        _key("batches", "owner_id", "owners"),
        sa.CheckConstraint(
            "status IN ('running', 'paused', 'finished', 'canceled')", name=op.f("ck_batches_status")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_batches"),
    )
    op.create_index("ix_batches_owner_id_created_at_id", "batches", ["owner_id", "created_at", "id"])
    is_due = sa.text("is_due")
    op.create_index(
        "ix_batches_due", "batches", ["created_at", "id"], sqlite_where=is_due, postgresql_where=is_due
    )


def _create_items() -> None:
    op.create_table(
        "batch_items",
        *(_text("id"), _text("batch_id"), _text("owner_id"), _number("place"), _text("image_id")),
        *(_text("session_id", nullable=True), _text("sku", nullable=True), _text("title", nullable=True)),
        *(_text("prompt", nullable=True), _text("status"), _text("job_id", nullable=True)),
        *(_text("variant_id", nullable=True), sa.Column("quality", sa.Float(), nullable=True)),
        *(_json("warnings_json"), _json("error_json", nullable=True)),
        *(_text("exported_variant_id", nullable=True), _moment("created_at")),
        _key("batch_items", "batch_id", "batches", "CASCADE"),
        _key("batch_items", "owner_id", "owners"),
        _key("batch_items", "image_id", "assets", "CASCADE"),
        _key("batch_items", "session_id", "sessions", "CASCADE"),
        _key("batch_items", "job_id", "jobs", "SET NULL"),
        _key("batch_items", "variant_id", "variants", "SET NULL"),
        sa.CheckConstraint(
            "status IN ('waiting', 'running', 'succeeded', 'failed', 'needs_review', 'approved', 'rejected', "
            "'canceled')",
            name=op.f("ck_batch_items_status"),
        ),
        sa.PrimaryKeyConstraint("id", name="pk_batch_items"),
        sa.UniqueConstraint("batch_id", "place", name="uq_batch_items_batch_id_place"),
    )
    for column in ("image_id", "session_id", "job_id", "variant_id"):
        op.create_index(f"ix_batch_items_{column}", "batch_items", [column])
    op.create_index("ix_batch_items_batch_id_status_place", "batch_items", ["batch_id", "status", "place"])
    is_running = sa.text("status = 'running'")
    op.create_index(
        "ix_batch_items_running",
        "batch_items",
        ["owner_id"],
        sqlite_where=is_running,
        postgresql_where=is_running,
    )


def _create_events() -> None:
    op.create_table(
        "batch_events",
        *(_text("batch_id"), _number("seq"), _text("type"), _text("item_id", nullable=True)),
        *(_json("data_json"), _moment("created_at")),
        _key("batch_events", "batch_id", "batches", "CASCADE"),
        _key("batch_events", "item_id", "batch_items", "SET NULL"),
        sa.CheckConstraint("type IN ('progress', 'item', 'finished')", name=op.f("ck_batch_events_type")),
        sa.PrimaryKeyConstraint("batch_id", "seq", name="pk_batch_events"),
    )
    op.create_index("ix_batch_events_item_id", "batch_events", ["item_id"])
