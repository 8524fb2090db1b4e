"""A whole dashboard: what it answers, what is on it and where."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from grafana_foundation_sdk.builders import dashboard
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import (
    AnnotationQuery,
    Dashboard,
    DashboardCursorSync,
    GridPos,
    Panel,
    RowPanel,
    VariableModel,
)

from edged.grafana import links

COLUMNS: Final = 24


@dataclass(frozen=True, slots=True)
class Line:
    """Panels beside each other.

    Attributes:
        height: Their height in grid units.
        panels: Each with its width in grid units; the widths add up to 24.
    """

    height: int
    panels: tuple[tuple[int, Panel], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under one heading.

    Attributes:
        lines: From top to bottom.
        title: The heading; "" for none.
        collapsed: Whether it is folded at first, for what is seldom asked.
    """

    lines: tuple[Line, ...]
    title: str = ""
    collapsed: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A dashboard.

    Attributes:
        uid: Its name for ever, and that of its file.
        title: What it is called.
        question: What it answers.
        variables: What can be chosen.
        sections: What is on it.
        annotations: What is marked in all panels over time.
        since: Where the range shown begins.
        refresh: How often it asks anew.
    """

    uid: str
    title: str
    question: str
    variables: Sequence[VariableModel]
    sections: tuple[Section, ...]
    annotations: tuple[AnnotationQuery, ...] = ()
    since: str = "now-1h"
    refresh: str = field(default="30s")


def line(height: int, *panels: tuple[int, Panel]) -> Line:
    """Panels of one height, each with its width."""
    return Line(height, panels)


def built(page: Page) -> Dashboard:
    """The dashboard, with ids and places for its panels."""
    made = (
        dashboard.Dashboard(page.title)
        .uid(page.uid)
        .description(page.question)
        .tags([links.TAG])
        .readonly()
        .time(page.since, "now")
        .refresh(page.refresh)
        .timezone("browser")
        .tooltip(DashboardCursorSync.CROSSHAIR)
        .build()
    )
    made.links = [links.others()]
    if made.templating is not None:
        made.templating.list_val = list(page.variables)
    if made.annotations is not None:
        made.annotations.list_val = list(page.annotations)
    made.panels = list(_placed(page.sections))
    return made


def text_of(page: Page) -> str:
    """The dashboard as JSON, always in the same order of keys."""
    return JSONEncoder(sort_keys=True, indent=2, ensure_ascii=False).encode(built(page)) + "\n"


def _placed(sections: Sequence[Section]) -> Iterator[Panel | RowPanel]:
    ids, y = count(1), 0
    for section in sections:
        row = None
        if section.title:
            row = RowPanel(collapsed=section.collapsed, title=section.title, id_val=next(ids))
            row.grid_pos = GridPos(h=1, w=COLUMNS, x=0, y=y)
            yield row
            y += 1
        below = 0
        for each in section.lines:
            for panel in _in_line(each, y + below):
                panel.id_val = next(ids)
                if row and section.collapsed:
                    row.panels.append(panel)
                else:
                    yield panel
            below += each.height
        y += 0 if section.collapsed else below


def _in_line(each: Line, y: int) -> Iterator[Panel]:
    x = 0
    for width, panel in each.panels:
        panel.grid_pos = GridPos(h=each.height, w=width, x=x, y=y)
        x += width
        yield panel
