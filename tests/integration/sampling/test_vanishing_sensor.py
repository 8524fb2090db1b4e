"""A sensor that goes and comes back, read through the files of a simulated board."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from edged.board.discover import discover
from edged.board.sysfs import Sysfs
from edged.power.open_chips import ChipReader
from edged.power.open_sensors import open_sensors
from edged.sampling.bus import BusSampler
from edged.sampling.chip_channel import ChipChannel
from edged.sampling.drive import CallbackDrive
from edged.sampling.rail_account import RailAccount
from edged.simulation.scenario import Fault, FaultKind, Scenario
from tests.unit.simulation.boards import SECOND, Bench, MakeBench

GONE_AT_S, GONE_FOR_S = 10.0, 7.0
LONGEST_PAUSE_S = 5.0


@pytest.fixture
def bench() -> Iterator[MakeBench]:
    make = MakeBench()
    yield make
    make.close()


def watched(xu3: Bench) -> dict[str, RailAccount]:
    """The accounts of all four rails, sampled fast from now on."""
    clock = xu3.clock
    chips = open_sensors(discover(Sysfs(xu3.root)), root=xu3.root, clock=clock).chips
    accounts = {chip.rail.name: RailAccount(chip.rail, clock.monotonic_ns()) for chip in chips}

    def channel(chip: ChipReader) -> ChipChannel:
        return ChipChannel(chip, accounts[chip.rail.name], clock)

    sampler = BusSampler("i2c-0", [channel(chip) for chip in chips])
    sampler.begin_fast()
    CallbackDrive(sampler, clock, clock.call_at).start()
    return accounts


@pytest.mark.parametrize("kind", [FaultKind.VANISH, FaultKind.RENUMBER])
def test_a_sensor_that_vanishes_is_found_again_by_its_identity(
    bench: MakeBench, kind: FaultKind, tmp_path: Path
) -> None:
    fault = Fault(kind, "mem", at_s=GONE_AT_S, duration_s=GONE_FOR_S)
    xu3 = bench(tmp_path, scenario=Scenario(chip_spread=0.0, faults=(fault,)))
    accounts = watched(xu3)
    mem = accounts["mem"]
    xu3.run_s(GONE_AT_S + GONE_FOR_S - 0.1)
    assert not mem.up
    assert mem.newest() is None
    assert mem.settled_ns < xu3.clock.monotonic_ns()
    energy_uw_ns = mem.totals.energy_uw_ns
    xu3.run_s(0.1 + LONGEST_PAUSE_S + 1.0)
    assert mem.up
    readings = mem.health().readings
    xu3.run_s(20.0)
    assert mem.health().readings - readings == pytest.approx(20.0 / 0.0352, rel=0.02)
    # The gap has no energy, and all the rest is what the rail truly draws.
    assert mem.totals.unobserved_ns > GONE_FOR_S * SECOND
    assert mem.totals.energy_uw_ns > energy_uw_ns
    mean_w = mem.totals.energy_j / (mem.totals.observed_ns / SECOND)
    assert mean_w == pytest.approx(xu3.power_w("mem"), abs=0.002)


@pytest.mark.parametrize("kind", [FaultKind.VANISH, FaultKind.RENUMBER])
def test_the_sensors_beside_it_read_what_they_would_have_read(
    bench: MakeBench, kind: FaultKind, tmp_path: Path
) -> None:
    fault = Fault(kind, "mem", at_s=GONE_AT_S, duration_s=GONE_FOR_S)
    boards = bench(tmp_path / "faulty", scenario=Scenario(faults=(fault,))), bench(tmp_path / "sound")
    faulty, sound = [watched(xu3) for xu3 in boards]
    for xu3 in boards:
        xu3.run_s(GONE_AT_S + GONE_FOR_S + LONGEST_PAUSE_S)
    for rail in ("big", "little", "gpu"):
        assert list(faulty[rail].trace) == list(sound[rail].trace)
        assert faulty[rail].failures.total == 0
