"""Open streams are counted for each owner and for all."""

from contextlib import ExitStack

import pytest

from stillroom.application.limits.limits import Limits
from stillroom.application.limits.quotas import StreamLimit
from stillroom.domain.errors import RateLimited
from stillroom.domain.ids import OwnerId

ANNA, BORIS = OwnerId("own_anna"), OwnerId("own_boris")


def test_streams_are_limited_per_owner() -> None:
    streams = StreamLimit(Limits(user_streams=2, max_streams=9))
    with streams.hold(ANNA), streams.hold(ANNA):
        with pytest.raises(RateLimited) as refusal:
            streams.check(ANNA)
        streams.check(BORIS)
    streams.check(ANNA)
    assert refusal.value.params["policy"] == "streams"
    assert refusal.value.params["limit"] == 2


def test_streams_are_limited_in_total() -> None:
    streams = StreamLimit(Limits(user_streams=9, max_streams=3))
    with ExitStack() as open_ones:
        for owner in (ANNA, ANNA, BORIS):
            streams.check(owner)
            open_ones.enter_context(streams.hold(owner))
        assert streams.held == 3
        with pytest.raises(RateLimited):
            streams.check(BORIS)
    streams.check(BORIS)


def test_broken_stream_frees_its_slot() -> None:
    streams = StreamLimit(Limits(user_streams=1))
    with pytest.raises(OSError, match="gone"), streams.hold(ANNA):
        raise OSError("gone")
    streams.check(ANNA)
