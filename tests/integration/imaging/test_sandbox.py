"""Forbidden system calls, tried from within a process that is confined as decoders are."""

import os
import subprocess
import sys

import pytest

TRY = """
import json, os, signal, socket, sys, threading
from stillroom.imaging.io import decoder_child
from stillroom.imaging.io.sandbox import confine
decoder_child.load_libraries()
parent = os.getppid()
print(json.dumps([list(confine()), len(threading.enumerate())]))
def attempt():
    {attempt}
try:
    attempt()
except OSError as error:
    print("refused", error.errno)
else:
    print("done")
"""

ATTEMPTS = {
    "open a socket": ("socket.socket()", "seccomp"),
    "read a file that all may read": ("open('/etc/passwd').read()", "landlock"),
    "list a folder": ("os.listdir('/')", "landlock"),
    "write a file": ("open('/tmp/stillroom-decoder', 'w')", "landlock"),
    "read the server's environment": ("open(f'/proc/{parent}/environ', 'rb').read()", "landlock"),
    "signal the server": ("os.kill(parent, 0)", "seccomp"),
    "run a program": ("os.execv(sys.executable, [sys.executable, '-c', ''])", "seccomp"),
    "become root again": ("os.setuid(0)", "uid"),
}


def tried(attempt: str) -> tuple[str, str]:
    """State of the process, and the end of the attempt."""
    done = subprocess.run(
        [sys.executable, "-c", TRY.replace("{attempt}", attempt)],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    holds, ended = done.stdout.splitlines()
    return holds, ended


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have neither Landlock nor seccomp")
@pytest.mark.parametrize("what", ATTEMPTS)
def test_sandboxed_process_cannot(what: str) -> None:
    attempt, measure = ATTEMPTS[what]
    holds, ended = tried(attempt)
    if measure not in holds:
        pytest.skip(f"this kernel or account has no {measure}: {holds}")
    assert ended.startswith("refused")
