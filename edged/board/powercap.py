"""Energy counters of the CPU package (RAPL), as powercap shows them."""

import re

from edged.board.optional import int_or_none, text_or_none
from edged.board.parts import PowercapZone
from edged.board.sysfs import Sysfs

POWERCAP_ROOT = "sys/class/powercap"
# "intel-rapl-mmio" repeats the counter of the package.
_ZONE = re.compile(r"intel-rapl(:[0-9]+)+", re.ASCII)


def discover_powercap_zones(sysfs: Sysfs) -> tuple[PowercapZone, ...]:
    """The energy counters that can be read, in the kernel's order."""
    zones = []
    for entry in rapl_entries(sysfs):
        path = f"{POWERCAP_ROOT}/{entry}"
        max_energy = int_or_none(sysfs, f"{path}/max_energy_range_uj")
        if max_energy and max_energy > 0 and int_or_none(sysfs, f"{path}/energy_uj") is not None:
            zones.append(PowercapZone(_name(sysfs, entry), path, max_energy))
    return tuple(zones)


def rapl_entries(sysfs: Sysfs) -> list[str]:
    """Directory names of all counters, readable or not."""
    return [entry for entry in sysfs.children(POWERCAP_ROOT) if _ZONE.fullmatch(entry)]


def _name(sysfs: Sysfs, entry: str) -> str:
    """`package-0/core` for `intel-rapl:0:1`, whose parent is `intel-rapl:0`."""
    numbers = entry.split(":")
    parents = (":".join(numbers[:depth]) for depth in range(2, len(numbers) + 1))
    return "/".join(text_or_none(sysfs, f"{POWERCAP_ROOT}/{each}/name") or each for each in parents)
