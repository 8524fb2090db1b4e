"""The daemon's loop on a simulated board in virtual time: heat, a replaced model, a new plan."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from edged.assembly.assembled import REPLAY, assembled
from edged.assembly.parts import Assembly, Simulation
from edged.config.schedule_section import ScheduleSection, WorkloadEntry
from edged.config.sections import Config
from edged.daemon.measuring import Measuring
from edged.daemon.plan import Plan, plan_of
from edged.exposition.model_facts import KnownModels
from edged.inference.job import Event
from edged.measurement.result import Case, Measurement
from edged.measurement.run import Run
from edged.schedule.state import Wait
from edged.simulation.scenario import Scenario

HEAVY = "mobilenet_v1_1.0_224@big"


class Kept:
    def __init__(self) -> None:
        self.measurements: list[Measurement] = []

    def running(self, run: Run, events: Sequence[Event]) -> None:
        pass

    def finished(self, measurement: Measurement) -> None:
        self.measurements.append(measurement)


def config(**schedule: object) -> Config:
    default = Config()
    return replace(
        default,
        measure=replace(default.measure, engine=REPLAY, protocol="quick"),
        schedule=replace(ScheduleSection(), **schedule),  # type: ignore[arg-type]
    )


def only(*names: str) -> Callable[[list[Case]], list[Case]]:
    def choose(cases: list[Case]) -> list[Case]:
        return [case for case in cases if str(case) in names]

    return choose


def drive(measuring: Measuring, assembly: Assembly, seconds: float, kept: Kept) -> None:
    until_ns = assembly.clock.monotonic_ns() + round(seconds * 1e9)
    while assembly.clock.monotonic_ns() < until_ns:
        measuring.step([kept])


def test_of_each_key_the_last_table_that_sets_it_holds() -> None:
    asked = config(
        workload=(
            WorkloadEntry(cluster="little", enabled=False, every_s=60.0),
            WorkloadEntry(model="*_quant", every_s=600.0),
            WorkloadEntry(model="mobilenet_v1_0.25_*", enabled=True),
        )
    )
    with assembled(asked, Simulation("xu3")) as assembly:
        every_s = {workload.name: workload.every_s for workload in plan_of(asked, assembly).workloads}
    assert {name: s for name, s in every_s.items() if name.endswith("@little")} == {
        "mobilenet_v1_0.25_224@little": 60.0,
        "mobilenet_v1_0.25_224_quant@little": 600.0,
    }
    assert len(every_s) == 10


def test_a_board_in_the_sun_waits_until_it_is_cool_and_is_hardly_throttled() -> None:
    asked = config()
    kept = Kept()
    with assembled(asked, Simulation("xu3", scenario=Scenario(ambient_c=35.0, fan_works=False))) as assembly:
        plan = plan_of(asked, assembly, only(HEAVY))
        assert plan.options.hot_c == 69.0
        measuring = Measuring(assembly, plan)
        drive(measuring, assembly, 900, kept)
        state = measuring.state
        measuring.close()
    assert state.deferred[Wait.HOT] > 1
    assert len(kept.measurements) > 3
    assert sum(not m.verdict.valid for m in kept.measurements) < len(kept.measurements)


def test_two_at_once_keep_their_latencies_and_have_no_energies() -> None:
    asked = config(at_once=2)
    names = ("mobilenet_v1_0.25_224@big", "mobilenet_v1_0.25_224@little")
    kept = Kept()
    with assembled(asked, Simulation("xu3")) as assembly:
        measuring = Measuring(assembly, plan_of(asked, assembly, only(*names)))
        drive(measuring, assembly, 30, kept)
        assert "no energy is measured" in measuring.state.notes[0]
        measuring.close()
    overlapping = [
        one
        for one in kept.measurements
        for two in kept.measurements
        if one is not two and one.start_ns < two.end_ns and two.start_ns < one.end_ns
    ]
    assert overlapping
    assert all(m.verdict.valid and m.latency and not m.rails for m in kept.measurements)


def test_a_new_plan_holds_after_the_measurement_under_way() -> None:
    asked = config()
    held: list[Plan] = []
    kept = Kept()
    with assembled(asked, Simulation("xu3")) as assembly:
        measuring = Measuring(assembly, plan_of(asked, assembly, only(HEAVY)), on_plan=held.append)
        drive(measuring, assembly, 1.0, kept)
        new = plan_of(asked, assembly, only("mobilenet_v1_0.25_224@little"))
        measuring.take(new)
        drive(measuring, assembly, 20, kept)
        measuring.close()
    assert held == [new]
    assert [str(m.case) for m in kept.measurements[:2]] == [HEAVY, "mobilenet_v1_0.25_224@little"]


def test_a_replaced_or_deleted_model_is_told_as_it_is_now(tmp_path: Path) -> None:
    asked = config()
    asked = replace(asked, models=replace(asked.models, directory=tmp_path))
    path = tmp_path / "mobilenet_v1_1.0_224.tflite"
    path.write_bytes(b"one")
    kept = Kept()
    with assembled(asked, Simulation("xu3")) as assembly:
        plan = plan_of(asked, assembly, only(HEAVY))
        known = KnownModels(plan.models)
        measuring = Measuring(assembly, plan, on_model=known.look_again)
        sums = []
        for content in (b"one", b"another", None, b"one"):
            if content is None:
                path.unlink()
            else:
                path.write_bytes(content)
            drive(measuring, assembly, 30, kept)
            (facts,) = known.facts
            sums.append(facts.file and facts.file.sha256)
        measuring.close()
    assert sums[0] == sums[3]
    assert sums[2] is None
    assert len(set(sums)) == 3
