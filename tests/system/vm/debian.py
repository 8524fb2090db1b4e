"""Debian packages of another architecture, fetched by name into a directory of their own.

The host's `apt` does the work with a second, empty state: no `dpkg --add-architecture`, nothing is
installed, and the mirror, certificates and proxies are those of the host.
"""

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.system.vm.errors import UnavailableError

ARCHITECTURE = "armhf"
RELEASE = "bookworm"


class Planned(NamedTuple):
    """A package that apt would install.

    Attributes:
        name: Its name.
        version: Its version, with epoch and revision.
        architecture: Its architecture, or `all`.
    """

    name: str
    version: str
    architecture: str


class AptRoot:
    """An empty Debian of the guest's architecture that packages can be fetched for.

    Args:
        directory: Where its lists and packages are kept.
        architecture: The architecture of its packages.
    """

    def __init__(self, directory: Path, architecture: str = ARCHITECTURE) -> None:
        """Remember the place; `update` fills it."""
        self._directory = directory
        self._architecture = architecture
        self._configuration = directory / "apt.conf"

    def update(self) -> None:
        """Make the root if it is not there, and fetch the lists of packages.

        Raises:
            UnavailableError: If this machine has no Debian mirror, or it does not answer.
        """
        for part in ("state/lists/partial", "cache/archives/partial", "packages"):
            (self._directory / part).mkdir(parents=True, exist_ok=True)
        (self._directory / "state/status").touch()
        host = _output(["dpkg", "--print-architecture"])
        (self._directory / "sources.list").write_text(f"deb {mirror()} {RELEASE} main\n")
        # The host's architecture is there for the tools that build kernel modules.
        self._configuration.write_text(
            f'Dir::State "{self._directory}/state";\n'
            f'Dir::State::status "{self._directory}/state/status";\n'
            f'Dir::Cache "{self._directory}/cache";\n'
            f'Dir::Etc::sourcelist "{self._directory}/sources.list";\n'
            'Dir::Etc::sourceparts "-";\n'
            f'APT::Architecture "{self._architecture}";\n'
            f'APT::Architectures {{ "{self._architecture}"; "{host}"; }};\n'
            'APT::Install-Recommends "false";\n'
            'APT::Sandbox::User "root";\n'
            'Acquire::Languages "none";\n'
        )
        self._apt("apt-get", "-qq", "update")

    def dependencies(self, package: str) -> list[str]:
        """Names of the packages that `package` depends on itself."""
        answer = self._apt("apt-cache", "depends", package)
        return re.findall(r"^\s+Depends: ([a-z0-9][a-z0-9.+:-]*)$", answer, re.MULTILINE)

    def download(self, packages: Sequence[str]) -> list[Path]:
        """Fetch just these packages.

        Raises:
            UnavailableError: If one of them cannot be had.
        """
        folder = self._directory / "packages"
        for package in packages:
            self._apt("apt-get", "-qq", "download", package, folder=folder)
        return [_archive(folder, package) for package in packages]

    def download_with_dependencies(self, packages: Sequence[str]) -> list[Path]:
        """Fetch these packages and all that they need.

        Raises:
            UnavailableError: If one of them cannot be had.
        """
        self._apt("apt-get", "-qq", "install", "--yes", "--download-only", *packages)
        # Packages of an earlier plan may be there too. A colon cannot stand in the name of a file.
        wanted = self.plan(packages)
        names = [f"{each.name}_{each.version.replace(':', '%3a')}_{each.architecture}.deb" for each in wanted]
        return [self._directory / "cache/archives" / name for name in names]

    def plan(self, packages: Sequence[str]) -> list[Planned]:
        """What apt would install for these packages, given as names or as files.

        Raises:
            UnavailableError: If something that they depend on is not there.
        """
        told = self._apt("apt-get", "-qq", "install", "--yes", "--simulate", *packages)
        found = re.findall(r"^Inst (\S+) \((\S+) .*\[(\w+)\]\)", told, re.MULTILINE)
        return [Planned(*each) for each in found]

    def _apt(self, *command: str, folder: Path | None = None) -> str:
        environment = os.environ | {"APT_CONFIG": str(self._configuration), "LC_ALL": "C"}
        return _output(command, environment=environment, folder=folder)


def unpack(archive: Path, directory: Path) -> None:
    """Lay out the files of a package below a directory."""
    directory.mkdir(parents=True, exist_ok=True)
    _output(["dpkg-deb", "--extract", str(archive), str(directory)])


def _archive(folder: Path, package: str) -> Path:
    name, _, architecture = package.partition(":")
    found = sorted(folder.glob(f"{name}_*_{architecture or '*'}.deb"))
    if not found:
        raise UnavailableError(f"apt fetched no package {package}")
    return found[-1]


def mirror() -> str:
    """Where this machine gets Debian from.

    The security archive is left out: what the guest runs is thrown away after a minute.
    """
    answer = _output(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)", "Created-By: Packages"]
    )
    for line in answer.splitlines():
        uri, _, release = line.partition(" ")
        if release == RELEASE:
            return uri
    raise UnavailableError(f"this machine's apt has no source for Debian {RELEASE}")


def _output(
    command: Sequence[str], *, environment: dict[str, str] | None = None, folder: Path | None = None
) -> str:
    try:
        done = subprocess.run(
            command, env=environment, cwd=folder, capture_output=True, text=True, check=True, timeout=600
        )
    except (subprocess.SubprocessError, OSError) as error:
        said = getattr(error, "stderr", None) or ""
        raise UnavailableError(f"{' '.join(command[:4])} failed: {error}\n{said}".strip()) from error
    return done.stdout.strip()
