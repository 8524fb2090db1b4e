"""The readings of one channel over time, in a bounded ring."""

from collections import deque
from collections.abc import Iterator
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


class Trace(Generic[ItemT]):
    """A ring of readings in order of time. One thread appends, any thread reads.

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
        return [item for item in self if item.end_ns >= start_ns and item.start_ns <= end_ns]

    def __len__(self) -> int:
        """Number of readings kept."""
        return len(self._items)

    def __iter__(self) -> Iterator[ItemT]:
        """A snapshot of the readings: later appends do not disturb it."""
        while True:
            try:
                return iter(list(self._items))
            except RuntimeError:  # appended to while it was copied
                continue
