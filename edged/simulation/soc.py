"""The chip: load makes power, power makes heat, heat makes the kernel slow the clocks, clocks make power.

Nothing happens between two calls: powers are constant until `settle` says otherwise.
"""

from edged.simulation import power
from edged.simulation.cooling import CoolingDevice
from edged.simulation.cpufreq import Policy
from edged.simulation.layout import CLUSTERS, COOLING_DEVICES, ZONE_TRIPS
from edged.simulation.load import CpuLoad
from edged.simulation.power import leakage_ratio
from edged.simulation.rails import Draw, RailTruth
from edged.simulation.scenario import Scenario
from edged.simulation.stepwise import FAN, StepWise
from edged.simulation.thermal import Warmth

RAILS = ("big", "mem", "gpu", "little")
# The regulator holds its voltage behind the sensor; at 1.28 A an XU3 read 1198 mV of 1200.
_SUPPLY_OHM = 0.0015
_CLUSTER_POWER = {"little": power.LITTLE, "big": power.BIG}
_MEMORY_PER_CORE_W = {"little": power.MEMORY_PER_LITTLE_CORE_W, "big": power.MEMORY_PER_BIG_CORE_W}
_IDLE_W = 0.33  # of the four rails together, before the start


class Soc:
    """The Exynos 5422 with its fan and its kernel.

    Args:
        scenario: The circumstances.
        start_ns: Monotonic time at the beginning.
    """

    def __init__(self, scenario: Scenario, start_ns: int) -> None:
        """Begin idle, and as warm as idling makes it."""
        self.load = CpuLoad(start_ns)
        self.policies = {
            name: Policy(cluster.ladder, scenario.governor, start_ns) for name, cluster in CLUSTERS.items()
        }
        self.devices = {
            kind: CoolingDevice(kind, max_state, start_ns) for kind, max_state in COOLING_DEVICES.items()
        }
        self.warmth = Warmth(scenario.ambient_c, fan_works=scenario.fan_works, idle_w=_IDLE_W)
        self._governor = StepWise(ZONE_TRIPS, self.devices)
        self._points = {
            name: tuple(_CLUSTER_POWER[name].at(point) for point in cluster.ladder)
            for name, cluster in CLUSTERS.items()
        }
        self._since_ns = start_ns
        self._chip_w = self._big_w = 0.0
        self._core_w = [0.0] * len(CLUSTERS["big"].cpus)
        self.rails = {rail: RailTruth(start_ns) for rail in RAILS}
        self.settle(start_ns)

    def _elapse(self, at_ns: int) -> None:
        """Let time pass until `at_ns` at the present powers."""
        if at_ns > self._since_ns:
            duration_s = (at_ns - self._since_ns) / 1e9
            self.warmth.elapse(duration_s, self._chip_w, self._big_w, self._core_w)
            self._since_ns = at_ns

    def settle(self, at_ns: int) -> None:
        """Let time pass until `at_ns`; from then on the present load, clocks and temperature make power."""
        self._elapse(at_ns)
        package_c = self.warmth.package_c
        little, memory_of_little = self._cluster("little", package_c)
        big, memory_of_big = self._cluster("big", self.warmth.big_c)
        gpu = Draw(power.GPU_IDLE_W * leakage_ratio(package_c))
        memory = Draw(
            power.MEMORY_IDLE_W,
            memory_of_little.own_w + memory_of_big.own_w,
            memory_of_little.foreign_w + memory_of_big.foreign_w,
        )
        self._supply("little", at_ns, little, self.policies["little"].point.voltage_v)
        self._supply("big", at_ns, big, self.policies["big"].point.voltage_v)
        self._supply("gpu", at_ns, gpu, power.GPU_SET_V)
        self._supply("mem", at_ns, memory, power.MEMORY_SET_V)
        self._big_w = big.total_w
        self._chip_w = little.total_w + big.total_w + gpu.total_w + memory.total_w
        core_w = self._points["big"][self.policies["big"].index].core_w
        self._core_w = [core_w * self.load.total(cpu) for cpu in CLUSTERS["big"].cpus]

    def look(self, at_ns: int) -> list[CoolingDevice]:
        """Let the kernel look at the temperatures; give back the cooling devices that changed."""
        changed = self._governor.look(at_ns, self.warmth.zones_c())
        for device in changed:
            if device.kind == FAN:
                self.warmth.set_fan(device.state)
            for name, cluster in CLUSTERS.items():
                if cluster.cooling == device.kind:
                    self.policies[name].cool(at_ns, device.state)
        return changed

    def speed(self, cluster: str) -> float:
        """Clock of a cluster relative to its highest."""
        policy = self.policies[cluster]
        return policy.point.frequency_khz / policy.ladder[-1].frequency_khz

    def _cluster(self, name: str, temperature_c: float) -> tuple[Draw, Draw]:
        """What a CPU cluster draws, and what its traffic draws in the memory."""
        point = self._points[name][self.policies[name].index]
        cpus = CLUSTERS[name].cpus
        own = sum(self.load.own(cpu) for cpu in cpus)
        foreign = sum(self.load.foreign(cpu) for cpu in cpus)
        traffic_w = self.speed(name) * _MEMORY_PER_CORE_W[name]
        return (
            Draw(point.idle_w(temperature_c), own * point.core_w, foreign * point.core_w),
            Draw(0.0, own * traffic_w, foreign * traffic_w),
        )

    def _supply(self, rail: str, at_ns: int, draw: Draw, set_v: float) -> None:
        drop_v = _SUPPLY_OHM * draw.total_w / set_v
        self.rails[rail].append(at_ns, draw, set_v - drop_v)
