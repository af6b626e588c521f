"""Error boundary for one iteration of a background loop."""

from collections.abc import Awaitable
from typing import TypeVar

from stillroom.domain.errors import StillroomError
from stillroom.observability import log

Result = TypeVar("Result")


async def run_iteration(iteration: Awaitable[Result], failure_event: str, **facts: object) -> Result | None:
    """Return the result of one iteration of a loop; None after an error, logged as `failure_event`."""
    try:
        return await iteration
    except StillroomError as error:
        log.warning(failure_event, code=error.code, **facts)
    except Exception as error:  # noqa: BLE001 - a bug must not end the loop
        log.error(failure_event, exc_info=error, **facts)
    return None
