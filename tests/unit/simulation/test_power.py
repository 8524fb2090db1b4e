import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.simulation.opp import BIG_LADDER, LITTLE_LADDER, OperatingPoint
from edged.simulation.power import BIG, LITTLE, leakage_ratio

# Hardware sheet, section 11: A7 rail idle by frequency in MHz, die about 53 degrees [S70].
A7_IDLE_W = {
    1400: 0.1035, 1300: 0.0851, 1200: 0.0703, 1100: 0.0596, 1000: 0.0502, 900: 0.0420, 800: 0.0285,
    700: 0.0238, 600: 0.0194, 500: 0.0153, 400: 0.0130, 300: 0.0104, 200: 0.0088,
}  # fmt: skip


def test_the_ladders_are_those_of_the_board() -> None:
    assert [point.frequency_khz for point in LITTLE_LADDER] == list(range(200_000, 1_400_001, 100_000))
    assert [point.frequency_khz for point in BIG_LADDER] == list(range(200_000, 2_000_001, 100_000))
    assert BIG_LADDER[-1].voltage_uv == 1_312_500
    assert LITTLE_LADDER[-1].voltage_uv == 1_275_000


@pytest.mark.parametrize("ladder", [LITTLE_LADDER, BIG_LADDER])
def test_voltage_never_falls_with_the_clock(ladder: tuple[OperatingPoint, ...]) -> None:
    voltages = [point.voltage_uv for point in ladder]
    assert voltages == sorted(voltages)


def test_the_idle_a7_draws_what_was_measured_at_each_clock() -> None:
    for point in LITTLE_LADDER:
        measured_w = A7_IDLE_W[round(point.frequency_mhz)]
        assert LITTLE.at(point).idle_w(53.0) == pytest.approx(measured_w, rel=0.15)


def test_one_busy_core_adds_what_was_measured() -> None:
    assert LITTLE.at(LITTLE_LADDER[-1]).core_w == pytest.approx(0.17)
    assert BIG.at(BIG_LADDER[-1]).core_w == pytest.approx(1.7)
    at_1800 = BIG.at(BIG_LADDER[-3])
    assert 1.30 <= at_1800.core_w + at_1800.idle_w(45.0) <= 1.74  # [S60]


def test_the_idle_a15_draws_a_tenth_of_a_watt_at_any_clock() -> None:
    for point in BIG_LADDER:
        assert 0.09 <= BIG.at(point).idle_w(45.0) <= 0.125


@given(st.floats(0.0, 110.0), st.floats(0.1, 20.0))
def test_leakage_grows_with_temperature(temperature_c: float, warmer_k: float) -> None:
    assert leakage_ratio(temperature_c + warmer_k) > leakage_ratio(temperature_c)


def test_leakage_is_the_only_part_that_follows_temperature() -> None:
    point = LITTLE.at(LITTLE_LADDER[-1])
    assert point.idle_w(80.0) - point.idle_w(50.0) == pytest.approx(
        point.leakage_w * (leakage_ratio(80.0) - 1.0)
    )
