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
    assert account.totals.energy_uj == 4_000_000
    assert account.totals.unobserved_ns == 2 * SECOND


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
