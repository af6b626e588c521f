"""Tables of recipes, batches and webhooks."""

import sqlalchemy as sa

from stillroom.domain.batches.batches import BatchEventType, BatchStatus, ItemStatus
from stillroom.domain.batches.recipes import Choices
from stillroom.domain.webhooks import TEST_EVENT, DeliveryStatus, DisabledReason, WebhookEvent
from stillroom.storage.tables import columns
from stillroom.storage.tables.columns import metadata

recipes = sa.Table(
    "recipes",
    metadata,
    columns.id(),
    columns.owner(),
    columns.text("name"),
    columns.number("version"),
    columns.document("choices_json", Choices, key="choices"),
    columns.backdrop(),
    columns.moment("created_at"),
    columns.moment("updated_at"),
    sa.Index(None, "owner_id", "created_at", "id"),
)

batches = sa.Table(
    "batches",
    metadata,
    columns.id(),
    columns.owner(),
    columns.text("name"),
    columns.choice("status", BatchStatus),
    # No foreign key: a batch keeps the copy of a recipe that was deleted.
    columns.text("recipe_id", nullable=True),
    columns.text("recipe_name"),
    columns.number("recipe_version"),
    columns.document("choices_json", Choices, key="choices"),
    columns.backdrop(),
    columns.number("budget_micro_usd", nullable=True),
    columns.number("estimate_micro_usd"),
    columns.number("last_seq"),
    # Whether the runner has something to do for it.
    sa.Column("is_due", sa.Boolean, nullable=False),
    columns.text("request_id", nullable=True),
    columns.moment("created_at"),
    columns.moment("finished_at", nullable=True),
    columns.one_of("status", BatchStatus),
    sa.Index(None, "owner_id", "created_at", "id"),
    columns.index_where("ix_batches_due", "is_due", "created_at", "id"),
)

batch_items = sa.Table(
    "batch_items",
    metadata,
    columns.id(),
    columns.part_of("batch_id", "batches"),
    columns.owner(),
    columns.number("place"),
    sa.Column("image_id", sa.ForeignKey("assets.id", ondelete="CASCADE"), nullable=False, index=True),
    # Null until the item is started; deleting the session deletes the item.
    sa.Column("session_id", sa.ForeignKey("sessions.id", ondelete="CASCADE"), nullable=True, index=True),
    columns.text("sku", nullable=True),
    columns.text("title", nullable=True),
    columns.text("prompt", nullable=True),
    columns.choice("status", ItemStatus),
    sa.Column("job_id", sa.ForeignKey("jobs.id", ondelete="SET NULL"), nullable=True, index=True),
    sa.Column("variant_id", sa.ForeignKey("variants.id", ondelete="SET NULL"), nullable=True, index=True),
    sa.Column("quality", sa.Float, nullable=True),
    columns.document("warnings_json", tuple[str, ...], key="warnings"),
    columns.json("error_json", key="error", nullable=True),
    # No foreign key: it only records what was ordered.
    columns.text("exported_variant_id", nullable=True),
    columns.moment("created_at"),
    columns.one_of("status", ItemStatus),
    sa.UniqueConstraint("batch_id", "place"),
    sa.Index(None, "batch_id", "status", "place"),
    columns.index_where("ix_batch_items_running", "status = 'running'", "owner_id"),
)

batch_events = sa.Table(
    "batch_events",
    metadata,
    columns.part_of("batch_id", "batches"),
    columns.number("seq"),
    columns.choice("type", BatchEventType),
    # Events keep their number when the item is deleted, but nothing of it.
    sa.Column("item_id", sa.ForeignKey("batch_items.id", ondelete="SET NULL"), nullable=True, index=True),
    columns.json("data_json", key="data"),
    columns.moment("created_at", key="at"),
    sa.PrimaryKeyConstraint("batch_id", "seq"),
    columns.one_of("type", BatchEventType),
)

webhooks = sa.Table(
    "webhooks",
    metadata,
    columns.id(),
    columns.owner(),
    columns.text("url"),
    columns.document("events_json", tuple[WebhookEvent, ...], key="events"),
    # In the clear, because every delivery is signed with it.
    columns.text("secret"),
    columns.number("last_number"),
    columns.moment("created_at"),
    columns.moment("disabled_at", nullable=True),
    columns.choice("disabled_reason", DisabledReason, nullable=True),
    columns.one_of("disabled_reason", DisabledReason),
    sa.Index(None, "owner_id", "created_at", "id"),
)

webhook_deliveries = sa.Table(
    "webhook_deliveries",
    metadata,
    columns.part_of("webhook_id", "webhooks"),
    columns.number("number"),
    columns.owner(),
    columns.text("message_id"),
    columns.text("event"),
    columns.json("payload_json", key="payload"),
    # No foreign key: the job is deleted when it ends.
    columns.text("job_id"),
    sa.Column("session_id", sa.ForeignKey("sessions.id", ondelete="CASCADE"), nullable=True, index=True),
    columns.choice("status", DeliveryStatus),
    columns.number("attempts"),
    columns.number("response_status", nullable=True),
    columns.text("error", nullable=True),
    columns.moment("created_at"),
    columns.moment("last_attempt_at", nullable=True),
    columns.moment("next_attempt_at", nullable=True),
    columns.moment("finished_at", nullable=True),
    sa.PrimaryKeyConstraint("webhook_id", "number"),
    columns.one_of("status", DeliveryStatus),
    columns.one_of("event", [*WebhookEvent, TEST_EVENT]),
    sa.Index(None, "webhook_id", "created_at", "message_id"),
    sa.Index(None, "finished_at"),
)
