"""The cost of a call is on record, whatever becomes of its pictures."""

from typing import NoReturn

import pytest

from stillroom.domain.errors import InternalError, ProviderTimeout, ProviderUnavailable
from stillroom.domain.plans.plan import Context, Plan
from stillroom.domain.providers.requests import (
    Bill,
    CallEnd,
    GeneratedPicture,
    GenerationRequest,
    Operation,
    Stage,
    StageReached,
    Wanted,
)
from stillroom.providers.capability_map import CallableModel
from stillroom.providers.image_requests import OpenFile
from stillroom.providers.outcomes import Call
from tests.contract.providers.conftest import card
from tests.fakes.decoding import open_here
from tests.pictures import png, scene
from tests.unit.providers.scripted import Painter, cloud_of

pytestmark = pytest.mark.anyio

WHOLE = png(scene(512, 512))
CARD = card("painter-1", picture_cost_micro_usd={"1K": 33_600})


async def end_of_call(*files: bytes, open_file: OpenFile = open_here) -> tuple[int, CallEnd]:
    """Return the number of pictures beside a file that cannot be used, and the record of the call."""
    provider = cloud_of(Painter(*files), CARD)
    provider.open_file = open_file
    wanted = (Wanted(1, Plan()), Wanted(2, Plan()))
    request = GenerationRequest(Operation.OPTIMIZE, b"", "0" * 64, "", Context(), wanted)
    sent, given = call(), 0
    try:
        async for event in provider.generate(request):
            if isinstance(event, StageReached):
                sent.reached(event)
            given += isinstance(event, GeneratedPicture)
    except (ProviderUnavailable, InternalError) as error:
        return given, sent.end(error)
    raise AssertionError("nothing failed")


@pytest.mark.parametrize("file", [b"", b"no picture", WHOLE[:-2000]], ids=["empty", "text", "cut off"])
async def test_unusable_picture_is_billed_and_the_others_of_its_call_are_kept(file: bytes) -> None:
    given, end = await end_of_call(file, WHOLE)
    assert given == 1
    assert (end.outcome, end.cost_micro_usd, end.provider_request_id) == (
        "failed",
        Painter.cost_micro_usd,
        Painter.provider_request_id,
    )


async def test_picture_is_billed_if_no_decoder_can_be_started() -> None:
    async def open_file(data: bytes, *, is_film: bool = False) -> NoReturn:
        del data, is_film
        raise InternalError

    _, end = await end_of_call(WHOLE, open_file=open_file)
    assert (end.outcome, end.cost_micro_usd) == ("failed", Painter.cost_micro_usd)


async def test_pictures_of_one_call_are_paid_once() -> None:
    given, end = await end_of_call(WHOLE, b"")
    assert (given, end.cost_micro_usd) == (1, Painter.cost_micro_usd)


def test_call_abandoned_after_the_vendors_answer_costs_what_was_billed() -> None:
    before, after = call(), call()
    after.reached(StageReached(Stage.REGISTER, 0.8, Bill(42_000, "painter-42")))
    assert (before.abandoned().cost_micro_usd, before.abandoned().provider_request_id) == (33_600, None)
    assert (after.abandoned().cost_micro_usd, after.abandoned().provider_request_id) == (42_000, "painter-42")


def call() -> Call:
    """A call that was just sent."""
    offer = CARD.operations[Operation.BG_REPLACE]
    model = CallableModel(cloud_of(Painter(), CARD), CARD, offer, "here", 1.0)
    one = Call(model, (Wanted(1, Plan()),))
    one.begun("call-1")
    return one


def test_upstream_timeout_of_a_vendor_may_be_billed() -> None:
    for reason in ("timeout", "upstream", "ceiling"):
        assert call().end(ProviderTimeout(reason=reason)).cost_micro_usd == 33_600, reason


@pytest.mark.parametrize(
    ("reason", "cost"),
    [
        ("http_500", 33_600),
        ("http_503", 33_600),
        ("clip_lost", 33_600),
        ("task_lost", 33_600),
        ("http_429", 0),
        ("vendor_failed", 0),
    ],
)
def test_server_error_or_lost_order_may_be_billed_and_a_failure_that_the_vendor_reports_is_not(
    reason: str, cost: int
) -> None:
    assert call().end(ProviderUnavailable(reason=reason)).cost_micro_usd == cost


async def test_internal_error_is_billed_only_after_the_call_was_sent() -> None:
    before, after = call(), call()
    assert before.end(InternalError(reason="bug")).cost_micro_usd == 0
    after.reached(StageReached(Stage.PROVIDER, 0.1))
    after.answered()
    assert after.end(InternalError(reason="bug")).cost_micro_usd == 33_600
