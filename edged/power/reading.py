"""What a power source says, in whole micro-units so that sums are exact.

Three kinds of source say three kinds of thing:

* a **chip** averages by itself; a register read gives the newest finished average, a `Sample`,
  which stays the same until the next average is finished;
* a **meter** sends lines, each a `Sample`;
* a **counter** counts energy by itself, an `EnergyCount`.

The sampling room turns all three into `Reading`s, each with the interval that it covers.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rail:
    """One supply whose power a sensor reads.

    Attributes:
        name: `big`, `little`, `gpu`, `mem`, `board`, `package-0`, or the name in the configuration.
        sensor: Name of the sensor, unique on the board: "ina231 12c60000.i2c 0x40".
        chip: Name of the chip or meter, such as "ina231".
        address: Where it is: I2C address, device or host.
        supplies: What the rail feeds, for people; may be "".
    """

    name: str
    sensor: str
    chip: str
    address: str
    supplies: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """What a chip's registers or a meter's line said.

    Attributes:
        at_ns: Monotonic time of the read: midway between before and after it.
        power_uw: Power in microwatts; the finer of the power register and voltage times current.
        voltage_uv: Voltage in microvolts; None where the source does not tell.
        current_ua: Current in microamperes; None where the source does not tell.
    """

    at_ns: int
    power_uw: int
    voltage_uv: int | None = None
    current_ua: int | None = None

    def over(self, start_ns: int, end_ns: int) -> "Reading":
        """The reading of an interval that this is the mean of."""
        return Reading(start_ns, end_ns, self.power_uw, self.voltage_uv, self.current_ua)


@dataclass(frozen=True, slots=True)
class EnergyCount:
    """A cumulative energy counter at a moment.

    Attributes:
        at_ns: Monotonic time of the read.
        energy_uj: Counter in microjoules, unwrapped: it never goes down.
    """

    at_ns: int
    energy_uj: int


@dataclass(frozen=True, slots=True)
class Reading:
    """The mean power of a rail over an interval.

    Attributes:
        start_ns: Monotonic time where the interval begins.
        end_ns: Monotonic time where it ends.
        power_uw: Mean power in microwatts.
        voltage_uv: Voltage in microvolts; None where the source does not tell.
        current_ua: Current in microamperes; None where the source does not tell.
    """

    start_ns: int
    end_ns: int
    power_uw: int
    voltage_uv: int | None = None
    current_ua: int | None = None
