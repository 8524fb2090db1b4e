"""Set points of the supplies, and the clock of the DRAM."""

import re

from edged.board.optional import text_or_none
from edged.board.parts import MemoryController, Regulator
from edged.board.sysfs import Sysfs

_REGULATORS = "sys/class/regulator"
_DEVFREQ = "sys/class/devfreq"
# "10c20000.memory-controller" on Exynos, "dmc" on Rockchip.
_MEMORY = re.compile(r"([0-9a-f]+\.)?memory-controller|dmc|[0-9a-f]+\.dmc")


def discover_regulators(sysfs: Sysfs) -> tuple[Regulator, ...]:
    """The regulators with a set point, by name; of several with one name the first."""
    found: dict[str, Regulator] = {}
    for entry in sysfs.children(_REGULATORS):
        path = f"{_REGULATORS}/{entry}"
        name = text_or_none(sysfs, f"{path}/name")
        if name and name not in found and sysfs.exists(f"{path}/microvolts"):
            found[name] = Regulator(name, f"{path}/microvolts")
    return tuple(found[name] for name in sorted(found))


def set_point_uv(sysfs: Sysfs, regulator: Regulator) -> int:
    """What the regulator is set to now, in microvolts: not a measurement.

    Raises:
        SysfsError: If it cannot be read, or is no number.
    """
    return sysfs.read_int(regulator.path)


def discover_memory(sysfs: Sysfs) -> MemoryController | None:
    """The DRAM controller, where devfreq shows its clock."""
    for name in sysfs.children(_DEVFREQ):
        if _MEMORY.fullmatch(name) and sysfs.exists(f"{_DEVFREQ}/{name}/cur_freq"):
            return MemoryController(name, f"{_DEVFREQ}/{name}")
    return None


def memory_frequency_hz(sysfs: Sysfs, memory: MemoryController) -> int:
    """Clock of the DRAM controller now, in hertz.

    Raises:
        SysfsError: If it cannot be read, or is no number.
    """
    return sysfs.read_int(f"{memory.path}/cur_freq")
