"""Worker slot: counts against a worker's concurrency, except while its job waits for a provider."""

from collections.abc import Callable


class WorkerSlot:
    """Slot of one job; a worker claims as many jobs as it has free slots."""

    def __init__(self, on_change: Callable[[], object] = lambda: None) -> None:
        """Starts occupied; `on_change` is called at each change."""
        self._on_change = on_change
        self.is_occupied = True

    def free(self) -> None:
        """Free the slot while this job waits for a provider or the database."""
        self._set(is_occupied=False)

    def occupy(self) -> None:
        """Occupy the slot again, even if the worker claimed another job meanwhile."""
        self._set(is_occupied=True)

    def _set(self, *, is_occupied: bool) -> None:
        if self.is_occupied != is_occupied:
            self.is_occupied = is_occupied
            self._on_change()
