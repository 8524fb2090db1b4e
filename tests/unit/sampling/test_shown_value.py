"""What reads of a chip say before anything is known of its updates."""

from edged.power.reading import Sample
from edged.sampling.shown_value import RegisterRead, ShownValue, gapless_ns

MS = 1_000_000
PERIOD_NS = 35 * MS


def a_read(at_ms: int, current_ua: int = 225_000) -> RegisterRead:
    sample = Sample(at_ms * MS, 200_000, voltage_uv=913_000, current_ua=current_ua)
    return RegisterRead(at_ms * MS, at_ms * MS + MS, sample)


def test_the_first_read_shows_a_new_value_and_equal_ones_do_not() -> None:
    shown = ShownValue(0)
    assert not shown.known
    assert shown.take(a_read(10), PERIOD_NS)
    assert shown.known
    assert not shown.take(a_read(20), PERIOD_NS)
    assert shown.take(a_read(30, current_ua=226_000), PERIOD_NS)
    assert shown.unchanged_since_ns == shown.gapless_since_ns == shown.read_ns == 30 * MS


def test_reads_further_apart_than_a_short_period_leave_a_gap_behind_them() -> None:
    shown = ShownValue(0)
    shown.take(a_read(10), PERIOD_NS)
    shown.take(a_read(10 + gapless_ns(PERIOD_NS) // MS), PERIOD_NS)
    assert shown.gapless_since_ns == 10 * MS
    shown.take(a_read(100), PERIOD_NS)
    assert shown.gapless_since_ns == 100 * MS
    assert shown.unchanged_since_ns == 10 * MS


def test_after_a_failure_nothing_is_compared_with_what_was_before() -> None:
    shown = ShownValue(0)
    shown.take(a_read(10), PERIOD_NS)
    shown.forget()
    assert not shown.known
    assert shown.take(a_read(20), PERIOD_NS)
