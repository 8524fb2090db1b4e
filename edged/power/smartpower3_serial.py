"""Listens to a SmartPower3 on its USB serial port."""

import select
import termios
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from edged.clock import Clock
from edged.power.accuracy import SMARTPOWER3_ACCURACY, Accuracy
from edged.power.reading import Rail, Sample
from edged.power.sensor import Failure, SensorError
from edged.power.settings import MeterChannel
from edged.power.smartpower3 import NOT_LOGGING, SILENCE_NS, SmartPower3Stream

_BLOCK = 4096


class SmartPower3Serial:
    """A SmartPower3 on a serial port. Call `reopen` before the first line.

    Args:
        device: The serial device; "/dev/serial/by-id/..." finds the meter again under any number.
        rail: The rail it measures.
        clock: Arrival times.
        channel: Which measurement to take.
        baud: Speed, as set on the meter.
        gain: True power over measured power.
    """

    def __init__(
        self, device: str, rail: Rail, clock: Clock, *, channel: MeterChannel, baud: int, gain: float = 1.0
    ) -> None:
        """Nothing is opened yet."""
        self.rail = rail
        self._device = device
        self._clock = clock
        self._channel = channel
        self._baud = baud
        self._gain = gain
        self._port: Any = None
        self._stream = SmartPower3Stream(rail, channel, gain, device)
        self._heard_ns = 0

    def reopen(self) -> None:
        """Open the port, for nobody else, and forget what it had buffered.

        Raises:
            SensorError: If it is not there, not allowed, or in use.
        """
        self.close()
        try:
            serial = import_module("serial")  # only a board with such a meter needs pyserial
        except ModuleNotFoundError as error:
            raise self._gone(
                "needs pyserial, which is not installed",
                "pip install edged[meters], or apt-get install python3-serial",
            ) from error
        try:
            port = serial.Serial(self._device, self._baud, timeout=0, exclusive=True)
            port.reset_input_buffer()
        except (OSError, ValueError, termios.error) as error:
            raise self._gone(
                f"cannot be opened: {error}",
                "plug the meter in, end other programs that read it, add this user to group dialout",
            ) from error
        self._port = port
        self._stream = SmartPower3Stream(self.rail, self._channel, self._gain, self._device)
        self._heard_ns = self._clock.monotonic_ns()

    def receive(self, timeout_s: float) -> Sequence[Sample]:
        """The samples of what has arrived; waits for the first byte at most `timeout_s`.

        Raises:
            SensorError: If the port went away, nothing came for long, or nothing that came was a line.
        """
        if self._port is None:
            raise self._gone("is not open")
        try:
            poller = select.poll()
            poller.register(self._port.fileno(), select.POLLIN)
            data = self._port.read(_BLOCK) if poller.poll(max(timeout_s, 0) * 1_000) else b""
        except (OSError, TypeError, termios.error) as error:
            self.close()
            raise self._gone(f"was lost: {error}", "plug the meter in again") from error
        now_ns = self._clock.monotonic_ns()
        samples = self._stream.feed(data, now_ns) if data else []
        if samples:
            self._heard_ns = now_ns
        elif now_ns - self._heard_ns > SILENCE_NS:
            raise self._gone(f"has sent no line for {(now_ns - self._heard_ns) / 1e9:.0f} s", NOT_LOGGING)
        return samples

    def accuracy(self) -> Accuracy:
        """What the maker says of the meter."""
        return SMARTPOWER3_ACCURACY

    def close(self) -> None:
        """Close the port."""
        if self._port is not None:
            self._port.close()
            self._port = None

    def _gone(self, what: str, remedy: str = "") -> SensorError:
        return SensorError(self.rail, Failure.GONE, what, where=self._device, remedy=remedy)
