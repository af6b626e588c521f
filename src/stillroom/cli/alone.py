"""A studio that one command opens for itself, in a folder it throws away, beside whatever server runs."""

from pathlib import Path

from pydantic import SecretStr

from stillroom.settings import Settings

_UNLIMITED = 1_000_000


def alone(settings: Settings, scratch: Path, **changes: object) -> Settings:
    """The settings of such a studio: it shares nothing with a server, and refuses no work for its amount.

    Args:
        settings: Those in force.
        scratch: Where its database and blobs lie.
        changes: What is to be different besides.
    """
    return settings.model_copy(
        update={
            "database_url": SecretStr(f"sqlite:///{scratch}/stillroom.db"),
            "storage_url": f"{scratch}/blobs",
            "valkey_url": None,
            "auth": "local",
            # What keeps a server's many owners apart would only stop a folder of photos half-way.
            "user_per_minute": _UNLIMITED,
            "user_queued": _UNLIMITED,
            **changes,
        }
    )
