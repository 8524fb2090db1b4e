"""A sampler for each bus and each meter, and a watch for each rail."""

from itertools import groupby

from edged.clock import Clock
from edged.measurement.rails import RailWatch
from edged.measurement.sensor_facts import ALTERNATING_PAIR_NS
from edged.power.open_sensors import OpenSensors
from edged.power.reading import Rail
from edged.power.vendor_ina231 import VendorIna231
from edged.sampling.bus import BusSampler
from edged.sampling.chip_channel import ChipChannel
from edged.sampling.counter import CounterSampler
from edged.sampling.meter import MeterSampler
from edged.sampling.rail_account import RailAccount
from edged.sampling.sampler import Sampler

# The vendor's driver hands out its last value for ever when the bus fails.
_VENDOR_FROZEN_AFTER_S = 60.0


def sampled_rails(sensors: OpenSensors, clock: Clock) -> tuple[list[Sampler], list[RailWatch]]:
    """What samples the power sensors, and the rails that they sample.

    Args:
        sensors: What was found and could be opened.
        clock: Where time comes from.
    """
    now_ns = clock.monotonic_ns()
    samplers: list[Sampler] = []
    watches = []

    def account_of(rail: Rail) -> RailAccount:
        return RailAccount(rail, now_ns)

    for bus, chips in groupby(sorted(sensors.chips, key=lambda chip: chip.bus), key=lambda chip: chip.bus):
        channels = []
        for chip in chips:
            frozen_after_s = _VENDOR_FROZEN_AFTER_S if isinstance(chip, VendorIna231) else None
            channel = ChipChannel(chip, account_of(chip.rail), clock, frozen_after_s=frozen_after_s)
            channels.append(channel)
            watches.append(RailWatch(channel.account, chip.accuracy(), ALTERNATING_PAIR_NS))
        samplers.append(BusSampler(bus, channels))
    for meter in sensors.meters:
        account = account_of(meter.rail)
        samplers.append(MeterSampler(meter, account, clock))
        watches.append(RailWatch(account, meter.accuracy(), 0))
    for counter in sensors.counters:
        account = account_of(counter.rail)
        samplers.append(CounterSampler(counter, account, clock))
        watches.append(RailWatch(account, counter.accuracy(), 0))
    return samplers, watches
