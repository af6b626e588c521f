"""WorkerSlot: counts against a worker's concurrency, except while its job waits for a vendor."""

from collections.abc import Callable


class WorkerSlot:
    """Held by one job; a worker claims as many jobs as it has free slots."""

    def __init__(self, on_change: Callable[[], object] = lambda: None) -> None:
        """Begin occupied; `on_change` is called whenever that changes."""
        self._on_change = on_change
        self.is_occupied = True

    def free(self) -> None:
        """Let another job have the slot: this one waits for a cloud or the database."""
        self._set(is_occupied=False)

    def occupy(self) -> None:
        """Go on working here, whoever has come meanwhile."""
        self._set(is_occupied=True)

    def _set(self, *, is_occupied: bool) -> None:
        if self.is_occupied != is_occupied:
            self.is_occupied = is_occupied
            self._on_change()
