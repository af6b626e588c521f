"""Stream limit: bounds the open event streams of this process, per owner and in total."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from stillroom.application.limits import Limits, streams_refused
from stillroom.domain.ids import OwnerId


class StreamLimit:
    """Counts open streams; each holds memory while it is open."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._of_owner: Counter[OwnerId] = Counter()

    def check(self, owner_id: OwnerId) -> None:
        """Raise RateLimited when the limit of the owner or of the process is reached."""
        if self._of_owner[owner_id] >= self._limits.user_streams:
            raise streams_refused(self._limits.user_streams)
        if self.open >= self._limits.max_streams:
            raise streams_refused(self._limits.max_streams)

    @property
    def open(self) -> int:
        """Number of open streams of all owners."""
        return self._of_owner.total()

    @contextmanager
    def one(self, owner_id: OwnerId) -> Iterator[None]:
        """Count one stream while the context is open."""
        self._of_owner[owner_id] += 1
        try:
            yield
        finally:
            self._of_owner[owner_id] -= 1
            if not self._of_owner[owner_id]:
                del self._of_owner[owner_id]
