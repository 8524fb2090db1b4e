"""A board that is opened to its network, and stopped, by exactly what the documents say."""

import pytest

from tests.system.container.checks.service import (
    QUICK,
    UNIT,
    configure,
    entries,
    main_pid,
    page,
    running,
    scraping,
    started,
)
from tests.system.container.documented import OPENING, closing_lines, command_of, document, opening_lines
from tests.system.container.machine import Machine
from tests.system.container.neighbour import neighbour

_ANYWHERE = QUICK + '[exposition]\nlisten = "0.0.0.0:10231"\n'


@pytest.mark.parametrize("path", OPENING)
def test_the_documented_lines_open_it_to_the_network_and_close_it_again(machine: Machine, path: str) -> None:
    running(machine)
    with neighbour(machine) as scrape:
        assert "Connection refused" in scrape()
        # On a board that is scraped already, which must not start the service in between.
        with scraping(machine):
            machine.ask("sh", "-euc", opening_lines(document(path)))
        try:
            assert "edged_build_info" in scrape()
            assert page(machine, "/metrics")[0] == 200
            assert entries(machine, "started")[-1]["EDGED_ADDRESS"] in {"[::]:10231", "0.0.0.0:10231"}
        finally:
            machine.ask("sh", "-euc", closing_lines(document(path)))
        assert "Connection refused" in scrape()
        assert page(machine, "/metrics")[0] == 200


def test_an_option_that_does_not_count_is_told_at_the_start(machine: Machine) -> None:
    before = len(_warnings(machine))
    started(machine, _ANYWHERE)
    (warning,) = _warnings(machine)[before:]
    assert "exposition.listen is 0.0.0.0:10231 and does not count" in warning
    assert "edged serve at 127.0.0.1:10231" in warning


def test_an_option_that_does_not_count_is_told_at_a_reload(machine: Machine) -> None:
    running(machine)
    before, told = len(_warnings(machine)), len(entries(machine, "reloaded"))
    machine.write("/etc/edged/edged.toml", _ANYWHERE)
    machine.ask("systemctl", "reload", UNIT)
    machine.until("the reload is told", lambda: len(entries(machine, "reloaded")) > told)
    assert entries(machine, "reloaded")[-1].get("EDGED_NEEDS_RESTART", "") == ""
    assert "restart" not in machine.show(UNIT, "StatusText")
    assert len(_warnings(machine)) == before + 1


def test_it_counts_without_the_socket_as_the_warning_says(machine: Machine) -> None:
    started(machine, _ANYWHERE)
    lines = _warnings(machine)[-1].partition("count: ")[2]
    assert lines.startswith("systemctl ")
    with neighbour(machine) as scrape:
        machine.ask("sh", "-euc", lines)
        assert "edged_build_info" in scrape()
    configure(machine)


def test_a_board_that_is_too_hot_is_stopped_by_what_the_runbook_says_though_it_is_scraped(
    machine: Machine,
) -> None:
    running(machine)
    with scraping(machine):
        machine.ask("sh", "-euc", command_of("EdgedNearCritical"))
        machine.until("it has stopped", lambda: main_pid(machine) == 0)
        # A scrape had five seconds to start it again.
        machine.ask("sleep", "5")
        assert main_pid(machine) == 0
        assert machine.show(UNIT, "ActiveState") == "inactive"


def _warnings(machine: Machine) -> list[str]:
    """What was said of an exposition.listen that does not count."""
    command = ("journalctl", "--no-pager", "--output=cat", f"--unit={UNIT}", "--priority=warning")
    return [line for line in machine.ask(*command).splitlines() if "does not count" in line]
