"""Settings: read from environment and files, and validated once; the only reader of the environment."""

import importlib.util
import os
import re
import tomllib
from collections.abc import Iterable
from difflib import get_close_matches
from importlib.metadata import entry_points
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from stillroom.application.limits.limits import Limits
from stillroom.domain.faults import Fault, parse_faults
from stillroom.domain.networks import Device
from stillroom.domain.providers.capabilities import LOCAL
from stillroom.domain.providers.order import Strategy
from stillroom.domain.providers.readers import ReaderVendor
from stillroom.imaging.io.content_credentials import Credentials
from stillroom.providers.registry import ENTRY_POINTS
from stillroom.settings.values import ApiKey, BaseUrl, DatabaseUrl, Folder, ProxyUrl, StorageUrl, ValkeyUrl

_OURS = "STILLROOM_"
_SHARED = ("AI_", "GEMINI_", "OPENAI_", "SORA_", "ARK_", "DASHSCOPE_", "READER_")
"""Prefixes that other programs use too; there, only near-misses of our names are errors."""

_NEARLY = 0.885
"""Similarity threshold for a near-miss, as `difflib` measures it.

One wrong letter in the shortest name, SORA_BODY, gives 0.889. OPENAI_API_BASE_URL, a name of other
programs, has 0.882 with OPENAI_BASE_URL.
"""

_FOR_LIBRARIES = re.compile(
    r"AWS_\w+|(HTTP|HTTPS|ALL|NO)_PROXY|FORWARDED_ALLOW_IPS|GOOGLE_GENAI_API_VERSION|SSL_CERT_FILE",
    re.IGNORECASE,
)
"""Variables that `.env` may contain for libraries, which read only the environment."""

_USER_INFO = re.compile(r"://[^/?#]*@")
"""User name and password in a URL."""

_LOOPBACK = ("127.0.0.1", "::1", "localhost")

C2PA_CERTIFICATES, C2PA_KEY = "certificates.pem", "key.pem"
"""Files of the folder that contains the signing key."""

CLOUD_SETTINGS = {
    "gemini": ("gemini", "gemini_model"),
    "sora": ("sora", "sora_model"),
    "chatgpt": ("openai", "openai_image_model"),
    "seedream": ("ark", "ark_image_model"),
    "qwen": ("dashscope", "dashscope_image_model"),
}
"""Prefix of the settings of each built-in cloud, and the setting of its model, in the default order."""

_PROVIDERS = (*CLOUD_SETTINGS, LOCAL)


class SettingsInvalid(Exception):
    """Invalid settings; `errors` has a line for each, beginning with the variable's name."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("; ".join(errors))
        self.errors = errors


def _setting(name: str, default: Any, **rules: Any) -> Any:
    return Field(default, validation_alias=name, **rules)


class Settings(BaseSettings):
    """All settings in force; environment, `.env` and `stillroom.toml` use the aliases as names."""

    model_config = SettingsConfigDict(
        env_file=".env",
        toml_file="stillroom.toml",
        extra="forbid",
        frozen=True,
        env_ignore_empty=True,
    )

    data_dir: Folder = _setting("STILLROOM_DATA_DIR", Path("data"), validate_default=True)
    database_url: DatabaseUrl | None = _setting("STILLROOM_DATABASE_URL", None)
    storage_url: StorageUrl | None = _setting("STILLROOM_STORAGE_URL", None)
    valkey_url: ValkeyUrl | None = _setting("STILLROOM_VALKEY_URL", None)
    host: str = _setting("STILLROOM_HOST", "127.0.0.1")
    port: int = _setting("STILLROOM_PORT", 8000, ge=0, le=65535)
    auth: Literal["local", "token"] = _setting("STILLROOM_AUTH", "local")
    worker_port: int | None = _setting("STILLROOM_WORKER_PORT", None, ge=0, le=65535)
    embedded_worker: bool = _setting("STILLROOM_EMBEDDED_WORKER", True)
    eager_cutout: bool = _setting("STILLROOM_EAGER_CUTOUT", True)
    worker_concurrency: int = _setting("STILLROOM_WORKER_CONCURRENCY", os.cpu_count() or 1, ge=1, le=64)
    lease_seconds: float = _setting("STILLROOM_LEASE_SECONDS", 15.0, ge=1, le=3600)
    max_upload_mb: int = _setting("STILLROOM_MAX_UPLOAD_MB", 30, ge=1, le=500)
    max_megapixels: int = _setting("STILLROOM_MAX_MEGAPIXELS", 100, ge=1, le=400)
    max_side: int = _setting("STILLROOM_MAX_SIDE", 4096, ge=512, le=16384)
    user_running: int = _setting("STILLROOM_USER_RUNNING", 2, ge=1, le=100)
    user_queued: int = _setting("STILLROOM_USER_QUEUED", 20, ge=1, le=10_000)
    user_streams: int = _setting("STILLROOM_USER_STREAMS", 100, ge=1, le=100_000)
    max_streams: int = _setting("STILLROOM_MAX_STREAMS", 5000, ge=1, le=100_000)
    user_per_minute: int = _setting("STILLROOM_USER_PER_MINUTE", 30, ge=1, le=100_000)
    user_pixels_per_minute: int = _setting("STILLROOM_USER_PIXELS_PER_MINUTE", 600, ge=1, le=100_000)
    daily_budget_usd: float | None = _setting("STILLROOM_DAILY_BUDGET_USD", None, ge=0, allow_inf_nan=False)
    export_ttl_hours: int = _setting("STILLROOM_EXPORT_TTL_HOURS", 24, ge=1, le=24 * 365)
    matte_quality: Literal["best", "fast"] = _setting("STILLROOM_MATTE_QUALITY", "best")
    matte_model: Path | None = _setting("STILLROOM_MATTE_MODEL", None)
    device: Device = _setting("STILLROOM_DEVICE", "auto")
    hub: str | None = _setting("HF_ENDPOINT", None)
    c2pa_folder: Folder | None = _setting("STILLROOM_C2PA_FOLDER", None)
    webhook_allow: Annotated[tuple[str, ...], NoDecode] = _setting("STILLROOM_WEBHOOK_ALLOW", ())
    faults: str | None = _setting("STILLROOM_FAULTS", None)
    strategy: Strategy = _setting("AI_FAILOVER_STRATEGY", "prefer_quality")
    provider_order: Annotated[tuple[str, ...], NoDecode] = _setting("AI_PROVIDER_ORDER", _PROVIDERS)
    refusal_fallback: Literal["local", "next"] = _setting("AI_REFUSAL_FALLBACK", "local")
    gemini_api_key: ApiKey | None = _setting("GEMINI_API_KEY", None)
    gemini_base_url: BaseUrl | None = _setting("GEMINI_BASE_URL", None)
    gemini_model: str | None = _setting("GEMINI_MODEL", None)
    gemini_proxy: ProxyUrl | None = _setting("GEMINI_PROXY", None)
    openai_api_key: ApiKey | None = _setting("OPENAI_API_KEY", None)
    openai_base_url: BaseUrl | None = _setting("OPENAI_BASE_URL", None)
    openai_image_model: str | None = _setting("OPENAI_IMAGE_MODEL", None)
    openai_proxy: ProxyUrl | None = _setting("OPENAI_PROXY", None)
    sora_api_key: ApiKey | None = _setting("SORA_API_KEY", None)
    sora_base_url: BaseUrl | None = _setting("SORA_BASE_URL", None)
    sora_model: str | None = _setting("SORA_MODEL", None)
    sora_proxy: ProxyUrl | None = _setting("SORA_PROXY", None)
    sora_body: Literal["multipart", "json"] = _setting("SORA_BODY", "multipart")
    ark_api_key: ApiKey | None = _setting("ARK_API_KEY", None)
    ark_base_url: BaseUrl | None = _setting("ARK_BASE_URL", None)
    ark_image_model: str | None = _setting("ARK_IMAGE_MODEL", None)
    ark_proxy: ProxyUrl | None = _setting("ARK_PROXY", None)
    ark_watermark: bool = _setting("ARK_WATERMARK", False)
    dashscope_api_key: ApiKey | None = _setting("DASHSCOPE_API_KEY", None)
    dashscope_base_url: BaseUrl | None = _setting("DASHSCOPE_BASE_URL", None)
    dashscope_image_model: str | None = _setting("DASHSCOPE_IMAGE_MODEL", None)
    dashscope_proxy: ProxyUrl | None = _setting("DASHSCOPE_PROXY", None)
    dashscope_watermark: bool = _setting("DASHSCOPE_WATERMARK", False)
    reader: ReaderVendor | None = _setting("READER", None)
    reader_api_key: ApiKey | None = _setting("READER_API_KEY", None)
    reader_base_url: BaseUrl | None = _setting("READER_BASE_URL", None)
    reader_model: str | None = _setting("READER_MODEL", None)
    reader_sees_photos: bool = _setting("READER_SEES_PHOTOS", False)

    @field_validator("c2pa_folder")
    @classmethod
    def _can_sign(cls, value: Path | None) -> Path | None:
        if value is None:
            return None
        missing = [name for name in (C2PA_CERTIFICATES, C2PA_KEY) if not (value / name).is_file()]
        if missing:
            raise ValueError(f"has no {' and no '.join(missing)}")
        if importlib.util.find_spec("c2pa") is None:
            raise ValueError("needs the extra: pip install 'stillroom[c2pa]'")
        Credentials((value / C2PA_CERTIFICATES).read_bytes(), (value / C2PA_KEY).read_bytes())
        return value

    @field_validator("webhook_allow")
    @classmethod
    def _names_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for network in value:
            try:
                ip_network(network)
            except ValueError:
                raise ValueError(f"{network!r} is no network such as 10.0.0.0/8") from None
        return value

    @field_validator("provider_order", "webhook_allow", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else value

    @field_validator("provider_order")
    @classmethod
    def _names_known_ones(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(value)) != len(value):
            raise ValueError("names a provider twice")
        if unknown := unknown_providers(value):
            raise ValueError(f"there is no provider {unknown[0]!r}; there are {', '.join(known_providers())}")
        return value

    @field_validator("faults")
    @classmethod
    def _can_be_read(cls, value: str | None) -> str | None:
        parse_faults(value or "")
        return value

    @model_validator(mode="after")
    def _is_safe(self) -> "Settings":
        if self.auth == "local" and self.host not in _LOOPBACK:
            raise ValueError(
                f"STILLROOM_HOST: {self.host} can be reached by others; set STILLROOM_AUTH=token"
            )
        return self

    @model_validator(mode="after")
    def _can_read(self) -> "Settings":
        needed: dict[str, object] = {"READER_API_KEY": self.reader_api_key}
        if self.reader == "compatible":
            needed = {"READER_BASE_URL": self.reader_base_url, "READER_MODEL": self.reader_model}
        missing = [name for name, value in needed.items() if not value] if self.reader else []
        if missing:
            raise ValueError(f"READER: {self.reader} needs {' and '.join(missing)}")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources: environment before `.env` before `stillroom.toml`."""
        return init_settings, env_settings, _DotEnv(settings_cls), TomlConfigSettingsSource(settings_cls)

    @property
    def database(self) -> str:
        """URL of the database; by default a file in the data folder."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_dir.absolute() / 'stillroom.db'}"

    @property
    def storage(self) -> str:
        """URL of the blob store; by default a folder in the data folder."""
        return self.storage_url or (self.data_dir / "blobs").as_uri()

    @property
    def daily_budget_micro_usd(self) -> int | None:
        """Daily budget of one owner in millionths of a US dollar; None means unlimited."""
        return None if self.daily_budget_usd is None else round(self.daily_budget_usd * 1_000_000)

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables, in which third-party providers find their own settings."""
        return dict(os.environ)

    @property
    def injected_faults(self) -> tuple[Fault, ...]:
        """Injected faults, parsed from `STILLROOM_FAULTS`."""
        return parse_faults(self.faults or "")

    @property
    def limits(self) -> Limits:
        """Limits that services enforce."""
        return Limits(
            max_upload_bytes=self.max_upload_mb * 1024 * 1024,
            max_megapixels=self.max_megapixels,
            max_side=self.max_side,
            user_running=self.user_running,
            user_queued=self.user_queued,
            user_streams=self.user_streams,
            max_streams=self.max_streams,
            lease_seconds=self.lease_seconds,
            export_ttl_hours=self.export_ttl_hours,
        )

    def in_force(self) -> dict[str, str]:
        """Return every setting by its environment name, with secrets masked."""
        return {alias_of(name): _shown(getattr(self, name)) for name in type(self).model_fields}


def load(**given: object) -> Settings:
    """Read and validate all settings.

    Args:
        given: Values from the command line by field; they take precedence.

    Raises:
        SettingsInvalid: Contains every error, including unknown settings.
    """
    errors = [_no_such(name) for name in sorted(os.environ) if _is_mistaken(name)]
    try:
        settings = Settings(**{alias_of(name): value for name, value in given.items()})  # type: ignore[arg-type]
        from_file = _for_libraries()
    except ValidationError as error:
        errors += [_error_line(one) for one in error.errors()]
    except tomllib.TOMLDecodeError as error:
        errors.append(f"stillroom.toml: {error}")
    except ValueError as error:
        errors.append(f".env or stillroom.toml: {error}")
    if errors:
        raise SettingsInvalid(errors)
    here = {name.upper() for name in os.environ}
    os.environ.update({name: value for name, value in from_file.items() if name.upper() not in here})
    return settings


def known_providers() -> tuple[str, ...]:
    """Return all providers that may appear in the order, including those of installed packages."""
    return (*_PROVIDERS, *sorted(entry.name for entry in entry_points(group=ENTRY_POINTS)))


def unknown_providers(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names that no provider has."""
    known = known_providers()
    return tuple(name for name in names if name not in known)


_FOR_TOOLS = frozenset({"STILLROOM_CHROMIUM", "STILLROOM_POSTGRES_BIN"})
"""Variables of the test tools, which may be set in a developer's environment."""


def alias_of(field: str) -> str:
    """Return the environment name of a setting."""
    return str(Settings.model_fields[field].validation_alias)


class _DotEnv(DotEnvSettingsSource):
    """`.env` source without the variables for libraries."""

    def __call__(self) -> dict[str, Any]:
        return {
            name: value for name, value in super().__call__().items() if not _FOR_LIBRARIES.fullmatch(name)
        }


def _for_libraries() -> dict[str, str]:
    """Return the library variables of `.env`, spelled as written."""
    held = DotEnvSettingsSource(Settings, case_sensitive=True).env_vars
    return {name: value for name, value in held.items() if value and _FOR_LIBRARIES.fullmatch(name)}


def _is_mistaken(name: str) -> bool:
    """Return whether a variable looks like one of our settings but is not."""
    name = name.upper()
    known = _names()
    if name in known or name in _FOR_TOOLS:
        return False
    if name.startswith(_OURS):
        return True
    # A longer name, such as GEMINI_API_KEY_2, belongs to another program and is not a misspelling.
    # READER is the beginning of the other names of its family.
    is_longer = any(name.startswith(one) for one in known if one != "READER")
    return name.startswith(_SHARED) and not is_longer and bool(get_close_matches(name, known, 1, _NEARLY))


def _no_such(name: str) -> str:
    alike = get_close_matches(name.upper(), _names(), 1)
    return f"{name}: no such setting" + (f"; did you mean {alike[0]}?" if alike else "")


def _names() -> list[str]:
    return [alias_of(field) for field in Settings.model_fields]


def _error_line(error: Any) -> str:
    name = str(error["loc"][0]).upper() if error["loc"] else ""
    if error["type"] == "extra_forbidden":
        return _no_such(name)
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"{name}: {message}" if name else message


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return "********"
    if isinstance(value, tuple):
        return ",".join(str(part) for part in value)
    return "" if value is None else _USER_INFO.sub("://********@", str(value))
