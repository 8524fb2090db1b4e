"""What the kernel shows of the simulated chip: the attributes that change, sensors excepted."""

from edged.simulation.files import AttributeFiles
from edged.simulation.layout import (
    CLUSTERS,
    FAN_HWMON,
    FAN_PWM,
    GPU,
    GPU_FREQUENCIES_HZ,
    GPU_RUNS_AT_HZ,
    ZONE_NAMES,
    cooling_directory,
    zone_directory,
)
from edged.simulation.soc import Soc
from edged.simulation.stepwise import FAN, GPU_CLOCK

_NS_PER_TICK = 10_000_000
_NS_PER_MS = 1_000_000
_BOGUS_MC = 254_000  # seen on real XU4s [S57][S58]


class KernelFiles:
    """Keeps the attributes in step with the chip.

    Args:
        files: Where they stand.
        soc: The chip.
    """

    def __init__(self, files: AttributeFiles, soc: Soc) -> None:
        """Nothing is written yet."""
        self._files = files
        self._soc = soc
        self.bogus_zones: set[str] = set()
        self._zones = tuple(f"{zone_directory(number)}/temp" for number in range(len(ZONE_NAMES)))
        self._policies = tuple(
            (
                soc.policies[name],
                f"{cluster.policy}/stats",
                b"".join(b"%d %%d\n" % point.frequency_khz for point in cluster.ladder),
            )
            for name, cluster in CLUSTERS.items()
        )
        self._devices = tuple(
            (
                device,
                f"{cooling_directory(kind)}/stats",
                b"".join(b"state%d\t%%d\n" % state for state in range(device.max_state + 1)),
            )
            for kind, device in soc.devices.items()
        )

    def show_all(self, at_ns: int) -> None:
        """Write everything as it now is."""
        self.show_clocks()
        self.show_cooling()
        self.show_temperatures()
        self.show_counters(at_ns)

    def show_clocks(self) -> None:
        """Clocks, their limits, and the set points of the clusters' supplies."""
        put = self._files.put_int
        for name, cluster in CLUSTERS.items():
            policy = self._soc.policies[name]
            put(f"{cluster.policy}/scaling_cur_freq", policy.point.frequency_khz)
            put(f"{cluster.policy}/cpuinfo_cur_freq", policy.point.frequency_khz)
            put(f"{cluster.policy}/scaling_max_freq", policy.limit.frequency_khz)
            put(cluster.microvolts, policy.point.voltage_uv)

    def show_cooling(self) -> None:
        """States of the cooling devices, the fan's duty and the GPU's clock."""
        put, devices = self._files.put_int, self._soc.devices
        for kind, device in devices.items():
            put(f"{cooling_directory(kind)}/cur_state", device.state)
        put(f"{FAN_HWMON}/pwm1", FAN_PWM[devices[FAN].state])
        limit_hz = GPU_FREQUENCIES_HZ[-1 - devices[GPU_CLOCK].state]
        put(f"{GPU}/cur_freq", min(GPU_RUNS_AT_HZ, limit_hz))

    def show_temperatures(self) -> None:
        """What the thermal zones read."""
        for name, path, zone_c in zip(ZONE_NAMES, self._zones, self._soc.warmth.zones_c(), strict=True):
            self._files.put_int(path, _BOGUS_MC if name in self.bogus_zones else zone_c * 1000)

    def show_counters(self, at_ns: int) -> None:
        """The kernel's counters of time and transitions, and /proc/stat."""
        put = self._files.put
        for policy, stats, lines in self._policies:
            ticks = tuple([ns // _NS_PER_TICK for ns in policy.time_in_state_ns(at_ns)])
            put(f"{stats}/time_in_state", lines % ticks)
            put(f"{stats}/total_trans", b"%d\n" % policy.transitions)
        for device, stats, lines in self._devices:
            times_ms = tuple([ns // _NS_PER_MS for ns in device.time_in_state_ns(at_ns)])
            put(f"{stats}/time_in_state_ms", lines % times_ms)
            put(f"{stats}/total_trans", b"%d\n" % device.transitions)
        put("proc/stat", self._stat(at_ns))

    def _stat(self, at_ns: int) -> bytes:
        up = self._soc.load.up_ns(at_ns) // _NS_PER_TICK
        lines = []
        total_user = total_idle = 0
        for cpu, busy_ns in enumerate(self._soc.load.busy_ns(at_ns)):
            user = int(busy_ns) // _NS_PER_TICK
            total_user += user
            total_idle += up - user
            lines.append(b"cpu%d %d 0 0 %d 0 0 0 0 0 0\n" % (cpu, user, up - user))
        return b"cpu  %d 0 0 %d 0 0 0 0 0 0\n" % (total_user, total_idle) + b"".join(lines)
