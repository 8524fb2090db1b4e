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
from collections.abc import Sequence
from pathlib import Path

from tests.system.vm.debian import AptRoot, unpack
from tests.system.vm.errors import GuestFailedError, UnavailableError
from tests.system.vm.modules import Kernel

PROJECT = Path(__file__).parents[3]
HOSTED_MODELS = PROJECT.parent / "shared/models/hosted"
GUEST = Path(__file__).parent / "guest"

# What edged needs on a board, in Debian's versions, and what its checks need.
PACKAGES = (
    "busybox-static",
    "libpython3-stdlib",
    "libstdc++6",
    "python3-cattr",
    "python3-cheroot",
    "python3-click",
    "python3-minimal",
    "python3-numpy",
    "python3-prometheus-client",
    "python3-psutil",
    "python3-pytest",
    "python3-rich",
)
# The only engine with an armv7l wheel (pyproject.toml says the same for a board).
ENGINE = "tflite-runtime==2.14.0"
ENGINE_PLATFORM = "manylinux_2_34_armv7l"
GUEST_PYTHON = "3.11"

# The rest of what Debian's kernel has as modules is not needed without disks and networks.
KERNEL_MODULES = ("virtio_mmio", "9p", "9pnet_virtio", "i2c-dev", "ina2xx-adc")
_NEEDLESS = ("usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/info", "var", "usr/include")


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
    _unpack_engine(root, directory)
    _compile_python(root / "usr/lib")
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


def _unpack_engine(root: Path, directory: Path) -> None:
    wheels = directory / "wheels"
    command = [
        *(sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "download"),
        *("--no-deps", "--only-binary=:all:", "--implementation=cp", f"--python-version={GUEST_PYTHON}"),
        *(f"--platform={ENGINE_PLATFORM}", f"--dest={wheels}", ENGINE),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = sorted(wheels.glob("tflite_runtime-*.whl"))
    if done.returncode or not found:
        raise UnavailableError(f"pip fetched no {ENGINE} for {ENGINE_PLATFORM}:\n{done.stderr}")
    shutil.unpack_archive(found[0], root / "usr/lib/python3/dist-packages", format="zip")


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
