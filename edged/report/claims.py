"""What the paper claims, each claim as a question that a set of results can answer.

```
 Table II, rounded ──┐
                     ├─▶ claim.judge() ─▶ holds / holds in part / does not hold / not certain / not measured
 this board, U95 ────┘
```

The same code judges the paper's own table and a board's results: a slip of the paper is found, not asserted.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from edged.measurement.result import Uncertain
from edged.report.arithmetic import difference

# Our reading of a figure that a measurement bears out.
_WELL_KNOWN = 0.05

CaseKey = tuple[str, str, str]
"""Alpha, precision, CPU cluster."""
ModelKey = tuple[str, str]
"""Alpha, precision."""


class Status(StrEnum):
    """What becomes of a claim."""

    HOLDS = "holds"
    IN_PART = "holds in part"
    FAILS = "does not hold"
    UNCERTAIN = "not certain"
    UNKNOWN = "not measured"


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one claim.

    Attributes:
        status: What becomes of it.
        figures: The figures that say so, for people.
    """

    status: Status
    figures: str


@dataclass(frozen=True, slots=True)
class Results:
    """What claims are judged by.

    Attributes:
        latency_s: Mean latency of the cases that were measured, in seconds.
        top1_ratio: Top-1 accuracy of the models, 0 to 1.
        size_bytes: Size of the models' files, in bytes.
    """

    latency_s: Mapping[CaseKey, Uncertain]
    top1_ratio: Mapping[ModelKey, float]
    size_bytes: Mapping[ModelKey, float]


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of the paper.

    Attributes:
        id: Short name, such as "L9".
        text: What is claimed, for people.
        judge: Answers it; raises KeyError where a result that it takes is missing.
    """

    id: str
    text: str
    judge: Callable[[Results], Finding]

    def finding(self, results: Results) -> Finding:
        """What becomes of the claim with these results."""
        try:
            return self.judge(results)
        except KeyError:
            return Finding(Status.UNKNOWN, "")


def printed(value: Uncertain, figure: str, unit: str = "") -> Finding:
    """Whether a figure, as it is printed, can be the value: within U95 and the rounding of its last digit.

    What is known no better than within a twentieth of the figure bears nothing out: that is not certain.

    Args:
        value: What was found.
        figure: The figure as printed, such as "10.55".
        unit: Follows the value in words, such as " MB".
    """
    digits = len(figure.partition(".")[2])
    rounding = 0.5 * 10.0**-digits
    # Binary fractions: 4.85 - 4.8 is a bit more than 0.05.
    possible = abs(value.value - float(figure)) <= value.u95 + rounding + 1e-9
    known = value.u95 <= _WELL_KNOWN * abs(float(figure))
    status = (Status.HOLDS if known else Status.UNCERTAIN) if possible else Status.FAILS
    return Finding(status, f"{said(value, digits + 1)}{unit}, printed {figure}{unit}")


def ordered(values: Sequence[Uncertain], figures: str) -> Finding:
    """Whether each value is smaller than the next one, and certainly so.

    Args:
        values: In the order that is claimed.
        figures: The values in words.
    """
    steps = [difference(after, before) for before, after in pairwise(values)]
    if all(step.value > step.u95 for step in steps):
        return Finding(Status.HOLDS, figures)
    if any(step.value < -step.u95 or step.value == step.u95 == 0.0 for step in steps):
        return Finding(Status.FAILS, figures)
    return Finding(Status.UNCERTAIN, figures)


def said(value: Uncertain, digits: int) -> str:
    """The value with its U95, where it has one that shows; with a question mark where that is not known."""
    text = f"{value.value:.{digits}f}"
    if not value.u95_known:
        return f"{text} ± ?"
    u95 = f"{value.u95:.{digits}f}"
    return f"{text} ± {u95}" if float(u95) else text
