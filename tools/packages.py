"""Installs the locked packages, and Stillroom in place, into the environment that runs this.

pip installs uv, which takes about half the time for the rest. uv does not read pip's configuration, so it is
told the package index, certificate and proxy that pip would use. What uv cannot install, pip installs.
"""

import ast
import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements.lock"
PIP = [sys.executable, "-m", "pip"]
# Few of the modules are ever imported: to compile all of them takes longer than to compile those.
INSTALL = [*PIP, "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
LOCKED = ["--require-hashes", "--requirement"]
IN_PLACE = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]

UV_VARIABLES: Mapping[str, tuple[str, str]] = {
    "index-url": ("UV_DEFAULT_INDEX", " "),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "trusted-host": ("UV_INSECURE_HOST", " "),
    "cert": ("SSL_CERT_FILE", " "),
    "client-cert": ("SSL_CLIENT_CERT", " "),
    "proxy": ("ALL_PROXY", " "),
    "default-timeout": ("UV_HTTP_TIMEOUT", " "),
    "timeout": ("UV_HTTP_TIMEOUT", " "),
}
"""uv's variable for each of pip's settings, and what separates its values."""

SECTIONS = ("global", "install", ":env:")
"""Sections of pip's configuration, the stronger one later."""


def main() -> None:
    """Install everything."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as pin:
        pin.write("".join(lines_of("uv", LOCK.read_text("utf-8"))))
        pin.flush()
        subprocess.run([*INSTALL, *LOCKED, pin.name], check=True)
    listed = subprocess.run([*PIP, "config", "list"], check=True, capture_output=True, text=True).stdout
    # A version counts from whichever index has it, as for pip; the hashes decide what may be installed.
    environment = {"UV_INDEX_STRATEGY": "unsafe-best-match"} | uv_variables(listed) | dict(os.environ)
    program = Path(sysconfig.get_path("scripts"), "uv")
    uv = [str(program), "pip", "install", "--quiet", "--python", sys.executable]
    if subprocess.run([*uv, *LOCKED, str(LOCK)], check=False, env=environment).returncode:
        print("uv could not install the packages; pip installs them, which takes longer", file=sys.stderr)
        subprocess.run([*INSTALL, *LOCKED, str(LOCK)], check=True)
    subprocess.run([*INSTALL, *IN_PLACE], check=True)


def lines_of(package: str, lock: str) -> Iterator[str]:
    """The lines of a lock file that pin one package."""
    inside = False
    for line in lock.splitlines(keepends=True):
        if not line.startswith((" ", "#")):
            inside = line.startswith(f"{package}==")
        if inside:
            yield line


def uv_variables(listed: str) -> dict[str, str]:
    """Environment variables that make uv do what `pip config list` shows."""
    told: dict[str, str] = {}
    by_section = dict(line.split("=", 1) for line in listed.splitlines() if "=" in line)
    for section in SECTIONS:
        for name, (variable, separator) in UV_VARIABLES.items():
            if written := by_section.get(f"{section}.{name}"):
                told[variable] = separator.join(str(ast.literal_eval(written)).split())
    return told


if __name__ == "__main__":
    main()
