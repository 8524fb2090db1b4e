"""From nothing to a service that is scraped, and a second run."""

from tests.system.container.checks.service import UNIT, main_pid, page
from tests.system.container.documented import closing_lines, opening_lines
from tests.system.container.install import install_sh
from tests.system.container.machine import Machine
from tests.system.container.neighbour import neighbour
from tests.system.container.root import DEBS, WHEELS
from tests.system.install.changes import changed_files
from tests.system.install.versions import installed

_INSTALL = "/srv/edged/deploy/install.sh"
_SAID = "/run/said"


def test_without_debians_packages_it_says_so_and_leaves_nothing(machine: Machine) -> None:
    machine.ask("mv", DEBS, f"{DEBS}.away")
    result = install_sh(machine)
    machine.ask("mv", f"{DEBS}.away", DEBS)
    assert result.code == 1
    assert "apt could not install them" in result.err
    _nothing_is_there(machine)


def test_without_the_locked_wheels_it_says_so_and_leaves_nothing(machine: Machine) -> None:
    machine.ask("mv", WHEELS, f"{WHEELS}.away")
    result = install_sh(machine)
    machine.ask("mv", f"{WHEELS}.away", WHEELS)
    assert result.code == 1
    assert "pip could not have what deploy/requirements.lock names" in result.err
    _nothing_is_there(machine)


def test_a_wheel_that_is_not_the_locked_one_is_refused(machine: Machine) -> None:
    machine.ask("sh", "-c", f"cp -r {WHEELS} {WHEELS}.good && echo | tee -a {WHEELS}/cattrs-*.whl")
    result = install_sh(machine)
    machine.ask("sh", "-c", f"rm -r {WHEELS} && mv {WHEELS}.good {WHEELS}")
    assert result.code == 1
    assert "DO NOT MATCH THE HASHES" in result.err
    _nothing_is_there(machine)


def _nothing_is_there(machine: Machine) -> None:
    assert machine.run("id", "edged").code != 0
    for path in ("/opt/edged", "/etc/edged", "/var/lib/edged", "/usr/lib/systemd/system/edged.service"):
        assert machine.run("test", "-e", path).code != 0, path
    assert machine.run("sh", "-c", "ls -d /opt/edged-releases/*-*").code != 0


def test_it_installs_and_says_where_the_metrics_are_and_what_to_do_next(machine: Machine) -> None:
    result = install_sh(machine)
    assert result.code == 0, result.out + result.err
    assert "is ready: http://127.0.0.1:10231/metrics\n" in result.out
    for words in ("edged status", "edged board", "/etc/edged/edged.toml"):
        assert words in result.out
    machine.write(_SAID, result.out)


def test_the_service_is_scraped_and_runs_as_its_user(machine: Machine) -> None:
    assert page(machine, "/-/ready")[0] == 200
    status, text = page(machine, "/metrics")
    assert (status, "edged_build_info" in text) == (200, True)
    user = machine.ask("stat", "--format=%U", f"/proc/{main_pid(machine)}")
    assert user == "edged"


def test_its_last_words_open_it_to_the_network(machine: Machine) -> None:
    said = machine.ask("cat", _SAID) + "\n"
    with neighbour(machine) as scrape:
        assert "Connection refused" in scrape()
        machine.ask("sh", "-euc", opening_lines(said))
        assert "edged_build_info" in scrape()
        machine.ask("sh", "-euc", closing_lines(said))
        assert "Connection refused" in scrape()


def test_it_starts_with_the_board(machine: Machine) -> None:
    for unit in (UNIT, "edged.socket"):
        assert machine.ask("systemctl", "is-enabled", unit) == "enabled"


def test_its_models_are_built_and_its_own(machine: Machine) -> None:
    told = machine.ask("sh", "-c", "stat --format=%U /var/lib/edged/models/*.tflite").split()
    assert told == ["edged"] * 8


def test_its_configuration_is_for_root_and_its_group(machine: Machine) -> None:
    assert machine.ask("stat", "--format=%a %U %G", "/etc/edged/edged.toml") == "640 root edged"


def test_a_second_run_changes_nothing_and_says_so(machine: Machine) -> None:
    pid = main_pid(machine)
    with changed_files(machine) as changed:
        result = install_sh(machine)
    assert result.code == 0
    assert "nothing was changed" in result.out
    assert changed == []
    assert main_pid(machine) == pid


def test_a_second_run_mends_what_was_lost(machine: Machine) -> None:
    machine.ask("systemctl", "stop", UNIT, "edged.socket")
    machine.ask("rm", "/usr/lib/udev/rules.d/60-edged.rules", "/etc/edged/edged.toml")
    result = install_sh(machine)
    assert result.code == 0, result.out + result.err
    assert page(machine, "/-/ready")[0] == 200
    machine.ask("test", "-e", "/usr/lib/udev/rules.d/60-edged.rules", "-a", "-e", "/etc/edged/edged.toml")
    assert len(installed(machine)) == 1


def test_two_at_once_are_refused(machine: Machine) -> None:
    held = f"flock /run/edged-install.lock {_INSTALL}"
    refused = machine.run("sh", "-c", held)
    assert (refused.code, "another install.sh is at work" in refused.err) == (1, True)


def test_nobody_but_root_can_keep_it_from_its_work(machine: Machine) -> None:
    as_nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups"
    lock = "/run/edged-install.lock"
    # Whoever may open it, be it for reading, could hold it.
    assert machine.run("sh", "-c", f"{as_nobody} flock --nonblock {lock} true").code != 0
    # To open a pipe that nobody reads from takes for ever.
    machine.ask("sh", "-c", f"cd /run/lock && {as_nobody} mkfifo edged-install edged-install.lock")
    result = machine.run("timeout", "45", _INSTALL)
    machine.ask("sh", "-c", "rm /run/lock/edged-install*")
    assert (result.code, "nothing was changed" in result.out) == (0, True), result.out + result.err
