from typing import TYPE_CHECKING

import pytest

from edged.simulation.clock import VirtualClock

if TYPE_CHECKING:
    from edged.clock import Clock


def test_time_moves_only_by_sleeping() -> None:
    clock: Clock = VirtualClock(start_ns=5)
    assert clock.monotonic_ns() == 5
    clock.sleep(1.5)
    assert clock.monotonic_ns() == 1_500_000_005
    clock.sleep(-3.0)
    assert clock.monotonic_ns() == 1_500_000_005


def test_sleeping_runs_what_falls_due_in_order_of_time_each_at_its_moment() -> None:
    clock = VirtualClock()
    seen: list[tuple[str, int]] = []
    clock.call_at(300, lambda: seen.append(("late", clock.monotonic_ns())))
    clock.call_at(100, lambda: seen.append(("first", clock.monotonic_ns())))
    clock.call_at(100, lambda: seen.append(("second", clock.monotonic_ns())))
    clock.call_at(2000, lambda: seen.append(("never", clock.monotonic_ns())))
    clock.run_until(1000)
    assert seen == [("first", 100), ("second", 100), ("late", 300)]
    assert clock.monotonic_ns() == 1000


def test_waiting_ends_at_the_moment_when_it_has_what_it_waits_for() -> None:
    clock = VirtualClock()
    seen: list[int] = []
    for at_ns in (100, 200, 300):
        clock.call_at(at_ns, lambda: seen.append(clock.monotonic_ns()))
    clock.run_while(lambda: len(seen) < 2, 1000)
    assert (seen, clock.monotonic_ns()) == ([100, 200], 200)
    clock.run_while(lambda: len(seen) < 4, 1000)
    assert (seen, clock.monotonic_ns()) == ([100, 200, 300], 1000)


def test_a_callback_may_ask_for_the_next_one() -> None:
    clock = VirtualClock()
    ticks: list[int] = []

    def tick() -> None:
        ticks.append(clock.monotonic_ns())
        clock.call_at(clock.monotonic_ns() + 100, tick)

    clock.call_at(0, tick)
    clock.run_until(350)
    assert ticks == [0, 100, 200, 300]


def test_time_never_goes_back_even_if_a_callback_oversleeps() -> None:
    clock = VirtualClock()
    clock.call_at(100, lambda: clock.sleep(1.0))
    clock.run_until(200)
    assert clock.monotonic_ns() == 1_000_000_100


def test_a_moment_already_past_falls_due_at_the_next_sleep() -> None:
    clock = VirtualClock(start_ns=1000)
    seen: list[int] = []
    clock.call_at(10, lambda: seen.append(clock.monotonic_ns()))
    clock.sleep(0.0)
    assert seen == [1000]


def test_the_wall_clock_may_jump_by_years_and_monotonic_time_does_not_notice() -> None:
    clock = VirtualClock(wall_s=0.0)
    clock.sleep(10.0)
    assert clock.wall_s() == pytest.approx(10.0)
    clock.set_wall(1_700_000_000.0)
    clock.sleep(5.0)
    assert clock.wall_s() == pytest.approx(1_700_000_005.0)
    assert clock.monotonic_ns() == 15_000_000_000
