"""What the checks have in common: a quick configuration, and what runs in the container beside edged."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.system.container.machine import Machine

UNIT = "edged.service"
CONFIG = "/etc/edged/edged.toml"
PORT = 10231
# One small model, over and over, so that something always happens.
QUICK = """\
[measure]
protocol = "quick-check"
precisions = ["int8"]
foreign_load_max_ratio = 1.0
[models]
directory = "/var/lib/edged/models"
[journal]
path = "/var/lib/edged/journal.db"
[protocols.quick-check]
warmup_runs = 1
min_runs = 5
min_busy_s = 0.0
pause_s = 0.0
guard_s = 0.2
"""
_SCRAPES = """\
import collections, sys, threading, urllib.request
seen, over = collections.Counter(), threading.Event()
def scrape():
    while not over.is_set():
        try:
            body = urllib.request.urlopen("http://127.0.0.1:10231/metrics", timeout=60).read()
            seen["whole" if body.rstrip() and b"edged_build_info" in body else "torn"] += 1
        except Exception as error:
            seen[repr(error)] += 1
threads = [threading.Thread(target=scrape) for _ in range(4)]
[thread.start() for thread in threads]
print("scraping", flush=True)
sys.stdin.read()
over.set()
[thread.join() for thread in threads]
import json
print(json.dumps(seen))
"""
# Stops single threads, as no signal can: 0x4206 is PTRACE_SEIZE, 0x4207 PTRACE_INTERRUPT.
_STICK = """\
import ctypes, os, select, sys
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long] * 4
pid, which = int(sys.argv[1]), sys.argv[2]
threads = [int(each) for each in os.listdir(f"/proc/{pid}/task")]
for thread in threads:
    if (thread == pid) == (which == "main"):
        for request in (0x4206, 0x4207):
            if libc.ptrace(request, thread, 0, 0):
                sys.exit(os.strerror(ctypes.get_errno()))
print("stuck", flush=True)
# A thread that dies is there until its tracer has looked (0x40000000 is __WALL).
while not select.select([sys.stdin], [], [], 0.05)[0]:
    try:
        while os.waitpid(-1, os.WNOHANG | 0x40000000)[0]:
            pass
    except ChildProcessError:
        pass
"""


def configure(machine: Machine, text: str = QUICK, drop_in: str = "") -> None:
    """Have the next start use this configuration, and these additions to the unit."""
    machine.run("systemctl", "stop", "edged.service", "edged.socket")
    machine.run("systemctl", "reset-failed", "edged.service", "edged.socket")
    machine.write(CONFIG, text)
    machine.ask("systemd-tmpfiles", "--create", "edged.conf")
    machine.write(f"/run/systemd/system/{UNIT}.d/check.conf", drop_in)
    machine.ask("systemctl", "daemon-reload")
    machine.ask("systemctl", "start", "edged.socket")


def started(machine: Machine, text: str = QUICK, drop_in: str = "") -> int:
    """Start the service; its main process."""
    configure(machine, text, drop_in)
    machine.ask("systemctl", "start", UNIT)
    return main_pid(machine)


def running(machine: Machine) -> int:
    """Have the service run with the quick configuration, from now on or already; its main process."""
    as_wanted = (
        machine.show(UNIT, "ActiveState") == "active"
        and machine.ask("cat", CONFIG) == QUICK.strip()
        and not machine.run("cat", f"/run/systemd/system/{UNIT}.d/check.conf").out.strip()
    )
    return main_pid(machine) if as_wanted else started(machine)


def main_pid(machine: Machine) -> int:
    """Its main process, as the container counts them; 0 if there is none."""
    return int(machine.show(UNIT, "MainPID"))


def worker_pid(machine: Machine) -> int:
    """The worker that runs now; waits for one."""
    found = ""

    def looked() -> bool:
        nonlocal found
        found = machine.run("pgrep", "--newest", "--full", "edged.inference.worker").out.strip()
        return bool(found)

    machine.until("a worker runs", looked)
    return int(found)


def page(machine: Machine, path: str) -> tuple[int, str]:
    """What the service answers: status and text."""
    script = (
        "import sys, urllib.error, urllib.request\n"
        f"try: answer = urllib.request.urlopen('http://127.0.0.1:{PORT}{path}', timeout=60)\n"
        "except urllib.error.HTTPError as error: answer = error\n"
        "print(answer.status); print(answer.read().decode())"
    )
    status, _, text = machine.ask("python3", "-c", script).partition("\n")
    return int(status), text


def sample(machine: Machine, name: str) -> float:
    """A metric without labels."""
    _, text = page(machine, "/metrics")
    (value,) = [line.split()[1] for line in text.splitlines() if line.startswith(f"{name} ")]
    return float(value)


def entries(machine: Machine, event: str) -> list[dict[str, str]]:
    """The journal's entries of one kind of event."""
    out = machine.ask("journalctl", "--no-pager", "--output=json", f"EDGED_EVENT={event}")
    return [json.loads(line) for line in out.splitlines()]


def finished(machine: Machine) -> list[dict[str, str]]:
    """The journal's entries of finished measurements; a busy machine may have all of them rejected."""
    return [*entries(machine, "measured"), *entries(machine, "rejected")]


@contextmanager
def scraping(machine: Machine) -> Iterator[dict[str, int]]:
    """Scrape all the time, four at once; afterwards what came of it, by kind."""
    seen: dict[str, int] = {}
    with _beside(machine, "python3", "-c", _SCRAPES) as process:
        yield seen
        out, _ = process.communicate("", timeout=90)
        seen.update(json.loads(out))


@contextmanager
def stuck(machine: Machine, pid: int, which: str) -> Iterator[None]:
    """Hold threads of a process where they are: the `main` one, or all `others`."""
    with _beside(machine, "python3", "-c", _STICK, str(pid), which):
        yield


@contextmanager
def _beside(machine: Machine, *words: str) -> "Iterator[subprocess.Popen[str]]":
    """A command that says a line when it has begun, and ends with its standard input."""
    with subprocess.Popen(
        machine.command(*words), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        try:
            assert process.stdout.readline(), "it has not begun"
            yield process
        finally:
            if not process.stdin.closed:
                process.stdin.close()
            process.wait(30)
