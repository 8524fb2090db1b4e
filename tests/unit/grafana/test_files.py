"""The dashboards in `dashboards/` are those that the code builds."""

from edged.grafana.dashboards import files
from tests.unit.grafana.shipped import DASHBOARDS, DIRECTORY


def test_building_again_gives_the_same_bytes() -> None:
    rebuilt = {name: text.encode() for name, text in files()}
    shipped = {path.name: path.read_bytes() for path in DIRECTORY.glob("*.json")}
    assert rebuilt == shipped


def test_there_are_the_five_dashboards() -> None:
    assert sorted(path.stem for path in DIRECTORY.iterdir()) == sorted(DASHBOARDS)
