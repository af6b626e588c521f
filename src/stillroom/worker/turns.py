"""Error boundary for one iteration of a background loop."""

from collections.abc import Awaitable

from stillroom.domain.errors import StillroomError
from stillroom.observability import log


async def survived(turn: Awaitable[object], told_as: str) -> bool:
    """Await one iteration, log its errors and return whether it succeeded.

    Args:
        told_as: Log event for a failure.
    """
    try:
        await turn
    except StillroomError as error:
        log.warning(told_as, code=error.code)
    except Exception as error:  # noqa: BLE001 - a bug must not end the loop
        log.error(told_as, exc_info=error)
    else:
        return True
    return False
