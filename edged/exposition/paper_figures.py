"""The paper's figures, beside this board's own."""

from collections.abc import Iterator

from prometheus_client.metrics_core import Metric

from edged import paper
from edged.exposition.case_account import CASE_LABELS, CaseLabels
from edged.exposition.family import Family
from edged.exposition.snapshot import Snapshot
from edged.exposition.subject import Subject
from edged.inference.zoo import HOSTED_PRECISIONS, mobilenet_name

FPS = Family(
    "edged_paper_frames_per_second",
    "gauge",
    CASE_LABELS,
    "Frames per second of the case in Table II of Inference on the Edge (Peluso et al., SNAMS 2019), "
    "on an Exynos 5422.",
)


def _collect(snapshot: Snapshot) -> Iterator[Metric]:
    yield from FPS.of((case.labels, paper_frames_per_second(case.labels)) for case in snapshot.cases)


def paper_frames_per_second(labels: CaseLabels) -> float | None:
    """What Table II says of the case; None for anything that the paper did not measure."""
    name, alpha, precision, cpu_cluster = labels
    # Another model may have an alpha and a precision too.
    if precision not in HOSTED_PRECISIONS or name != mobilenet_name(alpha, precision):
        return None
    return paper.frames_per_second(alpha, precision, cpu_cluster)


PAPER_FIGURES = Subject(
    "paper", (FPS,), _collect, lambda snapshot: tuple(case.labels for case in snapshot.cases)
)
