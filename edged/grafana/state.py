"""How a board is: questions that several dashboards ask."""

from typing import Final

from grafana_foundation_sdk.models.dashboard import Panel

from edged.grafana import links, thresholds
from edged.grafana.fields import SIMULATED, bad_below
from edged.grafana.panels import About, history, stat_panel
from edged.grafana.query import THIS_BOARD, Boards, Query, count_if

_MARGIN: Final = (
    "How far the zone nearest to its critical trip point is from it; there the kernel powers the board off."
)
MARGIN_LIMITS: Final = bad_below(thresholds.NEAR_CRITICAL_MARGIN_K)


def margin_now(boards: Boards) -> Panel:
    """The smallest margin of these boards."""
    red = f"Red below {thresholds.NEAR_CRITICAL_MARGIN_K:g} K, as the alert has it."
    about = About("Margin to critical", f"{_MARGIN} {red}", "kelvin", "No critical point.")
    return stat_panel(about, Query(f"min({margin(boards)})"), limits=MARGIN_LIMITS)


def margin_history(boards: Boards) -> Panel:
    """The margin of each of these boards."""
    line = "Bad below the dashed line."
    about = About("Margin to critical", f"{_MARGIN} {line}", "kelvin", "No critical point.")
    query = Query(margin(boards), "{{instance}}")
    return history(about, query, limits=MARGIN_LIMITS, links=[links.to_board_of_series()])


def hottest(boards: Boards) -> str:
    """The highest temperature of each board in degrees Celsius."""
    return f"max by (instance) ({boards('edged_temperature_celsius')})"


def margin(boards: Boards) -> str:
    """Distance of the zone nearest to its critical trip point, of each board, in kelvin."""
    critical = boards("edged_trip_point_celsius", 'action="critical"')
    zone = "instance, thermal_zone"
    temperature = f"max by ({zone}) ({boards('edged_temperature_celsius')})"
    return f"min by (instance) (min by ({zone}) ({critical}) - {temperature})"


def coverage(boards: Boards, by: str, window: str) -> str:
    """Share of the time that readings covered, of the rail that was covered least.

    Args:
        boards: Whose.
        by: Labels that stay.
        window: Over how long.
    """
    seen = f"rate({boards('edged_rail_observed_seconds_total')}[{window}])"
    unseen = f"rate({boards('edged_rail_unobserved_seconds_total')}[{window}])"
    return f"min by ({by}) ({seen} / ({seen} + {unseen}))"


def throttled_time(boards: Boards, by: str, window: str, *matchers: str) -> str:
    """Share of the time that the most throttled CPU cluster was held back.

    Args:
        boards: Whose.
        by: Labels that stay.
        window: Over how long.
        matchers: Further conditions in PromQL.
    """
    # A rate is extrapolated, so that it can be a little above 1.
    rate = f"rate({boards('edged_throttled_seconds_total', *matchers)}[{window}])"
    return f"clamp_max(max by ({by}) ({rate}), 1)"


def throttled_share(boards: Boards, by: str, *matchers: str) -> str:
    """Share of the inferences that overlapped a throttled interval.

    These are counted when a measurement ends, all inferences at once: a short window can hold more of them.
    """
    throttled = f"rate({boards('edged_throttled_inferences_total', *matchers)}[$__rate_interval])"
    inferences = f"rate({boards('edged_inferences_total', *matchers)}[$__rate_interval])"
    return f"clamp_max(sum by ({by}) ({throttled}) / (sum by ({by}) ({inferences}) > 0), 1)"


def values() -> Panel:
    """Whether a board's values are measured or simulated."""
    about = About(
        "Values",
        "Whether the board's sensors are simulated. Simulated joules say nothing about a real board.",
        "none",
        "Board not seen.",
    )
    query = Query(count_if(THIS_BOARD, "edged_board_info", 'simulated="true"'))
    return stat_panel(about, query, mapping=SIMULATED)
