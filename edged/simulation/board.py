"""The simulated board: physics behind, sysfs in front.

```
 worker's load ──▶ Soc: power, heat, kernel ──▶ truth of each rail ──▶ INA231 ──┐
                        │                                                      ├──▶ files ──▶ the real readers
                        └── clocks, cooling, temperatures, counters ───────────┘
```

Everything happens in callbacks of one `VirtualClock`, at the moments when something changes: an average of a
chip is finished, the load changes, the kernel looks at the temperatures. Somebody moves the clock: in virtual
time whoever sleeps on it, in real time a thread (see `observed.py`).
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from edged.errors import UsageError
from edged.simulation.chip import Ina231
from edged.simulation.clock import VirtualClock
from edged.simulation.cpufreq import GOVERNORS, SAMPLING_NS
from edged.simulation.faults import Faults
from edged.simulation.files import AttributeFiles
from edged.simulation.foreign import ForeignLoad
from edged.simulation.hwmon import HwmonSensor, drawn_errors
from edged.simulation.kernel_files import KernelFiles
from edged.simulation.layout import CLUSTERS, KINDS
from edged.simulation.rails import TrueEnergy
from edged.simulation.scenario import Scenario
from edged.simulation.seeds import seeded
from edged.simulation.sensor_rhythm import SensorRhythm
from edged.simulation.soc import Soc
from edged.simulation.stepwise import POLLING_NS
from edged.simulation.tree import write_sensor, write_tree
from edged.simulation.work import Done, Work

# Powers are constant for so long at most, for leakage follows the temperature. Half a look of the kernel's.
_STEP_NS = POLLING_NS // 2
_KEPT_NS = 6 * 3600 * 1_000_000_000
_FORGET_EVERY_NS = 600 * 1_000_000_000


class SimulatedBoard:
    """An ODROID-XU3 or XU4 made of files.

    Args:
        kind: `xu3` or `xu4`.
        directory: Where its file system is written; the root for the real readers. New or empty.
        clock: The time it lives in. One thread at a time may move it or call methods here.
        seed: Makes noise, phases, chip errors and foreign load repeatable.
        scenario: The circumstances.

    Raises:
        UsageError: If there is no such kind of board, the directory is not empty, or the scenario names what
            the board has not.
    """

    def __init__(
        self,
        kind: str,
        directory: Path,
        clock: VirtualClock,
        *,
        seed: int = 0,
        scenario: Scenario | None = None,
    ) -> None:
        """Write the files and begin idle, warm from idling."""
        self.scenario = scenario or Scenario()
        _check(kind, directory, self.scenario)
        self.kind = KINDS[kind]
        self.directory = directory
        self.clock = clock
        self.seed = seed
        now_ns = clock.monotonic_ns()
        self.soc = Soc(self.scenario, now_ns)
        self._start_ns = now_ns
        self._closed = False
        self._works: list[Work] = []
        self._judging: dict[str, tuple[int, list[float]]] = {}
        self._files = AttributeFiles(directory)
        write_tree(self._files, self.kind, self.scenario.governor)
        self._kernel = KernelFiles(self._files, self.soc)
        self._kernel.show_all(now_ns)
        self.sensors = self._fit_sensors(now_ns)
        self.rhythm = SensorRhythm(clock, self.sensors)
        clock.call_at(now_ns + _STEP_NS, self._step)
        self.faults = Faults(self, self._kernel, self.scenario.faults)
        for change in self.scenario.air:
            clock.call_at(now_ns + round(change.at_s * 1e9), partial(self._set_air, change.ambient_c))
        self.foreign = ForeignLoad(self, seeded(seed, "foreign"))

    def advance(self, to_ns: int) -> None:
        """Move the clock; for whoever drives the board in real time: files may then change at any time."""
        self.rhythm.driven = True
        self.clock.run_until(to_ns)

    def set_busy(self, cpu: int, share: float) -> None:
        """The worker wants this share of a CPU from now on, 0 to 1."""
        self.soc.load.set_own(self.clock.monotonic_ns(), cpu, share)
        self._load_changed()

    def set_foreign(self, cpu: int, share: float) -> None:
        """Others want this share of a CPU from now on, 0 to 1."""
        self.soc.load.set_foreign(self.clock.monotonic_ns(), cpu, share)
        self._load_changed()

    def start_work(
        self, cluster: str, cpus: tuple[int, ...], nominal_ns: float, done: Callable[[Done], None]
    ) -> Work:
        """Keep CPUs busy until a piece of work is finished, at whatever clock the kernel allows.

        Args:
            cluster: CPU cluster of the CPUs.
            cpus: One CPU for each thread.
            nominal_ns: How long one thread takes at the cluster's highest clock.
            done: Called at the very moment when it is finished.
        """
        now_ns = self.clock.monotonic_ns()
        work = Work(cluster, cpus, now_ns, nominal_ns, done)
        self._works.append(work)
        for cpu in cpus:
            self.soc.load.set_own(now_ns, cpu, 1.0)
        self._load_changed()
        return work

    def stop_work(self, work: Work) -> None:
        """Drop a piece of work before it is finished; nothing happens if it is not under way."""
        if work in self._works:
            self._works.remove(work)
            for cpu in work.cpus:
                self.soc.load.set_own(self.clock.monotonic_ns(), cpu, 0.0)
            self._load_changed()

    def truth(self, start_ns: int, end_ns: int) -> Mapping[str, TrueEnergy]:
        """What each rail truly consumed between two past moments of the last six hours.

        All four rails, sensors or not. See `rails.py` for what counts as idle.
        """
        return {rail: truth.energy(start_ns, end_ns) for rail, truth in self.soc.rails.items()}

    def refresh(self) -> None:
        """Bring the kernel's counters up to this very moment; otherwise they may lag by 0.125 s."""
        self._kernel.show_counters(self.clock.monotonic_ns())

    def close(self) -> None:
        """Let nothing more happen; the files stay as they are."""
        self._closed = True
        self.rhythm.close()
        self._files.close()

    def _fit_sensors(self, now_ns: int) -> dict[str, HwmonSensor]:
        sensors = {}
        by_address = sorted(self.kind.sensors.items(), key=lambda item: item[1])
        for number, (rail, address) in enumerate(by_address, start=1):
            write_sensor(self._files, address)
            rng = seeded(self.seed, rail)
            errors = drawn_errors(rng, self.scenario.chip_spread)
            chip = Ina231(self.soc.rails[rail].total, rng, start_ns=now_ns, errors=errors)
            sensors[rail] = HwmonSensor(self._files, chip, address, number)
            sensors[rail].appear(now_ns)
        return sensors

    def _step(self) -> None:
        """Temperatures have moved: powers, thermometers and the kernel's cooling follow."""
        if self._closed:
            return
        now_ns = self.clock.monotonic_ns()
        self.clock.call_at(now_ns + _STEP_NS, self._step)
        self.soc.settle(now_ns)
        self._kernel.show_temperatures()
        elapsed_ns = now_ns - self._start_ns
        if elapsed_ns % POLLING_NS == 0 and self.soc.look(now_ns):
            self._kernel.show_cooling()
            self._clocks_changed(now_ns)
        self._kernel.show_counters(now_ns)
        if elapsed_ns % _FORGET_EVERY_NS == 0:
            for truth in self.soc.rails.values():
                truth.drop_before(now_ns - _KEPT_NS)

    def _set_air(self, ambient_c: float) -> None:
        self.soc.settle(self.clock.monotonic_ns())
        self.soc.warmth.ambient_c = ambient_c

    def _load_changed(self) -> None:
        now_ns = self.clock.monotonic_ns()
        self.soc.settle(now_ns)
        self._set_paces(now_ns)
        for name, policy in self.soc.policies.items():
            if name not in self._judging and not policy.settled(self._peak(name)):
                self._judge_later(name, now_ns)

    def _clocks_changed(self, now_ns: int) -> None:
        self.soc.settle(now_ns)
        self._kernel.show_clocks()
        self._set_paces(now_ns)

    def _set_paces(self, now_ns: int) -> None:
        for work in self._works:
            if work.set_pace(now_ns, self.soc.speed(work.cluster), self.soc.load.own(work.cpus[0])):
                self.clock.call_at(work.due_ns, partial(self._finish, work))

    def _finish(self, work: Work) -> None:
        now_ns = self.clock.monotonic_ns()
        if self._closed or work not in self._works or work.due_ns > now_ns:
            return  # it was stopped, or has got slower meanwhile
        self.stop_work(work)
        work.done(work.finish(now_ns))

    def _peak(self, cluster: str) -> float:
        return max(self.soc.load.total(cpu) for cpu in CLUSTERS[cluster].cpus)

    def _judge_later(self, cluster: str, now_ns: int) -> None:
        self._judging[cluster] = (now_ns, self.soc.load.busy_ns(now_ns))
        jiffy_ns = now_ns - (now_ns - self._start_ns) % SAMPLING_NS + SAMPLING_NS
        self.clock.call_at(jiffy_ns, partial(self._judge, cluster))

    def _judge(self, cluster: str) -> None:
        if self._closed:
            return
        now_ns = self.clock.monotonic_ns()
        since_ns, before = self._judging.pop(cluster)
        busy = self.soc.load.busy_ns(now_ns)
        load = max(busy[cpu] - before[cpu] for cpu in CLUSTERS[cluster].cpus) / (now_ns - since_ns)
        policy = self.soc.policies[cluster]
        if policy.judge(now_ns, load):
            self._clocks_changed(now_ns)
        if not policy.settled(self._peak(cluster)):
            self._judge_later(cluster, now_ns)


def _check(kind: str, directory: Path, scenario: Scenario) -> None:
    if kind not in KINDS:
        raise UsageError(f"there is no simulated board {kind!r}", remedy=f"choose one of {', '.join(KINDS)}")
    if scenario.governor not in GOVERNORS:
        what = f"the simulated board has no governor {scenario.governor!r}"
        raise UsageError(what, remedy=f"choose one of {', '.join(GOVERNORS)}")
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise UsageError(
            "is not an empty directory, and a simulated board writes a whole file system",
            where=str(directory),
            remedy="name a new one",
        )
