"""Answers about webhooks: the notice of a disabled one is in the language of the client."""

from dataclasses import replace

import pytest

from stillroom.domain.ids import OwnerId, WebhookId
from stillroom.domain.webhooks import DisabledReason, Webhook
from stillroom.web.schemas.webhooks import webhook_answer
from tests.integration.storage.rows import NOW

HOOK = Webhook(WebhookId("whk_1"), OwnerId("own_1"), "https://example.com", (), "whsec_", NOW)


@pytest.mark.parametrize("reason", DisabledReason)
def test_the_notice_is_in_the_language_of_the_client(reason: DisabledReason) -> None:
    disabled = replace(HOOK, disabled_at=NOW, disabled_reason=reason)
    chinese, english = (webhook_answer(disabled, language).notice for language in ("zh", "en"))
    assert chinese is not None
    assert english is not None
    assert "发送" in chinese.message
    assert english.message.isascii()


def test_an_active_webhook_has_no_notice() -> None:
    assert webhook_answer(HOOK, "en").notice is None
