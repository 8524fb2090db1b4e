"""Colours by meaning, the same on every dashboard."""

from typing import Final

GOOD: Final = "green"
WARNING: Final = "dark-yellow"
BAD: Final = "dark-red"
NEUTRAL: Final = "text"
PAST: Final = "#8E8E8E"

FP32: Final = "blue"
INT8: Final = "orange"
PARETO: Final = "red"

# A rail has the colour of the CPU cluster that it feeds. An XU4's clusters are big (A15) and little (A7).
BIG: Final = "purple"
LITTLE: Final = "#1BA39C"
# INT8 on it, where colours tell CPU clusters: the legend of a plot shows no shapes.
BIG_INT8: Final = "super-light-purple"
LITTLE_INT8: Final = "#8FE0DB"
BY_NAME: Final = {
    "big": BIG,
    "little": LITTLE,
    "gpu": "#B8860B",
    "mem": "#9FA7B3",
    "board": "#A16A3C",
    "fp32": FP32,
    "int8": INT8,
}
