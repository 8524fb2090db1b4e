"""cpufreq policies: the sets of CPUs that share one clock.

Newer kernels keep them in `cpufreq/policyN`; the vendor kernel 3.10 has a `cpuN/cpufreq` directory for each
CPU, with the same CPUs listed in all directories of one policy.
"""

from dataclasses import dataclass

from edged.board.cpu_list import parse_cpu_list
from edged.board.optional import int_or_none, text_or_none
from edged.board.sysfs import Sysfs

CPU_ROOT = "sys/devices/system/cpu"
HZ_PER_KHZ = 1000


@dataclass(frozen=True, slots=True)
class Policy:
    """One cpufreq policy.

    Attributes:
        path: Its directory relative to the root.
        cpus: Its CPUs that are online, ascending; at least one.
        shared: Whether it governs several CPUs, offline ones included.
        min_frequency_hz: Lowest hardware frequency, if the kernel tells.
        max_frequency_hz: Highest hardware frequency, if the kernel tells.
        frequencies_hz: Available frequencies, ascending; may be empty.
        governor: Name of the governor, if the kernel tells.
        time_in_state: Whether the kernel counts the time spent at each frequency.
    """

    path: str
    cpus: tuple[int, ...]
    shared: bool
    min_frequency_hz: int | None
    max_frequency_hz: int | None
    frequencies_hz: tuple[int, ...]
    governor: str | None
    time_in_state: bool


def discover_policies(sysfs: Sysfs, online: tuple[int, ...]) -> tuple[Policy, ...]:
    """The policies with CPUs online, by lowest CPU."""
    directories = [
        f"{CPU_ROOT}/cpufreq/{name}"
        for name in sysfs.children(f"{CPU_ROOT}/cpufreq")
        if name.startswith("policy")
    ]
    if not directories:
        directories = [f"{CPU_ROOT}/cpu{cpu}/cpufreq" for cpu in online]
    policies: dict[tuple[int, ...], Policy] = {}
    taken: set[int] = set()
    for directory in directories:
        governed = _cpus(sysfs, directory)
        cpus = tuple(cpu for cpu in governed if cpu in online and cpu not in taken)
        if cpus:
            taken.update(cpus)
            policies[cpus] = _policy(sysfs, directory, cpus, shared=len(governed) > 1)
    return tuple(policies[cpus] for cpus in sorted(policies))


def parse_frequencies(text: str) -> tuple[int, ...]:
    """A list of frequencies in kHz, in any order, as Hz, ascending; what is no number is passed over."""
    return tuple(
        sorted({int(word) * HZ_PER_KHZ for word in text.split() if word.isascii() and word.isdigit()} - {0})
    )


def _cpus(sysfs: Sysfs, directory: str) -> tuple[int, ...]:
    """CPUs of a policy; `affected_cpus` leaves out those offline, and is empty if all are."""
    for name in ("related_cpus", "affected_cpus"):
        try:
            return parse_cpu_list(text_or_none(sysfs, f"{directory}/{name}") or "")
        except ValueError:
            continue
    return ()


def _policy(sysfs: Sysfs, directory: str, cpus: tuple[int, ...], *, shared: bool) -> Policy:
    min_khz = int_or_none(sysfs, f"{directory}/cpuinfo_min_freq")
    max_khz = int_or_none(sysfs, f"{directory}/cpuinfo_max_freq")
    return Policy(
        path=directory,
        cpus=cpus,
        shared=shared,
        min_frequency_hz=min_khz * HZ_PER_KHZ if min_khz and min_khz > 0 else None,
        max_frequency_hz=max_khz * HZ_PER_KHZ if max_khz and max_khz > 0 else None,
        frequencies_hz=parse_frequencies(
            text_or_none(sysfs, f"{directory}/scaling_available_frequencies") or ""
        ),
        governor=text_or_none(sysfs, f"{directory}/scaling_governor"),
        time_in_state=sysfs.exists(f"{directory}/stats/time_in_state"),
    )
