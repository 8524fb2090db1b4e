"""The packages that the checks install: this work tree's, a next version, and one that cannot start."""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.system.container.root import PROJECT
from tests.system.vm.errors import GuestFailedError

BUILT = PROJECT / ".cache/deb"
CACHE = PROJECT / ".cache/deb-test"
REPOSITORY = CACHE / "repository"
ARCHITECTURES = ("armhf", "arm64", "amd64")
VERSION = re.findall(r'^version = "(.+)"$', (PROJECT / "pyproject.toml").read_text(), re.MULTILINE)[0]
NEXT = f"{VERSION}+1"
BROKEN = f"{VERSION}+2"
# The next version's configuration has one line more.
NEWS = "# What the next version has to say.\n"
_SITE = "usr/lib/edged/lib/python3.11/site-packages"


def build() -> None:
    """Build this work tree's packages, and a repository with changed ones of this machine's kind.

    Raises:
        GuestFailedError: If one cannot be built.
    """
    _do([str(PROJECT / "deploy/deb/build"), sys.executable, str(BUILT), *ARCHITECTURES])
    shutil.rmtree(REPOSITORY, ignore_errors=True)
    REPOSITORY.mkdir(parents=True)
    shutil.copy(built("amd64"), REPOSITORY)
    _pack_anew(NEXT, _tell_news)
    _pack_anew(BROKEN, _tell_news, _break_service)
    (REPOSITORY / "Packages").write_text(_do(["dpkg-scanpackages", "--multiversion", "."], REPOSITORY))


def built(architecture: str) -> Path:
    """This work tree's package for an architecture."""
    return BUILT / f"edged_{VERSION}_{architecture}.deb"


def _pack_anew(version: str, *changes: Callable[[Path], None]) -> None:
    """The package of this machine's kind as another version, changed."""
    with tempfile.TemporaryDirectory(prefix="edged-deb-") as directory:
        tree = Path(directory) / "edged"
        _do(["dpkg-deb", "--raw-extract", str(built("amd64")), str(tree)])
        for file, line in (
            ("DEBIAN/control", "\nVersion: {}\n"),
            (f"{_SITE}/edged-{VERSION}.dist-info/METADATA", "\nVersion: {}\n"),
            (f"{_SITE}/edged/__init__.py", '\n__version__ = "{}"\n'),
        ):
            text = (tree / file).read_text()
            (tree / file).write_text(text.replace(line.format(VERSION), line.format(version)))
        for change in changes:
            change(tree)
        (tree / "DEBIAN/md5sums").unlink()
        _do(["dpkg-deb", "--root-owner-group", "-Zgzip", "--build", str(tree), str(REPOSITORY)])


def _tell_news(tree: Path) -> None:
    with (tree / "etc/edged/edged.toml").open("a") as configuration:
        configuration.write(NEWS)


def _break_service(tree: Path) -> None:
    (tree / _SITE / "edged/daemon/__init__.py").write_text(
        'raise RuntimeError("this version cannot start")\n'
    )


def _do(command: list[str], directory: Path = PROJECT) -> str:
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    if done.returncode:
        raise GuestFailedError(f"{' '.join(command[:2])} failed:\n{done.stderr[-2000:]}")
    return done.stdout
