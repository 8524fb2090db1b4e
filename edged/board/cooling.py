"""Cooling devices: fans, and the kernel's limits on clocks, with the CPU cluster that each limits."""

import errno
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from edged.board.optional import int_or_none, text_or_none
from edged.board.parts import CoolingDevice, CpuCluster
from edged.board.sysfs import Sysfs, SysfsError
from edged.board.thermal import THERMAL_ROOT
from edged.board.unique_names import unique_names

NS_PER_MS = 1_000_000
_TRIES = 3  # to read counters between which no transition falls
_BY_CPU = re.compile(r"cpufreq-cpu([0-9]{1,5})", re.ASCII)
_BY_ORDER = re.compile(r"thermal-cpufreq-([0-9]{1,5})", re.ASCII)
_STATE_LINE = re.compile(r"state([0-9]{1,9})\s+([0-9]{1,20})", re.ASCII)


@dataclass(frozen=True, slots=True)
class CoolingStatistics:
    """The kernel's own counters of a cooling device; root may reset them.

    Attributes:
        time_in_state_ns: Time spent in each state since the device was registered, in nanoseconds: whole
            milliseconds, the present state's up to the moment of the read.
        transitions: Changes of state.
        state: State when the counters were read.
    """

    time_in_state_ns: Mapping[int, int]
    transitions: int
    state: int = 0


def discover_cooling_devices(sysfs: Sysfs, clusters: Sequence[CpuCluster]) -> tuple[CoolingDevice, ...]:
    """The cooling devices, in the kernel's order; those without a maximum state are left out."""
    found = []
    for name in sysfs.children(THERMAL_ROOT):
        path = f"{THERMAL_ROOT}/{name}"
        kind = text_or_none(sysfs, f"{path}/type")
        max_state = int_or_none(sysfs, f"{path}/max_state")
        if re.fullmatch(r"cooling_device[0-9]+", name) and kind and max_state is not None and max_state >= 0:
            found.append((path, kind, max_state))
    names = unique_names([kind for _, kind, _ in found])
    return tuple(
        CoolingDevice(
            name,
            path,
            max_state,
            cpu_cluster=limited_cluster(kind, clusters),
            statistics=sysfs.exists(f"{path}/stats/total_trans"),
            kind=kind,
        )
        for name, (path, kind, max_state) in zip(names, found, strict=True)
    )


def limited_cluster(kind: str, clusters: Sequence[CpuCluster]) -> str | None:
    """Name of the CPU cluster that a cooling device of this `type` limits, if it is one that limits a clock.

    `cpufreq-cpu4` limits the policy of CPU 4; older kernels number the policies in the order of their CPUs:
    `thermal-cpufreq-1` (drivers/thermal/cpufreq_cooling.c).
    """
    if match := _BY_CPU.fullmatch(kind):
        cpu = int(match[1])
        return next((cluster.name for cluster in clusters if _governs(cluster, cpu)), None)
    if match := _BY_ORDER.fullmatch(kind):
        governed = sorted((cluster for cluster in clusters if cluster.policy), key=lambda each: each.cpus)
        number = int(match[1])
        return governed[number].name if number < len(governed) else None
    return None


def _governs(cluster: CpuCluster, cpu: int) -> bool:
    """Whether the CPU is one of the cluster's, or was when its policy was named: it may be offline now."""
    named_for = f"policy{cpu}"
    policies = (cluster.policy or "", *cluster.further_policies)
    return cpu in cluster.cpus or any(policy.split("/")[-1] == named_for for policy in policies)


def cooling_state(sysfs: Sysfs, device: CoolingDevice) -> int:
    """State of the device now: 0 is no cooling, `max_state` the strongest.

    Raises:
        SysfsError: If it cannot be read, or is no number, or the directory is another device's by now.
    """
    _check_kind(sysfs, device)
    return sysfs.read_int(f"{device.path}/cur_state")


def cooling_statistics(sysfs: Sysfs, device: CoolingDevice) -> CoolingStatistics:
    """The kernel's counters, where `device.statistics` says that there are any.

    Raises:
        SysfsError: If they cannot be read, or the directory is another device's by now.
    """
    _check_kind(sysfs, device)
    transitions = sysfs.read_int(f"{device.path}/stats/total_trans")
    for _ in range(_TRIES):
        times, before = _state_times(sysfs, device), transitions
        state = sysfs.read_int(f"{device.path}/cur_state")
        transitions = sysfs.read_int(f"{device.path}/stats/total_trans")
        if transitions == before:
            break  # all of it is of one moment
    return CoolingStatistics(times, transitions, state)


def _check_kind(sysfs: Sysfs, device: CoolingDevice) -> None:
    """The kernel gives the number of a device that has gone to the next one that comes."""
    kind = sysfs.read(f"{device.path}/type") if device.kind else ""
    if kind != device.kind:
        what = f"is the cooling device {kind} now, not {device.kind}"
        raise SysfsError(f"/{device.path}", what, errno.ENODEV)


def _state_times(sysfs: Sysfs, device: CoolingDevice) -> dict[int, int]:
    path = f"{device.path}/stats/time_in_state_ms"
    try:
        return parse_state_times(sysfs.read(path))
    except ValueError as error:
        raise SysfsError.not_understood(path, str(error)) from error


def parse_state_times(text: str) -> dict[int, int]:
    """Lines `state0<TAB>1234`, in milliseconds, as nanoseconds by state.

    Raises:
        ValueError: If a line is none of these.
    """
    times = {}
    for line in text.splitlines():
        match = _STATE_LINE.fullmatch(line.strip())
        if match is None:
            raise ValueError(f"the line {line[:40]!r} is not a state and a time")
        times[int(match[1])] = int(match[2]) * NS_PER_MS
    return times
