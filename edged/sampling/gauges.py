"""What the board's clocks, thermometers and loads show at this moment.

Each gauge gives what can be read now; what cannot be read is left out, never guessed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from edged.board.cooling import CoolingStatistics, cooling_state, cooling_statistics
from edged.board.frequency import current_frequency_hz, frequency_limit_hz, time_in_state_ns
from edged.board.load import busy_ns
from edged.board.parts import Board, CoolingDevice, CpuCluster, ThermalZone
from edged.board.supplies import memory_frequency_hz
from edged.board.sysfs import Sysfs, SysfsError
from edged.board.thermal import temperature_c

PartT = TypeVar("PartT", CpuCluster, ThermalZone, CoolingDevice)
ValueT = TypeVar("ValueT")


@dataclass(frozen=True, slots=True)
class Gauges:
    """Where a sampler reads the board's state.

    Attributes:
        frequencies_hz: Clock of each CPU cluster, by name, in hertz.
        limits_hz: Highest clock allowed now, thermal limit included, by CPU cluster, in hertz.
        temperatures_c: What each thermal zone reads, bogus or not, by name, in degrees Celsius.
        cooling_states: State of each cooling device, by name; 0 is no cooling.
        cooling_statistics: The kernel's counters of the devices that limit a CPU cluster, where it has any.
        at_top_ns: Time at its highest clock since boot, of each CPU cluster that the kernel counts it for and
            that has a cooling device without counters.
        busy_ns: CPU time used since boot, by CPU number, in nanoseconds.
        memory_frequency_hz: Clock of the DRAM controller in hertz; None where it cannot be read.
    """

    frequencies_hz: Callable[[], Mapping[str, int]]
    limits_hz: Callable[[], Mapping[str, int]]
    temperatures_c: Callable[[], Mapping[str, float]]
    cooling_states: Callable[[], Mapping[str, int]]
    cooling_statistics: Callable[[], Mapping[str, CoolingStatistics]]
    busy_ns: Callable[[], Mapping[int, int]]
    memory_frequency_hz: Callable[[], int | None]
    at_top_ns: Callable[[], Mapping[str, int]] = dict


def board_gauges(board: Board, sysfs: Sysfs) -> Gauges:
    """The gauges of a board, read below the root of `sysfs`."""
    clocked = [cluster for cluster in board.clusters if cluster.policy]
    counted = [device for device in board.cooling_devices if device.cpu_cluster and device.statistics]
    uncounted = {device.cpu_cluster for device in board.cooling_devices if not device.statistics}
    timed = [
        cluster
        for cluster in clocked
        if cluster.time_in_state and cluster.name in uncounted and _alone(cluster)
    ]
    return Gauges(
        frequencies_hz=lambda: _readable(sysfs, clocked, current_frequency_hz),
        limits_hz=lambda: _readable(sysfs, clocked, frequency_limit_hz),
        temperatures_c=lambda: _readable(sysfs, board.thermal_zones, temperature_c),
        cooling_states=lambda: _readable(sysfs, board.cooling_devices, cooling_state),
        cooling_statistics=lambda: _readable(sysfs, counted, cooling_statistics),
        busy_ns=lambda: _busy_ns(sysfs),
        memory_frequency_hz=lambda: _memory_frequency_hz(board, sysfs),
        at_top_ns=lambda: _readable(sysfs, timed, _at_top_ns),
    )


def _alone(cluster: CpuCluster) -> bool:
    """Whether all CPUs of the cluster have one clock: else its counter tells of the first one only."""
    return not cluster.further_policies


def _at_top_ns(sysfs: Sysfs, cluster: CpuCluster) -> int:
    times_ns = time_in_state_ns(sysfs, cluster)
    return times_ns[max(times_ns)] if times_ns else 0


def _readable(
    sysfs: Sysfs, parts: Iterable[PartT], read: Callable[[Sysfs, PartT], ValueT]
) -> dict[str, ValueT]:
    values = {}
    for part in parts:
        try:
            values[part.name] = read(sysfs, part)
        except SysfsError:
            continue
    return values


def _busy_ns(sysfs: Sysfs) -> Mapping[int, int]:
    try:
        return busy_ns(sysfs)
    except SysfsError:
        return {}


def _memory_frequency_hz(board: Board, sysfs: Sysfs) -> int | None:
    if board.memory is None:
        return None
    try:
        return memory_frequency_hz(sysfs, board.memory)
    except SysfsError:
        return None
