"""The moments of a chip's updates, from reads that are only sometimes different."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edged.sampling.phase import Phase

MS = 1_000_000
NOMINAL_NS = 35_200_000


class Wandering:
    """A chip whose period wanders a little from update to update."""

    def __init__(self, ratio: float, first_ns: float, *, drift: float = 0.0) -> None:
        self.moments_ns = [first_ns]
        for number in range(4000):
            self.moments_ns.append(self.moments_ns[-1] + NOMINAL_NS * ratio * (1 + drift * number))

    def updates_until(self, at_ns: float) -> int:
        return sum(1 for moment in self.moments_ns if moment <= at_ns)


def watch(phase: Phase, chip: Wandering, rng: random.Random, duration_ns: float, *, change: float) -> None:
    """Read every 9 ms or so; a new average looks different with probability `change`."""
    at_ns, number, before_ns = 0.0, 0, 0.0
    while at_ns < duration_ns:
        at_ns += rng.uniform(7, 11) * MS
        seen = number
        while chip.moments_ns[seen] <= at_ns:
            seen += 1
        if seen > number and rng.random() < change:
            phase.observe(round(before_ns), round(at_ns + 0.5 * MS))
        number, before_ns = seen, at_ns - 0.5 * MS


def error_ns(phase: Phase, chip: Wandering, at_ns: float) -> float:
    """How far the estimated moment nearest to `at_ns` is from the nearest true one."""
    moment_ns = phase.moment_ns(phase.last_before(round(at_ns)))
    return min((moment_ns - true for true in chip.moments_ns), key=abs)


@settings(max_examples=40, deadline=None)
@given(
    ratio=st.floats(0.9, 1.1),
    first_ns=st.floats(0, NOMINAL_NS),
    drift=st.floats(-2e-7, 2e-7),  # 6 ppm a second, several degrees
    change=st.floats(0.5, 1.0),
    seed=st.integers(0, 1000),
)
def test_phase_and_period_are_found_and_the_uncertainty_is_honest(
    ratio: float, first_ns: float, drift: float, change: float, seed: int
) -> None:
    chip = Wandering(ratio, first_ns, drift=drift)
    phase = Phase(NOMINAL_NS, 0)
    watch(phase, chip, random.Random(seed), 60e9, change=change)
    assert abs(error_ns(phase, chip, 60e9)) < max(5 * phase.uncertainty_ns(60_000_000_000), MS)
    period_now_ns = NOMINAL_NS * ratio * (1 + drift * chip.updates_until(60e9))
    assert phase.period_ns == pytest.approx(period_now_ns, rel=5e-4)


def test_the_period_is_known_to_a_few_millionths_after_minutes() -> None:
    chip = Wandering(1.037, 12 * MS)
    phase = Phase(NOMINAL_NS, 0)
    watch(phase, chip, random.Random(1), 120e9, change=1.0)
    assert phase.period_uncertainty_ns / NOMINAL_NS < 100e-6
    assert phase.period_ns == pytest.approx(NOMINAL_NS * 1.037, rel=20e-6)


def test_before_the_first_observation_the_phase_may_be_anything() -> None:
    phase = Phase(NOMINAL_NS, 0)
    assert phase.uncertainty_ns(0) == pytest.approx(NOMINAL_NS / 12**0.5)
    assert phase.coming(0).uncertainty_ns > NOMINAL_NS / 5


def test_uncertainty_grows_while_nothing_is_seen() -> None:
    chip = Wandering(1.0, 0)
    phase = Phase(NOMINAL_NS, 0)
    watch(phase, chip, random.Random(1), 10e9, change=1.0)
    soon, late = phase.uncertainty_ns(11_000_000_000), phase.uncertainty_ns(100_000_000_000)
    assert soon < MS
    assert late > 3 * soon


def test_what_was_known_already_changes_nothing() -> None:
    phase = Phase(NOMINAL_NS, 0)
    phase.restarted(0, 1000, NOMINAL_NS)
    before = phase.moment_ns(5), phase.moment_uncertainty_ns(5)
    at_ns = phase.moment_ns(phase.last_before(0) + 1)
    assert phase.observe(round(at_ns - 10 * MS), round(at_ns + 10 * MS))
    assert (phase.moment_ns(5), phase.moment_uncertainty_ns(5)) == before


def test_an_update_where_none_can_be_means_that_the_chip_began_anew() -> None:
    chip = Wandering(1.0, 0)
    phase = Phase(NOMINAL_NS, 0)
    watch(phase, chip, random.Random(1), 10e9, change=1.0)
    middle_ns = phase.moment_ns(phase.last_before(10_000_000_000)) + NOMINAL_NS / 2
    assert not phase.observe(round(middle_ns - MS), round(middle_ns + MS))
    assert phase.moment_ns(phase.last_before(round(middle_ns + 2 * MS))) == pytest.approx(middle_ns, abs=10)


def test_a_new_setting_keeps_what_was_learned_of_the_clock() -> None:
    chip = Wandering(1.08, 0)
    phase = Phase(NOMINAL_NS, 0)
    watch(phase, chip, random.Random(1), 20e9, change=1.0)
    phase.restarted(20_000_000_000, 20_001_000_000, 32 * NOMINAL_NS)
    assert phase.period_ns == pytest.approx(32 * NOMINAL_NS * 1.08, rel=5e-4)
    assert phase.coming(25_000_000_000).uncertainty_ns < 0.01 * phase.period_ns


@given(spans=st.lists(st.tuples(st.integers(0, 10**12), st.integers(1, 10**11)), max_size=30))
def test_no_observation_upsets_the_estimate(spans: list[tuple[int, int]]) -> None:
    phase = Phase(NOMINAL_NS, 0)
    for low_ns, width_ns in spans:
        phase.observe(low_ns, low_ns + width_ns)
        assert phase.period_uncertainty_ns >= 0
        assert 0.5 * NOMINAL_NS < phase.period_ns < 2 * NOMINAL_NS
        index = phase.last_before(low_ns)
        assert phase.moment_ns(index) <= low_ns + 1 <= phase.moment_ns(index + 1) + 2
