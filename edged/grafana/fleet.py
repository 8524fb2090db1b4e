"""Which board needs me?"""

from typing import Final

from grafana_foundation_sdk.models.dashboard import Panel

from edged.grafana import links, thresholds
from edged.grafana.annotations import throttling
from edged.grafana.fields import (
    THROTTLED,
    UP,
    Override,
    bad_above,
    bad_below,
    decimals,
    limits,
    named,
    texts,
    unit,
    width,
)
from edged.grafana.page import Page, Section, line
from edged.grafana.panels import About, history, stat_panel, table_panel
from edged.grafana.query import CHOSEN_BOARDS, Query, of_edged
from edged.grafana.rails import over_rails
from edged.grafana.state import (
    MARGIN_LIMITS,
    coverage,
    hottest,
    margin,
    margin_history,
    margin_now,
    throttled_time,
)
from edged.grafana.tables import counted, joined
from edged.grafana.variables import variables

_NO_BOARD: Final = "No board in the last day."
_POWER: Final = "edged_rail_power_watts"


def fleet() -> Page:
    """The dashboard of all boards."""
    return Page(
        uid=links.FLEET,
        title="edged / Fleet",
        question="Which board needs me? One row for each board, the worst on top.",
        variables=variables("", "edged_measurements_total", one_board=False, hidden=("cpu_cluster", "model")),
        annotations=(throttling(CHOSEN_BOARDS),),
        sections=(
            Section((line(4, *_state()), line(10, (24, _boards())))),
            Section(
                (
                    line(8, (12, _throttled_share()), (12, margin_history(CHOSEN_BOARDS))),
                    line(8, (12, _power()), (12, _inferences())),
                ),
                "History",
            ),
            Section((line(8, (12, _kinds()), (12, _versions())),), "What runs where", collapsed=True),
        ),
    )


def _state() -> list[tuple[int, Panel]]:
    up = of_edged(CHOSEN_BOARDS, "up")
    throttled = CHOSEN_BOARDS("edged_throttled")
    about_up = About(
        "Boards up",
        "Boards that answered the last scrape. A target of Prometheus is a board if edged has answered in "
        "its job within a day.",
        "none",
        _NO_BOARD,
    )
    about_down = About("Boards down", "Boards that did not answer the last scrape.", "none", _NO_BOARD)
    about_throttled = About(
        "Boards throttled",
        "Boards with a CPU cluster that the kernel holds back now because of heat.",
        "none",
        "No throttling told.",
    )
    about_hottest = About(
        "Hottest zone", "The highest temperature of any board.", "celsius", "No temperature told."
    )
    about_power = About(
        "Power", "Power of all boards that measure it, now.", "watt", "No board measures power.", decimals=1
    )
    return [
        (4, stat_panel(about_up, Query(f"sum{up}"))),
        (4, stat_panel(about_down, Query(f"count{up} - sum{up}"), limits=bad_above(1))),
        (
            4,
            stat_panel(about_throttled, Query(f"sum(max by (instance) ({throttled}))"), limits=bad_above(1)),
        ),
        (4, stat_panel(about_hottest, Query(f"max({CHOSEN_BOARDS('edged_temperature_celsius')})"))),
        (4, margin_now(CHOSEN_BOARDS)),
        (4, stat_panel(about_power, Query(f"sum({over_rails(CHOSEN_BOARDS, _POWER, 'instance')})"))),
    ]


def _boards() -> Panel:
    about = About(
        "Boards",
        "State of each board. Alerts are those of edged's rules that fire now; 0 as well if Prometheus has "
        "not loaded them. A click on a board leads to it.",
        "none",
        _NO_BOARD,
    )
    by = "max by (instance)"
    firing = CHOSEN_BOARDS("ALERTS", 'alertstate="firing"', 'alertname=~"Edged.+"')
    up = f"{by} {of_edged(CHOSEN_BOARDS, 'up')}"
    finished = CHOSEN_BOARDS("edged_measurement_timestamp_seconds")
    info = CHOSEN_BOARDS("edged_board_info")
    columns = {
        "up": ("Up", up),
        "alerts": ("Alerts", f"count by (instance) ({firing}) or 0 * {up}"),
        "throttled": ("Throttled", f"{by} ({CHOSEN_BOARDS('edged_throttled')})"),
        "share": (
            "Throttled time",
            throttled_time(CHOSEN_BOARDS, "instance", "$__range"),
        ),
        "hottest": ("Hottest", hottest(CHOSEN_BOARDS)),
        "margin": ("To critical", margin(CHOSEN_BOARDS)),
        "power": ("Power", over_rails(CHOSEN_BOARDS, _POWER, "instance")),
        "coverage": ("Coverage", coverage(CHOSEN_BOARDS, "instance", "$__range")),
        "lost": ("Sensors lost", f"sum by (instance) ({CHOSEN_BOARDS('edged_sensor_up')} == bool 0)"),
        "age": ("Last result", f"time() - {by} ({finished})"),
    }
    labels = f"max by (instance, model, simulated) ({info})"
    return table_panel(
        about,
        Query(labels, name="info"),
        *(Query(expr, name=name) for name, (_, expr) in columns.items()),
        transformations=joined(
            "instance",
            {name: title for name, (title, _) in columns.items()},
            ["instance", "model", "simulated"],
        ),
        overrides=_looks(),
        sort_by="Alerts",
    )


def _looks() -> list[Override]:
    return [
        named("instance", links.to_board_of_row("instance"), width(170)),
        named("model", width(190)),
        named("Up", *texts(UP)),
        named("Alerts", *limits(bad_above(1))),
        named("Throttled", *texts(THROTTLED)),
        named(
            "Throttled time",
            unit("percentunit"),
            decimals(1),
            width(120),
            *limits(bad_above(thresholds.THROTTLED_TIME_RATIO)),
        ),
        named("Hottest", unit("celsius"), decimals(0)),
        named("To critical", unit("kelvin"), decimals(0), *limits(MARGIN_LIMITS)),
        named("Power", unit("watt"), decimals(2)),
        named(
            "Coverage", unit("percentunit"), decimals(1), *limits(bad_below(thresholds.COVERAGE_MIN_RATIO))
        ),
        named("Sensors lost", width(110), *limits(bad_above(1))),
        named("Last result", unit("s"), decimals(0)),
    ]


def _throttled_share() -> Panel:
    about = About(
        "Throttled share of time",
        "Share of the time that the most throttled CPU cluster of each board was held back because of heat. "
        "Bad above the dashed line.",
        "percentunit",
        "No board tells whether it is throttled.",
    )
    query = Query(throttled_time(CHOSEN_BOARDS, "instance", "$__rate_interval"), "{{instance}}")
    return history(
        about,
        query,
        limits=bad_above(thresholds.THROTTLED_TIME_RATIO),
        links=[links.to_board_of_series()],
        at_least=0,
    )


def _power() -> Panel:
    about = About(
        "Power of each board",
        "Sum over the rails of each board, in the newest readings.",
        "watt",
        "No board measures power.",
    )
    query = Query(over_rails(CHOSEN_BOARDS, _POWER, "instance"), "{{instance}}")
    return history(about, query, links=[links.to_board_of_series()], at_least=0)


def _inferences() -> Panel:
    about = About(
        "Inferences per second",
        "Inferences of all cases of each board. It is low by design where edged is told to leave the board "
        "alone.",
        "suffix:/s",
        "No board has run an inference.",
    )
    total = CHOSEN_BOARDS("edged_inferences_total")
    query = Query(f"sum by (instance) (rate({total}[$__rate_interval]))", "{{instance}}")
    return history(about, query, links=[links.to_board_of_series()], at_least=0)


def _kinds() -> Panel:
    about = About("Kinds of boards", "How many boards there are of each kind.", "none", _NO_BOARD)
    query = Query(
        f"count by (model, soc, kernel, power_source, simulated) ({CHOSEN_BOARDS('edged_board_info')})"
    )
    shown = ["model", "soc", "kernel", "power_source", "simulated"]
    return table_panel(
        about,
        query,
        transformations=counted(shown, "Boards"),
        overrides=[named("model", width(190))],
        sort_by="Boards",
    )


def _versions() -> Panel:
    about = About("Versions", "How many boards run each version of edged and engine.", "none", _NO_BOARD)
    query = Query(f"count by (version, python, engine, engine_version) ({CHOSEN_BOARDS('edged_build_info')})")
    shown = ["version", "python", "engine", "engine_version"]
    return table_panel(about, query, transformations=counted(shown, "Boards"), sort_by="Boards")
