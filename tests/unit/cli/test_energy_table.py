"""The table of energies."""

from dataclasses import replace

from edged.cli.energy_table import energy_table
from edged.measurement.result import Uncertain
from tests.unit.cli.showing import ENERGY, measurement, rows, shown

IDLE = replace(ENERGY, net_energy_j=Uncertain(-2e-8, 1e-6), idle_power_w=0.0471)


def test_each_rail_has_a_row_and_the_case_is_named_once() -> None:
    table = energy_table([measurement(rails={"big": ENERGY, "mem": IDLE})], simulated=False)
    first, second = rows(table)
    assert first[:4] == ["0.25", "int8", "big", "big"]
    assert first[4:] == ["30.0", "±", "1.0", "mJ", "40.0", "±", "2.0", "mJ", "110", "mW"]
    assert second == ["mem", "0.0", "±", "1.0", "µJ", "40.0", "±", "2.0", "mJ", "47.1", "mW"]


def test_a_measurement_without_rails_has_no_row() -> None:
    assert "big" not in shown(energy_table([measurement()], simulated=False))


def test_simulated_joules_say_so() -> None:
    measured = [measurement(rails={"big": ENERGY})]
    assert "SIMULATED" in shown(energy_table(measured, simulated=True))
    assert "SIMULATED" not in shown(energy_table(measured, simulated=False))


def test_eighty_columns_show_every_figure_in_full() -> None:
    assert "…" not in shown(energy_table([measurement(rails={"little": ENERGY})], simulated=True), 80)
