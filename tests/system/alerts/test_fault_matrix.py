"""Each thing that goes wrong fires the alerts that are about it, and no other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from edged.assembly.parts import Assembly
from edged.daemon.outside import Outside
from edged.daemon.service import Daemon
from edged.exposition.reload_state import ReloadState
from edged.inference.job import Event, Failed
from edged.journal.file import JournalFile
from edged.simulation.clock import VirtualClock
from edged.simulation.replay import ReplayWorker
from edged.simulation.scenario import Fault, FaultKind, Scenario
from tests.system.alerts.firing import firing
from tests.system.alerts.recording import Mishap, record, without_board
from tests.system.alerts.timed_scrapes import let_each_subject_take

pytestmark = pytest.mark.usefixtures("promtool")

# The board is well at first: an alert has something to change.
AT_MIN = 5
FOR_EVER_S = 86_400.0
# Of the alerts that may fire beside the expected ones, EdgedMeasurementsRejected takes longest: half an hour
# after most measurements are rejected, of which there is one every two minutes.
LONG_ENOUGH_H = 0.8
EVERY_S = 120.0


def fault(kind: FaultKind, target: str, duration_s: float = FOR_EVER_S) -> Scenario:
    return Scenario(faults=(Fault(kind, target, AT_MIN * 60.0, duration_s),))


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the matrix.

    Attributes:
        name: What goes wrong.
        fires: The alerts, with the rails or CPU clusters that they are about.
        scenario: What the board is put through.
    """

    name: str
    fires: dict[str, set[str]]
    scenario: Scenario = field(default_factory=Scenario)


LOST_BIG = {"EdgedSensorLost": {"big"}, "EdgedCoverageLow": {"big"}, "EdgedMeasurementsRejected": set[str]()}
# The fan does what it can, and it is not enough. One measurement is rejected, which proves
# nothing; then edged waits.
HELD_BACK = {
    "EdgedThrottled": {"big", "little"},
    "EdgedThrottledInferences": {"big"},
    "EdgedFanNotResponding": set[str](),
}
# What passes by: each on a rail or a zone of its own, so that an alert would say which it is about.
PASSING = Scenario(
    faults=(
        Fault(FaultKind.RENUMBER, "big", AT_MIN * 60.0, 20.0),
        Fault(FaultKind.CHIP_RESET, "little", AT_MIN * 60.0),
        Fault(FaultKind.BOGUS_TEMPERATURE, "cpu0-thermal", AT_MIN * 60.0, FOR_EVER_S),
    )
)
FROZEN = Scenario(
    faults=tuple(Fault(FaultKind.FROZEN, rail, AT_MIN * 60.0, FOR_EVER_S) for rail in ("big", "little"))
)
BOARD_FAULTS = (
    Row("nothing", {}),
    Row("a sensor is gone", LOST_BIG, fault(FaultKind.VANISH, "big")),
    Row("a sensor's files are empty", LOST_BIG, fault(FaultKind.EMPTY, "big")),
    Row("a sensor's files hold no number", LOST_BIG, fault(FaultKind.TEXT, "big")),
    # A rail at rest shows the same value for long, too: only inferences tell the two apart. One such sensor
    # has the measurements of one CPU cluster rejected, which is half of them and no more.
    Row("a sensor is frozen", {"EdgedSensorDoubtful": {"big"}}, fault(FaultKind.FROZEN, "big")),
    Row(
        "two sensors are frozen",
        {"EdgedSensorDoubtful": {"big", "little"}, "EdgedMeasurementsRejected": set()},
        FROZEN,
    ),
    Row(
        "a sensor comes back under another number, a chip resets itself, a zone shows 254 degrees",
        {},
        PASSING,
    ),
    Row("a room of 35 degrees", {}, Scenario(ambient_c=35.0)),
    Row("the board lies in the sun", HELD_BACK, Scenario(ambient_c=65.0)),
    # A measurement is rejected where others use more, or less, during the inferences than in the idle time:
    # two thirds of them with a burst a second; one third with ten a minute, of which nobody is told.
    Row(
        "others use the board",
        {"EdgedMeasurementsRejected": set()},
        Scenario(foreign_bursts_per_minute=60.0),
    ),
    Row("others use the board a little", {}, Scenario(foreign_bursts_per_minute=10.0)),
)


@pytest.mark.parametrize("row", BOARD_FAULTS, ids=lambda row: row.name)
def test_what_happens_to_the_board_fires_exactly(row: Row, tmp_path: Path) -> None:
    recording = record(row.scenario, tmp_path, hours=LONG_ENOUGH_H, every_s=EVERY_S)
    assert firing(recording, tmp_path) == row.fires


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


def answer_slowly(_: Daemon, __: Assembly) -> None:
    let_each_subject_take(50_000_000)


@pytest.mark.parametrize(
    ("happen", "fires", "hours"),
    [
        (fail_workers, {"EdgedWorkerCrashLooping", "EdgedMeasurementsRejected"}, LONG_ENOUGH_H),
        (fail_journal, {"EdgedJournalFailing"}, 0.5),
        (set_clock, {"EdgedClockStepped"}, 0.5),
        (answer_slowly, {"EdgedScrapeSlow"}, LONG_ENOUGH_H),
        # An hour late is not late enough.
        (hang, {"EdgedScheduleStalled"}, 1.6),
    ],
)
def test_what_happens_to_edged_fires_exactly(
    happen: Callable[[Daemon, Assembly], None],
    fires: set[str],
    hours: float,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Whatever happens is taken back in the end.
    monkeypatch.setattr(ReplayWorker, "wait", ReplayWorker.wait)
    monkeypatch.setattr(JournalFile, "write", JournalFile.write)
    mishap = Mishap(AT_MIN, happen)
    recording = record(Scenario(), tmp_path, hours=hours, every_s=EVERY_S, mishap=mishap)
    assert firing(recording, tmp_path).keys() == fires


def fail_one_case(_: Daemon, __: Assembly) -> None:
    """The file of one model is broken; on the other CPU cluster it is well."""
    well = ReplayWorker.wait

    def wait(self: ReplayWorker, timeout_s: float) -> Sequence[Event]:
        if self._cluster == "big" and Path(self._job.model_path).stem == "mobilenet_v1_0.25_224":
            self.close()
            return [Failed("bad_model", "it cannot be read")]
        return well(self, timeout_s)

    setattr(ReplayWorker, "wait", wait)  # noqa: B010


def test_one_model_that_fails_every_time_fires_exactly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ReplayWorker, "wait", ReplayWorker.wait)
    # One of 16 cases, each of which comes every 16 minutes: it fails twice in half an hour, which is no crash
    # loop. After an hour nothing is left of the time when it was well.
    recording = record(Scenario(), tmp_path, hours=1.6, every_s=60.0, mishap=Mishap(AT_MIN, fail_one_case))
    assert firing(recording, tmp_path) == {"EdgedModelFailing": {"big"}}


def test_a_reload_that_failed_fires_exactly(tmp_path: Path) -> None:
    outside = Outside(reload=lambda: ReloadState(successful=False, success_wall_s=1_700_000_000.0))
    assert firing(record(Scenario(), tmp_path, hours=0.4, outside=outside), tmp_path).keys() == {
        "EdgedReloadFailed"
    }


def test_a_board_that_does_not_answer_fires_exactly(tmp_path: Path) -> None:
    recording = record(Scenario(), tmp_path, hours=0.4)
    assert firing(without_board(recording, AT_MIN), tmp_path).keys() == {"EdgedBoardDown"}
