"""Makes the external meters that the configuration names."""

from edged.board.parts import Absence
from edged.clock import Clock
from edged.power.reading import Rail
from edged.power.settings import MeterConfig, MeterKind
from edged.power.smartpower2 import SmartPower2
from edged.power.smartpower3_serial import SmartPower3Serial
from edged.power.smartpower3_udp import SmartPower3Udp

MeterReader = SmartPower3Serial | SmartPower3Udp | SmartPower2


def meter_reader(config: MeterConfig, *, clock: Clock) -> MeterReader | Absence:
    """A reader for a meter, not yet opened; or why there can be none.

    Args:
        config: The meter.
        clock: Arrival times.
    """
    kind = config.kind
    chip = kind.value.split("-")[0]
    channel = "" if kind is MeterKind.SMARTPOWER2 else f" channel {config.channel}"
    rail = Rail(config.name, f"{chip} {config.address}{channel}", chip, config.address, config.supplies)
    try:
        if kind is MeterKind.SMARTPOWER2:
            return SmartPower2(config.address, rail, clock, gain=config.gain)
        if kind is MeterKind.SMARTPOWER3_UDP:
            return SmartPower3Udp(config.address, rail, clock, channel=config.channel, gain=config.gain)
    except ValueError as error:
        return Absence(f"rail {config.name} by {rail.sensor}", f"its address {error}")
    return SmartPower3Serial(
        config.address, rail, clock, channel=config.channel, baud=config.baud, gain=config.gain
    )
