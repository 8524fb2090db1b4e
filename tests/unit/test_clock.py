"""Moments as dates."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from edged.clock import utc


@given(st.datetimes(timezones=st.just(UTC)))
def test_every_moment_has_its_date_on_32_bits_too(moment: datetime) -> None:
    # No C library is asked: that of a 32-bit board ends in 2038.
    wall_s = (moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
    assert abs(utc(wall_s) - moment).total_seconds() < 1e-4


def test_a_date_after_2038() -> None:
    assert utc(float(1 << 32)).isoformat() == "2106-02-07T06:28:16+00:00"
