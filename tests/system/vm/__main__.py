"""`python -m tests.system.vm`: build the guest, or take the one at hand, and run its checks."""

import fcntl
import hashlib
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.system.vm import image, machine, modules
from tests.system.vm.debian import AptRoot
from tests.system.vm.errors import GuestFailedError, UnavailableError
from tests.system.vm.report import Check, Tally

CACHE = image.PROJECT / ".cache/vm"
HOST_PACKAGES = ("cpio", "gcc-arm-linux-gnueabihf", "kmod", "make", "qemu-system-arm", "xz-utils")
# Four times what it takes on two busy cores.
LIMIT_S = 300.0


def main() -> int:
    """Run the checks.

    Returns:
        0 if all passed, or if the guest cannot be had on this machine; 1 otherwise.
    """
    CACHE.mkdir(parents=True, exist_ok=True)
    tally = Tally()
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two runs at once would build in the same place
        try:
            _install_host_packages()
            kernel, base = _guest()
            _check(kernel, base, tally)
        except UnavailableError as reason:
            print(f"skipped: the emulated ARM board cannot be had here: {reason}")
            print(tally, flush=True)
            return 0
        except GuestFailedError as failure:
            print(f"FAILED  {failure}")
            tally.counts["failed"] += 1
            print(tally, flush=True)
            return 1
    print(tally, flush=True)
    return 0 if tally.good else 1


def _install_host_packages() -> None:
    if shutil.which("apt-get") is None:
        raise UnavailableError("it is made of Debian packages, and this machine has no apt")
    done = subprocess.run([image.PROJECT / ".ci/apt", *HOST_PACKAGES], check=False)
    if done.returncode:
        raise UnavailableError(
            "these Debian packages are needed and not installed: " + ", ".join(HOST_PACKAGES)
        )


def _guest() -> tuple[Path, Path]:
    """The kernel and Debian's part of the initramfs; built where the recipe is not that of the last time."""
    recipe = CACHE / "recipe"
    kernel, base = CACHE / "vmlinuz", CACHE / "base.cpio"
    if recipe.exists() and recipe.read_text() == _recipe():
        return kernel, base
    recipe.unlink(missing_ok=True)
    start = time.monotonic()
    print("building the guest from Debian's packages", flush=True)
    apt = AptRoot(CACHE / "apt")
    apt.update()
    built = modules.build(apt, CACHE / "build")
    shutil.copy(built.image, kernel)
    shutil.copy(image.build_base(apt, built, CACHE / "build"), base)
    shutil.rmtree(CACHE / "build")
    recipe.write_text(_recipe())
    print(f"built for kernel {built.release} in {time.monotonic() - start:.0f} s", flush=True)
    return kernel, base


def _recipe() -> str:
    here = Path(__file__).parent
    parts = [here / name for name in ("debian.py", "modules.py", "image.py", "fake_soc.c")]
    contents = [part.read_bytes() for part in parts]
    return hashlib.sha256(b"".join([*contents, *(each.encode() for each in image.wheels())])).hexdigest()


def _check(kernel: Path, base: Path, tally: Tally) -> None:
    run = image.build_run(CACHE)
    for line in machine.run(kernel, [base, run], CACHE, LIMIT_S):
        try:
            check = Check.parse(line)
        except ValueError as error:
            raise GuestFailedError(str(error)) from error
        tally.add(check)
        print(check.lines(), flush=True)
    if not tally.good:
        print(machine.console_tail(CACHE))


sys.exit(main())
