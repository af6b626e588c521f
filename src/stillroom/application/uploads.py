"""Upload quota: bounds the bytes of unfinished uploads per owner and in total."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stillroom.application.limits import Limits, unfinished_uploads_refused
from stillroom.domain.ids import OwnerId

FOLDER = "incoming"
"""Subfolder of the data folder, because the system's temporary folder may be in memory."""


class Uploads:
    """Reserves quota for an upload until its photo is stored or refused."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        """Uploads are stored in `folder`."""
        self.folder = folder
        self._limits = limits
        self._of_owner: Counter[OwnerId] = Counter()

    @property
    def reserved_bytes(self) -> int:
        """Reserved bytes of all owners."""
        return self._of_owner.total()

    @contextmanager
    def reserve(self, owner_id: OwnerId, declared_bytes: int | None) -> Iterator[None]:
        """Hold quota for one upload while the context is open.

        Args:
            owner_id: Owner of the upload.
            declared_bytes: Size of the whole body; None counts as the maximum.

        Raises:
            RateLimited: The quota of the owner or of all owners is used up.
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
