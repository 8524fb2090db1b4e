"""A sampler for each bus and each meter, and a watch for each rail."""

from collections.abc import Callable, Iterable
from itertools import groupby

from edged.clock import Clock
from edged.measurement.rails import RailWatch
from edged.power.open_chips import ChipReader
from edged.power.open_sensors import OpenSensors
from edged.power.reading import Rail
from edged.power.vendor_ina231 import VendorIna231
from edged.sampling.bus import BusSampler
from edged.sampling.chip_channel import ChipChannel
from edged.sampling.counter import CounterSampler
from edged.sampling.drive import Drive, Pace
from edged.sampling.meter import MeterSampler
from edged.sampling.present import Present
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
            channels.append(_channel(chip, account_of(chip.rail), clock))
            watches.append(_watch(chip, channels[-1].account))
        samplers.append(BusSampler(bus, channels))
    for meter in sensors.meters:
        account = account_of(meter.rail)
        samplers.append(MeterSampler(meter, account, clock))
        watches.append(RailWatch(account, meter.accuracy))
    for counter in sensors.counters:
        account = account_of(counter.rail)
        samplers.append(CounterSampler(counter, account, clock))
        watches.append(RailWatch(account, counter.accuracy))
    return samplers, watches


class Rails:
    """The rails that are sampled, and what drives all samplers: chips may come while edged runs.

    One thread lets chips come, any thread reads.

    Attributes:
        watches: The rails.
        accounts: Their accounts.
        drives: What drives the samplers, others than of rails included.
        pace: Has all of them sample fast.

    Args:
        sensors: What was found at the beginning.
        clock: Where time comes from.
        make_drive: Makes what calls the steps of a sampler.
        others: Further samplers to be driven.
    """

    def __init__(
        self,
        sensors: OpenSensors,
        clock: Clock,
        make_drive: Callable[[Sampler], Drive],
        others: Iterable[Sampler] = (),
    ) -> None:
        """Begin with drives that are not started."""
        self._clock = clock
        self._make_drive = make_drive
        samplers, watches = sampled_rails(sensors, clock)
        self.watches = Present(watches)
        self.accounts = Present(watch.account for watch in watches)
        self.drives = Present(make_drive(sampler) for sampler in (*others, *samplers))
        self.pace = Pace(self.drives)

    def come(self, chips: Iterable[ChipReader]) -> None:
        """Sample the chips whose rails are not known yet, beside the others of their bus."""
        for chip in chips:
            if any(chip.rail.name == account.rail.name for account in self.accounts):
                continue  # it is found again by its own sampler
            channel = _channel(chip, RailAccount(chip.rail, self._clock.monotonic_ns()), self._clock)
            self.watches.add([_watch(chip, channel.account)])
            self.accounts.add([channel.account])
            self._sample(chip.bus, channel)

    def _sample(self, bus: str, channel: ChipChannel) -> None:
        for drive in self.drives:
            if isinstance(drive.sampler, BusSampler) and drive.sampler.name == bus:
                drive.sampler.join(channel)
                drive.nudge()
                return
        drive = self._make_drive(BusSampler(bus, [channel]))
        self.drives.add([drive])
        drive.start()
        self.pace.join(drive)


def _channel(chip: ChipReader, account: RailAccount, clock: Clock) -> ChipChannel:
    frozen_after_s = _VENDOR_FROZEN_AFTER_S if isinstance(chip, VendorIna231) else None
    return ChipChannel(chip, account, clock, frozen_after_s=frozen_after_s)


def _watch(chip: ChipReader, account: RailAccount) -> RailWatch:
    return RailWatch(account, chip.accuracy, chip.conversions)
