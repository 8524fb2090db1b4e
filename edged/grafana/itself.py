"""Does edged itself do well: sensors, coverage, rejections, overhead?"""

from typing import Final

from grafana_foundation_sdk.models.dashboard import Panel

from edged.grafana import links, thresholds
from edged.grafana.annotations import restarts
from edged.grafana.fields import OK, bad_above, bad_below
from edged.grafana.itself_measuring import measuring_section
from edged.grafana.itself_overhead import overhead_section
from edged.grafana.itself_sensors import sensors_section
from edged.grafana.page import Page, Section, line
from edged.grafana.panels import About, stat_panel
from edged.grafana.query import CHOSEN_BOARDS, Query
from edged.grafana.state import coverage
from edged.grafana.variables import variables

_SILENT: Final = "No board answered."


def itself() -> Page:
    """The dashboard of the measuring instrument."""
    return Page(
        uid=links.SELF,
        title="edged / edged itself",
        question="Does edged itself do well: its sensors, coverage, rejections and overhead?",
        variables=variables(
            "edged_build_info", "edged_measurements_total", one_board=False, hidden=("cpu_cluster", "model")
        ),
        annotations=(restarts(CHOSEN_BOARDS),),
        sections=(
            Section((line(4, *_state()),)),
            sensors_section(),
            measuring_section(),
            overhead_section(),
        ),
    )


def _state() -> list[tuple[int, Panel]]:
    lost = About("Sensors lost", "Sensors that did not answer the last time.", "none", "No power sensor.")
    covered = About(
        "Lowest coverage",
        "Share of the range shown that readings cover, of the rail that was covered least. Energy is known "
        "for that time only.",
        "percentunit",
        "No power sensor.",
        decimals=1,
    )
    rejected = About(
        "Rejected share",
        "Share of the measurements in the range shown that were rejected, on the board with the largest. "
        "Of each case the commonest reason counts, for a measurement can have several. The alert looks at 6 "
        "hours.",
        "percentunit",
        "No measurement.",
        decimals=1,
    )
    lag = About(
        "Next measurement in",
        "Time until the next measurement is due; a negative one is late. It is late while the board is hot "
        "or busy.",
        "s",
        "No schedule.",
    )
    reloaded = About(
        "Configuration", "Whether the last reload was good; a bad file leaves the old one.", "none", _SILENT
    )
    crashes = About(
        "Worker restarts",
        "Workers that crashed, hung or were ended, in the range shown.",
        "none",
        _SILENT,
        decimals=0,
    )
    journal = About(
        "Journal failures",
        "Writes to the journal that failed in the range shown, and measurements it lost by that.",
        "none",
        "No journal.",
        decimals=0,
    )
    steps = About("Clock steps", "Jumps of the wall clock in the range shown.", "none", _SILENT, decimals=0)
    bad_one = bad_above(1)
    due = CHOSEN_BOARDS("edged_schedule_next_timestamp_seconds")
    up = CHOSEN_BOARDS("edged_sensor_up")
    return [
        (3, stat_panel(lost, Query(f"sum({up} == bool 0)"), limits=bad_one)),
        (
            3,
            stat_panel(
                covered,
                Query(f"min({coverage(CHOSEN_BOARDS, 'instance', '$__range')})"),
                limits=bad_below(thresholds.COVERAGE_MIN_RATIO),
            ),
        ),
        (
            3,
            stat_panel(
                rejected,
                Query(f"max({_rejected_share()})"),
                limits=bad_above(thresholds.REJECTED_SHARE_RATIO),
            ),
        ),
        (3, stat_panel(lag, Query(f"min({due} - time())"), limits=bad_below(-thresholds.SCHEDULE_LATE_S))),
        (
            3,
            stat_panel(
                reloaded,
                Query(f"min({CHOSEN_BOARDS('edged_config_last_reload_successful')})"),
                mapping=OK,
            ),
        ),
        (3, stat_panel(crashes, Query(_events("edged_worker_restarts_total")), limits=bad_one)),
        (3, stat_panel(journal, Query(_events("edged_journal_failures_total")), limits=bad_one)),
        (3, stat_panel(steps, Query(_events("edged_clock_steps_total")), limits=bad_one)),
    ]


def _rejected_share() -> str:
    case = "instance, model, alpha, precision, cpu_cluster"
    rejected = f"max by ({case}) (increase({CHOSEN_BOARDS('edged_measurements_rejected_total')}[$__range]))"
    bad = f"sum by (instance) ({rejected})"
    good = f"sum by (instance) (increase({CHOSEN_BOARDS('edged_measurements_total')}[$__range]))"
    return f"{bad} / ({bad} + {good} > 0)"


def _events(counter: str) -> str:
    return f"sum(increase({CHOSEN_BOARDS(counter)}[$__range]))"
