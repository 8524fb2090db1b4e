"""What a reader keeps open of an I2C chip: found by identity, wherever the kernel shows it now.

The kernel gives numbers anew, and an open descriptor of a device that went away gives ENODEV for ever. So
nothing that depends on the number outlives a `reopen`.
"""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Generic, TypeVar

from edged.board.parts import SensorChip
from edged.board.sysfs import Sysfs
from edged.power.attribute import KeptAttribute, write
from edged.power.i2c_identity import Place
from edged.power.reading import Rail
from edged.power.sensor import Failure, SensorError

PartsT = TypeVar("PartsT")


class KeptChip(Generic[PartsT]):
    """The attributes of one chip that are open together, and what was read of it when they were opened.

    Attributes:
        path: Directory of its attributes, relative to the root; where it was discovered, before `reopen`.
        bus: Its I2C adapter, "i2c-0".
        now: What `open_parts` gave; None while nothing is open.

    Args:
        chip: Where it was discovered.
        rail: The rail that failures are told about.
        root: Where the machine's file system begins.
        find: Finds the chip by its identity; raises a `SensorError` if it is not there.
        open_parts: Opens what is to be kept, each by `attribute`, and looks at what never changes.
    """

    def __init__(
        self,
        chip: SensorChip,
        rail: Rail,
        root: Path,
        *,
        find: Callable[[Sysfs, SensorChip, Rail], Place],
        open_parts: Callable[[Callable[[str], KeptAttribute]], PartsT],
    ) -> None:
        """Nothing is opened yet."""
        self.path = chip.path
        self.bus = f"i2c-{chip.bus}"
        self.now: PartsT | None = None
        self._chip = chip
        self._rail = rail
        self._root = root
        self._find = find
        self._open_parts = open_parts
        self._descriptors = ExitStack()

    def reopen(self) -> None:
        """Find the chip again, and open its attributes there; where that fails, none stays open.

        Raises:
            SensorError: If it is not there, or not as it should be.
        """
        self.close()
        self.path, bus = self._find(Sysfs(self._root), self._chip, self._rail)
        self.bus = f"i2c-{bus}"
        with ExitStack() as opened:

            def attribute(name: str) -> KeptAttribute:
                kept = self.attribute(name)
                opened.callback(kept.close)
                return kept

            self.now = self._open_parts(attribute)
            self._descriptors = opened.pop_all()

    def parts(self) -> PartsT:
        """What is open.

        Raises:
            SensorError: `GONE` if nothing is.
        """
        if self.now is None:
            raise self.error(Failure.GONE, "is not open")
        return self.now

    def attribute(self, name: str) -> KeptAttribute:
        """One more of its attributes; who asks for it closes it.

        Raises:
            SensorError: If it cannot be opened.
        """
        return KeptAttribute(self._root, f"{self.path}/{name}", self._rail)

    def write(self, name: str, number: int) -> bool:
        """Write one of its attributes; False where it is not there, not allowed, or refused by the driver."""
        return write(self._root, f"{self.path}/{name}", f"{number}\n")

    def error(self, kind: Failure, what: str) -> SensorError:
        """The failure to raise where the chip as a whole is concerned."""
        return SensorError(self._rail, kind, what, where=f"/{self.path}")

    def close(self) -> None:
        """Close all descriptors."""
        self.now = None
        self._descriptors.close()
