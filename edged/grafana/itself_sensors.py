"""How the sensors do."""

from grafana_foundation_sdk.models.dashboard import Panel

from edged.grafana import links, thresholds
from edged.grafana.fields import UP, bad_below
from edged.grafana.page import Section, line
from edged.grafana.panels import About, history, states
from edged.grafana.query import CHOSEN_BOARDS, Query
from edged.grafana.state import coverage

_NONE = "No power sensor on the chosen boards."
_NAME = "{{sensor}}, {{instance}}"


def sensors_section() -> Section:
    """Sensors, their coverage and their bus."""
    return Section(
        (
            line(8, (12, _up()), (12, _coverage())),
            line(7, (8, _failures()), (8, _missed()), (8, _silence())),
            line(7, (8, _interval()), (8, _bus()), (8, _bogus())),
        ),
        "Sensors",
    )


def _up() -> Panel:
    about = About(
        "Sensors up",
        "Whether each sensor answered. One that goes away and comes back has a loose cable or a busy bus.",
        "none",
        _NONE,
    )
    query = Query(f"max by (instance, sensor) ({CHOSEN_BOARDS('edged_sensor_up')})", _NAME)
    return states(about, query, mapping=UP)


def _coverage() -> Panel:
    about = About(
        "Coverage by rail",
        "Share of the time that readings cover. Bad below the dashed line: joules of that time are not "
        "known.",
        "percentunit",
        _NONE,
    )
    share = coverage(CHOSEN_BOARDS, "instance, rail", "$__rate_interval")
    return history(
        about,
        Query(share, "{{rail}}, {{instance}}"),
        limits=bad_below(thresholds.COVERAGE_MIN_RATIO),
        links=[links.to_board_of_series()],
    )


def _failures() -> Panel:
    about = About("Failed reads", "Reads that failed, for each second. None is good.", "suffix:/s", _NONE)
    return history(about, _rate("edged_sensor_read_failures_total"), at_least=0)


def _missed() -> Panel:
    about = About(
        "Missed updates",
        "Averages or lines that the sensor made and that were not caught, for each second. Energy of that "
        "time is not known.",
        "suffix:/s",
        _NONE,
    )
    return history(about, _rate("edged_sensor_missed_updates_total"), at_least=0)


def _silence() -> Panel:
    about = About(
        "Age of the newest reading",
        "Time since the newest reading ended. It grows while a sensor is lost, or the wall clock has "
        "stepped.",
        "s",
        _NONE,
    )
    newest = CHOSEN_BOARDS("edged_sensor_last_reading_timestamp_seconds")
    return history(about, Query(f"time() - max by (instance, sensor) ({newest})", _NAME))


def _interval() -> Panel:
    about = About(
        "Update interval",
        "Interval between updates of each sensor, as observed. 35 ms where a long one was set means a chip "
        "reset.",
        "s",
        _NONE,
    )
    interval = CHOSEN_BOARDS("edged_sensor_update_interval_seconds")
    return history(about, Query(f"max by (instance, sensor) ({interval})", _NAME), at_least=0)


def _bus() -> Panel:
    about = About(
        "Time on the bus",
        "Share of the time that reading takes, on the sensor's bus or line.",
        "percentunit",
        _NONE,
    )
    return history(about, _rate("edged_sensor_read_seconds_total"), at_least=0)


def _bogus() -> Panel:
    about = About(
        "Bogus temperatures",
        "Readings of thermal zones that cannot be true and are not shown, for each second: a known fault of "
        "these boards.",
        "suffix:/s",
        "No thermal zone on the chosen boards.",
    )
    rejected = CHOSEN_BOARDS("edged_temperature_rejected_total")
    rate = f"sum by (instance, thermal_zone) (rate({rejected}[$__rate_interval]))"
    return history(about, Query(rate, "{{thermal_zone}}, {{instance}}"), at_least=0)


def _rate(counter: str) -> Query:
    return Query(f"sum by (instance, sensor) (rate({CHOSEN_BOARDS(counter)}[$__rate_interval]))", _NAME)
