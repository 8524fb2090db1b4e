"""The whole daemon while a sensor fails, blocks, goes or comes back: it goes on, and its metrics say so."""

import errno
import fcntl
import os
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families as parse

from edged.assembly.assembled import REPLAY, assembled
from edged.assembly.parts import Assembly, Simulation
from edged.config.sections import Config, ExpositionSection, JournalSection, MeasureSection
from edged.daemon.outside import Outside
from edged.daemon.plan import plan_of
from edged.daemon.service import Daemon
from edged.inference.job import Event
from edged.measurement.result import Case, Measurement
from edged.measurement.run import Run
from edged.simulation.scenario import Fault, FaultKind, Scenario

SECOND = 1_000_000_000
AT_S, DURATION_S = 12.0, 3.0
Samples = dict[tuple[str, str], float]


class StopsAfter:
    """A watcher that ends the daemon after some measurements."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.stop: Callable[[], None] = lambda: None
        self.measurements: list[Measurement] = []

    def running(self, run: Run, events: Sequence[Event]) -> None:
        pass

    def finished(self, measurement: Measurement) -> None:
        self.measurements.append(measurement)
        if len(self.measurements) >= self.count:
            self.stop()


def one_case(cases: list[Case]) -> list[Case]:
    return [case for case in cases if str(case) == "mobilenet_v1_0.5_224_quant@big"]


def lived_through(
    directory: Path,
    *faults: Fault,
    prepare: Callable[[Assembly], None] = lambda _: None,
    count: int = 10,
) -> tuple[list[Measurement], Samples]:
    """A daemon's life with faults in it: its measurements, and what it served at the end, by rail."""
    config = Config(
        measure=MeasureSection(engine=REPLAY, protocol="quick"),
        exposition=ExpositionSection(listen="127.0.0.1:0"),
        journal=JournalSection(path=directory / "journal.db"),
    )
    watcher = StopsAfter(count)
    simulation = Simulation("xu3", seed=1, scenario=Scenario(faults=faults))
    with assembled(config, simulation) as assembly:
        prepare(assembly)
        plan = plan_of(config, assembly, one_case)
        with closing(Daemon(assembly, config, plan, "", Outside())) as daemon:
            watcher.stop = daemon.stop
            daemon.measure([watcher])
            assembly.clock.sleep(15)  # until the journal has the last counters
            with urllib.request.urlopen(f"http://{daemon.server.address}/metrics", timeout=10) as answer:
                text = answer.read().decode()
    samples = {
        (sample.name, sample.labels.get("rail", "")): sample.value
        for family in parse(text)
        for sample in family.samples
    }
    return watcher.measurements, samples


def assert_going(measurements: list[Measurement], samples: Samples) -> None:
    assert all(measurement.latency is not None for measurement in measurements)
    assert measurements[-1].verdict.valid, measurements[-1].verdict
    assert set(measurements[-1].rails) == {"big", "little", "mem", "gpu"}
    assert {rail for name, rail in samples if name == "edged_rail_energy_joules_total"} == {
        "big",
        "little",
        "mem",
        "gpu",
    }


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """Run something before each read of the chip of the big cluster's rail; it may raise OSError."""
    pread = os.pread

    def install(before: Callable[[], None]) -> None:
        def reading(descriptor: int, size: int, offset: int) -> bytes:
            reads_only = fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY
            if reads_only and "0-0040" in os.readlink(f"/proc/self/fd/{descriptor}"):
                before()
            return pread(descriptor, size, offset)

        monkeypatch.setattr(os, "pread", reading)

    return install


@pytest.mark.parametrize("kind", [FaultKind.VANISH, FaultKind.RENUMBER])
def test_a_chip_that_vanishes_in_mid_measurement_leaves_the_daemon_going(
    kind: FaultKind, tmp_path: Path
) -> None:
    measurements, samples = lived_through(tmp_path, Fault(kind, "big", AT_S, DURATION_S))
    assert_going(measurements, samples)


def test_the_counters_of_a_chip_that_has_gone_stay(tmp_path: Path) -> None:
    measurements, samples = lived_through(tmp_path, Fault(FaultKind.VANISH, "big", AT_S, 10_000.0))
    assert samples["edged_rail_energy_joules_total", "big"] > 0
    assert ("edged_rail_power_watts", "big") not in samples
    assert "big" not in measurements[-1].rails
    assert set(measurements[-1].rails) == {"little", "mem", "gpu"}


@pytest.mark.parametrize("number", [errno.EIO, errno.ENXIO, errno.ETIMEDOUT])
def test_errors_of_the_bus_leave_the_daemon_going(
    number: int, tmp_path: Path, reading: Callable[[Callable[[], None]], None]
) -> None:
    failed: list[int] = []

    def prepare(assembly: Assembly) -> None:
        begin_ns = assembly.clock.monotonic_ns() + round(AT_S * SECOND)

        def fail() -> None:
            if begin_ns <= assembly.clock.monotonic_ns() < begin_ns + round(DURATION_S * SECOND):
                failed.append(number)
                raise OSError(number, os.strerror(number))

        reading(fail)

    assert_going(*lived_through(tmp_path, prepare=prepare))
    assert failed


def test_a_read_that_blocks_for_five_seconds_leaves_the_daemon_going(
    tmp_path: Path, reading: Callable[[Callable[[], None]], None]
) -> None:
    blocked: list[int] = []

    def prepare(assembly: Assembly) -> None:
        begin_ns = assembly.clock.monotonic_ns() + round(AT_S * SECOND)

        def block() -> None:
            if not blocked and assembly.clock.monotonic_ns() >= begin_ns:
                blocked.append(1)
                assembly.clock.sleep(5.0)
                raise TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))

        reading(block)

    measurements, samples = lived_through(tmp_path, prepare=prepare)
    assert blocked
    # The bus is left alone for a while after such a read: energy is absent, and the rest goes on.
    assert len(measurements) == 10
    assert all(measurement.latency is not None for measurement in measurements)
    assert samples["edged_rail_energy_joules_total", "big"] > 0
