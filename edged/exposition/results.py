"""Results: the last valid measurement of each case."""

from collections.abc import Iterator

from prometheus_client.metrics_core import Metric

from edged.exposition.case_account import CASE_LABELS, CaseLabels
from edged.exposition.energy_parts import energy_parts
from edged.exposition.family import Family
from edged.exposition.snapshot import Snapshot
from edged.exposition.subject import Subject
from edged.measurement.result import Latency, Measurement, RailEnergy

_RAIL_LABELS = (*CASE_LABELS, "rail")

LATENCY = Family(
    "edged_measurement_latency_seconds",
    "gauge",
    CASE_LABELS,
    "Mean latency of the last valid measurement.",
)
PERCENTILE = Family(
    "edged_measurement_latency_percentile_seconds",
    "gauge",
    (*CASE_LABELS, "percentile"),
    "Percentile of the latency in the last valid measurement, where it has enough inferences for that.",
)
UNCERTAINTY = Family(
    "edged_measurement_latency_uncertainty_seconds",
    "gauge",
    CASE_LABELS,
    "Half width of the 95 % interval of the mean latency.",
)
FPS = Family(
    "edged_measurement_frames_per_second",
    "gauge",
    CASE_LABELS,
    "1 / mean latency of the last valid measurement.",
)
NET_ENERGY = Family(
    "edged_measurement_net_energy_joules",
    "gauge",
    _RAIL_LABELS,
    "Energy per inference above the idle baseline of the rail.",
)
GROSS_ENERGY = Family(
    "edged_measurement_gross_energy_joules",
    "gauge",
    _RAIL_LABELS,
    "Energy per inference with the idle baseline of the rail included.",
)
NET_ENERGY_UNCERTAINTY = Family(
    "edged_measurement_net_energy_uncertainty_joules",
    "gauge",
    _RAIL_LABELS,
    "Half width of the 95 % interval of the net energy per inference.",
)
NET_ENERGY_COMPONENT = Family(
    "edged_measurement_net_energy_uncertainty_component_joules",
    "gauge",
    (*_RAIL_LABELS, "component"),
    "One part of the standard uncertainty of the net energy per inference: calibration, readings or "
    "baseline. Of the rail that feeds the CPU cluster, or of all rails where none does so alone.",
)
FREQUENCY = Family(
    "edged_measurement_cpu_frequency_hertz",
    "gauge",
    CASE_LABELS,
    "Mean clock of the CPU cluster while it was busy.",
)
TEMPERATURE = Family(
    "edged_measurement_temperature_celsius",
    "gauge",
    CASE_LABELS,
    "Highest temperature while the CPU cluster was busy.",
)
LOAD = Family("edged_measurement_load_seconds", "gauge", CASE_LABELS, "Time that loading the model took.")
MEMORY = Family(
    "edged_measurement_worker_memory_bytes",
    "gauge",
    CASE_LABELS,
    "Highest resident memory of the worker process.",
)
TIMESTAMP = Family(
    "edged_measurement_timestamp_seconds",
    "gauge",
    CASE_LABELS,
    "Wall time when the last valid measurement finished.",
)


def _collect(snapshot: Snapshot) -> Iterator[Metric]:
    yield from result_metrics([(case.labels, case.last_valid) for case in snapshot.cases if case.last_valid])


def result_metrics(results: list[tuple[CaseLabels, Measurement]]) -> Iterator[Metric]:
    """The families of the results that have values.

    Args:
        results: Measurements with the labels of their cases.
    """
    yield from _latency([(labels, result.latency) for labels, result in results if result.latency])
    yield from _energy(
        [((*labels, rail), energy) for labels, result in results for rail, energy in result.rails.items()]
    )
    yield from NET_ENERGY_COMPONENT.of(
        ((*labels, rail, part), value_j)
        for labels, result in results
        for rail, part, value_j in energy_parts(result.case.cpu_cluster, result.rails)
    )
    yield from _circumstances(results)


def _latency(latencies: list[tuple[CaseLabels, Latency]]) -> Iterator[Metric]:
    yield from LATENCY.of((labels, latency.mean_s) for labels, latency in latencies)
    yield from PERCENTILE.of(
        ((*labels, str(percentile)), value_s)
        for labels, latency in latencies
        for percentile, value_s in latency.quantiles_s.items()
    )
    yield from UNCERTAINTY.of((labels, latency.u95_s) for labels, latency in latencies)
    yield from FPS.of((labels, latency.frames_per_second) for labels, latency in latencies)


def _energy(rails: list[tuple[tuple[str, ...], RailEnergy]]) -> Iterator[Metric]:
    yield from NET_ENERGY.of((labels, energy.net_energy_j.value) for labels, energy in rails)
    yield from GROSS_ENERGY.of((labels, energy.gross_energy_j.value) for labels, energy in rails)
    yield from NET_ENERGY_UNCERTAINTY.of((labels, energy.net_energy_j.u95) for labels, energy in rails)


def _circumstances(results: list[tuple[CaseLabels, Measurement]]) -> Iterator[Metric]:
    yield from FREQUENCY.of((labels, result.surroundings.frequency_hz) for labels, result in results)
    yield from TEMPERATURE.of((labels, result.surroundings.temperature_c) for labels, result in results)
    yield from LOAD.of((labels, result.load_s) for labels, result in results)
    yield from MEMORY.of((labels, result.worker_memory_bytes) for labels, result in results)
    yield from TIMESTAMP.of((labels, result.finished_wall_s) for labels, result in results)


RESULTS = Subject(
    "results",
    (
        LATENCY,
        PERCENTILE,
        UNCERTAINTY,
        FPS,
        NET_ENERGY,
        GROSS_ENERGY,
        NET_ENERGY_UNCERTAINTY,
        NET_ENERGY_COMPONENT,
        FREQUENCY,
        TEMPERATURE,
        LOAD,
        MEMORY,
        TIMESTAMP,
    ),
    _collect,
    lambda snapshot: tuple(case.last_valid for case in snapshot.cases),
)
