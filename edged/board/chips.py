"""Power sensors that the kernel shows: INA2xx by hwmon, by IIO, or by the vendor kernel's own driver.

A rail is told by what does not change from boot to boot: which I2C controller of which board the chip is on,
and its address. Numbers of hwmon devices and of I2C buses do change: Hardkernel's kernels count the buses
otherwise than mainline does.
"""

import re
from collections.abc import Sequence

from edged.board.i2c import client_of, numbers_of
from edged.board.optional import text_or_none
from edged.board.parts import SensorChip
from edged.board.sysfs import Sysfs

_HWMON = "sys/class/hwmon"
_IIO = "sys/bus/iio/devices"
_VENDOR = "sys/bus/i2c/drivers/INA231"

# What the drivers ina2xx and ina2xx-adc support and name so; thermal zones and fans are hwmon devices too.
_CHIPS = re.compile(r"ina(2xx|219|220|226|230|231|234|260)")

# exynos5422-odroidxu3.dts: four INA231 at i2c_0. The same file for XU3-Lite, XU4 and HC1 has none.
_ON_BOARD = ("hardkernel,odroid-xu3", "12c60000.i2c")
_RAIL_BY_ADDRESS = {0x40: "big", 0x41: "mem", 0x44: "gpu", 0x45: "little"}
_RAIL_BY_VENDOR_NAME = {"sensor_arm": "big", "sensor_mem": "mem", "sensor_g3d": "gpu", "sensor_kfc": "little"}
_SUPPLIES = {
    "big": "Cortex-A15 cluster (VDD_ARM)",
    "little": "Cortex-A7 cluster (VDD_KFC)",
    "gpu": "Mali-T628 GPU (VDD_G3D)",
    "mem": "LPDDR3 memory (VDD_MEM)",
}


def discover_chips(sysfs: Sysfs, compatible: Sequence[str]) -> tuple[SensorChip, ...]:
    """The power sensors, by controller and address.

    Args:
        sysfs: Where to look.
        compatible: Device tree names of the board.
    """
    chips = [
        *_named_chips(sysfs, _HWMON, "hwmon", compatible),
        *_named_chips(sysfs, _IIO, "iio", compatible),
        *_vendor_chips(sysfs),
    ]
    return tuple(sorted(chips, key=lambda chip: (chip.controller, chip.bus, chip.address)))


def _named_chips(sysfs: Sysfs, root: str, driver: str, compatible: Sequence[str]) -> list[SensorChip]:
    chips = []
    for entry in sysfs.children(root):
        path = f"{root}/{entry}"
        name = text_or_none(sysfs, f"{path}/name") or ""
        client = client_of(sysfs, path)
        if not _CHIPS.fullmatch(name) or client is None:
            continue
        controller, bus, address = client
        on_board = (compatible[:1], controller) == ((_ON_BOARD[0],), _ON_BOARD[1])
        rail = _RAIL_BY_ADDRESS.get(address) if on_board else None
        chips.append(
            SensorChip(rail, driver, name, controller, bus, address, path, _SUPPLIES.get(rail or "", ""))
        )
    return chips


def _vendor_chips(sysfs: Sysfs) -> list[SensorChip]:
    """This driver binds to the board's own sensors only, and names their rails itself."""
    chips = []
    for entry in sysfs.children(_VENDOR):
        numbers = numbers_of(entry)
        path = f"{_VENDOR}/{entry}"
        if numbers is None or not sysfs.exists(f"{path}/sensor_W"):
            continue
        bus, address = numbers
        rail = _RAIL_BY_VENDOR_NAME.get(text_or_none(sysfs, f"{path}/sensor_name") or "")
        client = client_of(sysfs, path)
        controller = client.controller if client else ""
        chips.append(
            SensorChip(
                rail,
                "vendor",
                "ina231",
                controller,
                bus,
                address,
                path,
                _SUPPLIES.get(rail or "", ""),
            )
        )
    return chips
