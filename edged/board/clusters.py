"""CPU clusters: the CPUs that share a clock, and their names.

CPUs are grouped by cpufreq policy, and where there is none by kind of core. Package and core ids are of no
use: on the Exynos 5422 package 1 holds the little cores, and core ids repeat.

Names go by **kind** of core. Two clusters are of one kind if their cores are the same part and about equally
fast: an RK3588 has four Cortex-A55 and two pairs of Cortex-A76 with a clock each, all of one kind, so its
clusters are `little`, `big1` and `big2`; a phone's single faster Cortex-A77 is a kind of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from edged.board.cpu_list import parse_cpu_list
from edged.board.cpufreq import CPU_ROOT, Policy, discover_policies
from edged.board.cpuinfo import CoreKind, CpuInfo
from edged.board.optional import int_or_none, text_or_none
from edged.board.parts import CpuCluster
from edged.board.sysfs import Sysfs

# Chips of one kind are binned to clocks a few per cent apart; distinct kinds of one part differ by more.
SAME_SPEED_RATIO = 1.1
# Regulators of the Exynos 5422's clusters (exynos5422-odroid-core.dtsi: BUCK2 and BUCK6).
_SUPPLIES = {"Cortex-A15": "vdd_arm", "Cortex-A7": "vdd_kfc"}


@dataclass(frozen=True, slots=True)
class _Group:
    core: CoreKind
    cpus: tuple[int, ...]
    capacity: int | None
    policies: tuple[Policy, ...]

    @property
    def max_frequency_hz(self) -> int | None:
        return max((p.max_frequency_hz for p in self.policies if p.max_frequency_hz), default=None)


def discover_clusters(sysfs: Sysfs, cpuinfo: CpuInfo, supplies: Sequence[str] = ()) -> tuple[CpuCluster, ...]:
    """The CPU clusters, slowest first; at least one, if it can be told which CPUs there are.

    Args:
        sysfs: Where to look.
        cpuinfo: Kinds of cores.
        supplies: Names of the regulators that there are.
    """
    kinds = _by_kind(_groups(sysfs, cpuinfo))
    if len(kinds) == 1:
        return (_cluster("cpu", _merged(kinds[0]), supplies),)
    clusters = []
    for name, kind in zip(_kind_names(len(kinds)), kinds, strict=True):
        clocks = _without_private_clocks(kind)
        names = [name] if len(clocks) == 1 else [f"{name}{i}" for i in range(1, len(clocks) + 1)]
        clusters += [_cluster(each, group, supplies) for each, group in zip(names, clocks, strict=True)]
    return tuple(clusters)


def online_cpus(sysfs: Sysfs, cpuinfo: CpuInfo) -> tuple[int, ...]:
    """The CPUs that run now, ascending."""
    for path in ("online", "present", "possible"):
        try:
            return parse_cpu_list(text_or_none(sysfs, f"{CPU_ROOT}/{path}") or "")
        except ValueError:
            continue
    return tuple(sorted(cpuinfo.cores))


def _groups(sysfs: Sysfs, cpuinfo: CpuInfo) -> list[_Group]:
    online = online_cpus(sysfs, cpuinfo)
    policies = discover_policies(sysfs, online)
    groups = [_group(sysfs, cpuinfo, policy.cpus, (policy,)) for policy in policies]
    governed = {cpu for policy in policies for cpu in policy.cpus}
    by_core: dict[CoreKind | None, list[int]] = {}
    for cpu in online:
        if cpu not in governed:
            by_core.setdefault(cpuinfo.cores.get(cpu), []).append(cpu)
    groups += [_group(sysfs, cpuinfo, tuple(cpus), ()) for cpus in by_core.values()]
    return groups


def _group(sysfs: Sysfs, cpuinfo: CpuInfo, cpus: tuple[int, ...], policies: tuple[Policy, ...]) -> _Group:
    core = next(
        (cpuinfo.cores[cpu] for cpu in cpus if cpu in cpuinfo.cores), CoreKind(cpuinfo.model_name, -1)
    )
    capacities = (int_or_none(sysfs, f"{CPU_ROOT}/cpu{cpu}/cpu_capacity") for cpu in cpus)
    capacity = next((value for value in capacities if value and value > 0), None)
    return _Group(core, cpus, capacity, policies)


def _by_kind(groups: list[_Group]) -> list[list[_Group]]:
    """Groups of one kind together, slowest kind first, by lowest CPU within a kind."""
    speeds = _speeds(groups)
    order = sorted(range(len(groups)), key=lambda i: (speeds[i], groups[i].core.part, groups[i].cpus))
    kinds: list[list[_Group]] = []
    slowest = 0
    for i in order:
        if kinds and groups[i].core == kinds[-1][0].core and speeds[i] <= slowest * SAME_SPEED_RATIO:
            kinds[-1].append(groups[i])
        else:
            kinds.append([groups[i]])
            slowest = speeds[i]
    return [sorted(kind, key=lambda group: group.cpus) for kind in kinds]


def _speeds(groups: list[_Group]) -> list[int]:
    """Capacity, else maximum frequency, else nothing: whichever is known of all groups."""
    capacities = [group.capacity for group in groups if group.capacity is not None]
    if len(capacities) == len(groups):
        return capacities
    frequencies = [group.max_frequency_hz for group in groups if group.max_frequency_hz is not None]
    return frequencies if len(frequencies) == len(groups) else [0] * len(groups)


def _without_private_clocks(kind: list[_Group]) -> list[_Group]:
    """Merge the CPUs that have a clock of their own, as on a PC; clocks shared by several CPUs stay apart."""
    private = [group for group in kind if not any(policy.shared for policy in group.policies)]
    if len(private) < 2:
        return kind
    rest = [group for group in kind if group not in private]
    return sorted([*rest, _merged(private)], key=lambda group: group.cpus)


def _merged(groups: list[_Group]) -> _Group:
    first = groups[0]
    cpus = tuple(sorted(cpu for group in groups for cpu in group.cpus))
    return _Group(first.core, cpus, first.capacity, tuple(p for group in groups for p in group.policies))


def _kind_names(count: int) -> list[str]:
    if count < 2:
        return ["cpu"] * count
    between = ["mid"] if count == 3 else [f"mid{i}" for i in range(1, count - 1)]
    return ["little", *between, "big"]


def _cluster(name: str, group: _Group, supplies: Sequence[str]) -> CpuCluster:
    policies = group.policies
    supply = _SUPPLIES.get(group.core.name)
    return CpuCluster(
        name=name,
        core=group.core.name,
        cpus=group.cpus,
        capacity=group.capacity,
        min_frequency_hz=min((p.min_frequency_hz for p in policies if p.min_frequency_hz), default=None),
        max_frequency_hz=group.max_frequency_hz,
        frequencies_hz=policies[0].frequencies_hz if policies else (),
        governor=policies[0].governor if policies else None,
        policy=policies[0].path if policies else None,
        further_policies=tuple(policy.path for policy in policies[1:]),
        # The counters of many clocks say nothing about the cluster as one.
        time_in_state=len(policies) == 1 and policies[0].time_in_state,
        supply=supply if supply in supplies else None,
    )
