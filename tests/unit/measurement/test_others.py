"""What others did at any time of a measurement."""

import pytest

from edged.inference.job import Inference
from edged.measurement.others import NOBODY, Others
from edged.measurement.windows import BusyTime
from edged.power.reading import Reading
from edged.sampling.conditions import Conditions

MS = 1_000_000
WORKER = (7,)
# From the third sample to the sixth.
INFERENCE = BusyTime([Inference(650 * MS, 1400 * MS, 0)])


def others(*busy_s: dict[int, float]) -> Others:
    samples = [
        Conditions(number * 250 * MS, (number + 1) * 250 * MS, {}, {}, {}, {}, each)
        for number, each in enumerate(busy_s)
    ]
    return Others(samples, WORKER, INFERENCE)


def reading(start_ms: int) -> Reading:
    return Reading(start_ms * MS, (start_ms + 35) * MS, 0)


def test_what_the_worker_did_not_have_is_the_others() -> None:
    seen = others({0: 0.125}, {1: 0.2}, {}, {0: 0.025, 2: 0.05, 7: 0.25})
    # In the first sample and the second.
    assert seen.elsewhere(reading(10)) == pytest.approx(0.8)
    assert seen.elsewhere(reading(300)) == pytest.approx(0.8)
    assert seen.elsewhere(reading(800)) == seen.anywhere(reading(800)) == pytest.approx(0.3)


def test_what_others_use_of_the_worker_s_cpu_is_that_of_the_time_it_leaves_them() -> None:
    # 100 ms of the third sample are the inference's, and all of its 150 ms before were theirs.
    before = others({}, {}, {0: 0.05, 7: 0.25}, {7: 0.25})
    assert before.anywhere(reading(520)) == pytest.approx(1.2)
    assert before.elsewhere(reading(520)) == pytest.approx(0.2)
    assert before.anywhere(reading(800)) == 0.0


def test_what_little_time_inferences_leave_is_theirs() -> None:
    busy = BusyTime([Inference((750 + 50 * k) * MS, (798 + 50 * k) * MS, 0) for k in range(5)])
    sample = Conditions(750 * MS, 1000 * MS, {}, {}, {}, {}, {7: 0.25})
    assert Others([sample], WORKER, busy).anywhere(reading(800)) == 0.0


def test_a_kernel_that_counts_late_is_heard() -> None:
    assert others({}, {1: 0.25}, {}).elsewhere(reading(100)) == 1.0
    assert others({}, {}, {1: 0.25}).elsewhere(reading(100)) == 0.0


def test_where_no_load_is_known_nobody_is_busy() -> None:
    assert NOBODY.anywhere(reading(100)) == 0.0
    assert others({}).anywhere(reading(5000)) == 0.0
    # The first sample of all tells of no time.
    first = Conditions(0, 0, {}, {}, {}, {}, {1: 3.0})
    assert Others([first], WORKER, INFERENCE).anywhere(reading(0)) == 0.0
