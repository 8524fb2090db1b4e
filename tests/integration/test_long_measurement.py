"""Measurements longer than most, in virtual time."""

from dataclasses import replace

import pytest

from edged.assembly.assembled import REPLAY, assembled
from edged.assembly.parts import Simulation
from edged.config.sections import Config, MeasureSection
from edged.measurement.protocol import BURST
from edged.measurement.sweep import sweep
from edged.measurement.verdict import Reason


@pytest.mark.parametrize(("busy_s", "reasons"), [(700.0, set()), (1_100.0, {Reason.COVERAGE})])
def test_one_is_valid_only_if_the_board_is_known_throughout(busy_s: float, reasons: set[Reason]) -> None:
    config = Config(measure=MeasureSection(engine=REPLAY, time_limit_s=1_500.0))
    with assembled(config, Simulation("xu4", seed=1)) as assembly:
        (case,) = [c for c in assembly.cases if str(c) == "mobilenet_v1_1.0_224@little"]
        protocol = replace(BURST, min_busy_s=busy_s)
        (measurement,) = sweep([case], assembly.board, protocol, assembly.rig, [])
        oldest = next(iter(assembly.rig.conditions))
    assert set(measurement.verdict.reasons) == reasons
    assert (oldest.start_ns > measurement.inferences[0].start_ns) is bool(reasons)
