"""One power sensor as the kernel's `ina2xx` driver shows it: a hwmon directory with the chip behind it."""

import contextlib
import random

from edged.simulation.chip import ChipErrors, Ina231, Registers
from edged.simulation.files import AttributeFiles
from edged.simulation.layout import I2C_BUS

# Limits of the INA231's data sheet: gain 0.5 % on current and voltage, offset 50 uV on 10 mOhm, conversion
# time 10 %. The shunt is a 1 % part.
_GAIN = 0.005
_SHUNT = 0.01
_OFFSET_UA = 5000.0
_PERIOD = 0.1
_INPUTS = ("in0_input", "in1_input", "curr1_input", "power1_input")
_NOT_ARMED = (
    *(
        f"in{channel}_{limit}"
        for channel in (0, 1)
        for limit in ("crit", "lcrit", "crit_alarm", "lcrit_alarm")
    ),
    "power1_crit",
    "power1_crit_alarm",
)


def drawn_errors(rng: random.Random, spread: float) -> ChipErrors:
    """How one chip is off: every part anywhere within its limits, times `spread`."""
    return ChipErrors(
        period_ratio=1.0 + spread * rng.uniform(-_PERIOD, _PERIOD),
        current_gain=(1.0 + spread * rng.uniform(-_GAIN, _GAIN))
        * (1.0 + spread * rng.uniform(-_SHUNT, _SHUNT)),
        voltage_gain=1.0 + spread * rng.uniform(-_GAIN, _GAIN),
        current_offset_ua=spread * rng.uniform(-_OFFSET_UA, _OFFSET_UA),
    )


class HwmonSensor:
    """The files of one INA231.

    Args:
        files: Where they stand.
        chip: The chip.
        address: Its I2C address.
        number: Its hwmon number at first.
    """

    def __init__(self, files: AttributeFiles, chip: Ina231, address: int, number: int) -> None:
        """Begin absent: `appear` makes the files."""
        self.chip = chip
        self.number = number
        self.frozen = False
        self._files = files
        self._client = f"{I2C_BUS}/0-{address:04x}"
        self._node = f"soc/i2c@12c60000/power-sensor@{address:x}"
        self._spoilt: bytes | None = None
        self._registers: Registers | None = None
        self._shown: Registers | None = None  # in the files
        self._here = False
        self._interval = ""
        self._inputs: tuple[str, ...] = ()

    @property
    def _directory(self) -> str:
        return f"{self._client}/hwmon/hwmon{self.number}"

    def appear(self, at_ns: int) -> None:
        """The driver binds to the chip; nothing happens if it has already."""
        if self._here:
            return
        directory, files = self._directory, self._files
        files.write(f"{directory}/name", b"ina231\n")
        for name in _NOT_ARMED:
            files.write(f"{directory}/{name}", b"0\n")
        files.write(f"{directory}/shunt_resistor", b"10000\n")
        files.link(f"{directory}/device", "../../../0-" + self._client[-4:])
        files.link(f"{directory}/of_node", f"../../../../../../../../firmware/devicetree/base/{self._node}")
        relative = directory.removeprefix("sys/")
        files.link(f"sys/class/hwmon/hwmon{self.number}", f"../../{relative}")
        self._interval = f"{directory}/update_interval"
        self._inputs = tuple(f"{directory}/{name}" for name in _INPUTS)
        for path in self._inputs:
            files.put(path, b"0\n" if self._spoilt is None else self._spoilt)
        self._here = True
        self._registers = self._shown = None
        self._show_interval()
        self.update(at_ns)

    def vanish(self) -> None:
        """The driver lets go of the chip; nothing happens if it has already."""
        if not self._here:
            return
        self._here = False
        self._files.unlink(f"sys/class/hwmon/hwmon{self.number}")
        self._files.vanish(self._directory)

    def spoil(self, content: bytes | None, at_ns: int) -> None:
        """Fill the input files with `content` instead of values; None brings the values back."""
        self._spoilt = content
        self._registers = self._shown = None
        if content is not None and self._here:
            for path in self._inputs:
                self._files.put(path, content)
        self.update(at_ns)

    def reset(self, at_ns: int) -> None:
        """The chip loses its registers; the driver sets it up afresh."""
        self.chip.reset()
        self._registers = None
        self.update(at_ns)
        if self._here:
            self._show_interval()

    def update(self, at_ns: int) -> int:
        """Show the newest average; give back when the next one will be finished.

        Args:
            at_ns: Now; the rail's truth must be final until then.
        """
        chip = self.chip
        registers = chip.registers(at_ns)
        if registers is self._registers:
            # The chip has started afresh meanwhile: look again until its new rhythm shows.
            return at_ns + chip.period_ns // 16
        self._registers = registers
        if self._here and self._spoilt is None and not self.frozen:
            self._show(registers)
        return max(registers.finished_ns, at_ns - chip.period_ns + 1) + chip.period_ns

    def take_interval(self, at_ns: int) -> bool:
        """Do what somebody wrote into `update_interval`; tell whether the chip starts an average afresh."""
        if not self._here:
            return False
        written = self._files.written(self._interval)
        if not written:
            return False
        with contextlib.suppress(ValueError):  # the driver answers EINVAL and changes nothing
            self.chip.set_update_interval(at_ns, int(written.split(b"\n")[0]))
        self._show_interval()
        return True

    def _show(self, registers: Registers) -> None:
        before, self._shown = self._shown, registers
        put = self._files.put_int
        shunt, bus, current, power = self._inputs
        if before is None or before.shunt != registers.shunt:
            put(shunt, registers.shunt_mv)
        if before is None or before.bus != registers.bus:
            put(bus, registers.voltage_mv)
        if before is None or before.current != registers.current:
            put(current, registers.current_ma)
        if before is None or before.power != registers.power:
            put(power, registers.power_uw)

    def _show_interval(self) -> None:
        self._files.put_int(self._interval, self.chip.update_interval_ms)
