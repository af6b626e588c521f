"""Webhooks, their deliveries, and when a delivery is tried again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from stillroom.domain.ids import JobId, OwnerId, SessionId, WebhookId

MAX_WEBHOOKS = 10
"""Webhooks of one owner."""

MAX_URL_CHARACTERS = 2048

RETRY_SECONDS = (5.0, 300.0, 1800.0, 7200.0, 18_000.0, 28_800.0, 28_800.0)
"""Delay after each failed try, in seconds: eight tries within 24 hours.

Source:
    Standard Webhooks specification, "Deliverability and reliability": steps from seconds to hours.
"""

MAX_TRIES = len(RETRY_SECONDS) + 1

RETENTION_DAYS = 7
"""Days for which a finished delivery can be looked up and replayed."""

GONE = 410
"""Status by which a receiver asks for no more deliveries."""


class WebhookEvent(StrEnum):
    """Events that a webhook can listen to."""

    JOB_SUCCEEDED = "job.succeeded"
    JOB_FAILED = "job.failed"
    BATCH_FINISHED = "batch.finished"
    ITEM_NEEDS_REVIEW = "batch.item.needs_review"
    EXPORT_READY = "export.ready"


TEST_EVENT = "webhook.test"
"""Type of a delivery that a user asks for; it is tried once and disables nothing."""


class DisabledReason(StrEnum):
    """Why a webhook was disabled."""

    FAILING = "failing"
    GONE = "gone"


class DeliveryStatus(StrEnum):
    """Status of a delivery."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


DISABLED = "webhook_disabled"
"""Error of a delivery that was not sent, because another one disabled the webhook."""

INTERRUPTED = "interrupted"
"""Error of a delivery whose worker died at every try."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that receives events.

    Attributes:
        secret: Signing key, `whsec_` and base64.
        disabled_at: Time of disabling; None while it is active.
    """

    id: WebhookId
    owner_id: OwnerId
    url: str = field(repr=False)
    events: tuple[WebhookEvent, ...]
    secret: str = field(repr=False)
    created_at: datetime
    disabled_at: datetime | None = None
    disabled_reason: DisabledReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message for one webhook, with the result of its latest try.

    Attributes:
        message_id: Value of the `webhook-id` header, the same for every try.
        job_id: The job that sends it; a replay has another one than the job before it.
        session_id: The session of its event; deleting it deletes the delivery. None for a batch.
        attempts: Tries since it was made or replayed.
        response_status: HTTP status of the latest answer; None if there was no answer.
    """

    webhook_id: WebhookId
    number: int
    owner_id: OwnerId
    message_id: str
    event: str
    payload: Mapping[str, Any]
    job_id: JobId
    created_at: datetime
    session_id: SessionId | None = None
    status: DeliveryStatus = DeliveryStatus.PENDING
    attempts: int = 0
    response_status: int | None = None
    error: str | None = None
    last_attempt_at: datetime | None = None
    next_attempt_at: datetime | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SendResult:
    """Result of one try: the HTTP status, None without an answer, and a reason code, None for success."""

    status: int | None
    error: str | None


def retry_delay_seconds(attempt: int, random: float) -> float:
    """Return the delay after a failed try.

    Args:
        attempt: The failed try, from 1 to `MAX_TRIES` - 1.
        random: Uniform in [0, 1); spreads the delay over its last tenth, so that the tries stay within a day.
    """
    return RETRY_SECONDS[attempt - 1] * (0.9 + 0.1 * random)
