"""Types of settings that are folders or URLs, each with its check."""

import re
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr

from stillroom.storage.database import target_of


def _folder(path: Path) -> Path:
    try:
        return path.expanduser().absolute()
    except RuntimeError as error:
        raise ValueError(f"{path} names the home folder of an unknown user") from error


def _database(url: SecretStr) -> SecretStr:
    target_of(url.get_secret_value())
    return url


def _storage(url: str) -> str:
    if not re.match(r"s3://[^/]|file:///.|/.|\..", url):
        raise ValueError("must be s3://bucket/prefix, file:///folder, or a path that begins with / or .")
    return url


def _valkey(url: SecretStr) -> SecretStr:
    """Check the URL of a Valkey server; the client library knows only the names of Redis schemes."""
    if _scheme_of(url) not in ("redis", "rediss", "valkey", "valkeys", "unix"):
        raise ValueError("must be redis://host:6379/0")
    return SecretStr(re.sub("^valkey", "redis", url.get_secret_value(), flags=re.IGNORECASE))


def _proxy(url: SecretStr) -> SecretStr:
    if _scheme_of(url) not in ("http", "https", "socks5", "socks5h"):
        raise ValueError("must begin with http://, https:// or socks5://")
    return url


def _base(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError("must begin with http:// or https://")
    try:
        parts = urlsplit(url)
        # Accessing `port` validates it.
        is_usable = bool(parts.hostname) and parts.port != 0 and " " not in url and url.isprintable()
    except ValueError:
        is_usable = False
    if not is_usable:
        raise ValueError("must be an address such as https://host:8443/v1, without spaces")
    return url.rstrip("/")


def _key(key: SecretStr) -> SecretStr:
    """Check that a key can be sent in a header."""
    text = key.get_secret_value()
    if " " in text or not (text.isascii() and text.isprintable()):
        raise ValueError("must consist of ASCII letters, digits and signs, without spaces")
    return key


def _scheme_of(url: SecretStr) -> str | None:
    """Return the scheme, or None for an invalid URL; errors are dropped, because they may show a password."""
    try:
        parts = urlsplit(url.get_secret_value())
        # Accessing `port` validates it.
        return parts.scheme if parts.port != -1 and (parts.netloc or parts.path) else None
    except ValueError:
        return None


Folder = Annotated[Path, AfterValidator(_folder)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_database)]
StorageUrl = Annotated[str, AfterValidator(_storage)]
ValkeyUrl = Annotated[SecretStr, AfterValidator(_valkey)]
ApiKey = Annotated[SecretStr, AfterValidator(_key)]
ProxyUrl = Annotated[SecretStr, AfterValidator(_proxy)]
BaseUrl = Annotated[str, AfterValidator(_base)]
"""Address of an API, without a slash at its end."""
