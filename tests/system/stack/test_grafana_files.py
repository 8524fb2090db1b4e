"""What Grafana is told by files, by ../shared/grafana/README.md; no Grafana has read them here."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from edged.grafana.push import DATA_SOURCE_UID, FOLDER_TITLE, FOLDER_UID
from tests.system.stack.containers import seen_by, services
from tests.system.stack.test_debian import GRAFANA


@pytest.fixture(params=["containers", "debian"])
def root(request: pytest.FixtureRequest, stack: Path, tmp_path: Path) -> Path:
    """What Grafana sees, in either way."""
    if request.param == "debian":
        found: Path = request.getfixturevalue("debian")
        return found
    return seen_by(services(stack)["grafana"], stack, tmp_path / "root")


def data_sources(root: Path) -> list[dict[str, Any]]:
    document = yaml.safe_load((root / "etc/grafana/provisioning/datasources/edged.yml").read_text())
    assert document["apiVersion"] == 1
    found: list[dict[str, Any]] = document["datasources"]
    return found


def provider(root: Path) -> dict[str, Any]:
    document = yaml.safe_load((root / "etc/grafana/provisioning/dashboards/edged.yml").read_text())
    assert document["apiVersion"] == 1
    (found,) = document["providers"]
    assert isinstance(found, dict)
    return found


def test_the_data_source_is_the_one_that_edged_grafana_push_makes(root: Path) -> None:
    prometheus, _ = data_sources(root)
    assert (prometheus["uid"], prometheus["type"], prometheus["access"]) == (
        DATA_SOURCE_UID,
        "prometheus",
        "proxy",
    )
    assert prometheus["jsonData"]["httpMethod"] == "POST"
    assert prometheus["editable"] is False


def test_its_interval_is_that_of_the_scrapes(root: Path, stack: Path) -> None:
    prometheus, _ = data_sources(root)
    said = yaml.safe_load((stack / "prometheus.yml").read_text())["global"]["scrape_interval"]
    assert prometheus["jsonData"]["timeInterval"] == said


def test_alerts_are_shown_by_the_alertmanager(root: Path) -> None:
    prometheus, alertmanager = data_sources(root)
    assert prometheus["jsonData"]["manageAlerts"] is True
    assert prometheus["jsonData"]["alertmanagerUid"] == alertmanager["uid"]
    assert (alertmanager["type"], alertmanager["jsonData"]) == (
        "alertmanager",
        {"implementation": "prometheus"},
    )


def test_one_data_source_is_the_default(root: Path) -> None:
    assert [bool(each.get("isDefault")) for each in data_sources(root)] == [True, False]


def test_the_dashboards_lie_where_the_provider_looks(root: Path) -> None:
    said = provider(root)
    assert (said["type"], said["folder"], said["folderUid"]) == ("file", FOLDER_TITLE, FOLDER_UID)
    assert said["allowUiUpdates"] is False
    paths = sorted((root / said["options"]["path"].lstrip("/")).glob("*.json"))
    dashboards = [json.loads(path.read_text()) for path in paths]
    assert len({each["uid"] for each in dashboards}) == len(dashboards) == 5


def test_every_variable_that_the_files_name_is_set_in_both_ways(
    root: Path, stack: Path, debian: Path
) -> None:
    values = [each["url"] for each in data_sources(root)]
    named = {name for value in values for name in re.findall(r"\$(\w+)", value)}
    assert named == {"EDGED_PROMETHEUS_URL", "EDGED_ALERTMANAGER_URL"}
    assert named <= set(services(stack)["grafana"].says["environment"])
    assert named <= set(re.findall(r"^Environment=(\w+)=", (debian / GRAFANA).read_text(), re.MULTILINE))


def test_nothing_else_in_them_is_taken_for_a_variable(root: Path) -> None:
    for path in (root / "etc/grafana/provisioning").rglob("*.yml"):
        for line in path.read_text().splitlines():
            if "$" in line and not line.lstrip().startswith("#"):
                assert re.fullmatch(r"    url: \$EDGED_\w+_URL", line)
