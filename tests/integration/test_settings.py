"""Settings as they are read from the environment and from `.env`, and what is refused at the start."""

import asyncio
import os
from pathlib import Path

import pytest

from stillroom.bootstrap.stores import migrate_schema
from stillroom.cli import doctor
from stillroom.settings import SettingsInvalid, load

SECRET = "canary"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to start from, and an environment that is as before afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "environ", os.environ.copy())
    for name in list(os.environ):
        if name.upper().endswith("_PROXY") or name.startswith(("AWS_", "FORWARDED_", "GOOGLE_", "SSL_")):
            monkeypatch.delenv(name)
    return tmp_path


def faults() -> list[str]:
    with pytest.raises(SettingsInvalid) as refused:
        load()
    return refused.value.errors


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("STILLROOM_PROT", "STILLROOM_PORT"),
        ("AI_FAILOVER_STRATGY", "AI_FAILOVER_STRATEGY"),
        ("AI_PROVIDERS_ORDER", "AI_PROVIDER_ORDER"),
        ("GEMINI_APIKEY", "GEMINI_API_KEY"),
        ("OPENAI_BASEURL", "OPENAI_BASE_URL"),
        ("OPENAI_IMAGES_MODEL", "OPENAI_IMAGE_MODEL"),
        ("SORA_BODI", "SORA_BODY"),
        ("READER_MODLE", "READER_MODEL"),
        ("sora_modl", "SORA_MODEL"),
    ],
)
def test_misspelt_setting_is_refused_with_a_suggestion(
    monkeypatch: pytest.MonkeyPatch, name: str, meant: str
) -> None:
    monkeypatch.setenv(name, "x")
    assert faults() == [f"{name}: no such setting; did you mean {meant}?"]


@pytest.mark.parametrize(
    "name",
    [
        "AI_GATEWAY_API_KEY",
        "AI_PROVIDER",
        "GEMINI_API_KEY_2",
        "GEMINI_CLI",
        "GEMINI_SANDBOX",
        "GEMINI_SYSTEM_MD",
        "OPENAI_API_BASE",
        "OPENAI_API_BASE_URL",
        "OPENAI_API_KEYS",
        "OPENAI_API_TYPE",
        "OPENAI_API_VERSION",
        "OPENAI_MODEL",
        "OPENAI_ORG_ID",
        "READERS",
        "SORACOM_AUTH_KEY",
        "ARK_API_BASE",
        "ARK_API_KEY_2",
        "DASHSCOPE_API_KEY_FILE_PATH",
        "DASHSCOPE_HTTP_BASE_URL",
        "STILLROOM_CHROMIUM",
    ],
)
def test_settings_of_other_programs_are_ignored(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "x")
    load()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("STILLROOM_DATABASE_URL", f"mysql://u:{SECRET}@h/x", "must start with sqlite:/// or postgresql://"),
        ("STILLROOM_DATABASE_URL", f"postgresql://u:{SECRET}@h:port/x", "cannot be read"),
        ("STILLROOM_DATABASE_URL", f"postgresql://u:{SECRET}@h/x?channel_binding=require", "channel_binding"),
        ("STILLROOM_DATABASE_URL", "sqlite://", "must name a file"),
        ("STILLROOM_DATABASE_URL", "sqlite:///:memory:", "must name a file"),
        ("STILLROOM_DATA_DIR", "~nobody_of_this_name/data", "unknown user"),
        ("STILLROOM_STORAGE_URL", "s3:///prefix", "s3://bucket/prefix"),
        ("STILLROOM_STORAGE_URL", "gs://bucket", "s3://bucket/prefix"),
        ("STILLROOM_VALKEY_URL", f"http://u:{SECRET}@h", "redis://host"),
        ("STILLROOM_VALKEY_URL", f"redis://u:{SECRET}@h:port", "redis://host"),
        ("GEMINI_PROXY", f"u:{SECRET}@h:8080", "must begin with http://"),
        (
            "AI_PROVIDER_ORDER",
            "gemnii,local",
            "no provider 'gemnii'; there are gemini, sora, chatgpt, seedream, qwen, local",
        ),
        ("STILLROOM_DAILY_BUDGET_USD", "inf", "finite number"),
        ("READER", "gemini", "gemini needs READER_API_KEY"),
        ("READER", "compatible", "compatible needs READER_BASE_URL and READER_MODEL"),
        ("READER", "claude", "'gemini', 'openai' or 'compatible'"),
        ("READER_BASE_URL", "localhost:11434", "must begin with http://"),
        ("READER_BASE_URL", "http://", "such as https://host"),
        ("OPENAI_BASE_URL", f"https://u:{SECRET}@h:port/v1", "such as https://host"),
        ("ARK_BASE_URL", "https://relay.example /v1", "without spaces"),
        ("READER_API_KEY", f"{SECRET}密钥", "ASCII"),
        ("GEMINI_API_KEY", f"Bearer {SECRET}", "without spaces"),
        ("DASHSCOPE_API_KEY", f"{SECRET}\n", "ASCII"),
    ],
)
def test_invalid_setting_is_refused_at_startup_without_showing_secrets(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    (fault,) = faults()
    assert fault.startswith(f"{name}: ")
    assert said in fault
    assert SECRET not in fault


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STILLROOM_DATABASE_URL", "postgres://u:p@h:5432/x?sslmode=require"),
        ("STILLROOM_DATABASE_URL", "postgresql+asyncpg:///x?host=/run/postgresql"),
        ("STILLROOM_DATABASE_URL", "sqlite:///x.db"),
        ("STILLROOM_STORAGE_URL", "s3://bucket"),
        ("STILLROOM_STORAGE_URL", "file:///srv/blobs"),
        ("STILLROOM_STORAGE_URL", "./blobs"),
        ("STILLROOM_VALKEY_URL", "valkeys://u:p@h:6379/0"),
        ("STILLROOM_VALKEY_URL", "unix:///run/valkey.sock"),
        ("SORA_PROXY", "socks5://h:1080"),
        ("AI_PROVIDER_ORDER", "local"),
        ("AI_PROVIDER_ORDER", "chatgpt, gemini"),
    ],
)
def test_valid_setting_is_accepted(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    load()


def test_a_provider_of_an_installed_package_can_be_put_into_the_order(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = folder / "acme-1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    (installed / "entry_points.txt").write_text("[stillroom.providers]\nacme = acme:provider\n")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("AI_PROVIDER_ORDER", "acme,local")
    assert load().provider_order == ("acme", "local")


def test_env_file_variables_for_libraries_apply_unless_the_environment_overrides_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / ".env").write_text(
        "STILLROOM_PORT=8123\nAWS_REGION=eu-file\nAWS_ACCESS_KEY_ID=key\nAWS_ENDPOINT_URL=\n"
        "https_proxy=http://file\nHTTP_PROXY=http://file\nNO_PROXY=localhost\n"
        "FORWARDED_ALLOW_IPS=10.1.2.3\nSSL_CERT_FILE=/etc/company.pem\nGOOGLE_GENAI_API_VERSION=v1beta\n"
    )
    monkeypatch.setenv("AWS_REGION", "eu-here")
    monkeypatch.setenv("HTTPS_PROXY", "http://here")
    assert load().port == 8123
    held = {name: value for name, value in os.environ.items() if name.upper().endswith("_PROXY")}
    assert held == {"HTTPS_PROXY": "http://here", "HTTP_PROXY": "http://file", "NO_PROXY": "localhost"}
    assert (os.environ["AWS_REGION"], os.environ["AWS_ACCESS_KEY_ID"]) == ("eu-here", "key")
    assert "AWS_ENDPOINT_URL" not in os.environ
    assert os.environ["FORWARDED_ALLOW_IPS"] == "10.1.2.3"
    assert os.environ["SSL_CERT_FILE"] == "/etc/company.pem"
    assert os.environ["GOOGLE_GENAI_API_VERSION"] == "v1beta"


def test_unknown_variable_in_the_env_file_rejects_the_whole_file(folder: Path) -> None:
    (folder / ".env").write_text("AWS_REGION=eu\nGEMNI_API_KEY=x\nEDITOR=vi\n")
    assert faults() == [
        "GEMNI_API_KEY: no such setting; did you mean GEMINI_API_KEY?",
        "EDITOR: no such setting",
    ]
    assert "AWS_REGION" not in os.environ


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (".env", b"\xff\xfe", ".env or stillroom.toml: "),
        ("stillroom.toml", b"a = = b", "stillroom.toml: "),
    ],
)
def test_unreadable_file_is_named(folder: Path, name: str, content: bytes, said: str) -> None:
    (folder / name).write_bytes(content)
    (fault,) = faults()
    assert fault.startswith(said)


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("GEMINI_BASE_URL", f"https://u:{SECRET}@h:8443/v1", "https://********@h:8443/v1"),
        ("OPENAI_BASE_URL", f"https://{SECRET}@h", "https://********@h"),
        ("SORA_BASE_URL", f"http://u:{SECRET}@x@h/v1?to=a@b", "http://********@h/v1?to=a@b"),
        ("STILLROOM_STORAGE_URL", f"s3://key:{SECRET}@bucket/prefix", "s3://********@bucket/prefix"),
        ("GEMINI_BASE_URL", "https://h/v1/@id", "https://h/v1/@id"),
        ("GEMINI_PROXY", f"http://u:{SECRET}@h", "********"),
    ],
)
def test_effective_settings_are_shown_without_secrets(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, shown: str
) -> None:
    monkeypatch.setenv(name, value)
    in_force = load().in_force()
    assert in_force[name] == shown
    assert SECRET not in str(in_force)


@pytest.mark.skipif(os.name != "posix", reason="other systems have no modes")
def test_new_data_folder_is_private_to_its_owner(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    asyncio.run(migrate_schema(load(data_dir=folder)))
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o755)
    asyncio.run(migrate_schema(load(data_dir=folder)))
    assert folder.stat().st_mode & 0o777 == 0o755, "what the operator has set stays"


@pytest.mark.parametrize(("mode", "subjects"), [(0o700, []), (0o750, []), (0o755, ["Data folder access"])])
def test_doctor_warns_of_a_world_readable_data_folder(tmp_path: Path, mode: int, subjects: list[str]) -> None:
    tmp_path.chmod(mode)
    findings = list(doctor.access(load(data_dir=tmp_path)))
    assert [finding.subject for finding in findings] == subjects
    assert all(f"chmod 700 {tmp_path}" in finding.remedy for finding in findings)
