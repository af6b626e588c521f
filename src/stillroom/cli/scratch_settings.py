"""Scratch settings: a studio for one command in a temporary folder, independent of a running server."""

from pathlib import Path

from pydantic import SecretStr

from stillroom.settings import Settings

_UNLIMITED = 1_000_000


def scratch_settings(settings: Settings, scratch: Path, **changes: object) -> Settings:
    """Return settings of a studio with its own data and without rate limits."""
    return settings.model_copy(
        update={
            "database_url": SecretStr(f"sqlite:///{scratch}/stillroom.db"),
            "storage_url": f"{scratch}/blobs",
            "valkey_url": None,
            "auth": "local",
            # Limits that separate a server's owners would only stop a large folder of photos half-way.
            "user_per_minute": _UNLIMITED,
            "user_queued": _UNLIMITED,
            **changes,
        }
    )
