"""How long a failing sensor is left alone."""

from edged.sampling.backoff import Backoff

SECOND = 1_000_000_000
MS = 1_000_000


def test_the_pause_doubles_up_to_five_seconds() -> None:
    backoff = Backoff()
    pauses_ms = [backoff.failed(0) // MS for _ in range(10)]
    assert pauses_ms == [50, 100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000]


def test_success_ends_it() -> None:
    backoff = Backoff()
    backoff.failed(0)
    backoff.failed(0)
    backoff.succeeded()
    assert backoff.failed(0) == 50 * MS


def test_a_read_that_blocks_leaves_the_bus_to_others_for_nine_tenths_of_the_time() -> None:
    assert Backoff().failed(5 * SECOND) == 45 * SECOND
    assert Backoff().failed(1000 * SECOND) == 60 * SECOND
