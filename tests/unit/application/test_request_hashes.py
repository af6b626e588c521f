"""Hashes of requests as earlier releases have stored them: a key is recognised across an update."""

from stillroom.application.jobs.orders import Order
from stillroom.domain.ids import SessionId
from stillroom.domain.providers.requests import Operation
from stillroom.web.schemas.batches import BatchRequest

TONE = {"contrast": 0.1, "exposure_ev": 0.5}


def test_an_order_keeps_its_hash() -> None:
    order = Order(SessionId("ses_1"), Operation.REFINE, "brighter", 2, changes={"tone": TONE})
    assert order.request_hash == "7a8dc7e94ee8a21378007208b7247f99885ac3b4282833724755318eb19021f0"


def test_a_batch_keeps_its_hash() -> None:
    recipe = {"name": "Mine", "operation": "optimize", "changes": {"tone": TONE}}
    items = [{"image_id": "ast_00000000000000000000000001"}]
    body = BatchRequest.model_validate({"name": "Spring", "items": items, "recipe": recipe})
    assert body.request_hash == "bd24e0f2c64ef1544d4463fe12371bb0eda1f15e33ad31087abbf9080f32f3bf"
