"""A simulated board left running for a while: nothing grows, nothing drifts, no time is lost.

The long form is a benchmark: `python -m tests.bench endurance`.
"""

from pathlib import Path

from tests.bench.endurance import endure


def test_twelve_simulated_minutes_leave_nothing_behind_and_energies_are_true(tmp_path: Path) -> None:
    looks = endure("xu3", tmp_path, days=0.2 / 24, minutes=60, look_h=0.05, every_s=30)
    first, *_, last = looks
    assert len(looks) == 4
    # The server's threads and its connections come and go.
    assert abs(last.threads - first.threads) < 8
    assert abs(last.descriptors - first.descriptors) < 8
    assert last.measurements > first.measurements > 0
    assert last.missing_s < 2.5
    # The chips begin a new average each time that a measurement begins or ends: every 30 s here, and a rail
    # at which nothing changes loses 1.3 s of them.
    assert last.unobserved_ratio < 0.06
    for rail, ratio in last.counted_ratio.items():
        # No energy that was not there; of the unobserved time none, whatever was drawn in it.
        assert 1 - 2 * last.unobserved_ratio - 0.005 < ratio < 1.005, rail
