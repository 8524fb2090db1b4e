"""Which CPUs are one cluster, and what it is called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from edged.board.clusters import discover_clusters
from edged.board.cooling import limited_cluster
from edged.board.cpuinfo import CoreKind, CpuInfo
from edged.board.parts import CpuCluster
from edged.board.sysfs import Sysfs
from edged.board.unique_names import unique_names

A53, A73, A55, A77 = (
    CoreKind(name, part)
    for name, part in (
        ("Cortex-A53", 0xD03),
        ("Cortex-A73", 0xD09),
        ("Cortex-A55", 0xD05),
        ("Cortex-A77", 0xD0D),
    )
)


@dataclass(frozen=True)
class Policy:
    cpus: Sequence[int]
    core: CoreKind
    max_mhz: int | None = None
    capacity: int | None = None


def clusters(root: Path, *policies: Policy, online: str | None = None) -> Mapping[str, tuple[int, ...]]:
    """Names and CPUs of the clusters of a machine with these policies, slowest first."""
    cpu_root = root / "sys/devices/system/cpu"
    cpu_root.mkdir(parents=True)
    cpus = [cpu for policy in policies for cpu in policy.cpus]
    (cpu_root / "online").write_text(online or ",".join(map(str, cpus)))
    for policy in policies:
        for cpu in policy.cpus:
            (cpu_root / f"cpu{cpu}").mkdir()
            if policy.capacity is not None:
                (cpu_root / f"cpu{cpu}/cpu_capacity").write_text(str(policy.capacity))
        if policy.max_mhz is not None:
            directory = cpu_root / f"cpufreq/policy{policy.cpus[0]}"
            directory.mkdir(parents=True)
            (directory / "related_cpus").write_text(" ".join(map(str, policy.cpus)))
            (directory / "cpuinfo_max_freq").write_text(str(policy.max_mhz * 1000))
    cores = {cpu: policy.core for policy in policies for cpu in policy.cpus}
    info = CpuInfo(cores, "", "", "8", virtual=False)
    return {cluster.name: cluster.cpus for cluster in discover_clusters(Sysfs(root), info)}


def test_capacity_decides_although_the_little_cores_have_the_higher_clock(tmp_path: Path) -> None:
    found = clusters(tmp_path, Policy([0, 1], A73, 1400, 1024), Policy([2, 3], A53, 1900, 400))
    assert list(found.items()) == [("little", (2, 3)), ("big", (0, 1))]


def test_without_capacity_the_maximum_frequency_decides(tmp_path: Path) -> None:
    found = clusters(tmp_path, Policy([0, 1], A73, 2200), Policy([2, 3], A53, 1800))
    assert list(found) == ["little", "big"]
    assert found["big"] == (0, 1)


def test_a_capacity_that_only_some_have_decides_nothing(tmp_path: Path) -> None:
    found = clusters(tmp_path, Policy([0, 1], A73, 2200), Policy([2, 3], A53, 1800, 400))
    assert found["big"] == (0, 1)


def test_without_either_the_part_number_decides(tmp_path: Path) -> None:
    assert clusters(tmp_path, Policy([0, 1], A73), Policy([2, 3], A53))["little"] == (2, 3)


def test_three_kinds_are_little_mid_and_big_though_two_are_the_same_part(tmp_path: Path) -> None:
    found = clusters(
        tmp_path,
        Policy([0, 1, 2, 3], A55, 1800, 250),
        Policy([4, 5, 6], A77, 2420, 870),
        Policy([7], A77, 2840, 1024),
    )
    assert list(found.items()) == [("little", (0, 1, 2, 3)), ("mid", (4, 5, 6)), ("big", (7,))]


def test_four_kinds_have_numbered_mids(tmp_path: Path) -> None:
    found = clusters(
        tmp_path,
        Policy([0], A53, capacity=100),
        Policy([1], A55, capacity=300),
        Policy([2], A73, capacity=600),
        Policy([3], A77, capacity=1024),
    )
    assert list(found) == ["little", "mid1", "mid2", "big"]


def test_a_clock_for_each_cpu_of_two_kinds_makes_two_clusters(tmp_path: Path) -> None:
    found = clusters(
        tmp_path,
        *(Policy([cpu], CoreKind("Some PC", -1), 5200 + 100 * (cpu % 2), 1024) for cpu in range(4)),
        *(Policy([cpu], CoreKind("Some PC", -1), 4000, 600) for cpu in range(4, 8)),
    )
    assert found == {"little": (4, 5, 6, 7), "big": (0, 1, 2, 3)}


def test_a_shared_clock_with_one_cpu_left_online_is_still_a_cluster_of_its_own(tmp_path: Path) -> None:
    found = clusters(
        tmp_path,
        Policy([0, 1], A55, 1800, 400),
        Policy([2, 3], A77, 2400, 1024),
        Policy([4, 5], A77, 2400, 1024),
        online="0,1,2,4",
    )
    assert found == {"little": (0, 1), "big1": (2,), "big2": (4,)}


@pytest.mark.parametrize(
    ("kind", "cluster"),
    [
        ("cpufreq-cpu0", "little"),
        ("cpufreq-cpu5", "big"),
        ("thermal-cpufreq-0", "little"),
        ("thermal-cpufreq-1", "big"),
        ("cpufreq-cpu9", None),
        ("thermal-cpufreq-2", None),
        ("pwm-fan", None),
        ("devfreq-11800000.gpu", None),
        ("Processor", None),
    ],
)
def test_which_cluster_a_cooling_device_limits(kind: str, cluster: str | None) -> None:
    # Big first: older kernels number the policies by CPU, whatever the order here.
    both = [
        CpuCluster("big", "", (4, 5, 6, 7), policy="policy4"),
        CpuCluster("little", "", (0, 1, 2, 3), policy="policy0"),
    ]
    assert limited_cluster(kind, both) == cluster


@pytest.mark.parametrize(
    ("types", "names"),
    [
        (["a", "b"], ["a", "b"]),
        (["a", "b", "a"], ["a-0", "b", "a-1"]),
        (["a", "a-0", "a"], ["a-1", "a-0", "a-2"]),
    ],
)
def test_names_of_parts_are_unique(types: list[str], names: list[str]) -> None:
    assert unique_names(types) == names
    assert len(set(names)) == len(names)
