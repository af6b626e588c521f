"""`stillroom serve` and `stillroom worker`: run the web server with a worker inside, or either alone."""

import asyncio
import ctypes
import gc
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from types import FrameType
from typing import Any

import uvicorn
from fastapi import FastAPI

from stillroom.bootstrap import Studio, open_lifecycle, open_studio
from stillroom.bootstrap.stores import worker_name
from stillroom.cli import listening
from stillroom.cli.signals import ended_or_stopped, stopped_by_signals
from stillroom.domain.errors import StillroomError
from stillroom.mcp import http as mcp
from stillroom.observability import Metrics, log, set_up_logging
from stillroom.settings import Settings, load
from stillroom.web.app import create_app
from stillroom.web.connections import BoundedConnection
from stillroom.worker.batches import BatchLoop
from stillroom.worker.heartbeat import Heartbeat
from stillroom.worker.loop import Worker
from stillroom.worker.probe import probe
from stillroom.worker.rescuer import Rescuer

COLLECTION_THRESHOLDS = (50_000, 20, 20)
"""Garbage collection thresholds: new objects, then collections per generation. With the default ones a server
with 2,000 streams pauses for half a second every few seconds (tests/bench/streams.py).
"""

_M_ARENA_MAX = -8
"""`M_ARENA_MAX` of `mallopt` in glibc's `malloc.h`."""

ARENAS = 2
"""Number of malloc arenas that threads share. With glibc's default of eight per core, each exporting thread
keeps its own peak: a server then holds 510 to 540 MB after 50 exports, with two arenas 350 to 400 (2 cores).
"""

SHUTDOWN_SECONDS = 15
"""Grace period in seconds for open requests; streams end at once, and the worker stops within ten seconds."""


OpenStudio = Callable[[Settings, Metrics], AbstractAsyncContextManager[Studio]]
"""Opens the studio of a process."""

OPEN_STUDIO: OpenStudio = partial(open_studio, keep_reserve=True)


@dataclass
class Start:
    """State shared between a server and its background tasks.

    Attributes:
        open_studio: Opens the studio.
        failures: Errors that prevented the studio from opening.
        on_stop: Callbacks for the stop signal, called from any thread.
    """

    open_studio: OpenStudio = OPEN_STUDIO
    failures: list[StillroomError | OSError] = field(default_factory=list)
    on_stop: list[Callable[[], object]] = field(default_factory=list)


class _Server(uvicorn.Server):
    """uvicorn server that forwards the stop signal at once, so that no job begins while requests finish."""

    def __init__(self, config: uvicorn.Config, start: Start) -> None:
        super().__init__(config)
        self._start = start

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        for call in self._start.on_stop:
            call()
        super().handle_exit(sig, frame)


def serve(settings: Settings, *, reload: bool, as_json: bool, open_studio: OpenStudio = OPEN_STUDIO) -> None:
    """Run the server until it is stopped.

    Args:
        reload: Restart when a source file changes; for development.
        as_json: Whether log lines are JSON.
        open_studio: Opens the studio; not used with `reload`.
    """
    set_up_logging(as_json=as_json)
    # uvicorn listens only when the studio is open and the worker may have claimed jobs.
    listening.require_free(settings.host, settings.port, listening.remedy(settings.port))
    share_heaps()
    options: dict[str, Any] = {
        "host": settings.host,
        "port": settings.port,
        "log_config": None,
        "http": BoundedConnection,
        "ws": "none",
        "timeout_graceful_shutdown": SHUTDOWN_SECONDS,
        "server_header": False,
    }
    if reload:
        uvicorn.run("stillroom.cli.serve:app_for_reload", factory=True, reload=True, **options)
        return
    start = Start(open_studio)
    # uvicorn would log a failed start as a traceback; the error is raised below and printed as one line.
    logging.getLogger("uvicorn.error").addFilter(lambda _: not start.failures)
    server = _Server(uvicorn.Config(app_with_worker(settings, start), **options), start)
    try:
        # uvicorn raises the interrupt again after it has stopped.
        with suppress(KeyboardInterrupt):
            server.run()
    except SystemExit:
        if start.failures:
            raise start.failures[0] from None
        raise


def app_for_reload() -> FastAPI:
    """Return the application for uvicorn's reload mode, which recreates it after every change."""
    set_up_logging(as_json=False)
    return app_with_worker(load())


def app_with_worker(settings: Settings, start: Start | None = None) -> FastAPI:
    """Create the application, with a worker inside if configured; `start` connects it to the server."""
    opening = partial(_open_for_server, settings, start or Start())
    return create_app(settings, opening, [mcp.mount(settings)])


@asynccontextmanager
async def _open_for_server(settings: Settings, start: Start, metrics: Metrics) -> AsyncIterator[Studio]:
    stopped = asyncio.Event()
    start.on_stop.append(partial(asyncio.get_running_loop().call_soon_threadsafe, stopped.set))
    async with AsyncExitStack() as open_things:
        try:
            studio = await open_things.enter_async_context(
                _open_with_worker(settings, start.open_studio(settings, metrics), stopped)
            )
        except (StillroomError, OSError) as error:
            start.failures.append(error)
            raise
        yield studio


@asynccontextmanager
async def _open_with_worker(
    settings: Settings, opening: AbstractAsyncContextManager[Studio], stopped: asyncio.Event
) -> AsyncIterator[Studio]:
    async with opening as studio:
        _collect_seldom()
        if not settings.embedded_worker:
            async with _background(_rescuer(settings, studio).run(), _batches(studio)):
                yield studio
            return
        async with working(settings, studio, stopped) as working_task:
            yield replace(studio, worker_is_alive=lambda: not working_task.done())


def share_heaps() -> None:
    """Limit glibc's malloc arenas, so that threads reuse freed memory; no effect without glibc."""
    # Other systems lack this function or the library.
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, ARENAS)


def _collect_seldom() -> None:
    """Exempt long-lived objects from garbage collection, and raise its thresholds."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTION_THRESHOLDS)


@asynccontextmanager
async def _background(*coroutines: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run background tasks while the context is open; a failure is logged and stops no other task."""
    tasks = [asyncio.create_task(coroutine) for coroutine in coroutines]
    for task in tasks:
        task.add_done_callback(_log_failure)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("background_task_failed", exc_info=error)


async def _stop_when(stopped: asyncio.Event, worker: Worker) -> None:
    await stopped.wait()
    worker.stop()


def _batches(studio: Studio) -> Coroutine[Any, Any, None]:
    return BatchLoop(studio.batches.runner, studio.notifier, studio.metrics).run()


def _rescuer(settings: Settings, studio: Studio) -> Rescuer:
    return Rescuer(studio.work.lifecycle, studio.work.housekeeping, settings.lease_seconds)


@asynccontextmanager
async def working(
    settings: Settings, studio: Studio, stopped: asyncio.Event | None = None
) -> AsyncIterator[asyncio.Task[None]]:
    """Run a worker with its heartbeat and rescuer while the context is open.

    Args:
        stopped: Event that makes the worker claim no more jobs, before the context is left.
    """
    heartbeat = Heartbeat(partial(open_lifecycle, settings), settings.lease_seconds)
    with worker_name(settings) as name, heartbeat:
        worker = Worker(
            name,
            studio.work.lifecycle,
            studio.work.make_pictures,
            studio.work.make_export,
            studio.work.deliver,
            studio.notifier,
            heartbeat,
            settings.worker_concurrency,
        )
        # A failed warm-up is not fatal: the first job reports what is missing.
        tasks = [
            _rescuer(settings, studio).run(),
            _batches(studio),
            studio.warm_up(),
            _stop_when(stopped or asyncio.Event(), worker),
        ]
        if settings.eager_cutout:
            tasks.append(studio.photos.eager.run())
        async with _background(*tasks):
            task = asyncio.create_task(worker.run())
            try:
                yield task
            finally:
                worker.stop()
                await task


async def work(settings: Settings, open_studio: OpenStudio = OPEN_STUDIO) -> None:
    """Run a worker until SIGTERM or SIGINT."""
    if settings.worker_port is not None:
        listening.require_free(settings.host, settings.worker_port, "Set another STILLROOM_WORKER_PORT.")
    share_heaps()
    stopped = stopped_by_signals()
    metrics = Metrics()
    async with AsyncExitStack() as open_things:
        studio = await open_things.enter_async_context(open_studio(settings, metrics))
        working_task = await open_things.enter_async_context(working(settings, studio))
        if settings.worker_port is not None:
            port = open_things.enter_context(
                probe(settings.host, settings.worker_port, metrics, lambda: not working_task.done())
            )
            log.info("probe_open", host=settings.host, port=port)
        await ended_or_stopped(working_task, stopped)
