"""The packages themselves, of every architecture, before any is installed."""

import hashlib
import io
import re
import subprocess
import tarfile
from functools import cache

import pytest

from tests.system.deb import packages
from tests.system.deb.packages import ARCHITECTURES, VERSION, built
from tests.system.vm.debian import AptRoot

# e_machine of the ELF header: <elf.h>.
_MACHINES = {"armhf": 40, "arm64": 183, "amd64": 62}
_WRAPPER = r"/tflite_runtime/_pywrap_tensorflow_interpreter_wrapper.*\.so$"
_OF_THE_WHEEL = r"/tflite_runtime-2\.14\.0\.dist-info/(WHEEL|RECORD)$"
architectures = pytest.mark.parametrize("architecture", ARCHITECTURES)


@cache
def _files(architecture: str) -> dict[str, bytes]:
    command = ["dpkg-deb", "--fsys-tarfile", str(built(architecture))]
    archive = subprocess.run(command, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        files = [member for member in tar if member.isfile()]
        return {member.name: _content(tar, member) for member in files}


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(member)
    assert file is not None
    return file.read()


def _field(architecture: str, name: str) -> str:
    command = ["dpkg-deb", "--field", str(built(architecture)), name]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@architectures
def test_lintian_finds_no_error(architecture: str) -> None:
    command = ["lintian", "--fail-on=error,warning", "--allow-root", str(built(architecture))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@architectures
def test_it_says_what_it_is(architecture: str) -> None:
    assert (_field(architecture, "Package"), _field(architecture, "Version")) == ("edged", VERSION)
    assert _field(architecture, "Architecture") == architecture


@architectures
def test_its_only_machine_code_is_the_engine_of_that_architecture(architecture: str) -> None:
    machines = {
        name: int.from_bytes(content[18:20], "little")
        for name, content in _files(architecture).items()
        if content.startswith(b"\x7fELF")
    }
    assert list(machines.values()) == [_MACHINES[architecture]]
    assert re.search(_WRAPPER, next(iter(machines)))


@architectures
def test_nothing_but_the_engine_differs_between_architectures(architecture: str) -> None:
    def sums(of: str) -> dict[str, str]:
        common = {
            name: content
            for name, content in _files(of).items()
            if not re.search(f"{_WRAPPER}|{_OF_THE_WHEEL}", name)
        }
        return {name: hashlib.sha256(content).hexdigest() for name, content in common.items()}

    assert sums(architecture) == sums("amd64")


@architectures
def test_debian_12_has_what_it_depends_on(architecture: str) -> None:
    apt = AptRoot(packages.CACHE / f"apt-{architecture}", architecture)
    apt.update()
    plan = apt.plan([str(built(architecture))])
    installed = {each.name: each.architecture for each in plan if each.architecture != "all"}
    assert {"edged", "python3.11", "libstdc++6"} <= set(installed)
    assert set(installed.values()) == {architecture}
