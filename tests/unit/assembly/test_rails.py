"""What is known of a rail's sensor when a measurement asks."""

from pathlib import Path

import pytest

from edged.assembly.rails import Rails
from edged.power.hwmon_ina2xx import HwmonIna2xx
from edged.power.open_sensors import OpenSensors
from edged.sampling.drive import CallbackDrive
from edged.simulation.clock import VirtualClock
from tests.unit.power.trees import INA231, a_rail, hwmon_chip


def test_what_a_chip_that_comes_later_may_be_off_follows_from_its_own_shunt(tmp_path: Path) -> None:
    clock = VirtualClock()
    rails = Rails(OpenSensors(), clock, lambda sampler: CallbackDrive(sampler, clock, clock.call_at))
    chip = hwmon_chip(tmp_path, {**INA231, "shunt_resistor": "100000"})
    rails.come([HwmonIna2xx(chip, a_rail(), clock, root=tmp_path)])
    clock.sleep(1.0)
    (watch,) = rails.watches
    facts = watch.facts()
    assert facts.accuracy.offset_ua == pytest.approx(500)  # 50 uV on 100 mohm
    assert facts.pair_ns == 2_200_000
