"""A SmartPower3 that sends its log by UDP, on loopback."""

import socket
from collections.abc import Iterator

import pytest

from edged.clock import Clock, SystemClock
from edged.power.reading import Rail, Sample
from edged.power.sensor import Failure, SensorError
from edged.power.settings import MeterChannel
from edged.power.smartpower3_udp import SmartPower3Udp
from tests.unit.power.lines import a_line
from tests.unit.power.trees import SteppingClock

RAIL = Rail("board", "smartpower3 udp", "smartpower3", "127.0.0.1")
PARTIAL = b"0000,0,00,1c,12\r\n"


class Meter:
    """Sends datagrams from an address of its own to a reader."""

    def __init__(self, port: int, source: str = "127.0.0.1") -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((source, 0))
        self._to = ("127.0.0.1", port)

    def send(self, *datagrams: bytes) -> None:
        for datagram in datagrams:
            self._socket.sendto(datagram, self._to)

    def close(self) -> None:
        self._socket.close()


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def a_reader(port: int, clock: Clock | None = None) -> SmartPower3Udp:
    reader = SmartPower3Udp(f"127.0.0.1:{port}", RAIL, clock or SystemClock(), channel=MeterChannel.FIRST)
    reader.reopen()
    return reader


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def reader(port: int) -> Iterator[SmartPower3Udp]:
    reader = a_reader(port)
    yield reader
    reader.close()


@pytest.fixture
def meter(port: int) -> Iterator[Meter]:
    meter = Meter(port)
    yield meter
    meter.close()


def received(reader: SmartPower3Udp, count: int) -> list[Sample]:
    samples: list[Sample] = []
    while len(samples) < count:
        samples += reader.receive(5.0)
    return samples


def test_a_line_in_three_datagrams_with_nuls_is_put_together(reader: SmartPower3Udp, meter: Meter) -> None:
    line = a_line(1_000)
    meter.send(PARTIAL, line[:27] + b"\0", line[27:51] + b"\0\0", line[51:])
    assert [sample.power_uw for sample in received(reader, 1)] == [3_000_000]


def test_a_lost_datagram_costs_its_line_only(reader: SmartPower3Udp, meter: Meter) -> None:
    line, torn, following = (
        a_line(ms, power_mw=mw) for ms, mw in ((1_000, 1_000), (1_010, 2_000), (1_020, 3_000))
    )
    meter.send(PARTIAL + line)
    samples = received(reader, 1)
    meter.send(torn[:27], torn[51:])
    with pytest.raises(SensorError) as caught:
        received(reader, 1)
    assert caught.value.kind is Failure.TRY_AGAIN
    meter.send(following)
    samples += received(reader, 1)
    assert [sample.power_uw for sample in samples] == [1_000_000, 3_000_000]


def test_a_datagram_that_comes_twice_counts_once(reader: SmartPower3Udp, meter: Meter) -> None:
    meter.send(PARTIAL + a_line(1_000))
    received(reader, 1)
    meter.send(a_line(1_000))
    assert list(reader.receive(0.2)) == []


def test_what_others_send_is_not_listened_to(reader: SmartPower3Udp, meter: Meter, port: int) -> None:
    meter.send(PARTIAL + a_line(1_000))
    received(reader, 1)
    stranger = Meter(port, "127.0.0.2")
    stranger.send(PARTIAL + a_line(1_010, power_mw=90_000), b"garbage\n")
    stranger.close()
    meter.send(a_line(1_020, power_mw=2_000))
    assert [sample.power_uw for sample in received(reader, 1)] == [2_000_000]


def test_garbage_from_a_stranger_first_does_not_keep_the_meter_out(
    reader: SmartPower3Udp, meter: Meter, port: int
) -> None:
    stranger = Meter(port, "127.0.0.2")
    stranger.send(b"hello\nworld\n")
    stranger.close()
    with pytest.raises(SensorError):
        received(reader, 1)
    meter.send(PARTIAL + a_line(1_000))
    assert len(received(reader, 1)) == 1


def test_silence_says_what_to_do(port: int) -> None:
    clock = SteppingClock()
    reader = a_reader(port, clock)
    assert list(reader.receive(0.0)) == []
    clock.sleep(5.0)
    with pytest.raises(SensorError) as caught:
        reader.receive(0.0)
    reader.close()
    assert caught.value.kind is Failure.GONE
    assert "logging" in caught.value.remedy


def test_a_port_that_is_taken_says_so(reader: SmartPower3Udp, port: int) -> None:
    with pytest.raises(SensorError, match="in use"):
        a_reader(port)
    assert list(reader.receive(0.0)) == []


def test_an_address_that_is_not_of_this_machine_says_so(port: int) -> None:
    reader = SmartPower3Udp(f"192.0.2.1:{port}", RAIL, SystemClock(), channel=MeterChannel.FIRST)
    with pytest.raises(SensorError, match="cannot be listened at"):
        reader.reopen()


def test_a_closed_reader_is_gone(reader: SmartPower3Udp) -> None:
    reader.close()
    reader.close()
    with pytest.raises(SensorError) as caught:
        reader.receive(0.0)
    assert caught.value.kind is Failure.GONE
