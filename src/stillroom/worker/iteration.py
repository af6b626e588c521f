"""Error boundary for one iteration of a background loop."""

from collections.abc import Awaitable

from stillroom.domain.errors import StillroomError
from stillroom.observability import log


async def run_iteration(iteration: Awaitable[object], failure_event: str) -> bool:
    """Await one iteration of a loop, log its errors and return whether it succeeded.

    Args:
        failure_event: Name of the log event for a failure.
    """
    try:
        await iteration
    except StillroomError as error:
        log.warning(failure_event, code=error.code)
    except Exception as error:  # noqa: BLE001 - a bug must not end the loop
        log.error(failure_event, exc_info=error)
    else:
        return True
    return False
