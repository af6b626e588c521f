"""Hints between processes over PostgreSQL's LISTEN and NOTIFY, on one connection of their own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import asyncpg
import sqlalchemy as sa
import structlog

from stillroom.domain.ids import JobId
from stillroom.domain.ports import Signal, Signals
from stillroom.storage.signals import QUEUE, LocalSignals, call_in

_CHANNEL = "stillroom"

_PAYLOAD_CHARACTERS = 7_900
"""Of one notification: the server takes less than 8000 bytes, and ids are plain ASCII."""

_PACE_SECONDS = 0.025
"""Between two notifications; what comes meanwhile goes into the next, for each one wakes every process."""

_TRY_AGAIN_SECONDS = 0.5
_CONNECT_SECONDS = 5.0
_SEND_SECONDS = 5.0

log = structlog.get_logger(__name__)


class PostgresSignals:
    """Wakes whoever waits in this process and in all others; what is lost while away is looked up later.

    Hints are sent after the transaction they tell of, never in it: a commit that notifies waits for all
    others that do.
    """

    def __init__(self, url: str) -> None:
        """Take the database's URL; nothing is connected before `open`."""
        self._url = _for_driver(url)
        self._is_away = False
        self._here = LocalSignals()
        self._to_tell: set[str] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._something = asyncio.Event()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Listen and tell, while the context is open."""
        self._loop = asyncio.get_running_loop()
        talking = asyncio.create_task(self._talk())
        try:
            yield
        finally:
            talking.cancel()
            await asyncio.wait([talking])

    def job_queued(self) -> None:
        """A job is due."""
        self._here.job_queued()
        self._tell(QUEUE)

    def job_changed(self, job_id: JobId) -> None:
        """A job has a new event."""
        self._here.job_changed(job_id)
        self._tell(job_id)

    @asynccontextmanager
    async def queue(self) -> AsyncIterator[Signal]:
        """Hints about due jobs, while the context is open."""
        async with self._here.queue() as signal:
            yield signal

    @asynccontextmanager
    async def jobs(self) -> AsyncIterator[Signal]:
        """Hints about what jobs tell, while the context is open."""
        async with self._here.jobs() as signal:
            yield signal

    def _tell(self, about: str) -> None:
        # Before it is open, others find out by themselves.
        if self._loop is not None:
            call_in(self._loop, self._note, about)

    def _note(self, about: str) -> None:
        self._to_tell.add(about)
        self._something.set()

    async def _talk(self) -> None:
        while True:
            try:
                await self._talk_until_cut_off()
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                if not self._is_away:
                    log.warning(
                        "hints_are_away",
                        meanwhile="news of other processes is looked up now and then",
                        # The words of an error may hold the address, and with it the password.
                        error=type(error).__name__,
                    )
                self._is_away = True
            await asyncio.sleep(_TRY_AGAIN_SECONDS)

    async def _talk_until_cut_off(self) -> None:
        connection = await asyncpg.connect(
            self._url,
            timeout=_CONNECT_SECONDS,
            command_timeout=_SEND_SECONDS,
            # A hint is never needed, so it need not wait for the disk.
            server_settings={"application_name": "stillroom hints", "synchronous_commit": "off"},
        )
        try:
            connection.add_termination_listener(lambda _: self._something.set())
            await connection.add_listener(_CHANNEL, partial(self._hear, connection.get_server_pid()))
            if self._is_away:
                log.info("hints_are_back")
            self._is_away = False
            while not connection.is_closed():
                await self._something.wait()
                self._something.clear()
                about, self._to_tell = self._to_tell, set()
                if about:
                    await connection.execute(
                        "SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload",
                        _CHANNEL,
                        _payloads(about),
                    )
                    await asyncio.sleep(_PACE_SECONDS)
        finally:
            connection.terminate()

    def _hear(self, mine: int, _connection: Any, sender: int, _channel: str, payload: str) -> None:
        # Asked for once: a connection that is closing no longer knows its own number.
        if sender == mine:
            return
        for about in payload.split(","):
            if about == QUEUE:
                self._here.job_queued()
            else:
                self._here.job_changed(JobId(about))


@asynccontextmanager
async def open_signals(database_url: str) -> AsyncIterator[Signals]:
    """The hints that go with a database: between all its processes where it can carry them."""
    if not database_url.startswith("postgres"):
        yield LocalSignals()
        return
    signals = PostgresSignals(database_url)
    async with signals.open():
        yield signals


def _for_driver(url: str) -> str:
    """The database's URL as its driver takes it, which knows itself and TLS by names of its own."""
    target = sa.make_url(url).set(drivername="postgresql")
    if ssl := target.query.get("ssl"):
        target = target.difference_update_query(["ssl"]).update_query_dict({"sslmode": ssl})
    return target.render_as_string(hide_password=False)


def _payloads(about: set[str]) -> list[str]:
    """As few notifications as hold all of it."""
    payloads, piece = [], ""
    for word in sorted(about):
        if len(piece) + len(word) >= _PAYLOAD_CHARACTERS:
            payloads.append(piece)
            piece = ""
        piece = f"{piece},{word}" if piece else word
    return [*payloads, piece]
