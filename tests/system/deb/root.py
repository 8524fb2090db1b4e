"""Debian's files without edged, and in apt's cache what edged depends on: made once, then kept."""

import hashlib
import re
import shutil
import subprocess
import time
from pathlib import Path

from tests.system.container.root import PROJECT
from tests.system.deb.packages import CACHE, built
from tests.system.vm.errors import UnavailableError

ROOT = CACHE / "root"
HOST_PACKAGES = (
    "mmdebstrap",
    "systemd-container",
    "util-linux",
    "debhelper",
    "dh-python",
    "dpkg-dev",
    "lintian",
)
_PACKAGES = ("systemd", "systemd-sysv", "dbus", "udev", "procps", "man-db")
_SOURCES = "/etc/apt/sources.list.d/debian.sources"


def root() -> Path:
    """The container's root directory, made now where it is not that of the last time.

    The container has no network, so apt finds what edged depends on in its cache, as it would on a mirror.

    Raises:
        UnavailableError: If it cannot be had on this machine.
    """
    recipe = CACHE / "recipe"
    if recipe.exists() and recipe.read_text() == _recipe():
        return ROOT
    recipe.unlink(missing_ok=True)
    start = time.monotonic()
    print("making the container from Debian's packages", flush=True)
    shutil.rmtree(ROOT, ignore_errors=True)
    ROOT.parent.mkdir(parents=True, exist_ok=True)
    install = f"apt-get --quiet --yes --install-recommends --download-only install {built('amd64')}"
    command = [
        *("mmdebstrap", "--quiet", "--variant=apt", f"--include={','.join(_PACKAGES)}"),
        f'--customize-hook=APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" {install}',
        *("--skip=cleanup/apt", "bookworm", str(ROOT), _SOURCES),
    ]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise UnavailableError(f"mmdebstrap failed:\n{done.stderr[-2000:]}")
    (ROOT / "etc/machine-id").write_text("")
    recipe.write_text(_recipe())
    print(f"made in {time.monotonic() - start:.0f} s", flush=True)
    return ROOT


def _recipe() -> str:
    control = (PROJECT / "deploy/deb/debian/control").read_text()
    depends = re.findall(r"^(?:Depends|Recommends):.*(?:\n .*)*", control, re.MULTILINE)
    return hashlib.sha256("\0".join([*_PACKAGES, *depends]).encode()).hexdigest()
