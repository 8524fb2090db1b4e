"""Each thing that goes wrong fires the alerts that are about it, and no other."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from edged.assembly.parts import Assembly
from edged.daemon.outside import Outside
from edged.daemon.service import Daemon
from edged.exposition.reload_state import ReloadState
from edged.inference.job import Failed
from edged.journal.file import JournalFile
from edged.simulation.clock import VirtualClock
from edged.simulation.replay import ReplayWorker
from edged.simulation.scenario import Fault, FaultKind, Scenario
from tests.system.alerts.firing import firing
from tests.system.alerts.recording import Mishap, record, told_of_writes, without_board

pytestmark = pytest.mark.usefixtures("promtool", "told_of_writes")
__all__ = ["told_of_writes"]

# The board is well at first: an alert has something to change.
AT_MIN = 10
FOR_EVER_S = 86_400.0


def fault(kind: FaultKind, target: str, duration_s: float = FOR_EVER_S) -> Scenario:
    return Scenario(faults=(Fault(kind, target, AT_MIN * 60.0, duration_s),))


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the matrix.

    Attributes:
        name: What goes wrong.
        fires: The alerts, with the rails or CPU clusters that they are about.
        scenario: What the board is put through.
        hours: How long.
    """

    name: str
    fires: dict[str, set[str]]
    scenario: Scenario = field(default_factory=Scenario)
    hours: float = 1.1


LOST_BIG = {"EdgedSensorLost": {"big"}, "EdgedCoverageLow": {"big"}, "EdgedMeasurementsRejected": set[str]()}
# The fan does what it can, and it is not enough; what was measured at first is rejected.
HELD_BACK = {
    "EdgedThrottled": {"big", "little"},
    "EdgedThrottledInferences": {"big"},
    "EdgedFanNotResponding": set[str](),
    "EdgedMeasurementsRejected": set[str](),
}
BOARD_FAULTS = (
    Row("nothing", {}),
    Row("a sensor is gone", LOST_BIG, fault(FaultKind.VANISH, "big")),
    Row("a sensor's files are empty", LOST_BIG, fault(FaultKind.EMPTY, "big")),
    Row("a sensor's files hold no number", LOST_BIG, fault(FaultKind.TEXT, "big")),
    Row("a sensor comes back under another number", {}, fault(FaultKind.RENUMBER, "big", 20.0)),
    Row("a chip resets itself", {}, fault(FaultKind.CHIP_RESET, "big")),
    Row("a zone shows 254 degrees", {}, fault(FaultKind.BOGUS_TEMPERATURE, "cpu0-thermal")),
    Row("a room of 35 degrees", {}, Scenario(ambient_c=35.0)),
    Row("the board lies in the sun", HELD_BACK, Scenario(ambient_c=65.0)),
)


@pytest.mark.parametrize("row", BOARD_FAULTS, ids=lambda row: row.name)
def test_what_happens_to_the_board_fires_exactly(row: Row, tmp_path: Path) -> None:
    assert firing(record(row.scenario, tmp_path, hours=row.hours), tmp_path) == row.fires


def fail_workers(_: Daemon, __: Assembly) -> None:
    def wait(self: ReplayWorker, timeout_s: float) -> list[Failed]:
        self._clock.sleep(timeout_s)
        return [Failed("crashed", "it was killed")]

    setattr(ReplayWorker, "wait", wait)  # noqa: B010 - mypy refuses an assignment


def fail_journal(_: Daemon, __: Assembly) -> None:
    def write(self: JournalFile, _: object) -> bool:
        self.count_failures(1)
        return False

    setattr(JournalFile, "write", write)  # noqa: B010


def set_clock(_: Daemon, assembly: Assembly) -> None:
    assert isinstance(assembly.clock, VirtualClock)
    assembly.clock.set_wall(assembly.clock.wall_s() + 86_400.0)


def hang(daemon: Daemon, assembly: Assembly) -> None:
    """The measuring loop stops; sampling, journal and exposition go on."""
    setattr(daemon._measuring, "step", lambda _: assembly.clock.sleep(1.0))  # noqa: B010


@pytest.mark.parametrize(
    ("happen", "fires"),
    [
        (fail_workers, {"EdgedWorkerCrashLooping", "EdgedMeasurementsRejected"}),
        (fail_journal, {"EdgedJournalFailing"}),
        (set_clock, {"EdgedClockStepped"}),
        (hang, {"EdgedScheduleStalled"}),
    ],
)
def test_what_happens_to_edged_fires_exactly(
    happen: Callable[[Daemon, Assembly], None],
    fires: set[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Whatever happens is taken back in the end.
    monkeypatch.setattr(ReplayWorker, "wait", ReplayWorker.wait)
    monkeypatch.setattr(JournalFile, "write", JournalFile.write)
    recording = record(Scenario(), tmp_path, hours=2.0, mishap=Mishap(AT_MIN, happen))
    assert firing(recording, tmp_path).keys() == fires


def test_a_reload_that_failed_fires_exactly(tmp_path: Path) -> None:
    outside = Outside(reload=lambda: ReloadState(successful=False, success_wall_s=1_700_000_000.0))
    assert firing(record(Scenario(), tmp_path, hours=0.5, outside=outside), tmp_path).keys() == {
        "EdgedReloadFailed"
    }


def test_a_board_that_does_not_answer_fires_exactly(tmp_path: Path) -> None:
    recording = record(Scenario(), tmp_path, hours=0.75)
    assert firing(without_board(recording, AT_MIN), tmp_path).keys() == {"EdgedBoardDown"}
