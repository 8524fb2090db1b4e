import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.simulation.thermal import Warmth

NO_CORES = [0.0] * 4


def warmed(duration_s: float, parts: int, watts: float) -> Warmth:
    warmth = Warmth(25.0, idle_w=0.3)
    for _ in range(parts):
        warmth.elapse(duration_s / parts, watts, watts, [watts, 0.0, 0.0, 0.0])
    return warmth


@given(st.floats(0.01, 100.0), st.integers(2, 50), st.floats(0.0, 8.0))
def test_at_constant_power_the_steps_do_not_matter(duration_s: float, parts: int, watts: float) -> None:
    once, often = warmed(duration_s, 1, watts), warmed(duration_s, parts, watts)
    assert once.big_c == pytest.approx(often.big_c, abs=1e-6)
    assert once.package_c == pytest.approx(often.package_c, abs=1e-6)


def test_an_idle_chip_stays_as_warm_as_it_is() -> None:
    warmth = Warmth(25.0, idle_w=0.3)
    before_c = warmth.package_c
    warmth.elapse(600.0, 0.3, 0.0, NO_CORES)
    assert warmth.package_c == pytest.approx(before_c)


def test_a_busy_core_warms_its_own_sensor_most() -> None:
    zones_c = warmed(5.0, 1, 1.7).zones_c()
    assert zones_c[0] >= max(zones_c[1:4]) + 4
    assert zones_c[4] < zones_c[0]


def test_the_fan_cools_unless_it_is_broken() -> None:
    temperatures_c = {}
    for works in (True, False):
        warmth = Warmth(25.0, fan_works=works, idle_w=0.3)
        warmth.set_fan(3)
        warmth.elapse(300.0, 3.0, 2.0, NO_CORES)
        temperatures_c[works] = warmth.package_c
    assert temperatures_c[True] < temperatures_c[False] - 10.0


@given(st.floats(-10.0, 60.0))
def test_every_temperature_moves_with_the_air(ambient_c: float) -> None:
    reference, moved = Warmth(20.0, idle_w=0.5), Warmth(ambient_c, idle_w=0.5)
    for warmth in (reference, moved):
        warmth.elapse(7.0, 2.0, 1.5, [1.5, 0.0, 0.0, 0.0])
    assert moved.big_c - reference.big_c == pytest.approx(ambient_c - 20.0, abs=1e-9)
