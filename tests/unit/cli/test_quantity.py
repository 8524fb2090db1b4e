"""Numbers for people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.cli.quantity import duration, with_uncertainty


@pytest.mark.parametrize(
    ("value", "u95", "told"),
    [
        (0.01834, 0.00005, "18.340 ± 0.050 ms"),
        (1.149, 0.012, "1.149 ± 0.012 s"),
        (0.240, 0.0031, "240.0 ± 3.1 ms"),
        (0.000_12, 0.000_004, "120.0 ± 4.0 µs"),
        (0.4123, None, "412.3 ms"),
        (0.4123, 0.0, "412.3 ms"),
        (-0.003, 0.05, "-3 ± 50 mJ".replace("J", "s")),
        (1234.5, 120.0, "1234 ± 120 s"),
    ],
)
def test_a_value_ends_where_its_uncertainty_does(value: float, u95: float | None, told: str) -> None:
    assert with_uncertainty(value, u95, "s") == told


@given(st.floats(-1e9, 1e9), st.floats(1e-9, 1e9))
def test_whatever_the_numbers_both_are_told(value: float, u95: float) -> None:
    number, unit = with_uncertainty(value, u95, "J").rsplit(" ", 1)
    told, told_u95 = (float(part) for part in number.split(" ± "))
    factor = {"J": 1.0, "mJ": 1e-3, "µJ": 1e-6}[unit]
    assert told * factor == pytest.approx(value, abs=max(0.06 * u95, 0.5e-12))
    assert told_u95 * factor == pytest.approx(u95, rel=0.06, abs=0.5e-12)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(-3, "0 s"), (44.6, "45 s"), (600, "10 min"), (3900, "65 min"), (7500, "2 h 05 min")],
)
def test_durations_are_told_in_the_unit_that_people_use(seconds: float, told: str) -> None:
    assert duration(seconds) == told
