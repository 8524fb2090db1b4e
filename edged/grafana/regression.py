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
from edged.grafana.query import CHOSEN_BOARDS, CHOSEN_CASES, Query, median
from edged.grafana.rails import change_over_rails, median_over_rails
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
_NO_ENERGY: Final = "No energy of as many rails a week ago."
_THEN: Final = "1w"


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
        f"Cases whose median latency of the last 24 h is more than {_TOO_SLOW:.0%} above that of the same "
        "hours a week ago. The alert asks for more: see the table.",
        "none",
        _NO_WEEK,
    )
    costlier = About(
        "Costlier cases",
        f"Cases whose median net energy per inference of the last 24 h is more than {_TOO_COSTLY:.0%} above "
        "that of the same hours a week ago. The alert asks for more: see the table.",
        "none",
        _NO_ENERGY,
    )
    slowest = About(
        "Largest slow-down",
        "Largest change of a median latency of 24 h in a week.",
        "percentunit",
        _NO_WEEK,
        decimals=1,
    )
    costliest = About(
        "Largest extra cost",
        "Largest change of a median net energy per inference of 24 h in a week.",
        "percentunit",
        _NO_ENERGY,
        decimals=1,
    )
    in_time, in_energy = _change(_LATENCY), _change_of_energy()
    return [
        (6, stat_panel(slower, Query(f"sum({in_time} > bool {_TOO_SLOW})"), limits=bad_above(1))),
        (6, stat_panel(slowest, Query(f"max({in_time})"), limits=bad_beyond(_TOO_SLOW))),
        (6, stat_panel(costlier, Query(f"sum({in_energy} > bool {_TOO_COSTLY})"), limits=bad_above(1))),
        (6, stat_panel(costliest, Query(f"max({in_energy})"), limits=bad_beyond(_TOO_COSTLY))),
    ]


def _changes() -> Panel:
    about = About(
        "Now and a week ago",
        "Medians of the last 24 h for each case, and how they differ from those of the same hours a week "
        f"ago. Red is a change beyond {_TOO_SLOW:.0%}, without which there is no alert; the alert also asks "
        "that the change exceeds both U95 together, that the clock is the same within 2 %, and for 3 valid "
        "measurements in each of the two days. Energies are compared where they are sums over as many rails "
        "as then. If the clock or the temperature changed, look there first. A click on a board leads to it.",
        "none",
        "No result that is ten minutes old.",
    )
    frequency, temperature = "edged_measurement_cpu_frequency_hertz", "edged_measurement_temperature_celsius"
    columns = {
        "latency": ("Latency", _median(_LATENCY)),
        "latency_u95": ("Latency ±", _median("edged_measurement_latency_uncertainty_seconds")),
        "in_latency": ("Change of latency", _change(_LATENCY)),
        "energy": ("Energy", median_over_rails(CHOSEN_BOARDS, _ENERGY, _CASE, CHOSEN_CASES)),
        "in_energy": ("Change of energy", _change_of_energy()),
        "clock": ("Clock", _median(frequency)),
        "in_clock": ("Change of clock", _change(frequency)),
        "heat": ("Hottest", _median(temperature)),
        "in_heat": ("Warmer by", f"{_median(temperature)} - {_median(temperature, _THEN)}"),
    }
    return table_panel(
        about,
        Query(_with_key(_median(_LATENCY)), name="labels"),
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


def _median(metric: str, ago: str = "") -> str:
    return f"max by ({_CASE}) ({median(CHOSEN_BOARDS(metric, CHOSEN_CASES), ago)})"


def _change(metric: str) -> str:
    return f"({_median(metric)} / ({_median(metric, _THEN)} > 0) - 1)"


def _change_of_energy() -> str:
    return f"({change_over_rails(CHOSEN_BOARDS, _ENERGY, _CASE, CHOSEN_CASES, ago=_THEN)})"


def _with_key(expr: str) -> str:
    return f'label_join({expr}, "case", "@", "instance", "model", "cpu_cluster")'
