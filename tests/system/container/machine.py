"""Boots the container, runs commands in it, and leaves nothing of it behind."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.system.container.root import ROOT
from tests.system.vm.errors import GuestFailedError, UnavailableError

_CGROUPS = Path("/sys/fs/cgroup")
_BOOT_LIMIT_S = 90.0
_LOOK_S = 0.1
# systemd in the container limits memory and tasks only where it may write these.
_LIMITS = ("memory", "pids", "cpu", "cpuacct")


@dataclass(frozen=True, slots=True)
class Result:
    """What a command in the container left.

    Attributes:
        code: Its exit code.
        out: Its standard output.
        err: Its standard error.
    """

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Machine:
    """A running container.

    Attributes:
        leader: Its process 1, as the host counts processes.
        limits: Whether systemd in it can limit memory and tasks.
    """

    leader: int
    limits: bool

    def command(self, *words: str) -> list[str]:
        """A command line for the host that runs a command in the container."""
        inside = ("nsenter", "-t", str(self.leader), "-m", "-u", "-i", "-n", "-p", "-C", "--")
        environment = ("PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8")
        return [*inside, "/usr/bin/env", "-i", *environment, *words]

    def run(self, *words: str, timeout_s: float = 60.0) -> Result:
        """Run a command to its end, whatever its exit code."""
        done = subprocess.run(
            self.command(*words),
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=timeout_s,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    def ask(self, *words: str) -> str:
        """What a command prints; it must succeed."""
        result = self.run(*words)
        assert result.code == 0, f"{' '.join(words)}: exit code {result.code}\n{result.out}{result.err}"
        return result.out.strip()

    def show(self, unit: str, name: str) -> str:
        """A property of a unit."""
        return self.ask("systemctl", "show", unit, f"--property={name}", "--value")

    def write(self, path: str, text: str) -> None:
        """Write a file in the container."""
        subprocess.run(
            self.command("sh", "-c", f'mkdir -p "$(dirname {path})" && cat > {path}'),
            input=text,
            text=True,
            check=True,
        )

    def until(self, what: str, holds: Callable[[], bool], limit_s: float = 60.0) -> None:
        """Wait until something holds.

        Raises:
            AssertionError: If it does not within the limit; with the end of the container's journal.
        """
        deadline = time.monotonic() + limit_s
        while not holds():
            if time.monotonic() > deadline:
                journal = self.run("journalctl", "--no-pager", "--lines=15", "--output=short-monotonic").out
                raise AssertionError(f"not within {limit_s:g} s: {what}\n{journal}")
            time.sleep(_LOOK_S)


@contextmanager
def booted(root: Path = ROOT, name: str = "") -> Iterator[Machine]:
    """A container from its boot to its end; what it wrote to its files is gone then.

    Args:
        root: Its files. What it prints goes to `console` beside them.
        name: Tells several of the same process apart; their consoles have it too.

    Raises:
        UnavailableError: If this machine cannot run one.
        GuestFailedError: If it does not boot.
    """
    if os.geteuid() != 0:
        raise UnavailableError("a container with its own systemd needs root")
    if shutil.which("systemd-nspawn") is None:
        raise UnavailableError("systemd-nspawn is not installed")
    console = root.parent / "-".join(["console", *filter(None, [name])])
    name = "-".join(["edged-test", str(os.getpid()), *filter(None, [name])])
    hierarchies = [path for each in ("systemd", "unified", *_LIMITS) if (path := _CGROUPS / each).is_dir()]
    groups = [path / name for path in hierarchies]
    try:
        for group in groups:
            group.mkdir()
    except OSError as error:
        raise UnavailableError(f"no control group can be made: {error}") from error
    try:
        with console.open("wb") as file:
            nspawn = _start(root, name, groups, file.fileno())
        try:
            leader = _leader(nspawn, console)
            machine = Machine(leader, _open_limits(leader))
            _wait_for_boot(machine, nspawn, console)
            yield machine
        finally:
            _end(nspawn)
    finally:
        for group in groups:
            _remove(group)


def _start(root: Path, name: str, groups: Sequence[Path], console: int) -> "subprocess.Popen[bytes]":
    enter = "".join(f"echo $$ > {group}/cgroup.procs; " for group in groups)
    command = [
        *("setpriv", "--pdeathsig", "TERM", "systemd-nspawn"),
        *("--quiet", "--register=no", "--keep-unit", "--link-journal=no", "--private-network"),
        *("--kill-signal=SIGRTMIN+3", f"--machine={name}", "--boot", f"--directory={root}"),
        *("--volatile=overlay", "--console=pipe", "--capability=all", "--system-call-filter=bpf"),
    ]
    return subprocess.Popen(
        ["sh", "-c", f'{enter}exec "$@"', "sh", *command],
        stdin=subprocess.DEVNULL,
        stdout=console,
        stderr=console,
    )


def _leader(nspawn: "subprocess.Popen[bytes]", console: Path) -> int:
    """The container's process 1: the child of systemd-nspawn that has become systemd."""
    deadline = time.monotonic() + _BOOT_LIMIT_S
    while time.monotonic() < deadline and nspawn.poll() is None:
        done = subprocess.run(
            ["pgrep", "-P", str(nspawn.pid), "-x", "systemd"], capture_output=True, text=True, check=False
        )
        if done.stdout.strip():
            return int(done.stdout.split()[0])
        time.sleep(_LOOK_S)
    raise UnavailableError(f"systemd-nspawn does not boot here:\n{_tail(console)}")


def _open_limits(leader: int) -> bool:
    """Let systemd in the container write the controllers of version 1; it looks once, so it begins anew."""
    inside = ["nsenter", "-t", str(leader), "-m", "-u", "-i", "-n", "-p", "-C", "--"]
    deadline = time.monotonic() + _BOOT_LIMIT_S
    while not Path(f"/proc/{leader}/root/run/systemd/private").exists() and time.monotonic() < deadline:
        time.sleep(_LOOK_S)
    for controller in _LIMITS:
        remount = ["mount", "-o", "remount,bind,rw", f"/sys/fs/cgroup/{controller}"]
        if subprocess.run([*inside, *remount], capture_output=True, check=False).returncode:
            return False
    reexec = subprocess.run([*inside, "systemctl", "daemon-reexec"], capture_output=True, check=False)
    return reexec.returncode == 0


def _wait_for_boot(machine: Machine, nspawn: "subprocess.Popen[bytes]", console: Path) -> None:
    deadline = time.monotonic() + _BOOT_LIMIT_S
    state = ""
    while time.monotonic() < deadline and nspawn.poll() is None:
        state = machine.run("systemctl", "is-system-running").out.strip()
        if state in {"running", "degraded"}:
            return
        time.sleep(_LOOK_S)
    raise GuestFailedError(f"the container did not boot: {state}\n{_tail(console)}")


def _end(nspawn: "subprocess.Popen[bytes]") -> None:
    nspawn.send_signal(signal.SIGTERM)
    try:
        nspawn.wait(30)
    except subprocess.TimeoutExpired:
        nspawn.kill()
        nspawn.wait()


def _remove(group: Path) -> None:
    for directory, _, _ in os.walk(group, topdown=False):
        with contextlib.suppress(OSError):
            for process in Path(directory, "cgroup.procs").read_text().split():
                os.kill(int(process), signal.SIGKILL)
        for _ in range(20):
            try:
                Path(directory).rmdir()
            except OSError:
                time.sleep(_LOOK_S)
            else:
                break


def _tail(console: Path) -> str:
    """The last lines that the container printed."""
    lines = console.read_text(errors="replace").splitlines() if console.exists() else []
    return "\n".join(["the last lines of its console:", *lines[-30:]])
