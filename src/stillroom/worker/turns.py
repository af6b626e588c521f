"""One turn of a loop that must go on: what goes wrong in it is told, and ends nothing."""

from collections.abc import Awaitable

from stillroom.domain.errors import StillroomError
from stillroom.observability import log


async def survived(turn: Awaitable[object], told_as: str) -> bool:
    """Wait for a turn; gives back whether it went well.

    Args:
        turn: What is done in it.
        told_as: The event in the log when it fails.
    """
    try:
        await turn
    except StillroomError as error:
        log.warning(told_as, code=error.code)
    except Exception as error:  # noqa: BLE001 - the edge: a fault of ours must not end the loop
        log.error(told_as, exc_info=error)
    else:
        return True
    return False
