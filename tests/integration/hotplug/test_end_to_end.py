"""Power sensors that come, go and are numbered anew while the daemon's parts run, in virtual time."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from edged.assembly.assembled import REPLAY, assembled
from edged.assembly.parts import Assembly, Simulation
from edged.config.sections import Config, MeasureSection
from edged.measurement.protocol import BURST
from edged.measurement.result import Measurement
from edged.measurement.sweep import sweep
from edged.measurement.verdict import Reason
from edged.sampling.present import Present
from edged.sampling.rail_account import RailAccount
from edged.simulation.clock import VirtualClock
from edged.simulation.scenario import Fault, FaultKind, Scenario

CONFIG = Config(measure=MeasureSection(engine=REPLAY))
AT_S, DURATION_S = 3.0, 2.0


def on_a_board(*faults: Fault) -> Iterator[Assembly]:
    with assembled(CONFIG, Simulation("xu3", seed=1, scenario=Scenario(faults=faults))) as assembly:
        drive = assembly.make_drive(assembly.follower)
        drive.start()
        yield assembly
        drive.stop()


@pytest.fixture
def assembly() -> Iterator[Assembly]:
    yield from on_a_board()


def measured(assembly: Assembly, times: int = 1) -> list[Measurement]:
    (case,) = [c for c in assembly.cases if str(c) == "mobilenet_v1_0.5_224_quant@big"]
    return list(sweep([case] * times, assembly.board, BURST, assembly.rig, []))


def account(assembly: Assembly, rail: str) -> RailAccount:
    return next(each for each in assembly.accounts if each.rail.name == rail)


def hwmon_of(assembly: Assembly, address: str) -> Path:
    root = Path(assembly.sysfs.root)
    (found,) = [
        entry
        for entry in (root / "sys/class/hwmon").iterdir()
        if (entry / "device").resolve().name == f"0-{address}"
    ]
    return found


@pytest.mark.parametrize("kind", [FaultKind.VANISH, FaultKind.RENUMBER])
def test_a_sensor_that_goes_in_mid_measurement_costs_its_rail_and_comes_back_to_its_account(
    kind: FaultKind,
) -> None:
    for assembly in on_a_board(Fault(kind, "big", AT_S, DURATION_S)):
        before = account(assembly, "big")
        first, *_, last = measured(assembly, 3)
        lost = [r for r in first.verdict.rejections if "rail big" in r.detail]
        assert {r.reason for r in lost} <= {Reason.SENSOR_LOST, Reason.COVERAGE}
        assert set(first.rails) >= {"little", "mem", "gpu"}
        assert last.verdict.valid
        assert "big" in last.rails
        assert account(assembly, "big") is before
        assert len(assembly.accounts) == 4


def test_a_chip_that_comes_later_gets_a_rail_and_the_next_measurement_its_energy(assembly: Assembly) -> None:
    link = hwmon_of(assembly, "0040")
    target = link.readlink()
    link.unlink()
    # As if the driver had not been loaded when edged began.
    drop(assembly, "big")
    measured(assembly)
    assert {each.rail.name for each in assembly.accounts} == {"little", "mem", "gpu"}
    link.with_name("hwmon9").symlink_to(target)
    assembly.clock.sleep(30)
    assert {each.rail.name for each in assembly.accounts} == {"little", "mem", "gpu", "big"}
    (measurement,) = measured(assembly)
    assert measurement.verdict.valid, measurement.verdict
    assert measurement.rails["big"].net_energy_j.value > 0


def test_a_rail_that_comes_in_mid_measurement_is_lost_for_it_and_the_others_are_not(
    assembly: Assembly,
) -> None:
    link = hwmon_of(assembly, "0040")
    target = link.readlink()
    link.unlink()
    drop(assembly, "big")
    assembly.clock.sleep(12)
    simulated_clock(assembly).call_at(
        assembly.clock.monotonic_ns() + 3_000_000_000, lambda: link.with_name("hwmon9").symlink_to(target)
    )
    follower = assembly.follower
    simulated_clock(assembly).call_at(assembly.clock.monotonic_ns() + 3_100_000_000, follower._look)
    (measurement,) = measured(assembly)
    (rejection,) = measurement.verdict.rejections
    assert rejection.reason is Reason.SENSOR_LOST
    assert "rail big" in rejection.detail
    assert set(measurement.rails) == {"little", "mem", "gpu"}


def test_a_cooling_device_that_is_registered_anew_under_another_number_is_followed(
    assembly: Assembly,
) -> None:
    thermal = Path(assembly.sysfs.root) / "sys/class/thermal"
    (device,) = [d for d in assembly.board.cooling_devices if d.name == "cpufreq-cpu4"]
    shutil.copytree(Path(assembly.sysfs.root) / device.path, thermal / "cooling_device17")
    shutil.rmtree(Path(assembly.sysfs.root) / device.path)
    (thermal / "cooling_device17/cur_state").write_text("2\n")
    assembly.clock.sleep(30)
    assert assembly.rig.throttling.totals["big"].throttled
    assert not assembly.rig.throttling.totals["little"].throttled


def test_a_cpu_that_goes_offline_is_not_pinned_to(assembly: Assembly) -> None:
    root = Path(assembly.sysfs.root)
    before = assembly.board.cluster("big").cpus
    online = root / "sys/devices/system/cpu/online"
    online.parent.mkdir(parents=True, exist_ok=True)
    for policy in root.glob("sys/devices/system/cpu/cpufreq/policy4/affected_cpus"):
        policy.write_text("4 5 6\n")
    online.write_text("0-6\n")
    assembly.clock.sleep(30)
    assert before == (4, 5, 6, 7)
    assert assembly.board.cluster("big").cpus == (4, 5, 6)
    assert assembly.board.cluster("little").cpus == (0, 1, 2, 3)


def simulated_clock(assembly: Assembly) -> VirtualClock:
    assert isinstance(assembly.clock, VirtualClock)
    return assembly.clock


def drop(assembly: Assembly, rail: str) -> None:
    """As if edged had begun without the rail."""
    watches, accounts = assembly.rig.rails, assembly.accounts
    assert isinstance(watches, Present)
    assert isinstance(accounts, Present)
    watches.now = tuple(watch for watch in watches if watch.account.rail.name != rail)
    accounts.now = tuple(account for account in accounts if account.rail.name != rail)
