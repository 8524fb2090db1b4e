"""What a simulated board is put through: warm air, a dead fan, other people's programs, faulty sensors."""

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """What can go wrong with a file of the board.

    A plain file cannot fail a read with EIO or ENODEV as a driver can; it can only hold something wrong,
    hold nothing, or be gone. Faults that need an errno are tested on the real driver (`make test-vm`).
    """

    VANISH = "vanish"  # the sensor's hwmon directory is gone, and comes back under its old number
    RENUMBER = "renumber"  # the same, but it comes back under another number
    FROZEN = "frozen"  # the sensor's registers stop changing
    CHIP_RESET = "chip_reset"  # zeros once, and update_interval back at 35; has no duration
    EMPTY = "empty"  # the sensor's files are empty
    TEXT = "text"  # the sensor's files hold no number
    BOGUS_TEMPERATURE = "bogus_temperature"  # a zone shows 254 degrees


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong.

    Attributes:
        kind: What happens.
        target: The rail whose sensor it hits, or the thermal zone.
        at_s: When, in seconds after the board's start.
        duration_s: For how long, in seconds.
    """

    kind: FaultKind
    target: str
    at_s: float
    duration_s: float = 0.0


@dataclass(frozen=True, slots=True)
class AirChange:
    """The air round the board gets warmer or cooler.

    Attributes:
        at_s: When, in seconds after the board's start.
        ambient_c: Its temperature from then on, in degrees Celsius.
    """

    at_s: float
    ambient_c: float


@dataclass(frozen=True, slots=True)
class Scenario:
    """The circumstances of a simulated board.

    Attributes:
        ambient_c: Temperature of the air at first, in degrees Celsius.
        air: How it changes later.
        fan_works: False for a fan that stands still whatever the kernel asks of it.
        governor: cpufreq governor of both clusters: `performance` or `ondemand`.
        chip_spread: How far the power sensors may be off: 1 draws gain, shunt, offset and clock from the
            whole width that their data sheets allow, 0 makes them exact (they still average, round and
            make noise).
        foreign_bursts_per_minute: How often another program makes a CPU busy for a moment.
        faults: What goes wrong, and when.
    """

    ambient_c: float = 25.0
    air: tuple[AirChange, ...] = ()
    fan_works: bool = True
    governor: str = "performance"
    chip_spread: float = 1.0
    foreign_bursts_per_minute: float = 0.0
    faults: tuple[Fault, ...] = ()
