"""Stuck threads, full memory, and the end in any state."""

import subprocess

import pytest

from tests.system.container.checks.service import (
    CONFIG,
    QUICK,
    UNIT,
    configure,
    entries,
    main_pid,
    page,
    scraping,
    started,
    stuck,
    worker_pid,
)
from tests.system.container.machine import Machine

# A thread that does nothing for two of these is stuck.
_SOON = "[Service]\nWatchdogSec=4s\nRestartSec=200ms\n"
_LONG = QUICK.replace("min_busy_s = 0.0", "min_busy_s = 600.0")


def _is_started_anew(machine: Machine, pid: int) -> None:
    machine.until(
        "it is started anew",
        lambda: machine.show(UNIT, "ActiveState") == "active" and main_pid(machine) not in {0, pid},
        limit_s=90,
    )
    assert machine.show(UNIT, "NRestarts") != "0"
    assert machine.show("edged.socket", "ActiveState") == "active"
    machine.until("it is ready", lambda: page(machine, "/-/ready")[0] == 200)
    log = machine.ask("journalctl", "--no-pager", f"--unit={UNIT}", "--output=cat", "--since=-3min")
    assert "Watchdog timeout" in log


@pytest.mark.parametrize("which", ["main", "others"])
def test_a_stuck_thread_starts_it_anew(machine: Machine, which: str) -> None:
    pid = started(machine, drop_in=_SOON)
    with stuck(machine, pid, which):
        _is_started_anew(machine, pid)
    if which == "main":
        assert "the measuring loop is stuck" in entries(machine, "not_well")[-1]["MESSAGE"]


def test_a_stopped_process_is_started_anew_and_no_scrape_refused(machine: Machine) -> None:
    pid = started(machine, drop_in=_SOON)
    with scraping(machine) as seen:
        machine.ask("kill", "-STOP", str(pid))
        _is_started_anew(machine, pid)
    # What the dying process had accepted is reset; whoever comes later waits for the next one.
    assert not [kind for kind in seen if "refused" in kind.lower()], seen
    assert seen["whole"] >= 1


def test_a_scrape_of_a_service_that_cannot_start_costs_one_attempt(machine: Machine) -> None:
    configure(machine, "[measure]\nseed = -1\n")
    script = "import socket; print(socket.create_connection(('127.0.0.1', 10231)).recv(1))"
    for _ in range(2):
        # It is turned away, instead of having systemd try over and over.
        assert machine.ask("timeout", "60", "python3", "-c", script) == "b''"
    machine.until("it has failed", lambda: machine.show(UNIT, "ActiveState") == "failed")
    assert machine.show("edged.socket", "ActiveState") == "active"
    machine.write(CONFIG, QUICK)
    assert page(machine, "/metrics")[0] == 200


def test_too_much_memory_costs_the_worker_and_not_the_daemon(machine: Machine) -> None:
    if not machine.limits:
        pytest.skip("systemd cannot limit memory in this container")
    pid = started(machine, _LONG)
    hungry = "x = bytearray(600 << 20); print(len(x))"
    group = "memory:/".replace("memory:/", "/sys/fs/cgroup/memory/system.slice/edged.service/cgroup.procs")
    # Something as greedy as a worker, in the service's own control group.
    eaten = machine.run(
        "sh", "-c", f"echo $$ > {group} && echo 1000 > /proc/self/oom_score_adj && exec python3 -c '{hungry}'"
    )
    assert eaten.code != 0
    assert main_pid(machine) == pid
    assert page(machine, "/-/ready")[0] == 200


def test_it_stops_while_a_worker_infers(machine: Machine) -> None:
    started(machine, _LONG)
    worker_pid(machine)
    _stops(machine)


def test_it_stops_while_a_worker_hangs(machine: Machine) -> None:
    started(machine, _LONG)
    machine.ask("kill", "-STOP", str(worker_pid(machine)))
    _stops(machine)


def test_it_stops_while_clients_are_slow(machine: Machine) -> None:
    started(machine)
    script = (
        "import socket, sys\n"
        "clients = [socket.create_connection(('127.0.0.1', 10231)) for _ in range(50)]\n"
        "[client.send(b'GET /metrics HTTP/1.1\\r\\n') for client in clients]\n"
        "print('slow', flush=True); sys.stdin.read()"
    )
    command = machine.command("python3", "-c", script)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as slow:
        assert slow.stdout
        assert slow.stdin
        assert slow.stdout.readline() == "slow\n"
        _stops(machine)
        slow.stdin.close()


def test_it_stops_while_every_other_thread_is_blocked(machine: Machine) -> None:
    pid = started(machine, _LONG)
    worker_pid(machine)
    with stuck(machine, pid, "others"):
        _stops(machine)


def _stops(machine: Machine) -> None:
    """It ends in time and by itself, and nothing of it is left."""
    machine.ask("systemctl", "stop", UNIT)
    # After TimeoutStopSec=5s it would have been killed, and this were "timeout".
    assert machine.show(UNIT, "Result") == "success"
    assert machine.run("pgrep", "--full", "edged.inference.worker").code == 1
