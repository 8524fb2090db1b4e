"""Upgrades: what they keep, and how a version that does not become ready is taken back."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from edged.exposition.password import hashed
from tests.system.container.checks.service import (
    CONFIG,
    QUICK,
    UNIT,
    finished,
    main_pid,
    page,
    scraping,
)
from tests.system.container.install import CHECKOUT, install_sh
from tests.system.container.machine import Machine, Result
from tests.system.container.root import WHEELS
from tests.system.install.versions import (
    ENDS_AT_ONCE,
    NEVER_READY,
    SOON_GIVEN_UP,
    installed,
    unpack_version,
    version_that_runs,
)

_GOOD = "0.9.1"
_EDITED = QUICK + "# edited by hand\n"


def test_a_version_that_cannot_use_the_configuration_is_not_put_to_use(machine: Machine) -> None:
    pid, before = main_pid(machine), installed(machine)
    place = unpack_version(machine, _GOOD)
    machine.write(CONFIG, "[measure]\nseed = -1\n")
    result = install_sh(machine, checkout=place)
    assert result.code == 1
    assert "measure.seed" in result.err
    assert "was not put to use" in result.err
    assert (main_pid(machine), installed(machine)[0]) == (pid, before[0])


def test_an_upgrade_keeps_configuration_and_results_and_loses_no_scrape(machine: Machine) -> None:
    machine.write(CONFIG, _EDITED)
    machine.ask("systemctl", "restart", UNIT)
    machine.until("something is measured", lambda: bool(finished(machine)))
    before = _results(machine)
    # The wheels of the lock file were kept: no index is needed again.
    machine.ask("mv", WHEELS, f"{WHEELS}.away")
    with scraping(machine) as seen:
        result = install_sh(machine, checkout=f"/srv/edged-{_GOOD}")
    machine.ask("mv", f"{WHEELS}.away", WHEELS)
    assert result.code == 0, result.out + result.err
    assert version_that_runs(machine) == _GOOD
    assert _results(machine) >= before > set()
    assert machine.ask("cat", CONFIG) == _EDITED.strip()
    assert set(seen) == {"whole"}, seen


def test_the_release_before_is_kept(machine: Machine) -> None:
    in_use, *others = installed(machine)
    assert in_use.startswith(f"{_GOOD}-")
    assert len(others) == 1


def test_a_version_that_ends_at_once_is_taken_back(machine: Machine) -> None:
    place = unpack_version(machine, "0.9.2", ENDS_AT_ONCE, SOON_GIVEN_UP)
    with _taken_back(machine):
        result = install_sh(machine, checkout=place)
    assert result.code == 1
    assert "this version cannot start" in result.err


def test_a_version_that_never_becomes_ready_is_taken_back(machine: Machine) -> None:
    place = unpack_version(machine, "0.9.3", NEVER_READY, SOON_GIVEN_UP)
    with _taken_back(machine):
        result = install_sh(machine, checkout=place)
    assert result.code == 1
    assert "does not become ready" in result.err
    assert "timed out" in result.err


def test_an_upgrade_that_is_interrupted_is_taken_back(machine: Machine) -> None:
    place = unpack_version(machine, "0.9.4", NEVER_READY)
    with _taken_back(machine):
        result = _ended(machine, place, "TERM")
    assert result.code == 143
    assert "going back to" in result.err


def test_after_a_power_cut_in_the_middle_the_next_run_takes_it_back(machine: Machine) -> None:
    place = unpack_version(machine, "0.9.5", NEVER_READY, SOON_GIVEN_UP)
    with _taken_back(machine):
        _ended(machine, place, "KILL")
        # What would start after the power cut is the new one, whole.
        assert installed(machine)[0].startswith("0.9.5-")
        result = install_sh(machine, checkout=place)
    assert result.code == 1
    assert "going back to" in result.err


def test_a_release_that_was_half_built_is_built_anew(machine: Machine) -> None:
    (name,) = [name for name in installed(machine) if not name.startswith(_GOOD)]
    machine.ask("rm", "-r", f"/opt/edged-releases/{name}/.whole", f"/opt/edged-releases/{name}/lib")
    result = install_sh(machine)
    assert result.code == 0, result.out + result.err
    assert "building edged" in result.out
    assert installed(machine)[0] == name


def test_going_back_to_the_release_before_builds_nothing(machine: Machine) -> None:
    result = install_sh(machine, checkout=f"/srv/edged-{_GOOD}")
    assert result.code == 0, result.out + result.err
    assert "building edged" not in result.out
    assert version_that_runs(machine) == _GOOD
    assert len(installed(machine)) == 2


def test_a_service_that_somebody_disabled_stays_so(machine: Machine) -> None:
    machine.ask("systemctl", "--quiet", "disable", "--now", UNIT, "edged.socket")
    result = install_sh(machine)
    assert result.code == 0, result.out + result.err
    assert "edged.service is disabled" in result.out
    assert machine.show(UNIT, "ActiveState") == "inactive"
    assert machine.run("systemctl", "is-enabled", UNIT, "edged.socket").out.split() == ["disabled"] * 2
    for unit in ("edged.socket", UNIT):
        machine.ask("systemctl", "--quiet", "enable", "--now", unit)


def test_it_is_ready_where_a_password_is_asked_for(machine: Machine) -> None:
    users = f"[exposition]\nusers = ['me:{hashed('a password')}']\n"
    machine.write(CONFIG, _EDITED + users)
    machine.ask("systemctl", "restart", UNIT)
    assert page(machine, "/-/ready")[0] == 401
    result = install_sh(machine)
    assert "nothing was changed" in result.out, result.out + result.err
    machine.write(CONFIG, _EDITED)
    machine.ask("systemctl", "restart", UNIT)


def test_an_upgrade_is_kept_where_clients_need_a_certificate(machine: Machine, tmp_path: Path) -> None:
    before = installed(machine)[0]
    for name, text in zip(("server.key", "server.pem"), _key_and_certificate(tmp_path), strict=True):
        machine.write(f"/etc/edged/{name}", text)
        machine.ask("chgrp", "edged", f"/etc/edged/{name}")
        machine.ask("chmod", "640", f"/etc/edged/{name}")
    encrypted = "[exposition]\ncertificate = 'server.pem'\nkey = 'server.key'\nclient_ca = 'server.pem'\n"
    machine.write(CONFIG, _EDITED + encrypted)
    machine.ask("systemctl", "restart", UNIT)
    checkout = CHECKOUT if before.startswith(_GOOD) else f"/srv/edged-{_GOOD}"
    result = install_sh(machine, checkout=checkout)
    assert result.code == 0, result.out + result.err
    assert "is ready: https://127.0.0.1:10231/metrics\n" in result.out
    assert installed(machine)[0] != before
    assert "nothing was changed" in install_sh(machine, checkout=checkout).out
    machine.write(CONFIG, _EDITED)
    machine.ask("systemctl", "restart", UNIT)


def _key_and_certificate(directory: Path) -> list[str]:
    """A key and its certificate, which signs itself."""
    files = [directory / name for name in ("key", "certificate")]
    words = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    command = [*words.split(), "-subj", "/CN=board", "-keyout", str(files[0]), "-out", str(files[1])]
    subprocess.run(command, check=True, capture_output=True)
    return [file.read_text() for file in files]


@contextmanager
def _taken_back(machine: Machine) -> Iterator[None]:
    """Afterwards what ran before runs again, with its own unit; of the other nothing is left."""
    before, results, unit = installed(machine), _results(machine), machine.ask("systemctl", "cat", UNIT)
    yield
    assert installed(machine) == before
    assert version_that_runs(machine) == _GOOD
    assert page(machine, "/-/ready")[0] == 200
    assert machine.ask("systemctl", "cat", UNIT) == unit
    assert machine.show(UNIT, "NeedDaemonReload") == "no"
    assert _results(machine) >= results


def _ended(machine: Machine, place: str, signal: str) -> Result:
    """What install.sh leaves that gets a signal while it waits for a new version."""
    command = machine.command(f"{place}/deploy/install.sh")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        machine.until("the new version starts", lambda: _starts(machine, place), limit_s=600)
        time.sleep(1)
        pid = machine.ask("pgrep", "--oldest", "--full", f"{place}/deploy/install.sh")
        machine.ask("kill", f"-{signal}", pid)
        out, err = process.communicate(timeout=300)
    return Result(process.returncode, out, err)


def _starts(machine: Machine, place: str) -> bool:
    version = place.rpartition("-")[2]
    return installed(machine)[0].startswith(version) and machine.show(UNIT, "ActiveState") == "activating"


def _results(machine: Machine) -> set[str]:
    """The measurements in the journal."""
    return set(machine.ask("edged", "results", "--format", "csv").splitlines()[1:])
