"""Puts this work tree's edged where a package would put it."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.system.container.root import ENVIRONMENT, PROJECT, ROOT, in_root, install
from tests.system.vm.errors import GuestFailedError

_FILES = {
    "edged.service": "usr/lib/systemd/system/edged.service",
    "edged.socket": "usr/lib/systemd/system/edged.socket",
    "edged.sysusers.conf": "usr/lib/sysusers.d/edged.conf",
    "edged.tmpfiles.conf": "usr/lib/tmpfiles.d/edged.conf",
    "60-edged.rules": "usr/lib/udev/rules.d/60-edged.rules",
}
_SOURCES = ("edged", "pyproject.toml", "README.md")


def install_edged() -> None:
    """Install edged, its units, user, directories, rules and commented configuration.

    Raises:
        GuestFailedError: If the work tree makes no wheel.
    """
    with tempfile.TemporaryDirectory(prefix="edged-wheel-") as directory:
        source = Path(directory) / "source"
        source.mkdir()
        for name in _SOURCES:
            if (PROJECT / name).is_dir():
                shutil.copytree(PROJECT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(PROJECT / name, source)
        wheel = _wheel_of(source, Path(directory))
        shutil.copy(wheel, ROOT / wheel.name)
        install("--no-deps", "--force-reinstall", f"/{wheel.name}")
        (ROOT / wheel.name).unlink()
    for name, place in _FILES.items():
        target = ROOT / place
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PROJECT / "systemd" / name, target)
    (ROOT / "etc/edged").mkdir(exist_ok=True)
    shutil.copyfile(PROJECT / "deploy/edged.toml", ROOT / "etc/edged/edged.toml")
    (ROOT / "usr/bin/edged").unlink(missing_ok=True)
    (ROOT / "usr/bin/edged").symlink_to(f"{ENVIRONMENT}/bin/edged")
    # As a package does when it is installed.
    in_root("systemd-sysusers")
    in_root("systemctl", "enable", "--quiet", "edged.socket")


def _wheel_of(source: Path, directory: Path) -> Path:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "wheel", "--no-deps"]
    done = subprocess.run(
        [*command, "--wheel-dir", directory, source], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise GuestFailedError(f"the work tree makes no wheel:\n{done.stderr[-2000:]}")
    (wheel,) = directory.glob("*.whl")
    return wheel
