"""The real readers of power on a simulated board, through the files alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from edged.board.discover import discover
from edged.board.sysfs import Sysfs
from edged.power.hwmon_ina2xx import HwmonIna2xx
from edged.power.reading import Rail
from edged.power.sensor import SensorError
from edged.simulation.scenario import Fault, FaultKind, Scenario
from tests.unit.simulation.boards import Bench, MakeBench

REGISTERS_CHANGE_EVERY_S = 0.0352


@pytest.fixture
def bench() -> Iterator[MakeBench]:
    make = MakeBench()
    yield make
    make.close()


def reader_of(xu3: Bench, rail: str) -> HwmonIna2xx:
    chip = next(chip for chip in discover(Sysfs(xu3.root)).sensor_chips if chip.rail == rail)
    reader = HwmonIna2xx(chip, Rail(rail, rail, chip.chip, hex(chip.address)), xu3.clock, root=xu3.root)
    reader.reopen()
    return reader


@pytest.mark.parametrize(("rail", "cpu"), [("big", 4), ("little", 0)])
def test_an_open_reader_follows_the_rails_power(
    bench: MakeBench, rail: str, cpu: int, tmp_path: Path
) -> None:
    xu3 = bench(tmp_path, scenario=Scenario(chip_spread=0.0))
    reader = reader_of(xu3, rail)
    for share in (0.0, 1.0, 0.5, 0.0, 1.0):
        xu3.board.set_busy(cpu, share)
        xu3.run_s(2 * REGISTERS_CHANGE_EVERY_S)
        sample = reader.read()
        assert sample.power_uw / 1e6 == pytest.approx(xu3.power_w(rail), abs=0.004)
        assert sample.at_ns == xu3.clock.monotonic_ns()
    reader.close()


def test_the_sum_of_all_averages_is_the_true_energy(bench: MakeBench, tmp_path: Path) -> None:
    xu3 = bench(tmp_path, scenario=Scenario(chip_spread=0.0))
    reader = reader_of(xu3, "big")
    averages = 200
    energy_j = 0.0
    first_ns = xu3.board.sensors["big"].chip.registers(xu3.clock.monotonic_ns()).finished_ns
    for number in range(averages):
        xu3.board.set_busy(7, 1.0 if 20 < number < 100 else 0.0)
        xu3.run_s(REGISTERS_CHANGE_EVERY_S)
        energy_j += reader.read().power_uw / 1e6 * REGISTERS_CHANGE_EVERY_S
    end_ns = first_ns + round(averages * REGISTERS_CHANGE_EVERY_S * 1e9)
    assert energy_j == pytest.approx(xu3.board.truth(first_ns, end_ns)["big"].total_j, rel=0.005)
    reader.close()


def test_the_chip_averages_as_long_as_the_reader_asks(bench: MakeBench, tmp_path: Path) -> None:
    xu3 = bench(tmp_path)
    reader = reader_of(xu3, "gpu")
    assert reader.averaging_s() == pytest.approx(0.0352)
    assert reader.set_averaging(1.1264)
    xu3.run_s(0.1)
    assert reader.averaging_s() == pytest.approx(1.1264)
    assert xu3.board.sensors["gpu"].chip.averages == 512
    reader.close()


def test_a_reader_finds_its_chip_again_under_another_number(bench: MakeBench, tmp_path: Path) -> None:
    fault = Fault(FaultKind.RENUMBER, "mem", at_s=1.0, duration_s=1.0)
    xu3 = bench(tmp_path, scenario=Scenario(faults=(fault,)))
    reader = reader_of(xu3, "mem")
    reader.read()
    xu3.run_s(1.5)
    with pytest.raises(SensorError):
        reader.read()
    with pytest.raises(SensorError):
        reader.reopen()
    xu3.run_s(1.0)
    reader.reopen()
    assert reader.read().power_uw > 0
    reader.close()


def test_a_reset_chip_is_not_believed(bench: MakeBench, tmp_path: Path) -> None:
    scenario = Scenario(chip_spread=0.0, faults=(Fault(FaultKind.CHIP_RESET, "big", at_s=1.0),))
    xu3 = bench(tmp_path, scenario=scenario)
    reader = reader_of(xu3, "big")
    reader.set_averaging(0.141)
    xu3.run_s(0.5)
    reader.read()
    xu3.run_s(0.51)
    with pytest.raises(SensorError, match="reset"):
        reader.read()
    reader.close()
