"""Every setting, composed and checked once; the only reader of the environment."""

import importlib.util
import os
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from stillroom.application.limits import Limits
from stillroom.domain.faults import Fault, parse_faults

_OURS = "STILLROOM_"
_PROVIDERS = ("gemini", "sora", "chatgpt", "local")
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


C2PA_CERTIFICATES, C2PA_KEY = "certificates.pem", "key.pem"
"""Files of the folder that exports are signed with."""


class SettingsInvalid(Exception):
    """Settings that cannot be used.

    Attributes:
        faults: One line for each, beginning with the variable's name.
    """

    def __init__(self, faults: list[str]) -> None:
        """Keep the lines."""
        super().__init__("; ".join(faults))
        self.faults = faults


def _setting(name: str, default: Any, **rules: Any) -> Any:
    return Field(default, validation_alias=AliasChoices(name), **rules)


class Settings(BaseSettings):
    """All settings in force; the environment, `.env` and `stillroom.toml` name them by their aliases."""

    model_config = SettingsConfigDict(
        env_file=".env",
        toml_file="stillroom.toml",
        extra="forbid",
        frozen=True,
        env_ignore_empty=True,
    )

    data_dir: Path = _setting("STILLROOM_DATA_DIR", Path("data"), validate_default=True)
    database_url: SecretStr | None = _setting("STILLROOM_DATABASE_URL", None)
    storage_url: str | None = _setting("STILLROOM_STORAGE_URL", None, pattern=r"^(s3://|file://|/|\.).+")
    valkey_url: SecretStr | None = _setting("STILLROOM_VALKEY_URL", None)
    host: str = _setting("STILLROOM_HOST", "127.0.0.1")
    port: int = _setting("STILLROOM_PORT", 8000, ge=0, le=65535)
    auth: Literal["local", "token"] = _setting("STILLROOM_AUTH", "local")
    worker_port: int | None = _setting("STILLROOM_WORKER_PORT", None, ge=0, le=65535)
    embedded_worker: bool = _setting("STILLROOM_EMBEDDED_WORKER", True)
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
    daily_budget_usd: float | None = _setting("STILLROOM_DAILY_BUDGET_USD", None, ge=0)
    export_ttl_hours: int = _setting("STILLROOM_EXPORT_TTL_HOURS", 24, ge=1, le=24 * 365)
    matte_model: Path | None = _setting("STILLROOM_MATTE_MODEL", None)
    c2pa_folder: Path | None = _setting("STILLROOM_C2PA_FOLDER", None)
    faults: str | None = _setting("STILLROOM_FAULTS", None)
    strategy: Literal["prefer_quality", "prefer_latency"] = _setting("AI_FAILOVER_STRATEGY", "prefer_quality")
    provider_order: Annotated[tuple[str, ...], NoDecode] = _setting("AI_PROVIDER_ORDER", _PROVIDERS)
    refusal_fallback: Literal["local", "next"] = _setting("AI_REFUSAL_FALLBACK", "local")
    gemini_api_key: SecretStr | None = _setting("GEMINI_API_KEY", None)
    gemini_base_url: str | None = _setting("GEMINI_BASE_URL", None)
    gemini_model: str | None = _setting("GEMINI_MODEL", None)
    gemini_proxy: SecretStr | None = _setting("GEMINI_PROXY", None)
    openai_api_key: SecretStr | None = _setting("OPENAI_API_KEY", None)
    openai_base_url: str | None = _setting("OPENAI_BASE_URL", None)
    openai_image_model: str | None = _setting("OPENAI_IMAGE_MODEL", None)
    openai_proxy: SecretStr | None = _setting("OPENAI_PROXY", None)
    sora_api_key: SecretStr | None = _setting("SORA_API_KEY", None)
    sora_base_url: str | None = _setting("SORA_BASE_URL", None)
    sora_model: str | None = _setting("SORA_MODEL", None)
    sora_proxy: SecretStr | None = _setting("SORA_PROXY", None)
    sora_body: Literal["multipart", "json"] = _setting("SORA_BODY", "multipart")

    @field_validator("data_dir")
    @classmethod
    def _is_absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("c2pa_folder")
    @classmethod
    def _can_sign(cls, value: Path | None) -> Path | None:
        if value is None:
            return None
        folder = value.expanduser().absolute()
        missing = [name for name in (C2PA_CERTIFICATES, C2PA_KEY) if not (folder / name).is_file()]
        if missing:
            raise ValueError(f"has no {' and no '.join(missing)}")
        if importlib.util.find_spec("c2pa") is None:
            raise ValueError("needs the extra: pip install 'stillroom[c2pa]'")
        return folder

    @field_validator("provider_order", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else value

    @field_validator("provider_order")
    @classmethod
    def _names_known_ones(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(value)) != len(value):
            raise ValueError("names a provider twice")
        return value

    @field_validator("faults")
    @classmethod
    def _can_be_read(cls, value: str | None) -> str | None:
        parse_faults(value or "")
        return value

    @field_validator("gemini_base_url", "openai_base_url", "sora_base_url")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return None if value is None else value.rstrip("/")

    @model_validator(mode="after")
    def _is_safe(self) -> "Settings":
        if self.auth == "local" and self.host not in _LOOPBACK:
            raise ValueError(
                f"STILLROOM_HOST: {self.host} can be reached by others; set STILLROOM_AUTH=token"
            )
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
        """The environment wins over `.env`, which wins over `stillroom.toml`."""
        return init_settings, env_settings, dotenv_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def database(self) -> str:
        """The database's URL; by default a file in the data directory."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_dir.absolute() / 'stillroom.db'}"

    @property
    def storage(self) -> str:
        """The blob store's URL; by default a folder in the data directory."""
        return self.storage_url or (self.data_dir / "blobs").as_uri()

    @property
    def daily_budget_micro_usd(self) -> int | None:
        """What one owner may spend in a day, in millionths of a US dollar."""
        return None if self.daily_budget_usd is None else round(self.daily_budget_usd * 1_000_000)

    @property
    def environment(self) -> dict[str, str]:
        """What providers that others wrote find their own settings in."""
        return dict(os.environ)

    @property
    def injected_faults(self) -> tuple[Fault, ...]:
        """What `STILLROOM_FAULTS` asks for."""
        return parse_faults(self.faults or "")

    @property
    def limits(self) -> Limits:
        """What services enforce."""
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
        """Every setting by its name in the environment, secrets masked."""
        return {alias_of(name): _shown(getattr(self, name)) for name in type(self).model_fields}


def load(**given: object) -> Settings:
    """Read and check all settings.

    Args:
        given: By field, what the command line says; it wins over everything else.

    Raises:
        SettingsInvalid: Some are unknown or cannot be used; every fault is in it.
    """
    known = {alias_of(name) for name in Settings.model_fields}
    faults = [
        f"{name}: no such setting"
        for name in sorted(os.environ)
        if name.upper().startswith(_OURS) and name.upper() not in known and name.upper() not in _FOR_TOOLS
    ]
    try:
        settings = Settings(**{alias_of(name): value for name, value in given.items()})  # type: ignore[arg-type]
    except ValidationError as error:
        faults += [_fault_line(fault) for fault in error.errors()]
    except ValueError as error:
        faults.append(f"stillroom.toml: {error}")
    if faults:
        raise SettingsInvalid(faults)
    return settings


_FOR_TOOLS = frozenset({"STILLROOM_CHROMIUM", "STILLROOM_POSTGRES_BIN"})
"""Read by the tests, so that they may stand in a developer's environment."""


def alias_of(field: str) -> str:
    """A setting's name in the environment."""
    alias = Settings.model_fields[field].validation_alias
    assert isinstance(alias, AliasChoices)
    return str(alias.choices[0])


def _fault_line(fault: Any) -> str:
    name = str(fault["loc"][0]).upper() if fault["loc"] else ""
    message = "no such setting" if fault["type"] == "extra_forbidden" else str(fault["msg"])
    return f"{name}: {message}" if name else message.removeprefix("Value error, ")


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return "********"
    if isinstance(value, tuple):
        return ",".join(str(part) for part in value)
    return "" if value is None else str(value)
