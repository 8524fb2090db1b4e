"""Where values lie on an axis, and its ticks."""

import math

from hypothesis import assume, given
from hypothesis import strategies as st

from edged.report.axis import Axis

positive = st.floats(1e-6, 1e6)


@given(st.lists(positive, min_size=1), st.booleans())
def test_every_value_lies_inside_the_frame(values: list[float], logarithmic: bool) -> None:
    axis = Axis.around(values, logarithmic=logarithmic)
    assert all(0.0 <= axis.share(value) <= 1.0 for value in values)


@given(positive, positive, st.booleans())
def test_what_is_greater_lies_further(one: float, other: float, logarithmic: bool) -> None:
    assume(other > one * (1 + 1e-6))
    axis = Axis.around([one, other], logarithmic=logarithmic)
    assert axis.share(one) < axis.share(other)


@given(positive, st.floats(1.001, 1e5), st.booleans())
def test_ticks_are_few_and_inside_and_in_order(low: float, factor: float, logarithmic: bool) -> None:
    axis = Axis.around([low, low * factor], logarithmic=logarithmic)
    ticks = axis.ticks()
    assert 1 <= len(ticks) <= 9
    assert ticks == sorted(set(ticks))
    assert all(-1e-6 <= axis.share(tick) <= 1 + 1e-6 for tick in ticks if tick > 0)


def test_ticks_are_round() -> None:
    assert Axis(47.0, 72.0).ticks() == [50.0, 55.0, 60.0, 65.0, 70.0]
    assert Axis(15.0, 260.0, logarithmic=True).ticks() == [20.0, 50.0, 100.0, 200.0]
    assert Axis(0.25, 0.55).ticks() == [0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55]


def test_equal_ratios_are_equally_long() -> None:
    axis = Axis(1.0, 1000.0, logarithmic=True)
    assert math.isclose(axis.share(100.0) - axis.share(10.0), axis.share(10.0) - axis.share(1.0))
