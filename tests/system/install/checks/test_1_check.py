"""What install.sh says of a board before it changes anything."""

import subprocess
from pathlib import Path

import pytest

from edged.board.unpack import unpack_dump
from tests.system.container.install import CHECKOUT, install_sh
from tests.system.container.machine import Machine
from tests.system.container.root import PROJECT
from tests.system.install.changes import changed_files
from tests.system.install.package import package_installed


def test_the_scripts_hold_no_mistake(machine: Machine) -> None:  # noqa: ARG001 - one of the checks all the same
    command = ["shellcheck", "--external-sources", "deploy/install.sh"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_options_that_it_does_not_know_are_refused(machine: Machine) -> None:
    for options in (
        ("--chekc",),
        ("--purge",),
        ("--check", "--uninstall"),
        ("--uninstall", "--uninstall", "x"),
    ):
        result = install_sh(machine, *options)
        assert result.code == 2, options
        assert "Usage:" in result.err


def test_help_tells_every_option(machine: Machine) -> None:
    result = install_sh(machine, "--help")
    assert result.code == 0
    for option in ("--check", "--uninstall", "--purge", "--help"):
        assert option in result.out


def test_a_check_of_a_fresh_board_finds_nothing_missing_and_changes_nothing(machine: Machine) -> None:
    with changed_files(machine) as changed:
        result = install_sh(machine, "--check")
    assert result.code == 0, result.out
    assert "MISSING" not in result.out
    assert result.out.endswith("edged can be installed here.\n")
    assert "which apt will install: python3 python3-pip" in result.out
    # A container has no sensors: that is said, and stops nothing.
    assert "no power sensor, so no joules" in result.out
    assert changed == []


@pytest.mark.parametrize(
    ("board", "power"),
    [
        ("xu3-mainline", "ina2xx (hwmon)"),
        ("xu3-debian-kernel", "ina2xx-adc (IIO)"),
        ("xu3-vendor-3.10", "INA231 (vendor's kernel)"),
        ("x86-rapl", "RAPL (powercap)"),
    ],
)
def test_a_check_tells_what_measures_power(machine: Machine, board: str, power: str) -> None:
    told = _check_on(machine, board)
    assert f"  ok       power: {power}\n" in told


def test_a_check_tells_what_the_lack_of_a_kernel_interface_costs(machine: Machine) -> None:
    without = _check_on(machine, "xu3-mainline")
    assert "no counters of cooling (CONFIG_THERMAL_STATISTICS): throttling is seen in samples" in without
    assert "ok       clocks (cpufreq)" in without
    with_counters = _check_on(machine, "rk3588")
    assert "throttling, with the kernel's own counters" in with_counters
    assert "no power sensor, so no joules" in with_counters


def _check_on(machine: Machine, board: str) -> str:
    """What a check says with the files of another board in place of this one's."""
    tree = f"/run/boards/{board}"
    if machine.run("test", "-e", tree).code:
        dump = (PROJECT / f"tests/boards/{board}/tree.tsv").read_text()
        unpack_dump(dump, Path(f"/proc/{machine.leader}/root{tree}"))
    mounts = "".join(
        f"mkdir -p {tree}/sys/{name}; mount --bind {tree}/sys/{name} /sys/{name}; "
        for name in ("class", "devices", "bus")
    )
    script = f"{mounts}{CHECKOUT}/deploy/install.sh --check"
    return machine.ask("unshare", "--mount", "sh", "-euc", script) + "\n"


def test_a_check_needs_no_root_and_the_rest_does(machine: Machine) -> None:
    as_nobody = (
        "setpriv",
        "--reuid=65534",
        "--regid=65534",
        "--clear-groups",
        f"{CHECKOUT}/deploy/install.sh",
    )
    assert machine.run(*as_nobody, "--check").code == 0
    for options in ((), ("--uninstall",)):
        refused = machine.run(*as_nobody, *options)
        assert (refused.code, "needs root" in refused.err) == (1, True)


def test_all_that_is_missing_is_said_at_once_and_stops_it(machine: Machine) -> None:
    machine.ask("mount", "-t", "tmpfs", "-o", "size=10m", "tmpfs", "/opt")
    listening = "--socket-property=ListenStream=127.0.0.1:10231"
    machine.ask("systemd-run", "--quiet", "--unit=other", listening, "cat")
    machine.ask("mv", f"{CHECKOUT}/README.md", "/srv/README.md")
    machine.ask(
        "sh", "-c", "printf '#!/bin/sh\\necho 3.13\\n' > /usr/bin/python3 && chmod +x /usr/bin/python3"
    )
    try:
        with package_installed(machine), changed_files(machine) as changed:
            checked, tried = install_sh(machine, "--check"), install_sh(machine)
    finally:
        machine.ask("rm", "/usr/bin/python3")
        machine.ask("mv", "/srv/README.md", f"{CHECKOUT}/README.md")
        machine.ask("systemctl", "stop", "other.socket")
        machine.ask("umount", "/opt")
    assert (checked.code, tried.code) == (1, 1)
    missing = [line for line in checked.out.splitlines() if line.startswith("  MISSING")]
    assert len(missing) == 5, checked.out
    for words in (
        "README.md",
        "150 MiB free on /opt (here: 10)",
        "port 10231",
        "package edged",
        "(here: 3.13)",
    ):
        assert words in checked.out, words
    assert "nothing was changed" in tried.err
    assert changed == []
