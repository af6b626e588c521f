"""Notifications between processes over PostgreSQL's LISTEN and NOTIFY, on a dedicated connection."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import asyncpg
import sqlalchemy as sa
import structlog

from stillroom.domain.ids import BatchId, JobId
from stillroom.domain.ports import Notifier
from stillroom.storage.local_notifier import QUEUE, LocalNotifier, call_in

_CHANNEL = "stillroom"

_PACE_SECONDS = 0.025
"""Minimum interval in seconds between notifications; changes are batched, because each one wakes every
process.
"""

_RETRY_SECONDS = 0.5
_CONNECT_SECONDS = 5.0
_SEND_SECONDS = 5.0

log = structlog.get_logger(__name__)


class PostgresNotifier(LocalNotifier):
    """Notifier for all processes of a database; missed notifications are covered by polling.

    Notifications are sent after the transaction commits, never within it: PostgreSQL serialises the commits
    of transactions that notify.
    """

    def __init__(self, url: str, retry_seconds: float = _RETRY_SECONDS) -> None:
        """Configure from the database URL; `open` connects."""
        super().__init__()
        self._url = _for_driver(url)
        self._retry_seconds = retry_seconds
        self._is_disconnected = False
        self._pending: set[str] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._has_pending = asyncio.Event()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Listen and send while the context is open."""
        self._loop = asyncio.get_running_loop()
        sending = asyncio.create_task(self._send_forever())
        try:
            yield
        finally:
            sending.cancel()
            await asyncio.wait([sending])

    def job_queued(self) -> None:
        super().job_queued()
        self._enqueue(QUEUE)

    def job_changed(self, job_id: JobId | BatchId) -> None:
        super().job_changed(job_id)
        self._enqueue(job_id)

    def _enqueue(self, about: str) -> None:
        # Before `open`, other processes rely on polling.
        if self._loop is not None:
            call_in(self._loop, self._add_pending, about)

    def _add_pending(self, about: str) -> None:
        self._pending.add(about)
        self._has_pending.set()

    async def _send_forever(self) -> None:
        while True:
            try:
                await self._send_until_disconnected()
            except Exception as error:  # noqa: BLE001 - nothing must end the loop, not even a driver's bug
                if not self._is_disconnected:
                    log.warning(
                        "notifications_unavailable",
                        meanwhile="news of other processes is looked up now and then",
                        # Log the error's type only: its message may contain the address with the password.
                        error=type(error).__name__,
                    )
                self._is_disconnected = True
            await asyncio.sleep(self._retry_seconds)

    async def _send_until_disconnected(self) -> None:
        connection = await asyncpg.connect(
            self._url,
            timeout=_CONNECT_SECONDS,
            command_timeout=_SEND_SECONDS,
            # Notifications may be lost, so they need not wait for the disk.
            server_settings={"application_name": "stillroom notifications", "synchronous_commit": "off"},
        )
        try:
            connection.add_termination_listener(lambda _: self._has_pending.set())
            await connection.add_listener(_CHANNEL, partial(self._receive, connection.get_server_pid()))
            if self._is_disconnected:
                log.info("notifications_restored")
            self._is_disconnected = False
            while not connection.is_closed():
                await self._has_pending.wait()
                self._has_pending.clear()
                about, self._pending = self._pending, set()
                if about:
                    await connection.execute(
                        "SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload",
                        _CHANNEL,
                        list(about),
                    )
                    await asyncio.sleep(_PACE_SECONDS)
        finally:
            connection.terminate()

    def _receive(self, own_pid: int, _connection: Any, sender: int, _channel: str, payload: str) -> None:
        # Read once, because a closing connection no longer knows its backend process id.
        if sender == own_pid:
            return
        if payload == QUEUE:
            super().job_queued()
        else:
            super().job_changed(JobId(payload))


@asynccontextmanager
async def open_notifier(database_url: str) -> AsyncIterator[Notifier]:
    """Open the notifier for a database: across processes on PostgreSQL, within the process on SQLite."""
    if not database_url.startswith("postgres"):
        yield LocalNotifier()
        return
    notifier = PostgresNotifier(database_url)
    async with notifier.open():
        yield notifier


def _for_driver(url: str) -> str:
    """Convert the database URL to asyncpg's form, which has another scheme and TLS parameter."""
    target = sa.make_url(url).set(drivername="postgresql")
    if ssl := target.query.get("ssl"):
        target = target.difference_update_query(["ssl"]).update_query_dict({"sslmode": ssl})
    return target.render_as_string(hide_password=False)
