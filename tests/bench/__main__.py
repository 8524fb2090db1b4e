"""`make bench`: every benchmark, one after the other; or those named on the command line."""

import importlib
import sys
from itertools import takewhile

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
    "endurance",
)

# What begins with a dash is for the benchmark.
for name in [*takewhile(lambda word: not word.startswith("-"), sys.argv[1:])] or BENCHMARKS:
    importlib.import_module(f"tests.bench.{name}").main()
