"""Worker names: one running process each, reused after its end."""

import subprocess
import sys
from pathlib import Path

from stillroom.storage.worker_names import worker_name

TAKE_AND_WAIT = (
    "import sys; from pathlib import Path; from stillroom.storage.worker_names import worker_name\n"
    "with worker_name(Path(sys.argv[1])) as name: print(name, flush=True); sys.stdin.read()"
)


def test_concurrent_workers_get_different_names(tmp_path: Path) -> None:
    with worker_name(tmp_path) as one, worker_name(tmp_path) as other:
        assert one != other


def test_a_released_name_is_reused(tmp_path: Path) -> None:
    with worker_name(tmp_path) as before:
        pass
    with worker_name(tmp_path) as after:
        assert after == before


def test_the_name_of_a_killed_process_is_free_and_that_of_a_running_one_is_not(tmp_path: Path) -> None:
    command = [sys.executable, "-c", TAKE_AND_WAIT, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as living:
        assert living.stdout is not None, "it is a pipe"
        theirs = living.stdout.readline().strip()
        with worker_name(tmp_path) as ours:
            assert ours != theirs
        living.kill()
        living.wait()
        with worker_name(tmp_path) as inherited:
            assert inherited == theirs


def test_folders_have_names_of_their_own(tmp_path: Path) -> None:
    with worker_name(tmp_path / "one") as one, worker_name(tmp_path / "other") as other:
        assert one != other
