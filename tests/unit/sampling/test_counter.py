"""An energy counter as readings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.power.reading import EnergyCount, Rail
from edged.power.sensor import Failure, SensorError
from edged.sampling.counter import CounterSampler
from edged.sampling.rail_account import RailAccount
from edged.simulation.clock import VirtualClock

SECOND = 1_000_000_000
RAIL = Rail("package-0", "rapl package-0", "rapl", "intel-rapl:0")


class ScriptedCounter:
    """Counts at a power that a test may change; fails as told."""

    rail = RAIL

    def __init__(self, clock: VirtualClock) -> None:
        self.power_w = 10.0
        self.energy_uj = 0
        self.fault: Failure | None = None
        self.opened = 0
        self._clock = clock
        self._counted_ns = clock.monotonic_ns()

    def read(self) -> EnergyCount:
        now_ns = self._clock.monotonic_ns()
        self.energy_uj += round(self.power_w * (now_ns - self._counted_ns) / 1000)
        self._counted_ns = now_ns
        if self.fault is not None:
            raise SensorError(RAIL, self.fault, "cannot be read", where="energy_uj")
        return EnergyCount(now_ns, self.energy_uj)

    def reopen(self) -> None:
        self.opened += 1

    def close(self) -> None:
        pass


def run(sampler: CounterSampler, clock: VirtualClock, until_ns: int) -> None:
    due_ns = sampler.step()
    while due_ns <= until_ns:
        clock.run_until(due_ns)
        due_ns = sampler.step()
    clock.run_until(until_ns)


@given(powers_w=st.lists(st.floats(0.001, 200), min_size=2, max_size=30), fast=st.booleans())
def test_the_account_holds_what_the_counter_counted_to_the_last_microjoule(
    powers_w: list[float], fast: bool
) -> None:
    clock = VirtualClock()
    counter = ScriptedCounter(clock)
    account = RailAccount(RAIL, 0)
    sampler = CounterSampler(counter, account, clock)
    if fast:
        sampler.begin_fast()
    for number, counter.power_w in enumerate(powers_w):
        run(sampler, clock, number * SECOND + SECOND * 2 // 3)
    newest = account.trace.newest()
    assert newest is not None
    assert account.totals.observed_ns == newest.end_ns
    assert 0 <= counter.energy_uj - account.totals.energy_uw_ns / SECOND < 1


def test_a_measurement_is_read_ten_times_as_often() -> None:
    clock = VirtualClock()
    account = RailAccount(RAIL, 0)
    sampler = CounterSampler(ScriptedCounter(clock), account, clock)
    run(sampler, clock, 5 * SECOND)
    assert len(account.trace) == 5
    sampler.begin_fast()
    run(sampler, clock, 6 * SECOND)
    assert 10 <= len(account.trace) - 5 <= 11


def test_a_failed_read_loses_nothing() -> None:
    clock = VirtualClock()
    counter = ScriptedCounter(clock)
    account = RailAccount(RAIL, 0)
    sampler = CounterSampler(counter, account, clock)
    run(sampler, clock, 3 * SECOND)
    counter.fault = Failure.TRY_AGAIN
    clock.run_until(4 * SECOND)
    sampler.step()
    assert not account.health().up
    counter.fault = None
    run(sampler, clock, 10 * SECOND)
    assert account.health().failures == 1
    assert account.totals.unobserved_ns == 0
    assert account.totals.observed_ns > 8 * SECOND


def test_time_is_unobserved_while_a_counter_is_gone() -> None:
    for fault in Failure:
        clock = VirtualClock()
        counter = ScriptedCounter(clock)
        account = RailAccount(RAIL, 0)
        sampler = CounterSampler(counter, account, clock)
        run(sampler, clock, 3 * SECOND)
        counter.fault = fault
        run(sampler, clock, 63 * SECOND)
        assert account.totals.observed_ns == 3 * SECOND
        assert account.totals.unobserved_ns > 50 * SECOND


def test_a_counter_that_jumped_or_went_away_leaves_a_gap() -> None:
    for fault, opened in ((Failure.INVALID, 1), (Failure.GONE, 2)):
        clock = VirtualClock()
        counter = ScriptedCounter(clock)
        account = RailAccount(RAIL, 0)
        sampler = CounterSampler(counter, account, clock)
        run(sampler, clock, 3 * SECOND)
        counter.fault = fault
        clock.run_until(4 * SECOND)
        sampler.step()
        counter.fault = None
        run(sampler, clock, 10 * SECOND)
        assert counter.opened == opened
        assert account.totals.unobserved_ns > 0.9 * SECOND
        assert account.totals.energy_j == pytest.approx(
            account.totals.observed_ns / 1e9 * 10.0, abs=1e-6
        )  # 10 W
