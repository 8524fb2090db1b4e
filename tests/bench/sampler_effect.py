"""What sampling costs the inferences beside it: latency with the sampler on and off.

One worker infers without a break while sampling is switched on and off five times a second. Neighbouring
halves are compared with each other, so that the machine's slow moods fall on both. The sampler reads four
INA231 from the files of the zoo's XU3, with the daemon's own readers and thread. Their values never change,
so it reads each more than twice per update and never finds a rhythm: more than it would on a board.
"""

import math
import os
import statistics
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

from edged.board.discover import discover
from edged.board.unpack import unpack_dump
from edged.clock import SystemClock
from edged.inference.build import build_model
from edged.inference.job import Failed, Finished, Inference, Inferences, Job
from edged.inference.processes import ProcessWorkers
from edged.measurement.student import coverage_factor
from edged.power.open_sensors import open_sensors
from edged.sampling.bus import BusSampler
from edged.sampling.chip_channel import ChipChannel
from edged.sampling.drive import ThreadDrive
from edged.sampling.rail_account import RailAccount
from tests.bench.figures import Figure, show
from tests.boards import tree

HALVES = 300
HALF_S = 0.2
BAR_RATIO = 0.001


class Switched:
    """A sampler that rests while it is switched off."""

    def __init__(self, sampler: BusSampler) -> None:
        """Begin at rest."""
        self.name = sampler.name
        self.close = sampler.close
        self.on = threading.Event()
        self.steps = 0
        self._sampler = sampler

    def step(self) -> int:
        """A step of the sampler, as soon as it is switched on."""
        self.on.wait()
        self.steps += 1
        return self._sampler.step()


@dataclass(frozen=True, slots=True)
class Half:
    """A time with sampling, or without."""

    start_ns: int
    end_ns: int
    sampling: bool

    def mean_s(self, inferences: list[Inference]) -> float:
        """Mean latency of the inferences that lie in it."""
        return statistics.fmean(
            i.latency_s for i in inferences if i.start_ns >= self.start_ns and i.end_ns <= self.end_ns
        )


def main() -> None:
    """Print the effect with its interval."""
    with tempfile.TemporaryDirectory() as directory:
        sampler = _sampler(Path(directory))
        drive = ThreadDrive(sampler, SystemClock())
        drive.start()
        halves, inferences = _switch_while_inferring(sampler, Path(directory))
        sampler.on.set()
        drive.stop()
    ratios = []
    for first, second in zip(halves[::2], halves[1::2], strict=True):
        ratio = first.mean_s(inferences) / second.mean_s(inferences)
        ratios.append((ratio if first.sampling else 1 / ratio) - 1)
    mean = statistics.fmean(ratios)
    half_width = coverage_factor(len(ratios) - 1) * statistics.stdev(ratios) / math.sqrt(len(ratios))
    rate = sampler.steps / (HALVES / 2 * HALF_S)
    figures = [
        Figure("chips read while sampling", f"{rate:.0f} a second"),
        Figure(
            f"change of latency, mean of {len(ratios)} pairs and its 95 % interval",
            f"{mean:+.2%} ± {half_width:.2%}",
            f"at most {BAR_RATIO:.1%}, interval included",
            mean + half_width <= BAR_RATIO,
        ),
    ]
    show("Sampling beside inference (alpha 0.25 FP32, one thread)", figures)


def _sampler(directory: Path) -> Switched:
    clock = SystemClock()
    sysfs = unpack_dump(tree("xu3-mainline"), directory / "xu3")
    sensors = open_sensors(discover(sysfs), root=sysfs.root, clock=clock)
    channels = [ChipChannel(c, RailAccount(c.rail, clock.monotonic_ns()), clock) for c in sensors.chips]
    bus = BusSampler("i2c-0", channels)
    bus.begin_fast()
    return Switched(bus)


def _switch_while_inferring(sampler: Switched, directory: Path) -> tuple[list[Half], list[Inference]]:
    clock = SystemClock()
    model = directory / "model.tflite"
    model.write_bytes(build_model("0.25", "fp32"))
    seconds = HALVES * HALF_S
    job = Job(
        model_path=str(model),
        engine="auto",
        delegate="auto",
        threads=1,
        cpus=(max(os.sched_getaffinity(0)),),
        warmup_runs=50,
        min_runs=1,
        min_busy_s=seconds * 1.2,
        pause_s=0.0,
        guard_s=0.0,
        time_limit_s=seconds * 4,
        memory_limit_bytes=4 << 30,
    )
    worker = ProcessWorkers(clock).start(job)
    inferences: list[Inference] = []
    halves: list[Half] = []
    try:
        while len(halves) < HALVES:
            # On off, off on: a steady trend of the machine cancels.
            sampling = len(halves) % 4 in {0, 3}
            (sampler.on.set if sampling else sampler.on.clear)()
            start_ns = clock.monotonic_ns()
            while clock.monotonic_ns() < start_ns + HALF_S * 1e9:
                for event in worker.wait(HALF_S / 10):
                    if isinstance(event, Failed | Finished):
                        raise RuntimeError(event)
                    if isinstance(event, Inferences):
                        inferences += event.inferences
            if inferences and inferences[0].start_ns < start_ns:
                halves.append(Half(start_ns, clock.monotonic_ns(), sampling))
        while inferences[-1].end_ns < halves[-1].end_ns:
            inferences += [i for e in worker.wait(1.0) if isinstance(e, Inferences) for i in e.inferences]
    finally:
        worker.close()
    return halves, inferences


if __name__ == "__main__":
    main()
