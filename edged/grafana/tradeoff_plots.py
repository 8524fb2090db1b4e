"""The plots of the trade-offs: Fig. 4, Fig. 5, and the same for energy."""

from typing import Final

from grafana_foundation_sdk.models.dashboard import Panel
from grafana_foundation_sdk.models.xychart import PointShape

from edged.grafana import colours
from edged.grafana.fields import unit
from edged.grafana.panels import About
from edged.grafana.query import THIS_BOARD, Query
from edged.grafana.rails import over_rails, u95_over_rails
from edged.grafana.scatter import Axis, Series, certain_series, front_series, point_series, scatter

_CLUSTER: Final = 'cpu_cluster="$cpu_cluster"'
_MODEL: Final = "model, alpha, precision"
_ENERGY: Final = "edged_measurement_net_energy_joules"
_BY_ENERGY: Final = 'objective="energy"'
_FRONT: Final = (
    "The red line joins the models that no other beats in both at once. A red square marks those that stay "
    "on it wherever in their 95 % intervals the measured values lie. Accuracy is as published where the "
    "weights are random."
)
# Name, matcher, title, colour and shape.
_PRECISIONS: Final = (
    ("fp32", 'precision="fp32"', "FP32", colours.FP32, PointShape.CIRCLE),
    ("int8", 'precision="int8"', "INT8", colours.INT8, PointShape.SQUARE),
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
        "No model yet: edged builds the models when it starts.",
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
        f"Net energy of one inference, above idle, over all rails. Up and left is better. {_FRONT}",
        "percentunit",
        "No energy measured on this CPU cluster: see the board's power source.",
        decimals=1,
    )
    x = Axis("Energy", "Net energy per inference", "joule", over_rails(THIS_BOARD, _ENERGY, _MODEL, _CLUSTER))
    y = _accuracies('objective="energy"', _CLUSTER)
    return scatter(about, x, "Top-1 accuracy", y, told=[_energy_u95()], repeated_by="cpu_cluster")


def energy_against_latency() -> Panel:
    """What speed costs, once for each CPU cluster."""
    about = About(
        "Energy vs. latency, $cpu_cluster",
        "Net energy of one inference, above idle, over all rails. Down and left is better. The red line "
        "joins the models that are worth their energy: none is as accurate for less. A red square marks "
        "those of which that is certain.",
        "joule",
        "No energy measured on this CPU cluster: see the board's power source.",
    )
    points = [
        point_series(over_rails(THIS_BOARD, _ENERGY, "model", _CLUSTER, only), name, title, shade, shape)
        for name, only, title, shade, shape in _PRECISIONS
    ]
    energy = over_rails(THIS_BOARD, _ENERGY, "model", _CLUSTER)
    series = [*_fronts(f"({energy})", _BY_ENERGY, _CLUSTER), *points]
    return scatter(
        about,
        _LATENCY,
        "Net energy per inference",
        series,
        told=[_LATENCY_U95, _energy_u95()],
        repeated_by="cpu_cluster",
    )


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


def _energy_u95() -> Series:
    uncertainty = u95_over_rails(
        THIS_BOARD, "edged_measurement_net_energy_uncertainty_joules", "model", _CLUSTER
    )
    return Series(Query(uncertainty, name="e_u95"), "Energy U95", (unit("joule"),))
