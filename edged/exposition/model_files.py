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
SIZE = Family("edged_model_size_bytes", "gauge", _MODEL, "Size of the model file.")
TOP1 = Family(
    "edged_model_top1_accuracy_ratio",
    "gauge",
    (*_MODEL, "source"),
    'Share of images whose best guess is right. source is "published" for the published figure of the '
    'architecture, "measured" for a figure of this very file.',
)


def _collect(snapshot: Snapshot) -> Iterator[Metric]:
    models = [
        (facts.model, (facts.model.name, facts.model.alpha, facts.model.precision), facts.file)
        for facts in snapshot.models
    ]
    yield from INFO.of(((*labels, file.sha256, model.weights), 1) for model, labels, file in models if file)
    yield from SIZE.of((labels, file.size_bytes) for _, labels, file in models if file)
    yield from TOP1.of(
        ((*labels, model.accuracy.source), model.accuracy.top1_ratio)
        for model, labels, _ in models
        if model.accuracy
    )


MODEL_FILES = Subject("models", (INFO, SIZE, TOP1), _collect, lambda snapshot: (snapshot.models,))
