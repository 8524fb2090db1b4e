"""Lines of a meter as readings."""

from collections.abc import Sequence

import pytest

from edged.power.reading import Rail, Sample
from edged.power.sensor import Failure, SensorError
from edged.sampling.meter import MeterSampler
from edged.sampling.rail_account import RailAccount
from edged.simulation.clock import VirtualClock

MS = 1_000_000
SECOND = 1000 * MS
RAIL = Rail("board", "smartpower3 /dev/ttyUSB0", "smartpower3", "/dev/ttyUSB0")


class ScriptedMeter:
    """Sends lines at given moments, or fails from and until given ones."""

    rail = RAIL

    def __init__(self, clock: VirtualClock, at_ns: Sequence[int], power_uw: int = 3_000_000) -> None:
        self.at_ns = list(at_ns)
        self.power_uw = power_uw
        self.fails_until_ns = 0
        self.kind = Failure.GONE
        self.opened = 0
        self._clock = clock

    def receive(self, timeout_s: float) -> Sequence[Sample]:
        now_ns = self._clock.monotonic_ns()
        if now_ns < self.fails_until_ns:
            self.at_ns = [at_ns for at_ns in self.at_ns if at_ns >= self.fails_until_ns]
            raise SensorError(RAIL, self.kind, "was lost", where="/dev/ttyUSB0")
        until_ns = now_ns + round(timeout_s * SECOND)
        if self.at_ns and self.at_ns[0] <= until_ns:
            until_ns = max(now_ns, self.at_ns[0])
        self._clock.sleep((until_ns - now_ns) / SECOND)
        now_ns = self._clock.monotonic_ns()
        arrived = [at_ns for at_ns in self.at_ns if at_ns <= now_ns]
        del self.at_ns[: len(arrived)]
        return [Sample(at_ns, self.power_uw, 5_000_000, 600_000) for at_ns in arrived]

    def reopen(self) -> None:
        self.opened += 1

    def close(self) -> None:
        pass


def listen(meter: ScriptedMeter, clock: VirtualClock, until_ns: int) -> RailAccount:
    account = RailAccount(RAIL, clock.monotonic_ns())
    sampler = MeterSampler(meter, account, clock)
    listen_on(sampler, clock, until_ns)
    return account


def listen_on(sampler: MeterSampler, clock: VirtualClock, until_ns: int) -> None:
    while clock.monotonic_ns() < until_ns:
        clock.run_until(sampler.step())


def test_a_line_covers_the_time_since_the_line_before() -> None:
    clock = VirtualClock()
    account = listen(ScriptedMeter(clock, range(0, SECOND, 10 * MS)), clock, SECOND)
    assert [(r.start_ns, r.end_ns) for r in account.trace] == [
        (t, t + 10 * MS) for t in range(0, 990 * MS, 10 * MS)
    ]
    assert account.totals.energy_j == pytest.approx(2.97)
    assert account.health().update_interval_s == 0.01
    assert account.health().missed_updates == 0


def test_lost_lines_are_uncovered_time_and_missed_updates() -> None:
    clock = VirtualClock()
    lines = [t for t in range(0, SECOND, 10 * MS) if not 300 * MS <= t < 350 * MS]
    account = listen(ScriptedMeter(clock, lines), clock, SECOND)
    assert account.health().missed_updates == 5
    assert account.totals.unobserved_ns == 50 * MS
    assert account.totals.observed_ns == 940 * MS


def test_a_logging_interval_changed_at_the_meter_is_noticed() -> None:
    clock = VirtualClock()
    lines = [*range(0, SECOND, 10 * MS), *range(SECOND, 20 * SECOND, 500 * MS)]
    account = listen(ScriptedMeter(clock, lines), clock, 20 * SECOND)
    assert account.health().update_interval_s == 0.5
    assert account.totals.observed_ns > 17 * SECOND


def test_a_meter_unplugged_is_opened_again_and_the_gap_stays_a_gap() -> None:
    clock = VirtualClock()
    meter = ScriptedMeter(clock, range(0, 30 * SECOND, 100 * MS))
    account = RailAccount(RAIL, 0)
    sampler = MeterSampler(meter, account, clock)
    listen_on(sampler, clock, 5 * SECOND)
    energy_uw_ns = account.totals.energy_uw_ns
    meter.fails_until_ns = 10 * SECOND
    listen_on(sampler, clock, 9 * SECOND)
    assert not account.health().up
    assert account.newest() is None
    assert account.totals.energy_uw_ns == energy_uw_ns
    listen_on(sampler, clock, 30 * SECOND)
    assert account.health().up
    assert meter.opened > 3
    assert account.totals.unobserved_ns > 4 * SECOND
    assert account.totals.observed_ns + account.totals.unobserved_ns == account.settled_ns
    assert account.settled_ns == 29_900 * MS


def test_a_torn_line_costs_one_interval() -> None:
    clock = VirtualClock()
    meter = ScriptedMeter(clock, range(0, 10 * SECOND, SECOND))
    account = RailAccount(RAIL, 0)
    sampler = MeterSampler(meter, account, clock)
    listen_on(sampler, clock, 4 * SECOND + 1)
    meter.kind, meter.fails_until_ns = Failure.TRY_AGAIN, clock.monotonic_ns() + 1
    sampler.step()
    del meter.at_ns[0]
    listen_on(sampler, clock, 9 * SECOND)
    assert account.health().failures == 1
    assert meter.opened == 1
    assert account.totals.unobserved_ns == SECOND
    assert account.health().missed_updates == 1
