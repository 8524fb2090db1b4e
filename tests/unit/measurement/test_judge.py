"""What speaks against a measurement."""

import pytest

from edged.inference.job import Failed
from edged.measurement.judge import Tolerance, judge
from edged.measurement.result import Surroundings
from edged.measurement.verdict import Reason, Rejection, Verdict

LEVEL = [0.1] * 100
QUIET = Surroundings(
    frequency_hz=2e9, frequency_range_hz=(2_000_000_000, 2_000_000_000), foreign_load_ratio=0.02
)


def reasons(
    latencies_s: list[float], surroundings: Surroundings, failure: Failed | None = None
) -> list[Reason]:
    return [r.reason for r in judge(latencies_s, surroundings, failure, Tolerance())]


def test_a_quiet_board_and_level_latencies_are_believed() -> None:
    assert judge(LEVEL, QUIET, None, Tolerance()) == []
    assert Verdict().valid
    assert str(Verdict()) == "valid"


def test_a_board_that_tells_nothing_is_not_held_against_the_measurement() -> None:
    assert judge(LEVEL, Surroundings(), None, Tolerance()) == []


def test_a_worker_that_waited_for_its_cpu_had_foreign_load() -> None:
    rejections = judge(LEVEL, Surroundings(waiting_ratio=0.5), None, Tolerance())
    assert rejections == [
        Rejection(Reason.FOREIGN_LOAD, "the worker waited for its CPU 50% of the time"),
    ]


def test_load_on_the_clusters_other_cpus_is_foreign_load() -> None:
    assert reasons(LEVEL, Surroundings(foreign_load_ratio=0.5)) == [Reason.FOREIGN_LOAD]


def test_both_kinds_of_foreign_load_are_one_reason() -> None:
    assert reasons(LEVEL, Surroundings(foreign_load_ratio=0.5, waiting_ratio=0.5)) == [Reason.FOREIGN_LOAD]


def test_a_clock_that_moved_is_a_reason() -> None:
    moved = Surroundings(frequency_range_hz=(1_800_000_000, 2_000_000_000))
    (rejection,) = judge(LEVEL, moved, None, Tolerance())
    assert rejection == Rejection(
        Reason.FREQUENCY_CHANGED, "the clock moved between 1800 and 2000 MHz while busy"
    )


def test_throttled_inferences_are_a_reason() -> None:
    assert reasons(LEVEL, Surroundings(throttled_inferences=3)) == [Reason.THROTTLED]


def test_a_drift_is_unsteady() -> None:
    assert reasons([0.1] * 50 + [0.13] * 50, QUIET) == [Reason.UNSTEADY]


@pytest.mark.parametrize("cause", ["crashed", "timed_out", "out_of_memory"])
def test_a_failed_worker_is_the_only_reason_and_tells_its_cause(cause: str) -> None:
    noisy = Surroundings(foreign_load_ratio=0.9, throttled_inferences=9)
    rejections = judge([0.1] * 9, noisy, Failed(cause, "it ended with signal SIGSEGV"), Tolerance())
    assert [r.reason for r in rejections] == [Reason.WORKER_FAILED]
    assert cause in rejections[0].detail
    assert "SIGSEGV" in rejections[0].detail
