"""A SmartPower3 on a serial port: a pseudo-terminal whose other end sends what the meter sends."""

import os
import pty
import tty
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from edged.clock import SystemClock
from edged.power.reading import Rail, Sample
from edged.power.sensor import Failure, SensorError
from edged.power.settings import MeterChannel
from edged.power.smartpower3_serial import SmartPower3Serial
from tests.unit.power.lines import a_line, an_old_line
from tests.unit.power.trees import SteppingClock

PARTIAL = b"0000,0,00,1c,12\r\n"


@dataclass
class Meter:
    """The meter's end of the line."""

    descriptor: int = -1
    device: str = ""
    _other: int = -1
    readers: list[SmartPower3Serial] = field(default_factory=list)

    def plug_in(self) -> None:
        self.descriptor, other = pty.openpty()
        tty.setraw(other)
        self.device = os.ttyname(other)
        self._other = other

    def send(self, data: bytes) -> None:
        os.write(self.descriptor, data)

    def unplug(self) -> None:
        if self.descriptor >= 0:
            os.close(self._other)
            os.close(self.descriptor)
            self.descriptor = -1

    def reader(self, clock: SteppingClock | None = None) -> SmartPower3Serial:
        rail = Rail("board", "smartpower3", "smartpower3", self.device)
        reader = SmartPower3Serial(
            self.device, rail, clock or SystemClock(), channel=MeterChannel.FIRST, baud=115200
        )
        self.readers.append(reader)
        reader.reopen()
        return reader


@pytest.fixture
def meter() -> Iterator[Meter]:
    meter = Meter()
    meter.plug_in()
    yield meter
    for reader in meter.readers:
        reader.close()
    meter.unplug()


def received(reader: SmartPower3Serial, count: int) -> list[Sample]:
    samples: list[Sample] = []
    while len(samples) < count:
        samples += reader.receive(5.0)
    return samples


def test_lines_become_samples(meter: Meter) -> None:
    reader = meter.reader()
    meter.send(PARTIAL + a_line(1_000, power_mw=3_000))
    assert [sample.power_uw for sample in received(reader, 1)] == [3_000_000]
    meter.send(a_line(1_010, power_mw=2_500)[:33])
    assert list(reader.receive(0.05)) == []
    meter.send(a_line(1_010, power_mw=2_500)[33:])
    (sample,) = received(reader, 1)
    assert (sample.power_uw, sample.voltage_uv, sample.current_ua) == (2_500_000, 5_000_000, 500_000)


def test_firmware_before_1_7_is_read_too(meter: Meter) -> None:
    reader = meter.reader()
    meter.send(b"\n\r" + an_old_line(1_000))
    assert received(reader, 1)[0].power_uw == 3_000_000


def test_nothing_arrives_within_the_time_given(meter: Meter) -> None:
    reader = meter.reader()
    assert list(reader.receive(0.01)) == []
    assert list(reader.receive(-1.0)) == []


def test_what_was_sent_before_it_was_opened_is_forgotten(meter: Meter) -> None:
    meter.send(PARTIAL + a_line(1_000, power_mw=1_000) * 3)
    reader = meter.reader()
    meter.send(PARTIAL + a_line(9_000, power_mw=2_500))
    assert [sample.power_uw for sample in received(reader, 1)] == [2_500_000]


def test_a_meter_unplugged_in_the_middle_of_a_line_is_gone_and_its_half_line_with_it(meter: Meter) -> None:
    reader = meter.reader()
    meter.send(PARTIAL + a_line(1_000))
    received(reader, 1)
    meter.send(a_line(1_010)[:40])
    reader.receive(0.1)
    meter.unplug()
    with pytest.raises(SensorError) as caught:
        reader.receive(1.0)
    assert caught.value.kind is Failure.GONE
    with pytest.raises(SensorError, match="not open"):
        reader.receive(1.0)
    with pytest.raises(SensorError, match="cannot be opened") as caught:
        reader.reopen()
    assert caught.value.kind is Failure.GONE


def test_a_meter_that_comes_back_is_read_again(meter: Meter) -> None:
    reader = meter.reader()
    meter.send(PARTIAL + a_line(1_000) + a_line(1_010)[:40])
    received(reader, 1)
    reader.reopen()
    meter.send(a_line(1_010)[40:] + a_line(1_020, power_mw=4_000))
    assert [sample.power_uw for sample in received(reader, 1)] == [4_000_000]


def test_garbage_is_a_failure_and_never_a_sample(meter: Meter) -> None:
    reader = meter.reader()
    meter.send(bytes(range(1, 256)) + b"\n" + bytes(range(20, 90)) + b"\n")
    with pytest.raises(SensorError) as caught:
        received(reader, 1)
    assert caught.value.kind is Failure.TRY_AGAIN
    meter.send(a_line(1_000))
    assert len(received(reader, 1)) == 1


def test_a_meter_that_does_not_log_says_what_to_do(meter: Meter) -> None:
    clock = SteppingClock()
    reader = meter.reader(clock)
    clock.sleep(3.0)
    assert list(reader.receive(0.0)) == []
    clock.sleep(2.0)
    with pytest.raises(SensorError, match="5 s") as caught:
        reader.receive(0.0)
    assert caught.value.kind is Failure.GONE
    assert "logging" in caught.value.remedy


def test_two_readers_cannot_share_one_port(meter: Meter) -> None:
    meter.reader()
    with pytest.raises(SensorError, match="cannot be opened"):
        meter.reader()


def test_a_file_that_is_no_serial_port_is_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("dev") / "ttyUSB0"
    path.write_bytes(a_line())
    rail = Rail("board", "smartpower3", "smartpower3", str(path))
    reader = SmartPower3Serial(str(path), rail, SystemClock(), channel=MeterChannel.FIRST, baud=115200)
    with pytest.raises(SensorError) as caught:
        reader.reopen()
    assert caught.value.kind is Failure.GONE
