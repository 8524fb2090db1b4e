"""The lines of a SmartPower2."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.power.smartpower2 import parse_line


def test_a_line_tells_voltage_current_and_power() -> None:
    assert parse_line(b"5.052,0.612,3.092,0.000") == (5_052_000, 612_000, 3_092_000)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"5.052,0.612,3.092",
        b"5.052,0.612,3.092,0.000,",
        b"052,0.612,3.092,0.000",
        b"5.052,0.612,9.092,0.000",  # no power of that voltage and current
        b"3.092,5.052,0.612,0.000",  # the order of the meter's browser protocol
        b"-5.052,0.612,3.092,0.000",
        b"nan,nan,nan,0.000",
        b"inf,0.612,inf,0.000",
        b"5.052, 0.612,3.092,0.000",
        b"55.052,0.612,33.692,0.000",
        b"5.052,20.612,104.092,0.000",
    ],
)
def test_what_is_no_measurement_is_refused(text: bytes) -> None:
    assert parse_line(text) is None


@given(st.binary(max_size=60))
def test_garbage_is_no_measurement(garbage: bytes) -> None:
    assert parse_line(garbage) is None


@given(start=st.integers(0, 23), end=st.integers(0, 23))
def test_a_part_of_a_line_is_refused_or_says_the_same_power(start: int, end: int) -> None:
    """Lost beginnings show in the voltage, for power must fit; only the unused energy may lose digits."""
    values = parse_line(b"5.052,0.612,3.092,12.000"[start:end])
    assert values is None or values == (5_052_000, 612_000, 3_092_000)


@given(millivolts=st.integers(0, 30_000), milliamperes=st.integers(0, 10_000))
def test_every_measurement_is_understood_to_the_last_digit(millivolts: int, milliamperes: int) -> None:
    milliwatts = millivolts * milliamperes // 1_000
    text = f"{millivolts / 1e3:.3f},{milliamperes / 1e3:.3f},{milliwatts / 1e3:.3f},0.000"
    assert parse_line(text.encode()) == (millivolts * 1_000, milliamperes * 1_000, milliwatts * 1_000)
