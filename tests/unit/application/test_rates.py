"""Rates: requests of each kind are counted per owner."""

import pytest

from stillroom.application.limits.quotas import Rates
from stillroom.domain.errors import RateLimited
from stillroom.domain.ids import OwnerId
from stillroom.storage.rate_limits import TokenBuckets

pytestmark = pytest.mark.anyio

ANNA, BORIS = OwnerId("own_anna"), OwnerId("own_boris")


async def test_owner_over_the_rate_limit_gets_retry_after() -> None:
    rates = Rates(TokenBuckets(2, None))
    assert [(await rates.consume("exports", ANNA)).remaining for _ in range(2)] == [1, 0]
    with pytest.raises(RateLimited) as refused:
        await rates.consume("exports", ANNA)
    assert refused.value.params["policy"] == "exports"
    assert 1 <= refused.value.params["retry_after_seconds"] <= 30


async def test_rate_limit_affects_no_other_owner_or_kind_of_request() -> None:
    rates = Rates(TokenBuckets(1, None))
    await rates.consume("exports", ANNA)
    assert (await rates.consume("exports", BORIS)).is_granted
    assert (await rates.consume("photos", ANNA)).is_granted
    assert (await rates.consume("cutouts", ANNA)).is_granted
