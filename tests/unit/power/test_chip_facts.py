"""The figures of the chips against each other, and against the driver's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.power.chip_facts import (
    AVERAGES,
    CHIPS,
    CONVERSION_TIMES_US,
    HWMON_CONVERSION_US,
    nearest_averages,
    nearest_conversion_us,
)


@pytest.mark.parametrize(
    ("written_ms", "read_back_ms"),
    [(1, 2), (5, 2), (10, 9), (20, 9), (35, 35), (50, 35), (100, 141), (140, 141), (500, 563), (5000, 2253)],
)
def test_averaging_counts_are_chosen_as_the_kernels_driver_chooses_them(
    written_ms: int, read_back_ms: int
) -> None:
    """Pairs seen on the real driver: shared/testbeds/README.md, section C."""
    averages = nearest_averages(written_ms * 1_000, HWMON_CONVERSION_US)
    assert round(averages * HWMON_CONVERSION_US / 1_000) == read_back_ms


@given(st.floats(0, 1e9))
def test_a_count_is_one_the_chip_has(duration_us: float) -> None:
    assert nearest_averages(duration_us, HWMON_CONVERSION_US) in AVERAGES
    assert nearest_conversion_us(duration_us) in CONVERSION_TIMES_US


def test_an_xu3_rail_tells_up_to_8_19_amperes() -> None:
    assert CHIPS["ina231"].shunt_range_uv * 1_000 / 10_000 == pytest.approx(8191.7)


def test_the_full_scale_is_that_of_the_registers() -> None:
    for facts in CHIPS.values():
        assert facts.shunt_range_uv <= facts.shunt_step_nv * 32_767 / 1_000
        assert facts.bus_range_uv <= facts.bus_step_uv * 32_767
