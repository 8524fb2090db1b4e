"""Chip updates caught against a simulated chip's truth, and what one sampling tick costs the CPU."""

import os
import random
import tempfile
import time
from pathlib import Path

from edged.power.reading import Sample
from edged.sampling.bus import BusSampler
from edged.sampling.chip_channel import ChipChannel
from edged.sampling.rail_account import RailAccount
from edged.simulation.chip import ChipErrors
from edged.simulation.clock import VirtualClock
from tests.bench.figures import Figure, show
from tests.unit.sampling.simulated_bus import MS, SECOND, SimulatedBus, a_busy_rail, a_rail, catch

BAR_CAUGHT = 0.999
DURATION_S = 60.0
SETTLE_S = 3.0  # from the first read to a known phase
SEEDS = 4
RATES = (0.9, 0.95, 1.0, 1.05, 1.1)
POLLS_PER_UPDATE = 2.2
PERIOD_S = 0.0352


def main() -> None:
    """Print how many updates are caught, and the cost of a tick."""
    show(
        f"Chip updates caught, four rails on one bus, {SEEDS * len(RATES)} runs of {DURATION_S:g} s a row",
        [
            *_caught("busy rails, thread late by 0.5 ms on average", stalls=0.0, stall_s=0.0),
            *_caught("the same, every tenth read up to 8 ms late", stalls=0.1, stall_s=0.008),
            *_caught("the same, every tenth read up to 20 ms late", stalls=0.1, stall_s=0.02),
        ],
    )
    show("Readings outside measurements, one read a second", _slow())
    show("CPU of one sampling tick", _cost())


def _caught(what: str, *, stalls: float, stall_s: float) -> list[Figure]:
    updates = caught = twice = strays = reads = 0
    squares = 0.0
    for seed in range(SEEDS):
        for ratio in RATES:
            bus = _a_bus(seed, ratio, stalls=stalls, stall_s=stall_s)
            sampler = bus.sampler()
            sampler.begin_fast()
            bus.run(sampler, DURATION_S)
            end_ns = bus.clock.monotonic_ns()
            start_ns = end_ns - round((DURATION_S - SETTLE_S) * SECOND)
            for account, chip in zip(bus.accounts, bus.chips, strict=True):
                result = catch(account, chip, start_ns, end_ns - 100 * MS)
                updates += result.updates
                caught += result.caught
                twice += result.twice
                strays += result.strays
                reads += chip.reads
                squares += result.mean_error_s**2 * result.caught
    share = caught / updates
    error_ms = (squares / caught) ** 0.5 * 1e3
    reads_per_update = reads / updates * (DURATION_S - SETTLE_S) / DURATION_S
    return [
        Figure(what, f"{share:.3%} of {updates}", f"{BAR_CAUGHT:.1%}", share >= BAR_CAUGHT),
        Figure("  counted twice, or in the wrong place", f"{twice}, {strays}", "none", twice + strays == 0),
        Figure("  error of an interval's end, root mean square", f"{error_ms:.2f} ms"),
        Figure("  reads an update; blind polling takes 2.2", f"{reads_per_update:.2f}"),
    ]


def _a_bus(seed: int, ratio: float, *, stalls: float, stall_s: float) -> SimulatedBus:
    bus = SimulatedBus(seed=seed, stalls=stalls, stall_s=stall_s)
    start_ns = bus.clock.monotonic_ns()
    # The LITTLE rail idles right between two steps of 1 mA, so that only some averages differ.
    loads = ((110_000, 1_800_000), (98_400, 270_000), (70_000, 90_000), (50_000, 110_000))
    for number, (idle_uw, busy_uw) in enumerate(loads):
        rng = random.Random(100 * seed + number)
        timeline = a_busy_rail(
            rng, start_ns, DURATION_S, idle_uw=idle_uw, busy_uw=busy_uw, voltage_uv=1_200_000
        )
        errors = ChipErrors(period_ratio=ratio * rng.uniform(0.99, 1.01))
        bus.add_rail(f"rail{number}", timeline, errors)
    return bus


def _slow() -> list[Figure]:
    bus = SimulatedBus(seed=1)
    timeline = a_busy_rail(
        random.Random(1),
        bus.clock.monotonic_ns(),
        1000.0,
        idle_uw=110_000,
        busy_uw=1_800_000,
        voltage_uv=1_200_000,
    )
    bus.add_rail("big", timeline, ChipErrors(period_ratio=1.06))
    sampler = bus.sampler()
    bus.run(sampler, 20)
    account, before = bus.accounts[0], bus.accounts[0].totals
    begin_ns, reads = account.settled_ns, bus.chips[0].reads
    bus.run(sampler, 900)
    totals = account.totals
    covered = (totals.observed_ns - before.observed_ns) / (account.settled_ns - begin_ns)
    energy_j = totals.energy_j - before.energy_j
    error = energy_j / timeline.energy_j(begin_ns, account.settled_ns) - 1
    return [
        Figure("time covered", f"{covered:.3%}", "98 %", covered >= 0.98),
        Figure("energy counter against truth", f"{error:+.3%}"),
        Figure("reads a second", f"{(bus.chips[0].reads - reads) / 900:.2f}"),
    ]


class _CheapChip:
    """Costs next to nothing to read, so that what is left is the sampler's own."""

    def __init__(self, clock: VirtualClock, number: int) -> None:
        self.rail = a_rail(f"rail{number}")
        self.bus = "i2c-0"
        self.reads = 0
        self._clock = clock
        self._period_ns = 35_200_000 + number * 100_000
        rng = random.Random(number)
        self._samples = [Sample(0, rng.randrange(2_000_000), 1_200_000, 0) for _ in range(1024)]

    def read(self) -> Sample:
        self.reads += 1
        self._clock.sleep(0.001)
        return self._samples[self._clock.monotonic_ns() // self._period_ns % 1024]

    def averaging_s(self) -> float:
        return PERIOD_S

    def set_averaging(self, _duration_s: float) -> bool:
        return False

    def reopen(self) -> None:
        pass

    def close(self) -> None:
        pass


def _cost() -> list[Figure]:
    clock = VirtualClock()
    chips = [_CheapChip(clock, number) for number in range(4)]
    sampler = BusSampler("i2c-0", [ChipChannel(chip, RailAccount(chip.rail, 0), clock) for chip in chips])
    sampler.begin_fast()
    due_ns = sampler.step()
    before_s = time.process_time()
    while due_ns < 200 * SECOND:
        clock.run_until(due_ns)
        due_ns = sampler.step()
    spent_s = time.process_time() - before_s
    reads = sum(chip.reads for chip in chips)
    begin_s = time.process_time()
    for _ in range(reads):
        chips[0].read()
    tick_s = (spent_s - (time.process_time() - begin_s)) / reads
    pread_s = _pread_s()
    ours = reads / 200 * (tick_s + 2 * pread_s)
    polling = 4 * POLLS_PER_UPDATE / PERIOD_S * (pread_s + 1e-6)
    return [
        Figure("the sampler's own part", f"{tick_s * 1e6:.1f} us"),
        Figure("two attributes through kept descriptors", f"{2 * pread_s * 1e6:.1f} us"),
        Figure("CPU of four rails at 28 averages a second", f"{ours:.3%}", "1 % here", ours < 0.01),
        Figure("polling power1_input alone 2.2 times an average", f"{polling:.3%}"),
    ]


def _pread_s() -> float:
    """One read of an attribute and its number, in a file: without the bus, which costs no CPU."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "curr1_input"
        path.write_text("1234\n")
        descriptor = os.open(path, os.O_RDONLY)
        begin_s = time.process_time()
        for _ in range(20_000):
            int(os.pread(descriptor, 128, 0))
        spent_s = time.process_time() - begin_s
        os.close(descriptor)
    return spent_s / 20_000


if __name__ == "__main__":
    main()
