"""A job's place at a worker: taken while it works, free while it only waits for somebody else."""

from collections.abc import Callable
from contextvars import ContextVar


class Place:
    """Held by one job; a worker claims as many jobs as it has free places."""

    def __init__(self, on_change: Callable[[], object] = lambda: None) -> None:
        """Taken at first; `on_change` is called whenever that changes."""
        self._on_change = on_change
        self.is_taken = True

    def leave(self) -> None:
        """Someone else works on the job now, such as a cloud: another job may have the place."""
        self._set(is_taken=False)

    def take(self) -> None:
        """The work goes on here, whoever has come meanwhile."""
        self._set(is_taken=True)

    def _set(self, *, is_taken: bool) -> None:
        if self.is_taken != is_taken:
            self.is_taken = is_taken
            self._on_change()


_PLACE: ContextVar[Place] = ContextVar("place")


def give(place: Place) -> None:
    """Let whatever runs in this context from now on have the place."""
    _PLACE.set(place)


def mine() -> Place:
    """The place of the job that this runs for; one that nobody counts outside of a worker."""
    return _PLACE.get(Place())
