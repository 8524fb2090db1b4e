"""What the log is told: changes, each once."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edged.clock import NS_PER_S
from edged.daemon.telling import Teller
from edged.measurement.verdict import Reason
from edged.power.reading import Rail, Reading
from edged.power.sensor import Failure, SensorError
from edged.sampling.rail_account import RailAccount
from edged.sampling.throttling import ThrottlingTotals
from edged.schedule.state import Deferral, ScheduleState, Wait
from tests.unit.daemon.clock import HandClock
from tests.unit.exposition.facts import ENERGY, ON_BIG, measurement, rejected

RAIL = Rail("big", "ina231 at 0x40", "ina231", "0x40")


@dataclass
class Told:
    """A teller, and a board that a test changes."""

    clock: HandClock = field(default_factory=HandClock)
    throttling: dict[str, ThrottlingTotals] = field(default_factory=dict)
    state: ScheduleState = field(default_factory=ScheduleState)

    def __post_init__(self) -> None:
        self.account = RailAccount(RAIL, 0)
        self.teller = Teller([self.account], lambda: dict(self.throttling), lambda: self.state, self.clock)

    def answers(self) -> None:
        now_ns = self.clock.monotonic_ns()
        self.account.add(Reading(now_ns - NS_PER_S, now_ns, 1_000_000))

    def fails(self) -> None:
        now_ns = self.clock.monotonic_ns()
        self.account.fail(SensorError(RAIL, Failure.INVALID, "reads text", where="/sys/x"), now_ns, now_ns)

    def look(self, times: int = 1) -> None:
        for _ in range(times):
            self.clock.at_s += 1.0
            self.teller.step()

    def waits(self, reason: Wait | None) -> None:
        deferral = Deferral(reason, f"it is {reason}", 0) if reason else None
        self.state = ScheduleState(next_case=ON_BIG, deferral=deferral)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator["Log"]:
    with caplog.at_level("INFO", "edged"):
        yield Log(caplog)


@dataclass
class Log:
    caplog: pytest.LogCaptureFixture

    @property
    def events(self) -> list[str]:
        return [vars(record)["EDGED_EVENT"] for record in self.caplog.records]

    def last(self, name: str) -> object:
        return vars(self.caplog.records[-1])[name]

    @property
    def message(self) -> str:
        return self.caplog.records[-1].getMessage()


def test_a_board_on_which_nothing_changes_is_not_told_of(told: Told, log: Log) -> None:
    told.look(10)
    assert log.events == []


def test_a_sensor_that_is_lost_and_comes_back_is_told_once_each(told: Told, log: Log) -> None:
    told.answers()
    told.look(3)
    assert log.events == []
    told.fails()
    told.look(3)
    assert log.events == ["sensor_lost"]
    assert log.message == "the sensor of rail big fails: /sys/x: reads text"
    assert (log.last("EDGED_RAIL"), log.last("EDGED_SENSOR")) == ("big", "ina231 at 0x40")
    told.answers()
    told.look(3)
    assert log.events == ["sensor_lost", "sensor_back"]
    assert log.message == "the sensor of rail big answers again"


def test_a_sensor_that_never_answered_is_not_lost(told: Told, log: Log) -> None:
    told.fails()
    told.look(3)
    told.answers()
    told.look(3)
    assert log.events == []


def test_throttling_is_told_when_it_begins_and_with_its_duration_when_it_ends(told: Told, log: Log) -> None:
    told.throttling["big"] = ThrottlingTotals(throttled_ns=5 * NS_PER_S)
    told.look()
    # It had begun 0.8 s before the look that finds it.
    told.throttling["big"] = ThrottlingTotals(throttled=True, throttled_ns=int(5.8 * NS_PER_S), events=1)
    told.look(3)
    assert log.events == ["throttling_began"]
    assert log.last("EDGED_CPU_CLUSTER") == "big"
    told.throttling["big"] = ThrottlingTotals(throttled_ns=int(12.5 * NS_PER_S), events=1)
    told.look(3)
    assert log.events == ["throttling_began", "throttling_ended"]
    assert log.message == "CPU cluster big is no longer throttled, after 7.5 s"


def test_throttling_that_was_there_at_the_start_is_told_at_its_end_only(log: Log) -> None:
    told = Told(throttling={"big": ThrottlingTotals(throttled=True, events=1)})
    told.look(3)
    assert log.events == []
    told.throttling["big"] = ThrottlingTotals(throttled_ns=NS_PER_S, events=1)
    told.look(3)
    assert log.events == ["throttling_ended"]


def test_a_deferral_is_told_once_for_each_reason(told: Told, log: Log) -> None:
    told.waits(Wait.HOT)
    told.look(5)
    assert log.events == ["deferred"]
    assert (log.last("EDGED_CASE"), log.last("EDGED_REASON")) == (str(ON_BIG), Wait.HOT)
    told.waits(Wait.BUSY)
    told.look(5)
    assert log.events == ["deferred"] * 2
    assert log.last("EDGED_REASON") == Wait.BUSY
    told.waits(None)
    told.look(5)
    told.waits(Wait.BUSY)
    told.look(5)
    assert log.events == ["deferred"] * 3


def test_a_deferral_whose_figures_change_is_not_told_again(told: Told, log: Log) -> None:
    for degrees in range(80, 90):
        deferral = Deferral(Wait.HOT, f"{degrees} degrees", 0)
        told.state = ScheduleState(next_case=ON_BIG, deferral=deferral)
        told.look()
    assert log.events == ["deferred"]


@pytest.mark.parametrize(
    ("step_s", "message"),
    [
        (3600.0, "the wall clock went forward by 3600 s"),
        (-4e8, "the wall clock went back by 400000000 s"),
    ],
)
def test_a_clock_step_is_told_once(told: Told, log: Log, step_s: float, message: str) -> None:
    told.look()
    told.clock.wall_ahead_s += step_s
    told.look(5)
    assert log.events == ["clock_stepped"]
    assert (log.message, log.last("EDGED_STEP_SECONDS")) == (message, f"{step_s:.3f}")


@given(slews_s=st.lists(st.floats(-1.9, 1.9), max_size=20))
def test_a_clock_that_is_slewed_is_not_told_of(slews_s: list[float]) -> None:
    told = Told()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "edged.events.EventKind.tell", lambda kind, *_, **__: pytest.fail(f"{kind.name} was told")
        )
        for slew_s in slews_s:
            told.clock.wall_ahead_s += slew_s
            told.look()


def test_a_valid_measurement_is_told_with_its_figures(told: Told, log: Log) -> None:
    told.teller.finished(measurement(rails={"big": ENERGY}))
    assert log.events == ["measured"]
    assert log.message == f"{ON_BIG}: 20.000 ms, big 30.000 mJ"
    assert (log.last("EDGED_CASE"), log.last("EDGED_CPU_CLUSTER")) == (str(ON_BIG), "big")
    assert (log.last("EDGED_MODEL"), log.last("EDGED_VERDICT")) == (ON_BIG.model.name, "valid")


def test_a_rejected_one_is_told_with_every_reason(told: Told, log: Log) -> None:
    told.teller.finished(rejected(Reason.THROTTLED, Reason.FOREIGN_LOAD))
    assert log.events == ["rejected"]
    assert log.message == f"{ON_BIG}: rejected: throttled: seen; foreign_load: seen"
    assert log.last("EDGED_REASONS") == "throttled foreign_load"


def test_it_looks_once_a_second(told: Told) -> None:
    assert told.teller.step() == told.clock.monotonic_ns() + NS_PER_S
