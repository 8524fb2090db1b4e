"""The paper's plots: one thing against another, a point for each model, and the front on top.

Each series is a column of its own. The front comes first, so that the points lie on its rings.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from grafana_foundation_sdk.builders import common, xychart
from grafana_foundation_sdk.models.common import (
    AxisPlacement,
    LegendDisplayMode,
    LegendPlacement,
    SortOrder,
    TooltipDisplayMode,
)
from grafana_foundation_sdk.models.dashboard import Panel
from grafana_foundation_sdk.models.xychart import PointShape, SeriesMapping, XYShowMode

from edged.grafana import colours
from edged.grafana.fields import Override, Property, colour, decimals, named, unit
from edged.grafana.links import to_history_of_model
from edged.grafana.panels import About, finished
from edged.grafana.query import Query, as_table
from edged.grafana.tables import joined, sorted_by

FRONT, CERTAIN = "Pareto front", "Certain"
# Labels that the tooltip tells, where the query of x has them.
_TOLD: Final = ("model", "alpha", "precision", "cpu_cluster")
_LOGARITHMIC: Final = Property("custom.scaleDistribution", {"type": "log", "log": 10})


@dataclass(frozen=True, slots=True)
class Axis:
    """What is on the x axis.

    Attributes:
        name: Its column.
        label: What is written beside it.
        unit: Unit of its values.
        expr: PromQL.
        logarithmic: Whether equal steps are equal factors, on the y axis too.
    """

    name: str
    label: str
    unit: str
    expr: str
    logarithmic: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of points.

    Attributes:
        query: Their y values; its name is the query's refId.
        title: Name of the column and in the legend.
        style: How they are drawn.
    """

    query: Query
    title: str
    style: tuple[Property, ...]


def front_series(expr: str) -> Series:
    """A line through the points that are optimal, and a ring round each."""
    rings = ring_series(expr)
    line = (Property("custom.show", "points+lines"), Property("custom.lineWidth", 2))
    return Series(rings.query, rings.title, (*rings.style, *line))


def ring_series(expr: str) -> Series:
    """A ring round each point that is optimal, for a front in two costs: no line goes through it."""
    rings = (
        colour(colours.PARETO),
        Property("custom.pointSize.fixed", 16),
        Property("custom.pointStrokeWidth", 2),
        Property("custom.fillOpacity", 0),
    )
    return Series(Query(expr, name="front"), FRONT, rings)


def certain_series(expr: str) -> Series:
    """A square round each point that is optimal beyond doubt."""
    squares = (
        colour(colours.PARETO),
        Property("custom.pointShape", "square"),
        Property("custom.pointSize.fixed", 24),
        Property("custom.pointStrokeWidth", 1),
        Property("custom.fillOpacity", 0),
    )
    return Series(Query(expr, name="certain"), CERTAIN, squares)


def point_series(expr: str, name: str, title: str, shade: str, shape: PointShape) -> Series:
    """Plain points; each leads to the history of its model."""
    style = (colour(shade), Property("custom.pointShape", shape.value), to_history_of_model())
    return Series(Query(expr, name=name), title, style)


def scatter(
    about: About,
    x: Axis,
    y_label: str,
    series: Sequence[Series],
    *,
    told: Sequence[Series] = (),
    rows: str = "model",
    repeated_by: str | None = None,
) -> Panel:
    """One thing against another.

    Args:
        about: What it says of itself; its unit is that of y.
        x: What is on the x axis. Its query carries the labels that the tooltip tells.
        y_label: What is written beside the y axis.
        series: What is drawn, from below to above.
        told: What only the tooltip tells.
        rows: Label that each query has a row for each value of.
        repeated_by: Variable for each of whose values there is such a panel.
    """
    builder = (
        xychart.Panel()
        .mapping(SeriesMapping.MANUAL)
        .series([_drawn(x.name, each.title) for each in series])
        .show(XYShowMode.POINTS)
        .point_size(xychart.XychartFieldConfigPointSize().fixed(9))
        .point_shape(PointShape.CIRCLE)
        .point_stroke_width(1)
        .fill_opacity(80)
        .line_width(2)
        .axis_placement(AxisPlacement.AUTO)
        .axis_label(y_label)
        .axis_grid_show(axis_grid_show=True)
        .legend(
            common.VizLegendOptions()
            .display_mode(LegendDisplayMode.LIST)
            .placement(LegendPlacement.BOTTOM)
            .show_legend(show_legend=True)
        )
        .tooltip(common.VizTooltipOptions().mode(TooltipDisplayMode.SINGLE).sort(SortOrder.NONE))
    )
    columns = {"x": x.name} | {each.query.name: each.title for each in (*series, *told)}
    queries = [Query(x.expr, name="x"), *(each.query for each in (*series, *told))]
    scale = [_LOGARITHMIC] if x.logarithmic else []
    overrides = [
        _x_override(x),
        *(named(each.title, *each.style, *scale) for each in series),
        *(named(each.title, *each.style) for each in told),
    ]
    panel = finished(builder.build(), about, queries, as_table, overrides)
    panel.transformations = [*joined(rows, columns, _TOLD), sorted_by(x.name)]
    panel.repeat = repeated_by
    panel.repeat_direction = "h" if repeated_by else None
    panel.max_per_row = 2 if repeated_by else None
    return panel


def _x_override(x: Axis) -> Override:
    begins = _LOGARITHMIC if x.logarithmic else Property("min", 0)
    return named(x.name, unit(x.unit), decimals(2), Property("custom.axisLabel", x.label), begins)


def _drawn(x: str, y: str) -> xychart.XYSeriesConfig:
    def column(name: str) -> xychart.MatcherConfig:
        return xychart.MatcherConfig().id("byName").options(name)

    return (
        xychart.XYSeriesConfig()
        .name(xychart.XychartXYSeriesConfigName().fixed(y))
        .frame(xychart.XychartXYSeriesConfigFrame().matcher(xychart.MatcherConfig().id("byIndex").options(0)))
        .x(xychart.XychartXYSeriesConfigX().matcher(column(x)))
        .y(xychart.XychartXYSeriesConfigY().matcher(column(y)))
    )
