"""What is this board doing, where do the watts go, and is it held back?"""

from typing import Final

from grafana_foundation_sdk.models.dashboard import Panel

from edged.grafana import links
from edged.grafana.annotations import restarts, throttling
from edged.grafana.board_details import frequencies_section, joules_section
from edged.grafana.board_history import (
    cpu_frequency,
    inferences,
    latencies,
    power,
    temperature,
    throttled,
)
from edged.grafana.fields import MODEL_WIDTH, THROTTLED, UP, Override, decimals, named, unit, width
from edged.grafana.page import Page, Section, line
from edged.grafana.panels import About, stat_panel, table_panel
from edged.grafana.query import CHOSEN_CASES, THIS_BOARD, Query, of_edged
from edged.grafana.rails import how_many_rails, over_rails, u95_over_rails
from edged.grafana.state import hottest, margin_now, values
from edged.grafana.tables import joined
from edged.grafana.variables import variables

_SILENT: Final = "This board has not been seen."
_CASE: Final = "model, cpu_cluster"


def board() -> Page:
    """The dashboard of one board."""
    return Page(
        uid=links.BOARD,
        title="edged / Board",
        question="What is this board doing, where do the watts go, and is it held back?",
        variables=variables("edged_build_info", "edged_measurements_total", one_board=True),
        annotations=(throttling(THIS_BOARD), restarts(THIS_BOARD)),
        sections=(
            Section(
                (
                    line(4, *_state()),
                    line(8, (12, power()), (12, cpu_frequency())),
                    line(8, (12, temperature()), (12, throttled())),
                    line(8, (12, inferences()), (12, latencies())),
                    line(9, (24, _results())),
                )
            ),
            joules_section(),
            frequencies_section(),
        ),
    )


def _state() -> list[tuple[int, Panel]]:
    up = About("State", "Whether the board answered the last scrape.", "none", "Not seen.")
    kind = About("Kind", "The board, as its device tree or firmware calls it.", "none", _SILENT)
    held = About(
        "Held back",
        "CPU clusters that the kernel holds back now because of heat.",
        "none",
        "No throttling told.",
    )
    hot = About("Hottest zone", "The highest temperature now.", "celsius", "No reading.")
    watts = About("Power", "Sum over the rails, in the newest readings.", "watt", "No sensor.", decimals=2)
    age = About("Last result", "Time since the last valid measurement finished.", "s", "No result yet.")
    clusters = f"max by (cpu_cluster) ({THIS_BOARD('edged_throttled')})"
    finished = THIS_BOARD("edged_measurement_timestamp_seconds")
    return [
        (2, stat_panel(up, Query(f"max{of_edged(THIS_BOARD, 'up')}"), mapping=UP)),
        (3, values()),
        (
            5,
            stat_panel(
                kind,
                Query(f"max by (model) ({THIS_BOARD('edged_board_info')})"),
                label="model",
            ),
        ),
        (4, stat_panel(held, Query(clusters, "{{cpu_cluster}}"), mapping=THROTTLED)),
        (2, stat_panel(hot, Query(hottest(THIS_BOARD)))),
        (3, margin_now(THIS_BOARD)),
        (2, stat_panel(watts, Query(over_rails(THIS_BOARD, "edged_rail_power_watts", "instance")))),
        (3, stat_panel(age, Query(f"time() - max({finished})"))),
    ]


def _results() -> Panel:
    about = About(
        "Last results",
        "The last valid measurement of each case, with half widths of its 95 % intervals, and under which "
        "circumstances it was made. Energies are sums over as many rails as are told: one over fewer, while "
        "a sensor was away, seems lower than it is. A click on a model leads to its history.",
        "none",
        "No valid measurement yet: it takes a sweep, and a board that is not held back.",
    )
    energy, energy_u95 = "net_energy_joules", "net_energy_uncertainty_joules"
    columns = {
        "latency": ("Latency", _last("latency_seconds")),
        "latency_u95": ("Latency ±", _last("latency_uncertainty_seconds")),
        "p90": ("p90", _last("latency_percentile_seconds", 'percentile="90"')),
        "fps": ("FPS", _last("frames_per_second")),
        "energy": ("Energy", over_rails(THIS_BOARD, f"edged_measurement_{energy}", _CASE, CHOSEN_CASES)),
        "energy_u95": (
            "Energy ±",
            u95_over_rails(THIS_BOARD, f"edged_measurement_{energy_u95}", _CASE, CHOSEN_CASES),
        ),
        "gross": (
            "Gross energy",
            over_rails(THIS_BOARD, "edged_measurement_gross_energy_joules", _CASE, CHOSEN_CASES),
        ),
        "rails": ("Rails", how_many_rails(THIS_BOARD, f"edged_measurement_{energy}", _CASE, CHOSEN_CASES)),
        "clock": ("Clock", _last("cpu_frequency_hertz")),
        "heat": ("Hottest", _last("temperature_celsius")),
        "memory": ("Memory", _last("worker_memory_bytes")),
        "load": ("Load time", _last("load_seconds")),
        "age": ("Age", f"time() - {_last('timestamp_seconds')}"),
    }
    cases = f"max by ({_CASE}) ({THIS_BOARD('edged_measurements_total', CHOSEN_CASES)})"
    # Where no case has a result there are no rows either, so that the panel says why.
    labels = _with_key(f"{cases} and on () {THIS_BOARD('edged_measurement_latency_seconds', CHOSEN_CASES)}")
    return table_panel(
        about,
        Query(labels, name="labels"),
        *(Query(f"max by (case) ({_with_key(expr)})", name=name) for name, (_, expr) in columns.items()),
        transformations=joined(
            "case", {name: title for name, (title, _) in columns.items()}, ["model", "cpu_cluster"]
        ),
        overrides=_looks(),
        sort_by="Latency",
        descending=False,
    )


def _last(name: str, *matchers: str) -> str:
    return f"max by ({_CASE}) ({THIS_BOARD(f'edged_measurement_{name}', CHOSEN_CASES, *matchers)})"


def _with_key(expr: str) -> str:
    return f'label_join({expr}, "case", "@", "model", "cpu_cluster")'


def _looks() -> list[Override]:
    seconds, joules = (unit("s"), decimals(2)), (unit("joule"), decimals(2))
    return [
        named("model", links.to_history_of_model(), width(MODEL_WIDTH)),
        named("cpu_cluster", width(95)),
        named("Latency", *seconds),
        named("Latency ±", *seconds),
        named("p90", *seconds),
        named("FPS", decimals(2)),
        named("Energy", *joules),
        named("Energy ±", *joules),
        named("Gross energy", *joules, width(110)),
        named("Rails", width(60)),
        named("Clock", unit("hertz"), decimals(2)),
        named("Hottest", unit("celsius"), decimals(0)),
        named("Memory", unit("decbytes"), decimals(1)),
        named("Load time", *seconds),
        named("Age", unit("s"), decimals(0)),
    ]
