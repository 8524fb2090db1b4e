"""What a simulated board can be put through by name."""

from pathlib import Path

import pytest

from edged.errors import UsageError
from edged.simulation.named_scenarios import CALM, SCENARIOS
from edged.simulation.scenario import AirChange, Scenario
from tests.unit.simulation.boards import MakeBench


def test_the_air_gets_warm_and_cool_again(bench: MakeBench, tmp_path: Path) -> None:
    xu3 = bench(tmp_path, scenario=Scenario(air=(AirChange(10.0, 65.0), AirChange(200.0, 25.0))))
    before_c = xu3.board.soc.warmth.package_c
    xu3.run_s(9.0)
    assert xu3.board.soc.warmth.package_c == pytest.approx(before_c, abs=1.0)
    xu3.run_s(100.0)
    assert xu3.board.soc.warmth.package_c > before_c + 30.0
    xu3.run_s(600.0)
    assert xu3.board.soc.warmth.package_c == pytest.approx(before_c, abs=2.0)


@pytest.mark.parametrize("name", ["hot", "heat-wave"])
def test_heat_throttles_even_an_idle_board(name: str, bench: MakeBench, tmp_path: Path) -> None:
    xu3 = bench(tmp_path, scenario=SCENARIOS[name])
    xu3.run_s(180.0)
    assert xu3.board.soc.devices["cpufreq-cpu4"].state > 0


def test_a_heat_wave_passes(bench: MakeBench, tmp_path: Path) -> None:
    xu3 = bench(tmp_path, scenario=SCENARIOS["heat-wave"])
    xu3.run_s(1200.0)
    assert xu3.board.soc.devices["cpufreq-cpu4"].state == 0


def test_an_xu4_has_no_sensor_to_lose(bench: MakeBench, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'big'"):
        bench(tmp_path, "xu4", scenario=SCENARIOS["lost-sensor"])


def test_nothing_happens_in_the_calm() -> None:
    assert SCENARIOS[CALM] == Scenario()
