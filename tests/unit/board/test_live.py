"""What the live readers say, and how they fail."""

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from edged.board.cooling import CoolingStatistics, cooling_state, cooling_statistics
from edged.board.discover import discover
from edged.board.frequency import current_frequency_hz, frequency_limit_hz, time_in_state_ns
from edged.board.load import busy_ns
from edged.board.parts import CpuCluster, ThermalZone
from edged.board.supplies import memory_frequency_hz, set_point_uv
from edged.board.sysfs import Sysfs, SysfsError
from edged.board.thermal import temperature_c
from edged.board.unpack import unpack_dump
from tests.boards import tree

Unpack = Callable[[str], Sysfs]


@pytest.fixture
def unpack(tmp_path: Path) -> Unpack:
    return lambda name: unpack_dump(tree(name), tmp_path / name, name)


def test_clock_and_limit_of_a_throttled_cluster(unpack: Unpack) -> None:
    sysfs = unpack("xu4-cur-freq-denied")
    big = discover(sysfs).cluster("big")
    assert current_frequency_hz(sysfs, big) == 1_800_000_000
    assert frequency_limit_hz(sysfs, big) == 1_800_000_000
    assert big.max_frequency_hz == 2_000_000_000


def test_where_each_cpu_has_a_clock_the_highest_is_given(unpack: Unpack) -> None:
    sysfs = unpack("x86-rapl")
    assert current_frequency_hz(sysfs, discover(sysfs).cluster("cpu")) == 3_300_000_000


def test_a_cluster_without_cpufreq_has_no_clock() -> None:
    with pytest.raises(SysfsError) as caught:
        current_frequency_hz(Sysfs(), CpuCluster("cpu", "", (0,)))
    assert caught.value.absent


def test_time_in_state_is_in_nanoseconds(unpack: Unpack) -> None:
    sysfs = unpack("xu4-bare")
    times = time_in_state_ns(sysfs, discover(sysfs).cluster("big"))
    assert times[2_000_000_000] == 56662 * 10_000_000


def test_a_clock_that_is_no_number_is_an_error_with_its_path(unpack: Unpack) -> None:
    sysfs = unpack("xu3-read-errors")
    with pytest.raises(SysfsError, match="scaling_max_freq: reads '<unknown>'"):
        frequency_limit_hz(sysfs, discover(sysfs).cluster("big"))


def test_temperatures_of_zones_and_of_the_vendor_kernels_lines(unpack: Unpack) -> None:
    for name in ("xu3-mainline", "xu3-vendor-3.10"):
        sysfs = unpack(name)
        assert [temperature_c(sysfs, zone) for zone in discover(sysfs).thermal_zones] == [46, 43, 42, 38, 40]


def test_a_sensor_whose_line_has_gone_is_an_error(unpack: Unpack) -> None:
    sysfs = unpack("xu3-vendor-3.10")
    with pytest.raises(SysfsError, match="no line for sensor9"):
        temperature_c(sysfs, ThermalZone("sensor9", "sys/devices/10060000.tmu/temp", line="sensor9"))


def test_a_zone_that_answers_eagain_is_an_error_not_a_crash(unpack: Unpack) -> None:
    sysfs = unpack("xu3-read-errors")
    with pytest.raises(SysfsError) as caught:
        temperature_c(sysfs, discover(sysfs).thermal_zones[1])
    assert caught.value.code == errno.EAGAIN


def test_state_and_statistics_of_a_cooling_device(unpack: Unpack) -> None:
    sysfs = unpack("xu4-bare")
    assert [cooling_state(sysfs, device) for device in discover(sysfs).cooling_devices] == [3, 2, 2, 0]
    sysfs = unpack("rk3588")
    fan = discover(sysfs).cooling_devices[0]
    assert fan.statistics
    assert cooling_statistics(sysfs, fan) == CoolingStatistics(
        {0: 123_456_000_000, 1: 0, 2: 0, 3: 0, 4: 0}, transitions=0, state=0
    )


def test_set_points_and_the_memory_clock(unpack: Unpack) -> None:
    sysfs = unpack("xu3-mainline")
    board = discover(sysfs)
    assert {each.name: set_point_uv(sysfs, each) for each in board.regulators}["vdd_arm"] == 1_200_000
    assert board.memory is not None
    assert memory_frequency_hz(sysfs, board.memory) == 825_000_000


def test_busy_time_by_cpu(unpack: Unpack) -> None:
    ticks = 9037 + 13364 + 3414 + 0 + 115 + 42
    assert busy_ns(unpack("x86-no-cpufreq"))[0] == ticks * 10_000_000


def test_a_proc_stat_without_cpus_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/stat").write_text("intr 1\n")
    with pytest.raises(SysfsError, match="no line of a CPU"):
        busy_ns(Sysfs(tmp_path))
