"""Debian's files for containers, made once, then kept: with what edged takes from Debian, and without.

Neither has edged in it, and neither has a network. What install.sh would fetch lies in them: the wheels of
the lock file as an index for pip and, on the fresh board, Debian's packages as a repository for apt.
"""

import hashlib
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.system.vm.errors import UnavailableError

PROJECT = Path(__file__).parents[3]
CACHE = PROJECT / ".cache/container"
ROOT = CACHE / "root"
FRESH = CACHE / "fresh/root"
HOST_PACKAGES = ("mmdebstrap", "systemd-container", "util-linux", "dpkg-dev")
# In the containers.
DEBS = "/srv/debian"
WHEELS = "/srv/wheels"
_SYSTEM = ("systemd", "systemd-sysv", "dbus", "udev", "procps")
_SOURCES = "/etc/apt/sources.list.d/debian.sources"
_LOCK = PROJECT / "deploy/requirements.lock"


def root() -> Path:
    """The files of a Debian 12 that has what edged takes from Debian, made now where they are old.

    Raises:
        UnavailableError: If they cannot be had on this machine.
    """
    return _made(ROOT, [*_SYSTEM, *_packages()], at_hand=[])


def fresh_root() -> Path:
    """The files of a Debian 12 without even Python; its apt finds what edged takes from Debian.

    Raises:
        UnavailableError: If they cannot be had on this machine.
    """
    return _made(FRESH, _SYSTEM, at_hand=_packages())


def _packages() -> list[str]:
    """What install.sh has apt install."""
    script = '. "$1/deploy/install/system.sh"; echo $PACKAGES'
    return _do("sh", "-euc", script, "sh", str(PROJECT)).split()


def _made(directory: Path, there: Sequence[str], at_hand: Sequence[str]) -> Path:
    recipe = directory.parent / "recipe"
    parts = [*there, "", *at_hand, _LOCK.read_text(), Path(__file__).read_text()]
    wanted = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    if recipe.exists() and recipe.read_text() == wanted:
        return directory
    recipe.unlink(missing_ok=True)
    start = time.monotonic()
    print("making a container from Debian's packages", flush=True)
    shutil.rmtree(directory, ignore_errors=True)
    directory.parent.mkdir(parents=True, exist_ok=True)
    hooks = [f"--customize-hook={hook}" for hook in _repository(at_hand)] if at_hand else []
    include = f"--include={','.join(there)}"
    _do("mmdebstrap", "--quiet", "--variant=apt", include, *hooks, "bookworm", str(directory), _SOURCES)
    for file in (directory / "etc/apt/sources.list.d").iterdir():
        file.unlink()
    if at_hand:
        (directory / "etc/apt/sources.list").write_text(f"deb [trusted=yes] file:{DEBS} ./\n")
    _index_wheels(directory)
    (directory / "etc/machine-id").write_text("")
    recipe.write_text(wanted)
    print(f"made in {time.monotonic() - start:.0f} s", flush=True)
    return directory


def _repository(packages: Sequence[str]) -> list[str]:
    """Commands that leave these packages, and what they depend on, as a repository in the files."""
    download = f"--yes --no-install-recommends --download-only install {' '.join(packages)}"
    return [
        f'chroot "$1" apt-get -qq {download}',
        f'mkdir -p "$1"{DEBS} && mv "$1"/var/cache/apt/archives/*.deb "$1"{DEBS}',
        f'cd "$1"{DEBS} && dpkg-scanpackages --multiversion . 2>/dev/null >Packages',
    ]


def _index_wheels(directory: Path) -> None:
    """Have pip in the container find the wheels of the lock file in an index, and nothing else (PEP 503)."""
    wheels = Path(f"{directory}{WHEELS}")
    _do(
        *(sys.executable, "-m", "pip", "--quiet", "download", "--no-deps", "--only-binary=:all:"),
        *("--python-version=3.11", "--require-hashes", f"--requirement={_LOCK}", f"--dest={wheels}"),
    )
    for wheel in list(wheels.glob("*.whl")):
        page = wheels / wheel.name.split("-")[0].lower().replace("_", "-") / "index.html"
        page.parent.mkdir()
        page.write_text(f'<a href="../{wheel.name}">{wheel.name}</a>\n')
    (directory / "etc/pip.conf").write_text(f"[global]\nindex-url = file://{WHEELS}\n")


def _do(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise UnavailableError(f"{' '.join(command[:3])} failed:\n{(done.stderr or done.stdout)[-2000:]}")
    return done.stdout
