"""What Grafana takes without a word and does not do: ids and columns that are not there."""

import re
from typing import Any

import pytest

from tests.unit.grafana.shipped import DASHBOARDS, dashboard, panels, styled_columns

# The ids of properties that these kinds of panels know, from Grafana's published schema.
_KNOWN = {
    "links",
    "noValue",
    "color",
    "unit",
    "decimals",
    "min",
    "mappings",
    "thresholds",
    "custom.show",
    "custom.pointShape",
    "custom.pointSize.fixed",
    "custom.pointStrokeWidth",
    "custom.fillOpacity",
    "custom.lineWidth",
    "custom.lineStyle",
    "custom.axisLabel",
    "custom.scaleDistribution",
    "custom.width",
    "custom.cellOptions",
}


@pytest.fixture(params=DASHBOARDS)
def shipped(request: pytest.FixtureRequest) -> Any:
    return dashboard(request.param)


def test_every_property_is_one_that_grafana_knows(shipped: Any) -> None:
    for panel in panels(shipped):
        for override in panel["fieldConfig"]["overrides"]:
            assert {each["id"] for each in override["properties"]} <= _KNOWN, panel["title"]


def test_every_panel_says_in_which_version_its_options_are(shipped: Any) -> None:
    for panel in panels(shipped):
        major, minor, _ = map(int, panel["pluginVersion"].split("."))
        assert (major, minor) >= (11, 1)


def test_every_renamed_column_is_made_by_a_query(shipped: Any) -> None:
    for panel in panels(shipped):
        made = {f"Value #{target['refId']}" for target in panel["targets"]} | {"Value"}
        for name in _renamed(panel):
            assert name in made or "\\" in name, f"{panel['title']}: {name}"


def test_every_column_that_is_styled_sorted_or_drawn_is_there(shipped: Any) -> None:
    for panel in panels(shipped):
        if panel["type"] in {"table", "xychart"}:
            there = _columns(panel)
            styled = styled_columns(panel)
            sorted_by = {
                each["field"]
                for step in panel["transformations"]
                if step["id"] == "sortBy"
                for each in step["options"]["sort"]
            }
            drawn = {
                series[axis]["matcher"]["options"]
                for series in panel["options"].get("series", [])
                for axis in ("x", "y")
            }
            first = {each["displayName"] for each in panel["options"].get("sortBy") or []}
            assert styled | sorted_by | drawn | first <= there, panel["title"]


def test_a_plot_draws_its_front_before_its_points_and_sorts_last() -> None:
    plots = [panel for panel in panels(dashboard("edged-tradeoffs")) if panel["type"] == "xychart"]
    assert len(plots) == 4
    for panel in plots:
        drawn = [series["name"]["fixed"] for series in panel["options"]["series"]]
        precisions = (
            [f"{precision} {cluster}" for cluster in ("big", "little") for precision in ("FP32", "INT8")]
            if panel["title"].startswith("Energy vs. latency")
            else ["FP32", "INT8"]
        )
        assert drawn == ["Certain", "Pareto front", *precisions]
        assert panel["options"]["mapping"] == "manual"
        assert all(each["frame"]["matcher"]["id"] == "byIndex" for each in panel["options"]["series"])
        assert [step["id"] for step in panel["transformations"]] == [
            "joinByField",
            "filterFieldsByName",
            "organize",
            "sortBy",
        ]
        assert panel["transformations"][0]["options"]["mode"] == "outer"


def test_a_dashed_line_has_the_colour_of_its_bad_side_and_the_description_says_which_that_is() -> None:
    lines = [
        panel
        for uid in DASHBOARDS
        for panel in panels(dashboard(uid))
        if panel["fieldConfig"]["defaults"].get("custom", {}).get("thresholdsStyle")
    ]
    sides = {panel["title"]: _bad_side(panel) for panel in lines}
    assert set(sides.values()) == {"above", "below"}
    for panel in lines:
        assert f"Bad {sides[panel['title']]} the dashed line" in panel["description"], panel["title"]


def test_only_a_panel_with_a_dashed_line_speaks_of_one() -> None:
    for uid in DASHBOARDS:
        for panel in panels(dashboard(uid)):
            if not panel["fieldConfig"]["defaults"].get("custom", {}).get("thresholdsStyle"):
                assert "the dashed line" not in panel["description"], panel["title"]


def test_a_dashed_line_is_in_sight_whatever_the_values_are() -> None:
    for uid in DASHBOARDS:
        for panel in panels(dashboard(uid)):
            shown = panel["fieldConfig"]["defaults"].get("custom", {})
            if shown.get("thresholdsStyle"):
                at = panel["fieldConfig"]["defaults"]["thresholds"]["steps"][-1]["value"]
                below = _bad_side(panel) == "below"
                assert shown["axisSoftMin"] < at if below else shown["axisSoftMax"] > at, panel["title"]


def test_without_a_value_a_stat_is_neither_green_nor_red() -> None:
    for uid in DASHBOARDS:
        for panel in panels(dashboard(uid)):
            if panel["type"] == "stat":
                defaults = panel["fieldConfig"]["defaults"]
                without = defaults["mappings"][-1]["options"]
                assert without["match"] == "null"
                assert without["result"]["text"] == defaults["noValue"]
                assert without["result"]["color"] == "text"


def test_no_table_hides_columns_behind_wide_ones() -> None:
    for uid in DASHBOARDS:
        for panel in panels(dashboard(uid)):
            if panel["type"] == "table":
                least = panel["fieldConfig"]["defaults"]["custom"]["minWidth"]
                widths = [
                    next(
                        (each["value"] for each in override["properties"] if each["id"] == "custom.width"), 0
                    )
                    for override in panel["fieldConfig"]["overrides"]
                ]
                fixed = [each for each in widths if each]
                shared = max(0, len(_columns(panel)) - len(fixed)) if panel["transformations"] else 0
                # On a screen of 1,400 pixels.
                assert sum(fixed) + least * shared <= panel["gridPos"]["w"] * 56, panel["title"]


def test_a_thing_has_the_same_colour_wherever_it_is_shown() -> None:
    colours: dict[str, set[str]] = {}
    for uid in DASHBOARDS:
        for panel in panels(dashboard(uid)):
            for override in panel["fieldConfig"]["overrides"]:
                name = re.sub(r"^/\(\^\|\[ @\]\)|\$/$", "", override["matcher"]["options"])
                for each in override["properties"]:
                    if each["id"] == "color" and each["value"]["mode"] == "fixed":
                        colours.setdefault(name.lower(), set()).add(each["value"]["fixedColor"])
    assert {name: len(shades) for name, shades in colours.items()} == dict.fromkeys(colours, 1)
    assert colours["fp32"] == {"blue"}
    assert colours["int8"] == {"orange"}
    assert colours["pareto front"] == {"red"}


def _bad_side(panel: Any) -> str:
    """The side whose step gives a line its colour: the upper one, unless that is transparent."""
    below, above = [step["color"] for step in panel["fieldConfig"]["defaults"]["thresholds"]["steps"]]
    drawn = below if above == "transparent" else above
    assert drawn == "dark-red", panel["title"]
    return "below" if drawn == below else "above"


def _renamed(panel: Any) -> dict[str, str]:
    steps = [step for step in panel.get("transformations", []) if step["id"] == "organize"]
    return {name: new for step in steps for name, new in step["options"]["renameByName"].items()}


def _columns(panel: Any) -> set[str]:
    kept = {
        name
        for step in panel["transformations"]
        if step["id"] == "filterFieldsByName"
        for name in step["options"]["include"]["names"]
    }
    renamed = _renamed(panel)
    return {renamed.get(name, name) for name in kept} | set(renamed.values())
