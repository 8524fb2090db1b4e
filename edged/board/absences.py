"""What a board lacks, why, and what would bring it."""

import errno

from edged.board.cpu_list import format_cpu_list, parse_cpu_list
from edged.board.cpufreq import CPU_ROOT
from edged.board.optional import text_or_none
from edged.board.parts import Absence, Board
from edged.board.power_absences import missing_power
from edged.board.sysfs import Sysfs, SysfsError
from edged.board.thermal import VENDOR_TMU


def missing(sysfs: Sysfs, board: Board) -> tuple[Absence, ...]:
    """Everything that a board could have and this one has not, most important first."""
    return (
        *missing_power(sysfs, board),
        *_missing_cpus(sysfs, board),
        *_missing_clocks(sysfs, board),
        *_missing_temperatures(sysfs, board),
        *_missing_cooling(board),
    )


def _missing_cpus(sysfs: Sysfs, board: Board) -> list[Absence]:
    if not board.clusters:
        return [Absence("CPU clusters", "neither /sys/devices/system/cpu nor /proc/cpuinfo tells of a CPU")]
    try:
        present = parse_cpu_list(text_or_none(sysfs, f"{CPU_ROOT}/present") or "")
    except ValueError:
        return []
    running = {cpu for cluster in board.clusters for cpu in cluster.cpus}
    offline = [cpu for cpu in present if cpu not in running]
    if not offline:
        return []
    return [
        Absence(
            f"CPU {format_cpu_list(offline)}",
            "offline",
            (f"write 1 to /sys/devices/system/cpu/cpu{offline[0]}/online, likewise for the others, as root",),
        )
    ]


def _missing_clocks(sysfs: Sysfs, board: Board) -> list[Absence]:
    without = [cluster.name for cluster in board.clusters if cluster.policy is None]
    if without:
        why = (
            "this is a virtual machine, whose host sets the clocks and does not show them"
            if board.identity.virtual
            else f"no cpufreq policy can be read for CPU cluster {', '.join(without)}"
        )
        remedies = () if board.identity.virtual else ("a kernel with the cpufreq driver of this machine",)
        return [Absence("clock frequencies", why, remedies)]
    absences = []
    unreadable = _unreadable(sysfs, [f"{cluster.policy}/scaling_cur_freq" for cluster in board.clusters])
    absences += [Absence("clock frequency now", f"{error.path} {error.what}") for error in unreadable]
    uncounted = [cluster.name for cluster in board.clusters if not cluster.time_in_state]
    if uncounted:
        absences.append(
            Absence(
                "time at each clock frequency",
                f"the kernel does not count it for CPU cluster {', '.join(uncounted)}",
                ("a kernel with CONFIG_CPU_FREQ_STAT and a driver with a frequency table",),
            )
        )
    return absences


def _missing_temperatures(sysfs: Sysfs, board: Board) -> list[Absence]:
    paths = dict.fromkeys(zone.path for zone in board.thermal_zones)
    absences = [
        Absence(f"temperature of {error.path.removesuffix('/temp')}", error.what)
        for error in _unreadable(sysfs, list(paths))
    ]
    absences += [
        Absence(
            "temperature of each sensor",
            f"{error.path} is for root only",
            ("run edged as root, or let its user read this file",),
        )
        for error in _unreadable(sysfs, [VENDOR_TMU])
        if error.code in {errno.EACCES, errno.EPERM}
    ]
    if absences or paths:
        return absences
    if board.identity.virtual:
        return [Absence("temperatures", "this is a virtual machine, which has none")]
    return [
        Absence("temperatures", "the kernel shows no thermal zones", ("a kernel with the thermal driver",))
    ]


def _missing_cooling(board: Board) -> list[Absence]:
    limited = {device.cpu_cluster for device in board.cooling_devices}
    clusters = [cluster.name for cluster in board.clusters if cluster.name not in limited]
    if not clusters:
        return []
    return [
        Absence(
            "throttling",
            f"no cooling device of the kernel limits the clock of CPU cluster {', '.join(clusters)}"
            if board.cooling_devices
            else "the kernel shows no cooling devices",
            ("a kernel with CONFIG_CPU_THERMAL whose device tree binds cooling devices to the CPUs",)
            if board.identity.compatible
            else (),
        )
    ]


def _unreadable(sysfs: Sysfs, paths: list[str]) -> list[SysfsError]:
    errors = []
    for path in paths:
        try:
            sysfs.read(path)
        except SysfsError as error:
            errors.append(error)
    return errors
