"""Which machine this is: device tree, /sys/devices/soc0, DMI and /proc/cpuinfo, whichever there is."""

from edged.board.cpuinfo import CpuInfo
from edged.board.optional import text_or_none
from edged.board.parts import Identity
from edged.board.sysfs import Sysfs

# soc0 and the device trees of these boards say 5800: the 5422 is the same silicon with other bins.
_SOC_NAMES = {
    "samsung,exynos5800": "Exynos 5422",
    "samsung,exynos5422": "Exynos 5422",
    "samsung,exynos5410": "Exynos 5410",
}
# The second is where the first leads to, and what a container has that is given /sys alone.
_DEVICE_TREES = ("proc/device-tree", "sys/firmware/devicetree/base")
_VENDOR_KERNEL_HARDWARE = {"ODROID-XU3": "hardkernel,odroid-xu3", "ODROID-XU4": "hardkernel,odroid-xu4"}


def discover_identity(sysfs: Sysfs, cpuinfo: CpuInfo) -> Identity:
    """Who this machine is, as far as it tells."""
    compatible = _compatible(sysfs)
    if not compatible:
        known = _VENDOR_KERNEL_HARDWARE.get(cpuinfo.hardware)
        compatible = (known, "samsung,exynos5422") if known else ()
    return Identity(
        model=_model(sysfs, cpuinfo),
        compatible=compatible,
        soc=_soc(sysfs, compatible, cpuinfo),
        kernel=text_or_none(sysfs, "proc/sys/kernel/osrelease") or "",
        machine=text_or_none(sysfs, "proc/sys/kernel/arch") or _machine(cpuinfo),
        virtual=cpuinfo.virtual,
    )


def _compatible(sysfs: Sysfs) -> tuple[str, ...]:
    for tree in _DEVICE_TREES:
        if names := text_or_none(sysfs, f"{tree}/compatible"):
            return tuple(names.split("\0"))
    return ()


def _model(sysfs: Sysfs, cpuinfo: CpuInfo) -> str:
    for path in (*(f"{tree}/model" for tree in _DEVICE_TREES), "sys/devices/soc0/machine"):
        if model := text_or_none(sysfs, path):
            return model
    if cpuinfo.hardware:
        return cpuinfo.hardware
    product = text_or_none(sysfs, "sys/class/dmi/id/product_name")
    if product is None:
        return "virtual machine" if cpuinfo.virtual else "unknown machine"
    vendor = text_or_none(sysfs, "sys/class/dmi/id/sys_vendor") or ""
    return f"{vendor} {product}".strip()


def _soc(sysfs: Sysfs, compatible: tuple[str, ...], cpuinfo: CpuInfo) -> str:
    for name in compatible:
        if name in _SOC_NAMES:
            return _SOC_NAMES[name]
    if compatible:
        # "rockchip,rk3588" is the last and most general of a Rockchip board's names.
        return text_or_none(sysfs, "sys/devices/soc0/soc_id") or compatible[-1].rpartition(",")[2]
    return cpuinfo.model_name


def _machine(cpuinfo: CpuInfo) -> str:
    """From /proc/cpuinfo: kernels before 6.1 have no /proc/sys/kernel/arch."""
    return {"7": "armv7l", "8": "aarch64", "x86": "x86_64"}.get(cpuinfo.architecture, "")
