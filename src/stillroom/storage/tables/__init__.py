"""Table definitions with keys, CHECK constraints and indexes; `metadata` holds all of them."""

from stillroom.storage.tables import batches, work
from stillroom.storage.tables.columns import metadata

__all__ = ["batches", "metadata", "work"]
