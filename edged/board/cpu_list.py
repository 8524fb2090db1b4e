"""Lists of CPU numbers as the kernel writes them: `0-3,6` in most places, `0 1 2 3` in cpufreq."""

import re
from collections.abc import Iterable

# CONFIG_NR_CPUS is at most 8192 on any architecture; a longer range is not a list of CPUs.
MAX_CPUS = 8192
_ITEM = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?", re.ASCII)


def parse_cpu_list(text: str) -> tuple[int, ...]:
    """The CPU numbers, ascending, each once.

    Raises:
        ValueError: If it is not such a list.
    """
    cpus: set[int] = set()
    for item in re.split(r"[,\s]+", text.strip()):
        match = _ITEM.fullmatch(item)
        if match is None:
            raise ValueError(f"{item[:40]!r} is not a CPU number or a range of them")
        first = int(match[1])
        last = int(match[2] or match[1])
        if last < first or last >= MAX_CPUS:
            raise ValueError(f"{item!r} is not a range of CPU numbers")
        cpus.update(range(first, last + 1))
    return tuple(sorted(cpus))


def format_cpu_list(cpus: Iterable[int]) -> str:
    """`0-3,6` for 0, 1, 2, 3, 6."""
    ranges: list[list[int]] = []
    for cpu in sorted(set(cpus)):
        if ranges and cpu == ranges[-1][1] + 1:
            ranges[-1][1] = cpu
        else:
            ranges.append([cpu, cpu])
    return ",".join(f"{first}" if first == last else f"{first}-{last}" for first, last in ranges)
