"""A board, its cases and their measurements, as the exposition gets them."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from edged.board.parts import Board, CoolingDevice, CpuCluster, Identity, ThermalZone, TripPoint
from edged.clock import NS_PER_S
from edged.exposition.build_facts import BuildFacts
from edged.exposition.snapshot import ModelFacts, Snapshot
from edged.inference.job import Inference
from edged.inference.model import Accuracy, Model
from edged.inference.zoo import FileFacts
from edged.measurement.protocol import QUICK
from edged.measurement.result import (
    Case,
    EngineFacts,
    Latency,
    Measurement,
    RailEnergy,
    Surroundings,
    Uncertain,
)
from edged.measurement.verdict import Reason, Rejection, Verdict

SMALL = Model(
    "mobilenet_v1_0.25_224_quant",
    Path("small.tflite"),
    "0.25",
    "int8",
    "random",
    Accuracy(0.482, 0.728, "published"),
)
OWN = Model("door", Path("door.tflite"), "", "fp32", "trained")
ON_BIG = Case(SMALL, "big")
LABELS = {"model": SMALL.name, "alpha": "0.25", "precision": "int8", "cpu_cluster": "big"}

BOARD = Board(
    Identity("Hardkernel Odroid XU3", ("hardkernel,odroid-xu3",), "Exynos 5422", "6.6.75", "armv7l"),
    (
        CpuCluster("little", "Cortex-A7", (0, 1, 2, 3), max_frequency_hz=1_400_000_000),
        CpuCluster("big", "Cortex-A15", (4, 5, 7), max_frequency_hz=2_000_000_000),
    ),
    thermal_zones=(
        ThermalZone(
            "cpu0-thermal", "sys/x", (TripPoint(0, "active", 50.0, 5.0), TripPoint(3, "passive", 70.0, None))
        ),
    ),
    cooling_devices=(
        CoolingDevice("pwm-fan", "sys/fan", 3),
        CoolingDevice("cpufreq-cpu0", "sys/cd1", 11, "little"),
        CoolingDevice("cpufreq-cpu4", "sys/cd2", 14, "big"),
    ),
)
SNAPSHOT = Snapshot(
    at_ns=1_000 * NS_PER_S,
    wall_s=1_700_000_000.0,
    build=BuildFacts("0.1.0", "", "3.11.2", "tflite-runtime", "2.14.0"),
    board=BOARD,
    models=(ModelFacts(SMALL, FileFacts(497_264, "ab" * 32)), ModelFacts(OWN, None)),
)
ENERGY = RailEnergy(
    net_energy_j=Uncertain(0.03, 0.001),
    gross_energy_j=Uncertain(0.04, 0.002),
    idle_power_w=0.11,
    components_j={"gain": 0.0002, "baseline": 0.0003},
    coverage_ratio=1.0,
)


def inferences(*latencies_s: float, warmup: bool = False) -> tuple[Inference, ...]:
    """Inferences of these latencies, one after the other."""
    return tuple(Inference(0, round(latency * NS_PER_S), 0, warmup) for latency in latencies_s)


def latency_of(
    mean_s: float, u95_s: float | None = None, quantiles_s: Mapping[int, float] | None = None
) -> Latency:
    """A latency of two inferences."""
    quantiles_s = quantiles_s or {}
    intervals_s = {percentile: (value_s, value_s) for percentile, value_s in quantiles_s.items()}
    return Latency(mean_s, u95_s, quantiles_s, intervals_s, count=2)


def measurement(case: Case = ON_BIG, **changes: Any) -> Measurement:
    """A valid measurement, but for the changes."""
    valid = Measurement(
        case=case,
        protocol=QUICK,
        verdict=Verdict(),
        latency=latency_of(0.02, 0.0001, {50: 0.019, 90: 0.021}),
        inferences=inferences(0.02, 0.02),
        engine=EngineFacts("tflite-runtime", "2.14.0", "none", 1),
        load_s=0.05,
        worker_memory_bytes=30_000_000,
        surroundings=Surroundings(frequency_hz=1.9e9, temperature_c=61.0),
        start_ns=0,
        end_ns=NS_PER_S,
        finished_wall_s=1_699_999_999.0,
    )
    return replace(valid, **changes)


def rejected(*reasons: Reason, case: Case = ON_BIG, **changes: Any) -> Measurement:
    """A measurement rejected for these reasons."""
    rejections = tuple(Rejection(reason, "seen") for reason in reasons)
    return measurement(case, verdict=Verdict(rejections), **changes)
