"""`python -m tests.system.armhf`: edged's unit tests and its own checks in an emulated 32-bit ARM Debian 12.

Arguments are for pytest; without any it runs everything there is.
"""

import fcntl
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.system.armhf.root import CACHE, ENVIRONMENT, HOST_PACKAGES, TREE, enable_emulation, root
from tests.system.armhf.userspace import started
from tests.system.container.machine import Machine
from tests.system.container.root import PROJECT
from tests.system.deb.packages import built
from tests.system.vm.errors import UnavailableError

_CHECKS = "tests/system/armhf/checks"
_UNIT_TESTS = "tests/unit"


def main() -> int:
    """Run the checks, then the unit tests on two processors.

    Returns:
        0 if all passed, or if emulation cannot be had on this machine; 1 otherwise.
    """
    # Whoever ends it early gets the emulated processes ended too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two runs at once would make the root in the same place
        try:
            _install_host_packages()
            enable_emulation()
            with started(root()) as machine:
                _offer_package(machine)
                return _run(machine, sys.argv[1:])
        except UnavailableError as reason:
            print(f"skipped: an emulated 32-bit ARM Debian cannot be had here: {reason}")
            return 0


def _run(machine: Machine, arguments: list[str]) -> int:
    if arguments:
        return _pytest(machine, *arguments)
    checks = _pytest(machine, "-s", _CHECKS)
    unit = _pytest(machine, "--numprocesses=2", "--dist=load", _UNIT_TESTS)
    return checks or unit


def _pytest(machine: Machine, *arguments: str) -> int:
    start = time.monotonic()
    # Emulation is some fifteen times slower, so it gives way to whatever else runs.
    command = (
        *("env", f"--chdir={TREE}", "HOME=/root", "EDGED_HYPOTHESIS_PROFILE=emulated"),
        *(f"{ENVIRONMENT}/bin/python3", "-m", "pytest", "-ra", "--tb=short", *arguments),
    )
    done = subprocess.run(["nice", "-n", "19", *machine.command(*command)], check=False)
    print(f"{arguments[-1]}: exit code {done.returncode} after {time.monotonic() - start:.0f} s", flush=True)
    return 1 if done.returncode else 0


def _offer_package(machine: Machine) -> None:
    target = Path(f"/proc/{machine.leader}/root/srv/packages")
    target.mkdir()
    # Others of another day may lie beside it.
    if built("armhf").exists():
        shutil.copy(built("armhf"), target)


def _install_host_packages() -> None:
    if shutil.which("apt-get") is None:
        raise UnavailableError("it is made of Debian packages, and this machine has no apt")
    done = subprocess.run([PROJECT / ".ci/apt", *HOST_PACKAGES], check=False)
    if done.returncode:
        raise UnavailableError(
            "these Debian packages are needed and not installed: " + ", ".join(HOST_PACKAGES)
        )


if __name__ == "__main__":
    sys.exit(main())
