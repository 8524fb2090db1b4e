"""The readings of one channel over time, in a bounded ring."""

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterator
from operator import attrgetter
from typing import Generic, Protocol, TypeVar


class Timed(Protocol):
    """Anything that covers an interval of monotonic time."""

    @property
    def start_ns(self) -> int:
        """Where the interval begins."""
        ...

    @property
    def end_ns(self) -> int:
        """Where the interval ends; equal to `start_ns` for a moment."""
        ...


ItemT = TypeVar("ItemT", bound=Timed)
_START_NS = attrgetter("start_ns")
_END_NS = attrgetter("end_ns")


class Trace(Generic[ItemT]):
    """A ring of readings in order of time: of two, the later one neither begins nor ends before the other.

    One thread appends, any thread reads.

    Args:
        capacity: Readings kept; the oldest go first.
    """

    def __init__(self, capacity: int) -> None:
        """Begin empty."""
        self._items: deque[ItemT] = deque(maxlen=capacity)

    def append(self, item: ItemT) -> None:
        """Add the newest reading."""
        self._items.append(item)

    def newest(self) -> ItemT | None:
        """The newest reading, if there is one."""
        try:
            return self._items[-1]
        except IndexError:
            return None

    def between(self, start_ns: int, end_ns: int) -> list[ItemT]:
        """Readings whose interval touches [start, end], in order of time."""
        items = self._copy()
        first = bisect_left(items, start_ns, key=_END_NS)
        return items[first : bisect_right(items, end_ns, lo=first, key=_START_NS)]

    def __len__(self) -> int:
        """Number of readings kept."""
        return len(self._items)

    def __iter__(self) -> Iterator[ItemT]:
        """A snapshot of the readings: later appends do not disturb it."""
        return iter(self._copy())

    def _copy(self) -> list[ItemT]:
        while True:
            try:
                return list(self._items)
            except RuntimeError:  # appended to while it was copied
                continue
