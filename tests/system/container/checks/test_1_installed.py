"""What a package puts in place, before anything runs."""

from tests.system.container.checks.service import UNIT
from tests.system.container.machine import Machine


def test_the_units_hold_no_mistake(machine: Machine) -> None:
    machine.ask("systemd-analyze", "verify", "--recursive-errors=yes", UNIT, "edged.socket")


def test_the_service_is_exposed_to_no_more_than_1_5(machine: Machine) -> None:
    machine.ask("systemd-analyze", "security", "--no-pager", "--threshold=15", UNIT)


def test_its_user_is_in_no_other_group_and_cannot_log_in(machine: Machine) -> None:
    assert machine.ask("id", "--name", "--groups", "edged") == "edged"
    assert machine.ask("getent", "passwd", "edged").split(":")[5:] == ["/var/lib/edged", "/usr/sbin/nologin"]


def test_its_files_are_for_the_group_only(machine: Machine) -> None:
    machine.ask("systemd-tmpfiles", "--create", "edged.conf")
    told = machine.ask("stat", "--format=%a %U %G", "/etc/edged/edged.toml", "/var/lib/edged")
    assert told.splitlines() == ["640 root edged", "750 edged edged"]


def test_its_configuration_can_be_used(machine: Machine) -> None:
    assert "good" in machine.ask("edged", "config", "check")


def test_workers_may_give_up_what_they_do_not_need(machine: Machine) -> None:
    allowed = machine.show(UNIT, "SystemCallFilter").split()
    assert {"landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"} <= set(allowed)
