import random
import statistics
from itertools import pairwise

import pytest

from edged.simulation.chip import ChipErrors, Ina231
from edged.simulation.timeline import RailTimeline

MS = 1_000_000
AVERAGE_NS = 35_200_000
QUIET = ChipErrors(current_noise_ua=0.0)


def chip_on(power_uw: int, voltage_uv: int = 1_000_000, errors: ChipErrors = QUIET, seed: int = 1) -> Ina231:
    return Ina231(RailTimeline(0, power_uw, voltage_uv), random.Random(seed), errors=errors)


def test_registers_read_as_the_kernels_driver_shows_them() -> None:
    # Hardware sheet 2.2: A7 idle 98 mA at 1268.75 mV reads power1_input 118750, V x I 124 mW.
    registers = chip_on(124_338, 1_268_750).registers(AVERAGE_NS)
    assert registers.current_ma == 98
    assert registers.voltage_mv == 1269
    assert registers.power_uw == 118_750
    assert registers.shunt_mv == 1


def test_the_old_driver_counts_power_in_steps_of_25_mw() -> None:
    timeline = RailTimeline(0, 124_338, 1_268_750)
    old = Ina231(timeline, random.Random(1), errors=QUIET, current_lsb_ua=1000)
    assert old.registers(AVERAGE_NS).power_uw == 100_000


def test_the_same_average_is_shown_until_the_next_is_finished() -> None:
    chip = chip_on(500_000, errors=ChipErrors())
    shown = [chip.registers(at_ns) for at_ns in range(0, 20 * AVERAGE_NS, MS)]
    finished = sorted({registers.finished_ns for registers in shown})
    assert len(set(shown)) == len(finished)
    steps = {later - earlier for earlier, later in pairwise(finished)}
    assert steps == {AVERAGE_NS}
    assert all(
        registers.finished_ns <= at_ns
        for at_ns, registers in zip(range(0, 20 * AVERAGE_NS, MS), shown, strict=True)
    )


def test_an_average_is_the_mean_of_what_the_rail_drew_meanwhile() -> None:
    timeline = RailTimeline(0, 100_000, 1_000_000)
    timeline.append(100 * MS, 1_900_000, 1_000_000)
    timeline.append(118 * MS, 100_000, 1_000_000)
    chip = Ina231(timeline, random.Random(3), errors=QUIET)
    readings = {chip.registers(at_ns) for at_ns in range(0, 400 * MS, MS)}
    excess_j = sum((r.current_ma / 1000 - 0.1) * r.averaged_ns / 1e9 for r in readings)
    # Each edge may be off by half a pair of conversions (0.55 ms x 1.8 W), plus rounding.
    assert excess_j == pytest.approx(1.8 * 0.018, abs=2 * 0.00055 * 1.8 + 0.0001)


def test_the_current_is_watched_half_of_the_time() -> None:
    timeline = RailTimeline(0, 0, 1_000_000)
    chip = Ina231(timeline, random.Random(4), errors=QUIET)
    begun_ns = chip.registers(AVERAGE_NS).finished_ns
    # Ten bus conversions of this average draw a watt, its shunt conversions nothing.
    for pair in range(10):
        timeline.append(begun_ns + pair * 2_200_000 + 1_100_000, 1_000_000, 1_000_000)
        timeline.append(begun_ns + (pair + 1) * 2_200_000, 0, 1_000_000)
    assert chip.registers(begun_ns + AVERAGE_NS).current_ma == 0


def test_noise_averages_down_with_the_number_of_conversions() -> None:
    chip = chip_on(1_000_000, errors=ChipErrors(current_noise_ua=20_000.0))
    currents = [chip.registers(k * AVERAGE_NS).current_ma for k in range(2000)]
    assert statistics.stdev(currents) == pytest.approx(20.0 / 4, rel=0.06)
    assert statistics.fmean(currents) == pytest.approx(1000, abs=0.5)


def test_gain_and_offset_shift_what_is_read() -> None:
    errors = ChipErrors(current_gain=1.01, voltage_gain=0.99, current_offset_ua=5000, current_noise_ua=0.0)
    registers = chip_on(1_000_000, errors=errors).registers(0)
    assert registers.current_ma == 1015
    assert registers.voltage_mv == 990


def test_a_slow_clock_stretches_the_average() -> None:
    chip = chip_on(1_000_000, errors=ChipErrors(period_ratio=1.1))
    assert chip.registers(0).averaged_ns == 38_720_000


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (1, 2),
        (5, 2),
        (10, 9),
        (20, 9),
        (36, 35),
        (50, 35),
        (100, 141),
        (500, 563),
        (1000, 1126),
        (9999, 2253),
    ],
)
def test_update_interval_is_taken_to_the_nearest_number_of_averages(written: int, shown: int) -> None:
    # As the real driver answered: testbeds README, section C.
    chip = chip_on(1_000_000)
    chip.set_update_interval(0, written)
    assert chip.update_interval_ms == shown


def test_settings_the_chip_has_not_are_refused() -> None:
    chip = chip_on(1_000_000)
    with pytest.raises(ValueError, match="positive"):
        chip.set_update_interval(0, 0)
    with pytest.raises(ValueError, match="7 conversions"):
        chip.set_averages(0, 7)


def test_a_change_of_averaging_loses_the_average_under_way() -> None:
    chip = chip_on(1_000_000)
    before = chip.registers(100 * MS)
    chip.set_averages(100 * MS, 512)
    assert chip.registers(100 * MS + 1_126_399_999) == before
    assert chip.registers(100 * MS + 1_126_400_000).averaged_ns == 1_126_400_000


def test_after_a_reset_the_next_read_gives_zeros_and_the_averaging_is_back_at_35_ms() -> None:
    chip = chip_on(1_000_000)
    chip.set_update_interval(0, 1126)
    chip.reset()
    registers = chip.registers(5_000 * MS)
    assert (registers.current_ma, registers.voltage_mv, registers.power_uw) == (0, 0, 0)
    assert chip.update_interval_ms == 35
    assert chip.registers(5_000 * MS + AVERAGE_NS).current_ma == 1000
