"""The deployment files, checked without an engine to run them."""

import os
import re
import shlex
import subprocess
import sysconfig
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from stillroom.settings import Settings, alias_of
from tests.deploy.tools import debian_tool

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
SCRIPTS = Path(sysconfig.get_path("scripts"))
NO_OBJECTS = {"kustomization.yaml", "metrics-adapter.yaml"}
NOT_APPLIED = NO_OBJECTS | {"secret.example.yaml", "backup.example.yaml"}
MANIFESTS = sorted(set((DEPLOY / "kubernetes").glob("*.yaml")))


def checked(*command: str | Path) -> str:
    """Return the output of a checker; fail with it when it complains."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def documents(path: Path) -> list[dict[str, Any]]:
    """All documents of a YAML file."""
    return [document for document in yaml.safe_load_all(path.read_text()) if document]


def pods() -> list[tuple[str, dict[str, Any]]]:
    """Every pod that a manifest asks for, by the name of what asks for it."""
    found = []
    for path in MANIFESTS:
        for document in documents(path):
            template = document.get("spec", {}).get("template", {})
            if "containers" in template.get("spec", {}):
                found.append((document["metadata"]["name"], template["spec"]))
    return found


def test_dockerfile_passes_hadolint() -> None:
    checked(SCRIPTS / "hadolint", DEPLOY / "Dockerfile")


def test_the_image_gets_the_packages_that_are_tested() -> None:
    def pins(lock: Path) -> set[str]:
        return set(re.findall(r"^([\w.\-\[\]]+==[^ \\;]+)", lock.read_text(), re.MULTILINE))

    assert pins(DEPLOY / "requirements.lock") <= pins(ROOT / "requirements.lock")


def test_the_compose_file_follows_its_schema() -> None:
    checked(SCRIPTS / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", DEPLOY / "compose.yaml")


def test_each_compose_service_has_a_health_check() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    # The image brings the check of the server.
    unwatched = [name for name, service in services.items() if "healthcheck" not in service and name != "api"]
    assert unwatched == []
    assert "HEALTHCHECK" in (DEPLOY / "Dockerfile").read_text()


@pytest.mark.parametrize("manifest", [path for path in MANIFESTS if path.name not in NO_OBJECTS], ids=str)
def test_each_manifest_follows_the_schema_of_its_kind(manifest: Path) -> None:
    checked(SCRIPTS / "kubernetes-validate", "--strict", manifest)


def test_every_manifest_is_applied() -> None:
    (kustomization,) = documents(DEPLOY / "kubernetes" / "kustomization.yaml")
    assert set(kustomization["resources"]) == {path.name for path in MANIFESTS} - NOT_APPLIED


def test_pods_are_unprivileged_read_only_and_limited() -> None:
    assert [name for name, _ in pods()] == [
        "stillroom-api",
        "stillroom-backup",
        "stillroom-migrate",
        "stillroom-worker",
    ]
    for name, pod in pods():
        assert pod["securityContext"]["runAsNonRoot"], name
        for container in [*pod["containers"], *pod.get("initContainers", [])]:
            security = container["securityContext"]
            assert security["readOnlyRootFilesystem"], name
            assert not security["allowPrivilegeEscalation"], name
            assert security["capabilities"]["drop"] == ["ALL"], name
            assert "memory" in container["resources"]["limits"], name


def test_variables_that_kubernetes_adds_for_services_are_not_taken_for_settings() -> None:
    assert "stillroom" in objects("Service"), "so pods would get STILLROOM_PORT=tcp://…"
    assert [name for name, pod in pods() if pod.get("enableServiceLinks", True)] == []


def objects(kind: str) -> dict[str, dict[str, Any]]:
    """All objects of a kind, by name."""
    found = [document for path in MANIFESTS for document in documents(path) if document.get("kind") == kind]
    return {document["metadata"]["name"]: document for document in found}


def test_ingress_uses_no_annotation_that_controllers_refuse_by_default() -> None:
    for ingress in objects("Ingress").values():
        assert ingress["spec"]["ingressClassName"]
        annotations = ingress["metadata"].get("annotations", {})
        assert [name for name in annotations if name.endswith("-snippet")] == []


def test_ingress_exposes_the_servers_but_not_their_metrics() -> None:
    def selected(path: str) -> dict[str, str]:
        """The labels of whom the ingress asks: the longest prefix wins."""
        (rule,) = objects("Ingress")["stillroom"]["spec"]["rules"]
        fitting = [
            one for one in rule["http"]["paths"] if f"{path}/".startswith(one["path"].rstrip("/") + "/")
        ]
        backend = max(fitting, key=lambda one: len(one["path"]))["backend"]["service"]
        service = objects("Service")[backend["name"]]
        assert backend["port"]["name"] in {port["name"] for port in service["spec"]["ports"]}
        labels: dict[str, str] = service["spec"].get("selector", {})
        return labels

    assert selected("/") == selected("/job/1") == {"app": "stillroom", "part": "api"}
    assert selected("/metrics") == selected("/metrics/") == {}


@pytest.mark.parametrize("name", ["stillroom-api", "stillroom-worker"])
def test_init_container_installs_networks_before_servers_and_workers_start(name: str) -> None:
    pod = dict(pods())[name]
    (container,) = pod["initContainers"]
    (program,) = container["args"]
    assert f"COPY deploy/{program} " in (DEPLOY / "Dockerfile").read_text()
    assert os.access(DEPLOY / program, os.X_OK)
    assert container["image"] == pod["containers"][0]["image"]
    assert {"name": "data", "mountPath": "/data"} in container["volumeMounts"]


def test_every_resource_of_a_pod_has_a_limit() -> None:
    for name, pod in pods():
        for container in [*pod["containers"], *pod.get("initContainers", [])]:
            for kind in ("requests", "limits"):
                assert container["resources"][kind].keys() == {"cpu", "memory", "ephemeral-storage"}, name
        for volume in pod["volumes"]:
            assert "emptyDir" not in volume or volume["emptyDir"]["sizeLimit"], name


def test_pods_reach_their_own_services_and_only_servers_and_workers_the_internet() -> None:
    policies = objects("NetworkPolicy")
    inside, clouds = policies["stillroom"]["spec"], policies["stillroom-clouds"]["spec"]
    assert set(inside["policyTypes"]) == {"Ingress", "Egress"}
    assert inside["podSelector"] == {"matchLabels": {"app": "stillroom"}}
    assert [peer for rule in inside["egress"] for peer in rule["to"] if "ipBlock" in peer] == []
    ports = {port["port"] for rule in inside["egress"] for port in rule["ports"]}
    (settings,) = documents(DEPLOY / "kubernetes" / "settings.yaml")
    for setting in ("STILLROOM_VALKEY_URL", "AWS_ENDPOINT_URL"):
        assert urlsplit(settings["data"][setting]).port in ports
    assert ports == {53, 5432, 6379, 8333}
    (who,) = clouds["podSelector"]["matchExpressions"]
    assert set(who["values"]) == {"api", "worker"}
    (rule,) = clouds["egress"]
    assert rule["ports"] == [{"port": 443}]
    for address in ("10.1.2.3", "169.254.169.254", "192.168.1.1", "fd00::1"):
        peers = [peer["ipBlock"] for peer in rule["to"]]
        assert not any(
            ip_address(address) in ip_network(peer["cidr"])
            and not any(ip_address(address) in ip_network(net) for net in peer["except"])
            for peer in peers
        ), address


def test_backup_is_written_to_and_restored_from_a_persistent_volume() -> None:
    file = DEPLOY / "kubernetes" / "backup.example.yaml"
    (kustomization,) = documents(DEPLOY / "kubernetes" / "kustomization.yaml")
    (image,) = kustomization["images"]
    claim, backup = documents(file)
    pod = backup["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert container["image"] == f"{image['newName']}:{image['newTag']}"
    folder = Path(container["args"][-1])
    (mount,) = [one for one in container["volumeMounts"] if Path(one["mountPath"]) in folder.parents]
    volume = next(one for one in pod["volumes"] if one["name"] == mount["name"])
    assert volume["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]
    assert container["args"] == ["stillroom", "backup", str(folder)]

    (command,) = re.findall(r"^# +(sed .+)$", file.read_text(), re.MULTILINE)
    told = subprocess.run(shlex.split(command), cwd=file.parent, capture_output=True, text=True, check=True)
    same_claim, restore = yaml.safe_load_all(told.stdout)
    container["args"][1] = "restore"
    backup["metadata"]["name"] = "stillroom-restore"
    assert (same_claim, restore) == (claim, backup)


def test_every_environment_variable_of_the_manifests_is_a_known_setting() -> None:
    known = {alias_of(field) for field in Settings.model_fields}
    texts = [path.read_text() for path in [*MANIFESTS, *DEPLOY.glob("*ompose.yaml"), DEPLOY / "Dockerfile"]]
    named = set(
        re.findall(r"\b((?:STILLROOM|AI|GEMINI|OPENAI|SORA|ARK|DASHSCOPE)_[A-Z_]+)\b", "\n".join(texts))
    )
    assert named
    assert named <= known


def test_servers_behind_a_proxy_trust_only_private_networks() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["api"]["environment"]
    (cluster,) = documents(DEPLOY / "kubernetes" / "settings.yaml")
    for settings in (compose, cluster["data"]):
        named = re.sub(r"\$\{\w+:-(.*)\}", r"\1", settings["FORWARDED_ALLOW_IPS"])
        assert all(ip_network(network).is_private for network in named.split(","))


def test_prometheus_can_read_its_configuration() -> None:
    folder = DEPLOY / "prometheus"
    checked(debian_tool("promtool"), "check", "config", folder / "prometheus.yml")


def test_each_alert_fires_on_its_condition_and_not_just_below_it() -> None:
    folder = DEPLOY / "prometheus"
    checked(debian_tool("promtool"), "test", "rules", folder / "alerts.test.yml")
    (rules,) = documents(folder / "alerts.yml")[0]["groups"]
    tests = documents(folder / "alerts.test.yml")[0]["tests"]
    fired = {
        case["alertname"] for test in tests for case in test["alert_rule_test"] if case.get("exp_alerts")
    }
    assert fired == {rule["alert"] for rule in rules["rules"]}


def test_each_alert_is_explained_in_the_operators_guide() -> None:
    guide = (ROOT / "docs" / "operations.md").read_text()
    headings = {heading.lower() for heading in re.findall(r"^#+ (\w+)$", guide, re.MULTILINE)}
    for rule in documents(DEPLOY / "prometheus" / "alerts.yml")[0]["groups"][0]["rules"]:
        page, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert page == "docs/operations.md"
        assert anchor in headings
