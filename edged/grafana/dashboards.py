"""All dashboards, and their files."""

from collections.abc import Iterator

from edged.grafana.board import board
from edged.grafana.fleet import fleet
from edged.grafana.itself import itself
from edged.grafana.page import Page, text_of
from edged.grafana.regression import regression
from edged.grafana.tradeoffs import tradeoffs


def pages() -> list[Page]:
    """The dashboards, from the whole to the part."""
    return [fleet(), board(), tradeoffs(), regression(), itself()]


def files() -> Iterator[tuple[str, str]]:
    """Name and text of the file of each dashboard."""
    for page in pages():
        yield f"{page.uid}.json", text_of(page)
