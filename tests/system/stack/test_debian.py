"""The steps for Debian in README.md: what they install is whole, and means the same as the containers."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.integration.rules.promtool import run
from tests.system.stack.checkout import steps
from tests.system.stack.containers import services
from tests.system.stack.debian import words_of

PROMETHEUS = "etc/systemd/system/prometheus.service.d/edged.conf"
ALERTMANAGER = "etc/systemd/system/prometheus-alertmanager.service.d/edged.conf"
GRAFANA = "etc/systemd/system/grafana-server.service.d/edged.conf"


@pytest.mark.usefixtures("promtool")
def test_promtool_finds_nothing_wrong(debian: Path) -> None:
    done = run("check", "config", debian / "etc/prometheus/edged/prometheus.yml")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "SUCCESS: 2 rule files found" in done.stdout
    assert "WARNING" not in done.stdout + done.stderr


@pytest.mark.usefixtures("amtool")
def test_amtool_finds_nothing_wrong(debian: Path) -> None:
    program = shutil.which("amtool")
    assert program
    path = debian / "etc/prometheus/edged/alertmanager.yml"
    done = subprocess.run([program, "check-config", path], capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("drop_in", [PROMETHEUS, ALERTMANAGER])
def test_every_path_that_a_drop_in_names_is_there(debian: Path, drop_in: str) -> None:
    values = [word.partition("=")[2] for word in words_of(debian / drop_in)]
    paths = [value for value in values if value.startswith("/")]
    assert paths
    assert [path for path in paths if not (debian / path.lstrip("/")).exists()] == []


@pytest.mark.parametrize("drop_in", [PROMETHEUS, ALERTMANAGER, GRAFANA])
def test_a_drop_in_goes_where_it_says(debian: Path, drop_in: str) -> None:
    assert (debian / drop_in).read_text().startswith(f"# /{drop_in}\n")


@pytest.mark.parametrize(("drop_in", "service"), [(PROMETHEUS, "prometheus"), (ALERTMANAGER, "alertmanager")])
def test_servers_listen_on_this_machine_only_and_take_the_flags_of_the_containers(
    debian: Path, stack: Path, drop_in: str, service: str
) -> None:
    flags = dict(word.split("=", 1) for word in words_of(debian / drop_in)[1:])
    (port,) = services(stack)[service].says["ports"]
    assert flags.pop("--web.listen-address") == port.rpartition(":")[0]
    theirs = services(stack)[service].flags
    # Debian's own directories are right as they are.
    for name in ("--config.file", "--storage.tsdb.path", "--storage.path"):
        theirs.pop(name, None)
        flags.pop(name, None)
    assert flags == theirs


def test_grafana_takes_what_the_containers_tell_it_from_places_that_exist(debian: Path, stack: Path) -> None:
    environment = dict(
        line.removeprefix("Environment=").split("=", 1)
        for line in (debian / GRAFANA).read_text().splitlines()
        if line.startswith("Environment=")
    )
    assert environment["GF_SERVER_HTTP_ADDR"] == "127.0.0.1"
    found = re.fullmatch(r"\$__file\{/(.+)\}", environment["GF_SECURITY_ADMIN_PASSWORD"])
    assert found
    assert (debian / found[1]).read_text() == (stack / "secrets/grafana/admin-password").read_text()
    (group,) = yaml.safe_load((debian / "etc/prometheus/edged/alertmanagers.yml").read_text())
    assert environment["EDGED_ALERTMANAGER_URL"] == f"http://{group['targets'][0]}"


def test_the_packages_own_configuration_stays_as_it_is() -> None:
    targets = [shlex.split(step)[-1] for step in steps("Debian 12") if step.startswith("install ")]
    assert targets
    conffiles = {
        "/etc/prometheus/prometheus.yml",
        "/etc/prometheus/alertmanager.yml",
        "/etc/default/prometheus",
    }
    assert not [
        target for target in targets if target in conffiles or target.rstrip("/") == "/etc/prometheus"
    ]


def test_only_prometheus_may_read_its_passwords() -> None:
    for step in steps("Debian 12"):
        if "secrets/" in step and step.startswith("install "):
            assert "-m 640" in step, step
            assert re.search(r"-g (prometheus|grafana)", step), step
