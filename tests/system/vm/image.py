"""The guest's files as an initramfs: all it has is in memory, so there is no disk to build or to wait for.

It is made of two archives that the kernel unpacks one after the other: Debian's part, which stays the
same from run to run, and edged's source with the checks, which is made anew each time.
"""

import compileall
import os
import py_compile
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from tests.system.vm.debian import AptRoot, unpack
from tests.system.vm.errors import GuestFailedError, UnavailableError
from tests.system.vm.modules import Kernel

PROJECT = Path(__file__).parents[3]
HOSTED_MODELS = PROJECT.parent / "shared/models/hosted"
GUEST = Path(__file__).parent / "guest"

# What a board takes from Debian: there are no armv7l wheels of numpy and psutil.
PACKAGES = (
    "busybox-static",
    "libpython3-stdlib",
    "libstdc++6",
    "python3-minimal",
    "python3-numpy",
    "python3-psutil",
)
_FROM_DEBIAN = ("numpy", "psutil")
# The only engine with an armv7l wheel; it asks for the numpy that comes from Debian.
ENGINE = "tflite-runtime==2.14.0"
TEST_RUNNER = "pytest>=8.0"
GUEST_PLATFORM = "manylinux_2_34_armv7l"
GUEST_PYTHON = "3.11"
WHEELS = f"usr/local/lib/python{GUEST_PYTHON}/dist-packages"

# The rest of what Debian's kernel has as modules is not needed without disks and networks.
KERNEL_MODULES = ("virtio_mmio", "9p", "9pnet_virtio", "i2c-dev", "ina2xx-adc")
_NEEDLESS = (
    "usr/include",
    "usr/lib/arm-linux-gnueabihf/gconv",
    "usr/lib/python3.11/pydoc_data",
    "usr/share",
    "var",
)


def build_base(apt: AptRoot, kernel: Kernel, directory: Path) -> Path:
    """Debian's part: busybox, Python with what edged imports, and the kernel's modules.

    Args:
        apt: Where packages come from; its lists must be there.
        kernel: The kernel with its modules.
        directory: Where it is laid out.

    Returns:
        The archive.

    Raises:
        UnavailableError: If a package cannot be had.
        GuestFailedError: If it cannot be put together.
    """
    root = directory / "root"
    shutil.rmtree(root, ignore_errors=True)
    for archive in apt.download_with_dependencies(PACKAGES):
        unpack(archive, root)
    for needless in _NEEDLESS:
        shutil.rmtree(root / needless, ignore_errors=True)
    for tests in (root / "usr/lib/python3/dist-packages/numpy").rglob("tests"):
        shutil.rmtree(tests)
    for mount_point in ("dev", "proc", "sys", "tmp", "run", "share"):
        (root / mount_point).mkdir(exist_ok=True)
    (root / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
    _link_linear_algebra(root)
    _install_wheels(root, [*wheels(), TEST_RUNNER])
    _install_wheels(root, [ENGINE], "--no-deps")
    for library in ("usr/lib", "usr/local/lib"):
        _compile_python(root / library)
    _add_modules(kernel, root)
    return _archive(root, directory / "base.cpio")


def build_run(directory: Path) -> Path:
    """This run's part: edged's source, the checks and, where they are at hand, the genuine models.

    Args:
        directory: Where it is laid out.

    Returns:
        The archive.
    """
    root = directory / "run"
    shutil.rmtree(root, ignore_errors=True)
    project = root / "opt/edged"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PROJECT / "edged", project / "edged", ignore=ignored)
    guest = project / GUEST.relative_to(PROJECT)
    shutil.copytree(GUEST, guest, ignore=ignored)
    for package in (PROJECT / "tests", PROJECT / "tests/system", GUEST.parent):
        shutil.copy(package / "__init__.py", project / package.relative_to(PROJECT))
    (guest / "init").rename(root / "init")
    (root / "init").chmod(0o755)
    _compile_python(project / "edged")
    if HOSTED_MODELS.is_dir():
        models = root / "opt/models"
        models.mkdir()
        for name in ("mobilenet_v1_0.25_224.tflite", "mobilenet_v1_0.25_224_quant.tflite", "resized_cat.bmp"):
            shutil.copy(HOSTED_MODELS / name, models)
    return _archive(root, directory / "run.cpio")


def _link_linear_algebra(root: Path) -> None:
    """Do what the packages' `update-alternatives` would have done."""
    libraries = root / "usr/lib/arm-linux-gnueabihf"
    for folder, library in (("blas", "libblas.so.3"), ("lapack", "liblapack.so.3")):
        (libraries / library).unlink(missing_ok=True)
        (libraries / library).symlink_to(f"{folder}/{library}")


def wheels() -> list[str]:
    """What edged needs by its own declaration, as far as it comes as wheels."""
    declared: list[str] = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["dependencies"]
    return [each for each in declared if not each.startswith(_FROM_DEBIAN)]


def _install_wheels(root: Path, requirements: Sequence[str], *options: str) -> None:
    command = [
        *(sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--no-compile"),
        *("--only-binary=:all:", "--implementation=cp", f"--python-version={GUEST_PYTHON}", "--upgrade"),
        *(f"--platform={GUEST_PLATFORM}", f"--target={root / WHEELS}"),
    ]
    done = subprocess.run([*command, *options, *requirements], capture_output=True, text=True, check=False)
    if done.returncode:
        raise UnavailableError(f"pip has no wheels for {GUEST_PLATFORM}:\n{done.stderr}")


def _compile_python(directory: Path) -> None:
    """Compile here what would take the emulated machine ten times as long; the byte code is the same."""
    if sys.version_info[:2] != tuple(int(part) for part in GUEST_PYTHON.split(".")):
        return
    compileall.compile_dir(
        str(directory),
        quiet=2,
        force=True,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        workers=os.cpu_count() or 1,
    )


def _add_modules(kernel: Kernel, root: Path) -> None:
    folder = root / "lib/modules" / kernel.release
    shipped = kernel.tree / "lib/modules" / kernel.release
    folder.mkdir(parents=True)
    _run(["depmod", "--basedir", str(kernel.tree), kernel.release])
    show = ["modprobe", "--dirname", str(kernel.tree), "--set-version", kernel.release, "--show-depends"]
    for module in KERNEL_MODULES:
        for line in _run([*show, module]).splitlines():
            action, _, path = line.strip().partition(" ")
            if action == "insmod":
                target = folder / Path(path.strip()).relative_to(shipped)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path.strip(), target)
    (folder / "extra").mkdir()
    for built in kernel.built:
        shutil.copy(built, folder / "extra")
    for listing in ("modules.order", "modules.builtin", "modules.builtin.modinfo"):
        shutil.copy(shipped / listing, folder)
    _run(["depmod", "--basedir", str(root), kernel.release])


def _archive(root: Path, archive: Path) -> Path:
    names = "\n".join(str(path.relative_to(root)) for path in sorted(root.rglob("*")))
    with archive.open("wb") as output:
        command = ["cpio", "--quiet", "--create", "--format=newc", "--owner=+0:+0"]
        done = subprocess.run(command, input=names.encode(), stdout=output, cwd=root, check=False)
    if done.returncode:
        raise GuestFailedError(f"cpio did not write {archive.name}")
    return archive


def _run(command: Sequence[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise GuestFailedError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout
