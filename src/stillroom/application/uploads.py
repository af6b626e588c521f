"""How many bytes of uploads may lie in temporary files at once, of one owner and of all."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stillroom.application.limits import Limits, unfinished_uploads_refused
from stillroom.domain.ids import OwnerId

FOLDER = "incoming"
"""In the data folder: on a disk, where the system's folder for temporary files may be memory."""


class Uploads:
    """Reserves room for uploads from their first byte until the photo is stored or refused."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        """Uploads lie in `folder`; nothing is reserved yet."""
        self.folder = folder
        self._limits = limits
        self._of_owner: Counter[OwnerId] = Counter()

    @property
    def reserved_bytes(self) -> int:
        """What is reserved now, of all owners."""
        return self._of_owner.total()

    @contextmanager
    def reserve(self, owner_id: OwnerId, declared_bytes: int | None) -> Iterator[None]:
        """Hold room for one upload while the context is open.

        Args:
            owner_id: Who uploads.
            declared_bytes: Of the whole body; None where that is not known, which counts as the largest.

        Raises:
            RateLimited: The owner, or all together, have as much under way as may be.
        """
        size = self._limits.max_upload_bytes if declared_bytes is None else declared_bytes
        if self._of_owner[owner_id] + size > self._limits.user_unfinished_bytes:
            raise unfinished_uploads_refused(self._limits.user_unfinished_bytes)
        if self.reserved_bytes + size > self._limits.unfinished_bytes:
            raise unfinished_uploads_refused(self._limits.unfinished_bytes)
        self._of_owner[owner_id] += size
        try:
            yield
        finally:
            self._of_owner[owner_id] -= size
            if not self._of_owner[owner_id]:
                del self._of_owner[owner_id]
