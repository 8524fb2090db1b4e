"""The published figures as results, so that the paper's claims can be judged by the paper's own figures."""

from edged import paper
from edged.measurement.result import Uncertain
from edged.report.claims import CaseKey, Results

# Table II has two decimals.
_ROUNDING_FPS = 0.005


def published_results() -> Results:
    """Table II, with accuracy and size of the models that it was measured with."""
    return Results(
        latency_s=table_ii_latency_s(),
        top1_ratio={(m.alpha, m.precision): m.top1_ratio for m in paper.PUBLISHED},
        size_bytes={(m.alpha, m.precision): m.file_bytes for m in paper.PUBLISHED},
    )


def paper_results() -> Results:
    """Table II, with accuracy and size as the paper used them: alpha 1.0 INT8 has those of MobileNet v2."""
    return Results(
        latency_s=table_ii_latency_s(),
        top1_ratio={(m.alpha, m.precision): m.paper_top1_ratio for m in paper.PUBLISHED},
        size_bytes={(m.alpha, m.precision): m.paper_size_mb * 1e6 for m in paper.PUBLISHED},
    )


def table_ii_latency_s() -> dict[CaseKey, Uncertain]:
    """Latencies of Table II in seconds; U95 is what rounding to two decimals of FPS leaves open."""
    return {key: Uncertain(1.0 / fps, _ROUNDING_FPS / fps**2) for key, fps in paper.TABLE_II.items()}
