"""The kinds of panels that show values and their history."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from grafana_foundation_sdk.builders import common, heatmap, stat, statetimeline, table, timeseries
from grafana_foundation_sdk.models.common import (
    BigValueColorMode,
    BigValueGraphMode,
    BigValueTextMode,
    GraphThresholdsStyleMode,
    LegendDisplayMode,
    LegendPlacement,
    SortOrder,
    StackingMode,
    TooltipDisplayMode,
    VisibilityMode,
)
from grafana_foundation_sdk.models.dashboard import (
    DataTransformerConfig,
    DynamicConfigValue,
    FieldColor,
    FieldColorModeId,
    FieldConfig,
    FieldConfigSource,
    MatcherConfig,
    Panel,
    ThresholdsConfig,
    ValueMapping,
)
from grafana_foundation_sdk.models.prometheus import Dataquery

from edged.grafana import colours
from edged.grafana.fields import NO_LIMITS, Override, line_of, without_value
from edged.grafana.query import DATASOURCE, Query, as_heatmap, as_table, now, over_time

# The version whose options the panels have. Without it an XY chart takes them for those before 11.1.
PLUGIN_VERSION: Final = "11.6.0"

# Grafana gives each column of a table 150 pixels at least: half of them would be out of sight.
_NARROWEST: Final = 50
_A_LITTLE: Final = 0.01


@dataclass(frozen=True, slots=True)
class About:
    """What a panel says of itself.

    Attributes:
        title: A noun.
        description: What is counted, from where, and what is bad.
        unit: Unit of its values, as Grafana calls it.
        empty: What it says instead of values while there are none.
        decimals: Digits after the point; None leaves it to Grafana.
    """

    title: str
    description: str
    unit: str
    empty: str
    decimals: int | None = None


def stat_panel(
    about: About,
    *queries: Query,
    limits: ThresholdsConfig = NO_LIMITS,
    mapping: ValueMapping | None = None,
    label: str = "",
    overrides: Sequence[Override] = (),
) -> Panel:
    """A value now, in large letters.

    Args:
        about: What it says of itself.
        queries: What is asked.
        limits: Which values are good or bad.
        mapping: Texts in place of values.
        label: Label whose text is the answer, and not the value.
        overrides: What looks different.
    """
    several = "{{" in "".join(query.legend for query in queries)
    chosen = common.ReduceDataOptions().calcs(["lastNotNull"]).values(values=False)
    if label:
        chosen.fields(f"/^{label}$/")
    builder = (
        stat.Panel()
        .color_mode(BigValueColorMode.VALUE)
        .graph_mode(BigValueGraphMode.NONE)
        .text_mode(BigValueTextMode.AUTO if several else BigValueTextMode.VALUE)
        .reduce_options(chosen)
    )
    panel = finished(builder.build(), about, queries, as_table if label else now, overrides)
    defaults = _defaults(panel)
    defaults.thresholds = limits
    defaults.color = FieldColor(FieldColorModeId.THRESHOLDS)
    # Without a value it would have the colour of the lowest step, good or bad.
    defaults.mappings = [*([mapping] if mapping else []), without_value(about.empty)]
    return panel


def history(
    about: About,
    *queries: Query,
    limits: ThresholdsConfig | None = None,
    overrides: Sequence[Override] = (),
    stacked: bool = False,
    links: Sequence[DynamicConfigValue] = (),
    at_least: float | None = None,
) -> Panel:
    """Values over the range shown.

    Args:
        about: What it says of itself.
        queries: What is asked.
        limits: Where an alert begins: a dashed line.
        overrides: What looks different.
        stacked: Whether the series add up to something.
        links: Where each series leads to.
        at_least: Lower end of the axis; None leaves it to Grafana.
    """
    builder = (
        timeseries.Panel()
        .line_width(1)
        .fill_opacity(40 if stacked else 0)
        .show_points(VisibilityMode.AUTO)
        .span_nulls(span_nulls=False)
        .legend(
            common.VizLegendOptions()
            .display_mode(LegendDisplayMode.LIST)
            .placement(LegendPlacement.BOTTOM)
            .show_legend(show_legend=True)
        )
        .tooltip(common.VizTooltipOptions().mode(TooltipDisplayMode.MULTI).sort(SortOrder.DESCENDING))
    )
    if stacked:
        builder.stacking(common.StackingConfig().mode(StackingMode.NORMAL))
    if limits:
        builder.thresholds_style(common.GraphThresholdsStyleConfig().mode(GraphThresholdsStyleMode.DASHED))
    low, high = _in_sight(limits, at_least)
    if low is not None:
        builder.axis_soft_min(low)
    if high is not None:
        builder.axis_soft_max(high)
    panel = finished(builder.build(), about, queries, over_time, overrides)
    defaults = _defaults(panel)
    defaults.thresholds = line_of(limits) if limits else None
    defaults.color = FieldColor(FieldColorModeId.PALETTE_CLASSIC_BY_NAME)
    defaults.min_val = at_least
    if links:
        _config(panel).overrides = [_everywhere(links), *overrides]
    return panel


def states(about: About, *queries: Query, mapping: ValueMapping) -> Panel:
    """Which state each series was in over the range shown."""
    builder = (
        statetimeline.Panel()
        .show_value(VisibilityMode.AUTO)
        .merge_values(merge_values=True)
        .row_height(0.8)
        .line_width(0)
        .fill_opacity(80)
        .legend(
            common.VizLegendOptions()
            .display_mode(LegendDisplayMode.LIST)
            .placement(LegendPlacement.BOTTOM)
            .show_legend(show_legend=False)
        )
    )
    panel = finished(builder.build(), about, queries, over_time, ())
    defaults = _defaults(panel)
    defaults.mappings = [mapping]
    defaults.color = FieldColor(FieldColorModeId.THRESHOLDS)
    defaults.thresholds = NO_LIMITS
    return panel


def table_panel(
    about: About,
    *queries: Query,
    transformations: Sequence[DataTransformerConfig],
    overrides: Sequence[Override] = (),
    sort_by: str = "",
    descending: bool = True,
) -> Panel:
    """Values now, in rows and columns.

    Args:
        about: What it says of itself.
        queries: What is asked.
        transformations: How the answers become one table.
        overrides: How columns look.
        sort_by: Column that it is sorted by at first.
        descending: Whether its largest value is on top.
    """
    builder = table.Panel().show_header(show_header=True).min_width(_NARROWEST)
    if sort_by:
        builder.sort_by([common.TableSortByFieldState().display_name(sort_by).desc(descending)])
    panel = finished(builder.build(), about, queries, as_table, [_NO_CELL, *overrides])
    panel.transformations = list(transformations)
    return panel


def spread(about: About, query: Query) -> Panel:
    """How a histogram's values were spread over the range shown."""
    builder = heatmap.Panel().calculate(calculate=False).cell_gap(1).y_axis(heatmap.YAxisConfig().unit("s"))
    return finished(builder.build(), about, [query], as_heatmap, ())


def finished(
    panel: Panel,
    about: About,
    queries: Sequence[Query],
    ask: Callable[[Query, str], Dataquery],
    overrides: Sequence[Override],
) -> Panel:
    """A panel with what every panel has."""
    panel.title = about.title
    panel.description = about.description
    panel.datasource = DATASOURCE
    panel.plugin_version = PLUGIN_VERSION
    panel.repeat_direction = None
    panel.targets = [ask(query, chr(ord("A") + place)) for place, query in enumerate(queries)]
    config = _config(panel)
    config.overrides = list(overrides)
    config.defaults.unit = about.unit
    config.defaults.no_value = about.empty
    config.defaults.decimals = about.decimals
    return panel


def _config(panel: Panel) -> FieldConfigSource:
    if panel.field_config is None:
        panel.field_config = FieldConfigSource()
    return panel.field_config


def _defaults(panel: Panel) -> FieldConfig:
    return _config(panel).defaults


def _everywhere(properties: Sequence[DynamicConfigValue]) -> Override:
    return Override(MatcherConfig("byType", "number"), list(properties))


def _in_sight(limits: ThresholdsConfig | None, at_least: float | None) -> tuple[float | None, float | None]:
    """What the axis shows whatever the values are: the line; and where all are 0, not up to 10,000 %."""
    if limits is None:
        return (None, _A_LITTLE if at_least == 0 else None)
    line = limits.steps[-1]
    if limits.steps[0].color == colours.BAD:
        return (0.9 * (line.value or 0.0), None)
    return (None, 1.2 * (line.value or 0.0))


# What an empty table says of itself would stand in each empty cell too.
_NO_CELL: Final = _everywhere([DynamicConfigValue("noValue", "-")])
