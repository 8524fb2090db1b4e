"""The models that are measured."""

from collections.abc import Iterator

from prometheus_client.metrics_core import Metric

from edged.exposition.family import Family
from edged.exposition.snapshot import Snapshot
from edged.exposition.subject import Subject

_MODEL = ("model", "alpha", "precision")

INFO = Family(
    "edged_model_info",
    "info",
    (*_MODEL, "sha256", "weights"),
    'A model file. weights is "trained", or "random" for a model that was built here to be timed.',
)
SIZE = Family(
    "edged_model_size_bytes",
    "gauge",
    _MODEL,
    "Size of the model file; of a paper's model whose file is not there, the published size.",
)
TOP1 = Family(
    "edged_model_top1_accuracy_ratio",
    "gauge",
    (*_MODEL, "source"),
    'Share of images whose best guess is right. source is "published" for the published figure of the '
    'architecture, "measured" for a figure of this very file.',
)


def _collect(snapshot: Snapshot) -> Iterator[Metric]:
    models = [
        (facts, (facts.model.name, facts.model.alpha, facts.model.precision)) for facts in snapshot.models
    ]
    yield from INFO.of(
        ((*labels, facts.file.sha256, facts.model.weights), 1) for facts, labels in models if facts.file
    )
    yield from SIZE.of((labels, size) for facts, labels in models if (size := facts.size_bytes) is not None)
    yield from TOP1.of(
        ((*labels, accuracy.source), accuracy.top1_ratio)
        for facts, labels in models
        if (accuracy := facts.model.accuracy)
    )


MODEL_FILES = Subject("models", (INFO, SIZE, TOP1), _collect, lambda snapshot: (snapshot.models,))
