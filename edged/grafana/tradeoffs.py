"""Which model should I deploy?"""

from grafana_foundation_sdk.models.dashboard import Panel

from edged.grafana import links
from edged.grafana.cases import CASE
from edged.grafana.page import Page, Section, line
from edged.grafana.panels import About, stat_panel
from edged.grafana.query import THIS_BOARD, Query, count_if
from edged.grafana.rails import over_like_rails
from edged.grafana.state import values
from edged.grafana.tradeoff_plots import (
    accuracy_against_energy,
    accuracy_against_latency,
    accuracy_against_memory,
    energy_against_latency,
)
from edged.grafana.tradeoff_tables import (
    all_cases,
    alpha_scaling,
    big_over_little,
    int8_gain,
    paper_table_ii,
    ratio_to_paper,
    table_ii,
)
from edged.grafana.variables import variables

_RESULT = "edged_measurement_latency_seconds"
_RANDOM = 'weights="random"'


def tradeoffs() -> Page:
    """The dashboard of the paper's figures, for one board."""
    return Page(
        uid=links.TRADEOFFS,
        title="edged / Trade-offs",
        question="Which model should I deploy? What accuracy costs in time, memory and energy on this board.",
        variables=variables(_RESULT, _RESULT, one_board=True, hidden=("model",)),
        refresh="5m",
        sections=(
            Section((line(4, *_state()), line(11, (24, all_cases())))),
            Section((line(12, (24, accuracy_against_memory())),), "Accuracy and memory"),
            Section((line(12, (24, accuracy_against_latency())),), "Accuracy and latency"),
            Section(
                (line(3, (24, _measured_energy())), line(12, (24, accuracy_against_energy()))),
                "Accuracy and energy",
            ),
            Section((line(12, (24, energy_against_latency())),), "Energy and latency"),
            Section(
                (
                    line(7, (8, table_ii()), (8, paper_table_ii()), (8, ratio_to_paper())),
                    line(7, (8, int8_gain()), (8, alpha_scaling()), (8, big_over_little())),
                ),
                "The paper's Table II and its gains",
            ),
        ),
    )


def _state() -> list[tuple[int, Panel]]:
    finished = THIS_BOARD("edged_measurement_timestamp_seconds")
    age = About(
        "Last result",
        "Time since the last valid measurement of any case finished.",
        "s",
        "No result yet.",
    )
    oldest = About(
        "Oldest result",
        "Time since the case that was not measured for longest had a valid measurement.",
        "s",
        "No valid measurement yet.",
    )
    cases = About(
        "Cases with a result",
        "Share of the cases (model on CPU cluster) that have a valid measurement. The others are not drawn.",
        "percentunit",
        "No case on this board.",
    )
    certain = About(
        "Certain on the fronts",
        "Of the places on the fronts of latency, of memory, of energy, and of latency and energy at once: "
        "the share that holds wherever in their 95 % intervals the measured values lie. A longer protocol "
        "makes more of them certain.",
        "percentunit",
        "No front yet.",
    )
    weights = About(
        "Random-weight models",
        "Models that edged built to be timed: they know nothing, and the accuracy shown is the published "
        "one of their architecture. `edged models fetch` brings trained ones.",
        "none",
        "No model yet.",
    )
    return [
        (4, stat_panel(age, Query(f"time() - max({finished})"))),
        (4, stat_panel(oldest, Query(f"time() - min({finished})"))),
        (4, stat_panel(cases, Query(_share(_RESULT, "edged_measurements_total", "count")))),
        (4, stat_panel(certain, Query(_share("edged_pareto_certain", "edged_pareto_optimal", "sum")))),
        (4, stat_panel(weights, Query(count_if(THIS_BOARD, "edged_model_info", _RANDOM)))),
        (4, values()),
    ]


def _measured_energy() -> Panel:
    """A plot without data says "Err" and nothing else: this says why."""
    about = About(
        "Cases with energy",
        "Share of the cases with a result that have net energy in it, on as many rails as any. The others "
        "are not drawn below.",
        "percentunit",
        "No joules measured, so that the plots below say Err. `edged board` says what would bring them.",
    )
    energy = THIS_BOARD("edged_measurement_net_energy_joules")
    like = over_like_rails(f"count by ({CASE}) ({energy})", CASE, energy)
    return stat_panel(about, Query(f"count({like}) / count({THIS_BOARD(_RESULT)})"))


def _share(part: str, whole: str, by: str) -> str:
    return f"{by}({THIS_BOARD(part)}) / {by}({THIS_BOARD(whole)})"
