"""Why a board does not measure power, or not all of it, and what would bring it."""

import errno
import re

from edged.board.optional import text_or_none
from edged.board.parts import Absence, Board, MeterPort, SensorChip
from edged.board.powercap import POWERCAP_ROOT, rapl_entries
from edged.board.sysfs import Sysfs, SysfsError

NO_SENSORS = "power sensors"
"""What is missing where nothing at all measures power, and the board would not by itself."""

_XU3 = "hardkernel,odroid-xu3"
_NEVER_HAVE_SENSORS = {
    "hardkernel,odroid-xu4",
    "hardkernel,odroid-xu3-lite",
    "hardkernel,odroid-hc1",
}
_I2C_DEVICES = "sys/bus/i2c/devices"
_INA2XX = (
    "an INA226 or other INA2xx breakout on an I2C bus of the header, through a level shifter where the header"
    " has 1.8 V (XU4); declare it to the kernel, and to edged.toml as [[power.rail]]"
)
_METERS = (
    "a SmartPower3 between supply and board, by USB or UDP; [[power.meter]] in edged.toml",
    "a SmartPower2 between supply and board, by TCP; [[power.meter]] in edged.toml",
)


def missing_power(sysfs: Sysfs, board: Board) -> list[Absence]:
    """The power sensors that are not there, cannot be used as they are, or whose rail is not known."""
    unknown = [unknown_rail(chip) for chip in board.sensor_chips if chip.rail is None]
    return [*_missing_sensors(sysfs, board), *unknown, *_missing_rapl(sysfs, board)]


def unknown_rail(chip: SensorChip) -> Absence:
    """Nothing but the configuration can tell what this chip measures.

    Args:
        chip: A chip that is not one of the board's own.
    """
    i2c = chip.controller or f"i2c-{chip.bus}"
    key = f'[[power.rail]] name = "board", i2c = "{i2c}", address = {chip.address:#04x}'
    return Absence(
        f"rail of {chip.chip} at {i2c} {chip.address:#04x}",
        "it is not one of the board's own sensors, so nothing tells what it measures",
        (f"name it in edged.toml: {key}",),
    )


def _missing_sensors(sysfs: Sysfs, board: Board) -> list[Absence]:
    rails = {chip.rail for chip in board.sensor_chips}
    if _XU3 in board.identity.compatible[:1]:
        lost = sorted({"big", "little", "gpu", "mem"} - rails)
        return [_xu3_without(sysfs, lost)] if lost else []
    if board.sensor_chips or rapl_entries(sysfs):
        return []
    why, remedies = _why_none(board)
    return [Absence(NO_SENSORS, why, (*map(_try_port, board.meter_ports), *remedies))]


def _why_none(board: Board) -> tuple[str, tuple[str, ...]]:
    if board.identity.virtual:
        return "this is a virtual machine, whose host does not pass on its energy counters", ()
    if set(board.identity.compatible) & _NEVER_HAVE_SENSORS:
        return "this board has no power sensors", (_INA2XX, *_METERS)
    if board.identity.compatible:
        return "the kernel shows no INA2xx", (_INA2XX, *_METERS)
    return "the kernel shows neither RAPL counters nor an INA2xx", _METERS


def _try_port(port: MeterPort) -> str:
    return (
        f"{port.device} may be a SmartPower3 by its USB id; in edged.toml:"
        f' [[power.meter]] kind = "smartpower3-serial", address = "{port.device}"'
    )


def _xu3_without(sysfs: Sysfs, lost: list[str]) -> Absence:
    """The board has four sensors: tell why the kernel does not show them."""
    declared = [
        name for name in sysfs.children(_I2C_DEVICES) if re.fullmatch(r"[0-9]+-00(40|41|44|45)", name)
    ]
    named = [each for each in declared if text_or_none(sysfs, f"{_I2C_DEVICES}/{each}/name") == "ina231"]
    unbound = [name for name in named if not sysfs.exists(f"{_I2C_DEVICES}/{name}/driver")]
    what = f"power sensors of rail {', '.join(lost)}"
    if unbound:
        return Absence(
            what,
            f"no driver is bound to {', '.join(unbound)} in /{_I2C_DEVICES}",
            ("modprobe ina2xx, or ina2xx-adc on Debian's own kernels, as root",),
        )
    if named:
        return Absence(
            what, "a driver is bound to them, but the kernel shows neither hwmon nor IIO attributes"
        )
    return Absence(
        what,
        "this board has four INA231, but the kernel does not know of them",
        ("boot with the XU3's own device tree, exynos5422-odroidxu3.dtb: the XU4's has no sensors",),
    )


def _missing_rapl(sysfs: Sysfs, board: Board) -> list[Absence]:
    entries = rapl_entries(sysfs)
    if board.powercap_zones or not entries:
        return []
    path = f"{POWERCAP_ROOT}/{entries[0]}/energy_uj"
    try:
        sysfs.read_int(path)
    except SysfsError as error:
        if error.code in {errno.EACCES, errno.EPERM}:
            return [
                Absence(
                    "energy counters (RAPL)",
                    f"{error.path} is for root only",
                    ("run edged as root, or let its user read the energy_uj files by a udev rule",),
                )
            ]
        return [Absence("energy counters (RAPL)", f"{error.path} {error.what}")]
    return [
        Absence("energy counters (RAPL)", f"/{POWERCAP_ROOT}/{entries[0]} does not say where they wrap round")
    ]
