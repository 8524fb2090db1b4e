"""The packages that the boards get: this version, a next one, and one whose service cannot start."""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.system.ansible.root import CACHE
from tests.system.container.root import PROJECT
from tests.system.vm.errors import GuestFailedError

VERSION = re.findall(r'^version = "(.+)"$', (PROJECT / "pyproject.toml").read_text(), re.MULTILINE)[0]
NEXT = f"{VERSION}+1"
BROKEN = f"{VERSION}+2"
_BUILDS_FROM = ("pyproject.toml", "README.md", "edged", "deploy", "systemd")
# What is tried is the role: packages are built anew where the way they are built has changed.
_INPUTS = ("deploy/deb", "deploy/requirements.lock", "systemd")


def at_hand() -> Path:
    """A directory with the three packages for this machine.

    Raises:
        GuestFailedError: If one cannot be built.
    """
    directory = CACHE / "packages"
    paths = [directory / f"edged_{version}_{architecture()}.deb" for version in (VERSION, NEXT, BROKEN)]
    oldest = min((path.stat().st_mtime if path.exists() else 0.0) for path in paths)
    if oldest < _newest_input():
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        for version in (VERSION, NEXT, BROKEN):
            print(f"building edged {version}", flush=True)
            _build(version, directory)
    return directory


def architecture() -> str:
    """As Debian calls that of this machine."""
    return _do(["dpkg", "--print-architecture"], PROJECT).strip()


def _build(version: str, output: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="edged-deb-") as directory:
        tree = Path(directory)
        for name in _BUILDS_FROM:
            if (PROJECT / name).is_dir():
                shutil.copytree(PROJECT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(PROJECT / name, tree)
        for file in ("pyproject.toml", "deploy/deb/debian/changelog", "edged/__init__.py"):
            text = (tree / file).read_text()
            (tree / file).write_text(text.replace(VERSION, version, 1))
        if version == BROKEN:
            (tree / "edged/daemon/__init__.py").write_text('raise RuntimeError("it cannot start")\n')
        _do([str(tree / "deploy/deb/build"), sys.executable, str(output), architecture()], tree)


def _do(command: list[str], directory: Path) -> str:
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    if done.returncode:
        raise GuestFailedError(f"{' '.join(command[:2])} failed:\n{done.stderr[-2000:]}")
    return done.stdout


def _newest_input() -> float:
    found = [path for name in _INPUTS for path in (PROJECT / name, *(PROJECT / name).rglob("*"))]
    return max(path.stat().st_mtime for path in found if path.is_file())
