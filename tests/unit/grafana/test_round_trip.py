"""What the SDK does not know when it reads a dashboard is misspelt."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

from tests.unit.grafana.shipped import DASHBOARDS, dashboard

# Known to Grafana's Prometheus data source, and not to the SDK.
_UNKNOWN_TO_SDK = {"titleFormat"}


@pytest.mark.parametrize("uid", DASHBOARDS)
def test_no_key_gets_lost(uid: str) -> None:
    assert list(_lost(dashboard(uid))) == []


def test_a_misspelt_option_is_found() -> None:
    shipped = json.loads(json.dumps(dashboard("edged-tradeoffs")))
    plot = next(panel for panel in shipped["panels"] if panel["type"] == "xychart")
    plot["options"]["mapppings"] = "manual"
    assert [path.rpartition(".")[2] for path in _lost(shipped)] == ["mapppings"]


def _lost(shipped: Any) -> Iterator[str]:
    register_default_plugins()
    again = json.loads(JSONEncoder().encode(Dashboard.from_json(dict(shipped))))
    return _missing(shipped, again, "")


def _missing(before: Any, after: Any, path: str) -> Iterator[str]:
    """Where something is gone or has changed; defaults may have come."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key, value in before.items():
            if key not in _UNKNOWN_TO_SDK:
                yield from _missing(value, after[key], f"{path}.{key}") if key in after else [f"{path}.{key}"]
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for place, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _missing(one, other, f"{path}[{place}]")
    elif before != after:
        yield path
