import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.simulation.load import CpuLoad

SHARES = st.floats(0.0, 1.0)


@given(SHARES, SHARES)
def test_a_cpu_is_never_more_than_busy(own: float, foreign: float) -> None:
    load = CpuLoad(0)
    load.set_own(0, 4, own)
    load.set_foreign(0, 4, foreign)
    assert load.total(4) <= 1.0 + 1e-12
    assert load.own(4) <= own
    assert load.foreign(4) <= foreign
    assert load.total(4) == pytest.approx(min(1.0, own + foreign))


def test_two_that_want_it_all_get_half_each() -> None:
    load = CpuLoad(0)
    load.set_own(0, 4, 1.0)
    load.set_foreign(0, 4, 1.0)
    assert (load.own(4), load.foreign(4)) == (0.5, 0.5)


def test_busy_time_is_share_times_time() -> None:
    load = CpuLoad(100)
    load.set_own(100, 0, 0.5)
    load.set_foreign(1100, 0, 0.25)
    assert load.busy_ns(2100) == [500 + 750, 0, 0, 0, 0, 0, 0, 0]
    assert load.up_ns(2100) == 2000
