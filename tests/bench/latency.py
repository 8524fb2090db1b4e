"""Latency beside a peer: the worker against `litert-benchmark`, and built models against genuine ones.

Pairs are interleaved, A B B A, so that a slow drift of the machine falls on both alike.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from edged.clock import SystemClock
from edged.inference.build import build_model
from edged.inference.job import Failed, Inferences, Job, Loaded
from edged.inference.processes import ProcessWorkers
from tests.bench.figures import Figure, show

RUNS = 60
WARMUP_RUNS = 5
PAIRS = 10
SHARED_MODELS = Path(__file__).resolve().parents[2].parent / "shared" / "models" / "hosted"
CPU = max(os.sched_getaffinity(0))


def main() -> None:
    """Print the ratios with their bars."""
    with tempfile.TemporaryDirectory() as directory:
        show(
            "Latency of the worker / litert-benchmark, same engine, model and thread",
            _against_peer(Path(directory)),
        )
        show("Latency of built / genuine models of the same structure", _against_genuine(Path(directory)))


def _against_peer(directory: Path) -> list[Figure]:
    figures = []
    for alpha, precision in (("0.25", "fp32"), ("1.0", "fp32"), ("0.5", "int8"), ("1.0", "int8")):
        path = _built(directory, alpha, precision)
        ratio = _median_ratio(partial(worker_ms, path, "xnnpack"), partial(peer_ms, path))
        figures.append(_figure(f"alpha {alpha} {precision}, median of {PAIRS} pairs", ratio, 0.02))
    return figures


def _against_genuine(directory: Path) -> list[Figure]:
    if not SHARED_MODELS.is_dir():
        return [Figure("genuine models", "not there", "../shared is absent")]
    figures = []
    for alpha, precision in (("0.25", "fp32"), ("0.25", "int8"), ("0.5", "int8"), ("0.75", "int8")):
        built = _built(directory, alpha, precision)
        genuine = SHARED_MODELS / built.name
        for delegate in ("none", "xnnpack"):
            ratio = _median_ratio(partial(worker_ms, built, delegate), partial(worker_ms, genuine, delegate))
            figures.append(_figure(f"alpha {alpha} {precision}, delegate {delegate}", ratio, 0.05))
    return figures


def _built(directory: Path, alpha: str, precision: str) -> Path:
    path = directory / f"mobilenet_v1_{alpha}_224{'_quant' if precision == 'int8' else ''}.tflite"
    path.write_bytes(build_model(alpha, precision))
    return path


def _median_ratio(ours: Callable[[], float], theirs: Callable[[], float]) -> float:
    ratios = []
    for pair in range(PAIRS):
        if pair % 2:
            other, own = theirs(), ours()
        else:
            own, other = ours(), theirs()
        ratios.append(own / other)
    return statistics.median(ratios)


def _figure(what: str, ratio: float, tolerance: float) -> Figure:
    return Figure(what, f"{ratio:.3f}", f"{1 - tolerance} to {1 + tolerance}", abs(ratio - 1) <= tolerance)


def worker_ms(path: Path, delegate: str) -> float:
    """Median latency by the worker, in milliseconds."""
    job = Job(
        model_path=str(path),
        engine="ai-edge-litert",
        delegate=delegate,
        threads=1,
        cpus=(CPU,),
        warmup_runs=WARMUP_RUNS,
        min_runs=RUNS,
        min_busy_s=0.0,
        pause_s=0.0,
        guard_s=0.0,
        time_limit_s=120.0,
        memory_limit_bytes=4 << 30,
    )
    worker = ProcessWorkers(SystemClock()).start(job)
    latencies_s: list[float] = []
    try:
        while worker.pid is not None:
            for event in worker.wait(10.0):
                if isinstance(event, Failed):
                    raise RuntimeError(event.detail)
                if isinstance(event, Loaded):
                    assert event.delegate == delegate, event
                if isinstance(event, Inferences):
                    latencies_s += [i.latency_s for i in event.inferences if not i.warmup]
    finally:
        worker.close()
    return statistics.median(latencies_s) * 1e3


def peer_ms(path: Path) -> float:
    """Median latency by `litert-benchmark`, in milliseconds."""
    program = Path(sys.executable).with_name("litert-benchmark")
    with tempfile.NamedTemporaryFile(suffix=".json") as result:
        command = ["taskset", "--cpu-list", str(CPU), str(program), "--model", str(path)]
        command += ["--num_runs", str(RUNS), "--warmup_runs", str(WARMUP_RUNS), "--num_threads", "1"]
        subprocess.run([*command, "--result_json", result.name], check=True, capture_output=True)
        return float(json.load(result)["latency"]["median_ms"])


if __name__ == "__main__":
    main()
