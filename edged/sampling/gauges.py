"""What the board's clocks, thermometers and loads show at this moment.

Each gauge gives what can be read now; what cannot be read is left out, never guessed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from edged.board.parts import Board
from edged.board.sysfs import Sysfs, SysfsError

# /proc/stat counts in USER_HZ, which is 100 on every architecture that edged runs on (proc(5)).
_TICK_S = 0.01
_NOT_BUSY = (3, 4)  # columns idle and iowait of a CPU's line in /proc/stat
_GUEST_COLUMNS = 8  # guest times follow, and are counted in user and nice already


@dataclass(frozen=True, slots=True)
class Gauges:
    """Where a sampler reads the board's state.

    Attributes:
        frequencies_hz: Clock of each CPU cluster, by name, in hertz.
        limits_hz: Highest clock allowed now, thermal limit included, by CPU cluster, in hertz.
        temperatures_c: Plausible temperature of each thermal zone, by name, in degrees Celsius.
        cooling_states: State of each cooling device, by name; 0 is no cooling.
        busy_s: CPU time used since boot, by CPU number, in seconds.
        memory_frequency_hz: Clock of the DRAM controller in hertz; None where it cannot be read.
    """

    frequencies_hz: Callable[[], Mapping[str, int]]
    limits_hz: Callable[[], Mapping[str, int]]
    temperatures_c: Callable[[], Mapping[str, float]]
    cooling_states: Callable[[], Mapping[str, int]]
    busy_s: Callable[[], Mapping[int, float]]
    memory_frequency_hz: Callable[[], int | None]


def board_gauges(board: Board, sysfs: Sysfs) -> Gauges:
    """The gauges of a board, read below the root of `sysfs`."""
    policies = {cluster.name: cluster.policy for cluster in board.clusters if cluster.policy}
    current = {name: f"{policy}/scaling_cur_freq" for name, policy in policies.items()}
    limits = {name: f"{policy}/scaling_max_freq" for name, policy in policies.items()}
    zones = {zone.name: zone.path for zone in board.thermal_zones if zone.line is None}
    states = {device.name: f"{device.path}/cur_state" for device in board.cooling_devices}
    return Gauges(
        frequencies_hz=lambda: {name: khz * 1000 for name, khz in _integers(sysfs, current).items()},
        limits_hz=lambda: {name: khz * 1000 for name, khz in _integers(sysfs, limits).items()},
        temperatures_c=lambda: {name: mc / 1000 for name, mc in _integers(sysfs, zones).items()},
        cooling_states=lambda: _integers(sysfs, states),
        busy_s=lambda: _busy_s(sysfs),
        memory_frequency_hz=lambda: _memory_frequency_hz(board, sysfs),
    )


def _integers(sysfs: Sysfs, paths: Mapping[str, str]) -> dict[str, int]:
    values = {}
    for name, path in paths.items():
        try:
            values[name] = sysfs.read_int(path)
        except SysfsError:
            continue
    return values


def _memory_frequency_hz(board: Board, sysfs: Sysfs) -> int | None:
    if board.memory is None:
        return None
    try:
        return sysfs.read_int(f"{board.memory.path}/cur_freq")
    except SysfsError:
        return None


def _busy_s(sysfs: Sysfs) -> dict[int, float]:
    try:
        lines = sysfs.read("proc/stat").splitlines()
    except SysfsError:
        return {}
    busy = {}
    for line in lines:
        name, *columns = line.split()
        if name[:3] != "cpu" or not name[3:].isdecimal():
            continue
        ticks = [int(column) for column in columns[:_GUEST_COLUMNS] if column.isdecimal()]
        busy[int(name[3:])] = (sum(ticks) - sum(ticks[i] for i in _NOT_BUSY if i < len(ticks))) * _TICK_S
    return busy
