"""Voltage times current or the power register, whichever is finer."""

import pytest

from edged.power.chip_facts import CHIPS
from edged.power.finer_power import FinerPower


@pytest.mark.parametrize(
    ("chip", "shunt_uohm", "voltage_uv", "power_uw", "register"),
    [
        ("ina231", 10_000, 1_200_000, 118_750, False),  # 1.2 mW against 6.25 mW
        ("ina231", 10_000, 1_200_000, 100_000, False),  # the old driver: 25 mW
        ("ina226", 10_000, 5_000_000, 2_506_250, False),  # 5 mW against 6.25 mW
        ("ina226", 10_000, 12_000_000, 2_506_250, True),  # 12 mW against 6.25 mW
        ("ina226", 100_000, 5_000_000, 2_500_625, True),  # 5 mW against 0.625 mW
        ("ina219", 100_000, 5_000_000, 2_502_000, True),  # 5 mW against 2 mW
        ("ina226", 2_000, 12_000_000, 31_250, False),  # 15 mW against 31.25 mW
        ("ina219", 100_000, 26_000_000, 20_000, True),  # 26 mW, and 20 mW even with the old driver
    ],
)
def test_the_source_with_the_smaller_step_is_taken(
    chip: str, shunt_uohm: int, voltage_uv: int, power_uw: int, register: bool
) -> None:
    assert FinerPower(CHIPS[chip], shunt_uohm).choose_register(power_uw, voltage_uv) is register


def test_the_register_waits_until_the_driver_has_shown_its_step() -> None:
    finer = FinerPower(CHIPS["ina226"], 100_000)
    chosen = [finer.choose_register(power_uw, 5_000_000) for power_uw in (0, 2_500_000, 2_500_625, 2_500_000)]
    assert chosen == [False, False, True, True]


def test_nothing_is_decided_without_a_voltage() -> None:
    finer = FinerPower(CHIPS["ina226"], 100_000)
    assert not finer.choose_register(0, 0)
    assert finer.register is None
