"""The parts of the schedule, each by itself: bands, duty, quiet hours, slots."""

import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.clock import NS_PER_S
from edged.sampling.conditions import Conditions
from edged.sampling.throttling import ThrottlingTotals
from edged.schedule.band import Band
from edged.schedule.duty import Duty
from edged.schedule.quiet_hours import QuietHours, quiet_left_s
from edged.schedule.seen import look
from edged.schedule.slots import Slots

MINUTES = st.integers(0, 24 * 60 - 1)


@pytest.fixture(autouse=True)
def _universal_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@given(st.lists(st.floats(50, 80), min_size=1, max_size=100))
def test_a_band_never_changes_while_the_value_is_inside_it(values: list[float]) -> None:
    band = Band(70.0, 65.0)
    for second, value in enumerate(values):
        before = band.on
        after = band.look(second * NS_PER_S, value)
        if 65.0 <= value <= 70.0:
            assert after == before
        else:
            assert after == (value > 70.0)


def test_a_band_that_asks_for_time_takes_no_notice_of_a_burst() -> None:
    band = Band(1.0, 0.5, on_after_s=5, off_after_s=5)
    assert [band.look(s * NS_PER_S, 2.0 if s in (1, 2, 3) else 0.0) for s in range(6)] == [False] * 6
    assert [band.look((10 + s) * NS_PER_S, 2.0) for s in range(6)] == [False] * 5 + [True]
    assert [band.look((20 + s) * NS_PER_S, 0.7 if s == 3 else 0.1) for s in range(8)] == [True] * 8


def test_what_is_not_known_changes_nothing_for_a_minute() -> None:
    band = Band(70.0, 65.0)
    band.look(0, 71.0)
    assert [band.look(s * NS_PER_S, None) for s in (1, 30, 61, 62)] == [True, True, True, False]


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 300)), max_size=12),
    st.floats(0.05, 0.9),
)
def test_duty_holds_over_any_window(uses: list[tuple[int, int]], ratio: float) -> None:
    duty = Duty(ratio, 600.0)
    now_ns = 0
    used: list[tuple[int, int]] = []
    for pause_s, length_s in uses:
        now_ns += pause_s * NS_PER_S
        length_ns = min(length_s * NS_PER_S, duty.budget_ns)
        now_ns = duty.fits_at_ns(now_ns, length_ns)
        assert duty.fits_at_ns(now_ns, length_ns) == now_ns
        duty.begin(now_ns)
        used.append((now_ns, now_ns + length_ns))
        now_ns += length_ns
        duty.end(now_ns)
    for _, window_end in used:
        inside = sum(max(0, min(e, window_end) - max(b, window_end - 600 * NS_PER_S)) for b, e in used)
        assert inside <= duty.budget_ns


def test_a_use_may_begin_no_later_than_it_must() -> None:
    duty = Duty(0.5, 100.0)
    duty.begin(0)
    duty.end(40 * NS_PER_S)
    assert duty.fits_at_ns(40 * NS_PER_S, 10 * NS_PER_S) == 40 * NS_PER_S
    assert duty.fits_at_ns(40 * NS_PER_S, 20 * NS_PER_S) == 110 * NS_PER_S


@given(MINUTES, MINUTES, st.integers(0, 2_000_000_000))
def test_quiet_hours_end_when_they_say(begin: int, end: int, wall_s: int) -> None:
    if begin == end:
        return
    hours = QuietHours.parse(f"{begin // 60:02}:{begin % 60:02}-{end // 60:02}:{end % 60:02}")
    assert (hours.from_minute, hours.to_minute) == (begin, end)
    minute = wall_s // 60 % (24 * 60)
    left_s = quiet_left_s((hours,), wall_s)
    assert (left_s > 0) == hours.contains(minute)
    if left_s:
        assert (wall_s + left_s) // 60 % (24 * 60) == end
        assert quiet_left_s((hours,), wall_s + left_s) == 0


@given(st.lists(st.tuples(MINUTES, MINUTES), min_size=1, max_size=4), MINUTES)
def test_quiet_hours_that_touch_and_overlap_end_with_the_last_of_them(
    ends: list[tuple[int, int]], minute: int
) -> None:
    hours = tuple(QuietHours(begin, end) for begin, end in ends if begin != end)
    busy = (
        ahead
        for ahead in range(24 * 60)
        if not any(each.contains((minute + ahead) % (24 * 60)) for each in hours)
    )
    assert quiet_left_s(hours, minute * 60) == 60 * next(busy, float("inf"))


@pytest.mark.parametrize("text", ["", "22-06", "24:30-01:00", "1:60-2:00", "08:00-08:00", "٠٨:00-09:00"])
def test_what_are_no_two_times_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        QuietHours.parse(text)


def test_a_clock_that_shows_no_date_is_not_quiet() -> None:
    assert quiet_left_s((QuietHours.parse("00:00-23:59"),), 1e30) == 0


@given(st.integers(1, 100), st.lists(st.integers(0, 1000), min_size=1, max_size=30))
def test_slots_stay_on_their_grid_and_none_is_made_up_for(every_s: int, waits_s: list[int]) -> None:
    slots, now_ns = Slots(every_s, 0), 0
    for wait_s in waits_s:
        now_ns = max(now_ns, slots.due_ns) + wait_s * NS_PER_S
        slots.taken(now_ns)
        assert slots.due_ns % (every_s * NS_PER_S) == 0
        assert now_ns < slots.due_ns <= now_ns + every_s * NS_PER_S


def test_our_own_workers_are_no_foreign_load() -> None:
    sample = Conditions(NS_PER_S, 2 * NS_PER_S, {}, {}, {"cpu": 50.0}, {}, {0: 0.25, 7: 1.0})
    throttling = {"big": ThrottlingTotals(throttled=True), "little": ThrottlingTotals()}
    seen = look(sample, throttling, [(7,)], 3 * NS_PER_S)
    assert (seen.foreign_cpus, seen.hottest_c, seen.throttled) == (0.25, 50.0, frozenset({"big"}))
    stale = look(sample, throttling, [], 60 * NS_PER_S)
    assert (stale.foreign_cpus, stale.hottest_c) == (None, None)
