from pathlib import Path

import pytest

from edged.errors import UsageError
from edged.simulation.scenario import Fault, FaultKind, Scenario
from tests.unit.simulation.boards import Bench, MakeBench

HWMON = "sys/class/hwmon"


def board_with(bench: MakeBench, root: Path, kind: FaultKind, target: str, duration_s: float = 1.0) -> Bench:
    return bench(root, scenario=Scenario(faults=(Fault(kind, target, at_s=1.0, duration_s=duration_s),)))


def numbers(xu3: Bench) -> list[str]:
    return sorted(path.name for path in (xu3.root / HWMON).iterdir())


def test_a_sensor_vanishes_and_comes_back(bench: MakeBench, tmp_path: Path) -> None:
    xu3 = board_with(bench, tmp_path, FaultKind.VANISH, "mem")
    xu3.run_s(1.5)
    assert numbers(xu3) == ["hwmon0", "hwmon1", "hwmon3", "hwmon4"]
    xu3.run_s(1.0)
    assert numbers(xu3) == ["hwmon0", "hwmon1", "hwmon2", "hwmon3", "hwmon4"]
    assert xu3.number(f"{HWMON}/hwmon2/curr1_input") > 0


def test_a_sensor_comes_back_under_another_number(bench: MakeBench, tmp_path: Path) -> None:
    xu3 = board_with(bench, tmp_path, FaultKind.RENUMBER, "big")
    xu3.run_s(2.5)
    assert numbers(xu3) == ["hwmon0", "hwmon10", "hwmon2", "hwmon3", "hwmon4"]
    real = (tmp_path / HWMON / "hwmon10").resolve()
    assert real.match("12c60000.i2c/i2c-0/0-0040/hwmon/hwmon10")
    assert (real / "device").resolve().name == "0-0040"
    xu3.board.set_busy(4, 1.0)
    xu3.run_s(0.2)
    assert xu3.number(f"{HWMON}/hwmon10/curr1_input") > 1000


@pytest.mark.parametrize(
    ("kind", "content"), [(FaultKind.EMPTY, ""), (FaultKind.TEXT, "<unknown>\n")], ids=["empty", "text"]
)
def test_a_sensors_files_hold_no_number_for_a_while(
    bench: MakeBench, kind: FaultKind, content: str, tmp_path: Path
) -> None:
    xu3 = board_with(bench, tmp_path, kind, "little")
    xu3.run_s(1.5)
    assert xu3.text(f"{HWMON}/hwmon4/curr1_input") == content
    assert xu3.number(f"{HWMON}/hwmon1/curr1_input") != 0  # the others go on
    xu3.run_s(1.0)
    assert xu3.number(f"{HWMON}/hwmon4/curr1_input") > 0


def test_frozen_registers_miss_what_happens(bench: MakeBench, tmp_path: Path) -> None:
    xu3 = board_with(bench, tmp_path, FaultKind.FROZEN, "big")
    xu3.run_s(1.1)
    frozen = xu3.number(f"{HWMON}/hwmon1/curr1_input")
    xu3.board.set_busy(4, 1.0)
    xu3.run_s(0.8)
    assert xu3.number(f"{HWMON}/hwmon1/curr1_input") == frozen
    xu3.run_s(0.3)
    assert xu3.number(f"{HWMON}/hwmon1/curr1_input") > frozen + 1000


def test_a_chip_reset_reads_zero_once_and_forgets_its_averaging(bench: MakeBench, tmp_path: Path) -> None:
    xu3 = board_with(bench, tmp_path, FaultKind.CHIP_RESET, "big")
    interval = tmp_path / HWMON / "hwmon1/update_interval"
    interval.write_text("141\n")
    xu3.run_s(0.9)
    assert interval.read_text() == "141\n"
    xu3.run_s(0.11)
    assert xu3.number(f"{HWMON}/hwmon1/curr1_input") == 0
    assert interval.read_text() == "35\n"
    xu3.run_s(0.05)
    assert xu3.number(f"{HWMON}/hwmon1/curr1_input") > 0


def test_a_zone_shows_254_degrees_and_the_kernel_does_not_mind(bench: MakeBench, tmp_path: Path) -> None:
    xu3 = board_with(bench, tmp_path, FaultKind.BOGUS_TEMPERATURE, "cpu2-thermal")
    zone = "sys/class/thermal/thermal_zone2/temp"
    xu3.run_s(1.5)
    assert xu3.number(zone) == 254_000
    assert xu3.number("sys/class/thermal/cooling_device2/cur_state") == 0
    xu3.run_s(1.0)
    assert xu3.number(zone) < 50_000


def test_a_sensor_that_vanishes_twice_at_once_comes_back(bench: MakeBench, tmp_path: Path) -> None:
    faults = (
        Fault(FaultKind.VANISH, "big", at_s=1.0, duration_s=1.0),
        Fault(FaultKind.RENUMBER, "big", at_s=1.5, duration_s=1.0),
        Fault(FaultKind.TEXT, "big", at_s=1.2, duration_s=2.0),
    )
    xu3 = bench(tmp_path, scenario=Scenario(faults=faults))
    xu3.run_s(4.0)
    assert len(numbers(xu3)) == 5


@pytest.mark.parametrize(
    ("kind", "target"), [(FaultKind.VANISH, "board"), (FaultKind.BOGUS_TEMPERATURE, "big")]
)
def test_a_fault_of_something_the_board_has_not_is_refused(
    bench: MakeBench, kind: FaultKind, target: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=target):
        board_with(bench, tmp_path, kind, target)


def test_an_xu4_has_no_sensor_that_could_fail(bench: MakeBench, tmp_path: Path) -> None:
    scenario = Scenario(faults=(Fault(FaultKind.FROZEN, "big", at_s=0.0),))
    with pytest.raises(UsageError, match="none"):
        bench(tmp_path, "xu4", scenario=scenario)
