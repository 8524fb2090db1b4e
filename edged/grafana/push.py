"""Brings folder, data source and dashboards to a Grafana server: what is there already is left alone.

```
 ours ──┐
        ├──▶ changes, each with its difference ──▶ applied one after the other
 theirs ┘
```

Pushing twice changes nothing the second time.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edged.errors import EdgedError
from edged.grafana.difference import difference
from edged.grafana.server import Server

FOLDER_UID, FOLDER_TITLE = "edged", "edged"
DATA_SOURCE_UID, DATA_SOURCE_NAME = "edged-prometheus", "edged Prometheus"
# The variable of the dashboards by which a data source is chosen.
_VARIABLE = "datasource"
_OUR_DATA_SOURCE = {"selected": True, "text": DATA_SOURCE_NAME, "value": DATA_SOURCE_UID}
# Grafana numbers them itself.
_THEIRS = ("id", "version")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it should be.

    Attributes:
        what: Such as `dashboard edged: fleet`.
        new: Whether it is not there at all.
        lines: The difference, a line each.
        apply: Makes it as it should be.
    """

    what: str
    new: bool
    lines: tuple[str, ...]
    apply: Callable[[], None]


def read_dashboards(directory: Path) -> list[dict[str, Any]]:
    """The dashboards of a directory, in order of their files' names.

    Raises:
        EdgedError: If there are none, or one cannot be read.
    """
    dashboards = []
    for path in sorted(directory.glob("*.json")):
        try:
            dashboard = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise EdgedError(f"cannot be read: {error}", where=str(path)) from error
        if not isinstance(dashboard, dict) or not dashboard.get("uid") or not dashboard.get("title"):
            raise EdgedError("is not a dashboard: it has no uid or no title", where=str(path))
        dashboards.append(dashboard)
    if not dashboards:
        remedy = "name the directory dashboards/ of edged with --dashboards"
        raise EdgedError("has no dashboards in it", where=str(directory), remedy=remedy)
    return dashboards


def changes(server: Server, dashboards: Sequence[dict[str, Any]], prometheus: str | None) -> Iterator[Change]:
    """What has to change on the server, in the order in which it must.

    Args:
        server: The server.
        dashboards: What should be there.
        prometheus: Address of the Prometheus that its data source reads, and on which the dashboards then
            open; None to leave data sources alone, and the choice of one.

    Raises:
        EdgedError: If the server refuses, or keeps something in files of its own.
    """
    if server.folder(FOLDER_UID) is None:
        lines = (f"+ title: {FOLDER_TITLE}",)
        yield Change("folder edged", True, lines, lambda: server.create_folder(FOLDER_UID, FOLDER_TITLE))
    if prometheus is not None:
        yield from _data_source(server, prometheus)
    for dashboard in dashboards:
        yield from _dashboard(server, dashboard, preset=prometheus is not None)


def _data_source(server: Server, prometheus: str) -> Iterator[Change]:
    ours = {
        "uid": DATA_SOURCE_UID,
        "name": DATA_SOURCE_NAME,
        "type": "prometheus",
        "access": "proxy",
        "url": prometheus,
        # The scrape interval of deploy/stack: $__rate_interval comes from it.
        "jsonData": {"httpMethod": "POST", "timeInterval": "15s"},
    }
    theirs = server.data_source(DATA_SOURCE_UID)
    what = f"data source {ours['name']}"
    if theirs is None:
        yield Change(what, True, difference({}, ours), lambda: server.create_data_source(ours))
        return
    known = {name: theirs.get(name) for name in ours}
    known["jsonData"] = {
        name: (theirs.get("jsonData") or {}).get(name) for name in ("httpMethod", "timeInterval")
    }
    lines = difference(known, ours)
    if lines and theirs.get("readOnly"):
        raise _provisioned(server, what)
    if lines:
        merged = {
            **ours,
            "jsonData": {**(theirs.get("jsonData") or {}), "httpMethod": "POST", "timeInterval": "15s"},
        }
        yield Change(what, False, lines, lambda: server.change_data_source(merged))


def _dashboard(server: Server, shipped: dict[str, Any], *, preset: bool) -> Iterator[Change]:
    what = f"dashboard {shipped['title']}"
    found = server.dashboard(str(shipped["uid"]))
    theirs = (found or {}).get("dashboard") or {}
    meta = (found or {}).get("meta") or {}
    # A dashboard from a file of theirs cannot be changed, and is not wrong for what it opens on.
    chosen = _OUR_DATA_SOURCE if preset and not meta.get("provisioned") else _chosen(theirs)
    ours = _opening_on(chosen, shipped)

    def save() -> None:
        server.save_dashboard(ours, FOLDER_UID, "edged grafana push")

    if found is None:
        yield Change(what, True, (f"+ {len(ours.get('panels', []))} panels",), save)
        return
    lines = difference(_own(theirs), _own(ours))
    if meta.get("folderUid") != FOLDER_UID:
        lines = (f"~ folder: {meta.get('folderUid') or 'General'} → {FOLDER_UID}", *lines)
    if lines and meta.get("provisioned"):
        raise _provisioned(server, what)
    if lines:
        yield Change(what, False, lines, save)


def _chosen(dashboard: dict[str, Any]) -> object:
    """The data source that a dashboard opens on; None where that is Grafana's default."""
    variables = (dashboard.get("templating") or {}).get("list") or []
    return next((each.get("current") for each in variables if each.get("name") == _VARIABLE), None)


def _opening_on(chosen: object, shipped: dict[str, Any]) -> dict[str, Any]:
    """The dashboard, but opening on that data source: the shipped one cannot know which there are."""
    if not chosen:
        return shipped
    templating = shipped.get("templating") or {}
    variables = [
        {**each, "current": chosen} if each.get("name") == _VARIABLE else each
        for each in templating.get("list") or []
    ]
    return {**shipped, "templating": {**templating, "list": variables}}


def _own(dashboard: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in dashboard.items() if name not in _THEIRS}


def _provisioned(server: Server, what: str) -> EdgedError:
    return EdgedError(
        f"{what} comes from files of the Grafana server (it is provisioned), so it cannot be pushed",
        where=server.address,
        remedy="replace those files by the new ones, or take them out of Grafana's provisioning directory",
    )
