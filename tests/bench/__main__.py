"""`make bench`: every benchmark, one after the other; or those named on the command line."""

import importlib
import sys

BENCHMARKS = (
    "build_models",
    "latency",
    "startup",
    "sampling",
    "sampler_effect",
    "energy",
    "coverage",
    "throttling",
    "scrape",
)

for name in sys.argv[1:] or BENCHMARKS:
    importlib.import_module(f"tests.bench.{name}").main()
