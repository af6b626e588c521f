"""Table definitions with keys, CHECK constraints and indexes."""

from collections.abc import Iterable

import sqlalchemy as sa

from stillroom.domain.batches.batches import BatchEventType, BatchStatus, ItemStatus
from stillroom.domain.exports.presets import ExportStatus
from stillroom.domain.jobs.job import DELIVERY, EXPORT, JobStatus
from stillroom.domain.providers.requests import Operation
from stillroom.domain.variants import VariantRole
from stillroom.domain.webhooks import DeliveryStatus, DisabledReason
from stillroom.storage.database import UtcDateTime

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def _json(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(none_as_null=True), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, UtcDateTime, nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def _id() -> sa.Column[str]:
    return sa.Column("id", sa.Text, primary_key=True)


def _owner() -> sa.Column[str]:
    return sa.Column("owner_id", sa.ForeignKey("owners.id"), nullable=False)


def _part_of(column: str, target: str) -> sa.Column[str]:
    """Foreign key with ON DELETE CASCADE."""
    return sa.Column(column, sa.ForeignKey(f"{target}.id", ondelete="CASCADE"), nullable=False)


def _one_of(column: str, values: Iterable[str]) -> sa.CheckConstraint:
    """CHECK constraint on a state or kind; a new value needs a migration."""
    known = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({known})", name=column)


owners = sa.Table(
    "owners",
    metadata,
    _id(),
    _text("name"),
    _text("token_hash", nullable=True),
    _moment("created_at"),
    sa.UniqueConstraint("token_hash"),
)

sign_ins = sa.Table(
    "sign_ins",
    metadata,
    sa.Column("secret_hash", sa.Text, primary_key=True),
    _owner(),
    _text("token_hash"),
    _moment("created_at"),
    _moment("expires_at"),
    sa.Index(None, "expires_at"),
)

assets = sa.Table(
    "assets",
    metadata,
    _id(),
    _owner(),
    _text("sha256"),
    _number("width"),
    _number("height"),
    _text("format"),
    _number("bytes"),
    _text("blob_key"),
    _text("thumb_key"),
    _text("original_name"),
    _moment("created_at"),
    # Set while the picture is in its owner's library of backdrops.
    _moment("backdrop_at", nullable=True),
    sa.UniqueConstraint("owner_id", "sha256"),
)

sessions = sa.Table(
    "sessions",
    metadata,
    _id(),
    _owner(),
    sa.Column("asset_id", sa.ForeignKey("assets.id"), nullable=False, index=True),
    _text("title"),
    _text("platform", nullable=True),
    _json("context_json"),
    # Null in rows of the previous release.
    _json("product_json", nullable=True),
    _moment("created_at"),
    _moment("updated_at"),
    # Unused: deleting a session deletes its row. The column stays, because migrations only add.
    _moment("deleted_at", nullable=True),
    sa.Index(None, "owner_id", "updated_at", "id"),
)

jobs = sa.Table(
    "jobs",
    metadata,
    _id(),
    _owner(),
    # Null for the delivery of an event that belongs to no session.
    sa.Column("session_id", sa.ForeignKey("sessions.id", ondelete="CASCADE"), nullable=True),
    _text("type"),
    _text("status"),
    _json("params_json"),
    _number("candidates"),
    sa.Column("turn", sa.BigInteger, nullable=False, server_default="0"),
    # Jobs of batches are claimed after all others.
    sa.Column("is_batch", sa.Boolean, nullable=False, server_default=sa.false()),
    _number("attempts"),
    _number("max_attempts"),
    _json("last_error", nullable=True),
    _moment("run_after"),
    _text("lease_token", nullable=True),
    _moment("lease_expires_at", nullable=True),
    _text("worker_id", nullable=True),
    _text("model_used", nullable=True),
    _json("usage_model"),
    _json("fallbacks_json"),
    _number("last_seq"),
    _text("request_id", nullable=True),
    _text("retry_of", nullable=True),
    _moment("created_at"),
    _moment("claimed_at", nullable=True),
    _moment("started_at", nullable=True),
    _moment("first_image_at", nullable=True),
    _moment("finished_at", nullable=True),
    _one_of("status", JobStatus),
    _one_of("type", [*Operation, EXPORT, DELIVERY]),
    sa.Index(None, "session_id", "id"),
    sa.Index(None, "owner_id", "created_at", "id"),
    sa.Index(
        "ix_jobs_due",
        "is_batch",
        "turn",
        "run_after",
        "id",
        "owner_id",
        sqlite_where=sa.text("status = 'queued' AND type != 'webhook'"),
        postgresql_where=sa.text("status = 'queued' AND type != 'webhook'"),
    ),
    # Apart from the others: deliveries that wait for hours must not lengthen every claim.
    sa.Index(
        "ix_jobs_deliveries",
        "turn",
        "run_after",
        "id",
        "owner_id",
        sqlite_where=sa.text("status = 'queued' AND type = 'webhook'"),
        postgresql_where=sa.text("status = 'queued' AND type = 'webhook'"),
    ),
    sa.Index(
        "ix_jobs_lines",
        "owner_id",
        "turn",
        sqlite_where=sa.text("status = 'queued'"),
        postgresql_where=sa.text("status = 'queued'"),
    ),
    sa.Index(
        # Without the lease column, so that a heartbeat updates no index.
        "ix_jobs_running",
        "owner_id",
        sqlite_where=sa.text("status = 'running'"),
        postgresql_where=sa.text("status = 'running'"),
    ),
)

job_events = sa.Table(
    "job_events",
    metadata,
    _part_of("job_id", "jobs"),
    _number("seq"),
    _text("type"),
    _json("data_json"),
    _moment("created_at"),
    sa.PrimaryKeyConstraint("job_id", "seq"),
)

idempotency_keys = sa.Table(
    "idempotency_keys",
    metadata,
    _owner(),
    _text("key"),
    _text("request_hash"),
    # Id of a job or an export. No foreign key, because this row outlives both and expires after a day.
    _text("job_id"),
    _moment("created_at"),
    sa.PrimaryKeyConstraint("owner_id", "key"),
    sa.Index(None, "created_at"),
)

variants = sa.Table(
    "variants",
    metadata,
    _id(),
    _part_of("session_id", "sessions"),
    _part_of("job_id", "jobs"),
    _number("ordinal"),
    _text("role"),
    sa.Column("parent_id", sa.ForeignKey("variants.id", ondelete="SET NULL"), nullable=True, index=True),
    _text("blob_key"),
    _text("thumb_key"),
    _text("matte_key", nullable=True),
    _number("width"),
    _number("height"),
    _number("bytes"),
    _text("provider"),
    _text("model"),
    _json("plan_json"),
    _json("measures_json"),
    _moment("adopted_at", nullable=True),
    _moment("created_at"),
    sa.UniqueConstraint("job_id", "role", "ordinal"),
    _one_of("role", VariantRole),
    sa.Index(None, "session_id", "id"),
)

exports = sa.Table(
    "exports",
    metadata,
    _id(),
    _owner(),
    _part_of("variant_id", "variants"),
    _text("preset"),
    # Has a default, because the previous release still writes rows during a rolling upgrade.
    sa.Column("name", sa.Text, nullable=False, server_default="picture"),
    _number("part", nullable=True),
    _text("format"),
    _number("width"),
    _number("height"),
    _number("bytes"),
    _text("blob_key"),
    _json("checks_json"),
    _moment("created_at"),
    _moment("expires_at"),
    sa.Column("status", sa.Text, nullable=False, server_default="ready"),
    # Set while the export is pending.
    _json("recipe_json", nullable=True),
    # Queue columns of the previous release, which had no export jobs; only that release writes them.
    sa.Column("attempts", sa.BigInteger, nullable=False, server_default="0"),
    _text("lease_token", nullable=True),
    _moment("due_at", nullable=True),
    _one_of("status", ExportStatus),
    sa.Index(None, "owner_id", "created_at", "id"),
    sa.Index(None, "variant_id"),
    sa.Index(None, "expires_at"),
    sa.Index(
        "ix_exports_pending",
        "due_at",
        sqlite_where=sa.text("status = 'pending'"),
        postgresql_where=sa.text("status = 'pending'"),
    ),
)

mattes = sa.Table(
    "mattes",
    metadata,
    _id(),
    _part_of("session_id", "sessions"),
    _owner(),
    _text("blob_key"),
    _text("model"),
    sa.Column("edge_confidence", sa.Float, nullable=False),
    sa.Column("see_through", sa.Float, nullable=False),
    _json("correction_json", nullable=True),
    _json("subjects_json", nullable=True),
    _moment("created_at"),
    _moment("undone_at", nullable=True),
    sa.Index(None, "session_id", "created_at", "id"),
)

provider_calls = sa.Table(
    "provider_calls",
    metadata,
    _id(),
    # Costs outlive the job: deleting a session must not restore its owner's budget.
    sa.Column("job_id", sa.ForeignKey("jobs.id", ondelete="SET NULL"), nullable=True, index=True),
    _owner(),
    _text("provider"),
    _text("model"),
    _text("operation"),
    _text("outcome"),
    _text("reason", nullable=True),
    _number("latency_ms", nullable=True),
    _number("cost_micro_usd"),
    sa.Column("upstream_id", sa.Text, key="provider_request_id", nullable=True),
    _moment("started_at"),
    _moment("finished_at", nullable=True),
    # No foreign key, like the costs of a deleted job: they still count against the batch's budget.
    _text("batch_id", nullable=True),
    sa.Index(None, "owner_id", "started_at"),
    sa.Index(None, "batch_id"),
)

provider_state = sa.Table(
    "provider_state",
    metadata,
    _text("provider"),
    _text("model"),
    _text("breaker"),
    _moment("open_until", nullable=True),
    sa.Column("latency_ms", sa.Float, nullable=True),
    _moment("updated_at"),
    _text("reason", nullable=True),
    sa.Column("failures", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("openings", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("configuration", sa.Text, nullable=False, server_default=""),
    sa.Column("shuts_down_on", sa.Date, nullable=True),
    sa.PrimaryKeyConstraint("provider", "model"),
)

golden_votes = sa.Table(
    "golden_votes",
    metadata,
    _owner(),
    # No foreign key: runs are folders on disk.
    _text("run_id"),
    _text("case_name"),
    _text("choice", nullable=True),
    _moment("voted_at"),
    sa.PrimaryKeyConstraint("owner_id", "run_id", "case_name"),
    sa.Index(None, "run_id"),
)

recipes = sa.Table(
    "recipes",
    metadata,
    _id(),
    _owner(),
    _text("name"),
    _number("version"),
    _json("choices_json"),
    _moment("created_at"),
    _moment("updated_at"),
    sa.Index(None, "owner_id", "created_at", "id"),
)

batches = sa.Table(
    "batches",
    metadata,
    _id(),
    _owner(),
    _text("name"),
    _text("status"),
    # No foreign key: a batch keeps the copy of a recipe that was deleted.
    _text("recipe_id", nullable=True),
    _text("recipe_name"),
    _number("recipe_version"),
    _json("choices_json"),
    _number("budget_micro_usd", nullable=True),
    _number("estimate_micro_usd"),
    _number("last_seq"),
    # Whether the runner has something to do for it.
    sa.Column("is_due", sa.Boolean, nullable=False),
    _text("request_id", nullable=True),
    _moment("created_at"),
    _moment("finished_at", nullable=True),
    _one_of("status", BatchStatus),
    sa.Index(None, "owner_id", "created_at", "id"),
    sa.Index(
        "ix_batches_due",
        "created_at",
        "id",
        sqlite_where=sa.text("is_due"),
        postgresql_where=sa.text("is_due"),
    ),
)

batch_items = sa.Table(
    "batch_items",
    metadata,
    _id(),
    _part_of("batch_id", "batches"),
    _owner(),
    _number("place"),
    sa.Column("image_id", sa.ForeignKey("assets.id", ondelete="CASCADE"), nullable=False, index=True),
    # Null until the item is started; deleting the session deletes the item.
    sa.Column("session_id", sa.ForeignKey("sessions.id", ondelete="CASCADE"), nullable=True, index=True),
    _text("sku", nullable=True),
    _text("title", nullable=True),
    _text("prompt", nullable=True),
    _text("status"),
    sa.Column("job_id", sa.ForeignKey("jobs.id", ondelete="SET NULL"), nullable=True, index=True),
    sa.Column("variant_id", sa.ForeignKey("variants.id", ondelete="SET NULL"), nullable=True, index=True),
    sa.Column("quality", sa.Float, nullable=True),
    _json("warnings_json"),
    _json("error_json", nullable=True),
    # No foreign key: it only records what was ordered.
    _text("exported_variant_id", nullable=True),
    _moment("created_at"),
    _one_of("status", ItemStatus),
    sa.UniqueConstraint("batch_id", "place"),
    sa.Index(None, "batch_id", "status", "place"),
    sa.Index(
        "ix_batch_items_running",
        "owner_id",
        sqlite_where=sa.text("status = 'running'"),
        postgresql_where=sa.text("status = 'running'"),
    ),
)

batch_events = sa.Table(
    "batch_events",
    metadata,
    _part_of("batch_id", "batches"),
    _number("seq"),
    _text("type"),
    # Events keep their number when the item is deleted, but nothing of it.
    sa.Column("item_id", sa.ForeignKey("batch_items.id", ondelete="SET NULL"), nullable=True, index=True),
    _json("data_json"),
    _moment("created_at"),
    sa.PrimaryKeyConstraint("batch_id", "seq"),
    _one_of("type", BatchEventType),
)

webhooks = sa.Table(
    "webhooks",
    metadata,
    _id(),
    _owner(),
    _text("url"),
    _json("events_json"),
    # In the clear, because every delivery is signed with it.
    _text("secret"),
    _number("last_number"),
    _moment("created_at"),
    _moment("disabled_at", nullable=True),
    _text("disabled_reason", nullable=True),
    _one_of("disabled_reason", DisabledReason),
    sa.Index(None, "owner_id", "created_at", "id"),
)

webhook_deliveries = sa.Table(
    "webhook_deliveries",
    metadata,
    _part_of("webhook_id", "webhooks"),
    _number("number"),
    _owner(),
    _text("message_id"),
    _text("event"),
    _json("payload_json"),
    # No foreign key: the job is deleted when it ends.
    _text("job_id"),
    sa.Column("session_id", sa.ForeignKey("sessions.id", ondelete="CASCADE"), nullable=True, index=True),
    _text("status"),
    _number("attempts"),
    _number("response_status", nullable=True),
    _text("error", nullable=True),
    _moment("created_at"),
    _moment("last_attempt_at", nullable=True),
    _moment("next_attempt_at", nullable=True),
    _moment("finished_at", nullable=True),
    sa.PrimaryKeyConstraint("webhook_id", "number"),
    _one_of("status", DeliveryStatus),
    sa.Index(None, "webhook_id", "created_at", "message_id"),
    sa.Index(None, "finished_at"),
)
