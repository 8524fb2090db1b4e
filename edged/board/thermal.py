"""Thermal zones with their trip points, and their temperature now.

Zones are known by `type`; their numbers are the order of registration. On the Exynos 5422 `cpu0-thermal` is
the first of four sensors near the big cores, not the one of CPU 0. The vendor kernel 3.10 has one file with a
line for each sensor instead.
"""

import re

from edged.board.optional import int_or_none, text_or_none
from edged.board.parts import ThermalZone, TripPoint
from edged.board.sysfs import Sysfs, SysfsError
from edged.board.unique_names import unique_names

THERMAL_ROOT = "sys/class/thermal"
MC_PER_C = 1000
VENDOR_TMU = "sys/devices/10060000.tmu/temp"
_TMU_LINE = re.compile(r"[ \t]*(sensor[0-9]{1,3})[ \t]*:[ \t]*(-?[0-9]{1,9})[ \t]*", re.ASCII)
_TRIP = re.compile(r"trip_point_([0-9]{1,4})_temp", re.ASCII)


def discover_zones(sysfs: Sysfs) -> tuple[ThermalZone, ...]:
    """The thermal zones, in the kernel's order; one that cannot be read just now is among them."""
    root = THERMAL_ROOT if sysfs.children(THERMAL_ROOT) else "sys/devices/virtual/thermal"
    numbered = [
        f"{root}/{name}"
        for name in sysfs.children(root)
        if re.fullmatch(r"thermal_zone[0-9]+", name) and sysfs.exists(f"{root}/{name}/temp")
    ]
    lines = _tmu_lines(sysfs)
    if lines:
        # The vendor kernel's one thermal zone repeats one of these sensors.
        return tuple(ThermalZone(line, VENDOR_TMU, line=line) for line in lines)
    names = unique_names(
        [text_or_none(sysfs, f"{zone}/type") or zone.rpartition("/")[2] for zone in numbered]
    )
    return tuple(
        ThermalZone(name, f"{zone}/temp", trips=_trips(sysfs, zone))
        for name, zone in zip(names, numbered, strict=True)
    )


def temperature_c(sysfs: Sysfs, zone: ThermalZone) -> float:
    """The temperature of a zone now, in degrees Celsius, as the driver gives it: it may be bogus.

    Raises:
        SysfsError: If it cannot be read, or is no temperature.
    """
    if zone.line is None:
        return sysfs.read_int(zone.path) / MC_PER_C
    lines = parse_tmu_lines(sysfs.read(zone.path))
    if zone.line not in lines:
        raise SysfsError.not_understood(zone.path, f"has no line for {zone.line}")
    return lines[zone.line]


def parse_tmu_lines(text: str) -> dict[str, float]:
    """Lines `sensor0 : 46000`, in millidegrees, as degrees by sensor; other lines are passed over."""
    matches = (_TMU_LINE.fullmatch(line) for line in text.splitlines())
    return {match[1]: int(match[2]) / MC_PER_C for match in matches if match}


def _tmu_lines(sysfs: Sysfs) -> dict[str, float]:
    return parse_tmu_lines(text_or_none(sysfs, VENDOR_TMU) or "")


def _trips(sysfs: Sysfs, zone: str) -> tuple[TripPoint, ...]:
    trips = []
    for name in sysfs.children(zone):
        match = _TRIP.fullmatch(name)
        if match is None:
            continue
        prefix = f"{zone}/trip_point_{match[1]}"
        temperature = int_or_none(sysfs, f"{prefix}_temp")
        action = text_or_none(sysfs, f"{prefix}_type")
        if temperature is None or action is None:
            continue
        hysteresis = int_or_none(sysfs, f"{prefix}_hyst")
        trips.append(
            TripPoint(
                index=int(match[1]),
                action=action,
                temperature_c=temperature / MC_PER_C,
                hysteresis_c=None if hysteresis is None else hysteresis / MC_PER_C,
            )
        )
    return tuple(sorted(trips, key=lambda trip: trip.index))
