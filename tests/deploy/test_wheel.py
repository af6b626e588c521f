"""The wheel: everything in it, and no node and no source tree needed."""

import ast
import importlib.metadata
import itertools
import signal
import subprocess
import sys
import sysconfig
import time
import tomllib
import zipfile
from pathlib import Path

import httpx
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.servers.ports import free_ports

ROOT = Path(__file__).parents[2]
START_SECONDS = 60


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as for a release."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--no-deps",
            "--no-build-isolation",
            "-w",
            folder,
            ROOT,
        ],
        check=True,
    )
    (built,) = folder.glob("stillroom-*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel; the packages it asks for are lent by the tests' own."""
    folder = tmp_path_factory.mktemp("clean") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    library = next((folder / "lib").glob("python3*")) / "site-packages"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", library, wheel],
        check=True,
    )
    (library / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin" / "python"


def test_wheel_contains_page_catalogue_and_licences(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "stillroom/page/index.html" in names
    assert "stillroom/page/licenses.md" in names
    assert "stillroom/catalog/exports.config.json" in names
    assert any(name.startswith("stillroom/catalog/plates/") for name in names)
    assert {"LICENSE", "NOTICE"} <= {Path(name).name for name in names if ".dist-info/licenses/" in name}
    assert not [name for name in names if name.startswith(("tests/", "ui/")) or "node_modules" in name]


def test_every_package_that_is_imported_is_declared() -> None:
    """Run in a clean environment, because the tests' own environment contains more packages."""
    imported = {
        name.split(".")[0]
        for path in (ROOT / "src").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        for name in imports_of(node)
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked_for = [*project["dependencies"], *itertools.chain(*project["optional-dependencies"].values())]
    declared = {canonicalize_name(Requirement(one).name) for one in asked_for}
    carried_by = importlib.metadata.packages_distributions()
    missing = {
        module
        for module in imported - set(sys.stdlib_module_names) - {"stillroom"}
        if not {canonicalize_name(name) for name in carried_by.get(module, [])} & declared
    }
    assert missing == set()


def imports_of(node: ast.AST) -> list[str]:
    """The modules that a statement imports, with their full names."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module is not None:
        return [node.module]
    return []


def test_wheel_serves_the_page_and_makes_a_picture_without_node(
    python: Path, tmp_path: Path, weights_folder: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "weights").symlink_to(weights_folder)
    (port,) = free_ports(1)
    environment = {
        "PATH": str(python.parent),
        "HOME": str(tmp_path),
        "STILLROOM_DATA_DIR": str(data),
        "STILLROOM_PORT": str(port),
        "STILLROOM_MATTE_QUALITY": "fast",
    }
    where = [str(python), "-c", "import stillroom; print(stillroom.__file__)"]
    used = subprocess.run(where, env=environment, cwd=tmp_path, check=True, capture_output=True, text=True)
    assert Path(used.stdout).is_relative_to(python.parents[1]), "the source tree is not asked"
    server = subprocess.Popen([python, "-m", "stillroom", "serve"], env=environment, cwd=tmp_path)
    try:
        home = first_answer(f"http://127.0.0.1:{port}/", server)
        assert home.status_code == 200
        assert '<div id="root">' in home.text
        script = home.text.partition('src="')[2].partition('"')[0]
        assert (
            httpx.get(f"http://127.0.0.1:{port}{script}")
            .headers["content-type"]
            .startswith("text/javascript")
        )
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)
    photo = ROOT / "golden" / "images" / "mug_kitchen.jpg"
    command = [python, "-m", "stillroom", "edit", photo, "-o", tmp_path / "out", "--preset", "amazon-main"]
    subprocess.run([str(part) for part in command], env=environment, cwd=tmp_path, check=True, timeout=300)
    assert [file.suffix for file in (tmp_path / "out").rglob("*.jpg")] == [".jpg"]


def first_answer(url: str, server: subprocess.Popen[bytes]) -> httpx.Response:
    """Return its first answer."""
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        assert server.poll() is None, "the server ended"
        try:
            return httpx.get(url, timeout=10)
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("The server does not answer")
