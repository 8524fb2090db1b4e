"""Tables for terminals: where one is too narrow, whole columns are left out, and no figure is cut off.

```
 all columns, names in full ─▶ less of names that fold ─▶ without the columns that matter least, and a line
                                                          below that names them ─▶ everything folds
```

rich by itself shortens every column, the names of models to nothing first; half a figure is worse than none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

# Beside the text of each column; the box below has it so.
_BETWEEN = 2
# To what everything that folds is folded where nothing more can be left out.
_LEAST = 8


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        heading: What stands above it.
        right: Whether it is aligned to the right.
        spare: 0 where it is always shown. The others are shown where there is room: the least number is
            tried first, those with the same number together.
        folds: Width from which on what is longer goes on in the next line, rather than that a column is left
            out; 0 for what never folds.
    """

    heading: str
    right: bool = False
    spare: int = 0
    folds: int = 0


class FittingTable:
    """A table with as many of its columns as there is room for.

    Without rows it is only its title. What is written in it is shown as it is: rich reads no markup into it.

    Args:
        title: What stands above; "" for nothing.
        columns: From left to right.
        elsewhere: What else shows all columns, such as "--format csv"; "" if nothing does.
    """

    def __init__(self, title: str, columns: Sequence[Column], elsewhere: str = "") -> None:
        """Begin without rows."""
        self._title = title
        self._columns = columns
        self._elsewhere = elsewhere
        self._rows: list[tuple[list[Text], str]] = []
        self._longest = [cell_len(column.heading) for column in columns]

    def add_row(self, *cells: str | Text, style: str = "") -> None:
        """One more row.

        Args:
            cells: One for each column.
            style: As rich has them.
        """
        texts = [cell if isinstance(cell, Text) else Text(cell) for cell in cells]
        self._rows.append((texts, style))
        self._longest = [
            max(longest, cell_len(text.plain)) for longest, text in zip(self._longest, texts, strict=True)
        ]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """What rich calls to draw it."""
        if self._title:
            yield Text(self._title, "bold")
        if not self._rows:
            return
        room = options.max_width
        places = self._shown(room)
        yield self._table(places, self._widths(places, room) or self._widths(places, room, _LEAST))
        left_out = [column.heading for place, column in enumerate(self._columns) if place not in places]
        if left_out:
            also = f", and so does {self._elsewhere}" if self._elsewhere else ""
            them = "it" if len(left_out) == 1 else "them"
            yield Text(f"No room for {', '.join(left_out)}: a wider terminal shows {them}{also}.")

    def _shown(self, room: int) -> list[int]:
        """Places of the columns that are shown where there is so much room."""
        shown = {place for place, column in enumerate(self._columns) if not column.spare}
        for spare in sorted({column.spare for column in self._columns} - {0}):
            more = shown | {place for place, column in enumerate(self._columns) if column.spare == spare}
            if self._widths(sorted(more), room):
                shown = more
        return sorted(shown)

    def _widths(self, places: Sequence[int], room: int, least: int | None = None) -> list[int]:
        """Width of each of these columns; none where there is no room for them.

        Args:
            places: Which columns.
            room: Width of the terminal.
            least: To what those that fold may be folded; None for what each of them says.
        """
        full = [self._longest[place] for place in places]
        folds = [self._columns[place].folds for place in places]
        widths = [
            min(longest, least or fold) if fold else longest
            for longest, fold in zip(full, folds, strict=True)
        ]
        left = room - sum(widths) - _BETWEEN * len(places)
        if left < 0:
            return []
        for at, longest in enumerate(full):  # names before what stands right of them
            more = min(left, longest - widths[at])
            widths[at] += more
            left -= more
        return widths

    def _table(self, places: Sequence[int], widths: Sequence[int]) -> Table:
        """These columns as rich draws them; without widths, all of them folded."""
        table = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
        for at, place in enumerate(places):
            column = self._columns[place]
            folded = not widths or widths[at] < self._longest[place]
            table.add_column(
                Text(column.heading),
                justify="right" if column.right else "left",
                # Not "width", which Debian's rich makes one more in the first column.
                max_width=widths[at] if widths and folded else None,
                no_wrap=not folded,
                overflow="fold",
            )
        for texts, style in self._rows:
            kept = [texts[place] for place in places]
            if any(text.plain for text in kept):  # a row only of what is left out is left out with it
                table.add_row(*kept, style=style)
        return table
