"""What uninstalling leaves, and installing again."""

from edged import __version__
from tests.system.container.install import install_sh
from tests.system.container.machine import Machine
from tests.system.install.package import package_installed
from tests.system.install.versions import ENDS_AT_ONCE, installed, unpack_version, version_that_runs

_SOCKET = "/etc/systemd/system/edged.socket.d"
_DATA = ("/etc/edged", _SOCKET, "/var/cache/edged", "/var/lib/edged")
# What people and the Ansible role put there: a key, a configuration to be, and an archive of what was.
_THEIRS = (
    *("/etc/edged/own.key", "/etc/edged/candidate.toml", f"{_SOCKET}/listen.conf"),
    *("/var/cache/edged/before.tar", "/var/cache/edged/candidate.toml"),
)


def test_it_leaves_configuration_and_results_and_says_so(machine: Machine) -> None:
    for path in _THEIRS:
        machine.write(path, "")
    result = install_sh(machine, "--uninstall")
    assert result.code == 0, result.out + result.err
    for path in _DATA:
        assert f"left: {path}\n" in result.out
    assert _files(machine) == list(_DATA)
    assert machine.run("systemctl", "cat", "edged.service").code != 0
    for path in ("/etc/edged/edged.toml", "/var/lib/edged/journal.db", *_THEIRS):
        machine.ask("test", "-e", path)
    machine.ask("id", "edged")


def test_to_uninstall_again_is_fine(machine: Machine) -> None:
    result = install_sh(machine, "--uninstall")
    assert result.code == 0
    assert "edged is not installed" in result.out
    assert _files(machine) == list(_DATA)


def test_what_was_left_is_used_again(machine: Machine) -> None:
    text = machine.ask("cat", "/etc/edged/edged.toml")
    result = install_sh(machine)
    assert result.code == 0, result.out + result.err
    assert "edited by hand" in text
    assert machine.ask("cat", "/etc/edged/edged.toml") == text
    lives = machine.ask("edged", "results", "--lives").splitlines()
    assert len(lives) > 3, lives


def test_a_purge_leaves_nothing(machine: Machine) -> None:
    result = install_sh(machine, "--uninstall", "--purge")
    assert result.code == 0, result.out + result.err
    assert _files(machine) == []
    assert machine.show("edged.socket", "LoadState") == "not-found"
    assert machine.run("id", "edged").code != 0
    assert install_sh(machine, "--uninstall", "--purge").code == 0


def test_a_first_version_that_does_not_become_ready_stays_to_be_mended(machine: Machine) -> None:
    place = unpack_version(machine, "0.9.6", ENDS_AT_ONCE)
    result = install_sh(machine, checkout=place)
    assert result.code == 1
    assert "this version cannot start" in result.err
    assert "It stays installed" in result.err
    assert installed(machine)[0].startswith("0.9.6-")


def test_a_good_version_takes_its_place(machine: Machine) -> None:
    result = install_sh(machine)
    assert result.code == 0, result.out + result.err
    assert version_that_runs(machine) == __version__
    assert len(installed(machine)) == 1


def test_beside_the_debian_package_only_what_is_its_own_is_removed(machine: Machine) -> None:
    with package_installed(machine):
        result = install_sh(machine, "--uninstall", "--purge")
    assert result.code == 0
    assert "apt-get remove edged" in result.out
    for path in ("/opt/edged", "/opt/edged-releases"):
        assert machine.run("test", "-e", path).code != 0, path
    for path in ("/usr/lib/systemd/system/edged.service", "/var/lib/edged/journal.db", "/etc/edged"):
        machine.ask("test", "-e", path)


def _files(machine: Machine) -> list[str]:
    """What is called edged, uppermost, outside of what was unpacked."""
    prune = " -o ".join(f"-path {path}" for path in ("/proc", "/sys", "/dev", "/run", "/srv", "/tmp"))
    script = f"find / \\( {prune} \\) -prune -o -name '*edged*' -prune -print | sort"
    return machine.ask("sh", "-c", script).splitlines()
