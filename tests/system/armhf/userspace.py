"""Starts programs in the 32-bit ARM root; what they write to its files is gone afterwards."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.system.armhf.root import TREE
from tests.system.container.machine import Machine
from tests.system.container.root import PROJECT
from tests.system.vm.errors import UnavailableError

_COPIED = (
    *("edged", "tests", "deploy", "systemd", "dashboards", ".readme"),
    *("pyproject.toml", "README.md", "Makefile"),
)
# In a mount and a process namespace of its own: whatever happens, mounts and processes end with it.
_START = """\
set -e
mount -t tmpfs tmpfs "$2"
mkdir "$2/upper" "$2/work" "$2/root"
mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$2/root"
cd "$2/root"
mkdir -p dev proc sys tmp run old
mount -t proc proc proc
mount --rbind /sys sys
mount --rbind /dev dev
mount -t tmpfs tmpfs tmp
mount -t tmpfs tmpfs run
pivot_root . old
umount --lazy /old
exec sleep infinity
"""
_LIMIT_S = 60.0
_LOOK_S = 0.1


@contextmanager
def started(root: Path) -> Iterator[Machine]:
    """The userspace with this work tree in it, as a machine that commands can be run in.

    Raises:
        UnavailableError: If this machine's kernel does not start it.
    """
    with tempfile.TemporaryDirectory(prefix="edged-armhf-") as directory:
        namespaces = ("--mount", "--propagation=private", "--pid", "--fork", "--kill-child")
        process = subprocess.Popen(
            ["unshare", *namespaces, "sh", "-c", _START, "sh", str(root), directory],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            machine = Machine(_leader(process), limits=False)
            _copy_tree(Path(f"/proc/{machine.leader}/root{TREE}"))
            yield machine
        finally:
            process.kill()
            process.wait()


def _leader(process: "subprocess.Popen[str]") -> int:
    """The first process of the namespaces, once it runs ARM code."""
    deadline = time.monotonic() + _LIMIT_S
    while time.monotonic() < deadline and process.poll() is None:
        done = subprocess.run(
            ["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False
        ).stdout.split()
        if done and Path(f"/proc/{done[0]}/cmdline").read_text().endswith("sleep\0infinity\0"):
            return int(done[0])
        time.sleep(_LOOK_S)
    process.kill()
    _, said = process.communicate()
    raise UnavailableError(f"no 32-bit ARM program can be started here:\n{said[-2000:]}")


def _copy_tree(target: Path) -> None:
    target.mkdir(parents=True)
    for name in _COPIED:
        if (PROJECT / name).is_dir():
            shutil.copytree(PROJECT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(PROJECT / name, target)
    # The facts and genuine models, where this machine has them.
    facts = PROJECT.parent / "shared"
    if facts.is_dir():
        shutil.copytree(facts, target.parent / "shared")
