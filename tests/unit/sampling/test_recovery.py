"""How long a failing sensor is left alone, and when it is opened anew."""

import pytest

from edged.power.sensor import Failure
from edged.sampling.recovery import Recovery

SECOND = 1_000_000_000
MS = 1_000_000


def an_open_sensor() -> Recovery:
    recovery = Recovery()
    recovery.to_open = False
    return recovery


def test_the_pause_doubles_up_to_five_seconds() -> None:
    recovery = Recovery()
    pauses_ms = [recovery.failed(Failure.TRY_AGAIN, 0) // MS for _ in range(10)]
    assert pauses_ms == [50, 100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000]


def test_success_ends_it() -> None:
    recovery = Recovery()
    recovery.failed(Failure.TRY_AGAIN, 0)
    recovery.failed(Failure.TRY_AGAIN, 0)
    recovery.succeeded()
    assert recovery.failed(Failure.TRY_AGAIN, 0) == 50 * MS


def test_a_read_that_blocks_leaves_the_bus_to_others_for_nine_tenths_of_the_time() -> None:
    assert Recovery().failed(Failure.TRY_AGAIN, 5 * SECOND) == 45 * SECOND
    assert Recovery().failed(Failure.TRY_AGAIN, 1000 * SECOND) == 60 * SECOND


def test_what_went_away_is_opened_anew_at_once() -> None:
    recovery = an_open_sensor()
    recovery.failed(Failure.GONE, 0)
    assert recovery.to_open


@pytest.mark.parametrize("kind", [Failure.TRY_AGAIN, Failure.INVALID])
def test_what_fails_three_times_is_opened_anew_whatever_it_answers(kind: Failure) -> None:
    recovery = an_open_sensor()
    recovery.failed(kind, 0)
    recovery.failed(kind, 0)
    assert not recovery.to_open
    recovery.failed(kind, 0)
    assert recovery.to_open


def test_a_sensor_that_answers_again_is_not_opened_anew_for_an_old_failure() -> None:
    recovery = an_open_sensor()
    for _ in range(5):
        recovery.failed(Failure.INVALID, 0)
        recovery.failed(Failure.INVALID, 0)
        recovery.succeeded()
    assert not recovery.to_open
