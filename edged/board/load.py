"""How long each CPU has been busy since boot: the difference of two snapshots is the load between them."""

import re
from collections.abc import Mapping

from edged.board.sysfs import Sysfs, SysfsError

# /proc/stat counts in USER_HZ, which is 100 on all architectures that edged runs on (proc(5)).
NS_PER_TICK = 10_000_000
_CPU_LINE = re.compile(r"cpu([0-9]{1,5})((?: +[0-9]{1,20}){4,})", re.ASCII)
# user nice system idle iowait irq softirq steal; the guest times that follow are in user and nice already.
_COLUMNS = 8
_IDLE, _IOWAIT = 3, 4


def busy_ns(sysfs: Sysfs) -> Mapping[int, int]:
    """Time that each online CPU has been busy since boot, in nanoseconds by CPU number.

    Time that the host of a virtual machine took away (steal) counts as busy: nothing could run here then.

    Raises:
        SysfsError: If /proc/stat cannot be read, or tells of no CPU.
    """
    path = "proc/stat"
    busy = parse_busy_ns(sysfs.read(path))
    if not busy:
        raise SysfsError.not_understood(path, "has no line of a CPU")
    return busy


def parse_busy_ns(text: str) -> dict[int, int]:
    """Busy time by CPU from the text of /proc/stat, in nanoseconds; other lines are passed over."""
    busy = {}
    for line in text.splitlines():
        if match := _CPU_LINE.fullmatch(line.strip()):
            ticks = [int(word) for word in match[2].split()[:_COLUMNS]]
            busy[int(match[1])] = NS_PER_TICK * (sum(ticks) - ticks[_IDLE] - ticks[_IOWAIT])
    return busy
