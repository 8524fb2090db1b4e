"""Clocks of the CPU clusters now, and the time spent at each.

`scaling_cur_freq` is the frequency last asked for and world readable; `cpuinfo_cur_freq` is root's only.
"""

import errno
import re
from collections.abc import Mapping

from edged.board.cpufreq import HZ_PER_KHZ
from edged.board.parts import CpuCluster
from edged.board.sysfs import Sysfs, SysfsError

# Documentation/cpu-freq/cpufreq-stats.rst: time in units of 10 ms.
NS_PER_TICK = 10_000_000
_LINE = re.compile(r"([0-9]{1,12})\s+([0-9]{1,20})", re.ASCII)


def current_frequency_hz(sysfs: Sysfs, cluster: CpuCluster) -> int:
    """The clock now, in hertz; the highest one where each CPU has its own.

    Raises:
        SysfsError: If it cannot be read, or the cluster has no cpufreq.
    """
    return max(_read_khz(sysfs, cluster, "scaling_cur_freq")) * HZ_PER_KHZ


def frequency_limit_hz(sysfs: Sysfs, cluster: CpuCluster) -> int:
    """The highest clock allowed now, in hertz: by the user, or by the kernel because of heat.

    Where each CPU has its own clock, it is the lowest of their limits.

    Raises:
        SysfsError: If it cannot be read, or the cluster has no cpufreq.
    """
    return min(_read_khz(sysfs, cluster, "scaling_max_freq")) * HZ_PER_KHZ


def time_in_state_ns(sysfs: Sysfs, cluster: CpuCluster) -> Mapping[int, int]:
    """The kernel's counter of the time spent at each frequency, in nanoseconds by hertz.

    Raises:
        SysfsError: If it cannot be read, or the cluster has none.
    """
    path = f"{_policies(cluster)[0]}/stats/time_in_state"
    try:
        return parse_time_in_state(sysfs.read(path))
    except ValueError as error:
        raise SysfsError.not_understood(path, str(error)) from error


def parse_time_in_state(text: str) -> dict[int, int]:
    """Lines `<kHz> <ticks>` as nanoseconds by hertz.

    Raises:
        ValueError: If a line is none of these.
    """
    times = {}
    for line in text.splitlines():
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise ValueError(f"the line {line[:40]!r} is not a frequency and a time")
        times[int(match[1]) * HZ_PER_KHZ] = int(match[2]) * NS_PER_TICK
    return times


def _read_khz(sysfs: Sysfs, cluster: CpuCluster, name: str) -> list[int]:
    return [sysfs.read_int(f"{policy}/{name}") for policy in _policies(cluster)]


def _policies(cluster: CpuCluster) -> tuple[str, ...]:
    if cluster.policy is None:
        raise SysfsError(
            "/sys/devices/system/cpu/cpufreq", f"has no policy for CPU cluster {cluster.name}", errno.ENOENT
        )
    return (cluster.policy, *cluster.further_policies)
