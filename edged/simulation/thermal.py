"""How warm the chip gets: a chain of first-order stages between each heat source and the air.

```
 busy core ──▶ core spot ─┐
 A15 cluster ─────────────┴▶ cluster ─┐
 all of the chip ─────────────────────┴▶ package ──▶ heat sink ──▶ air
```

Each stage adds a rise x over the stage below it, with x' = (R P - x) / tau, whose solution for constant
power is exact: x(t) = R P + (x(0) - R P) exp(-t / tau). A zone's temperature is the sum along its path. The
fan changes R of the heat sink, and with it tau = R C.

The constants are chosen, not measured, so that the figures of the hardware sheet come out: idle between 31
and 55 °C; one busy A15 core at 2 GHz 52 to 57 °C at its own sensor and less at the others [S60][S71]; four
busy A15 cores at 75 °C within 12 s [S47]. The sensors resolve 1 °C.
"""

import math
from collections.abc import Sequence

BIG_CORES = 4

_SINK_K_PER_W = (14.0, 7.5, 5.5, 4.5)  # by fan state; the fan stands still in state 0
_SINK_J_PER_K = 18.0
_PACKAGE_K_PER_W, _PACKAGE_TAU_S = 2.1, 3.0
_CLUSTER_K_PER_W, _CLUSTER_TAU_S = 3.1, 1.0
_CORE_K_PER_W, _CORE_TAU_S = 3.0, 0.25
# Four sensors beside the A15 cores, one in the GPU: they never agree to the degree, not even on an idle chip.
_ZONE_OFFSETS_C = (0.6, 0.0, -0.6, -1.2, -0.4)
_GPU_SHARE = 0.4  # of the A15 cluster's rise that reaches the GPU's sensor
# What else the chip turns into heat: interconnect and memory controller, which no rail sensor sees.
UNMEASURED_W = 0.7


class Warmth:
    """The temperatures of one chip.

    Args:
        ambient_c: Temperature of the air in degrees Celsius.
        fan_works: False for a fan that stands still in every state.
        idle_w: Power that has warmed it up before the start, in watts.
    """

    def __init__(self, ambient_c: float, *, fan_works: bool = True, idle_w: float = 0.0) -> None:
        """Begin in balance with idle power and a fan that stands still."""
        self.ambient_c = ambient_c
        self._fan_works = fan_works
        self._sink_k_per_w = _SINK_K_PER_W[0]
        self._sink_k = self._sink_k_per_w * (idle_w + UNMEASURED_W)
        self._package_k = _PACKAGE_K_PER_W * (idle_w + UNMEASURED_W)
        self._cluster_k = 0.0
        self._core_k = [0.0] * BIG_CORES
        self._decay: dict[tuple[float, float], tuple[float, float, float, float]] = {}

    def set_fan(self, state: int) -> None:
        """The fan turns at that state, 0 to 3, if it works."""
        if self._fan_works:
            self._sink_k_per_w = _SINK_K_PER_W[state]

    def elapse(self, duration_s: float, chip_w: float, big_w: float, core_w: Sequence[float]) -> None:
        """Let time pass at constant power.

        Args:
            duration_s: How long, in seconds.
            chip_w: Power of all measured rails inside the chip, in watts.
            big_w: Power of the A15 cluster, in watts.
            core_w: Power of each busy A15 core, in watts.
        """
        sink_decay, package_decay, cluster_decay, core_decay = self._decays(duration_s)
        power_w = chip_w + UNMEASURED_W
        target_k = self._sink_k_per_w * power_w
        self._sink_k = target_k + (self._sink_k - target_k) * sink_decay
        target_k = _PACKAGE_K_PER_W * power_w
        self._package_k = target_k + (self._package_k - target_k) * package_decay
        target_k = _CLUSTER_K_PER_W * big_w
        self._cluster_k = target_k + (self._cluster_k - target_k) * cluster_decay
        self._core_k = [
            _CORE_K_PER_W * watts + (rise - _CORE_K_PER_W * watts) * core_decay
            for rise, watts in zip(self._core_k, core_w, strict=True)
        ]

    @property
    def package_c(self) -> float:
        """Temperature of the chip away from the A15 cluster: the A7 cluster, GPU and memory leak at it."""
        return self.ambient_c + self._sink_k + self._package_k

    @property
    def big_c(self) -> float:
        """Mean temperature of the A15 cluster, which its leakage follows."""
        return self.package_c + self._cluster_k + sum(self._core_k) / BIG_CORES

    def zones_c(self) -> list[int]:
        """What the five sensors show, in whole degrees."""
        package_c = self.package_c
        exact = [package_c + self._cluster_k + core_k for core_k in self._core_k]
        exact.append(package_c + _GPU_SHARE * self._cluster_k)
        return [round(value + offset) for value, offset in zip(exact, _ZONE_OFFSETS_C, strict=True)]

    def _decays(self, duration_s: float) -> tuple[float, float, float, float]:
        key = (duration_s, self._sink_k_per_w)
        decays = self._decay.get(key)
        if decays is None:
            taus_s = (
                self._sink_k_per_w * _SINK_J_PER_K,
                _PACKAGE_TAU_S,
                _CLUSTER_TAU_S,
                _CORE_TAU_S,
            )
            sink, package, cluster, core = (math.exp(-duration_s / tau_s) for tau_s in taus_s)
            decays = (sink, package, cluster, core)
            if len(self._decay) < 64:  # the fixed step comes again and again, odd ones hardly ever
                self._decay[key] = decays
        return decays
