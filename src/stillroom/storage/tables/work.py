"""Tables of owners, photos, sessions, jobs, pictures and exports."""

from typing import get_args

import sqlalchemy as sa

from stillroom.domain.descriptions import NOTHING, Description
from stillroom.domain.exports.presets import Check, ExportStatus
from stillroom.domain.exports.rules import PictureFormat
from stillroom.domain.jobs.events import EventType
from stillroom.domain.jobs.job import DELIVERY, EXPORT, Fallback, JobStatus
from stillroom.domain.mattes import NO_SUBJECTS, Correction, Subjects
from stillroom.domain.plans.plan import CarriedOutPlan, Context
from stillroom.domain.ports import BreakerState
from stillroom.domain.products import ProductFacts
from stillroom.domain.providers.requests import Operation
from stillroom.domain.providers.usage import CallOutcome, UsageRecord
from stillroom.domain.variants import VariantRole
from stillroom.storage.tables import columns
from stillroom.storage.tables.columns import metadata

owners = sa.Table(
    "owners",
    metadata,
    columns.id(),
    columns.text("name"),
    columns.text("token_hash", nullable=True),
    columns.moment("created_at"),
    sa.UniqueConstraint("name"),
    sa.UniqueConstraint("token_hash"),
)

sign_ins = sa.Table(
    "sign_ins",
    metadata,
    sa.Column("secret_hash", sa.Text, primary_key=True),
    columns.owner(),
    columns.text("token_hash"),
    columns.moment("created_at"),
    columns.moment("expires_at"),
    sa.Index(None, "expires_at"),
)

assets = sa.Table(
    "assets",
    metadata,
    columns.id(),
    columns.owner(),
    columns.text("sha256"),
    columns.number("width"),
    columns.number("height"),
    columns.text("format"),
    columns.number("bytes"),
    columns.text("blob_key"),
    columns.text("thumb_key"),
    columns.text("original_name"),
    columns.moment("created_at"),
    # Set while the picture is in its owner's library of backdrops.
    columns.moment("backdrop_at", nullable=True),
    sa.UniqueConstraint("owner_id", "sha256"),
)

sessions = sa.Table(
    "sessions",
    metadata,
    columns.id(),
    columns.owner(),
    sa.Column("asset_id", sa.ForeignKey("assets.id"), nullable=False, index=True),
    columns.text("title"),
    columns.text("platform", nullable=True),
    columns.document("context_json", Context, key="context"),
    # Null in rows of the previous release.
    columns.document("product_json", ProductFacts, key="product", missing=ProductFacts(), nullable=True),
    columns.moment("created_at"),
    columns.moment("updated_at"),
    # Unused: deleting a session deletes its row. The column stays, because migrations only add.
    columns.moment("deleted_at", nullable=True),
    sa.Index(None, "owner_id", "updated_at", "id"),
)

jobs = sa.Table(
    "jobs",
    metadata,
    columns.id(),
    columns.owner(),
    # Null for the delivery of an event that belongs to no session.
    sa.Column("session_id", sa.ForeignKey("sessions.id", ondelete="CASCADE"), nullable=True),
    columns.text("type"),
    columns.choice("status", JobStatus),
    columns.json("params_json"),
    columns.backdrop(),
    columns.number("candidates"),
    sa.Column("turn", sa.BigInteger, nullable=False, server_default="0"),
    # Jobs of batches are claimed after all others.
    sa.Column("is_batch", sa.Boolean, nullable=False, server_default=sa.false()),
    columns.number("attempts"),
    columns.number("max_attempts"),
    columns.json("last_error", nullable=True),
    columns.moment("run_after"),
    columns.text("lease_token", nullable=True),
    columns.moment("lease_expires_at", nullable=True),
    columns.text("worker_id", nullable=True),
    columns.text("model_used", nullable=True),
    columns.document("usage_model", tuple[UsageRecord, ...], key="usage"),
    columns.document("fallbacks_json", tuple[Fallback, ...], key="fallbacks"),
    columns.number("last_seq"),
    columns.text("request_id", nullable=True),
    columns.text("retry_of", nullable=True),
    columns.moment("created_at"),
    # Unused, and null in new rows. The column stays, because migrations only add.
    columns.moment("claimed_at", nullable=True),
    columns.moment("started_at", nullable=True),
    columns.moment("first_image_at", nullable=True),
    columns.moment("finished_at", nullable=True),
    columns.one_of("status", JobStatus),
    columns.one_of("type", [*Operation, EXPORT, DELIVERY]),
    sa.Index(None, "session_id", "id"),
    sa.Index(None, "owner_id", "created_at", "id"),
    columns.index_where(
        "ix_jobs_due",
        "status = 'queued' AND type != 'webhook'",
        "is_batch",
        "turn",
        "run_after",
        "id",
        "owner_id",
    ),
    # Apart from the others: deliveries that wait for hours must not lengthen every claim.
    columns.index_where(
        "ix_jobs_deliveries", "status = 'queued' AND type = 'webhook'", "turn", "run_after", "id", "owner_id"
    ),
    columns.index_where("ix_jobs_lines", "status = 'queued'", "owner_id", "turn"),
    # Without the lease column, so that a heartbeat updates no index.
    columns.index_where("ix_jobs_running", "status = 'running'", "owner_id"),
)

job_events = sa.Table(
    "job_events",
    metadata,
    columns.part_of("job_id", "jobs"),
    columns.number("seq"),
    columns.choice("type", EventType),
    columns.json("data_json", key="data"),
    columns.moment("created_at", key="at"),
    sa.PrimaryKeyConstraint("job_id", "seq"),
)

idempotency_keys = sa.Table(
    "idempotency_keys",
    metadata,
    columns.owner(),
    columns.text("key"),
    columns.text("request_hash"),
    # Id of a job or an export. No foreign key, because this row outlives both and expires after a day.
    columns.text("job_id"),
    columns.moment("created_at"),
    sa.PrimaryKeyConstraint("owner_id", "key"),
    sa.Index(None, "created_at"),
)

variants = sa.Table(
    "variants",
    metadata,
    columns.id(),
    columns.part_of("session_id", "sessions"),
    columns.part_of("job_id", "jobs"),
    columns.number("ordinal"),
    columns.choice("role", VariantRole),
    sa.Column("parent_id", sa.ForeignKey("variants.id", ondelete="SET NULL"), nullable=True, index=True),
    columns.text("blob_key"),
    columns.text("thumb_key"),
    columns.text("matte_key", nullable=True),
    columns.text("white_key", nullable=True),
    columns.number("width"),
    columns.number("height"),
    columns.number("bytes"),
    columns.text("provider"),
    columns.text("model"),
    columns.document("plan_json", CarriedOutPlan, key="plan"),
    columns.backdrop(),
    columns.json("measures_json"),
    columns.document("description_json", Description, key="description", missing=NOTHING, nullable=True),
    columns.moment("adopted_at", nullable=True),
    columns.moment("replaced_at", nullable=True),
    columns.moment("created_at"),
    sa.UniqueConstraint("job_id", "role", "ordinal"),
    columns.one_of("role", VariantRole),
    sa.Index(None, "session_id", "id"),
)

exports = sa.Table(
    "exports",
    metadata,
    columns.id(),
    columns.owner(),
    columns.part_of("variant_id", "variants"),
    columns.text("preset"),
    # Has a default, because the previous release still writes rows during a rolling upgrade.
    sa.Column("name", sa.Text, nullable=False, server_default="picture"),
    columns.number("part", nullable=True),
    columns.choice("format", PictureFormat),
    columns.number("width"),
    columns.number("height"),
    columns.number("bytes"),
    columns.text("blob_key"),
    columns.document("checks_json", tuple[Check, ...], key="checks"),
    columns.moment("created_at"),
    columns.moment("expires_at"),
    sa.Column("status", columns.Choice(ExportStatus), nullable=False, server_default="ready"),
    # Set while the export is pending.
    columns.json("recipe_json", nullable=True),
    # Unused since exports have jobs. The columns stay, because migrations only add.
    sa.Column("attempts", sa.BigInteger, nullable=False, server_default="0"),
    columns.text("lease_token", nullable=True),
    columns.moment("due_at", nullable=True),
    # No foreign key: the row is read with a batch at hand, and expires after a day.
    columns.text("batch_id", nullable=True),
    columns.one_of("status", ExportStatus),
    sa.Index(None, "owner_id", "created_at", "id"),
    sa.Index(None, "variant_id"),
    sa.Index(None, "expires_at"),
)

mattes = sa.Table(
    "mattes",
    metadata,
    columns.id(),
    columns.part_of("session_id", "sessions"),
    columns.owner(),
    columns.text("blob_key"),
    columns.text("model"),
    sa.Column("edge_confidence", sa.Float, nullable=False),
    sa.Column("see_through", sa.Float, nullable=False),
    columns.document("correction_json", Correction, key="correction", nullable=True),
    columns.document("subjects_json", Subjects, key="subjects", missing=NO_SUBJECTS, nullable=True),
    columns.moment("created_at"),
    columns.moment("undone_at", nullable=True),
    sa.Index(None, "session_id", "created_at", "id"),
)

provider_calls = sa.Table(
    "provider_calls",
    metadata,
    columns.id(),
    # Costs outlive the job: deleting a session must not restore its owner's budget.
    sa.Column("job_id", sa.ForeignKey("jobs.id", ondelete="SET NULL"), nullable=True, index=True),
    columns.owner(),
    columns.text("provider"),
    columns.text("model"),
    columns.text("operation"),
    columns.text("outcome"),
    columns.text("reason", nullable=True),
    columns.number("latency_ms", nullable=True),
    columns.number("cost_micro_usd"),
    sa.Column("upstream_id", sa.Text, key="provider_request_id", nullable=True),
    columns.moment("started_at"),
    columns.moment("finished_at", nullable=True),
    # No foreign key, like the costs of a deleted job: they still count against the batch's budget.
    columns.text("batch_id", nullable=True),
    columns.one_of("outcome", get_args(CallOutcome)),
    sa.Index(None, "owner_id", "started_at"),
    sa.Index(None, "batch_id"),
)

provider_state = sa.Table(
    "provider_state",
    metadata,
    columns.text("provider"),
    columns.text("model"),
    columns.text("breaker"),
    columns.moment("open_until", nullable=True),
    sa.Column("latency_ms", sa.Float, nullable=True),
    columns.moment("updated_at"),
    columns.text("reason", nullable=True),
    sa.Column("failures", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("openings", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("configuration", sa.Text, nullable=False, server_default=""),
    sa.Column("shuts_down_on", sa.Date, nullable=True),
    columns.one_of("breaker", get_args(BreakerState)),
    sa.PrimaryKeyConstraint("provider", "model"),
)

golden_votes = sa.Table(
    "golden_votes",
    metadata,
    columns.owner(),
    # No foreign key: runs are folders on disk.
    sa.Column("run_id", sa.Text, key="run", nullable=False),
    sa.Column("case_name", sa.Text, key="case", nullable=False),
    columns.text("choice", nullable=True),
    columns.moment("voted_at"),
    sa.PrimaryKeyConstraint("owner_id", "run", "case"),
    sa.Index(None, "run"),
)
