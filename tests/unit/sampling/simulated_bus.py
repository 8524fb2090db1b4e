"""Chips of one bus in virtual time: an INA231 behind slow registers, read by a thread that is often late."""

import errno
import os
import random
from dataclasses import dataclass, field

from edged.power.reading import Rail, Reading, Sample
from edged.power.sensor import Failure, SensorError
from edged.sampling.bus import BusSampler
from edged.sampling.chip_channel import ChipChannel
from edged.sampling.rail_account import RailAccount
from edged.simulation.chip import ChipErrors, Ina231, Registers
from edged.simulation.clock import VirtualClock
from edged.simulation.timeline import RailTimeline

SECOND = 1_000_000_000
MS = 1_000_000


def a_rail(name: str) -> Rail:
    return Rail(name, f"ina231 12c60000.i2c {name}", "ina231", "0x40")


class SlowChip:
    """An `Ina231` behind a bus: half a millisecond for each register, and a bit of jitter."""

    def __init__(self, rail: Rail, chip: Ina231, clock: VirtualClock, rng: random.Random) -> None:
        self.rail = rail
        self.bus = "i2c-0"
        self.chip = chip
        self.writable = True
        self.reads = 0
        self.seen: dict[int, int] = {}  # power by the moment when the average was finished
        self.reopened = 0
        self._fault: tuple[int, Failure, float] | None = None
        self._gone = False
        self._clock = clock
        self._rng = rng

    def fails(self, code: int, *, kind: Failure = Failure.TRY_AGAIN, block_s: float = 0.0) -> None:
        """From now on every read fails with this error number, after `block_s` seconds."""
        self._fault = (code, kind, block_s)

    def works(self) -> None:
        """Reads work again, from the next on; after `GONE` from the next `reopen` on."""
        self._fault = None

    def read(self) -> Sample:
        if self._fault is not None or self._gone:
            code, kind, block_s = self._fault or (errno.ENODEV, Failure.GONE, 0.0)
            self._gone = kind is Failure.GONE
            self._clock.sleep(block_s)
            try:
                raise OSError(code, os.strerror(code))
            except OSError as error:
                raise SensorError(self.rail, kind, "cannot be read", where="/sys/curr1_input") from error
        before_ns = self._clock.monotonic_ns()
        current = self._register()
        voltage = self._register()
        self.reads += 1
        current_ua, voltage_uv = current.current_ma * 1000, voltage.voltage_mv * 1000
        if current.finished_ns == voltage.finished_ns:
            self.seen[current.finished_ns] = current_ua * voltage_uv // 1_000_000
        return Sample(
            at_ns=(before_ns + self._clock.monotonic_ns()) // 2,
            power_uw=current_ua * voltage_uv // 1_000_000,
            voltage_uv=voltage_uv,
            current_ua=current_ua,
        )

    def _register(self) -> Registers:
        self._clock.sleep(self._rng.uniform(0.0002, 0.0003))
        registers = self.chip.registers(self._clock.monotonic_ns())
        self._clock.sleep(self._rng.uniform(0.0002, 0.0003))
        return registers

    def averaging_s(self) -> float:
        return self.chip.averages * 0.0022

    def set_averaging(self, duration_s: float) -> bool:
        if not self.writable:
            return False
        self._clock.sleep(0.0005)
        self.chip.set_update_interval(self._clock.monotonic_ns(), round(duration_s * 1000))
        return True

    def reopen(self) -> None:
        self.reopened += 1
        if self._fault is None:
            self._gone = False

    def close(self) -> None:
        pass


class WatchedAccount(RailAccount):
    """An account that keeps apart the readings that are one average each."""

    def __init__(self, rail: Rail, clock: VirtualClock) -> None:
        super().__init__(rail, clock.monotonic_ns(), capacity=1_000_000)
        self._clock = clock
        self.channel: ChipChannel | None = None
        self.averages: list[Reading] = []

    def add(self, reading: Reading) -> None:
        super().add(reading)
        phase = self.channel._phase if self.channel else None
        if phase is not None and phase.knows(phase.coming(self._clock.monotonic_ns())):
            self.averages.append(reading)


@dataclass
class Catch:
    """How many of a chip's averages were caught, against the truth.

    Attributes:
        updates: Averages that the chip finished.
        caught: Those of them that became a reading, with their own value and in their own place.
        twice: Readings of an average that another reading has already.
        strays: Readings that are no average of the chip: wrong place or wrong value.
        mean_error_s: Root mean square of the error of the readings' ends.
    """

    updates: int
    caught: int
    twice: int
    strays: int
    mean_error_s: float


def catch(account: WatchedAccount, chip: SlowChip, start_ns: int, end_ns: int) -> Catch:
    """Compare the readings that end between two moments with what the chip did; no restart in between."""
    period_ns = chip.chip.period_ns
    some_ns = next(finished_ns for finished_ns in chip.seen if finished_ns >= start_ns)
    first_ns = some_ns - (some_ns - start_ns) // period_ns * period_ns
    updates = (end_ns - first_ns) // period_ns + 1
    caught: set[int] = set()
    twice = strays = 0
    squares = 0.0
    for reading in account.averages:
        number = round((reading.end_ns - first_ns) / period_ns)
        if not 0 <= number < updates:
            continue
        finished_ns = first_ns + number * period_ns
        error_ns = reading.end_ns - finished_ns
        if abs(error_ns) > period_ns / 4 or reading.power_uw != chip.seen.get(finished_ns):
            strays += 1
            continue
        twice += number in caught
        caught.add(number)
        squares += error_ns**2
    return Catch(updates, len(caught), twice, strays, (squares / max(1, len(caught))) ** 0.5 / 1e9)


@dataclass
class SimulatedBus:
    """One bus with its chips, driven by a thread that is late now and then."""

    seed: int = 0
    clock: VirtualClock = field(default_factory=lambda: VirtualClock(10 * SECOND))
    late_s: float = 0.0005  # mean of an exponential delay of every step
    stalls: float = 0.0  # share of steps that come up to `stall_s` late
    stall_s: float = 0.02
    channels: list[ChipChannel] = field(default_factory=list)
    accounts: list[WatchedAccount] = field(default_factory=list)
    chips: list[SlowChip] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)

    def add_rail(
        self,
        name: str,
        timeline: RailTimeline,
        errors: ChipErrors | None = None,
        *,
        frozen_after_s: float | None = None,
    ) -> None:
        rail = a_rail(name)
        model = Ina231(
            timeline,
            random.Random(self.rng.random()),
            start_ns=self.clock.monotonic_ns(),
            errors=errors or ChipErrors(),
        )
        chip = SlowChip(rail, model, self.clock, random.Random(self.rng.random()))
        account = WatchedAccount(rail, self.clock)
        self.chips.append(chip)
        self.accounts.append(account)
        account.channel = ChipChannel(chip, account, self.clock, frozen_after_s=frozen_after_s)
        self.channels.append(account.channel)

    def sampler(self) -> BusSampler:
        return BusSampler("i2c-0", self.channels)

    def run(self, sampler: BusSampler, duration_s: float) -> None:
        end_ns = self.clock.monotonic_ns() + round(duration_s * SECOND)
        due_ns = sampler.step()
        while due_ns < end_ns:
            late_s = self.rng.expovariate(1 / self.late_s)
            if self.rng.random() < self.stalls:
                late_s += self.rng.uniform(0, self.stall_s)
            self.clock.run_until(due_ns + round(late_s * SECOND))
            due_ns = sampler.step()
        self.clock.run_until(end_ns)


def a_busy_rail(
    rng: random.Random, start_ns: int, duration_s: float, *, idle_uw: int, busy_uw: int, voltage_uv: int
) -> RailTimeline:
    """Idle and busy in turn, for 5 to 300 ms each."""
    timeline = RailTimeline(start_ns - SECOND, idle_uw, voltage_uv)
    at_ns = start_ns
    while at_ns < start_ns + duration_s * SECOND:
        at_ns += round(rng.uniform(5, 300) * MS)
        timeline.append(at_ns, round(busy_uw * rng.uniform(0.9, 1.1)), voltage_uv - 10_000)
        at_ns += round(rng.uniform(5, 300) * MS)
        timeline.append(at_ns, round(idle_uw * rng.uniform(0.95, 1.05)), voltage_uv)
    return timeline
