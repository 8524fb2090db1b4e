"""The tables of the trade-offs: Table II, the gains that the paper tells of, and all cases."""

from typing import Final

from grafana_foundation_sdk.models.dashboard import Panel

from edged.grafana import colours
from edged.grafana.cases import CASE, by_case, with_case
from edged.grafana.fields import (
    MODEL_WIDTH,
    Override,
    Text,
    as_text,
    decimals,
    mapped,
    named,
    texts,
    unit,
    width,
)
from edged.grafana.links import to_history_of_model
from edged.grafana.panels import About, table_panel
from edged.grafana.query import CHOSEN_CLUSTERS, THIS_BOARD, Query
from edged.grafana.rails import over_like_rails, over_rails, u95_over_rails
from edged.grafana.tables import joined, matrix

_FPS: Final = "edged_measurement_frames_per_second"
_PAPER: Final = "edged_paper_frames_per_second"
_NOT_YET: Final = "No valid measurement yet."
_WITH_ALPHA: Final = 'alpha!=""'
_FULL_WIDTH: Final = 'alpha="1.0"'
_ENERGY: Final = "edged_measurement_net_energy_joules"
_ENERGY_U95: Final = "edged_measurement_net_energy_uncertainty_joules"
_ON_FRONT: Final = mapped(
    {0: Text("no", colours.NEUTRAL), 1: Text("yes", colours.PARETO), 2: Text("certain", colours.PARETO)}
)


# Name and width in pixels.
_FRONTS: Final = (("latency", 103), ("energy", 103), ("memory", 113), ("both", 85))


def table_ii() -> Panel:
    """Frames per second as in the paper's Table II."""
    about = About(
        "Frames per second (Table II)",
        "1 / mean latency of the last valid measurement. Rows: width multiplier; columns: CPU cluster and "
        "precision.",
        "none",
        _NOT_YET,
        decimals=2,
    )
    return _by_cluster_and_precision(about, _fps(_FPS))


def paper_table_ii() -> Panel:
    """The paper's figures."""
    about = About(
        "Frames per second, the paper",
        "Table II of Inference on the Edge (Peluso et al., SNAMS 2019), measured on an Exynos 5422: big is "
        "its Cortex-A15, little its Cortex-A7.",
        "none",
        "The paper has no figures for the models of this board.",
        decimals=2,
    )
    return _by_cluster_and_precision(about, _fps(_PAPER))


def ratio_to_paper() -> Panel:
    """This board beside the paper's."""
    about = About(
        "Ratio to the paper",
        "Frames per second of this board over those of Table II. 1 is the paper's speed; more is faster. On "
        "another board, engine or delegate it is no fault to be far from 1.",
        "none",
        "Neither measured here nor in the paper yet.",
        decimals=2,
    )
    return _by_cluster_and_precision(about, f"{_fps(_FPS)} / {_fps(_PAPER)}")


def int8_gain() -> Panel:
    """How many times as fast INT8 is."""
    about = About(
        "INT8 gain in speed",
        "Frames per second of INT8 over those of FP32, here and from the paper's Table II. The paper: it "
        "grows with alpha, from 1.28 to 2.15 on the A15 (its text says 2.21) and from 1.61 to 2.41 on the "
        "A7.",
        "none",
        "Takes a valid measurement of both precisions.",
        decimals=2,
    )
    return _here_and_paper(about, "cpu_cluster", 'precision="int8"', 'precision="fp32"')


def big_over_little() -> Panel:
    """How many times as fast the big CPU cluster is."""
    about = About(
        "Big over little in speed",
        "Frames per second of the CPU cluster big over those of little, here and from the paper's Table II. "
        "The paper: 4.8 for FP32 and 4.1 for INT8, as means over alpha.",
        "none",
        "Takes a board with CPU clusters big and little.",
        decimals=2,
    )
    return _here_and_paper(about, "precision", 'cpu_cluster="big"', 'cpu_cluster="little"')


def alpha_scaling() -> Panel:
    """How many times as fast a smaller alpha is."""
    about = About(
        "Alpha scaling",
        "Frames per second over those of alpha 1.0. The paper, for alpha 0.25: 10.55 (FP32) and 6.26 (INT8) "
        "on the A15, similar on the A7.",
        "none",
        "Takes a valid measurement at alpha 1.0.",
        decimals=2,
    )
    whole = f"max by (precision, cpu_cluster) ({THIS_BOARD(_FPS, _FULL_WIDTH)})"
    expr = f"{_fps(_FPS)} / on (precision, cpu_cluster) group_left () {whole}"
    return _by_cluster_and_precision(about, expr)


def all_cases() -> Panel:
    """Every case with what it costs."""
    about = About(
        "All cases",
        "The last valid measurement of each case, with half widths of its 95 % intervals; which fronts it "
        "is on, compared on its own CPU cluster, and for both, latency and energy at once, with all cases of "
        "the board. One that was measured on fewer rails than another has no energy here: it would seem "
        "cheaper than it is. Sort by what is scarce. A click on a model leads to its history.",
        "none",
        _NOT_YET,
    )
    columns = {
        "latency": ("Latency", _gauge("edged_measurement_latency_seconds")),
        "latency_u95": ("Latency ±", _gauge("edged_measurement_latency_uncertainty_seconds")),
        "fps": ("FPS", _gauge(_FPS)),
        "energy": ("Energy", _compared(over_rails(THIS_BOARD, _ENERGY, CASE, CHOSEN_CLUSTERS))),
        "energy_u95": ("Energy ±", _compared(u95_over_rails(THIS_BOARD, _ENERGY_U95, CASE, CHOSEN_CLUSTERS))),
        "accuracy": ("Top-1", _of_model("edged_model_top1_accuracy_ratio")),
        "size": ("Size", _of_model("edged_model_size_bytes")),
        "by_latency": ("Front: latency", _standing("latency")),
        "by_energy": ("Front: energy", _standing("energy")),
        "by_memory": ("Front: memory", _standing("memory")),
        "by_both": ("Front: both", _standing("latency_and_energy")),
    }
    return table_panel(
        about,
        Query(_labels(), name="labels"),
        *(Query(by_case(expr), name=name) for name, (_, expr) in columns.items()),
        transformations=joined(
            "case",
            {name: title for name, (title, _) in columns.items()},
            ["model", "cpu_cluster", "alpha", "precision"],
        ),
        overrides=_looks(),
        sort_by="Top-1",
    )


def _looks() -> list[Override]:
    seconds, joules = (unit("s"), decimals(2)), (unit("joule"), decimals(2))
    return [
        named("model", to_history_of_model(), width(MODEL_WIDTH)),
        named("cpu_cluster", width(92)),
        named("alpha", as_text(), width(55)),
        named("precision", width(75)),
        named("Latency", *seconds),
        named("Latency ±", *seconds),
        named("FPS", decimals(2), width(60)),
        named("Energy", *joules),
        named("Energy ±", *joules),
        named("Top-1", unit("percentunit"), decimals(1), width(60)),
        named("Size", unit("decbytes"), decimals(1)),
        *(named(f"Front: {name}", *texts(_ON_FRONT), width(pixels)) for name, pixels in _FRONTS),
    ]


def _labels() -> str:
    measured = THIS_BOARD("edged_measurement_latency_seconds", CHOSEN_CLUSTERS)
    return with_case(f"max by (model, alpha, precision, cpu_cluster) ({measured})")


def _gauge(metric: str) -> str:
    return f"max by ({CASE}) ({THIS_BOARD(metric, CHOSEN_CLUSTERS)})"


def _compared(energies: str) -> str:
    return over_like_rails(energies, CASE, THIS_BOARD(_ENERGY))


def _of_model(metric: str) -> str:
    measured = _gauge("edged_measurement_latency_seconds")
    return f"max by (model) ({THIS_BOARD(metric)}) * on (model) group_right () ({measured} > bool 0)"


def _standing(objective: str) -> str:
    only = f'objective="{objective}"'
    optimal = THIS_BOARD("edged_pareto_optimal", CHOSEN_CLUSTERS, only)
    certain = THIS_BOARD("edged_pareto_certain", CHOSEN_CLUSTERS, only)
    return f"max by ({CASE}) ({optimal}) + max by ({CASE}) ({certain})"


def _fps(metric: str, by: str = "alpha, precision, cpu_cluster", *matchers: str) -> str:
    return f"max by ({by}) ({THIS_BOARD(metric, _WITH_ALPHA, *matchers)})"


def _by_cluster_and_precision(about: About, expr: str) -> Panel:
    query = Query(f'label_join({expr}, "column", " ", "cpu_cluster", "precision")')
    return table_panel(about, query, transformations=matrix("alpha", "column"))


def _here_and_paper(about: About, column: str, better: str, worse: str) -> Panel:
    """Ratios of frames per second, with a column for each value of a label, here and in the paper."""
    by = f"alpha, {column}"
    here = f"{_fps(_FPS, by, better)} / {_fps(_FPS, by, worse)}"
    paper = f"{_fps(_PAPER, by, better)} / {_fps(_PAPER, by, worse)}"
    query = Query(
        f'label_replace({here}, "column", "$1", "{column}", "(.+)") or '
        f'label_replace({paper}, "column", "$1, paper", "{column}", "(.+)")'
    )
    return table_panel(about, query, transformations=matrix("alpha", "column"))
