"""A SmartPower2: a TCP server that sends a line a second to one client, on loopback."""

import socket
import threading
from collections.abc import Iterator

import pytest

from edged.clock import Clock, SystemClock
from edged.power.reading import Rail, Sample
from edged.power.sensor import Failure, SensorError
from edged.power.smartpower2 import SmartPower2
from tests.unit.power.trees import SteppingClock

RAIL = Rail("board", "smartpower2", "smartpower2", "127.0.0.1")
LINE = b"5.052,0.612,3.092,0.000\r\n"


class Meter:
    """Serves one client and closes the connection of any other at once, as the firmware does."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._server.getsockname()[1]}"
        self._changed = threading.Condition()
        self._client: socket.socket | None = None
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            with self._changed:
                if self._client is None:
                    self._client = connection
                    self._changed.notify_all()
                else:
                    connection.close()

    def _current(self) -> socket.socket:
        with self._changed:
            assert self._changed.wait_for(lambda: self._client is not None, 5)
            assert self._client is not None
            return self._client

    def send(self, data: bytes) -> None:
        self._current().sendall(data)

    def hang_up(self) -> None:
        self._current().close()
        with self._changed:
            self._client = None

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(5)
        if self._client is not None:
            self._client.close()


@pytest.fixture
def meter() -> Iterator[Meter]:
    meter = Meter()
    yield meter
    meter.close()


def a_reader(meter: Meter, clock: Clock | None = None) -> SmartPower2:
    reader = SmartPower2(meter.address, RAIL, clock or SystemClock())
    reader.reopen()
    return reader


def received(reader: SmartPower2, count: int) -> list[Sample]:
    samples: list[Sample] = []
    while len(samples) < count:
        samples += reader.receive(5.0)
    return samples


def test_lines_become_samples_from_the_first_one_on(meter: Meter) -> None:
    reader = a_reader(meter)
    meter.send(LINE)
    (sample,) = received(reader, 1)
    reader.close()
    assert (sample.power_uw, sample.voltage_uv, sample.current_ua) == (3_092_000, 5_052_000, 612_000)


def test_lines_that_were_held_up_together_are_a_second_apart(meter: Meter) -> None:
    clock = SteppingClock()
    reader = a_reader(meter, clock)
    clock.sleep(4.0)
    meter.send(LINE * 3)
    samples = received(reader, 3)
    reader.close()
    assert [round(sample.at_ns / 1e9, 3) for sample in samples] == [3.0, 4.0, 5.0]


def test_a_second_client_is_told_who_holds_the_meter_and_the_first_goes_on(meter: Meter) -> None:
    first = a_reader(meter)
    meter.send(LINE)
    received(first, 1)
    second = a_reader(meter)
    with pytest.raises(SensorError, match="another client holds it") as caught:
        received(second, 1)
    assert caught.value.kind is Failure.GONE
    assert caught.value.remedy
    meter.send(LINE)
    assert len(received(first, 1)) == 1
    first.close()


def test_a_connection_that_breaks_in_mid_line_is_gone_and_can_be_made_again(meter: Meter) -> None:
    reader = a_reader(meter)
    meter.send(LINE + LINE[:9])
    received(reader, 1)
    meter.hang_up()
    with pytest.raises(SensorError, match="closed the connection") as caught:
        received(reader, 1)
    assert caught.value.kind is Failure.GONE
    assert "another client" not in caught.value.what
    with pytest.raises(SensorError, match="not connected"):
        reader.receive(0.0)
    reader.reopen()
    meter.send(b"5.000,1.000,5.000,0.000\r\n")
    assert [sample.power_uw for sample in received(reader, 1)] == [5_000_000]
    reader.close()


def test_an_output_that_is_off_is_no_zero(meter: Meter) -> None:
    reader = a_reader(meter)
    meter.send(b"0.000,0.000,0.000,0.000\r\n")
    with pytest.raises(SensorError, match="output is off") as caught:
        received(reader, 1)
    reader.close()
    assert caught.value.kind is Failure.INVALID


def test_what_is_no_meter_is_a_failure(meter: Meter) -> None:
    reader = a_reader(meter)
    meter.send(b"\xff\xfd\x18 login:\r\n")
    with pytest.raises(SensorError, match="no measurement") as caught:
        received(reader, 1)
    reader.close()
    assert caught.value.kind is Failure.TRY_AGAIN


def test_a_silent_meter_is_gone(meter: Meter) -> None:
    clock = SteppingClock()
    reader = a_reader(meter, clock)
    assert list(reader.receive(0.0)) == []
    clock.sleep(6.0)
    with pytest.raises(SensorError, match="6 s") as caught:
        reader.receive(0.0)
    reader.close()
    assert caught.value.kind is Failure.GONE


def test_a_meter_that_is_not_there_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    reader = SmartPower2(address, RAIL, SystemClock())
    with pytest.raises(SensorError, match="does not answer") as caught:
        reader.reopen()
    assert caught.value.kind is Failure.GONE
    assert caught.value.remedy
