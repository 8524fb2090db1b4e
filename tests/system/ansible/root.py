"""Debian's files with sshd and what edged depends on, without edged: made once, then kept."""

import hashlib
import re
import shutil
import subprocess
import time
from pathlib import Path

from tests.system.container.root import PROJECT
from tests.system.vm.errors import UnavailableError

CACHE = PROJECT / ".cache/ansible-test"
ROOT = CACHE / "root"
# python3-apt is what Ansible's apt module works with.
_PACKAGES = ("systemd", "systemd-sysv", "dbus", "udev", "procps", "openssh-server", "python3-apt")
_SOURCES = "/etc/apt/sources.list.d/debian.sources"


def root(package: Path) -> Path:
    """The containers' root directory, made now where it is not that of the last time.

    Args:
        package: The package whose dependencies are to be there.

    Raises:
        UnavailableError: If it cannot be had on this machine.
    """
    recipe = CACHE / "recipe"
    packages = sorted({*_PACKAGES, *_dependencies(package)})
    wanted = hashlib.sha256(" ".join(packages).encode()).hexdigest()
    if recipe.exists() and recipe.read_text() == wanted:
        return ROOT
    recipe.unlink(missing_ok=True)
    start = time.monotonic()
    print("making the containers' files from Debian's packages", flush=True)
    shutil.rmtree(ROOT, ignore_errors=True)
    ROOT.parent.mkdir(parents=True, exist_ok=True)
    include = f"--include={','.join(packages)}"
    _do("mmdebstrap", "--quiet", "--variant=apt", include, "bookworm", str(ROOT), _SOURCES)
    (ROOT / "etc/machine-id").write_text("")
    recipe.write_text(wanted)
    print(f"made in {time.monotonic() - start:.0f} s", flush=True)
    return ROOT


def _dependencies(package: Path) -> list[str]:
    """Names of the packages that it depends on; of several that would do, the first."""
    depends = _do("dpkg-deb", "--field", str(package), "Depends")
    return [re.split(r"[ (|]", each.strip())[0] for each in depends.split(",")]


def _do(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise UnavailableError(f"{' '.join(command[:3])} failed:\n{(done.stderr or done.stdout)[-2000:]}")
    return done.stdout
