"""Logging configuration, and the metrics of a process."""

import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import Collector
from structlog.typing import Processor

from stillroom.domain.jobs.job import Job

_MILLISECONDS = (5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 180_000)

log: structlog.stdlib.BoundLogger = structlog.get_logger("stillroom")
"""Logger of the application: the event is a constant in snake_case, facts are keywords."""


class _Lines(structlog.WriteLogger):
    """Line writer that ignores write errors, because a full disk must not fail a request."""

    def msg(self, message: str) -> None:
        with suppress(OSError):
            super().msg(message)

    log = debug = info = warn = warning = error = err = fatal = failure = critical = exception = msg


def _console() -> Processor:
    # The library's own tracebacks print local variables, which may hold keys, and take seconds each.
    return structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )


def set_up_logging(*, as_json: bool, level: str = "INFO") -> None:
    """Send log lines of the application and its libraries to standard error in one format.

    Args:
        as_json: Write one JSON object per line; otherwise text for a terminal.
        level: Lowest level that is written, such as `INFO`.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    ending: list[Processor] = (
        [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(default=repr, separators=(",", ":")),
        ]
        if as_json
        else [_console()]
    )
    # Bypass `logging` for our own lines: it costs a worker more than an empty job does.
    structlog.configure(
        processors=[*shared, *ending],
        logger_factory=lambda *_: _Lines(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(level.lower()),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # Our middleware logs one line per request, so uvicorn's access log would repeat it.
    logging.getLogger("uvicorn.access").disabled = True
    # These libraries log complete URLs or session ids, which may be secrets.
    for chatty in ("alembic", "pyvips", "asyncio", "httpx", "httpx2", "google_genai", "mcp"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


class _FreeSpace(Collector):
    """Collector that reads the free disk space at each scrape."""

    def __init__(self, read: Callable[[], Mapping[str, int]]) -> None:
        self._read = read

    def collect(self) -> Iterator[GaugeMetricFamily]:
        family = GaugeMetricFamily(
            "storage_free_bytes", "Free bytes on the disk of each folder", labels=["folder"]
        )
        for folder, free in self._read().items():
            family.add_metric([folder], free)
        yield family


class Metrics:
    """Prometheus metrics of this process."""

    def __init__(self) -> None:
        """Use a separate registry, so that several studios can run in one process."""
        self.registry = CollectorRegistry()
        duration = partial(Histogram, buckets=_MILLISECONDS, registry=self.registry)
        counter = partial(Counter, registry=self.registry)
        gauge = partial(Gauge, registry=self.registry)
        self._latency = duration("job_latency_ms", "From a job's creation to its end", ["model", "type"])
        self._first_image = duration("first_image_ms", "From a job's creation to its first picture", ["type"])
        self._jobs = counter("jobs", "Jobs that ended", ["type", "status"])
        self._fallbacks = counter("model_fallback", "Providers passed over", ["from", "to", "reason"])
        self._errors = counter("model_error", "Calls that failed", ["reason"])
        self._cost = counter("provider_cost_usd", "Cost of provider calls", ["model"])
        self._requests = duration(
            "http_request_ms",
            "Time a request took until its answer began",
            ["route", "method", "status"],
        )
        self._batch_items = counter("batch_items", "Items of batches that ended", ["status"])
        self._batches = counter("batches", "Batches that ended")
        self._uploads = counter("uploads", "Uploads by outcome", ["outcome"])
        self._shutdowns = gauge(
            "provider_model_shutdown_days", "Days until a model in use is shut down", ["model"]
        )
        self._streams = gauge("stream_clients", "Open event streams")
        self._queue: tuple[Gauge, Gauge] | None = None

    def job_ended(self, job: Job) -> None:
        """Count a job that this process ended; each job is counted by one process."""
        self._jobs.labels(job.type, job.status).inc()
        if (latency_ms := job.latency_ms) is not None:
            self._latency.labels(job.model_used or "none", job.type).observe(latency_ms)
        if job.first_image_ms is not None:
            self._first_image.labels(job.type).observe(job.first_image_ms)
        for fallback in job.fallbacks:
            self._fallbacks.labels(fallback.source, fallback.target, fallback.reason).inc()
        for call in job.usage:
            if call.outcome in ("failed", "refused"):
                self._errors.labels(call.reason).inc()
            if call.cost_micro_usd:
                self._cost.labels(call.model).inc(call.cost_micro_usd / 1_000_000)

    def request_answered(self, route: str, method: str, status: int, latency_ms: float) -> None:
        """Record a request; `route` is the route template, not the URL."""
        self._requests.labels(route, method, str(status)).observe(latency_ms)

    def batches_advanced(self, settled: Iterable[str], finished: int) -> None:
        """Count the items, by status, and the batches that ended in one step of the batch runner."""
        for status in settled:
            self._batch_items.labels(status).inc()
        self._batches.inc(finished)

    def upload_ended(self, outcome: str) -> None:
        """Count an upload; `outcome` is `ok` or the error code."""
        self._uploads.labels(outcome).inc()

    def streams_seen(self, open_now: int) -> None:
        """Set the number of open event streams of this process."""
        self._streams.set(open_now)

    def watch_space(self, read: Callable[[], Mapping[str, int]]) -> None:
        """Expose free bytes per folder; `read` is called at each scrape."""
        self.registry.register(_FreeSpace(read))

    def queue_seen(self, queued: int, running: int) -> None:
        """Set the queue lengths; a process that never calls this exposes none."""
        if self._queue is None:
            self._queue = (
                Gauge("jobs_queued", "Waiting jobs of all owners", registry=self.registry),
                Gauge("jobs_running", "Running jobs of all owners", registry=self.registry),
            )
        for gauge, jobs in zip(self._queue, (queued, running), strict=True):
            gauge.set(jobs)

    def shutdowns_seen(self, days: Mapping[str, int]) -> None:
        """Set the days until the last day of each model in use that has one; negative after it."""
        self._shutdowns.clear()
        for model, left in days.items():
            self._shutdowns.labels(model).set(left)

    def queue_unseen(self) -> None:
        """Remove the queue lengths after a failed query, so that no stale values are exposed."""
        for gauge in self._queue or ():
            self.registry.unregister(gauge)
        self._queue = None

    def exposition(self) -> bytes:
        """Return all metrics in the Prometheus text format."""
        return generate_latest(self.registry)
