"""The plots of the trade-offs: Fig. 4, Fig. 5, and the same for energy."""

from typing import Final

from grafana_foundation_sdk.models.dashboard import Panel
from grafana_foundation_sdk.models.xychart import PointShape

from edged.grafana import colours
from edged.grafana.cases import CASE, by_case, with_case
from edged.grafana.fields import unit
from edged.grafana.panels import About
from edged.grafana.query import THIS_BOARD, Query
from edged.grafana.rails import over_like_rails, over_rails, u95_over_rails
from edged.grafana.scatter import (
    Axis,
    Series,
    certain_series,
    front_series,
    point_series,
    ring_series,
    scatter,
)

_CLUSTER: Final = 'cpu_cluster="$cpu_cluster"'
_MODEL: Final = "model, alpha, precision"
_ENERGY: Final = "edged_measurement_net_energy_joules"
_ENERGY_U95: Final = "edged_measurement_net_energy_uncertainty_joules"
_FRONT: Final = (
    "The red line joins the models that no other beats in both at once. A red square marks those that stay "
    "on it wherever in their 95 % intervals the measured values lie. Accuracy is as published where the "
    "weights are random."
)
_LEFT_OUT: Final = "A case that was measured on fewer rails than another is left out."
# Name, matcher, title, colour and shape.
_PRECISIONS: Final = (
    ("fp32", 'precision="fp32"', "FP32", colours.FP32, PointShape.CIRCLE),
    ("int8", 'precision="int8"', "INT8", colours.INT8, PointShape.SQUARE),
)
# Name, matcher and colours by precision. Where there is one kind of CPU only, its CPU cluster is called cpu.
_CLUSTERS: Final = (
    ("big", 'cpu_cluster=~"big|cpu"', (colours.BIG, colours.BIG_INT8)),
    ("little", 'cpu_cluster!~"big|cpu"', (colours.LITTLE, colours.LITTLE_INT8)),
)
_LATENCY: Final = Axis(
    "Latency",
    "Latency per inference",
    "s",
    f"max by ({_MODEL}) ({THIS_BOARD('edged_measurement_latency_seconds', _CLUSTER)})",
)
_LATENCY_U95: Final = Series(
    Query(
        f"max by (model) ({THIS_BOARD('edged_measurement_latency_uncertainty_seconds', _CLUSTER)})",
        name="x_u95",
    ),
    "Latency U95",
    (unit("s"),),
)


def accuracy_against_memory() -> Panel:
    """Fig. 4."""
    about = About(
        "Accuracy vs. size (Fig. 4)",
        f"One point for each model. Up and left is better. {_FRONT}",
        "percentunit",
        "No model whose accuracy and size are both known.",
        decimals=1,
    )
    size = f"max by ({_MODEL}) ({THIS_BOARD('edged_model_size_bytes')})"
    x = Axis("Size", "Size of the model file", "decbytes", size)
    return scatter(about, x, "Top-1 accuracy", _accuracies('objective="memory"'))


def accuracy_against_latency() -> Panel:
    """Fig. 5, once for each CPU cluster."""
    about = About(
        "Accuracy vs. latency, $cpu_cluster (Fig. 5)",
        f"One point for each model. Up and left is better. {_FRONT}",
        "percentunit",
        "No valid measurement on this CPU cluster yet.",
        decimals=1,
    )
    y = _accuracies('objective="latency"', _CLUSTER)
    return scatter(about, _LATENCY, "Top-1 accuracy", y, told=[_LATENCY_U95], repeated_by="cpu_cluster")


def accuracy_against_energy() -> Panel:
    """What the paper did not measure, once for each CPU cluster."""
    about = About(
        "Accuracy vs. energy, $cpu_cluster",
        f"Net energy of one inference, above idle, over all rails. {_LEFT_OUT} Up and left is better. "
        f"{_FRONT}",
        "percentunit",
        "No energy measured on this CPU cluster: see the board's power source.",
        decimals=1,
    )
    energy = over_rails(THIS_BOARD, _ENERGY, _MODEL, _CLUSTER)
    like = over_like_rails(energy, _MODEL, THIS_BOARD(_ENERGY, _CLUSTER))
    x = Axis("Energy", "Net energy per inference", "joule", like)
    y = _accuracies('objective="energy"', _CLUSTER)
    uncertainty = u95_over_rails(THIS_BOARD, _ENERGY_U95, "model", _CLUSTER)
    u95 = Series(Query(uncertainty, name="e_u95"), "Energy U95", (unit("joule"),))
    return scatter(about, x, "Top-1 accuracy", y, told=[u95], repeated_by="cpu_cluster")


def energy_against_latency() -> Panel:
    """What speed costs, on the board as a whole: on which CPU cluster should a model run?"""
    about = About(
        "Energy vs. latency, whole board",
        "Each model on each CPU cluster. Net energy of one inference, above idle, over all rails. "
        f"{_LEFT_OUT} Down and left is better. A red ring marks what is worth it: no other case on any CPU "
        "cluster is as accurate, as fast and as frugal, and better in one of these. A red square marks those "
        "of which that holds wherever in their 95 % intervals the measured values lie. big is the CPU "
        "cluster of that name, or the only one; little is all others.",
        "joule",
        "No energy measured on this board: see its power source.",
    )
    latency = with_case(THIS_BOARD("edged_measurement_latency_seconds"))
    of_case = f"max by (case, {_MODEL}, cpu_cluster) ({latency})"
    x = Axis("Latency", "Latency per inference", "s", of_case, logarithmic=True)
    points = [
        point_series(
            by_case(_energy_by_case(only, where)), f"{name}_{cluster}", f"{title} {cluster}", shade, shape
        )
        for cluster, where, shades in _CLUSTERS
        for (name, only, title, _, shape), shade in zip(_PRECISIONS, shades, strict=True)
    ]
    latency_u95 = by_case(THIS_BOARD("edged_measurement_latency_uncertainty_seconds"))
    energy_u95 = u95_over_rails(THIS_BOARD, _ENERGY_U95, CASE)
    return scatter(
        about,
        x,
        "Net energy per inference",
        [
            certain_series(by_case(_on_front("edged_pareto_certain"))),
            ring_series(by_case(_on_front("edged_pareto_optimal"))),
            *points,
        ],
        told=[
            Series(Query(latency_u95, name="x_u95"), "Latency U95", (unit("s"),)),
            Series(Query(by_case(energy_u95), name="e_u95"), "Energy U95", (unit("joule"),)),
        ],
        rows="case",
    )


def _energy_by_case(*matchers: str) -> str:
    energy = over_rails(THIS_BOARD, _ENERGY, CASE, *matchers)
    return over_like_rails(energy, CASE, THIS_BOARD(_ENERGY))


def _on_front(metric: str) -> str:
    front = THIS_BOARD(metric, 'objective="latency_and_energy"')
    return f"({_energy_by_case()}) and on ({CASE}) ({front} == 1)"


def _accuracies(*front: str) -> list[Series]:
    accuracy = "edged_model_top1_accuracy_ratio"
    points = [
        point_series(f"max by (model) ({THIS_BOARD(accuracy, only)})", name, title, shade, shape)
        for name, only, title, shade, shape in _PRECISIONS
    ]
    return [*_fronts(f"max by (model) ({THIS_BOARD(accuracy)})", *front), *points]


def _fronts(y: str, *front: str) -> list[Series]:
    certain = THIS_BOARD("edged_pareto_certain", *front)
    optimal = THIS_BOARD("edged_pareto_optimal", *front)
    return [
        certain_series(f"{y} and on (model) ({certain} == 1)"),
        front_series(f"{y} and on (model) ({optimal} == 1)"),
    ]
