"""An INA231 in front of a rail's true power, as the kernel's driver shows it.

The chip alternates shunt and bus conversions, and after N of each puts their means into its registers:

```
 average k-1     average k                                          average k+1
      │ shunt │  bus  │ shunt │  bus  │    ... N times ...   │  bus  │ shunt │
      0      1.1     2.2     3.3     4.4 ms                          35.2 ms
                                       registers change here, all at once ──┘
```

So it watches the current half of the time, and says nothing new until the next average is finished.

Sources: INA231 data sheet (SBOS644C): conversion times, averages, LSB sizes, gain and offset errors,
conversion time 10 % longer at most; hardware sheet section 2.2: what the driver makes of the registers.
"""

import math
import random
from dataclasses import dataclass
from typing import NamedTuple

from edged.simulation.timeline import RailTimeline

AVERAGES = (1, 4, 16, 64, 128, 256, 512, 1024)
DEFAULT_AVERAGES = 16
CONVERSION_NS = 1_100_000
SHUNT_LSB_NV = 2_500
BUS_LSB_UV = 1_250
SHUNT_UOHM = 10_000
FULL_SCALE = 32_767  # of the signed 16-bit registers


@dataclass(frozen=True, slots=True)
class ChipErrors:
    """How this one chip differs from an ideal one.

    Attributes:
        period_ratio: Duration of a conversion over its nominal one; the data sheet allows 0.9 to 1.1.
        current_gain: Factor on the current: chip gain and shunt tolerance together.
        voltage_gain: Factor on the bus voltage.
        current_offset_ua: Added to the current, in microamperes.
        current_noise_ua: Standard deviation of one shunt conversion, in microamperes.
        voltage_noise_uv: Standard deviation of one bus conversion, in microvolts.
    """

    period_ratio: float = 1.0
    current_gain: float = 1.0
    voltage_gain: float = 1.0
    current_offset_ua: float = 0.0
    current_noise_ua: float = 600.0
    voltage_noise_uv: float = 0.0


class Registers(NamedTuple):
    """What the chip's registers hold, in its own units; `finished_ns` is the truth that nobody outside sees.

    Attributes:
        finished_ns: When this average was finished; the start of time for a chip just reset.
        averaged_ns: How long this average took.
        shunt: Shunt voltage, 2.5 uV.
        bus: Bus voltage, 1.25 mV.
        current: Current, in units of the current LSB.
        power: Power, in units of 25 current LSB x 1 V; the chip truncates it.
        current_lsb_ua: What the driver's calibration made of the current LSB, in microamperes.
    """

    finished_ns: int
    averaged_ns: int
    shunt: int
    bus: int
    current: int
    power: int
    current_lsb_ua: int

    @property
    def shunt_mv(self) -> int:
        """`in0_input`."""
        return _rounded(self.shunt * SHUNT_LSB_NV, 1_000_000)

    @property
    def voltage_mv(self) -> int:
        """`in1_input`."""
        return _rounded(self.bus * BUS_LSB_UV, 1000)

    @property
    def current_ma(self) -> int:
        """`curr1_input`."""
        return _rounded(self.current * self.current_lsb_ua, 1000)

    @property
    def power_uw(self) -> int:
        """`power1_input`."""
        return self.power * 25 * self.current_lsb_ua


class Ina231:
    """One chip on one rail. For one thread; moments must not go back.

    Attributes:
        averages: Conversions of each kind in one average.
        period_ns: True duration of one average.

    Args:
        timeline: The rail's true power; what it holds up to the moment of a read must be final.
        rng: Source of phase and noise, this chip's own.
        start_ns: A moment before the first read; the phase of the averages is random around it.
        errors: How this chip differs from an ideal one.
        shunt_uohm: Shunt resistance that the driver believes in, in microohms.
        current_lsb_ua: 250 for the current driver at 10 mOhm, 1000 for the old one (hardware sheet 2.2).
    """

    def __init__(
        self,
        timeline: RailTimeline,
        rng: random.Random,
        *,
        start_ns: int = 0,
        errors: ChipErrors | None = None,
        shunt_uohm: int = SHUNT_UOHM,
        current_lsb_ua: int = 250,
    ) -> None:
        """Have the chip running, in the middle of an average."""
        self._timeline = timeline
        self._rng = rng
        self._errors = errors or ChipErrors()
        self._lsb_ua = SHUNT_LSB_NV * 1000 / shunt_uohm
        self._current_lsb_ua = current_lsb_ua
        self._conversion_ns = round(CONVERSION_NS * self._errors.period_ratio)
        self._average_over(DEFAULT_AVERAGES)
        self._origin_ns = start_ns - rng.randrange(self.period_ns)
        # The first average may have begun before the origin: the timeline reaches back for ever.
        self._index = -2
        self._registers = self._zero()
        self._just_reset = False

    @property
    def update_interval_ms(self) -> int:
        """`update_interval` as the driver computes it: the nominal duration of one average."""
        return _rounded(2 * CONVERSION_NS * self.averages, 1_000_000)

    def set_averages(self, at_ns: int, averages: int) -> None:
        """Average over that many conversions from now on; the average under way is lost.

        Args:
            at_ns: Now.
            averages: One of `AVERAGES`.

        Raises:
            ValueError: If the chip has no such setting.
        """
        if averages not in AVERAGES:
            raise ValueError(f"an INA231 cannot average over {averages} conversions")
        self._registers = self.registers(at_ns)
        self._average_over(averages)
        self._restart(at_ns)

    def set_update_interval(self, at_ns: int, interval_ms: int) -> None:
        """`update_interval` written: the driver takes the nearest number of averages.

        Raises:
            ValueError: If the interval is not positive.
        """
        if interval_ms <= 0:
            raise ValueError("update_interval must be positive")
        wanted = interval_ms * 1_000_000 / (2 * CONVERSION_NS)
        self.set_averages(at_ns, min(AVERAGES, key=lambda averages: abs(averages - wanted)))

    def reset(self) -> None:
        """Lose power for a moment: the next read gives zeros, and sets the chip up afresh."""
        self._just_reset = True

    def registers(self, at_ns: int) -> Registers:
        """The newest average finished by `at_ns`; the same one until the next is finished.

        The first read after a reset gives zeros while the driver writes calibration and configuration
        again: 16 averages, whatever it was before.
        """
        if self._just_reset:
            self._just_reset = False
            self._registers = self._zero()
            self._average_over(DEFAULT_AVERAGES)
            self._restart(at_ns)
        index = (at_ns - self._origin_ns) // self.period_ns - 1
        if index > self._index:
            self._index = index
            self._registers = self._average(self._origin_ns + index * self.period_ns)
        return self._registers

    def _average_over(self, averages: int) -> None:
        self.averages = averages
        self.period_ns = 2 * self._conversion_ns * averages
        spread = 1.0 / math.sqrt(averages)
        self._current_noise_ua = self._errors.current_noise_ua * spread
        self._voltage_noise_uv = self._errors.voltage_noise_uv * spread

    def _restart(self, at_ns: int) -> None:
        self._origin_ns = at_ns
        self._index = -1

    def _zero(self) -> Registers:
        return Registers(0, self.period_ns, 0, 0, 0, 0, self._current_lsb_ua)

    def _average(self, start_ns: int) -> Registers:
        """The average that begins at `start_ns`, with its noise."""
        errors, lsb_ua = self._errors, self._lsb_ua
        end_ns = start_ns + self.period_ns
        steady = self._timeline.constant(start_ns, end_ns)
        if steady is not None:
            voltage_uv = float(steady.voltage_uv)
            current_ua = steady.power_uw * 1e6 / voltage_uv
        else:
            current_ua, voltage_uv = self._means(start_ns, end_ns)
        if self._current_noise_ua:
            current_ua += self._rng.gauss(0.0, self._current_noise_ua)
        if self._voltage_noise_uv:
            voltage_uv += self._rng.gauss(0.0, self._voltage_noise_uv)
        current_ua = current_ua * errors.current_gain + errors.current_offset_ua
        shunt = _clipped(round(current_ua / lsb_ua))
        bus = _clipped(round(voltage_uv * errors.voltage_gain / BUS_LSB_UV))
        # The calibration register makes current from the shunt voltage, the multiplier power from both.
        current = _clipped(int(shunt * lsb_ua / self._current_lsb_ua))
        power = abs(current) * bus // 20_000
        return Registers(end_ns, end_ns - start_ns, shunt, bus, current, power, self._current_lsb_ua)

    def _means(self, start_ns: int, end_ns: int) -> tuple[float, float]:
        """Mean current over the shunt conversions, mean voltage over the bus conversions."""
        conversion_ns = self._conversion_ns
        charge = voltage = 0.0
        shunt_before_ns = bus_before_ns = 0
        for _, until_ns, power_uw, voltage_uv in self._timeline.segments(start_ns, end_ns):
            elapsed_ns = until_ns - start_ns
            pairs, rest_ns = divmod(elapsed_ns, 2 * conversion_ns)
            shunt_ns = pairs * conversion_ns + min(rest_ns, conversion_ns)
            bus_ns = elapsed_ns - shunt_ns
            charge += power_uw * 1e6 / voltage_uv * (shunt_ns - shunt_before_ns)
            voltage += float(voltage_uv) * (bus_ns - bus_before_ns)
            shunt_before_ns, bus_before_ns = shunt_ns, bus_ns
        half_ns = (end_ns - start_ns) // 2
        return charge / half_ns, voltage / half_ns


def _clipped(raw: int) -> int:
    return raw if -FULL_SCALE <= raw <= FULL_SCALE else FULL_SCALE if raw > 0 else -FULL_SCALE - 1


def _rounded(numerator: int, denominator: int) -> int:
    """Round half away from zero, as the kernel's DIV_ROUND_CLOSEST does."""
    quotient = (2 * abs(numerator) + denominator) // (2 * denominator)
    return quotient if numerator >= 0 else -quotient
