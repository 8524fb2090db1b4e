"""Is an inference slower or costlier than last week, and why?"""

from typing import Final

from grafana_foundation_sdk.models.dashboard import Panel

from edged.grafana import links, thresholds
from edged.grafana.annotations import restarts, throttling
from edged.grafana.fields import (
    MODEL_WIDTH,
    Override,
    bad_above,
    bad_beyond,
    decimals,
    limits,
    named,
    unit,
    width,
)
from edged.grafana.page import Page, Section, line
from edged.grafana.panels import About, stat_panel, table_panel
from edged.grafana.query import CHOSEN_BOARDS, CHOSEN_CASES, Query
from edged.grafana.rails import over_rails
from edged.grafana.regression_history import (
    clock,
    energy,
    energy_uncertainty,
    heat,
    latency,
    latency_uncertainty,
    rejections,
    throttled_inferences,
)
from edged.grafana.tables import joined
from edged.grafana.variables import variables

_CASE: Final = "instance, model, cpu_cluster"
_LATENCY: Final = "edged_measurement_latency_seconds"
_ENERGY: Final = "edged_measurement_net_energy_joules"
_TOO_SLOW: Final = thresholds.LATENCY_REGRESSION_RATIO
_TOO_COSTLY: Final = thresholds.ENERGY_REGRESSION_RATIO
_NO_WEEK: Final = "No result of a week ago to compare with."


def regression() -> Page:
    """The dashboard of changes."""
    return Page(
        uid=links.REGRESSION,
        title="edged / Regression",
        question="Is an inference slower or costlier than last week, and why?",
        variables=variables(_LATENCY, _LATENCY, one_board=False),
        annotations=(throttling(CHOSEN_BOARDS), restarts(CHOSEN_BOARDS)),
        since="now-14d",
        refresh="5m",
        sections=(
            Section((line(4, *_state()), line(9, (24, _changes())))),
            Section((line(9, (12, latency()), (12, energy())),), "What it costs"),
            Section(
                (
                    line(8, (12, clock()), (12, heat())),
                    line(8, (12, throttled_inferences()), (12, rejections())),
                    line(8, (12, latency_uncertainty()), (12, energy_uncertainty())),
                ),
                "Why",
            ),
        ),
    )


def _state() -> list[tuple[int, Panel]]:
    slower = About(
        "Slower cases",
        f"Cases whose mean latency is more than {_TOO_SLOW:.0%} above that of a week ago.",
        "none",
        _NO_WEEK,
    )
    costlier = About(
        "Costlier cases",
        f"Cases whose net energy per inference is more than {_TOO_COSTLY:.0%} above that of a week ago.",
        "none",
        _NO_WEEK,
    )
    slowest = About(
        "Largest slow-down",
        "Largest change of a mean latency in a week.",
        "percentunit",
        _NO_WEEK,
        decimals=1,
    )
    costliest = About(
        "Largest extra cost",
        "Largest change of a net energy per inference in a week.",
        "percentunit",
        _NO_WEEK,
        decimals=1,
    )
    in_time, in_energy = _change(_last(_LATENCY), _a_week_ago(_LATENCY)), _change(_energy(), _energy("1w"))
    return [
        (6, stat_panel(slower, Query(f"sum({in_time} > bool {_TOO_SLOW})"), limits=bad_above(1))),
        (6, stat_panel(slowest, Query(f"max({in_time})"), limits=bad_beyond(_TOO_SLOW))),
        (6, stat_panel(costlier, Query(f"sum({in_energy} > bool {_TOO_COSTLY})"), limits=bad_above(1))),
        (6, stat_panel(costliest, Query(f"max({in_energy})"), limits=bad_beyond(_TOO_COSTLY))),
    ]


def _changes() -> Panel:
    about = About(
        "Now and a week ago",
        "The last valid measurement of each case beside that of a week ago. Red is beyond the alert's "
        "threshold. A change smaller than U95 means nothing. If the clock or the temperature changed with "
        "it, look there first. A click on a board leads to it.",
        "none",
        _NO_WEEK,
    )
    frequency, temperature = "edged_measurement_cpu_frequency_hertz", "edged_measurement_temperature_celsius"
    columns = {
        "latency": ("Latency", _last(_LATENCY)),
        "latency_u95": ("Latency ±", _last("edged_measurement_latency_uncertainty_seconds")),
        "in_latency": ("Change of latency", _change(_last(_LATENCY), _a_week_ago(_LATENCY))),
        "energy": ("Energy", _energy()),
        "in_energy": ("Change of energy", _change(_energy(), _energy("1w"))),
        "clock": ("Clock", _last(frequency)),
        "in_clock": ("Change of clock", _change(_last(frequency), _a_week_ago(frequency))),
        "heat": ("Hottest", _last(temperature)),
        "in_heat": ("Warmer by", f"{_last(temperature)} - {_a_week_ago(temperature)}"),
    }
    return table_panel(
        about,
        Query(_with_key(_last(_LATENCY)), name="labels"),
        *(Query(f"max by (case) ({_with_key(expr)})", name=name) for name, (_, expr) in columns.items()),
        transformations=joined(
            "case",
            {name: title for name, (title, _) in columns.items()},
            ["instance", "model", "cpu_cluster"],
        ),
        overrides=_looks(),
        sort_by="Change of latency",
    )


def _looks() -> list[Override]:
    share = (unit("percentunit"), decimals(1))
    return [
        named("instance", links.to_board_of_row("instance")),
        named("model", width(MODEL_WIDTH)),
        named("Latency", unit("s"), decimals(2)),
        named("Latency ±", unit("s"), decimals(2)),
        named("Change of latency", *share, *limits(bad_beyond(_TOO_SLOW)), width(135)),
        named("Energy", unit("joule"), decimals(2)),
        named("Change of energy", *share, *limits(bad_beyond(_TOO_COSTLY)), width(135)),
        named("Clock", unit("hertz"), decimals(2)),
        named("Change of clock", *share, width(135)),
        named("Hottest", unit("celsius"), decimals(0)),
        named("Warmer by", unit("kelvin"), decimals(1)),
    ]


def _last(metric: str) -> str:
    return f"max by ({_CASE}) ({CHOSEN_BOARDS(metric, CHOSEN_CASES)})"


def _a_week_ago(metric: str) -> str:
    return f"max by ({_CASE}) ({CHOSEN_BOARDS(metric, CHOSEN_CASES)} offset 1w)"


def _energy(ago: str = "") -> str:
    return f"({over_rails(CHOSEN_BOARDS, _ENERGY, _CASE, CHOSEN_CASES, ago=ago)})"


def _change(after: str, before: str) -> str:
    return f"({after} / {before} - 1)"


def _with_key(expr: str) -> str:
    return f'label_join({expr}, "case", "@", "instance", "model", "cpu_cluster")'
