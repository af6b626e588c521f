"""The resolved compose file: environment, resource limits, networks and image references."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from dotenv import dotenv_values

from stillroom.settings import Settings, alias_of

DEPLOY = Path(__file__).parents[2] / "deploy"
STUDIO = ("api", "worker", "migrate")
EXAMPLE = {name: value or "" for name, value in dotenv_values(DEPLOY / ".env.example").items()}
CONNECTIONS_PER_PROCESS = 22
"""The pool of transactions with its overflow (20), and one each for the heartbeat and for notifications."""

VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^${}]*))?\}")


def interpolated(text: str, values: dict[str, str]) -> str:
    """Fill in variables as Compose does: an empty value counts as none, and defaults may nest."""

    def value_of(match: re.Match[str]) -> str:
        name, kind, otherwise = match.groups()
        assert kind != "?" or values.get(name), f"{name}: {otherwise}"
        return values.get(name) or otherwise or ""

    while (filled := VARIABLE.sub(value_of, text)) != text:
        text = filled
    return text


def compose(values: dict[str, str]) -> dict[str, Any]:
    """The compose file with the variables of an `.env` filled in."""
    read: dict[str, Any] = yaml.safe_load(interpolated((DEPLOY / "compose.yaml").read_text(), values))
    return read


def services() -> dict[str, dict[str, Any]]:
    """Every service, with the example's variables."""
    found: dict[str, dict[str, Any]] = compose(EXAMPLE)["services"]
    return found


def environment(service: dict[str, Any], values: dict[str, str]) -> dict[str, str]:
    """Environment of a container: its own variables win over the files it names."""
    from_files = values if ".env" in service.get("env_file", []) else {}
    own: dict[str, str] = service["environment"]
    return from_files | own


@pytest.mark.parametrize("name", STUDIO)
def test_every_setting_of_the_env_file_reaches_the_studio(name: str) -> None:
    given = {alias_of(field): f"given-{field}" for field in Settings.model_fields}
    values = EXAMPLE | given
    assert environment(compose(values)["services"][name], values).items() >= given.items()


@pytest.mark.parametrize("name", STUDIO)
def test_the_studio_gets_no_password_of_another_service(name: str) -> None:
    got = environment(services()[name], EXAMPLE)
    assert EXAMPLE["GRAFANA_PASSWORD"] not in got.values()
    assert not got["POSTGRES_PASSWORD"]


@pytest.mark.parametrize("name", services())
def test_each_container_has_few_privileges_and_resource_limits(name: str) -> None:
    service = services()[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert {"mem_limit", "cpus", "pids_limit"} <= service.keys()
    assert any(mount.startswith("/tmp:") for mount in service["tmpfs"])
    assert all("size=" in mount for mount in service["tmpfs"])


def test_only_servers_and_workers_reach_the_internet() -> None:
    networks = compose(EXAMPLE)["networks"]
    assert networks["inside"]["internal"]
    masquerade = "com.docker.network.bridge.enable_ip_masquerade"
    assert networks["published"]["driver_opts"][masquerade] == "false"
    outside = {name for name, service in services().items() if "outside" in service["networks"]}
    assert outside == {"api", "worker"}
    for name in ("postgres", "valkey", "s3", "migrate"):
        assert services()[name]["networks"] == ["inside"]


def test_postgresql_accepts_all_connections_of_a_server_and_the_documented_number_of_workers() -> None:
    documented = re.search(r"--scale worker=(\d+)", (DEPLOY / "compose.yaml").read_text())
    assert documented is not None
    settings = dict(option.split("=") for option in services()["postgres"]["command"] if "=" in option)
    assert int(settings["max_connections"]) > CONNECTIONS_PER_PROCESS * (1 + int(documented[1]))


def test_each_image_is_named_by_a_full_version() -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    images = re.findall(r"\$\{[A-Z0-9]+_IMAGE:-([^}]+)\}", text)
    assert len(images) == 7
    assert [image for image in images if not re.search(r":v?\d+\.\d+", image)] == []
    named = re.findall(r"^ARG [A-Z]+_IMAGE=(.+)$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    assert set(named) <= set(images)
    taken = {image["image"] for image in services().values()}
    assert taken - {"stillroom:latest"} <= set(images)


def test_pinning_writes_digests_that_compose_accepts_and_changes_nothing_else(tmp_path: Path) -> None:
    digest = f"sha256:{'5' * 64}"
    for name in ("compose.yaml", "pin-images"):
        (tmp_path / name).write_bytes((DEPLOY / name).read_bytes())
    (tmp_path / ".env").write_text(f"{(DEPLOY / '.env.example').read_text()}POSTGRES_IMAGE=postgres:1\n")
    # Stands for Docker, which would ask a registry.
    (tmp_path / "docker").write_text(f"#!/bin/sh\necho {digest}\n")
    (tmp_path / "docker").chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    for _ in range(2):
        subprocess.run(["bash", "pin-images"], cwd=tmp_path, env={"PATH": path}, check=True)
    values = {name: value or "" for name, value in dotenv_values(tmp_path / ".env").items()}
    assert values.items() >= EXAMPLE.items()
    pinned = compose(values)["services"]
    assert pinned["postgres"]["image"] == f"postgres:18.6@{digest}"
    assert all(service["image"].endswith(digest) for service in pinned.values() if "build" not in service)
    assert all(image.endswith(digest) for image in pinned["api"]["build"]["args"].values())


def test_networks_of_a_newer_image_replace_older_ones_and_keep_others(tmp_path: Path) -> None:
    image, data = tmp_path / "image", tmp_path / "data"
    (data / "weights").mkdir(parents=True)
    (image / "sam2-tiny").mkdir(parents=True)
    for file, text in ((data / "weights" / "u2netp.onnx", "old"), (data / "weights" / "own.onnx", "own")):
        file.write_text(text)
        os.utime(file, (1, 1))
    (image / "u2netp.onnx").write_text("new")
    (image / "sam2-tiny" / "encoder.ort").write_text("new")
    for _ in range(2):
        subprocess.run(
            ["sh", DEPLOY / "copy-networks", image],
            env={"PATH": os.environ["PATH"], "STILLROOM_DATA_DIR": str(data)},
            check=True,
        )
    weights = data / "weights"
    assert {
        str(file.relative_to(weights)): file.read_text() for file in weights.rglob("*") if file.is_file()
    } == {"u2netp.onnx": "new", "own.onnx": "own", "sam2-tiny/encoder.ort": "new"}
