"""The image of the Dockerfile holds nothing unpinned, and no tool of the build."""

import re
import subprocess
from pathlib import Path

from stillroom.domain.networks import DOWNLOADED_WITHOUT_ASKING
from tests.networks import PACKAGED

DEPLOY = Path(__file__).parents[2] / "deploy"


def stages() -> dict[str, list[str]]:
    """The instructions of each stage, continued lines joined."""
    text = re.sub(r"\\\n\s*", "", (DEPLOY / "Dockerfile").read_text())
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if start := re.fullmatch(r"FROM (\S+) AS (\w+)", line):
            found[start[2]] = [line]
        elif found and line and not line.startswith("#"):
            found[list(found)[-1]].append(line)
    return found


def test_image_runs_unprivileged_and_without_node() -> None:
    *_, (name, runtime) = stages().items()
    assert name == "studio"
    assert "${PYTHON_IMAGE}" in runtime[0]
    copied = {stage for line in runtime for stage in re.findall(r"--from=(\w+)", line)}
    assert copied == {"packages", "networks"}
    assert [line for line in [*runtime, *stages()["packages"]] if re.search(r"\b(npm|node)\b", line)] == []
    users = [line for line in runtime if line.startswith("USER ")]
    assert users == ["USER 10001"]


def test_every_installed_package_is_pinned_by_hash() -> None:
    installs = [
        line for lines in stages().values() for line in lines if re.search(r"\b(pip|npm|apt-get)\b", line)
    ]
    pinned = re.compile(r"--require-hashes|--no-index|npm ci|npm run|npm-cli")
    assert len(installs) >= 6
    assert [line for line in installs if not pinned.search(line)] == []
    for lock in ("build.lock", "requirements.lock"):
        entries = re.split(r"^(?=[a-z])", (DEPLOY / lock).read_text(), flags=re.MULTILINE)[1:]
        assert entries
        assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_image_holds_every_file_of_the_default_networks_and_nothing_of_the_building_machine(
    tmp_path: Path,
) -> None:
    defaults = [card for card in PACKAGED if card.default_use in DOWNLOADED_WITHOUT_ASKING]
    weights = {file.name for card in defaults for file in card.files}
    measured = {"engines.json", "engines.lock", "u2netp.lock", "u2netp.mnn", "u2netp.mnn.weight"}
    for name in weights | measured:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (removal,) = [line.removeprefix("RUN ") for line in stages()["networks"] if "-delete" in line]
    subprocess.run(["sh", "-c", removal.replace("/data/weights", str(tmp_path))], check=True)
    left = {str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*") if file.is_file()}
    assert left == weights
    assert "COPY --from=networks /data/weights /usr/share/stillroom/weights/" in stages()["studio"]
