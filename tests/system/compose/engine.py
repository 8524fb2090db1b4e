"""Debian's Docker with everything of its own, which ends when it is told to."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.system.nat.network import Place
from tests.system.stack.servers import wait_for

# In namespaces of its own: /run is empty at each start, as after a machine's, and a kill takes every
# container along. `ip netns exec` would hide the control groups.
_START = """
set -eu
mount -t tmpfs tmpfs /run
exec dockerd --host "unix://$1/docker.sock" --data-root "$1/data" --config-file "$1/daemon.json" \\
    --cgroup-parent "$2"
"""
_PROGRAMS = {
    "dockerd": "docker.io",
    "docker-compose": "docker-compose",
    "iptables": "iptables",
    "ip": "iproute2",
    "nsenter": "util-linux",
    "busybox": "busybox-static",
    "openssl": "openssl",
    "prometheus": "prometheus",
    "prometheus-alertmanager": "prometheus-alertmanager",
}


class EngineError(Exception):
    """There is no engine."""


@dataclass(slots=True)
class Engine:
    """A Docker daemon.

    Attributes:
        machine: The network that it sees as its machine's.
        directory: Its socket, data and log.
    """

    machine: Place
    directory: Path
    _process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    @property
    def environment(self) -> dict[str, str]:
        """What makes docker and docker-compose talk to it."""
        return {
            **os.environ,
            "DOCKER_HOST": f"unix://{self.directory}/docker.sock",
            "DOCKER_CONFIG": str(self.directory),
        }

    @property
    def log(self) -> str:
        """What it wrote."""
        return (self.directory / "dockerd.log").read_text(errors="replace")

    def docker(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Call `docker` with these words."""
        return subprocess.run(
            ["docker", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def start(self) -> None:
        """Start it, and wait until it answers."""
        (self.directory / "daemon.json").write_text("{}")
        with (self.directory / "dockerd.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *("nsenter", f"--net=/run/netns/{self.machine.name}"),
                    *("unshare", "--mount", "--propagation=private", "--pid", "--fork", "--kill-child"),
                    *("--mount-proc", "sh", "-c", _START, "dockerd", str(self.directory), self._group),
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        wait_for(self._answers_or_ended, 60, "dockerd answers")
        if self._process.poll() is not None:
            raise EngineError(f"dockerd does not start: {self.log[-500:]}")

    def lose_power(self) -> None:
        """End it and everything in its containers at once, without a word to any of them."""
        if self._process is None or self._process.poll() is not None:
            return
        # The first process of its namespace: unshare's end comes after that of all the others.
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)
        self._process.wait(60)
        (self.directory / "docker.sock").unlink(missing_ok=True)

    def remove_groups(self) -> None:
        """Take away the control groups that are left of it."""
        # One hierarchy (cgroup2), or one for each controller.
        for of_engine in (
            *Path("/sys/fs/cgroup").glob(self._group),
            *Path("/sys/fs/cgroup").glob(f"*/{self._group}"),
        ):
            for group, _, _ in os.walk(of_engine, topdown=False):
                with suppress(OSError):
                    Path(group).rmdir()

    @property
    def _group(self) -> str:
        return self.machine.name

    def _answers_or_ended(self) -> bool:
        assert self._process
        return self._process.poll() is not None or self.docker("version").returncode == 0


def missing() -> str:
    """Why there can be no engine here; empty if it can be tried."""
    if os.geteuid() != 0:
        return "Docker in namespaces of its own needs root"
    for program, package in _PROGRAMS.items():
        if not shutil.which(program):
            return f"there is no {program}: apt-get install {package}"
    tried = subprocess.run(
        ["unshare", "--net", "--mount", "--pid", "--fork", "true"],
        capture_output=True,
        text=True,
        check=False,
    )
    return f"no namespaces can be made: {tried.stderr.strip()}" if tried.returncode else ""


@contextmanager
def engine(machine: Place) -> Iterator[Engine]:
    """An engine from its start to its end.

    Raises:
        EngineError: It does not start.
    """
    # A socket's path must be short.
    directory = Path(tempfile.mkdtemp(prefix="edged-engine-", dir="/tmp"))
    made = Engine(machine, directory)
    try:
        made.start()
        yield made
    finally:
        made.lose_power()
        made.remove_groups()
        shutil.rmtree(directory)
