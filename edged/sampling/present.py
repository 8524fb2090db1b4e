"""What there is now of a kind of thing that may come: sensors are plugged in while edged runs."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, TypeVar, overload

ItemT = TypeVar("ItemT")


class Present(Sequence[ItemT], Generic[ItemT]):
    """A tuple that is replaced as a whole: who goes through it sees one state of it, without a lock.

    One thread adds, any thread reads.

    Args:
        items: What there is at the beginning.
    """

    def __init__(self, items: Iterable[ItemT] = ()) -> None:
        """Begin with what there is."""
        self.now: tuple[ItemT, ...] = tuple(items)

    def add(self, items: Iterable[ItemT]) -> None:
        """From now on there are these too."""
        self.now = (*self.now, *items)

    def __iter__(self) -> Iterator[ItemT]:
        """What there is at this moment."""
        return iter(self.now)

    def __len__(self) -> int:
        """How many there are."""
        return len(self.now)

    @overload
    def __getitem__(self, index: int) -> ItemT: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[ItemT]: ...
    def __getitem__(self, index: int | slice) -> ItemT | Sequence[ItemT]:
        """One of them, in the order of their coming."""
        return self.now[index]
