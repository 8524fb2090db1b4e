"""What a configuration says about power: the rails of external chips, and the external meters."""

from dataclasses import dataclass
from enum import StrEnum

from edged.board.parts import SensorChip


class MeterKind(StrEnum):
    """The external meters that can be read, by how they are connected."""

    SMARTPOWER3_SERIAL = "smartpower3-serial"
    SMARTPOWER3_UDP = "smartpower3-udp"
    SMARTPOWER2 = "smartpower2"


class MeterChannel(StrEnum):
    """Which of a SmartPower3's three measurements feeds the board."""

    INPUT = "input"
    FIRST = "0"
    SECOND = "1"


@dataclass(frozen=True, slots=True)
class RailConfig:
    """The rail that an INA2xx measures, and its calibration.

    It names the rail of a chip that is not the board's own, or calibrates one that is.

    Attributes:
        name: Name of the rail, such as "board".
        i2c: I2C controller ("12c70000.i2c"), which stays the same, or adapter ("i2c-1"), which may not.
        address: I2C address, such as 0x40.
        shunt_uohm: Resistance of the shunt in microohms; None to believe the driver.
        shunt_tolerance_ratio: How far the shunt may be off: 0.01 is 1 %.
        gain: True power over measured power, from a calibration.
        supplies: What the rail feeds, for people.
    """

    name: str
    i2c: str
    address: int
    shunt_uohm: float | None = None
    shunt_tolerance_ratio: float = 0.01
    gain: float = 1.0
    supplies: str = ""

    def means(self, chip: SensorChip) -> bool:
        """Whether it is about this chip."""
        return self.address == chip.address and self.i2c in {chip.controller, f"i2c-{chip.bus}"}


@dataclass(frozen=True, slots=True)
class MeterConfig:
    """An external meter between supply and board.

    Attributes:
        kind: Which meter, and how it is connected.
        address: Serial device ("/dev/serial/by-id/..." stays the same, "/dev/ttyUSB0" may not); where to
            listen ("0.0.0.0:6000") for a SmartPower3 over UDP; host or "host:port" of a SmartPower2.
        name: Name of the rail.
        channel: Which measurement of a SmartPower3; a SmartPower2 has one.
        baud: Speed of the serial line, as set on the meter.
        gain: True power over measured power, from a calibration.
        supplies: What the rail feeds, for people.
    """

    kind: MeterKind
    address: str
    name: str = "board"
    channel: MeterChannel = MeterChannel.FIRST
    baud: int = 115200
    gain: float = 1.0
    supplies: str = "the whole board"
