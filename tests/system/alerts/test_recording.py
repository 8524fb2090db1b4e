"""What fires cannot depend on how fast this machine is: a recording can be repeated to the last digit."""

from pathlib import Path

from edged.simulation.scenario import Fault, FaultKind, Scenario
from tests.system.alerts.recording import record

HOT_BUSY_AND_FAULTY = Scenario(
    ambient_c=65.0,
    foreign_bursts_per_minute=10.0,
    faults=(Fault(FaultKind.VANISH, "big", 120.0, 60.0),),
)


def test_the_same_board_gives_the_same_recording(tmp_path: Path) -> None:
    first, second = (
        record(HOT_BUSY_AND_FAULTY, tmp_path / name, hours=0.15, every_s=60.0) for name in ("first", "second")
    )
    assert len(first.series) > 200
    assert first == second
