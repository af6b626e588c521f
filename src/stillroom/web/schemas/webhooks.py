"""Schemas of webhooks and their deliveries."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from stillroom.domain.webhooks import (
    MAX_URL_CHARACTERS,
    DeliveryStatus,
    DisabledReason,
    WebhookEvent,
)
from stillroom.domain.webhooks import Webhook as WebhookEntity
from stillroom.domain.words import texts_in
from stillroom.web.schemas.base import Answer, Body, FromText, PageAnswer

_NOTICES = texts_in("webhooks")["disabled"]
"""By reason."""


class NewWebhook(Body):
    """Address and events of a webhook."""

    url: Annotated[
        str,
        Field(
            min_length=1,
            max_length=MAX_URL_CHARACTERS,
            description="An `https` address that is public, or in a network that the operator allows.",
        ),
    ]
    events: Annotated[list[FromText[WebhookEvent]], Field(min_length=1, max_length=20)]


class WebhookNotice(Answer):
    """A warning to the owner of a webhook."""

    level: Literal["warning"]
    code: Literal["WEBHOOK_DISABLED"]
    message: str


class Webhook(Answer):
    """An address that is told of events."""

    id: str
    url: str
    events: list[WebhookEvent]
    status: Literal["active", "disabled"]
    created_at: datetime
    disabled_at: datetime | None
    disabled_reason: DisabledReason | None
    notice: WebhookNotice | None


class CreatedWebhook(Webhook):
    """A new webhook with the key that signs its deliveries; the key is shown this once."""

    secret: str


class WebhookPage(PageAnswer[Webhook]):
    """A page of webhooks."""


class WebhookDelivery(Answer):
    """One message for a webhook, with the result of its latest try."""

    n: Annotated[int, Field(validation_alias="number", description="Number within the webhook, from 1.")]
    id: Annotated[
        str,
        Field(validation_alias="message_id", description="The `webhook-id` header, the same for every try."),
    ]
    type: Annotated[str, Field(validation_alias="event")]
    status: DeliveryStatus
    attempts: int
    response_status: Annotated[int | None, Field(description="HTTP status of the latest answer.")]
    error: Annotated[str | None, Field(description="Code of the latest failure, such as `http_500`.")]
    payload: dict[str, Any]
    created_at: datetime
    last_attempt_at: datetime | None
    next_attempt_at: datetime | None
    finished_at: datetime | None


class WebhookDeliveryPage(PageAnswer[WebhookDelivery]):
    """A page of deliveries."""


def webhook_answer(webhook: WebhookEntity, language: str) -> Webhook:
    """Convert a webhook to its response schema, without the secret."""
    return Webhook.of(webhook, **_state(webhook, language))


def created_answer(webhook: WebhookEntity, language: str) -> CreatedWebhook:
    return CreatedWebhook.of(webhook, **_state(webhook, language))


def _state(webhook: WebhookEntity, language: str) -> dict[str, Any]:
    reason = webhook.disabled_reason
    notice = None
    if reason is not None:
        message = _NOTICES[reason].to(language)
        notice = WebhookNotice(level="warning", code="WEBHOOK_DISABLED", message=message)
    return {"status": "active" if webhook.disabled_at is None else "disabled", "notice": notice}
