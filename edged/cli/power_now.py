"""What each rail draws now, as rows of a table."""

from collections.abc import Iterator, Mapping

from edged.power.glance import Look
from edged.power.reading import Rail
from edged.power.sensor import SensorError

_MICRO = 1_000_000


def power_now_rows(looks: Mapping[Rail, Look]) -> Iterator[tuple[str, ...]]:
    """Power, voltage and current of each rail, and who says so. Why one is silent, its absence tells.

    Args:
        looks: What a look at each sensor has shown.
    """
    for rail, look in looks.items():
        if isinstance(look, SensorError):
            yield (rail.name, "no answer", "", "", rail.sensor)
            continue
        voltage = "" if look.voltage_uv is None else f"{look.voltage_uv / _MICRO:.4f} V"
        current = "" if look.current_ua is None else f"{look.current_ua / _MICRO:.3f} A"
        yield (rail.name, f"{look.power_uw / _MICRO:.3f} W", voltage, current, rail.sensor)
