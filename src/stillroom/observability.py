"""Logging set up from parameters; the names that log lines and metrics go by."""

import logging
import sys

import structlog
from structlog.typing import Processor

log: structlog.stdlib.BoundLogger = structlog.get_logger("stillroom")
"""The one logger: a constant snake_case event, facts as keywords."""


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
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if as_json
        else [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
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
    for chatty in ("alembic", "pyvips", "asyncio", "httpx"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
