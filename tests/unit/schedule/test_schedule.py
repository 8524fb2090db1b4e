"""Which case runs next, and when it must wait."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edged.clock import NS_PER_S
from edged.schedule.options import ScheduleOptions
from edged.schedule.quiet_hours import QuietHours
from edged.schedule.seen import Seen
from edged.schedule.state import Wait
from tests.unit.schedule.driving import Driven, workload

A, B = workload("a"), workload("b")
ON_LITTLE = workload("a", "little")
Y2013 = datetime(2013, 1, 1, tzinfo=UTC).timestamp()
Y2026 = datetime(2026, 6, 1, tzinfo=UTC).timestamp()


@pytest.fixture(autouse=True)
def _universal_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def between(begin_s: float, end_s: float, seen: Seen) -> Callable[[float], Seen]:
    return lambda now_s: seen if begin_s <= now_s < end_s else Seen(40.0, 0.0)


def test_all_run_in_turn_one_right_after_the_other_when_nothing_is_said() -> None:
    driven = Driven([A, B, ON_LITTLE])
    driven.drive(20)
    assert [(ran.name, ran.cluster) for ran in driven.ran[:4]] == [
        ("a", "big"),
        ("b", "big"),
        ("a", "little"),
        ("a", "big"),
    ]
    assert [ran.start_s for ran in driven.ran] == [0, 3, 6, 9, 12, 15]
    assert driven.deferred == {}


def test_slots_come_on_a_grid_and_a_missed_one_is_skipped() -> None:
    driven = Driven([A], ScheduleOptions(every_s=10.0))
    driven.drive(25)
    driven.drive(31, takes_s=14.0)
    driven.drive(40)
    assert [ran.start_s for ran in driven.ran] == [0, 10, 20, 30, 50, 70, 80, 90]


def test_a_hot_board_defers_one_slot_and_goes_on_when_it_has_cooled_below_the_band() -> None:
    driven = Driven([A], ScheduleOptions(every_s=10.0, hot_c=70.0, hot_hysteresis_c=5.0))

    def seen(now_s: float) -> Seen:
        return Seen(71.0 if 15 <= now_s < 40 else 67.0 if 40 <= now_s < 47 else 50.0, 0.0)

    driven.drive(45, seen)
    state = driven.schedule.state
    assert state.deferral
    assert (state.deferral.reason, state.deferral.since_ns) == (Wait.HOT, 20 * NS_PER_S)
    assert "above 70 °C until below 65 °C, and it is 67.0 °C now" in state.deferral.words
    assert (state.next_case, state.next_ns) == (A.case, None)
    driven.drive(20, seen)
    assert [ran.start_s for ran in driven.ran] == [0, 10, 47, 50, 60]
    assert driven.deferred == {"hot": 1}


def test_a_busy_board_is_left_alone_until_it_was_idle_for_some_seconds() -> None:
    driven = Driven([A])
    driven.drive(60, between(5, 20, Seen(40.0, 2.0)))
    starts = [ran.start_s for ran in driven.ran]
    assert [start for start in starts if 11 < start < 24.5] == []
    assert 25 in starts
    assert driven.deferred == {"busy": 1}


def test_a_throttled_cluster_waits_while_the_other_one_is_measured() -> None:
    driven = Driven([A, ON_LITTLE], ScheduleOptions(throttled_clear_s=10.0))
    driven.drive(40, between(1, 10, Seen(40.0, 0.0, frozenset({"big"}))))
    on_big = [ran.start_s for ran in driven.ran if ran.cluster == "big"]
    assert on_big[0] == 0
    assert 19.75 <= on_big[1] <= 24
    assert len([ran for ran in driven.ran if ran.cluster == "little" and ran.start_s < 20]) >= 5
    assert set(driven.deferred) == {"throttled"}


def test_duty_says_when_the_next_measurement_fits() -> None:
    driven = Driven([A], ScheduleOptions(max_duty_ratio=0.1, duty_window_s=100.0))
    driven.drive(20)
    state = driven.schedule.state
    assert state.deferral
    assert state.deferral.reason is Wait.DUTY
    assert state.next_ns == 102 * NS_PER_S
    assert "may be used 10.0%" in state.deferral.words
    assert state.duty_ratios == {"big": pytest.approx(0.09)}
    driven.drive(90)
    assert driven.ran[3].start_s == 102
    assert driven.deferred == {"duty": 2}


def test_an_own_rhythm_is_kept_beside_the_others() -> None:
    driven = Driven([workload("rare", every_s=60.0), B])
    driven.drive(200)
    assert [ran.start_s for ran in driven.ran if ran.name == "rare"] == [0, 63, 123, 183]


def test_quiet_hours_hold_whatever_year_the_clock_shows_and_its_jumps_do_nothing_else() -> None:
    quiet = QuietHours.parse("22:00-06:00")
    driven = Driven([workload("a", quiet_hours=(quiet,))])
    driven.clock.set_wall(Y2026 + 21.9 * 3600)
    driven.drive(600)
    assert driven.schedule.state.deferral
    assert driven.schedule.state.next_ns == pytest.approx(8.1 * 3600 * NS_PER_S, rel=1e-6)
    driven.clock.set_wall(Y2013)  # midnight: it stays quiet
    driven.drive(600)
    assert len(driven.ran) == 120
    driven.clock.set_wall(Y2013 + 7 * 3600)
    driven.drive(60)
    driven.clock.set_wall(Y2026 + 12 * 3600)
    driven.drive(60)
    driven.clock.set_wall(Y2013 + 12 * 3600)
    driven.drive(60)
    later = [ran.start_s for ran in driven.ran[120:]]
    assert [b - a for a, b in pairwise(later)] == [3.0] * (len(later) - 1)
    assert not any(quiet.contains(int(ran.start_wall_s % 86_400 // 60)) for ran in driven.ran)
    assert driven.deferred == {"quiet": 1}


def test_two_at_once_are_on_two_clusters() -> None:
    driven = Driven([A, B, ON_LITTLE], ScheduleOptions(at_once=2))
    driven.drive(30)
    assert driven.most_at_once == 2
    for one in driven.ran:
        for other in driven.ran:
            if one is not other and one.cluster == other.cluster:
                assert one.end_s <= other.start_s or other.end_s <= one.start_s


def test_a_new_plan_keeps_counts_and_use_and_drops_what_is_gone() -> None:
    driven = Driven([A, B], ScheduleOptions(hot_c=70.0))
    driven.drive(2, lambda _: Seen(80.0, 0.0))
    driven.schedule.take([B], ScheduleOptions(hot_c=90.0))
    driven.drive(10, lambda _: Seen(80.0, 0.0))
    assert {ran.name for ran in driven.ran} == {"b"}
    assert driven.deferred == {"hot": 1}


def test_a_new_plan_does_not_let_go_of_what_holds_by_the_same_limits() -> None:
    driven = Driven([A], ScheduleOptions(hot_c=70.0, hot_hysteresis_c=5.0))
    driven.drive(2, lambda _: Seen(80.0, 0.0))
    driven.schedule.take([A], ScheduleOptions(hot_c=70.0, hot_hysteresis_c=5.0, every_s=1.0))
    driven.drive(10, lambda _: Seen(66.0, 0.0))
    assert driven.ran == []
    driven.drive(10, lambda _: Seen(64.0, 0.0))
    assert driven.ran


def test_nothing_to_measure_is_no_fault() -> None:
    driven = Driven([])
    driven.drive(5)
    assert (driven.schedule.state.next_case, driven.ran) == (None, [])


CONDITIONS = st.lists(
    st.tuples(
        st.floats(1, 120),
        st.none() | st.floats(30, 90),
        st.none() | st.floats(0, 4),
        st.frozensets(st.sampled_from(["big", "little"])),
        st.sampled_from([None, Y2013, Y2026, Y2013 + 82_000, Y2026 + 82_000]),
        st.floats(0.5, 20),
    ),
    max_size=8,
)
OPTIONS = st.builds(
    ScheduleOptions,
    every_s=st.sampled_from([0.0, 7.0, 30.0]),
    at_once=st.integers(1, 3),
    max_duty_ratio=st.sampled_from([0.1, 0.5, 1.0]),
    duty_window_s=st.sampled_from([60.0, 200.0]),
    hot_c=st.sampled_from([None, 70.0]),
    busy_s=st.sampled_from([0.0, 5.0]),
)


@settings(max_examples=40, deadline=None)
@given(CONDITIONS, OPTIONS)
def test_whatever_happens_the_limits_hold(
    conditions: list[tuple[float, float | None, float | None, frozenset[str], float | None, float]],
    options: ScheduleOptions,
) -> None:
    quiet = QuietHours.parse("22:00-02:00")
    driven = Driven([A, B, workload("q", quiet_hours=(quiet,)), ON_LITTLE], options)
    waits: list[tuple[bool, int]] = []

    for lasts_s, hottest_c, cpus, throttled, wall_s, takes_s in conditions:
        if wall_s is not None:
            driven.clock.set_wall(wall_s)
        now = Seen(hottest_c, cpus, throttled)

        def seen(_: float, now: Seen = now) -> Seen:
            waits.append((driven.schedule.state.deferral is not None, sum(driven.deferred.values())))
            return now

        driven.drive(lasts_s, seen, takes_s)
    runs = [*driven.ran, *(ran for ran, _ in driven.under_way)]
    assert driven.most_at_once <= min(options.at_once, 2)
    for ran in runs:
        assert ran.name != "q" or not quiet.contains(int(ran.start_wall_s % 86_400 // 60))
    if options.every_s:
        starts = sorted(ran.start_s for ran in runs)
        slots = [start // options.every_s for start in starts]
        assert len(slots) == len(set(slots)), "a slot was made up for"
    if options.max_duty_ratio < 1:
        budget_s = options.max_duty_ratio * options.duty_window_s
        for cluster in ("big", "little"):
            spans = [(ran.start_s, ran.end_s) for ran in runs if ran.cluster == cluster]
            for _, end_s in spans:
                begin_s = end_s - options.duty_window_s
                used_s = sum(max(0.0, min(e, end_s) - max(b, begin_s)) for b, e in spans)
                assert used_s <= budget_s + 1e-6
    # A slot that waits has been counted, and is counted once however long it waits.
    for (waited, before), (waiting, after) in pairwise(waits):
        assert after - before in (0, 1)
        if waited and waiting:
            assert after == before
