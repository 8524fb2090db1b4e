"""Listens to a SmartPower3 that sends its log over Wi-Fi by UDP.

One line may come in several datagrams, and datagrams get lost, doubled and reordered. The first sender of
a good line is the meter; what others send is not listened to until the next `reopen`.
"""

import select
import socket
from collections.abc import Sequence

from edged.clock import Clock
from edged.power.accuracy import SMARTPOWER3_ACCURACY, Accuracy
from edged.power.host_port import parse_host_port
from edged.power.reading import Rail, Sample
from edged.power.sensor import Failure, SensorError
from edged.power.settings import MeterChannel
from edged.power.smartpower3 import NOT_LOGGING, SILENCE_NS, SmartPower3Stream

DEFAULT_PORT = 6000
_LONGEST_DATAGRAM = 2048
_MOST_AT_ONCE = 256


class SmartPower3Udp:
    """A SmartPower3 that sends to this machine. Call `reopen` before the first line.

    Args:
        listen: Address and port to listen at, as set on the meter: "0.0.0.0:6000".
        rail: The rail it measures.
        clock: Arrival times.
        channel: Which measurement to take.
        gain: True power over measured power.

    Raises:
        ValueError: If `listen` is no address.
    """

    def __init__(
        self, listen: str, rail: Rail, clock: Clock, *, channel: MeterChannel, gain: float = 1.0
    ) -> None:
        """Nothing is opened yet."""
        self.rail = rail
        self._listen = parse_host_port(listen, DEFAULT_PORT)
        self._where = f"udp {listen}"
        self._clock = clock
        self._channel = channel
        self._gain = gain
        self._socket: socket.socket | None = None
        self._sender: str | None = None
        self._meter: str | None = None
        self._heard_ns = 0

    def reopen(self) -> None:
        """Listen again, to whoever sends.

        Raises:
            SensorError: If the port is taken, or the address is not of this machine.
        """
        self.close()
        try:
            family, kind, protocol, _, address = socket.getaddrinfo(
                *self._listen, type=socket.SOCK_DGRAM, flags=socket.AI_PASSIVE
            )[0]
            self._socket = socket.socket(family, kind | socket.SOCK_NONBLOCK, protocol)
            self._socket.bind(address)
        except OSError as error:
            self.close()
            raise self._gone(f"cannot be listened at: {error.strerror or error}") from error
        self._begin(None)
        self._meter = None
        self._heard_ns = self._clock.monotonic_ns()

    def _begin(self, sender: str | None) -> None:
        self._sender = sender
        self._stream = SmartPower3Stream(self.rail, self._channel, self._gain, self._where)

    def receive(self, timeout_s: float) -> Sequence[Sample]:
        """The samples of what has arrived; waits for the first datagram at most `timeout_s`.

        Raises:
            SensorError: If nothing came for long, or nothing that came was a line.
        """
        if self._socket is None:
            raise self._gone("is not open")
        poller = select.poll()
        poller.register(self._socket.fileno(), select.POLLIN)
        samples: list[Sample] = []
        failure: SensorError | None = None
        if poller.poll(max(timeout_s, 0) * 1_000):
            samples, failure = self._drain(self._socket)
        now_ns = self._clock.monotonic_ns()
        if samples:
            self._heard_ns = now_ns
        elif failure is not None:
            raise failure
        elif now_ns - self._heard_ns > SILENCE_NS:
            raise self._gone(f"has received no line for {(now_ns - self._heard_ns) / 1e9:.0f} s", NOT_LOGGING)
        return samples

    def _drain(self, connection: socket.socket) -> tuple[list[Sample], SensorError | None]:
        samples: list[Sample] = []
        failure: SensorError | None = None
        for _ in range(_MOST_AT_ONCE):
            try:
                data, (sender, *_) = connection.recvfrom(_LONGEST_DATAGRAM)
            except BlockingIOError:
                break
            except OSError as error:
                failure = self._gone(f"cannot be read: {error.strerror or error}")
                break
            if sender != (self._meter or sender):
                continue
            if sender != self._sender:
                self._begin(sender)
            try:
                received = self._stream.feed(data, self._clock.monotonic_ns())
            except SensorError as error:
                failure = error
                continue
            if received:
                self._meter = sender
                samples += received
        return samples, failure

    def accuracy(self) -> Accuracy:
        """What the maker says of the meter."""
        return SMARTPOWER3_ACCURACY

    def close(self) -> None:
        """Stop listening."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _gone(self, what: str, remedy: str = "") -> SensorError:
        return SensorError(self.rail, Failure.GONE, what, where=self._where, remedy=remedy)
