"""What is seldom asked of one board: joules by rail, times at each clock, cooling."""

from grafana_foundation_sdk.models.dashboard import Panel

from edged.grafana import thresholds
from edged.grafana.board_history import CLUSTERS, RAILS
from edged.grafana.fields import bad_above, bad_below, colours_by_name
from edged.grafana.page import Section, line
from edged.grafana.panels import About, history, stat_panel
from edged.grafana.query import CHOSEN_CASES, CHOSEN_CLUSTERS, THIS_BOARD, Query
from edged.grafana.state import coverage, throttled_share, throttled_time

_NO_SENSOR = "This board has no power sensor."


def joules_section() -> Section:
    """Where the joules went."""
    return Section(
        (
            line(7, (12, _energy()), (12, _idle_power())),
            line(7, (8, _coverage()), (8, _voltage()), (8, _current())),
        ),
        "Joules by rail",
        collapsed=True,
    )


def frequencies_section() -> Section:
    """How it was held back."""
    return Section(
        (
            line(8, (12, _time_at_clocks()), (12, _throttled_time())),
            line(
                8,
                (6, _throttled_inferences()),
                (6, _throttle_events()),
                (6, _cooling()),
                (6, _memory_clock()),
            ),
        ),
        "Held back: clocks and cooling",
        collapsed=True,
    )


def _energy() -> Panel:
    about = About(
        "Energy in the range shown",
        "Energy of each rail over the time that readings cover; energy in a gap is not known and not "
        "guessed. Rails that are part of another, such as the cores of a package, do not add up with it.",
        "joule",
        _NO_SENSOR,
    )
    joules = THIS_BOARD("edged_rail_energy_joules_total")
    query = Query(f"sum by (rail) (increase({joules}[$__range]))", "{{rail}}")
    return stat_panel(about, query, overrides=colours_by_name(RAILS))


def _idle_power() -> Panel:
    about = About(
        "Idle power by rail",
        "The baseline that net energy is counted above: power right before and after the inferences of the "
        "last valid measurement. One that creeps up makes net energy look smaller.",
        "watt",
        "No valid measurement with energy yet.",
    )
    idle = THIS_BOARD("edged_rail_idle_power_watts")
    query = Query(f"max by (rail) ({idle})", "{{rail}}")
    return history(about, query, overrides=colours_by_name(RAILS), at_least=0)


def _coverage() -> Panel:
    about = About(
        "Coverage by rail",
        "Share of the time that readings cover. Energy is known for that time only. Bad below the dashed "
        "line.",
        "percentunit",
        _NO_SENSOR,
    )
    query = Query(coverage(THIS_BOARD, "rail", "$__rate_interval"), "{{rail}}")
    limits = bad_below(thresholds.COVERAGE_MIN_RATIO)
    return history(about, query, limits=limits, overrides=colours_by_name(RAILS))


def _voltage() -> Panel:
    about = About("Voltage by rail", "Voltage in the newest reading.", "volt", "No sensor tells a voltage.")
    query = Query(f"max by (rail) ({THIS_BOARD('edged_rail_voltage_volts')})", "{{rail}}")
    return history(about, query, overrides=colours_by_name(RAILS))


def _current() -> Panel:
    about = About("Current by rail", "Current in the newest reading.", "amp", "No sensor tells a current.")
    query = Query(f"max by (rail) ({THIS_BOARD('edged_rail_current_amperes')})", "{{rail}}")
    return history(about, query, overrides=colours_by_name(RAILS), at_least=0)


def _time_at_clocks() -> Panel:
    about = About(
        "Share of time at each clock",
        "How the time was spread over the clocks of the chosen CPU clusters, as the kernel counts it. Much "
        "time below the highest clock while inferences run is throttling or a slow governor.",
        "percentunit",
        "This kernel does not count the time at each clock.",
    )
    seconds = THIS_BOARD("edged_cpu_frequency_seconds_total", CHOSEN_CLUSTERS)
    query = Query(
        f"label_replace(sum by (cpu_cluster, frequency_hertz) (rate({seconds}[$__rate_interval])) > 0, "
        '"megahertz", "$1", "frequency_hertz", "([0-9]+)[0-9]{6}")',
        "{{cpu_cluster}} {{megahertz}} MHz",
    )
    return history(about, query, stacked=True, at_least=0)


def _throttled_time() -> Panel:
    about = About(
        "Throttled share of time by CPU cluster",
        "Share of the time that the kernel held the CPU cluster back because of heat. Bad above the dashed "
        "line.",
        "percentunit",
        "This board does not tell whether it is throttled.",
    )
    share = throttled_time(THIS_BOARD, "cpu_cluster", "$__rate_interval", CHOSEN_CLUSTERS)
    query = Query(share, "{{cpu_cluster}}")
    limits = bad_above(thresholds.THROTTLED_TIME_RATIO)
    return history(about, query, limits=limits, overrides=colours_by_name(CLUSTERS), at_least=0)


def _throttled_inferences() -> Panel:
    about = About(
        "Throttled share of inferences",
        "Share of the inferences that overlapped a throttled interval; their measurements are rejected. Bad "
        "above the dashed line.",
        "percentunit",
        "No inference in the range shown.",
    )
    query = Query(throttled_share(THIS_BOARD, "cpu_cluster", CHOSEN_CASES), "{{cpu_cluster}}")
    limits = bad_above(thresholds.THROTTLED_INFERENCES_RATIO)
    return history(about, query, limits=limits, overrides=colours_by_name(CLUSTERS), at_least=0)


def _throttle_events() -> Panel:
    about = About(
        "Throttle events",
        "How often throttling of each CPU cluster began, for each second. Often and short: the limit is "
        "near; seldom and long: the board is too warm.",
        "suffix:/s",
        "This board does not tell whether it is throttled.",
    )
    events = THIS_BOARD("edged_throttle_events_total", CHOSEN_CLUSTERS)
    query = Query(f"max by (cpu_cluster) (rate({events}[$__rate_interval]))", "{{cpu_cluster}}")
    return history(about, query, overrides=colours_by_name(CLUSTERS), at_least=0)


def _cooling() -> Panel:
    about = About(
        "Cooling devices",
        "State of each cooling device over its strongest one. A fan at its end and cpufreq devices above 0 "
        "mean that the fan is not enough.",
        "percentunit",
        "This board has no cooling device.",
    )
    state = THIS_BOARD("edged_cooling_state")
    strongest = THIS_BOARD("edged_cooling_max_state")
    query = Query(
        f"max by (cooling_device) ({state}) / (max by (cooling_device) ({strongest}) > 0)",
        "{{cooling_device}}",
    )
    return history(about, query, at_least=0)


def _memory_clock() -> Panel:
    about = About(
        "Memory clock",
        "Clock of the DRAM controller. A lower one slows every model, the large ones most.",
        "hertz",
        "This board does not tell its memory's clock.",
    )
    return history(about, Query(f"max({THIS_BOARD('edged_memory_frequency_hertz')})", "memory"), at_least=0)
