from pathlib import Path

import pytest

from edged.board.discover import discover
from edged.board.frequency import time_in_state_ns
from edged.board.load import busy_ns
from edged.board.sysfs import Sysfs
from tests.unit.simulation.boards import SECOND, MakeBench


@pytest.mark.parametrize(
    ("kind", "model"), [("xu3", "Hardkernel Odroid XU3"), ("xu4", "Hardkernel Odroid XU4")]
)
def test_the_real_discovery_finds_the_simulated_board(
    bench: MakeBench, kind: str, model: str, tmp_path: Path
) -> None:
    bench(tmp_path, kind)
    board = discover(Sysfs(tmp_path))
    assert board.identity.model == model
    assert board.identity.soc == "Exynos 5422"
    assert board.identity.compatible[0] == f"hardkernel,odroid-{kind}"
    assert board.identity.machine == "armv7l"
    little, big = board.cluster("little"), board.cluster("big")
    assert (little.cpus, little.core, little.max_frequency_hz) == ((0, 1, 2, 3), "Cortex-A7", 1_400_000_000)
    assert (big.cpus, big.core, big.max_frequency_hz) == ((4, 5, 6, 7), "Cortex-A15", 2_000_000_000)
    assert (little.supply, big.supply) == ("vdd_kfc", "vdd_arm")
    assert little.time_in_state
    assert big.governor == "performance"
    assert [zone.name for zone in board.thermal_zones] == [
        *(f"cpu{number}-thermal" for number in range(4)),
        "gpu-thermal",
    ]
    assert len(board.thermal_zones[4].trips) == 10
    limits = {device.name: device.cpu_cluster for device in board.cooling_devices}
    assert (limits["cpufreq-cpu0"], limits["cpufreq-cpu4"], limits["pwm-fan"]) == ("little", "big", None)
    assert all(device.statistics for device in board.cooling_devices)
    assert board.memory is not None


def test_the_xu3s_four_rails_are_found_by_address_and_the_xu4_has_none(
    bench: MakeBench, tmp_path: Path
) -> None:
    bench(tmp_path / "xu3", "xu3")
    bench(tmp_path / "xu4", "xu4")
    chips = discover(Sysfs(tmp_path / "xu3")).sensor_chips
    assert {(chip.rail, chip.address) for chip in chips} == {
        ("big", 0x40),
        ("mem", 0x41),
        ("gpu", 0x44),
        ("little", 0x45),
    }
    assert {(chip.driver, chip.chip, chip.controller) for chip in chips} == {
        ("hwmon", "ina231", "12c60000.i2c")
    }
    bare = discover(Sysfs(tmp_path / "xu4"))
    assert bare.sensor_chips == ()
    assert [absence.what for absence in bare.absences] == ["power sensors"]


def test_the_real_readers_understand_the_kernels_counters(bench: MakeBench, tmp_path: Path) -> None:
    xu3 = bench(tmp_path)
    xu3.board.set_busy(5, 1.0)
    xu3.run_s(3.0)
    xu3.board.refresh()
    sysfs = Sysfs(tmp_path)
    big = discover(sysfs).cluster("big")
    assert time_in_state_ns(sysfs, big)[2_000_000_000] == 3 * SECOND
    assert busy_ns(sysfs) == {cpu: 3 * SECOND * (cpu == 5) for cpu in range(8)}
