"""Reads a SmartPower2 over TCP: `V,A,W,Wh` once a second, to one client at a time.

The meter reads its INA231 when it sends, and says nothing of its own clock, so a sample is stamped with
its arrival. With its output off the fields hold zero or what was read last.
"""

import re
import select
import socket
from collections.abc import Sequence

from edged.clock import Clock
from edged.power.accuracy import SMARTPOWER2_ACCURACY, Accuracy
from edged.power.host_port import parse_host_port
from edged.power.line_assembler import LineAssembler
from edged.power.reading import Rail, Sample
from edged.power.sensor import Failure, SensorError

DEFAULT_PORT = 23
_CONNECT_S = 3.0
_INTERVAL_NS = 1_000_000_000
_SILENCE_NS = 5_000_000_000
_LONGEST_LINE = 64
_BLOCK = 4096
_NUMBER = rb"([0-9]{1,3})\.([0-9]{3})"
_LINE = re.compile(_NUMBER + rb"," + _NUMBER + rb"," + _NUMBER + rb",[0-9]{1,9}\.[0-9]{3}")
_HIGHEST_UV = 30_000_000
_HIGHEST_UA = 10_000_000


def parse_line(text: bytes) -> tuple[int, int, int] | None:
    """Voltage, current and power in microvolts, microamperes and microwatts; None if it is no such line.

    Power must fit voltage times current within 25 % and 0.25 W: one chip tells both, one after the other.

    Args:
        text: A line without its line end.
    """
    match = _LINE.fullmatch(text)
    if match is None:
        return None
    voltage_uv, current_ua, power_uw = (
        int(match[group]) * 1_000_000 + int(match[group + 1]) * 1_000 for group in (1, 3, 5)
    )
    product_uw = voltage_uv * current_ua // 1_000_000
    if voltage_uv > _HIGHEST_UV or current_ua > _HIGHEST_UA:
        return None
    if abs(product_uw - power_uw) > 0.25 * max(product_uw, power_uw) + 250_000:
        return None
    return voltage_uv, current_ua, power_uw


class SmartPower2:
    """A SmartPower2. Call `reopen` before the first line.

    Args:
        address: Host, or host and port, of the meter: "192.168.4.1" when it is its own access point.
        rail: The rail it measures.
        clock: Arrival times.
        gain: True power over measured power.

    Raises:
        ValueError: If `address` is no address.
    """

    def __init__(self, address: str, rail: Rail, clock: Clock, *, gain: float = 1.0) -> None:
        """Nothing is connected yet."""
        self.rail = rail
        self._address = parse_host_port(address, DEFAULT_PORT)
        self._where = f"tcp {address}"
        self._clock = clock
        self._gain = gain
        self._socket: socket.socket | None = None
        self._lines = LineAssembler(_LONGEST_LINE, starts_inside=False)
        self._heard = False
        self._heard_ns = 0
        self._last_ns = 0

    def reopen(self) -> None:
        """Connect, waiting at most three seconds.

        Raises:
            SensorError: If the meter does not answer.
        """
        self.close()
        try:
            self._socket = socket.create_connection(self._address, _CONNECT_S)
        except OSError as error:
            raise self._gone(
                f"does not answer: {error.strerror or error}", "switch the meter on, and join its network"
            ) from error
        self._socket.setblocking(False)
        self._lines = LineAssembler(_LONGEST_LINE, starts_inside=False)
        self._heard = False
        self._heard_ns = self._last_ns = self._clock.monotonic_ns()

    def receive(self, timeout_s: float) -> Sequence[Sample]:
        """The samples of what has arrived; waits for the first byte at most `timeout_s`.

        Raises:
            SensorError: If the meter closed the connection, was silent for long, has its output switched
                off, or sent something else.
        """
        if self._socket is None:
            raise self._gone("is not connected")
        poller = select.poll()
        poller.register(self._socket.fileno(), select.POLLIN)
        data = b""
        if poller.poll(max(timeout_s, 0) * 1_000):
            data = self._received(self._socket)
        now_ns = self._clock.monotonic_ns()
        samples = self._samples(data, now_ns)
        if samples:
            self._heard = True
            self._heard_ns = now_ns
        elif now_ns - self._heard_ns > _SILENCE_NS:
            raise self._gone(f"has sent no line for {(now_ns - self._heard_ns) / 1e9:.0f} s")
        return samples

    def _received(self, connection: socket.socket) -> bytes:
        try:
            data = connection.recv(_BLOCK)
        except BlockingIOError:
            return b""
        except OSError as error:
            self.close()
            raise self._gone(f"lost the connection: {error.strerror or error}") from error
        if data:
            return data
        self.close()
        if self._heard:
            raise self._gone("closed the connection")
        raise self._gone(
            "closed the connection at once: another client holds it",
            "end the other client: the meter serves one",
        )

    def _samples(self, data: bytes, arrived_ns: int) -> list[Sample]:
        samples = []
        failure = None
        texts = self._lines.feed(data)
        for behind, text in zip(range(len(texts) - 1, -1, -1), texts, strict=True):
            values = parse_line(text)
            if values is None:
                failure = self._error(Failure.TRY_AGAIN, f"sent {text[:40]!r}, which is no measurement")
            elif values[0] == 0:
                failure = self._error(
                    Failure.INVALID, "measures no voltage: its output is off", "switch the output on"
                )
            else:
                voltage_uv, current_ua, power_uw = values
                at_ns = arrived_ns - behind * _INTERVAL_NS  # lines that were held up come together
                if at_ns > self._last_ns:
                    samples.append(Sample(at_ns, round(power_uw * self._gain), voltage_uv, current_ua))
                    self._last_ns = at_ns
        if failure is not None and not samples:
            raise failure
        return samples

    def accuracy(self) -> Accuracy:
        """How far the power may be off, as far as its successor's page tells."""
        return SMARTPOWER2_ACCURACY

    def close(self) -> None:
        """Disconnect, so that others can connect."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _gone(self, what: str, remedy: str = "") -> SensorError:
        return self._error(Failure.GONE, what, remedy)

    def _error(self, kind: Failure, what: str, remedy: str = "") -> SensorError:
        return SensorError(self.rail, kind, what, where=self._where, remedy=remedy)
