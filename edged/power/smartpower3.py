"""From the bytes of a SmartPower3, however they arrive, to the samples of one of its channels."""

from edged.power.device_time import DeviceTime
from edged.power.line_assembler import LineAssembler
from edged.power.reading import Rail, Sample
from edged.power.sensor import Failure, SensorError
from edged.power.settings import MeterChannel
from edged.power.smartpower3_line import BadLine, Channel, Line, parse_line

SILENCE_NS = 4_000_000_000
"""A meter that logs sends a line every 5 ms to 1 s: after four seconds without one something is wrong."""

NOT_LOGGING = (
    "switch logging on at the meter (a new one has it off), with the same baud rate or UDP address as here"
)
_LONGEST_LINE = 96


class SmartPower3Stream:
    """Decodes one connection, from its first byte on.

    Once a line with checksums has come, lines without are refused: they would be torn ones.

    Args:
        rail: The rail that failures are told about.
        channel: Which measurement to take.
        gain: True power over measured power.
        where: Device or address, for failures.
    """

    def __init__(self, rail: Rail, channel: MeterChannel, gain: float, where: str) -> None:
        """Begin in the middle of a line."""
        self._rail = rail
        self._channel = channel
        self._gain = gain
        self._where = where
        self._lines = LineAssembler(_LONGEST_LINE, starts_inside=True)
        self._time = DeviceTime()
        self._checked = False

    def feed(self, data: bytes, arrived_ns: int) -> list[Sample]:
        """The samples that `data` completes.

        Args:
            data: What was received.
            arrived_ns: Monotonic time when it was received.

        Raises:
            SensorError: If there were lines, but none of them gives a power.
        """
        samples: list[Sample] = []
        failure: SensorError | None = None
        for text in self._lines.feed(data):
            try:
                sample = self._sample(self._understood(text), arrived_ns)
            except BadLine as reason:
                failure = self._error(Failure.TRY_AGAIN, f"sent {text[:40]!r}: {reason}")
            except SensorError as error:
                failure = error
            else:
                samples += [sample] if sample is not None else []
        if failure is not None and not samples:
            raise failure
        return samples

    def _understood(self, text: bytes) -> Line:
        line = parse_line(text)
        if self._checked and not line.checked:
            raise BadLine("it has no checksums, unlike those before")
        self._checked = line.checked
        return line

    def _sample(self, line: Line, arrived_ns: int) -> Sample | None:
        """The sample of a line; None if the line is older than one before it."""
        at_ns = self._time.place(line.uptime_ms, arrived_ns)
        if at_ns is None:
            return None
        measured = self._measured(line)
        return Sample(
            at_ns=at_ns,
            power_uw=round(measured.power_mw * 1_000 * self._gain),
            voltage_uv=measured.voltage_mv * 1_000,
            current_ua=measured.current_ma * 1_000,
        )

    def _measured(self, line: Line) -> Channel:
        if self._channel is MeterChannel.INPUT:
            return line.input
        output = line.outputs[int(self._channel)]
        if not output.on:
            raise self._error(
                Failure.INVALID,
                f"channel {self._channel} is switched off",
                remedy="switch it on at the meter, or name the channel that feeds the board",
            )
        return output

    def _error(self, kind: Failure, what: str, *, remedy: str = "") -> SensorError:
        return SensorError(self._rail, kind, what, where=self._where, remedy=remedy)
