"""What is marked in all panels over time."""

from grafana_foundation_sdk.models.dashboard import AnnotationQuery

from edged.grafana import colours
from edged.grafana.query import CHOSEN_CLUSTERS, DATASOURCE, Boards, beside


class Marking(AnnotationQuery):
    """Moments that are marked, and what is written there: a key of Prometheus' that the SDK does not know.

    Args:
        name: What is marked.
        expr: PromQL; marked is where it has series.
        colour: Colour of the marks.
        words: What is written there, with the labels in double braces.
    """

    def __init__(self, name: str, expr: str, colour: str, words: str) -> None:
        """Nothing is hidden: each marking can be switched off on the dashboard."""
        super().__init__(name=name, datasource=DATASOURCE, icon_color=colour, built_in=None, expr=expr)
        self.words = words

    def to_json(self) -> dict[str, object]:
        """As Grafana keeps it."""
        return super().to_json() | {"titleFormat": self.words}


def throttling(boards: Boards) -> Marking:
    """While a CPU cluster was held back."""
    expr = f"max by (instance, cpu_cluster) ({boards('edged_throttled', CHOSEN_CLUSTERS)}) == 1"
    return Marking("Throttled", expr, colours.BAD, "{{cpu_cluster}} throttled on {{instance}}")


def restarts(boards: Boards) -> Marking:
    """When edged began anew: another version may have come with it."""
    changes = f"changes({boards('process_start_time_seconds')}[$__rate_interval])"
    expr = f"max by (instance) {beside(boards, changes)} > 0"
    return Marking("edged restarted", expr, colours.NEUTRAL, "edged restarted on {{instance}}")
