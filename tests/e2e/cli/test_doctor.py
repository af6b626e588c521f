"""`stillroom doctor` names what a newcomer meets, and what to do about it."""

import asyncio
import json
import os
import re
import shutil
import socket
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

import stillroom
from stillroom.cli import doctor, environment
from stillroom.settings import Settings, load
from stillroom.storage.database import Database
from stillroom.storage.migrations import migrate
from tests.fakes.providers.ark import FakeArk
from tests.fakes.providers.dashscope import FakeDashScope
from tests.fakes.providers.painters import plain
from tests.fakes.providers.readers import FakeChat
from tests.fakes.providers.server import KEY
from tests.servers import forked
from tests.servers.ports import free_ports
from tests.servers.postgresql import PostgresServer
from tests.servers.s3 import S3Server


def examined(
    folder: Path, weights: Path | None, *options: str, **settings: str
) -> tuple[int, Mapping[str, dict[str, str]]]:
    """The exit code, and the findings by subject."""
    folder.mkdir(parents=True, exist_ok=True)
    if weights is not None and not (folder / "weights").exists():
        (folder / "weights").symlink_to(weights)
    (port,) = free_ports(1)
    own = {"STILLROOM_DATA_DIR": str(folder), "STILLROOM_PORT": str(port)}
    run = forked.run(["doctor", "--json", *options], {**os.environ, **own, **settings}, folder)
    assert run.stdout.startswith("["), run.stderr[-2000:]
    return run.returncode, {finding["subject"]: finding for finding in json.loads(run.stdout)}


def test_complete_installation_has_no_findings(tmp_path: Path, weights_folder: Path) -> None:
    code, found = examined(tmp_path / "data", weights_folder)
    assert {finding["verdict"] for finding in found.values()} <= {"ok", "warn"}, found
    assert code == 0


@pytest.mark.parametrize(
    ("settings", "subject", "verdict", "fact", "remedy"),
    [
        (
            {"STILLROOM_DATABASE_URL": "postgresql://u:canary@127.0.0.1:1/x"},
            "Database",
            "fail",
            "did not accept",
            "pg_isready -h 127.0.0.1 -p 1",
        ),
        (
            {"STILLROOM_DATABASE_URL": "mysql://x"},
            "Settings",
            "fail",
            "must start with sqlite:/// or postgresql://",
            "unset STILLROOM_DATABASE_URL",
        ),
        (
            {"STILLROOM_VALKEY_URL": "valkey://127.0.0.1:1/0"},
            "Valkey",
            "warn",
            "127.0.0.1:1",
            "valkey-cli -h",
        ),
        ({"STILLROOM_VALKEY_URL": "unix:///no/v.sock"}, "Valkey", "warn", "/no/v.sock", "valkey-cli -s /no"),
        (
            {"GEMINI_API_KEY": "canary", "GEMINI_BASE_URL": "http://127.0.0.1:1"},
            "Key for gemini",
            "warn",
            "cannot be reached",
            "GEMINI_PROXY",
        ),
        ({"STILLROOM_PROT": "1"}, "Settings", "fail", "did you mean STILLROOM_PORT", "unset STILLROOM_PROT"),
        ({"STILLROOM_HOST": "192.0.2.1"}, "Settings", "fail", "STILLROOM_AUTH=token", "unset STILLROOM_HOST"),
        ({"STILLROOM_PORT": "many"}, "Settings", "fail", "STILLROOM_PORT", "unset STILLROOM_PORT"),
    ],
)
def test_wrong_settings_and_servers_are_reported_with_a_remedy(
    tmp_path: Path,
    weights_folder: Path,
    settings: dict[str, str],
    subject: str,
    verdict: str,
    fact: str,
    remedy: str,
) -> None:
    code, found = examined(tmp_path / "data", weights_folder, **settings)
    finding = found[subject]
    assert finding["verdict"] == verdict
    assert fact in finding["fact"]
    assert remedy in finding["remedy"]
    assert code == (1 if verdict == "fail" else 0)
    assert "canary" not in json.dumps(found)


def test_providers_are_checked_on_request_in_the_terminals_language(
    tmp_path: Path, weights_folder: Path
) -> None:
    with FakeArk(plain) as ark, FakeDashScope(plain) as dashscope, FakeChat() as reader:
        settings = {
            "ARK_API_KEY": KEY,
            "ARK_BASE_URL": f"{ark.address}/api/v3",
            "DASHSCOPE_API_KEY": "sk-canary",
            "DASHSCOPE_BASE_URL": dashscope.address,
            "LC_ALL": "zh_CN.UTF-8",
            "READER": "compatible",
            "READER_API_KEY": KEY,
            "READER_BASE_URL": reader.address,
            "READER_MODEL": "qwen3.8-flash",
            "READER_SEES_PHOTOS": "true",
        }
        _, unasked = examined(tmp_path / "data", weights_folder, **settings)
        code, found = examined(tmp_path / "data", weights_folder, "--providers", **settings)
    works, wrong = "seedream/doubao-seedream-5-0-260128", "qwen/qwen-image-3.0-pro"
    assert not {works, wrong} & unasked.keys()
    assert (found[works]["verdict"], found[works]["fact"]) == ("ok", "密钥、地址和模型都可用。")
    assert (found[wrong]["verdict"], code) == ("fail", 1)
    assert "DASHSCOPE_API_KEY" in found[wrong]["fact"]
    assert "canary" not in json.dumps(found)
    assert ark.calls == dashscope.calls == 0
    for kind in ("文字", "图片"):
        finding = found[f"reader/qwen3.8-flash ({kind})"]
        assert finding["verdict"] == "ok"
        assert re.fullmatch(r"\d\.\d 秒内答复，花费 \$0\.000\d{3}", finding["fact"])
    assert reader.calls == 2


@pytest.mark.parametrize(
    ("says", "key", "fact", "remedy"),
    [
        ("I cannot say.", KEY, "the answer is not in the required form", "READER_MODEL"),
        (None, "sk-canary", "the key is not accepted", "Check READER_API_KEY."),
    ],
)
def test_failing_reader_is_reported_with_a_remedy(
    tmp_path: Path, says: str | None, key: str, fact: str, remedy: str
) -> None:
    with FakeChat() as reader:
        reader.says = says
        settings = Settings.model_validate(
            {
                "STILLROOM_DATA_DIR": tmp_path,
                "READER": "compatible",
                "READER_API_KEY": key,
                "READER_BASE_URL": reader.address,
                "READER_MODEL": "any",
            }
        )
        [finding] = asyncio.run(environment.reader_findings(settings, "en"))
    assert (finding.subject, finding.verdict) == ("reader/any (text)", "warn")
    assert finding.fact.startswith(fact)
    assert remedy in finding.remedy
    assert "canary" not in str(finding)


def test_blob_folder_that_cannot_be_written_is_named(tmp_path: Path, weights_folder: Path) -> None:
    blobs = tmp_path / "blobs"
    blobs.touch()
    code, found = examined(tmp_path / "data", weights_folder, STILLROOM_STORAGE_URL=str(blobs))
    assert (code, found["Storage"]["verdict"]) == (1, "fail")
    assert f"ls -ld {blobs}" in found["Storage"]["remedy"]


def test_a_store_that_cannot_be_reached_is_named(tmp_path: Path, weights_folder: Path) -> None:
    keys = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_REGION": "x"}
    settings = {**keys, "STILLROOM_STORAGE_URL": "s3://bucket/x", "AWS_ENDPOINT_URL": "http://127.0.0.1:1"}
    code, found = examined(tmp_path / "data", weights_folder, **settings)
    assert (code, found["Storage"]["verdict"]) == (1, "fail")
    assert "AWS_ENDPOINT_URL" in found["Storage"]["remedy"]


def test_reachable_store_is_reported_as_working(
    tmp_path: Path, weights_folder: Path, s3_server: S3Server, valkey_server_url: str
) -> None:
    s3_server.create_bucket("doctor")
    settings = {**s3_server.environment, "STILLROOM_STORAGE_URL": "s3://doctor/x"}
    code, found = examined(
        tmp_path / "data", weights_folder, STILLROOM_VALKEY_URL=f"{valkey_server_url}/0", **settings
    )
    assert (code, found["Storage"]["verdict"], found["Valkey"]["verdict"]) == (0, "ok", "ok")


def test_before_the_first_start_nothing_is_missing_and_nothing_is_made(
    tmp_path: Path, weights_folder: Path, postgres_url: str
) -> None:
    code, found = examined(tmp_path / "data", weights_folder)
    assert (code, found["Database"]["verdict"]) == (0, "ok")
    assert "will be made at the first start" in found["Database"]["fact"]
    assert not list((tmp_path / "data").glob("stillroom.db*"))
    _, found = examined(tmp_path / "data", weights_folder, STILLROOM_DATABASE_URL=postgres_url)
    assert "will be made at the first start" in found["Database"]["fact"]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_tables_of_an_earlier_release_are_named_and_left_as_they_are(
    tmp_path: Path, weights_folder: Path, postgres_server: PostgresServer, kind: str
) -> None:
    url = postgres_server.create_database() if kind == "postgresql" else f"sqlite:///{tmp_path}/old.db"
    asyncio.run(migrate(url, "0001"))
    code, found = examined(tmp_path / "data", weights_folder, STILLROOM_DATABASE_URL=url)
    assert (code, found["Database"]["verdict"], found["Storage"]["verdict"]) == (0, "warn", "ok")
    assert "needs: stillroom migrate" in found["Database"]["fact"]
    assert re.search("stillroom backup .*stillroom migrate", found["Database"]["remedy"])
    assert asyncio.run(rows_of_alembic_and_owners(url)) == (["0001"], [])


async def rows_of_alembic_and_owners(url: str) -> tuple[list[str], list[str]]:
    database = Database(url)
    async with database.begin(read_only=True) as connection:
        versions = await connection.scalars(sa.text("SELECT version_num FROM alembic_version"))
        owners = await connection.scalars(sa.text("SELECT id FROM owners"))
    await database.close()
    return list(versions), list(owners)


def test_a_database_of_a_later_release_is_named_by_doctor_and_server(
    tmp_path: Path, weights_folder: Path
) -> None:
    folder = tmp_path / "data"
    asyncio.run(migrate(f"sqlite:///{folder / 'stillroom.db'}"))
    with sqlite3.connect(folder / "stillroom.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    code, found = examined(folder, weights_folder)
    assert (code, found["Database"]["verdict"]) == (1, "fail")
    assert "9999" in found["Database"]["fact"]
    assert "pip install --upgrade" in found["Database"]["remedy"]
    assert f"move {folder / 'stillroom.db'} away" in found["Database"]["remedy"]
    run = forked.run(["migrate"], {**os.environ, "STILLROOM_DATA_DIR": str(folder)}, folder)
    assert run.returncode == 4
    assert run.stderr.count("\n") == 1


def test_networks_that_are_missing_or_damaged_are_named(tmp_path: Path, weights_folder: Path) -> None:
    code, found = examined(tmp_path / "none", None)
    assert (code, found["Networks"]["verdict"]) == (1, "fail")
    assert found["Networks"]["remedy"] == "Run: stillroom models fetch"
    damaged = tmp_path / "damaged" / "weights"
    damaged.mkdir(parents=True)
    for file in weights_folder.glob("u2netp*.onnx"):
        shutil.copy(file, damaged)
        with (damaged / file.name).open("r+b") as handle:
            handle.seek(1000)
            handle.write(b"damaged")
    code, found = examined(tmp_path / "damaged", None)
    assert (code, found["Networks"]["verdict"]) == (1, "fail")
    assert "is damaged" in found["Networks"]["fact"]
    assert "models fetch u2netp" in found["Networks"]["remedy"]


def test_the_network_that_cuts_out_is_named_with_its_licence(tmp_path: Path, weights_folder: Path) -> None:
    _, found = examined(tmp_path / "data", weights_folder, STILLROOM_DEVICE="cuda")
    assert found["Networks"]["fact"].startswith("isnet-1024 cuts out (Apache-2.0")
    assert "sam2-tiny" in found["Networks"]["fact"]
    assert (found["Device"]["verdict"], "onnxruntime-gpu" in found["Device"]["remedy"]) == ("warn", True)


def test_a_server_whose_pictures_are_made_elsewhere_needs_no_network(tmp_path: Path) -> None:
    code, found = examined(tmp_path / "data", None, STILLROOM_EMBEDDED_WORKER="false")
    assert (code, found["Networks"]["verdict"]) == (0, "warn")
    assert "workers fetch their own" in found["Networks"]["fact"]


@pytest.mark.parametrize(("host", "family"), [("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6)])
def test_a_port_that_is_taken_is_named(
    tmp_path: Path, weights_folder: Path, host: str, family: socket.AddressFamily
) -> None:
    try:
        taken = socket.create_server((host, 0), family=family)
    except OSError:
        pytest.skip(f"This machine has no address {host}.")
    with taken:
        port = taken.getsockname()[1]
        settings = {"STILLROOM_HOST": host, "STILLROOM_PORT": str(port)}
        _, found = examined(tmp_path / "data", weights_folder, **settings)
    assert found["Address"]["verdict"] == "warn"
    assert "already in use" in found["Address"]["fact"]
    assert f"stillroom serve --port {port + 1}" in found["Address"]["remedy"]


def test_findings_are_printed_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    finding = environment.Finding("Data folder", "fail", "/srv/[/b]: gone", "Run: mkdir /srv/[/b]")
    assert doctor.report([finding], as_json=False) == 1
    assert capsys.readouterr().out == "✗ Data folder: /srv/[/b]: gone\n    Run: mkdir /srv/[/b]\n"


@pytest.mark.parametrize(
    ("free", "verdict"),
    [
        (doctor.FREE_BYTES_WANTED, "ok"),
        (doctor.FREE_BYTES_WANTED - 1, "warn"),
        (doctor.FREE_BYTES_NEEDED + 1, "warn"),
        (doctor.FREE_BYTES_NEEDED, "fail"),
        (0, "fail"),
    ],
)
def test_a_disk_with_little_room_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    free: int,
    verdict: str,
) -> None:
    monkeypatch.setenv("STILLROOM_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free, total=1 << 40))
    asyncio.run(doctor.examine(load(), as_json=True))
    found = {finding["subject"]: finding for finding in json.loads(capsys.readouterr().out)}
    assert found["Data folder"]["verdict"] == verdict
    assert ("du -sh" in found["Data folder"]["remedy"]) == (verdict != "ok")


@contextmanager
def vendor_with_clock(ahead: timedelta) -> Iterator[str]:
    """Return the address of a server whose clock is ahead by this time."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Tests have their own words."""

        def date_time_string(self, timestamp: float | None = None) -> str:  # noqa: ARG002
            return format_datetime(datetime.now(UTC) + ahead, usegmt=True)

        def do_HEAD(self) -> None:
            self.send_response(404)
            self.end_headers()

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def clock_beside(monkeypatch: pytest.MonkeyPatch, **vendors: str) -> environment.Finding:
    """Finding about our clock when keys are set for vendors at these addresses."""
    for name, address in vendors.items():
        monkeypatch.setenv(f"{name}_API_KEY", "canary")
        monkeypatch.setenv(f"{name}_BASE_URL", address)
    (clock,) = (finding for finding in environment.findings(load()) if finding.subject == "Clock")
    return clock


@pytest.mark.parametrize(
    ("minutes", "verdict"), [(0, "ok"), (4, "ok"), (-4, "ok"), (10, "fail"), (-10, "fail"), (60 * 24, "fail")]
)
def test_a_clock_that_differs_from_a_vendors_is_named(
    monkeypatch: pytest.MonkeyPatch, minutes: int, verdict: str
) -> None:
    with vendor_with_clock(timedelta(minutes=minutes)) as address:
        clock = clock_beside(monkeypatch, GEMINI=address)
    assert clock.verdict == verdict
    assert ("timedatectl" in clock.remedy) == (verdict == "fail")


def test_one_vendor_whose_clock_is_wrong_does_not_make_ours_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    with vendor_with_clock(timedelta()) as right, vendor_with_clock(timedelta(days=1)) as wrong:
        assert clock_beside(monkeypatch, GEMINI=wrong, OPENAI=right).verdict == "ok"


def test_a_clock_that_lies_before_the_installation_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = tmp_path / "__init__.py"
    installed.touch()
    later = (datetime.now(UTC) + timedelta(days=1)).timestamp()
    os.utime(installed, (later, later))
    monkeypatch.setattr(stillroom, "__file__", str(installed))
    clock = clock_beside(monkeypatch)
    assert (clock.verdict, "before this release" in clock.fact) == ("fail", True)


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    code, found = examined(tmp_path / "cwd", None, STILLROOM_DATA_DIR=str(tmp_path / "file" / "data"))
    assert (code, found["Data folder"]["verdict"]) == (1, "fail")
    assert "STILLROOM_DATA_DIR" in found["Data folder"]["remedy"]
