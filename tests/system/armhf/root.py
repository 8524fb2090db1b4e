"""Debian's files for 32-bit ARM, with an environment for edged and its tests: made once, then kept."""

import compileall
import hashlib
import os
import py_compile
import re
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

from tests.system.container.root import PROJECT
from tests.system.vm.debian import ARCHITECTURE, RELEASE, mirror
from tests.system.vm.errors import UnavailableError

CACHE = PROJECT / ".cache/armhf"
ROOT = CACHE / "root"
# Made as the package makes its own: it sees Debian's modules.
ENVIRONMENT = "/opt/edged"
# Where the work tree is put, and where that environment finds edged: workers look nowhere else.
TREE = "/srv/edged"
HOST_PACKAGES = ("arch-test", "binfmt-support", "mmdebstrap", "qemu-user-static", "util-linux")
_LOCK = PROJECT / "deploy/requirements.lock"
_CONTROL = PROJECT / "deploy/deb/debian/control"
_HOOKS = "/usr/share/mmdebstrap/hooks/merged-usr"
# Beside what the package depends on: what runs it, dpkg, and what tests start.
_TOOLS = (
    *("base-files", "bash", "coreutils", "dash", "diffutils", "dpkg", "findutils", "grep"),
    *("libc-bin", "mount", "openssl", "procps", "sed", "tar"),
)
_TEST_TOOLS = ("hypothesis", "pytest", "pytest-xdist", "promql-parser", "grafana-foundation-sdk")
_PLATFORMS = ("any", "manylinux_2_34_armv7l", "manylinux2014_armv7l")
_BINFMT = Path("/proc/sys/fs/binfmt_misc")
_ACCOUNTS = {
    "passwd": "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
    "group": "root:x:0:\nnogroup:x:65534:\n",
}


def root() -> Path:
    """The root directory, made now where it is not that of the last time.

    Its packages are laid out and not configured: no ARM code runs for it, which saves minutes.

    Raises:
        UnavailableError: If it cannot be had on this machine.
    """
    recipe = CACHE / "recipe"
    if recipe.exists() and recipe.read_text() == _recipe():
        return ROOT
    recipe.unlink(missing_ok=True)
    start = time.monotonic()
    print("making the 32-bit ARM root from Debian's packages", flush=True)
    shutil.rmtree(ROOT, ignore_errors=True)
    CACHE.mkdir(parents=True, exist_ok=True)
    packages = f"--include={','.join([*_depends(), *_TOOLS])}"
    _do(
        *("mmdebstrap", "--quiet", f"--architectures={ARCHITECTURE}", "--variant=extract", packages),
        *(f"--hook-dir={_HOOKS}", RELEASE, str(ROOT), f"deb {mirror()} {RELEASE} main"),
    )
    _configure()
    _install_wheels()
    for place in ("usr/lib/python3", "usr/lib/python3.11", ENVIRONMENT[1:]):
        _compile(ROOT / place)
    recipe.write_text(_recipe())
    print(f"made in {time.monotonic() - start:.0f} s", flush=True)
    return ROOT


def enable_emulation() -> None:
    """Have the kernel start 32-bit ARM programs with qemu.

    Raises:
        UnavailableError: If it cannot be made to.
    """
    if os.geteuid() != 0:
        raise UnavailableError("a root of another architecture needs root")
    if not (_BINFMT / "status").exists():
        _do("mount", "-t", "binfmt_misc", "binfmt_misc", str(_BINFMT))
    if not (_BINFMT / "qemu-arm").exists():
        _do("update-binfmts", "--enable", "qemu-arm")
    if not (_BINFMT / "qemu-arm").exists():
        raise UnavailableError("qemu-arm is not among the kernel's binary formats")


def _depends() -> list[str]:
    """What the package depends on and recommends; of alternatives the last."""
    fields = re.findall(r"^(?:Depends|Recommends): (.*(?:\n .*)*)", _CONTROL.read_text(), re.MULTILINE)
    packages = [each.split("|")[-1].split("(")[0].strip() for field in fields for each in field.split(",")]
    return sorted({each for each in packages if not each.startswith("${")})


def _configure() -> None:
    """Do what little of the packages' own scripts is needed."""
    for name, content in _ACCOUNTS.items():
        (ROOT / "etc" / name).write_text(content)
    for library, folder in (("libblas.so.3", "blas"), ("liblapack.so.3", "lapack")):
        link = ROOT / "usr/lib/arm-linux-gnueabihf" / library
        link.unlink(missing_ok=True)
        link.symlink_to(f"{folder}/{library}")
    shell = ROOT / "usr/bin/sh"
    if not shell.exists():
        shell.symlink_to("dash")


def _install_wheels() -> None:
    environment = ROOT / ENVIRONMENT[1:]
    site = environment / "lib/python3.11/site-packages"
    site.mkdir(parents=True)
    (environment / "bin").mkdir()
    (environment / "bin/python3").symlink_to("/usr/bin/python3.11")
    shutil.copy(PROJECT / "deploy/deb/pyvenv.cfg", environment)
    (site / "edged.pth").write_text(f"{TREE}\n")
    pip = [
        *(sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--no-compile"),
        *("--only-binary=:all:", "--implementation=cp", "--python-version=3.11", "--abi=cp311", "--abi=abi3"),
        *("--abi=none", f"--target={site}", *(f"--platform={each}" for each in _PLATFORMS)),
    ]
    _do(*pip, "--upgrade", *_test_tools())
    _do(*pip, "--upgrade", "--no-deps", "--require-hashes", "--requirement", str(_LOCK))


def _test_tools() -> list[str]:
    """What unit tests import that no board has, as edged declares it."""
    extras = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    declared: list[str] = [each for each in extras["dev"] if each.startswith(_TEST_TOOLS)]
    return declared + list(extras["grafana"])


def _compile(directory: Path) -> None:
    """Spare the emulated Python the work; where this Python is another one, it has to do it itself."""
    if sys.version_info[:2] == (3, 11):
        compileall.compile_dir(
            directory,
            stripdir=str(ROOT),
            prependdir="/",
            quiet=2,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )


def _do(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise UnavailableError(f"{' '.join(command[:3])} failed:\n{(done.stderr or done.stdout)[-2000:]}")


def _recipe() -> str:
    packages = [*_depends(), *_TOOLS, *_test_tools(), _LOCK.read_text()]
    parts = [*packages, *_PLATFORMS, ENVIRONMENT, TREE, sys.version]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
