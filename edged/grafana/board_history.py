"""The history of one board: power, clocks, heat, throttling, inferences."""

from typing import Final

from grafana_foundation_sdk.models.dashboard import Panel

from edged.grafana import colours
from edged.grafana.fields import (
    THROTTLED,
    beginning_with,
    colour,
    colours_by_name,
    dashed,
    named,
)
from edged.grafana.panels import About, history, spread, states
from edged.grafana.query import CHOSEN_CASES, CHOSEN_CLUSTERS, THIS_BOARD, Query

RAILS: Final = ("big", "little", "gpu", "mem", "board")
CLUSTERS: Final = ("big", "little")


def power() -> Panel:
    """Where the watts go now."""
    about = About(
        "Power by rail",
        "Power of each rail, as averaged by its sensor. A gap is a sensor that does not answer.",
        "watt",
        "This board has no power sensor: `edged board` says what would bring one.",
    )
    query = Query(f"max by (rail) ({THIS_BOARD('edged_rail_power_watts')})", "{{rail}}")
    return history(about, query, overrides=colours_by_name(RAILS), at_least=0)


def cpu_frequency() -> Panel:
    """Clocks, and what they may be."""
    about = About(
        "Clock by CPU cluster",
        "Clock now (line) and the highest one allowed now (dashed): by the user, or by the kernel because "
        "of heat. A dashed line that falls while the board is hot is throttling.",
        "hertz",
        "This board does not tell its clocks.",
    )
    clock = THIS_BOARD("edged_cpu_frequency_hertz", CHOSEN_CLUSTERS)
    limit = THIS_BOARD("edged_cpu_frequency_limit_hertz", CHOSEN_CLUSTERS)
    return history(
        about,
        Query(f"max by (cpu_cluster) ({clock})", "{{cpu_cluster}}"),
        Query(f"max by (cpu_cluster) ({limit})", "limit of {{cpu_cluster}}"),
        overrides=[*colours_by_name(CLUSTERS), beginning_with("limit of ", *dashed())],
        at_least=0,
    )


def temperature() -> Panel:
    """Heat, and where it ends."""
    about = About(
        "Temperature by zone",
        "Temperature of each thermal zone, and the lowest critical trip point (dashed), where the kernel "
        "powers the board off. A gap is a zone that cannot be read or reads nonsense.",
        "celsius",
        "This board does not tell its temperatures.",
    )
    zones = THIS_BOARD("edged_temperature_celsius")
    critical = THIS_BOARD("edged_trip_point_celsius", 'action="critical"')
    return history(
        about,
        Query(f"max by (thermal_zone) ({zones})", "{{thermal_zone}}"),
        Query(f"min({critical})", "critical"),
        overrides=[named("critical", colour(colours.BAD), *dashed())],
    )


def throttled() -> Panel:
    """When it was held back."""
    about = About(
        "Throttling",
        "Whether the kernel held the clock of a CPU cluster down because of heat. A fan is not throttling, "
        "nor is a limit that the user has set.",
        "none",
        "This board does not tell whether it is throttled.",
    )
    query = Query(
        f"max by (cpu_cluster) ({THIS_BOARD('edged_throttled', CHOSEN_CLUSTERS)})", "{{cpu_cluster}}"
    )
    return states(about, query, mapping=THROTTLED)


def inferences() -> Panel:
    """What it runs."""
    about = About(
        "Inferences per second",
        "Inferences of each case, warm-ups not counted. Cases run one after the other; pauses of the "
        "protocol count as time.",
        "suffix:/s",
        "No inference in the range shown.",
    )
    total = THIS_BOARD("edged_inferences_total", CHOSEN_CASES)
    query = Query(
        f"sum by (model, cpu_cluster) (rate({total}[$__rate_interval]))", "{{model}} on {{cpu_cluster}}"
    )
    return history(about, query, at_least=0)


def latencies() -> Panel:
    """How long single inferences take."""
    about = About(
        "Latency of single inferences",
        "Inferences by how long they took, of the chosen cases together. Choose one case for a picture of "
        "its scatter; the exact figures are in the results below.",
        "s",
        "No inference in the range shown.",
    )
    buckets = THIS_BOARD("edged_inference_duration_seconds_bucket", CHOSEN_CASES)
    return spread(about, Query(f"sum by (le) (increase({buckets}[$__rate_interval]))"))
