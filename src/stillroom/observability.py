"""Logging set up from parameters, and the metrics that a process keeps."""

import json
import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import Collector
from pydantic_core import to_json
from structlog.typing import EventDict, Processor

from stillroom.domain.jobs.job import Job, QueuedJob

_MILLISECONDS = (5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 180_000)

log: structlog.stdlib.BoundLogger = structlog.get_logger("stillroom")
"""The one logger: a constant snake_case event, facts as keywords."""


class _Lines(structlog.WriteLogger):
    """Writes lines, and loses those that cannot be written: a full disk must not fail a request."""

    def msg(self, message: str) -> None:
        with suppress(OSError):
            super().msg(message)

    log = debug = info = warn = warning = error = err = fatal = failure = critical = exception = msg


def json_line(facts: EventDict, **_options: object) -> str:
    """One line, in a third of the time that the standard library takes."""
    try:
        return to_json(facts, fallback=repr, inf_nan_mode="null", ensure_ascii=True).decode()
    except ValueError:
        # Not quite Unicode, such as a file's odd name.
        return json.dumps(facts, default=repr)


def set_up_logging(*, as_json: bool, level: str = "INFO") -> None:
    """Send our lines and those of libraries to standard error in one form.

    Args:
        as_json: One JSON object a line, for machines; else for people at a terminal.
        level: Lowest level that is written, such as `INFO`.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    ending: list[Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(json_line)]
        if as_json
        else [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    )
    # Ours go straight out: the library's way through `logging` costs a worker more than an empty job does.
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
    # Requests get one wide line of ours; the server's own would say it twice.
    logging.getLogger("uvicorn.access").disabled = True
    # The vendors' clients would write each call's whole address, with whatever an operator put into it.
    for chatty in ("alembic", "pyvips", "asyncio", "httpx", "httpx2", "google_genai"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


class _FreeSpace(Collector):
    """Reads the free space whenever metrics are asked for."""

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
    """What `/metrics` tells of this process."""

    def __init__(self) -> None:
        """Register every metric in a registry of its own, so that several studios fit one process."""
        self.registry = CollectorRegistry()
        self._latency = Histogram(
            "job_latency_ms",
            "From a job's creation to its end",
            ["model", "type"],
            buckets=_MILLISECONDS,
            registry=self.registry,
        )
        self._first_image = Histogram(
            "first_image_ms",
            "From a job's creation to its first picture",
            ["type"],
            buckets=_MILLISECONDS,
            registry=self.registry,
        )
        self._jobs = Counter("jobs", "Jobs that ended", ["type", "status"], registry=self.registry)
        self._fallbacks = Counter(
            "model_fallback", "Providers passed over", ["from", "to", "reason"], registry=self.registry
        )
        self._errors = Counter("model_error", "Calls that failed", ["reason"], registry=self.registry)
        self._cost = Counter("provider_cost_usd", "Cost of provider calls", ["model"], registry=self.registry)
        self._requests = Histogram(
            "http_request_ms",
            "Time a request took until its answer began",
            ["route", "method", "status"],
            buckets=_MILLISECONDS,
            registry=self.registry,
        )
        self._uploads = Counter("uploads", "Uploads by outcome", ["outcome"], registry=self.registry)
        self._streams = Gauge("stream_clients", "Open event streams", registry=self.registry)
        self._queue: tuple[Gauge, Gauge] | None = None
        # Looked up once each: for every job that ends, the library would check and spell them anew.
        self._jobs_labelled = cache(self._jobs.labels)
        self._latency_labelled = cache(self._latency.labels)

    def job_ended(self, job: Job) -> None:
        """This process ended a job; nobody else counts it."""
        self._jobs_labelled(job.type, job.status).inc()
        if (latency_ms := job.latency_ms) is not None:
            self._latency_labelled(job.model_used or "none", job.type).observe(latency_ms)
        if job.first_image_ms is not None:
            self._first_image.labels(job.type).observe(job.first_image_ms)
        for fallback in job.fallbacks:
            self._fallbacks.labels(fallback.source, fallback.target, fallback.reason).inc()
        for call in job.usage:
            if call["outcome"] in ("failed", "refused"):
                self._errors.labels(call["reason"]).inc()
            if call.get("cost_micro_usd"):
                self._cost.labels(call["model"]).inc(call["cost_micro_usd"] / 1_000_000)

    def attempts_ended(self, jobs: Iterable[QueuedJob]) -> None:
        """Count those jobs that have ended with their attempt; export jobs are not counted."""
        for job in jobs:
            if isinstance(job, Job) and job.status.is_final:
                self.job_ended(job)

    def request_answered(self, route: str, method: str, status: int, latency_ms: float) -> None:
        """A request was answered; `route` is the template, not the address."""
        self._requests.labels(route, method, str(status)).observe(latency_ms)

    def upload_ended(self, outcome: str) -> None:
        """An upload was stored (`ok`) or refused (its code)."""
        self._uploads.labels(outcome).inc()

    def streams_seen(self, open_now: int) -> None:
        """So many clients follow a job at this process."""
        self._streams.set(open_now)

    def watch_space(self, read: Callable[[], Mapping[str, int]]) -> None:
        """Expose the free bytes that `read` gives for each folder, each time metrics are asked for."""
        self.registry.register(_FreeSpace(read))

    def queue_seen(self, queued: int, running: int) -> None:
        """The database was asked for its queue; a process that never asks exposes no queue."""
        if self._queue is None:
            self._queue = (
                Gauge("jobs_queued", "Waiting jobs of all owners", registry=self.registry),
                Gauge("jobs_running", "Running jobs of all owners", registry=self.registry),
            )
        for gauge, jobs in zip(self._queue, (queued, running), strict=True):
            gauge.set(jobs)

    def queue_unseen(self) -> None:
        """The database did not answer: no queue is exposed until it does, rather than an old one."""
        for gauge in self._queue or ():
            self.registry.unregister(gauge)
        self._queue = None

    def exposition(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)
