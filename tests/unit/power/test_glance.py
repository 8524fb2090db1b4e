"""One look at each sensor: what it draws now, or why that cannot be told."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from edged.board.parts import Board, Identity, PowercapZone
from edged.power.glance import glance
from edged.power.open_sensors import OpenSensors, open_sensors
from edged.power.reading import EnergyCount, Rail, Sample
from edged.power.sensor import Failure, SensorError
from tests.unit.power.trees import INA231, SteppingClock, hwmon_chip, write_attributes

BOARD = Rail("board", "smartpower3 /dev/ttyUSB0 channel 0", "smartpower3", "/dev/ttyUSB0")
PACKAGE = Rail("package-0", "rapl package-0", "rapl", "sys/class/powercap/intel-rapl:0")
IDENTITY = Identity("A board", (), "", "", "")


class Meter:
    """Answers each call with the next of its answers, and then with nothing for ever."""

    rail = BOARD

    def __init__(self, clock: SteppingClock, *answers: Sequence[Sample] | SensorError) -> None:
        self._clock = clock
        self._answers = list(answers)

    def receive(self, timeout_s: float) -> Sequence[Sample]:
        self._clock.sleep(timeout_s)
        answer = self._answers.pop(0) if self._answers else []
        if isinstance(answer, SensorError):
            raise answer
        return answer


class Counter:
    """Counts 7.5 W from the moment that a test says."""

    rail = PACKAGE

    def __init__(self, clock: SteppingClock, *, fails_at_read: int = 0) -> None:
        self._clock = clock
        self._fails_at_read = fails_at_read
        self._reads = 0

    def read(self) -> EnergyCount:
        self._reads += 1
        if self._reads == self._fails_at_read:
            raise SensorError(PACKAGE, Failure.TRY_AGAIN, "Input/output error", where=PACKAGE.address)
        return EnergyCount(self._clock.now_ns, self._clock.now_ns * 75 // 10_000)


@pytest.fixture
def clock() -> SteppingClock:
    return SteppingClock()


def sensors(*, meters: tuple[Any, ...] = (), counters: tuple[Any, ...] = ()) -> OpenSensors:
    return OpenSensors(meters=cast("Any", meters), counters=cast("Any", counters))


def failure(kind: Failure, what: str) -> SensorError:
    return SensorError(BOARD, kind, what, where=BOARD.address)


def the_error(look: object) -> str:
    assert isinstance(look, SensorError)
    return look.what


def test_a_chip_shows_its_newest_average(tmp_path: Path, clock: SteppingClock) -> None:
    chip = replace(hwmon_chip(tmp_path), rail="big")
    opened = open_sensors(Board(IDENTITY, (), sensor_chips=(chip,)), root=tmp_path, clock=clock)
    ((rail, look),) = glance(opened, clock).items()
    opened.close()
    assert rail.name == "big"
    assert isinstance(look, Sample)
    assert (look.power_uw, look.voltage_uv, look.current_ua) == (205_425, 913_000, 225_000)


def test_a_chip_is_not_told_to_average_in_another_way(tmp_path: Path, clock: SteppingClock) -> None:
    chip = replace(hwmon_chip(tmp_path), rail="big")
    opened = open_sensors(Board(IDENTITY, (), sensor_chips=(chip,)), root=tmp_path, clock=clock)
    glance(opened, clock)
    opened.close()
    assert (tmp_path / chip.path / "update_interval").read_text().strip() == INA231["update_interval"]


def test_a_meter_is_listened_to_until_a_line_comes(clock: SteppingClock) -> None:
    line = Sample(1, 5_000_000, 5_100_000, 980_000)
    assert glance(sensors(meters=(Meter(clock, [], [], [line]),)), clock) == {BOARD: line}


def test_a_torn_line_is_no_answer_yet(clock: SteppingClock) -> None:
    line = Sample(1, 5_000_000)
    torn = failure(Failure.TRY_AGAIN, "sent a torn line")
    assert glance(sensors(meters=(Meter(clock, torn, [line]),)), clock) == {BOARD: line}


@pytest.mark.parametrize(
    ("answers", "what"),
    [
        ((), "has sent nothing for 2.5 s"),
        ((failure(Failure.TRY_AGAIN, "sent a torn line"),), "sent a torn line"),
        ((failure(Failure.GONE, "was unplugged"),), "was unplugged"),
    ],
)
def test_a_meter_without_a_line_has_a_reason(
    clock: SteppingClock, answers: tuple[SensorError, ...], what: str
) -> None:
    begun_ns = clock.now_ns
    look = glance(sensors(meters=(Meter(clock, *answers),)), clock)[BOARD]
    assert the_error(look) == what
    assert clock.now_ns - begun_ns <= 2_500_000_000


def test_a_counter_is_looked_at_for_a_second(clock: SteppingClock) -> None:
    begun_ns = clock.now_ns
    look = glance(sensors(counters=(Counter(clock),)), clock)[PACKAGE]
    assert isinstance(look, Sample)
    assert (look.power_uw, look.voltage_uv) == (7_500_000, None)
    assert clock.now_ns - begun_ns == 1_000_000_000


def test_a_meters_line_and_a_counters_second_go_by_together(clock: SteppingClock) -> None:
    begun_ns = clock.now_ns
    meter = Meter(clock, [], [], [Sample(1, 5_000_000)])
    assert set(glance(sensors(meters=(meter,), counters=(Counter(clock),)), clock)) == {BOARD, PACKAGE}
    assert clock.now_ns - begun_ns == 1_000_000_000


@pytest.mark.parametrize("fails_at_read", [1, 2])
def test_a_counter_that_fails_has_a_reason(clock: SteppingClock, fails_at_read: int) -> None:
    counter = Counter(clock, fails_at_read=fails_at_read)
    assert the_error(glance(sensors(counters=(counter,)), clock)[PACKAGE]) == "Input/output error"


def test_real_counters_are_read_from_files(tmp_path: Path, clock: SteppingClock) -> None:
    zone = PowercapZone("package-0", PACKAGE.address, 262_143_328_850)
    write_attributes(tmp_path / zone.path, {"name": "package-0", "energy_uj": "1000"})
    opened = open_sensors(Board(IDENTITY, (), powercap_zones=(zone,)), root=tmp_path, clock=clock)
    ((rail, look),) = glance(opened, clock).items()
    opened.close()
    assert (rail, isinstance(look, Sample) and look.power_uw) == (PACKAGE, 0)
