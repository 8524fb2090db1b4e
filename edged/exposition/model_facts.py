"""What the exposition tells of each model: read when its file has changed, not at each scrape."""

from collections.abc import Iterable

from edged.errors import EdgedError
from edged.exposition.snapshot import ModelFacts
from edged.file_stamp import Stamp, file_stamp
from edged.inference.model import Model
from edged.inference.zoo import file_facts


def model_facts(models: Iterable[Model]) -> tuple[ModelFacts, ...]:
    """The models with size and checksum of their files; a file that cannot be read has neither."""
    return tuple(map(_facts, models))


class KnownModels:
    """The facts of the models that are measured. One thread changes them, any thread reads `facts`.

    Args:
        models: Those to begin with.
    """

    def __init__(self, models: Iterable[Model]) -> None:
        """Read all files."""
        self._stamps: dict[Model, Stamp] = {}
        self.facts: tuple[ModelFacts, ...] = ()
        self.take(models)

    def take(self, models: Iterable[Model]) -> None:
        """These are the models from now on."""
        known = {each.model: each for each in self.facts}
        facts = []
        for model in models:
            stamp = file_stamp(model.path)
            same = model in known and self._stamps.get(model) == stamp
            facts.append(known[model] if same else _facts(model))
            self._stamps[model] = stamp
        self.facts = tuple(facts)

    def look_again(self, model: Model) -> None:
        """Read the model's file if it has been replaced, has gone or has come since the last look."""
        stamp = file_stamp(model.path)
        if self._stamps.get(model) != stamp:
            self._stamps[model] = stamp
            self.facts = tuple(_facts(model) if each.model == model else each for each in self.facts)


def _facts(model: Model) -> ModelFacts:
    try:
        return ModelFacts(model, file_facts(model.path))
    except EdgedError:
        return ModelFacts(model, None)
