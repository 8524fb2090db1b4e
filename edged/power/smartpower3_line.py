"""The log lines of Hardkernel's SmartPower3.

Firmware 1.7 (2021-12-14) and later, 81 bytes with CR LF, all numbers padded:

    0343732187,15321,0072,01103,0,00000,0000,00000,0,00,00000,0000,00000,0,00,1c,12
    uptime ms  |--- input ---|  | |-- channel 0 --| on|  |-- channel 1 --| on |  |  XOR
               mV   mA   mW    on                  interrupts      interrupts    two's complement

Both checksums are over the first 74 bytes, the comma before them included. Power and current are means
over the logging interval that ends at the stamp. Earlier firmware has no checksums, ends its lines with
LF CR and does not pad the interrupts; there, power must fit voltage times current.
"""

import re
from dataclasses import dataclass
from functools import reduce
from operator import xor

_CHANNEL = rb"([0-9]{5}),([0-9]{4}),([0-9]{5}),([0-9])"
_BODY = rb"([0-9]{10})," + _CHANNEL
_CHECKED = re.compile(
    _BODY + rb"," + _CHANNEL + rb",([0-9a-f]{2})," + _CHANNEL + rb",([0-9a-f]{2}),([0-9a-f]{2}),([0-9a-f]{2})"
)
_HEX = rb",(0|[1-9a-f][0-9a-f]?)"
_UNCHECKED = re.compile(_BODY + rb"," + _CHANNEL + _HEX + rb"," + _CHANNEL + _HEX)
_SUMMED = 74
_LONGEST_UPTIME_MS = (1 << 32) - 1


class BadLine(Exception):  # noqa: N818 - a line is bad, not an error of ours
    """Why bytes are no line of the meter."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One of the three measurements in a line.

    Attributes:
        voltage_mv: Voltage in millivolts.
        current_ma: Current in milliamperes.
        power_mw: Power in milliwatts.
        on: Whether the output is switched on; says nothing for the input.
        interrupts: Bits: 0 overvoltage, 1 constant current, 2 short circuit, 3 power on, 4 watchdog,
            5 over-temperature protection, 6 over-temperature warning, 7 inductor peak current.
    """

    voltage_mv: int
    current_ma: int
    power_mw: int
    on: bool
    interrupts: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One line.

    Attributes:
        uptime_ms: Uptime of the meter in milliseconds; wraps round at 2^32.
        input: What the meter draws, itself included.
        outputs: What the two channels deliver.
        checked: Whether it had checksums, and they were right.
    """

    uptime_ms: int
    input: Channel
    outputs: tuple[Channel, Channel]
    checked: bool


def parse_line(text: bytes) -> Line:
    """A line without its line end.

    Args:
        text: The bytes.

    Raises:
        BadLine: If it is not a line, or a checksum is wrong.
    """
    match = _CHECKED.fullmatch(text)
    if match is not None:
        total = sum(text[:_SUMMED])
        if int(match[16], 16) != -total % 256:
            raise BadLine("the sum of its bytes is wrong")
        if int(match[17], 16) != reduce(xor, text[:_SUMMED]):
            raise BadLine("the XOR of its bytes is wrong")
        return _line(match, checked=True)
    match = _UNCHECKED.fullmatch(text)
    if match is None:
        raise BadLine("it is not a line of a SmartPower3")
    line = _line(match, checked=False)
    for channel in (line.input, *line.outputs):
        if not _plausible(channel):
            raise BadLine("power is far from voltage times current")
    return line


def _line(match: re.Match[bytes], *, checked: bool) -> Line:
    uptime_ms = int(match[1])
    if uptime_ms > _LONGEST_UPTIME_MS:
        raise BadLine("the uptime is longer than the meter can count")
    channels = [_channel(match, 2), _channel(match, 6), _channel(match, 11)]
    return Line(uptime_ms, channels[0], (channels[1], channels[2]), checked)


def _channel(match: re.Match[bytes], first: int) -> Channel:
    voltage, current, power, on = match.group(first, first + 1, first + 2, first + 3)
    interrupts = 0 if first == 2 else int(match[first + 4], 16)
    return Channel(int(voltage), int(current), int(power), on == b"1", interrupts)


def _plausible(channel: Channel) -> bool:
    """Whether an unchecked line can be right: 25 % and 50 mW for a load that changed between the two."""
    product_mw = channel.voltage_mv * channel.current_ma / 1_000
    return abs(product_mw - channel.power_mw) <= 0.25 * max(product_mw, channel.power_mw) + 50
