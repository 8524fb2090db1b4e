"""The kernel modules that Debian does not ship, built from Debian's own kernel source.

`# CONFIG_SENSORS_INA2XX is not set` and `# CONFIG_I2C_STUB is not set` in Debian's armmp kernel, so both
drivers are compiled out of tree for the very version of the guest's kernel. What is changed in them:

* `ina2xx.c` loses its device tree alias: the host's `modpost` would lay it out for 64 bits. The alias
  only serves automatic loading.
* `i2c-stub.c` learns to fail and to dawdle, by three parameters that can be written at any time.
"""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.system.vm.debian import ARCHITECTURE, AptRoot, unpack
from tests.system.vm.errors import GuestFailedError, UnavailableError

# Runs on an Exynos 5422 as armmp does. Emulated it takes a quarter less time: armmp guards user memory by
# domains (CONFIG_CPU_SW_DOMAIN_PAN), and QEMU empties its TLB at each change of them.
FLAVOUR = "armmp-lpae"
TOOLCHAIN = "arm-linux-gnueabihf-"
OWN_MODULE = Path(__file__).parent / "fake_soc.c"

# Transfers to `fail_addr` (0: none) answer -`fail_errno`; every transfer takes `delay_ms` longer.
_FAULT_PARAMETERS = """\
#include <linux/delay.h>
static int fail_addr;
module_param(fail_addr, int, 0644);
static int fail_errno = 121;
module_param(fail_errno, int, 0644);
static int delay_ms;
module_param(delay_ms, int, 0644);

"""
_FAULT = """\
	if (delay_ms)
		msleep(delay_ms);
	if (fail_addr && addr == fail_addr)
		return -fail_errno;

"""


@dataclass(frozen=True, slots=True)
class Kernel:
    """A kernel with the modules that came with it, and ours.

    Attributes:
        release: Its release, as `uname -r` says it.
        image: The kernel itself.
        tree: Directory with `lib/modules/<release>` as Debian ships it.
        built: Our modules.
    """

    release: str
    image: Path
    tree: Path
    built: tuple[Path, ...]


def build(apt: AptRoot, directory: Path) -> Kernel:
    """Fetch the kernel and build our modules for it.

    Args:
        apt: Where packages come from; its lists must be there.
        directory: Where everything is put; what is in it is reused.

    Raises:
        UnavailableError: If a package cannot be had.
        GuestFailedError: If the source is not what we know, or does not compile.
    """
    image = _only(apt.dependencies(f"linux-image-{FLAVOUR}"), r"linux-image-\d.*")
    release = image.removeprefix("linux-image-")
    headers = _only(apt.dependencies(f"linux-headers-{FLAVOUR}"), r"linux-headers-\d.*")
    if headers != f"linux-headers-{release}":
        raise UnavailableError(f"Debian has {image} and {headers}, which do not belong together")
    needed = apt.dependencies(headers)
    common = _only(needed, r"linux-headers-.*-common")
    kbuild = _only(needed, r"linux-kbuild-[\d.]+")
    source = kbuild.replace("kbuild", "source")
    host = subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True)
    archives = apt.download([image, headers, common, f"{kbuild}:{host.stdout.strip()}", source])

    tree, build_tree, ours = directory / "kernel", directory / "headers", directory / "modules"
    for old in (tree, build_tree, ours):
        shutil.rmtree(old, ignore_errors=True)
    unpack(archives[0], tree)
    for archive in archives[1:4]:
        unpack(archive, build_tree)
    ours.mkdir(parents=True)
    _take_sources(archives[4], source, ours)
    _change_sources(ours)
    _compile(ours, build_tree, headers)
    return Kernel(
        release=release,
        image=tree / f"boot/vmlinuz-{release}",
        tree=tree,
        built=tuple(sorted(ours.glob("*.ko"))),
    )


def _only(names: list[str], pattern: str) -> str:
    matching = [name for name in names if re.fullmatch(pattern, name)]
    if len(matching) != 1:
        raise UnavailableError(
            f"Debian's {ARCHITECTURE} kernel packages have no single {pattern} among {names}"
        )
    return matching[0]


def _take_sources(archive: Path, package: str, directory: Path) -> None:
    wanted = [f"{package}/drivers/hwmon/ina2xx.c", f"{package}/drivers/i2c/i2c-stub.c"]
    # The package is one tarball that holds another: neither is worth 1.4 GB of files.
    whole = ["dpkg-deb", "--fsys-tarfile", str(archive)]
    tarball = ["tar", "--extract", "--to-stdout", f"./usr/src/{package}.tar.xz"]
    two = ["tar", "--extract", "--xz", "--occurrence=1", "--strip-components=3", f"--directory={directory}"]
    # The first two are cut off as soon as the third has what it wants, and complain about that.
    with (
        subprocess.Popen(whole, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as outer,
        subprocess.Popen(
            tarball, stdin=outer.stdout, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as inner,
    ):
        done = subprocess.run([*two, *wanted], stdin=inner.stdout, check=False)
    if done.returncode:
        raise GuestFailedError(f"{archive.name} does not hold {' and '.join(wanted)}")


def _change_sources(directory: Path) -> None:
    driver = directory / "ina2xx.c"
    text, changes = re.subn(r"^MODULE_DEVICE_TABLE\(of,.*\n", "", driver.read_text(), flags=re.MULTILINE)
    if changes != 1:
        raise GuestFailedError(f"{driver} has not the one device tree alias that was expected")
    driver.write_text(text)

    bus = directory / "i2c-stub.c"
    text = bus.read_text()
    for anchor, addition in (
        ("struct smbus_block_data {\n", _FAULT_PARAMETERS),
        ("\t/* Search for the right chip */\n", _FAULT),
    ):
        if text.count(anchor) != 1:
            raise GuestFailedError(f"{bus} has not the one line {anchor.strip()!r} that was expected")
        text = text.replace(anchor, addition + anchor)
    bus.write_text(text)
    shutil.copy(OWN_MODULE, directory)


def _compile(directory: Path, build_tree: Path, headers: str) -> None:
    makefile = build_tree / "usr/src" / headers / "Makefile"
    # Debian's headers name each other by the place where they would be installed.
    makefile.write_text(makefile.read_text().replace("/usr/src/", f"{build_tree}/usr/src/"))
    objects = " ".join(f"{path.stem}.o" for path in sorted(directory.glob("*.c")))
    (directory / "Kbuild").write_text(f"obj-m := {objects}\n")
    command = ["make", "ARCH=arm", f"CROSS_COMPILE={TOOLCHAIN}", f"M={directory}", "modules"]
    done = subprocess.run(command, cwd=makefile.parent, capture_output=True, text=True, check=False)
    if done.returncode:
        raise GuestFailedError(f"the kernel modules do not compile:\n{done.stdout}{done.stderr}")
