"""The four rails as a configuration names them on a board that is no XU3, and edged's sensors on them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from edged.board.discover import discover
from edged.board.sysfs import Sysfs
from edged.clock import SystemClock
from edged.power.open_chips import ChipReader
from edged.power.open_sensors import open_sensors
from edged.power.settings import RailConfig
from tests.system.vm.guest import chips

# As on an XU3, where the board itself tells which address is which rail.
ADDRESS = dict(zip(("big", "mem", "gpu", "little"), chips.ADDRESSES, strict=True))
CONFIGURED = tuple(RailConfig(name, f"i2c-{chips.BUS}", address) for name, address in ADDRESS.items())

Rails = dict[str, ChipReader]


@contextmanager
def opened_rails() -> Iterator[Rails]:
    """The sensors by rail."""
    sensors = open_sensors(discover(Sysfs()), CONFIGURED, root=Path("/"), clock=SystemClock())
    assert sensors.absences == ()
    try:
        yield {chip.rail.name: chip for chip in sensors.chips}
    finally:
        for chip in sensors.chips:
            chip.close()
