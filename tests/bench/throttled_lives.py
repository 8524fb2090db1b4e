"""A kernel that throttles, and a daemon that lives, dies and begins again on it, in virtual time.

The kernel is the simulation's: cooling devices, cpufreq policies and `step_wise`. The daemon's parts are the
real ones: conditions, throttling, and the counters as the journal keeps them.
"""

from bisect import bisect_right
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING

from edged.board.cooling import NS_PER_MS, CoolingStatistics, parse_state_times
from edged.board.parts import Board, CoolingDevice, CpuCluster, Identity
from edged.exposition.build_facts import BuildFacts
from edged.exposition.kept_counters import KeptCounters
from edged.exposition.snapshot import Snapshot
from edged.exposition.throttling import THROTTLING
from edged.journal.cooling_marks import marks_as_counters, marks_in, without_marks
from edged.journal.counters import Counters, decode, encode
from edged.sampling.conditions import ConditionsSampler
from edged.sampling.gauges import Gauges
from edged.sampling.throttling import Throttling, marks_of
from edged.simulation.clock import VirtualClock
from edged.simulation.cooling import CoolingDevice as Device
from edged.simulation.cpufreq import Policy
from edged.simulation.layout import CLUSTERS, COOLING_DEVICES
from edged.simulation.stepwise import BIG_CLOCK, CPU_TRIPS, POLLING_NS, StepWise

if TYPE_CHECKING:
    from collections.abc import Callable

NS_PER_S = 1_000_000_000
CLUSTER = "big"
_SECONDS = ("edged_throttled_seconds_total", frozenset({("cpu_cluster", CLUSTER)}))
_EVENTS = ("edged_throttle_events_total", frozenset({("cpu_cluster", CLUSTER)}))
_SECOND_DEVICE = "thermal-idle-4"
_NS_PER_TICK = 10_000_000


@dataclass(frozen=True, slots=True)
class Kernel:
    """How the kernel was built, and what limits the cluster.

    Attributes:
        thermal_statistics: CONFIG_THERMAL_STATISTICS.
        cpufreq_statistics: CONFIG_CPU_FREQ_STAT.
        devices: How many cooling devices limit the cluster: 1 or 2.
    """

    thermal_statistics: bool = True
    cpufreq_statistics: bool = True
    devices: int = 1


class Boot:
    """One boot of the board: its cooling devices, its clock, and the truth about both.

    Args:
        kernel: How it was built.
        clock: Monotonic time of this boot.
    """

    def __init__(self, kernel: Kernel, clock: VirtualClock) -> None:
        self.kernel = kernel
        self.clock = clock
        now_ns = clock.monotonic_ns()
        most = COOLING_DEVICES[BIG_CLOCK]
        self.devices = [Device(name, most, now_ns) for name in (BIG_CLOCK, _SECOND_DEVICE)[: kernel.devices]]
        self.policy = Policy(CLUSTERS[CLUSTER].ladder, "performance", now_ns)
        self.resets_ns: list[int] = []
        self._changed_ns = [0]
        self._throttled_ns = [0]  # up to each change
        self._throttled = False
        self.began_ns: list[int] = []

    def set_state(self, number: int, state: int) -> None:
        """Have a device go to a state."""
        now_ns = self.clock.monotonic_ns()
        self.devices[number].set_state(now_ns, state)
        self.policy.cool(now_ns, max(device.state for device in self.devices))
        self.note()

    def note(self) -> None:
        """Note the truth after devices may have changed."""
        now_ns = self.clock.monotonic_ns()
        throttled = any(device.state > 0 for device in self.devices)
        if throttled is not self._throttled:
            self._throttled_ns.append(self.truth_ns(now_ns))
            self._changed_ns.append(now_ns)
            self._throttled = throttled
            if throttled:
                self.began_ns.append(now_ns)

    def reset(self, number: int) -> None:
        """Write to `stats/reset`, or unbind and bind the driver."""
        self.devices[number].reset(self.clock.monotonic_ns())
        self.resets_ns.append(self.clock.monotonic_ns())

    def truth_ns(self, at_ns: int) -> int:
        """Throttled time from the beginning of the boot to a moment."""
        last = bisect_right(self._changed_ns, at_ns) - 1
        # Each change turns it over, and the first stretch is not throttled.
        return self._throttled_ns[last] + (at_ns - self._changed_ns[last] if last % 2 else 0)

    def gauges(self) -> Gauges:
        """What the kernel shows, in its own texts and steps."""
        return Gauges(
            frequencies_hz=dict,
            limits_hz=dict,
            temperatures_c=dict,
            cooling_states=lambda: {device.kind: device.state for device in self.devices},
            cooling_statistics=self._statistics if self.kernel.thermal_statistics else dict,
            busy_ns=dict,
            memory_frequency_hz=lambda: None,
            at_top_ns=self._at_top if self._by_cpufreq else dict,
        )

    @property
    def _by_cpufreq(self) -> bool:
        return self.kernel.cpufreq_statistics and not self.kernel.thermal_statistics

    def _statistics(self) -> dict[str, CoolingStatistics]:
        now_ns = self.clock.monotonic_ns()
        shown = {}
        for device in self.devices:
            lines = (f"state{n}\t{ns // NS_PER_MS}\n" for n, ns in enumerate(device.time_in_state_ns(now_ns)))
            times_ns = parse_state_times("".join(lines))
            shown[device.kind] = CoolingStatistics(times_ns, device.transitions, device.state)
        return shown

    def _at_top(self) -> dict[str, int]:
        ticks = self.policy.time_in_state_ns(self.clock.monotonic_ns())[-1] // _NS_PER_TICK
        return {CLUSTER: ticks * _NS_PER_TICK}


class Journal:
    """What is on the disk."""

    def __init__(self) -> None:
        self.state: bytes | None = None
        self.at_ns = 0  # of the sample that the counts on the disk are of
        self.boot_id = ""

    def counters(self) -> Counters:
        """As they were written last."""
        return decode(self.state) if self.state else {}


class Life:
    """One life of the daemon on a boot: it samples, and writes, until it is killed.

    Args:
        boot: What it runs on.
        boot_id: Name of the boot.
        journal: Where it goes on from, and writes to.
    """

    def __init__(self, boot: Boot, boot_id: str, journal: Journal) -> None:
        self._journal = journal
        self._boot_id = boot_id
        self._board = board_of(boot.kernel)
        self._throttling = Throttling(self._board)
        self._conditions = ConditionsSampler(boot.gauges(), boot.clock, listeners=[self._throttling.add])
        resumed = journal.counters()
        self.sample()
        marks, same_boot = marks_in(resumed, boot_id)
        self._throttling.resume(marks, same_boot=same_boot)
        self._kept = KeptCounters(
            without_marks(resumed),
            self._snapshot,
            (THROTTLING,),
            lambda snapshot: marks_as_counters(marks_of(snapshot.throttling), boot_id),
        )

    def sample(self) -> None:
        """Look at the board."""
        self.sampled_ns = self._conditions.sample().end_ns

    def write(self) -> None:
        """Have all counters written."""
        self._journal.state = encode(self._kept.take())
        self._journal.at_ns, self._journal.boot_id = self.sampled_ns, self._boot_id
        self._kept.kept()

    @property
    def doubt_ns(self) -> int:
        """How far the seconds of this life may be off, by its own account."""
        return self._throttling.totals[CLUSTER].doubt_ns

    def counted(self) -> tuple[int, int]:
        """Throttled nanoseconds and events so far, as they would be exported."""
        counters = self._kept.take()
        return round(counters[_SECONDS] * NS_PER_S), round(counters[_EVENTS])

    def _snapshot(self) -> Snapshot:
        return replace(_NOTHING, board=self._board, throttling=self._throttling.totals)


def board_of(kernel: Kernel) -> Board:
    """The board as discovered."""
    return Board(
        identity=Identity("a board", (), "", "", ""),
        clusters=(CpuCluster(CLUSTER, "Cortex-A15", (4, 5, 6, 7), policy="sys/policy4"),),
        cooling_devices=tuple(
            CoolingDevice(name, f"sys/{name}", 18, CLUSTER, statistics=kernel.thermal_statistics)
            for name in (BIG_CLOCK, _SECOND_DEVICE)[: kernel.devices]
        ),
    )


_NOTHING = Snapshot(0, 0.0, BuildFacts("", "", "", "", ""), board_of(Kernel()))


@dataclass(slots=True)
class Outcome:
    """How a sequence of lives ended.

    Attributes:
        kernel: How the kernel was built.
        error_ns: Counted less true throttled time.
        truth_ns: True throttled time, while watched or counted by the kernel.
        doubt_ns: How far it may be off, by the daemon's own account.
        events: Counted.
        true_events: True ones while watched or counted by the kernel.
        samples: How often the board was looked at.
        restarts: How often the daemon was killed and came back.
        boots: Boots after the first.
        resets: Counters that began anew.
        longest_interval_ns: Longest time between two samples of one life.
        fell: Whether the counter ever fell.
    """

    kernel: Kernel
    error_ns: int = 0
    truth_ns: int = 0
    doubt_ns: int = 0
    events: int = 0
    true_events: int = 0
    samples: int = 0
    restarts: int = 0
    boots: int = 0
    resets: int = 0
    longest_interval_ns: int = 0
    fell: bool = False


@dataclass(frozen=True, slots=True)
class Course:
    """What a sequence goes through.

    Attributes:
        restarts: Whether the daemon is killed now and then.
        reboots: Whether the board is started anew now and then.
        resets: Whether counters are reset now and then.
        steps: Samples, and what happens between them.
    """

    restarts: bool = True
    reboots: bool = False
    resets: bool = False
    steps: int = 60


def lived(rng: Random, kernel: Kernel, course: Course) -> Outcome:
    """Put a board and its daemon through a random sequence, and compare the count with the truth.

    Args:
        rng: Chance.
        kernel: How the kernel was built.
        course: What may happen.
    """
    return _Sequence(rng, kernel, course).outcome


class _Sequence:
    def __init__(self, rng: Random, kernel: Kernel, course: Course) -> None:
        self._rng, self._kernel, self._course = rng, kernel, course
        self.outcome = Outcome(kernel)
        self._journal = Journal()
        self._begin_boot()
        self._elapse(rng.randrange(20 * NS_PER_S))
        self._watched_ns = self._clock.monotonic_ns()  # the first look of all: what was before is nobody's
        self._begin_life()
        self._shown_ns = 0
        for _ in range(course.steps):
            self._step()
        self._life.sample()
        self._close_truth(self._life.sampled_ns)
        counted_ns, self.outcome.events = self._life.counted()
        self.outcome.error_ns = counted_ns - self.outcome.truth_ns
        self.outcome.doubt_ns += self._life.doubt_ns

    def _begin_boot(self) -> None:
        self._clock = VirtualClock()
        self._clock.run_until(self._rng.randrange(NS_PER_S))  # until the driver is there
        self._boot = Boot(self._kernel, self._clock)
        self._boot_id = f"boot {self.outcome.boots}"
        self._watched_ns = 0
        self._govern: Callable[[], None] = self._by_chance
        if self._kernel.devices == 1 and self._rng.random() < 0.5:
            self._temperature_c = self._rng.randrange(40, 95)
            self._governor = StepWise(
                [[trip for trip in CPU_TRIPS if any(b.device == BIG_CLOCK for b in trip.bindings)]],
                {device.kind: device for device in self._boot.devices} | {"cpufreq-cpu0": Device("", 12, 0)},
            )
            self._govern = self._by_heat
        self._clock.call_at(self._clock.monotonic_ns(), self._govern)

    def _by_heat(self) -> None:
        now_ns = self._clock.monotonic_ns()
        self._clock.call_at(now_ns + POLLING_NS, self._by_heat)
        self._temperature_c = min(max(self._temperature_c + self._rng.choice((-4, -1, 0, 1, 4)), 40), 110)
        self._governor.look(now_ns, [self._temperature_c])
        self._boot.policy.cool(now_ns, max(device.state for device in self._boot.devices))
        self._boot.note()

    def _by_chance(self) -> None:
        rng = self._rng
        now_ns = self._clock.monotonic_ns()
        self._clock.call_at(
            now_ns + rng.randrange(1, rng.choice((5, 50, 500, 5000)) * NS_PER_MS), self._by_chance
        )
        self._boot.set_state(rng.randrange(len(self._boot.devices)), rng.choice((0, 0, 0, 1, 2, 7, 18)))

    def _elapse(self, duration_ns: int) -> None:
        self._clock.run_until(self._clock.monotonic_ns() + duration_ns)

    def _begin_life(self) -> None:
        self._life = Life(self._boot, self._boot_id, self._journal)
        if self._journal.state is None:
            self._life.write()  # the first life's first write: without it, there is nothing to go on from

    def _step(self) -> None:
        rng, course = self._rng, self._course
        before_ns = self._life.sampled_ns
        self._elapse(rng.choice((250, 1000)) * NS_PER_MS + rng.randrange(40 * NS_PER_MS))
        chance = rng.random()
        if course.resets and chance < 0.03:
            self._boot.reset(rng.randrange(len(self._boot.devices)))
            self.outcome.resets += 1
            self._elapse(rng.randrange(NS_PER_S))
        self._life.sample()
        self.outcome.samples += 1
        interval_ns = self._life.sampled_ns - before_ns
        self.outcome.longest_interval_ns = max(self.outcome.longest_interval_ns, interval_ns)
        if rng.random() < 0.2:
            self._life.write()
            self._look_at_counter()
        if course.reboots and chance > 0.98:
            self._power_cut()
        elif course.restarts and chance > 0.93:
            self._kill()

    def _kill(self) -> None:
        self.outcome.restarts += 1
        self.outcome.doubt_ns += self._life.doubt_ns
        written_ns = self._written_ns()
        self._elapse(self._rng.randrange(self._rng.choice((1, 30)) * NS_PER_S))
        if not self._kernel.thermal_statistics:
            # Nobody counts while the daemon is not there: what it counted, and kept, is the truth.
            self._close_truth(written_ns)
            self._watched_ns = self._clock.monotonic_ns()
        self._begin_life()
        self._look_at_counter()

    def _power_cut(self) -> None:
        self.outcome.boots += 1
        self.outcome.doubt_ns += self._life.doubt_ns
        self._close_truth(self._written_ns())
        self._begin_boot()
        self._elapse(self._rng.randrange(20 * NS_PER_S))
        if not self._kernel.thermal_statistics:
            self._watched_ns = self._clock.monotonic_ns()
        self._begin_life()
        self._look_at_counter()

    def _written_ns(self) -> int:
        """Up to when this boot is in the journal: what came later is lost with the power."""
        return self._journal.at_ns if self._journal.boot_id == self._boot_id else 0

    def _close_truth(self, until_ns: int) -> None:
        boot, since_ns = self._boot, self._watched_ns
        if until_ns > since_ns:
            self.outcome.truth_ns += boot.truth_ns(until_ns) - boot.truth_ns(since_ns)
            self.outcome.true_events += sum(since_ns < at_ns <= until_ns for at_ns in boot.began_ns)

    def _look_at_counter(self) -> None:
        """What was written must never be more than what is counted later."""
        written_ns = round(self._journal.counters()[_SECONDS] * NS_PER_S)
        self.outcome.fell |= written_ns < self._shown_ns
        self._shown_ns = written_ns
