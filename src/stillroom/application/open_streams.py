"""How many watch at once in this process; each costs memory for as long as it is open."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from stillroom.application.limits import Limits, streams_refused
from stillroom.domain.ids import OwnerId


class OpenStreams:
    """Counts open streams, each owner's and all."""

    def __init__(self, limits: Limits) -> None:
        """None is open yet."""
        self._limits = limits
        self._of_owner: Counter[OwnerId] = Counter()

    def check(self, owner_id: OwnerId) -> None:
        """Raises RateLimited when the owner, or all together, have as many open as may be."""
        if self._of_owner[owner_id] >= self._limits.user_streams:
            raise streams_refused(self._limits.user_streams)
        if self.open >= self._limits.max_streams:
            raise streams_refused(self._limits.max_streams)

    @property
    def open(self) -> int:
        """How many are open now, of all owners."""
        return self._of_owner.total()

    @contextmanager
    def one(self, owner_id: OwnerId) -> Iterator[None]:
        """One more is open, while the context is."""
        self._of_owner[owner_id] += 1
        try:
            yield
        finally:
            self._of_owner[owner_id] -= 1
            if not self._of_owner[owner_id]:
                del self._of_owner[owner_id]
