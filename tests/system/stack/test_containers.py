"""compose.yaml: by its published schema where Debian's docker-compose has it, and for what it mounts.

No engine is needed for that: the containers run in tests/system/compose.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.integration.rules.promtool import run
from tests.system.stack.containers import seen_by, services


def docker_compose(stack: Path, text: str) -> "subprocess.CompletedProcess[str]":
    """What Debian's docker-compose says of a file; it needs no engine for that."""
    program = shutil.which("docker-compose")
    if program is None:
        pytest.skip("there is no docker-compose: apt-get install docker-compose")
    (stack / "tried.yaml").write_text(text)
    return subprocess.run(
        [program, "-f", str(stack / "tried.yaml"), "config", "-q"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_file_is_what_the_published_schema_asks_for(stack: Path) -> None:
    done = docker_compose(stack, (stack / "compose.yaml").read_text())
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("right", "wrong"), [("restart:", "restarts:"), ("test: [", "tests: [")])
def test_what_the_schema_does_not_know_is_found(stack: Path, right: str, wrong: str) -> None:
    done = docker_compose(stack, (stack / "compose.yaml").read_text().replace(right, wrong))
    assert done.returncode != 0


def test_every_file_that_is_mounted_exists_and_nobody_in_a_container_can_write_it(stack: Path) -> None:
    for service in services(stack).values():
        for mount in service.mounts:
            if not mount.is_volume:
                assert (stack / mount.source).exists(), mount
                assert mount.options == "ro", mount


def test_every_volume_and_network_is_declared_and_used(stack: Path) -> None:
    document = yaml.safe_load((stack / "compose.yaml").read_text())
    all_services = services(stack).values()
    mounted = {mount.source for each in all_services for mount in each.mounts if mount.is_volume}
    assert mounted == set(document["volumes"])
    assert {name for each in all_services for name in each.says["networks"]} == set(document["networks"])
    assert {name for each in all_services for name in each.says.get("depends_on", ())} <= set(services(stack))


def test_every_path_that_a_command_or_the_environment_names_is_mounted(stack: Path) -> None:
    for service in services(stack).values():
        named = [*service.flags.values(), *map(str, service.says.get("environment", {}).values())]
        for path in named:
            if path.startswith("/"):
                assert service.covers(path), (service.name, path)


def test_images_are_pinned_and_ports_are_this_machine_s_own(stack: Path) -> None:
    for service in services(stack).values():
        assert re.fullmatch(r"\w+/\w+:v?\d+\.\d+\.\d+", service.says["image"])
        for port in service.says["ports"]:
            assert port.startswith("127.0.0.1:")
            # The health check asks the port that is published.
            assert f":{port.rpartition(':')[2]}/" in service.says["healthcheck"]["test"][-1]


def test_no_password_stands_in_the_file_and_no_container_sees_what_is_not_its_own(stack: Path) -> None:
    environment = {
        name: value
        for each in services(stack).values()
        for name, value in each.says.get("environment", {}).items()
    }
    assert [name for name in environment if "PASSWORD" in name] == ["GF_SECURITY_ADMIN_PASSWORD__FILE"]
    for service in services(stack).values():
        of_secrets = [mount.source for mount in service.mounts if "secrets" in mount.source]
        assert of_secrets == [f"./secrets/{service.name}"]


def test_users_of_their_own_in_containers_can_read_what_they_see(stack: Path) -> None:
    for service in services(stack).values():
        for mount in service.mounts:
            source = stack / mount.source
            if mount.is_volume:
                continue
            for path in (source, *source.rglob("*")):
                assert path.stat().st_mode & (0o005 if path.is_dir() else 0o004), path


@pytest.mark.usefixtures("promtool")
def test_promtool_finds_nothing_wrong_with_what_prometheus_sees(stack: Path, tmp_path: Path) -> None:
    service = services(stack)["prometheus"]
    root = seen_by(service, stack, tmp_path / "root")
    done = run("check", "config", root / service.flags["--config.file"].lstrip("/"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "SUCCESS: 2 rule files found" in done.stdout
    assert "WARNING" not in done.stdout + done.stderr


@pytest.mark.usefixtures("amtool")
def test_amtool_finds_nothing_wrong_with_what_alertmanager_sees(stack: Path, tmp_path: Path) -> None:
    service = services(stack)["alertmanager"]
    root = seen_by(service, stack, tmp_path / "root")
    program = shutil.which("amtool")
    assert program
    done = subprocess.run(
        [program, "check-config", root / service.flags["--config.file"].lstrip("/")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_servers_find_each_other_by_the_names_of_their_services(stack: Path) -> None:
    known = services(stack)
    (group,) = yaml.safe_load((stack / "compose/alertmanagers.yml").read_text())
    (alertmanager,) = group["targets"]
    environment = known["grafana"].says["environment"]
    urls = [
        environment["EDGED_PROMETHEUS_URL"],
        environment["EDGED_ALERTMANAGER_URL"],
        f"http://{alertmanager}",
    ]
    for url in urls:
        name, port = url.removeprefix("http://").split(":")
        assert known[name].says["ports"] == [f"127.0.0.1:{port}:{port}"]
