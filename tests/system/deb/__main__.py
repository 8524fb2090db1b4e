"""`python -m tests.system.deb`: build the packages, boot a clean Debian 12, and run the checks in it."""

import fcntl
import json
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.system.container.machine import Machine, booted
from tests.system.container.root import PROJECT
from tests.system.container.session import check
from tests.system.deb import packages
from tests.system.deb.checks.apt import SOURCE, apt
from tests.system.deb.files import listing
from tests.system.deb.root import HOST_PACKAGES, root
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
    packages.CACHE.mkdir(parents=True, exist_ok=True)
    tally = Tally()
    start = time.monotonic()
    with (packages.CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two runs at once would build in the same place
        try:
            _install_host_packages()
            packages.build()
            print(f"built after {time.monotonic() - start:.0f} s", flush=True)
            with booted(root()) as machine:
                _offer_packages(machine)
                _install_dependencies(machine)
                (packages.CACHE / "before.json").write_text(json.dumps(listing(machine)))
                print(f"booted after {time.monotonic() - start:.0f} s", flush=True)
                code = check(machine, _CHECKS, tally, sys.argv[1:])
        except UnavailableError as reason:
            print(f"skipped: a container for packages cannot be had here: {reason}")
            print(tally, flush=True)
            return 0
        except GuestFailedError as failure:
            print(f"FAILED  {failure}")
            tally.counts["failed"] += 1
            code = 1
    print(f"{tally} in {time.monotonic() - start:.0f} s", flush=True)
    return 0 if tally.good and code == 0 else 1


def _offer_packages(machine: Machine) -> None:
    """Have apt in the container know the packages, as a repository of one's own would offer them."""
    shutil.copytree(packages.REPOSITORY, f"/proc/{machine.leader}/root/srv/packages")
    machine.write(SOURCE, "deb [trusted=yes] file:/srv/packages ./\n")
    # What it knows of Debian stays as it is: there is no network.
    only = (f"Dir::Etc::sourcelist={SOURCE}", "Dir::Etc::sourceparts=-", "APT::Get::List-Cleanup=0")
    apt(machine, "update", *(f"--option={each}" for each in only))


def _install_dependencies(machine: Machine) -> None:
    """Install all that apt finds edged to need, and not edged: what is left in the end is edged's alone."""
    plan = apt(machine, "install", "--simulate", "edged").out
    needed = [each for each in re.findall(r"^Inst (\S+)", plan, re.MULTILINE) if each != "edged"]
    apt(machine, "install", *needed)


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
