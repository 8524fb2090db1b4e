"""The last minutes, as snapshots carry them."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from edged.clock import NS_PER_S
from edged.exposition.history import MOMENTS, with_history
from edged.exposition.snapshot import Snapshot, rail_state
from edged.power.reading import Reading
from edged.power.sensor import Failure, SensorError
from edged.sampling.rail_account import RailAccount
from edged.sampling.throttling import ThrottlingTotals
from tests.unit.exposition.facts import SNAPSHOT
from tests.unit.exposition.test_board_families import CONDITIONS, RAIL


def at(
    second: int,
    rail: RailAccount | None = None,
    throttling: Mapping[str, ThrottlingTotals] = MappingProxyType({}),
) -> Snapshot:
    rails = (rail_state(rail),) if rail else ()
    return replace(
        SNAPSHOT, at_ns=second * NS_PER_S, rails=rails, conditions=CONDITIONS, throttling=throttling
    )


def followed(*snapshots: Snapshot) -> Snapshot:
    """The last of them, with the history of all."""
    before: Snapshot | None = None
    for now in snapshots:
        before = replace(now, history=with_history(before, now))
    assert before
    return before


def test_each_snapshot_adds_one_moment_and_the_oldest_go_first() -> None:
    history = followed(*(at(second) for second in range(MOMENTS + 5))).history
    assert [moment.at_ns // NS_PER_S for moment in history] == list(range(5, MOMENTS + 5))


def test_power_is_the_mean_over_what_was_read_between_two_snapshots() -> None:
    rail = RailAccount(RAIL, 0)
    rail.add(Reading(0, NS_PER_S, 9_000_000))
    first = at(1, rail)
    rail.add(Reading(NS_PER_S, 3 * NS_PER_S // 2, 1_000_000))
    rail.add(Reading(3 * NS_PER_S // 2, 2 * NS_PER_S, 3_000_000))
    assert followed(first, at(2, rail)).history[-1].powers_w == (("big", 2.0),)


def test_a_slow_meters_newest_reading_holds_until_the_next() -> None:
    rail = RailAccount(RAIL, 0)
    rail.add(Reading(0, NS_PER_S, 9_000_000))
    assert followed(at(1, rail), at(2, rail)).history[-1].powers_w == (("big", 9.0),)


def test_a_failing_sensor_has_no_power() -> None:
    rail = RailAccount(RAIL, 0)
    rail.add(Reading(0, NS_PER_S, 9_000_000))
    rail.fail(SensorError(RAIL, Failure.TRY_AGAIN, "EIO", where="sys/x"), NS_PER_S, NS_PER_S)
    assert followed(at(1, rail)).history[-1].powers_w == ()


def test_a_sensor_whose_account_began_anew_tells_its_newest_reading() -> None:
    old, new = RailAccount(RAIL, 0), RailAccount(RAIL, 0)
    old.add(Reading(0, 9 * NS_PER_S, 9_000_000))
    new.add(Reading(0, NS_PER_S, 1_000_000))
    assert followed(at(1, old), at(2, new)).history[-1].powers_w == (("big", 1.0),)


def test_throttling_between_two_snapshots_is_seen_although_both_are_cool() -> None:
    cool, later = ThrottlingTotals(False, 5), ThrottlingTotals(False, 6)
    moments = followed(
        at(1, throttling={"big": cool}),
        at(2, throttling={"big": later}),
        at(3, throttling={"big": later}),
        at(4, throttling={"big": replace(later, throttled=True)}),
    ).history
    assert [moment.throttled for moment in moments] == [(), ("big",), (), ("big",)]
