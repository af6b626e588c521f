"""Requests that wait for a cut-out, by photo, and the provisional product of the cut-out under way."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from stillroom.imaging.scene.product import Product

Subscriber = Callable[[Product], None]


class WaitingList:
    """Waiting requests by photo; thread-safe.

    An eager cut-out is interrupted when a request waits for another photo. All requests that wait for a photo
    get its provisional product, also one that arrives during the second opinion.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._subscribers: list[tuple[str, Subscriber]] = []
        self._provisional: tuple[str, Product] | None = None  # one, because one inference runs at a time

    @contextmanager
    def for_photo(self, sha256: str, subscriber: Subscriber = lambda _: None) -> Iterator[None]:
        """Wait for the cut-out of a photo; the provisional product is passed on as soon as there is one."""
        entry = (sha256, subscriber)
        with self._lock:
            self._subscribers.append(entry)
            known = self._provisional
        if known is not None and known[0] == sha256:
            subscriber(known[1])
        try:
            yield
        finally:
            with self._lock:
                self._subscribers.remove(entry)

    def is_for_another(self, sha256: str) -> bool:
        """Whether a request waits for another photo."""
        with self._lock:
            return any(other != sha256 for other, _ in self._subscribers)

    @contextmanager
    def offering(self, sha256: str) -> Iterator[Subscriber]:
        """Offer the provisional product of a photo until the block ends."""

        def offer(product: Product) -> None:
            with self._lock:
                self._provisional = sha256, product
                waiting = [subscriber for photo, subscriber in self._subscribers if photo == sha256]
            for subscriber in waiting:
                subscriber(product)

        try:
            yield offer
        finally:
            with self._lock:
                self._provisional = None
