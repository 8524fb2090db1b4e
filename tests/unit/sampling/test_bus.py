"""All chips of a bus: each average once, whatever the bus does."""

import errno
import random

import pytest

from edged.power.sensor import Failure
from edged.simulation.chip import ChipErrors
from edged.simulation.timeline import RailTimeline
from tests.unit.sampling.simulated_bus import MS, SECOND, SimulatedBus, a_busy_rail, catch


def a_bus(
    *, rails: int = 1, ratio: float = 1.0, duration_s: float = 30, seed: int = 1, stalls: float = 0.0
) -> SimulatedBus:
    bus = SimulatedBus(seed=seed, stalls=stalls)
    start_ns = bus.clock.monotonic_ns()
    for number in range(rails):
        rng = random.Random(1000 * seed + number)
        timeline = a_busy_rail(
            rng, start_ns, duration_s, idle_uw=110_000, busy_uw=1_800_000, voltage_uv=1_200_000
        )
        bus.add_rail(f"rail{number}", timeline, ChipErrors(period_ratio=ratio))
    return bus


@pytest.mark.parametrize("ratio", [0.9, 0.97, 1.0, 1.05, 1.1])
def test_every_average_becomes_one_reading_whatever_the_chip_s_clock(ratio: float) -> None:
    bus = a_bus(ratio=ratio)
    sampler = bus.sampler()
    sampler.begin_fast()
    bus.run(sampler, 20)
    end_ns = bus.clock.monotonic_ns()
    result = catch(bus.accounts[0], bus.chips[0], end_ns - 18 * SECOND, end_ns - 100 * MS)
    assert result.caught == result.updates > 400
    assert result.twice == result.strays == 0
    assert result.mean_error_s < 0.001


def test_four_rails_with_a_thread_that_is_often_late() -> None:
    bus = a_bus(rails=4, ratio=1.03, seed=7, stalls=0.1)
    sampler = bus.sampler()
    sampler.begin_fast()
    bus.run(sampler, 20)
    end_ns = bus.clock.monotonic_ns()
    for account, chip in zip(bus.accounts, bus.chips, strict=True):
        result = catch(account, chip, end_ns - 18 * SECOND, end_ns - 100 * MS)
        assert result.caught >= 0.99 * result.updates
        assert result.twice == result.strays == 0


def test_reading_costs_little_more_than_one_read_an_average() -> None:
    bus = a_bus()
    sampler = bus.sampler()
    sampler.begin_fast()
    bus.run(sampler, 5)
    before = bus.chips[0].reads
    bus.run(sampler, 20)
    assert (bus.chips[0].reads - before) / (20 / 0.0352) < 1.6


def test_a_long_stall_is_uncovered_time_and_missed_updates() -> None:
    bus = a_bus()
    sampler = bus.sampler()
    sampler.begin_fast()
    bus.run(sampler, 10)
    account = bus.accounts[0]
    missed, unobserved_ns = account.missed_updates, account.totals.unobserved_ns
    bus.clock.sleep(1.0)
    bus.run(sampler, 5)
    assert account.missed_updates - missed == pytest.approx(28, abs=1)
    assert account.totals.unobserved_ns - unobserved_ns == pytest.approx(SECOND, rel=0.05)
    end_ns = bus.clock.monotonic_ns()
    result = catch(account, bus.chips[0], end_ns - 4 * SECOND, end_ns - 100 * MS)
    assert result.caught == result.updates


def test_energy_is_right_whatever_the_phase() -> None:
    bus = a_bus(ratio=1.06, seed=3)
    sampler = bus.sampler()
    sampler.begin_fast()
    bus.run(sampler, 25)
    readings = bus.accounts[0].averages
    start_ns, end_ns = readings[0].start_ns, readings[-1].end_ns
    energy_j = sum(r.power_uw * (r.end_ns - r.start_ns) for r in readings) / 1e15
    truth = a_busy_rail(
        random.Random(3000), 10 * SECOND, 30, idle_uw=110_000, busy_uw=1_800_000, voltage_uv=1_200_000
    )
    assert energy_j == pytest.approx(truth.energy_j(start_ns, end_ns), rel=0.01)


def test_a_rail_that_never_changes_is_covered_without_knowing_the_phase() -> None:
    bus = SimulatedBus()
    steady = RailTimeline(0, 124_000, 1_268_750)  # a quarter of a step from the next milliampere
    bus.add_rail("little", steady, ChipErrors(current_noise_ua=0.0))
    sampler = bus.sampler()
    sampler.begin_fast()
    bus.run(sampler, 10)
    totals = bus.accounts[0].totals
    assert totals.observed_ns > 0.98 * 10 * SECOND
    assert totals.energy_j == pytest.approx(0.124 * totals.observed_ns / SECOND, rel=0.01)
    uncertainty_s = bus.accounts[0].health().phase_uncertainty_s
    assert uncertainty_s == pytest.approx(0.0352 / 12**0.5, rel=0.05)


def test_a_quiet_rail_keeps_its_phase_until_work_begins() -> None:
    bus = SimulatedBus(seed=5)
    start_ns = bus.clock.monotonic_ns()
    timeline = RailTimeline(0, 124_000, 1_268_750)
    timeline.append(start_ns + 60 * SECOND, 124_000, 1_268_750)
    at_ns = start_ns + 60 * SECOND
    rng = random.Random(5)
    for _ in range(200):
        at_ns += round(rng.uniform(20, 90) * MS)
        timeline.append(at_ns, rng.randrange(150_000, 300_000), 1_268_750)
    bus.add_rail("little", timeline, ChipErrors(period_ratio=1.06, current_noise_ua=600.0))
    sampler = bus.sampler()
    bus.run(sampler, 30)
    sampler.begin_fast()
    bus.run(sampler, 38)
    result = catch(bus.accounts[0], bus.chips[0], start_ns + 60 * SECOND, start_ns + 67 * SECOND)
    # Noise is other noise on 32 bits, where numbers have other hashes: of 188 updates 3 to 6 are missed.
    assert result.caught >= result.updates - 8
    assert result.twice == 0


def test_outside_measurements_one_read_a_second_covers_all_the_time() -> None:
    bus = a_bus(duration_s=120, ratio=1.05)
    sampler = bus.sampler()
    bus.run(sampler, 20)
    reads, observed_ns = bus.chips[0].reads, bus.accounts[0].totals.observed_ns
    bus.run(sampler, 100)
    assert bus.chips[0].chip.averages == 512
    assert bus.chips[0].reads - reads < 2 * 100
    assert bus.accounts[0].totals.observed_ns - observed_ns > 0.97 * 100 * SECOND


def test_a_chip_whose_averaging_cannot_be_set_is_observed_in_part_and_says_so() -> None:
    bus = a_bus(duration_s=60)
    bus.chips[0].writable = False
    sampler = bus.sampler()
    bus.run(sampler, 10)
    observed_ns, unobserved_ns = bus.accounts[0].totals.observed_ns, bus.accounts[0].totals.unobserved_ns
    missed = bus.accounts[0].missed_updates
    bus.run(sampler, 50)
    totals = bus.accounts[0].totals
    assert 45 * 0.0352 * SECOND < totals.observed_ns - observed_ns < 80 * 0.0352 * SECOND
    assert totals.unobserved_ns - unobserved_ns > 45 * SECOND
    assert bus.accounts[0].missed_updates == missed  # nobody meant to catch them


def test_a_measurement_begins_and_ends_with_one_lost_average() -> None:
    bus = a_bus(duration_s=60, ratio=0.95)
    sampler = bus.sampler()
    bus.run(sampler, 20)
    unobserved_ns = bus.accounts[0].totals.unobserved_ns
    sampler.begin_fast()
    bus.run(sampler, 20)
    assert bus.chips[0].chip.averages == 16
    end_ns = bus.clock.monotonic_ns()
    result = catch(bus.accounts[0], bus.chips[0], end_ns - 19 * SECOND, end_ns - 100 * MS)
    assert result.caught == result.updates
    sampler.end_fast()
    bus.run(sampler, 10)
    assert bus.chips[0].chip.averages == 512
    assert bus.accounts[0].totals.unobserved_ns - unobserved_ns < 1.5 * SECOND


def test_a_chip_reset_is_noticed_and_its_averaging_set_again() -> None:
    bus = a_bus(duration_s=60)
    sampler = bus.sampler()
    bus.run(sampler, 20)
    bus.chips[0].chip.set_averages(bus.clock.monotonic_ns(), 16)
    readings = bus.accounts[0].health().readings
    bus.run(sampler, 2)
    assert bus.chips[0].chip.averages == 512
    bus.run(sampler, 10)
    assert bus.accounts[0].health().readings > readings + 6
    # Nothing that was read while the averaging was wrong passes for a long average.
    assert all(reading.end_ns - reading.start_ns > 0.9 * SECOND for reading in bus.accounts[0].averages[-6:])


def test_a_chip_reset_in_a_measurement_costs_a_few_averages() -> None:
    bus = a_bus()
    sampler = bus.sampler()
    sampler.begin_fast()
    bus.run(sampler, 10)
    missed = bus.accounts[0].missed_updates
    bus.chips[0].chip.set_averages(bus.clock.monotonic_ns(), 16)
    bus.run(sampler, 10)
    assert bus.accounts[0].missed_updates - missed < 30
    end_ns = bus.clock.monotonic_ns()
    result = catch(bus.accounts[0], bus.chips[0], end_ns - 7 * SECOND, end_ns - 100 * MS)
    assert result.caught == result.updates
    assert result.twice == result.strays == 0


CODES = [
    errno.EIO,
    errno.ENXIO,
    errno.EAGAIN,
    errno.ECONNREFUSED,
    errno.EREMOTEIO,
    errno.ETIMEDOUT,
    errno.EBUSY,
]


@pytest.mark.parametrize("code", CODES)
def test_a_failing_chip_is_recorded_left_alone_and_comes_back(code: int) -> None:
    bus = a_bus(rails=2)
    sampler = bus.sampler()
    sampler.begin_fast()
    bus.run(sampler, 5)
    failing, other = bus.accounts
    energy_uw_ns, other_missed = failing.totals.energy_uw_ns, other.missed_updates
    observed_ns = failing.totals.observed_ns
    bus.chips[0].fails(code)
    bus.run(sampler, 5)
    health = failing.health()
    assert not health.up
    assert failing.newest() is None
    assert health.failures_by_cause == {errno.errorcode[code]: health.failures}
    assert 5 < health.failures < 12  # left alone for longer and longer
    assert failing.totals.energy_uw_ns == pytest.approx(energy_uw_ns, rel=0.02)
    assert failing.totals.observed_ns - observed_ns < 0.1 * SECOND
    assert failing.totals.unobserved_ns > 1.5 * SECOND
    assert other.missed_updates == other_missed
    bus.chips[0].works()
    bus.run(sampler, 8)
    assert failing.health().up
    assert failing.newest() is not None
    assert failing.totals.observed_ns - observed_ns > 3 * SECOND


def test_a_read_that_blocks_for_five_seconds_leaves_the_bus_to_the_others_most_of_the_time() -> None:
    bus = a_bus(rails=2, duration_s=130)
    sampler = bus.sampler()
    sampler.begin_fast()
    bus.run(sampler, 5)
    observed_ns = bus.accounts[1].totals.observed_ns
    bus.chips[0].fails(errno.ETIMEDOUT, block_s=5.0)
    bus.run(sampler, 100)
    assert bus.accounts[0].health().failures_by_cause == {"ETIMEDOUT": bus.accounts[0].failures.total}
    assert bus.accounts[1].totals.observed_ns - observed_ns > 0.8 * 100 * SECOND


def test_a_chip_that_went_away_is_opened_again_by_its_identity() -> None:
    bus = a_bus()
    sampler = bus.sampler()
    sampler.begin_fast()
    bus.run(sampler, 5)
    opened = bus.chips[0].reopened
    bus.chips[0].fails(errno.ENODEV, kind=Failure.GONE)
    bus.run(sampler, 3)
    assert bus.chips[0].reopened > opened
    bus.chips[0].works()
    bus.run(sampler, 8)
    assert bus.accounts[0].health().up
    end_ns = bus.clock.monotonic_ns()
    result = catch(bus.accounts[0], bus.chips[0], end_ns - 2 * SECOND, end_ns - 100 * MS)
    assert result.caught == result.updates


def test_an_old_value_that_is_handed_out_for_ever_is_a_failure() -> None:
    bus = SimulatedBus()
    steady = RailTimeline(0, 124_000, 1_268_750)
    bus.add_rail("little", steady, ChipErrors(current_noise_ua=0.0), frozen_after_s=20)
    sampler = bus.sampler()
    bus.run(sampler, 15)
    assert bus.accounts[0].health().up
    bus.run(sampler, 10)
    assert not bus.accounts[0].health().up
    observed_ns = bus.accounts[0].totals.observed_ns
    bus.run(sampler, 30)
    assert bus.accounts[0].totals.observed_ns == observed_ns
    steady.append(bus.clock.monotonic_ns(), 300_000, 1_268_750)
    bus.run(sampler, 15)
    assert bus.accounts[0].health().up


def test_a_zero_from_a_chip_just_reset_is_refused_with_the_reason() -> None:
    bus = a_bus()
    sampler = bus.sampler()
    sampler.begin_fast()
    bus.run(sampler, 5)
    bus.chips[0].fails(errno.EINVAL, kind=Failure.INVALID)
    bus.run(sampler, 0.1)
    bus.chips[0].works()
    bus.run(sampler, 3)
    assert all(reading.power_uw > 0 for reading in bus.accounts[0].trace)
    assert bus.accounts[0].health().up
