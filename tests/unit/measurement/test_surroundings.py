"""What the board did while inferences ran."""

import pytest

from edged.board.parts import CpuCluster
from edged.inference.job import Inference
from edged.measurement.surroundings import look_round
from edged.sampling.conditions import Conditions

BIG = CpuCluster(name="big", core="Cortex-A15", cpus=(4, 5, 6, 7))
MS = 1_000_000


def sample(
    end_ms: int, *, mhz: int | None = None, hot: float | None = None, busy: dict[int, float] | None = None
) -> Conditions:
    return Conditions(
        start_ns=(end_ms - 250) * MS,
        end_ns=end_ms * MS,
        frequencies_hz={"big": mhz * 1_000_000} if mhz else {},
        limits_hz={},
        temperatures_c={"cpu0-thermal": hot} if hot is not None else {},
        cooling_states={},
        busy_s=busy or {},
    )


def inference(start_ms: int, end_ms: int, cpu_ms: int | None = None) -> Inference:
    return Inference(start_ms * MS, end_ms * MS, (end_ms - start_ms if cpu_ms is None else cpu_ms) * MS)


def test_without_samples_only_the_waiting_is_known() -> None:
    seen = look_round([], BIG, (7,), [inference(0, 100, cpu_ms=75)])
    assert (seen.frequency_hz, seen.temperature_c, seen.foreign_load_ratio) == (None, None, None)
    assert seen.waiting_ratio == pytest.approx(0.25)


def test_clocks_between_inferences_do_not_count_when_any_was_seen_while_busy() -> None:
    samples = [sample(500, mhz=2000), sample(1000, mhz=200), sample(1500, mhz=2000)]
    seen = look_round(samples, BIG, (7,), [inference(400, 600), inference(1400, 1600)])
    assert seen.frequency_hz == 2e9
    assert seen.frequency_range_hz == (2_000_000_000, 2_000_000_000)


def test_inferences_too_short_to_meet_a_sample_take_the_clocks_around_them() -> None:
    samples = [sample(500, mhz=2000), sample(750, mhz=1000)]
    seen = look_round(samples, BIG, (7,), [inference(498, 499), inference(690, 700)])
    assert seen.frequency_range_hz == (1_000_000_000, 2_000_000_000)


def test_the_hottest_zone_counts_and_only_from_first_to_last_inference() -> None:
    samples = [sample(250, hot=95.0), sample(1000, hot=60.0), sample(1250, hot=61.0), sample(3000, hot=99.0)]
    assert look_round(samples, BIG, (7,), [inference(800, 1300)]).temperature_c == 61.0


def test_foreign_load_is_that_of_the_cpus_the_worker_did_not_have() -> None:
    busy = {0: 0.25, 4: 0.0, 5: 0.125, 6: 0.0, 7: 0.25}
    seen = look_round([sample(500, busy=busy)], BIG, (7,), [inference(300, 490)])
    assert seen.foreign_load_ratio == pytest.approx(0.125 / (3 * 0.25))


def test_a_worker_that_has_the_whole_cluster_leaves_no_other_cpus_to_look_at() -> None:
    seen = look_round([sample(500, busy={7: 0.25})], BIG, (4, 5, 6, 7), [inference(300, 490)])
    assert seen.foreign_load_ratio is None


def test_cpus_whose_load_is_not_known_give_no_load() -> None:
    assert look_round([sample(500)], BIG, (7,), [inference(300, 490)]).foreign_load_ratio is None
