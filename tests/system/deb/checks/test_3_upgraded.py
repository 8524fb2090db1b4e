"""What upgrades keep, what they replace, and what comes of one whose service cannot start."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

from tests.system.container.checks.service import UNIT, main_pid, page, scraping
from tests.system.container.machine import Machine
from tests.system.deb.checks.apt import CONFIGURATION, KEEP, SOURCE, install, state
from tests.system.deb.packages import BROKEN, NEWS, NEXT, VERSION

_UNASKED = "/etc/apt/apt.conf.d/unasked"
# One small model, over and over, so that something always happens.
_EDITED = """\
[measure]
protocol = "quick"
precisions = ["int8"]
foreign_load_max_ratio = 1.0
[models]
directory = "/var/lib/edged/models"
[journal]
path = "/var/lib/edged/journal.db"
"""


def _results(machine: Machine) -> set[str]:
    """When each measurement in the journal finished."""
    told = json.loads(machine.ask("edged", "results", "--format", "json"))["measurements"]
    return {json.dumps(each, sort_keys=True) for each in told}


def test_a_configuration_that_nobody_changed_is_replaced(machine: Machine) -> None:
    before = machine.ask("cat", CONFIGURATION)
    install(machine, NEXT)
    assert machine.ask("cat", CONFIGURATION) == before + "\n" + NEWS.strip()
    assert machine.ask("stat", "--format=%a %U:%G", CONFIGURATION) == "640 root:edged"
    install(machine, VERSION)
    assert machine.ask("cat", CONFIGURATION) == before


def test_an_upgrade_refuses_no_connection(machine: Machine) -> None:
    machine.write(CONFIGURATION, _EDITED)
    machine.ask("systemctl", "restart", UNIT)
    machine.until("something is measured and kept", lambda: bool(_results(machine)), limit_s=300)
    before, pid = _results(machine), main_pid(machine)
    with scraping(machine) as seen:
        install(machine, NEXT, *KEEP)
    assert set(seen) == {"whole"}, seen
    assert main_pid(machine) not in {0, pid}
    assert f'version="{NEXT}"' in page(machine, "/metrics")[1], "the old version runs"
    assert before
    assert before <= _results(machine)


def test_an_edited_configuration_stays_with_the_new_one_beside_it(machine: Machine) -> None:
    assert machine.ask("cat", CONFIGURATION) == _EDITED.strip()
    assert machine.ask("cat", f"{CONFIGURATION}.dpkg-dist").endswith(NEWS.strip())


def test_a_service_that_does_not_become_ready_is_told_and_leaves_the_package_installed(
    machine: Machine,
) -> None:
    before = _results(machine)
    # The configuration that it comes with is the one before, so nothing is asked.
    told = install(machine, BROKEN).out
    assert "edged is installed, but its service has not become ready." in told
    assert f"    apt install --allow-downgrades edged={NEXT}\n" in told
    assert state(machine) == f"install ok installed {BROKEN}"
    assert machine.ask("dpkg", "--audit") == ""
    assert machine.show(UNIT, "ActiveState") != "active"
    assert machine.ask("cat", CONFIGURATION) == _EDITED.strip()
    assert before <= _results(machine)


def test_the_version_before_goes_on(machine: Machine) -> None:
    before = _results(machine)
    install(machine, NEXT)
    assert page(machine, "/-/ready")[0] == 200
    assert machine.ask("cat", CONFIGURATION) == _EDITED.strip()
    assert before <= _results(machine)


def test_without_a_repository_the_version_before_comes_back_from_its_file(machine: Machine) -> None:
    with _without_repository(machine):
        # As somebody does who has the files only; that one's service cannot start.
        told = _in_packages(machine, f"apt install --yes ./edged_{BROKEN}_amd64.deb")
        assert machine.show(UNIT, "ActiveState") != "active"
        from_repository, from_file = re.findall(
            r"^    (apt install --allow-downgrades .*)$", told, re.MULTILINE
        )
        refused = machine.run("sh", "-c", f"{from_repository} </dev/null")
        assert f"Version '{NEXT}' for 'edged' was not found" in refused.err
        _in_packages(machine, from_file)
    assert state(machine) == f"install ok installed {NEXT}"
    assert page(machine, "/-/ready")[0] == 200
    assert machine.ask("cat", CONFIGURATION) == _EDITED.strip()


@contextmanager
def _without_repository(machine: Machine) -> Iterator[None]:
    """Meanwhile apt knows of no package edged, and asks no question."""
    machine.ask("mv", SOURCE, "/run/edged.list")
    machine.write(_UNASKED, 'APT::Get::Assume-Yes "true";\n')
    try:
        yield
    finally:
        machine.ask("rm", _UNASKED)
        machine.ask("mv", "/run/edged.list", SOURCE)


def _in_packages(machine: Machine, command: str) -> str:
    """What a command says where the packages' files lie; it must succeed."""
    script = f"cd /srv/packages && DEBIAN_FRONTEND=noninteractive {command} 2>&1"
    result = machine.run("sh", "-c", script, timeout_s=900)
    assert result.code == 0, result.out
    return result.out


def test_a_configuration_that_cannot_be_used_is_told_too(machine: Machine) -> None:
    machine.write(CONFIGURATION, _EDITED.replace('"quick"', '"none"'))
    told = machine.run("dpkg-reconfigure", "edged", timeout_s=300)
    assert "its service has not become ready" in told.err
    assert "measure.protocol" in machine.run("edged", "config", "check").err
    machine.write(CONFIGURATION, _EDITED)
    machine.ask("systemctl", "reset-failed", UNIT)
    machine.ask("systemctl", "restart", UNIT)
    assert page(machine, "/-/ready")[0] == 200
