"""The history of cases: what they cost, and what may be the reason."""

from typing import Final

from grafana_foundation_sdk.models.dashboard import Panel

from edged.grafana import colours, links, thresholds
from edged.grafana.fields import bad_above, beginning_with, colour, dashed
from edged.grafana.panels import About, history
from edged.grafana.query import CHOSEN_BOARDS, CHOSEN_CASES, Query
from edged.grafana.rails import over_rails, u95_over_rails
from edged.grafana.state import throttled_share

_CASE: Final = "instance, model, cpu_cluster"
_NAME: Final = "{{model}} on {{cpu_cluster}}, {{instance}}"
_THEN: Final = f"a week ago: {_NAME}"
_PAST: Final = beginning_with("a week ago", *dashed(), colour(colours.PAST))
_NONE: Final = "No valid measurement of the chosen cases in the range shown."
_ENERGY: Final = "edged_measurement_net_energy_joules"
_ENERGY_U95: Final = "edged_measurement_net_energy_uncertainty_joules"


def latency() -> Panel:
    """How long an inference takes."""
    about = About(
        "Latency",
        "Mean latency of the last valid measurement, and that of a week before (dashed). Choose one model "
        "for a clear picture.",
        "s",
        _NONE,
    )
    metric = CHOSEN_BOARDS("edged_measurement_latency_seconds", CHOSEN_CASES)
    return history(
        about,
        Query(f"max by ({_CASE}) ({metric})", _NAME),
        Query(f"max by ({_CASE}) ({metric} offset 1w)", _THEN),
        overrides=[_PAST],
        links=[links.to_board_of_series()],
        at_least=0,
    )


def energy() -> Panel:
    """What an inference costs."""
    about = About(
        "Net energy per inference",
        "Energy above idle, over all rails, of the last valid measurement, and that of a week before "
        "(dashed). A step down may be a rail less: Board tells how many there are.",
        "joule",
        "No energy measured in the range shown: see the board's power source.",
    )
    return history(
        about,
        Query(over_rails(CHOSEN_BOARDS, _ENERGY, _CASE, CHOSEN_CASES), _NAME),
        Query(over_rails(CHOSEN_BOARDS, _ENERGY, _CASE, CHOSEN_CASES, ago="1w"), _THEN),
        overrides=[_PAST],
        links=[links.to_board_of_series()],
        at_least=0,
    )


def clock() -> Panel:
    """The first thing to look at."""
    about = About(
        "Clock while busy",
        "Mean clock of the CPU cluster while the inferences of the last valid measurement ran. Slower "
        "inferences at a lower clock are no fault of the model.",
        "hertz",
        "This board does not tell its clocks.",
    )
    metric = CHOSEN_BOARDS("edged_measurement_cpu_frequency_hertz", CHOSEN_CASES)
    return history(about, Query(f"max by ({_CASE}) ({metric})", _NAME), at_least=0)


def heat() -> Panel:
    """What comes before throttling."""
    about = About(
        "Highest temperature while busy",
        "Highest temperature while the inferences of the last valid measurement ran. A warmer chip leaks "
        "more: costlier inferences at the same clock.",
        "celsius",
        "This board does not tell its temperatures.",
    )
    metric = CHOSEN_BOARDS("edged_measurement_temperature_celsius", CHOSEN_CASES)
    return history(about, Query(f"max by ({_CASE}) ({metric})", _NAME))


def throttled_inferences() -> Panel:
    """Whether the silicon is held back."""
    about = About(
        "Throttled share of inferences",
        "Share of the inferences that overlapped a throttled interval. Bad above the dashed line.",
        "percentunit",
        "No inference in the range shown.",
    )
    share = throttled_share(CHOSEN_BOARDS, "instance, cpu_cluster", CHOSEN_CASES)
    limits = bad_above(thresholds.THROTTLED_INFERENCES_RATIO)
    return history(about, Query(share, "{{cpu_cluster}}, {{instance}}"), limits=limits, at_least=0)


def rejections() -> Panel:
    """Why there are no newer results."""
    about = About(
        "Rejected measurements by reason",
        "Measurements that were disturbed, for each second: their figures are kept out of the results, so "
        "that an old result stays. One with several reasons counts under each.",
        "suffix:/s",
        "No measurement in the range shown.",
    )
    rejected = CHOSEN_BOARDS("edged_measurements_rejected_total", CHOSEN_CASES)
    query = Query(f"sum by (reason) (rate({rejected}[$__rate_interval]))", "{{reason}}")
    return history(about, query, at_least=0)


def latency_uncertainty() -> Panel:
    """From where on a change of latency means something."""
    about = About(
        "Uncertainty of latency",
        "Half width of the 95 % interval of mean latency over the value. A change smaller than that means "
        "nothing.",
        "percentunit",
        _NONE,
    )
    mean = CHOSEN_BOARDS("edged_measurement_latency_seconds", CHOSEN_CASES)
    mean_u95 = CHOSEN_BOARDS("edged_measurement_latency_uncertainty_seconds", CHOSEN_CASES)
    query = Query(f"max by ({_CASE}) ({mean_u95}) / max by ({_CASE}) ({mean})", _NAME)
    return history(about, query, at_least=0)


def energy_uncertainty() -> Panel:
    """From where on a change of energy means something."""
    about = About(
        "Uncertainty of energy",
        "Half width of the 95 % interval of net energy over the value, over all rails. A change smaller than "
        "that means nothing. Bad above the dashed line.",
        "percentunit",
        "No energy measured in the range shown: see the board's power source.",
    )
    joules = over_rails(CHOSEN_BOARDS, _ENERGY, _CASE, CHOSEN_CASES)
    joules_u95 = u95_over_rails(CHOSEN_BOARDS, _ENERGY_U95, _CASE, CHOSEN_CASES)
    query = Query(f"{joules_u95} / ({joules})", _NAME)
    return history(about, query, limits=bad_above(thresholds.UNCERTAINTY_MAX_RATIO), at_least=0)
