"""A sensor whose registers stop changing, at any place of a measurement, in virtual time."""

import pytest

from edged.assembly.assembled import REPLAY, assembled
from edged.assembly.parts import Simulation
from edged.config.sections import Config, MeasureSection
from edged.measurement.protocol import BURST
from edged.measurement.sweep import sweep
from edged.measurement.verdict import Reason
from edged.simulation.scenario import Fault, FaultKind, Scenario

CONFIG = Config(measure=MeasureSection(engine=REPLAY))
# A burst infers from about 1.6 s to 6.7 s, with 1.5 s of idle time before and after.
HIDES_A_CHANGE = {
    "from before the first inference into the burst": (0.3, 3.0),
    "in the idle time and a bit of the burst": (1.0, 1.5),
    "from the burst into the idle time after it": (5.5, 2.5),
    "from before the measurement to after it": (0.5, 9.0),
}


@pytest.mark.parametrize("rail", ["big", "mem"])
@pytest.mark.parametrize(("at_s", "duration_s"), HIDES_A_CHANGE.values(), ids=HIDES_A_CHANGE.keys())
def test_a_value_that_hides_a_change_of_load_is_no_energy(rail: str, at_s: float, duration_s: float) -> None:
    scenario = Scenario(faults=(Fault(FaultKind.FROZEN, rail, at_s, duration_s),))
    with assembled(CONFIG, Simulation("xu3", seed=1, scenario=scenario)) as assembly:
        (case,) = [c for c in assembly.cases if str(c) == "mobilenet_v1_0.5_224_quant@big"]
        first, _, last = sweep([case] * 3, assembly.board, BURST, assembly.rig, [])
        assert assembly.truth is not None
        truths = assembly.truth(first), assembly.truth(last)
    assert rail not in first.rails
    assert [rejection.reason for rejection in first.verdict.rejections] == [Reason.SENSOR_LOST]
    assert f"rail {rail}: its sensor showed one value" in first.verdict.rejections[0].detail
    assert set(first.rails) == {"big", "little", "mem", "gpu"} - {rail}
    assert last.verdict.valid
    for measurement, truth in zip((first, last), truths, strict=True):
        for name, energy in measurement.rails.items():
            net = energy.net_energy_j
            assert abs(net.value - truth[name].net_energy_j) <= net.u95


def test_a_value_that_stays_while_the_load_does_is_right() -> None:
    scenario = Scenario(faults=(Fault(FaultKind.FROZEN, "big", 3.0, 2.0),))
    with assembled(CONFIG, Simulation("xu3", seed=1, scenario=scenario)) as assembly:
        (case,) = [c for c in assembly.cases if str(c) == "mobilenet_v1_0.5_224_quant@big"]
        (measurement,) = sweep([case], assembly.board, BURST, assembly.rig, [])
        assert assembly.truth is not None
        truth_j = assembly.truth(measurement)["big"].net_energy_j
    net = measurement.rails["big"].net_energy_j
    assert measurement.verdict.valid
    assert abs(net.value - truth_j) <= net.u95


def test_no_sensor_is_taken_for_frozen_because_others_use_the_board_now_and_then() -> None:
    scenario = Scenario(foreign_bursts_per_minute=10.0)
    with assembled(CONFIG, Simulation("xu3", seed=1, scenario=scenario)) as assembly:
        measurements = list(sweep(assembly.cases, assembly.board, BURST, assembly.rig, []))
    assert any(Reason.FOREIGN_LOAD in each.verdict.reasons for each in measurements)
    assert not any(Reason.SENSOR_LOST in each.verdict.reasons for each in measurements)
    assert all(set(each.rails) == {"big", "little", "mem", "gpu"} for each in measurements)


# Half of the time somebody is busy: with one seed twice on the other cluster for most of the inferences, with
# the other once on the worker's own CPU until they began.
@pytest.mark.parametrize(("seed", "rails"), [(23, set[str]()), (48, {"mem"})])
def test_no_sensor_is_taken_for_frozen_because_others_use_the_board_nearly_all_the_time(
    seed: int, rails: set[str]
) -> None:
    scenario = Scenario(foreign_bursts_per_minute=180.0)
    with assembled(CONFIG, Simulation("xu3", seed=seed, scenario=scenario)) as assembly:
        measurements = list(sweep(assembly.cases, assembly.board, BURST, assembly.rig, []))
    assert not any(Reason.SENSOR_LOST in each.verdict.reasons for each in measurements)
    missing = [{"big", "little", "mem", "gpu"} - each.rails.keys() for each in measurements]
    assert set().union(*missing) == rails
    for each in measurements:
        details = [rejection.detail for rejection in each.verdict.rejections]
        assert len(each.rails) == 4 or any("but others were busy meanwhile" in detail for detail in details)
