"""What calibration knows better than the chip's driver: the true shunt, and a gain of the power."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Correction:
    """Applied to every sample of a rail, before anybody sees it.

    Attributes:
        shunt_uohm: The shunt that is really there, in microohms; None to believe the driver.
        shunt_tolerance_ratio: How far that shunt may be off.
        gain: True power over read power, with the true shunt already counted in.
    """

    shunt_uohm: float | None = None
    shunt_tolerance_ratio: float = 0.01
    gain: float = 1.0

    def current_ratio(self, driver_shunt_uohm: float) -> float:
        """True current over the current that a driver computes with its own idea of the shunt."""
        return 1.0 if self.shunt_uohm is None else driver_shunt_uohm / self.shunt_uohm


NO_CORRECTION = Correction()
