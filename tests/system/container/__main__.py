"""`python -m tests.system.container`: make the container, or take the one at hand, and run its checks."""

import fcntl
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.system.container.install import install_edged
from tests.system.container.machine import booted
from tests.system.container.root import CACHE, HOST_PACKAGES, PROJECT, root
from tests.system.container.session import check
from tests.system.vm.errors import GuestFailedError, UnavailableError
from tests.system.vm.report import Tally

_CHECKS = Path(__file__).parent / "checks"


def main() -> int:
    """Run the checks.

    Returns:
        0 if all passed, or if the container cannot be had on this machine; 1 otherwise.
    """
    # Whoever ends the checks early gets the container ended too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    CACHE.mkdir(parents=True, exist_ok=True)
    tally = Tally()
    start = time.monotonic()
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two runs at once would install into the same place
        try:
            _install_host_packages()
            root()
            install_edged()
            with booted() as machine:
                print(f"booted after {time.monotonic() - start:.0f} s", flush=True)
                code = check(machine, _CHECKS, tally, sys.argv[1:])
        except UnavailableError as reason:
            print(f"skipped: a container with systemd cannot be had here: {reason}")
            print(tally, flush=True)
            return 0
        except GuestFailedError as failure:
            print(f"FAILED  {failure}")
            tally.counts["failed"] += 1
            code = 1
    print(f"{tally} in {time.monotonic() - start:.0f} s", flush=True)
    return 0 if tally.good and code == 0 else 1


def _install_host_packages() -> None:
    done = subprocess.run([PROJECT / ".ci/apt", *HOST_PACKAGES], check=False)
    if done.returncode:
        raise UnavailableError(
            "these Debian packages are needed and not installed: " + ", ".join(HOST_PACKAGES)
        )


if __name__ == "__main__":
    sys.exit(main())
