"""What the exposition tells of each model: read once, not at each scrape."""

from collections.abc import Iterable

from edged.errors import EdgedError
from edged.exposition.snapshot import ModelFacts
from edged.inference.model import Model
from edged.inference.zoo import file_facts


def model_facts(models: Iterable[Model]) -> tuple[ModelFacts, ...]:
    """The models with size and checksum of their files; a file that cannot be read has neither."""
    facts = []
    for model in models:
        try:
            facts.append(ModelFacts(model, file_facts(model.path)))
        except EdgedError:
            facts.append(ModelFacts(model, None))
    return tuple(facts)
