"""Energy and time of a rail, conserved to the last unit."""

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.power.reading import Rail, Reading
from edged.power.sensor import Failure, SensorError
from edged.sampling.rail_account import RailAccount

if TYPE_CHECKING:
    from edged.sampling.rail_account import RailTotals

RAIL = Rail("big", "ina231 12c60000.i2c 0x40", "ina231", "0x40")
SECOND = 1_000_000_000


def account_of(readings: list[Reading]) -> "RailTotals":
    account = RailAccount(RAIL, 0)
    for reading in readings:
        account.add(reading)
    return account.totals


@given(
    powers_uw=st.lists(st.integers(-5_000, 20_000_000), min_size=1, max_size=20),
    cuts=st.lists(st.integers(1, 10**10 - 1), max_size=40),
)
def test_energy_does_not_depend_on_how_time_is_cut(powers_uw: list[int], cuts: list[int]) -> None:
    length_ns = 10**10
    whole = [Reading(i * length_ns, (i + 1) * length_ns, power) for i, power in enumerate(powers_uw)]
    edges = [0, *sorted(set(cuts)), length_ns]
    pieces = [
        Reading(i * length_ns + start, i * length_ns + end, power)
        for i, power in enumerate(powers_uw)
        for start, end in pairwise(edges)
    ]
    assert account_of(pieces) == account_of(whole)
    assert account_of(whole).energy_uw_ns == sum(powers_uw) * length_ns


@given(
    spans=st.lists(
        st.tuples(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6)), max_size=40
    )
)
def test_every_moment_is_observed_or_unobserved_and_never_both(spans: list[tuple[int, int, int]]) -> None:
    account = RailAccount(RAIL, 0)
    for start_ns, length_ns, lost_ns in spans:
        account.add(Reading(start_ns, start_ns + length_ns, 1))
        account.unobserved_until(lost_ns)
        totals = account.totals
        assert totals.observed_ns + totals.unobserved_ns == account.settled_ns
        assert totals.energy_uw_ns == totals.observed_ns  # at 1 uW
        assert totals.observed_ns == sum(each.end_ns - each.start_ns for each in account.trace)


def test_a_gap_is_unobserved_time_and_no_energy() -> None:
    account = RailAccount(RAIL, 0)
    account.add(Reading(0, SECOND, 2_000_000))
    account.add(Reading(3 * SECOND, 4 * SECOND, 2_000_000))
    assert account.totals.energy_j == pytest.approx(4.0)
    assert account.totals.unobserved_ns == 2 * SECOND


@given(powers_uw=st.lists(st.integers(-20_000, 20_000), max_size=40))
def test_the_counter_never_falls_and_is_never_ahead_of_what_the_energy_was(powers_uw: list[int]) -> None:
    account = RailAccount(RAIL, 0)
    sums_uw_ns, counted_j = [0], [0.0]
    for number, power_uw in enumerate(powers_uw):
        account.add(Reading(number * SECOND, (number + 1) * SECOND, power_uw))
        sums_uw_ns.append(sums_uw_ns[-1] + power_uw * SECOND)
        counted_j.append(account.totals.counted_j)
        assert account.totals.energy_uw_ns == sums_uw_ns[-1]
        assert account.totals.highest_uw_ns == max(sums_uw_ns)
    assert counted_j == sorted(counted_j)


def test_the_counter_waits_for_an_idle_rail_that_reads_below_zero() -> None:
    account = RailAccount(RAIL, 0)
    told = []
    for second, power_uw in enumerate((3_000_000, -1_000_000, 500_000, 1_000_000)):
        account.add(Reading(second * SECOND, (second + 1) * SECOND, power_uw))
        account.unobserved_until((second + 1) * SECOND)
        told.append((account.totals.energy_j, account.totals.counted_j))
    assert told == [(3.0, 3.0), (2.0, 3.0), (2.5, 3.0), (3.5, 3.5)]


def test_a_failure_takes_the_newest_value_away_and_is_recorded() -> None:
    account = RailAccount(RAIL, 0)
    account.add(Reading(0, SECOND, 2_000_000))
    account.fail(SensorError(RAIL, Failure.INVALID, "reads text", where="/sys/x"), SECOND, SECOND + 5)
    assert account.newest() is None
    health = account.health()
    assert not health.up
    assert health.failures_by_cause == {"invalid": 1}
    assert health.last_failure == "/sys/x: reads text"
    assert health.last_reading_ns == SECOND
    account.add(Reading(SECOND, 2 * SECOND, 1_000_000))
    assert account.newest() == Reading(SECOND, 2 * SECOND, 1_000_000)
    assert account.health().up


def test_a_sensor_that_never_answered_is_not_up() -> None:
    assert not RailAccount(RAIL, 0).health().up
