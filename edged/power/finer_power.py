"""Decides whether an INA2xx behind hwmon is read finer by voltage times current or by its power register.

The driver rounds the current to whole milliamperes, so V x I moves in steps of 1 mA x V (more where the
chip's own current step is coarser). The power register moves in steps of 25 (INA219, INA220: 20) times the
current step at 1 V, and drivers before about 4.16 fixed the current step at 1 mA whatever the shunt:

    shunt       supply   V x I     register   old driver's register
    10 mohm     1.2 V    1.2 mW    6.25 mW    25 mW                    -> V x I
    100 mohm    5 V      5 mW      0.625 mW   25 mW                    -> register, unless the driver is old

The register truncates and has no sign, V x I rounds and keeps it: V x I where both are equal.
"""

from edged.power.chip_facts import ChipFacts

_ROUNDING_UA = 1_000
_OLD_CURRENT_STEP_UA = 1_000


class FinerPower:
    """The decision for one chip: taken as soon as the readings allow it, and then kept.

    Args:
        facts: The chip.
        shunt_uohm: The shunt that the driver computes with.
    """

    def __init__(self, facts: ChipFacts, shunt_uohm: float) -> None:
        """Work out the steps; nothing is decided yet."""
        chip_step_ua = facts.shunt_step_nv * 1_000 / shunt_uohm
        self._product_step_ua = max(chip_step_ua, _ROUNDING_UA)
        self._register_step_uw = facts.power_step_factor * chip_step_ua
        self._old_register_step_uw = facts.power_step_factor * _OLD_CURRENT_STEP_UA
        self.register: bool | None = None  # None while it is not decided

    def choose_register(self, power_uw: int, voltage_uv: int) -> bool:
        """Whether to take the power register for this reading.

        Which driver it is shows at the first register value off the old driver's grid. Until then
        V x I is taken where the answer depends on it.

        Args:
            power_uw: What the power register says.
            voltage_uv: The voltage of the rail; at 0 nothing can be decided.
        """
        if self.register is None and voltage_uv > 0:
            product_step_uw = self._product_step_ua * voltage_uv / 1_000_000
            if product_step_uw <= self._register_step_uw:
                self.register = False
            elif product_step_uw > self._old_register_step_uw or power_uw % self._old_register_step_uw:
                self.register = True
        return bool(self.register)
