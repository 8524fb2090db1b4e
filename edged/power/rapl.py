"""Reads the energy counters of a CPU package (RAPL) through the kernel's powercap.

A counter goes round at `max_energy_range_uj`: after 262 kJ on many machines, an hour at 70 W. One that is
lower than before has gone round; whether once or several times since the last read cannot be told, so
whoever reads it must do so more often than it can go round. The update interval is about 1 ms.

Since kernel 5.10 the counters are for root alone, because they give away what other processes compute
(CVE-2020-8694).
"""

from pathlib import Path

from edged.board.parts import PowercapZone
from edged.board.sysfs import Sysfs, SysfsError
from edged.clock import Clock
from edged.power.accuracy import RAPL_ACCURACY, Accuracy
from edged.power.attribute import KeptAttribute
from edged.power.reading import EnergyCount, Rail
from edged.power.sensor import Failure, SensorError

_FOR_ROOT_ONLY = "run edged as root, or let its user read the energy_uj files by a udev rule"
_HIGHEST_POWER_W = 10_000
_SLACK_UJ = 1_000_000


class RaplCounter:
    """One counter. Call `reopen` before the first read.

    Args:
        zone: Where it was discovered.
        rail: The rail it counts.
        clock: Time stamps of the counts.
        root: Where the machine's file system begins.
    """

    def __init__(self, zone: PowercapZone, rail: Rail, clock: Clock, *, root: Path = Path("/")) -> None:
        """Nothing is opened yet."""
        self.rail = rail
        self._zone = zone
        self._clock = clock
        self._root = root
        self._energy: KeptAttribute | None = None
        self._last: tuple[int, int] | None = None
        self._unwrapped_uj = 0

    def reopen(self) -> None:
        """Open the counter where it was discovered, if the zone there still has its name.

        What was counted meanwhile is lost; the count goes on from where it stood.

        Raises:
            SensorError: If it is not there, or only root may read it.
        """
        self.close()
        name = self._zone.name.rsplit("/", 1)[-1]
        try:
            found = Sysfs(self._root).read(f"{self._zone.path}/name")
        except SysfsError as error:
            raise SensorError(self.rail, Failure.GONE, error.what, where=error.where) from error
        if found != name:
            raise SensorError(
                self.rail, Failure.GONE, f"is now {found!r}, not {name!r}", where=f"/{self._zone.path}/name"
            )
        self._energy = KeptAttribute(
            self._root, f"{self._zone.path}/energy_uj", self.rail, denied_remedy=_FOR_ROOT_ONLY
        )
        self._last = None

    def read(self) -> EnergyCount:
        """Read the counter once; the first count is 0.

        After an `INVALID` the count goes on from where it stood, without what was missed: whoever takes
        differences begins with a new count then, as after `reopen`.

        Raises:
            SensorError: If that fails, the number is beyond where the counter goes round, or it jumped.
        """
        if self._energy is None:
            raise SensorError(self.rail, Failure.GONE, "is not open", where=f"/{self._zone.path}/energy_uj")
        before_ns = self._clock.monotonic_ns()
        raw_uj = self._energy.read_int()
        after_ns = self._clock.monotonic_ns()
        if not 0 <= raw_uj <= self._zone.max_energy_uj:
            raise self._energy.invalid(f"reads {raw_uj}, but goes round at {self._zone.max_energy_uj}")
        at_ns = (before_ns + after_ns) // 2
        if self._last is not None:
            last_ns, last_raw_uj = self._last
            self._last = None
            step_uj = (raw_uj - last_raw_uj) % self._zone.max_energy_uj
            # A counter that suspend or a driver set back looks as if it had gone round.
            if step_uj > _HIGHEST_POWER_W * (at_ns - last_ns) // 1_000 + _SLACK_UJ:
                raise self._energy.invalid(
                    f"went from {last_raw_uj} to {raw_uj} in {(at_ns - last_ns) / 1e9:g} s: too much"
                )
            self._unwrapped_uj += step_uj
        self._last = at_ns, raw_uj
        return EnergyCount(at_ns=at_ns, energy_uj=self._unwrapped_uj)

    def accuracy(self) -> Accuracy:
        """How far the power may be off, as far as anybody assumes."""
        return RAPL_ACCURACY

    def close(self) -> None:
        """Close the descriptor."""
        if self._energy is not None:
            self._energy.close()
            self._energy = None
