"""What installing the package on a clean Debian brings."""

import json
import re

import click

from edged.cli.commands import edged
from tests.system.container.checks.service import UNIT, main_pid, page
from tests.system.container.machine import Machine
from tests.system.deb.checks.apt import CONFIGURATION, install, state
from tests.system.deb.packages import VERSION


def test_apt_installs_it(machine: Machine) -> None:
    install(machine, VERSION)
    assert state(machine) == f"install ok installed {VERSION}"
    assert machine.ask("dpkg", "--audit") == ""
    assert machine.ask("dpkg", "--verify", "edged") == ""


def test_its_service_runs_as_edged_and_is_ready(machine: Machine) -> None:
    assert machine.show(UNIT, "ActiveState") == "active"
    assert page(machine, "/-/ready")[0] == 200
    facts = machine.ask("cat", f"/proc/{main_pid(machine)}/status").splitlines()
    (users,) = [line.split()[1:] for line in facts if line.startswith("Uid:")]
    assert users == [machine.ask("id", "--user", "edged")] * 4
    assert machine.ask("systemctl", "is-enabled", UNIT, "edged.socket").split() == ["enabled", "enabled"]


def test_its_metrics_tell_its_version(machine: Machine) -> None:
    status, text = page(machine, "/metrics")
    (build,) = [line for line in text.splitlines() if line.startswith("edged_build_info{")]
    assert (status, f'version="{VERSION}"' in build, 'engine="tflite-runtime"' in build) == (200, True, True)


def test_its_modules_are_compiled(machine: Machine) -> None:
    modules = "/usr/lib/edged/lib/python3.11/site-packages/edged"
    sources = machine.ask("find", modules, "-name", "*.py").splitlines()
    compiled = machine.ask("find", modules, "-name", "*.cpython-311.pyc").splitlines()
    assert len(compiled) == len(sources) > 0


def test_its_configuration_is_for_its_group(machine: Machine) -> None:
    assert machine.ask("stat", "--format=%a %U:%G", CONFIGURATION) == "640 root:edged"
    assert machine.run("edged", "config", "check").code == 0


def test_its_commands_work(machine: Machine) -> None:
    assert "CPU clusters" in machine.ask("edged", "board")
    command = "edged measure --simulate xu3 --engine replay --protocol quick --json mobilenet_v1_0.25*"
    # Wherever a person has a home.
    measured = json.loads(machine.ask("sh", "-c", f"HOME=/tmp/home {command}"))
    assert measured["measurements"]


def test_it_has_a_manual(machine: Machine) -> None:
    manual = machine.ask("man", "--pager=cat", "edged")
    assert f"edged {VERSION}" in manual
    for command in edged.list_commands(click.Context(edged)):
        assert re.search(rf"^       {command}\b", manual, re.MULTILINE), command
