"""Boots the guest under QEMU, watches what it reports, and ends it whatever happens."""

import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.system.vm.errors import GuestFailedError

QEMU = "qemu-system-arm"
CONSOLE = "console.log"
_LOOK_S = 0.1
_TAIL_LINES = 30


def run(kernel: Path, archives: Sequence[Path], directory: Path, limit_s: float) -> Iterator[str]:
    """The lines of the guest's report, as they come.

    Args:
        kernel: The kernel.
        archives: The parts of the initramfs, in the order in which they are unpacked.
        directory: Where the initramfs, the console's output and the directory shared with the guest go.
        limit_s: The guest is ended after that many seconds.

    Yields:
        Each whole line of the file `report` in the shared directory.

    Raises:
        GuestFailedError: If the guest does not come to its end in time.
    """
    initramfs, console, share = directory / "initramfs", directory / CONSOLE, directory / "share"
    with initramfs.open("wb") as whole:
        for archive in archives:
            whole.write(archive.read_bytes())
    share.mkdir(exist_ok=True)
    for old in share.iterdir():
        old.unlink()
    report = share / "report"
    report.touch()
    deadline = time.monotonic() + limit_s
    guest = subprocess.Popen(_command(kernel, initramfs, console, share), stdin=subprocess.DEVNULL)
    try:
        with report.open() as lines:
            running, unfinished = True, ""
            while running:
                running = guest.poll() is None
                *whole_lines, unfinished = (unfinished + lines.read()).split("\n")
                yield from whole_lines
                if running and time.monotonic() > deadline:
                    raise GuestFailedError(
                        f"the guest was not done after {limit_s:.0f} s\n{console_tail(directory)}"
                    )
                if running:
                    time.sleep(_LOOK_S)
    finally:
        guest.kill()
        guest.wait()
    if not (share / "ended").exists():
        raise GuestFailedError(f"the guest did not come to its end\n{console_tail(directory)}")


def _command(kernel: Path, initramfs: Path, console: Path, share: Path) -> list[str]:
    return [
        # The guest goes when this process goes, even if it is killed.
        *("setpriv", "--pdeathsig", "KILL", QEMU),
        # Never KVM: a node that answers is no proof that it can run this kernel.
        *("-M", "virt", "-accel", "tcg", "-cpu", "cortex-a15", "-smp", "1", "-m", "1024"),
        *("-nodefaults", "-display", "none", "-no-reboot", "-serial", f"file:{console}"),
        *("-kernel", str(kernel), "-initrd", str(initramfs)),
        *("-append", "console=ttyAMA0 rdinit=/init quiet panic=-1"),
        *("-fsdev", f"local,path={share},security_model=none,id=share"),
        *("-device", "virtio-9p-device,fsdev=share,mount_tag=host", "-device", "virtio-rng-device"),
    ]


def console_tail(directory: Path) -> str:
    """The last lines that the guest printed."""
    console = directory / CONSOLE
    lines = console.read_text(errors="replace").splitlines() if console.exists() else []
    return "\n".join(["the last lines of its console:", *lines[-_TAIL_LINES:]])
