"""`[power]`: external chips and meters, and the calibration of any chip."""

from dataclasses import dataclass

from edged.config.names import name_complaint
from edged.config.option import option, required_option
from edged.power.settings import MeterChannel, MeterConfig, MeterKind, RailConfig

_SUPPLIES = "What the rail feeds, for people"
_GAIN = "True power over measured power, from a calibration"


def _text_complaint(text: str) -> str | None:
    return (
        None if text.strip() and text.isprintable() else "is empty, or has something that cannot be printed"
    )


def _supplies_complaint(text: str) -> str | None:
    return _text_complaint(text) if text else None


@dataclass(frozen=True, slots=True)
class RailEntry:
    """`[[power.rail]]`: the rail of an INA2xx that is not the board's own, or calibration of one that is."""

    name: str = required_option("Name of the rail, such as board", complaint_about=name_complaint)
    i2c: str = required_option(
        "I2C controller (12c70000.i2c), which stays the same, or adapter (i2c-1), which may not",
        complaint_about=_text_complaint,
    )
    # 7-bit addresses below 0x08 and above 0x77 are reserved (I2C specification, UM10204, section 3.1.12).
    address: int = required_option("I2C address, such as 0x40", at_least=0x08, at_most=0x77)
    shunt_uohm: float | None = option(
        "Resistance of the shunt; without it the driver is believed",
        default=None,
        unit="µΩ",
        above=0,
        at_most=1e9,
    )
    shunt_tolerance_ratio: float = option(
        "How far the shunt may be off: 0.01 is 1 %", default=0.01, at_least=0, at_most=1
    )
    gain: float = option(_GAIN, default=1.0, at_least=0.1, at_most=10)
    supplies: str = option(_SUPPLIES, default="", complaint_about=_supplies_complaint)

    def rail(self) -> RailConfig:
        """The rail as the other rooms know it."""
        return RailConfig(
            name=self.name,
            i2c=self.i2c,
            address=self.address,
            shunt_uohm=self.shunt_uohm,
            shunt_tolerance_ratio=self.shunt_tolerance_ratio,
            gain=self.gain,
            supplies=self.supplies,
        )


@dataclass(frozen=True, slots=True)
class MeterEntry:
    """`[[power.meter]]`: a meter between supply and board."""

    kind: str = required_option("Which meter, and how it is connected", choices=tuple(MeterKind))
    address: str = required_option(
        "Serial device; where to listen (0.0.0.0:6000) for UDP; host or host:port of a SmartPower2",
        complaint_about=_text_complaint,
    )
    name: str = option("Name of the rail", default="board", complaint_about=name_complaint)
    channel: str = option(
        "Which output of a SmartPower3 feeds the board, or its input",
        default="0",
        choices=tuple(MeterChannel),
    )
    baud: int = option(
        "Speed of the serial line, as set on the meter",
        default=115_200,
        unit="baud",
        at_least=9_600,
        at_most=921_600,
    )
    gain: float = option(_GAIN, default=1.0, at_least=0.1, at_most=10)
    supplies: str = option(_SUPPLIES, default="the whole board", complaint_about=_supplies_complaint)

    def meter(self) -> MeterConfig:
        """The meter as the other rooms know it."""
        return MeterConfig(
            kind=MeterKind(self.kind),
            address=self.address,
            name=self.name,
            channel=MeterChannel(self.channel),
            baud=self.baud,
            gain=self.gain,
            supplies=self.supplies,
        )


@dataclass(frozen=True, slots=True)
class PowerSection:
    """`[power]`: external chips and meters, and the calibration of any chip."""

    rail: tuple[RailEntry, ...] = ()
    meter: tuple[MeterEntry, ...] = ()

    def rails(self) -> tuple[RailConfig, ...]:
        """The rails of the `[[power.rail]]` tables."""
        return tuple(entry.rail() for entry in self.rail)

    def meters(self) -> tuple[MeterConfig, ...]:
        """The meters of the `[[power.meter]]` tables."""
        return tuple(entry.meter() for entry in self.meter)
