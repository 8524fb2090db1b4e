"""Follows a flatbuffer that may have been made by anybody: every position is checked before it is read.

A flatbuffer is a graph of tables, vectors and strings, which refer to each other by distance:

    table:  [distance back to its vtable][fields ...]
    vtable: [its size][the table's size][distance of each field from the table's start, or 0]
    vector: [number of elements][elements ...]

Whoever made the file may let distances lead anywhere, let vectors overlap, or let many things refer to
one. So work is counted: past a limit the file is refused, whatever else it holds.
"""

import mmap
import struct

from edged.errors import EdgedError
from edged.inference.tflite_schema import (
    TABLES,
    UNIONS,
    Field,
    Gone,
    Numbers,
    OneOf,
    OneTable,
    Scalar,
    Tables,
    Text,
)

# Tables, and elements of vectors that are looked at; the models that run on boards have a few thousand.
MAX_STEPS = 100_000
_WIDEST_SCALAR = 8
_FORMATS = {1: "<B", 2: "<H", 4: "<I", 8: "<Q"}


class BrokenFileError(EdgedError):
    """The file is no flatbuffer of this schema."""


class Flatbuffer:
    """A flatbuffer whose tables have been checked, for reading.

    Args:
        data: The whole file.

    Raises:
        BrokenFileError: If anything in it leads outside of the file, or there is too much of it.
    """

    def __init__(self, data: mmap.mmap | bytes, root: str) -> None:
        """Check everything that can be reached from the root table."""
        self._data = data
        self._size = len(data)
        self._steps = 0
        self._checked: set[tuple[str, int]] = set()
        self.root = Table(self, self._follow(0), root)
        self._check_table(self.root.position, root)

    def number(self, position: int, width: int, *, signed: bool = False) -> int:
        """The number of `width` bytes at a position.

        Raises:
            BrokenFileError: If that is not inside of the file.
        """
        if position < 0 or position + width > self._size:
            raise BrokenFileError(f"something at byte {position} lies outside of the file")
        form = _FORMATS[width]
        return int(struct.unpack_from(form.lower() if signed else form, self._data, position)[0])

    def content(self, position: int, count: int) -> bytes:
        """Bytes that are known to be there."""
        return self._data[position : position + count]

    def field(self, table: int, slot: int) -> int | None:
        """Where a field of a table lies; None where the table does not have it."""
        vtable = table - self.number(table, 4, signed=True)
        if 4 + 2 * slot >= self.number(vtable, 2):
            return None
        distance = self.number(vtable + 4 + 2 * slot, 2)
        return table + distance if distance else None

    def _follow(self, position: int) -> int:
        distance = self.number(position, 4)
        target = position + distance
        if distance == 0 or target + 4 > self._size:
            raise BrokenFileError(f"byte {position} refers to something outside of the file")
        if target % 4:
            raise BrokenFileError(f"byte {position} refers to something that is not aligned")
        return target

    def spend(self, steps: int) -> None:
        """Count work.

        Raises:
            BrokenFileError: If it gets too much.
        """
        self._steps += steps
        if self._steps > MAX_STEPS:
            raise BrokenFileError(f"it holds more than {MAX_STEPS} tables and numbers to look at")

    def _check_table(self, position: int, name: str | None) -> None:
        """Check a table and what it refers to; without a name all its fields are numbers."""
        self.spend(1)
        if name is not None:
            if (name, position) in self._checked:
                return
            self._checked.add((name, position))
        fields = TABLES[name] if name is not None else None
        vtable = position - self.number(position, 4, signed=True)
        vtable_size, table_size = self.number(vtable, 2), self.number(vtable + 2, 2)
        slots = (vtable_size - 4) // 2
        if vtable % 2 or vtable_size % 2 or slots < 0 or vtable + vtable_size > self._size:
            raise BrokenFileError(f"the table at byte {position} has no valid list of fields")
        if position + table_size > self._size or table_size < 4:
            raise BrokenFileError(f"the table at byte {position} ends outside of the file")
        for slot in range(slots):
            distance = self.number(vtable + 4 + 2 * slot, 2)
            if distance == 0:
                continue
            if not 4 <= distance < table_size:
                raise BrokenFileError(f"the table at byte {position} has a field outside of itself")
            if fields is None:
                self.number(position + distance, 1)
                if position + distance + _WIDEST_SCALAR > self._size:
                    raise BrokenFileError(f"the table at byte {position} ends outside of the file")
            elif slot >= len(fields):
                raise BrokenFileError(f"a {name} has a field that this version of edged does not know")
            else:
                self._check_field(fields[slot], position, slot, distance, table_size)

    def _check_field(self, field: Field, table: int, slot: int, distance: int, table_size: int) -> None:
        position = table + distance
        width = field.width if isinstance(field, Scalar) else 4
        if distance + width > table_size:
            raise BrokenFileError(f"the table at byte {table} has a field that ends outside of itself")
        if position % width:
            raise BrokenFileError(f"the field at byte {position} is not aligned")
        match field:
            case Numbers(element_width):
                self._check_vector(position, element_width)
            case Text():
                start, count = self._check_vector(position, 1)
                if self.number(start + count, 1):
                    raise BrokenFileError(f"the text at byte {start} has no end")
            case OneTable(name):
                self._check_table(self._follow(position), name)
            case Tables(name):
                start, count = self._check_vector(position, 4)
                for index in range(count):
                    self._check_table(self._follow(start + 4 * index), name)
            case OneOf(name):
                self._check_union(table, slot, name, self._follow(position))
            case Scalar() | Gone():
                pass

    def _check_union(self, table: int, slot: int, name: str, target: int) -> None:
        kind_at = self.field(table, slot - 1)
        kind = self.number(kind_at, 1) if kind_at is not None else 0
        union = UNIONS[name]
        if kind >= union.known:
            raise BrokenFileError(f"it has {name} of kind {kind}, which this version of edged does not know")
        if kind:
            self._check_table(target, union.tables.get(kind))

    def _check_vector(self, position: int, width: int) -> tuple[int, int]:
        vector = self._follow(position)
        count = self.number(vector, 4)
        start = vector + 4
        if start + count * width > self._size:
            raise BrokenFileError(f"the vector at byte {vector} ends outside of the file")
        if count and start % width:
            raise BrokenFileError(f"the vector at byte {vector} is not aligned")
        return start, count


class Table:
    """A table of a checked flatbuffer.

    Args:
        buffer: The flatbuffer.
        position: Where the table lies.
        name: Its name in the schema.
    """

    def __init__(self, buffer: Flatbuffer, position: int, name: str) -> None:
        """Only remember where it is."""
        self._buffer = buffer
        self.position = position
        self._fields = TABLES[name]

    def has(self, slot: int) -> bool:
        """Whether the table has that field."""
        return self._buffer.field(self.position, slot) is not None

    def number(self, slot: int, *, signed: bool = True) -> int:
        """A number; 0 where the table does not have it."""
        at, field = self._buffer.field(self.position, slot), self._fields[slot]
        if at is None or not isinstance(field, Scalar):
            return 0
        return self._buffer.number(at, field.width, signed=signed)

    def length(self, slot: int) -> int:
        """Number of elements of a vector or bytes of a string; 0 where the table does not have it."""
        return self._vector(slot)[1]

    def numbers(self, slot: int) -> list[int]:
        """The elements of a vector of signed whole numbers.

        Raises:
            BrokenFileError: If that is more than one looks at.
        """
        start, count = self._vector(slot)
        self._buffer.spend(count)
        field = self._fields[slot]
        width = field.width if isinstance(field, Numbers) else 1
        return [self._buffer.number(start + width * i, width, signed=True) for i in range(count)]

    def text(self, slot: int) -> str:
        """A string, at most its first 200 bytes."""
        start, count = self._vector(slot)
        return self._buffer.content(start, min(count, 200)).decode("utf-8", errors="replace")

    def tables(self, slot: int) -> list["Table"]:
        """The tables of a vector."""
        start, count = self._vector(slot)
        field = self._fields[slot]
        name = field.table if isinstance(field, Tables) else ""
        positions = (start + 4 * index for index in range(count))
        return [Table(self._buffer, at + self._buffer.number(at, 4), name) for at in positions]

    def _vector(self, slot: int) -> tuple[int, int]:
        at = self._buffer.field(self.position, slot)
        if at is None:
            return 0, 0
        vector = at + self._buffer.number(at, 4)
        return vector + 4, self._buffer.number(vector, 4)
