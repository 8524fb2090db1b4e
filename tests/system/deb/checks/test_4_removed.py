"""What removing the package leaves, and purging it."""

import json
import re

from tests.system.container.checks.service import PORT, UNIT, page
from tests.system.container.machine import Machine
from tests.system.deb.checks.apt import CONFIGURATION, apt, install, state
from tests.system.deb.files import listing
from tests.system.deb.packages import CACHE, NEXT

_JOURNAL = "/var/lib/edged/journal.db"
# What people and the Ansible role put there: a key, configurations to be, drop-ins, and an archive.
_THEIRS = (
    *("/etc/edged/own.key", "/etc/edged/candidate.toml"),
    *("/etc/systemd/system/edged.socket.d/listen.conf", "/etc/systemd/system/edged.service.d/arguments.conf"),
    *("/var/cache/edged/before.tar", "/var/cache/edged/candidate.toml"),
)
# What may be otherwise afterwards, each with the reason.
_ACCEPTED = "|".join(
    [
        # Users of system services stay in Debian, so that no other ever gets their number.
        r"/etc/(passwd|group|shadow|gshadow)-?",
        # The page that a check had formatted; man-db keeps it for a while.
        r"/var/cache/man/cat1/edged\.1\.gz",
    ]
)


def _connects(machine: Machine) -> bool:
    script = f"import socket; socket.create_connection(('127.0.0.1', {PORT}), 5)"
    return machine.run("python3", "-c", script).code == 0


def test_removing_it_stops_it(machine: Machine) -> None:
    apt(machine, "remove", "edged")
    assert state(machine).startswith("deinstall ok config-files")
    assert machine.show(UNIT, "LoadState") == "not-found"
    assert machine.run("pgrep", "--uid", "edged").out == ""
    assert not _connects(machine)
    assert machine.run("sh", "-c", "command -v edged").code != 0
    assert machine.run("test", "-e", "/usr/lib/edged").code != 0


def test_removing_it_leaves_configuration_and_results(machine: Machine) -> None:
    assert 'protocol = "quick"' in machine.ask("cat", CONFIGURATION)
    assert machine.run("test", "-s", _JOURNAL).code == 0


def test_installed_again_it_goes_on_with_them(machine: Machine) -> None:
    install(machine, NEXT)
    assert page(machine, "/-/ready")[0] == 200
    assert 'protocol = "quick"' in machine.ask("cat", CONFIGURATION)
    assert json.loads(machine.ask("edged", "results", "--format", "json"))["measurements"]


def test_purging_it_takes_nothing_from_what_install_sh_has_put_in_its_place(machine: Machine) -> None:
    for path in _THEIRS:
        machine.write(path, "")
    apt(machine, "remove", "edged")
    machine.ask("ln", "-s", "/opt/edged-releases/1", "/opt/edged")
    apt(machine, "purge", "edged")
    for path in (_JOURNAL, *_THEIRS):
        machine.ask("test", "-e", path)
    machine.ask("rm", "/opt/edged")
    install(machine, NEXT)


def test_purging_it_leaves_nothing(machine: Machine) -> None:
    for path in _THEIRS:
        machine.ask("test", "-e", path)
    apt(machine, "purge", "edged")
    assert machine.show("edged.socket", "LoadState") == "not-found"
    before: dict[str, str] = json.loads((CACHE / "before.json").read_text())
    after = listing(machine)
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    left = sorted(path for path in changed if not re.fullmatch(_ACCEPTED, path))
    assert left == [], "\n".join(f"{path}: {before.get(path)} -> {after.get(path)}" for path in left)
    assert state(machine) == ""
