"""A meter's own stamps are placed on this machine's clock."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from edged.power.device_time import DeviceTime

MS = 1_000_000
START_NS = 500_000 * MS


def test_the_first_line_is_placed_at_its_arrival() -> None:
    assert DeviceTime().place(815_169, START_NS) == START_NS


@given(delays_ms=st.lists(st.floats(0.5, 40), min_size=50, max_size=200))
def test_jitter_of_the_arrivals_does_not_reach_the_samples(delays_ms: list[float]) -> None:
    """Once the smallest delay was seen, steps between samples are the meter's own, to the creep."""
    time = DeviceTime()
    time.place(0, START_NS + round(0.5 * MS))
    placed = [
        time.place(10 * (i + 1), START_NS + (i + 1) * 10 * MS + round(delay * MS))
        for i, delay in enumerate(delays_ms)
    ]
    for earlier, later in itertools.pairwise(placed):
        assert earlier is not None
        assert later is not None
        assert abs(later - earlier - 10 * MS) <= 10 * MS * 200e-6 * len(placed)


@given(
    steps=st.lists(st.tuples(st.integers(0, 1 << 32), st.integers(0, 3_000 * MS)), max_size=60),
    start=st.integers(0, (1 << 32) - 1),
)
def test_samples_always_go_forward_and_never_beyond_their_arrival(
    steps: list[tuple[int, int]], start: int
) -> None:
    time = DeviceTime()
    uptime_ms, arrived_ns, last_ns = start, START_NS, -1
    for step_ms, wait_ns in steps:
        uptime_ms = (uptime_ms + step_ms) % (1 << 32)
        arrived_ns += wait_ns
        placed_ns = time.place(uptime_ms, arrived_ns)
        if placed_ns is not None:
            assert last_ns < placed_ns <= arrived_ns
            last_ns = placed_ns


def test_the_uptime_may_go_round() -> None:
    time = DeviceTime()
    time.place((1 << 32) - 10, START_NS)
    assert time.place(0, START_NS + 10 * MS) == START_NS + 10 * MS
    assert time.place(10, START_NS + 20 * MS) == START_NS + 20 * MS


def test_a_line_that_was_overtaken_or_doubled_is_left_out() -> None:
    time = DeviceTime()
    time.place(1_000, START_NS)
    assert time.place(1_020, START_NS + 20 * MS) is not None
    assert time.place(1_010, START_NS + 21 * MS) is None
    assert time.place(1_020, START_NS + 22 * MS) is None
    assert time.place(1_030, START_NS + 30 * MS) is not None


def test_a_meter_that_restarts_goes_on_at_its_arrival() -> None:
    time = DeviceTime()
    time.place(900_000, START_NS)
    assert time.place(900, START_NS + 9_000 * MS) == START_NS + 9_000 * MS
    assert time.place(910, START_NS + 9_010 * MS) == START_NS + 9_010 * MS


def test_a_meter_that_slept_is_placed_anew() -> None:
    time = DeviceTime()
    time.place(1_000, START_NS)
    assert time.place(1_010, START_NS + 60_000 * MS) == START_NS + 60_000 * MS


def test_lines_that_were_held_up_together_are_spread_again_once_the_offset_is_known() -> None:
    time = DeviceTime()
    time.place(0, START_NS)
    held = [time.place(10 * i, START_NS + 50 * MS) for i in (1, 2, 3, 4, 5)]
    # to the creep of 200 ppm: 2 us in 10 ms
    assert [round(at / 1e5) if at else None for at in held] == [
        round((START_NS + 10 * i * MS) / 1e5) for i in (1, 2, 3, 4, 5)
    ]


def test_a_clock_that_drifts_by_fifty_millionths_is_followed() -> None:
    time = DeviceTime()
    error_ns = 0
    for second in range(3600):
        arrived_ns = START_NS + round(second * 1e9 * (1 + 50e-6))
        placed_ns = time.place(second * 1_000, arrived_ns)
        assert placed_ns is not None
        error_ns = max(error_ns, arrived_ns - placed_ns)
    assert error_ns <= 1 * MS
