"""`/webhook`: addresses that are told of events, and what was sent to them."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Response

from stillroom.domain.ids import WebhookId
from stillroom.web.dependencies import CallDep, PagingDep, PathId, counted
from stillroom.web.responses import LIMITED, STATE, WITH_ID, errors
from stillroom.web.schemas.webhooks import (
    CreatedWebhook,
    NewWebhook,
    Webhook,
    WebhookDelivery,
    WebhookDeliveryPage,
    WebhookPage,
    created_answer,
    webhook_answer,
)

router = APIRouter(prefix="/webhook", tags=["webhooks"])

ANumber = Annotated[int, Path(ge=1, le=2**53 - 1)]


@router.post(
    "",
    status_code=201,
    dependencies=[counted("webhooks")],
    responses=errors(STATE, LIMITED, body=True),
)
async def create_webhook(call: CallDep, body: NewWebhook, response: Response) -> CreatedWebhook:
    """Send events to an address; the answer holds the signing key, which is never shown again."""
    webhook = await call.studio.webhooks.create(body.url, body.events, call.owner)
    response.headers["Location"] = f"/webhook/{webhook.id}"
    response.headers["Cache-Control"] = "no-store"
    return created_answer(webhook, call.language)


@router.get("", responses=errors())
async def list_webhooks(call: CallDep, paging: PagingDep) -> WebhookPage:
    """List webhooks, newest first; a disabled one has a notice that says why."""
    page = await call.studio.webhooks.list(call.owner, *paging)
    return WebhookPage.showing(page, partial(webhook_answer, language=call.language))


@router.get("/{webhook_id}", responses=errors(WITH_ID))
async def get_webhook(call: CallDep, webhook_id: PathId[WebhookId]) -> Webhook:
    """Return one webhook."""
    return webhook_answer(await call.studio.webhooks.get(webhook_id, call.owner), call.language)


@router.delete("/{webhook_id}", status_code=204, responses=errors(WITH_ID))
async def delete_webhook(call: CallDep, webhook_id: PathId[WebhookId]) -> None:
    """Delete a webhook with its deliveries; pending ones are not sent."""
    await call.studio.webhooks.delete(webhook_id, call.owner)


@router.post(
    "/{webhook_id}/test",
    status_code=202,
    dependencies=[counted("webhooks")],
    responses=errors(WITH_ID, LIMITED),
)
async def test_webhook(call: CallDep, webhook_id: PathId[WebhookId]) -> WebhookDelivery:
    """Send a message of type `webhook.test`, once; a success enables a disabled webhook again."""
    return WebhookDelivery.model_validate(await call.studio.webhooks.test(webhook_id, call.owner))


@router.get("/{webhook_id}/delivery", responses=errors(WITH_ID))
async def list_webhook_deliveries(
    call: CallDep, webhook_id: PathId[WebhookId], paging: PagingDep
) -> WebhookDeliveryPage:
    """List the deliveries of a webhook, newest first; finished ones are kept for a week."""
    page = await call.studio.webhooks.deliveries(webhook_id, call.owner, *paging)
    return WebhookDeliveryPage.showing(page, WebhookDelivery.model_validate)


@router.post(
    "/{webhook_id}/delivery/{n}/replay",
    status_code=202,
    dependencies=[counted("webhooks")],
    responses=errors(WITH_ID, LIMITED),
)
async def replay_webhook_delivery(
    call: CallDep, webhook_id: PathId[WebhookId], n: ANumber
) -> WebhookDelivery:
    """Send a delivery again at once, with the same id; a success enables a disabled webhook again."""
    return WebhookDelivery.model_validate(await call.studio.webhooks.replay(webhook_id, n, call.owner))
