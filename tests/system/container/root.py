"""Debian's files for the container, with all that edged needs and not edged itself: made once, then kept."""

import hashlib
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

from tests.system.vm.errors import UnavailableError

PROJECT = Path(__file__).parents[3]
CACHE = PROJECT / ".cache/container"
ROOT = CACHE / "root"
# Where edged's own environment is; the unit's ExecStart begins there.
ENVIRONMENT = "/opt/edged"
HOST_PACKAGES = ("mmdebstrap", "systemd-container", "util-linux")
# What a board takes from Debian: PyPI has no armv7l wheels of numpy, psutil and systemd-python.
_PACKAGES = (
    *("systemd", "systemd-sysv", "dbus", "udev", "procps"),
    *("python3", "python3-venv", "python3-systemd", "python3-psutil", "python3-pyudev", "python3-numpy"),
)
_SOURCES = "/etc/apt/sources.list.d/debian.sources"
_EXTRAS = ("engine", "models", "meters", "systemd")
_FROM_DEBIAN = ("systemd-python", "psutil", "pyudev")


def root() -> Path:
    """The container's root directory, made now where it is not that of the last time.

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
    include = f"--include={','.join(_PACKAGES)}"
    _do("mmdebstrap", "--quiet", "--variant=apt", include, "bookworm", str(ROOT), _SOURCES)
    wheels = ROOT / "wheels"
    _do(sys.executable, "-m", "pip", "wheel", "--quiet", "--wheel-dir", str(wheels), *_requirements())
    in_root("python3", "-m", "venv", "--system-site-packages", ENVIRONMENT)
    found = [f"/wheels/{wheel.name}" for wheel in sorted(wheels.glob("*.whl"))]
    install("--no-deps", *found)
    shutil.rmtree(wheels)
    (ROOT / "etc/machine-id").write_text("")
    recipe.write_text(_recipe())
    print(f"made in {time.monotonic() - start:.0f} s", flush=True)
    return ROOT


def install(*arguments: str) -> None:
    """Have the container's pip install something that lies in the container."""
    in_root(
        f"{ENVIRONMENT}/bin/pip",
        "--quiet",
        "--disable-pip-version-check",
        "install",
        "--no-index",
        *arguments,
    )


def in_root(*command: str) -> None:
    """Run a command with the container's files, without booting it."""
    _do(
        "chroot",
        str(ROOT),
        "/usr/bin/env",
        "-i",
        "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
        "LANG=C.UTF-8",
        *command,
    )


def _do(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise UnavailableError(f"{' '.join(command[:3])} failed:\n{(done.stderr or done.stdout)[-2000:]}")


def _requirements() -> list[str]:
    """What edged declares, without what a board has from Debian."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    declared: list[str] = [
        *project["dependencies"],
        *(each for name in _EXTRAS for each in extras.get(name, ())),
    ]
    # One engine is enough: the one that a 32-bit board has.
    left_out = (*_FROM_DEBIAN, "ai-edge-litert")
    return [each for each in declared if not each.startswith(left_out)]


def _recipe() -> str:
    parts = [*_PACKAGES, *_requirements(), sys.version, ENVIRONMENT]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
