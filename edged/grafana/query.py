"""PromQL and what a panel asks of Prometheus."""

from dataclasses import dataclass
from typing import Final

from grafana_foundation_sdk.builders import prometheus
from grafana_foundation_sdk.models.dashboard import DataSourceRef
from grafana_foundation_sdk.models.prometheus import Dataquery, PromQueryFormat, QueryEditorMode

DATASOURCE: Final = DataSourceRef(type_val="prometheus", uid="${datasource}")


@dataclass(frozen=True, slots=True)
class Boards:
    """Which boards a dashboard asks about.

    Attributes:
        matchers: What the labels of each series must match, in PromQL.
    """

    matchers: str

    def __call__(self, metric: str, *matchers: str) -> str:
        """A selector of that metric of these boards.

        Args:
            metric: Its name.
            matchers: Further conditions in PromQL.
        """
        return f"{metric}{{{', '.join((self.matchers, *matchers))}}}"


# As many boards as were chosen; or the one, where figures of two boards would be mixed up in one table.
CHOSEN_BOARDS: Final = Boards('job=~"$job", instance=~"$instance"')
THIS_BOARD: Final = Boards('job=~"$job", instance="$instance"')
_SEEN: Final = 'last_over_time(edged_build_info{job=~"$job"}[1d])'
CHOSEN_CLUSTERS: Final = 'cpu_cluster=~"$cpu_cluster"'
CHOSEN_CASES: Final = 'cpu_cluster=~"$cpu_cluster", model=~"$model"'


@dataclass(frozen=True, slots=True)
class Query:
    """One question to Prometheus.

    Attributes:
        expr: PromQL.
        legend: How its series are called.
        name: Its refId, after which a table calls its column; "" for the next letter.
    """

    expr: str
    legend: str = ""
    name: str = ""


def median(series: str, ago: str = "") -> str:
    """Median of a day, as the alerts of `deploy/prometheus` take it, but without its recording rules.

    A step of ten minutes keeps a day of a large fleet within Prometheus' limit on samples.

    Args:
        series: A selector.
        ago: How long ago that day ended, such as "1w"; "" for now.
    """
    offset = f" offset {ago}" if ago else ""
    return f"quantile_over_time(0.5, {series}[1d:10m]{offset})"


def of_edged(boards: Boards, metric: str) -> str:
    """A metric that Prometheus makes for every target, of the targets that are to be boards.

    Those are all of the jobs in which any target was edged within a day: one that is down is still a board,
    Prometheus itself and node_exporter are none. Which board is chosen makes no difference to that.
    """
    return f"({boards(metric)} and on (job) group by (job) ({_SEEN}))"


def beside(boards: Boards, expr: str) -> str:
    """Series of a metric that other programs have too, of those scrapes only that edged has answered.

    Args:
        boards: Whose.
        expr: PromQL of series with the labels of their target.
    """
    return f"({expr} and on (job, instance) {boards('edged_build_info')})"


def over_time(query: Query, ref_id: str) -> Dataquery:
    """Its answer as a series over the range shown."""
    return _common(query, ref_id).range().legend_format(query.legend).build()


def now(query: Query, ref_id: str) -> Dataquery:
    """Its answer at the end of the range shown."""
    return _common(query, ref_id).instant().legend_format(query.legend).build()


def as_table(query: Query, ref_id: str) -> Dataquery:
    """Its answer at the end of the range shown, with a column for each label."""
    return _common(query, ref_id).instant().format(PromQueryFormat.TABLE).build()


def as_heatmap(query: Query, ref_id: str) -> Dataquery:
    """Its answer over the range shown, with a row for each bucket of a histogram."""
    heatmap = _common(query, ref_id).range().format(PromQueryFormat.HEATMAP)
    return heatmap.legend_format("{{le}}").build()


def _common(query: Query, ref_id: str) -> prometheus.Dataquery:
    return (
        prometheus.Dataquery()
        .datasource(DATASOURCE)
        .editor_mode(QueryEditorMode.CODE)
        .expr(query.expr)
        .ref_id(query.name or ref_id)
    )


def count_if(boards: Boards, metric: str, condition: str) -> str:
    """How many series of a metric meet a condition: 0 where there are only others, nothing without any."""
    return f"count({boards(metric, condition)}) or 0 * count({boards(metric)})"
