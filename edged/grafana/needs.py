"""Which version of Grafana a dashboard needs."""

import re
from typing import Any

Version = tuple[int, int]
# Layout of the committed files; the first whose published schema has the options of today's XY chart.
_LEAST: Version = (11, 0)
_XY_CHART: Version = (11, 5)
_VERSION = re.compile(r"(\d+)\.(\d+)")


def parsed(version: str) -> Version | None:
    """Major and minor number of a version such as `11.6.1` or `12.0.0-pre`; None if it is none."""
    match = _VERSION.match(version)
    return (int(match[1]), int(match[2])) if match else None


def needed(dashboard: dict[str, Any]) -> Version:
    """The oldest version that shows all panels of a dashboard, those in collapsed rows included."""
    panels = dashboard.get("panels", [])
    inner = [each for panel in panels for each in panel.get("panels", [])]
    return _XY_CHART if any(panel.get("type") == "xychart" for panel in (*panels, *inner)) else _LEAST
